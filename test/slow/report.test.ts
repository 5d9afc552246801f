import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { html, tableOf } from "../../examples/report/html.js";
import { temporaryFolder } from "../support/files.js";
import { runProgram } from "../support/processes.js";

const folder = temporaryFolder();
const path = join(folder, "deep", "index.html");
let page = "";
let said = "";

beforeAll(async () => {
  said = (await runProgram("examples/main.ts", ["1", "2", "--report", path])).stdout;
  page = readFileSync(path, "utf8");
});

/** The SVGs in the page, decoded. */
const pictures = (): string[] =>
  [...page.matchAll(/data:image\/svg\+xml,([^"\s]+)/g)].map((match) => decodeURIComponent(match[1]!));

describe("the report", () => {
  it("is where it was asked for, and the run says where", () => {
    expect(said).toContain(`the report, with pictures: ${path}`);
    expect(page.startsWith("<!doctype html>")).toBe(true);
  });

  it("needs no other file, no script and no host", () => {
    const all = [page.replace(/data:[^"\s]*/g, ""), ...pictures()].join("\n");
    expect(all.match(/<script|<link rel="stylesheet"|@import|url\((?!#|"#|'#)/g)).toBeNull();
    const sources = [...page.matchAll(/\b(?:src|srcset|href)="([^"]*)"/g)].map((match) => match[1]!);
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.filter((source) => !/^(?:data:|#)/.test(source))).toEqual([]);
    for (const svg of pictures()) {
      expect(svg.slice(0, 300)).toMatch(/^(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE[^>]*>\s*)?(?:<!--[^>]*-->\s*)*<svg\b/);
      expect(svg.match(/(?:href|src)="(?!#|data:)[^"]*/g)).toBeNull();
    }
  });

  it("has a section for each example that ran, and no other", () => {
    const sections = [...page.matchAll(/<section id="(\w+)"/g)].map((match) => match[1]);
    expect(sections).toEqual(["moons", "houses"]);
    for (const id of sections) expect(page.includes(`<a href="#${id}">`)).toBe(true);
  });

  it("shows the numbers of PyTorch and of the tutorial beside those of the run", () => {
    expect(/<th scope="row">stopped in epoch<\/th>\s*<td>102<\/td>\s*<td>102<\/td>/.test(page)).toBe(true);
    expect(/weight -0\.0408, bias 8\.1321/.test(page)).toBe(true);
    expect(/-0\.0408x \+ 8\.1321/.test(page)).toBe(true);
  });

  it("describes every picture, and follows the colour scheme", () => {
    const images = [...page.matchAll(/<img\b[^>]*>/g)].map(([tag]) => tag);
    expect(images.length).toBeGreaterThan(10);
    expect(images.filter((tag) => !/ alt="[^"]{8,}"/.test(tag))).toEqual([]);
    expect(pictures().filter((svg) => !svg.includes("prefers-color-scheme:dark")).length).toBe(0);
  });

  it("draws a loss chart, points of both classes, and graphs with the network's own names", () => {
    const texts = pictures().join("\n");
    const expected = ["Binary cross-entropy", "first moon", "lin1", "BentIdentity", "softExponential.alpha"];
    expect(expected.filter((text) => !texts.includes(text))).toEqual([]);
  });
});

describe("pieces of a page", () => {
  it("escape text, and only once", () => {
    const inner = html`<b>${'a < b & "c"'}</b>`;
    expect(html`<p>${inner}${[inner, inner]}</p>`.text).toBe(`<p>${inner.text}${inner.text}\n${inner.text}</p>`);
    expect(inner.text).toBe("<b>a &lt; b &amp; &quot;c&quot;</b>");
    expect(
      tableOf("x > y", [
        ["", "<i>"],
        ["r", 1],
      ]).text,
    ).toMatch(/x &gt; y[\s\S]*&lt;i&gt;[\s\S]*<td>1<\/td>/);
  });
});
