import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../support/files.js";

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith(".md")),
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name.replaceAll("\\", "/")}`),
].sort();
const text = (page: string): string => readFileSync(join(root, page), "utf8");
const scripts = Object.keys((JSON.parse(text("package.json")) as { scripts: Record<string, string> }).scripts);

/** Paths in backticks, from the root of the repository; those with a placeholder (`<theme>`, `…`) are left out. */
function paths(page: string): string[] {
  const found = text(page).matchAll(/`((?:src|test|assembly|docs|scripts|bench|site|examples)\/[^`\s]*)`/g);
  return [...found].map((match) => match[1]!).filter((path) => !/[<>…*{]/.test(path) && !path.startsWith("site/dist"));
}

/** Links to files of the repository, without their anchors. */
function links(page: string): string[] {
  const found = text(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g);
  return [...found].map((match) => join(dirname(page), match[1]!));
}

const missing = (list: readonly string[]): string[] => list.filter((path) => !existsSync(join(root, path)));

describe.each(pages)("%s", (page) => {
  it("names files that exist", () => {
    expect(missing(paths(page))).toEqual([]);
    expect(missing(links(page))).toEqual([]);
  });

  it("names scripts that exist", () => {
    const named = [...text(page).matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map((match) => match[1]!);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });
});
