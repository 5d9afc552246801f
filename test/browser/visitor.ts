import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect } from "vitest";
import type { Visit } from "../support/browser.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The actions of a visitor, and what the page shows. */
export class Visitor {
  constructor(readonly visit: Visit) {}

  get page() {
    return this.visit.page;
  }

  async text(selector: string): Promise<string> {
    return this.page.$eval(selector, (element) => element.textContent ?? "");
  }

  async state(...wanted: string[]): Promise<void> {
    const selector = wanted.map((state) => `.bench[data-state="${state}"]`).join(", ");
    await this.page.waitForSelector(selector, { timeout: 100_000 });
  }

  async step(): Promise<number> {
    return Number((await this.text(".step")).replaceAll(",", ""));
  }

  async choose(name: string, label: string): Promise<void> {
    const value = await this.page.$$eval(
      `select[name="${name}"] option`,
      (options, wanted) => options.find((option) => option.textContent === wanted)?.value,
      label,
    );
    expect(value, `${name}: ${label}`).toBeDefined();
    await this.page.select(`select[name="${name}"]`, value!);
  }

  /** Waits until the page has compared the digest of a step. Returns the result of the comparison. */
  async compared(step: number): Promise<string> {
    const chips = ".chips li";
    await this.page.waitForFunction(
      (selector, start) => [...document.querySelectorAll(selector)].some((chip) => chip.textContent?.startsWith(start)),
      { timeout: 110_000 },
      chips,
      `step ${step} `,
    );
    const all = await this.page.$$eval(chips, (list) => list.map((chip) => chip.textContent ?? ""));
    return all.filter((text) => text.startsWith(`step ${step} `) || !text.endsWith(" equal")).join(", ");
  }

  /** Waits for the verdict on the weights of a step, and returns it. */
  async verdict(step: number): Promise<string> {
    await this.page.waitForFunction(
      (end) => document.querySelector(".verdict")?.textContent?.endsWith(end),
      { timeout: 20_000 },
      ` at step ${step}`,
    );
    return this.text(".verdict");
  }

  /** Drops files on the page as a user does. */
  async drop(files: Record<string, Uint8Array>): Promise<void> {
    const texts = Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")] as const);
    await this.page.evaluate((all) => {
      const data = new DataTransfer();
      for (const [name, text] of all) {
        data.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
      }
      document
        .querySelector(".drop")!
        .dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }, texts);
  }

  /** The serious problems that axe finds. */
  async barriers(): Promise<string[]> {
    await this.page.evaluate(axe);
    return this.page.evaluate(async () => {
      type Finding = { id: string; impact: string; nodes: { html: string }[] };
      const { axe: checker } = window as unknown as { axe: { run(): Promise<{ violations: Finding[] }> } };
      const { violations } = await checker.run();
      const bad = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
      return bad.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
    });
  }
}
