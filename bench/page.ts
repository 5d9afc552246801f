/**
 * `npm run maintain -- bench-page`: the frames per second of the page while each example trains, in all installed
 * browsers. It measures the time between calls of requestAnimationFrame, for at most five seconds of a training.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { findBrowser, type Kind, openBrowser } from "../test/support/browser.js";
import { serve } from "../test/support/serve.js";

const SECONDS = 5;
const VIEWS = ["moons", "houses", "scenes", "faces"];

const out = mkdtempSync(join(tmpdir(), "page-"));
await build({ configFile: "site/vite.config.ts", build: { outDir: out }, logLevel: "error" });
const server = await serve(out);

/** Milliseconds between frames while a view trains, sorted. */
async function intervals(browser: Awaited<ReturnType<typeof openBrowser>>, view: string): Promise<number[]> {
  const { page, close } = await browser.visit(`${server.url}#${view}`);
  await page.waitForSelector('.bench[data-state="ready"]');
  await page.click("button.run");
  await page.waitForSelector('.bench[data-state="running"]');
  // Functions here have no names: for names, tsx adds calls of a function that does not exist in the page.
  const times = await page.evaluate(async (limit) => {
    const found: number[] = [];
    const start = performance.now();
    let last = start;
    while (document.querySelector('.bench[data-state="running"]') !== null && last - start < limit) {
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      found.push(now - last);
      last = now;
    }
    return found;
  }, 1000 * SECONDS);
  await close();
  return times.sort((a, b) => a - b);
}

console.log("browser  view     frames a second   ms between frames: median   95 of 100 below   longest");
for (const kind of ["chrome", "firefox"] satisfies Kind[]) {
  const path = findBrowser(kind);
  if (path === undefined) {
    console.log(`${kind} is not installed`);
    continue;
  }
  const browser = await openBrowser(kind, path);
  for (const view of VIEWS) {
    const times = await intervals(browser, view);
    const at = (part: number): string => times[Math.min(times.length - 1, Math.floor(part * times.length))]!.toFixed(1);
    const rate = (1000 * times.length) / times.reduce((a, b) => a + b, 0);
    console.log(
      [
        kind.padEnd(8),
        view.padEnd(8),
        rate.toFixed(1).padStart(15),
        at(0.5).padStart(29),
        at(0.95).padStart(17),
        at(1).padStart(9),
      ].join(" "),
    );
  }
  await browser.close();
}
await server.close();
rmSync(out, { recursive: true });
