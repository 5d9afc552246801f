/** Real browsers for tests: Chromium through the DevTools protocol, Firefox through WebDriver BiDi. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";

export type Kind = "chrome" | "firefox";

const PATHS: Record<Kind, readonly string[]> = {
  chrome: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
  firefox: ["/usr/bin/firefox-esr", "/usr/bin/firefox"],
};

/** Options for a browser without requests of its own, and without a sandbox, which containers lack. */
const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The path of an installed browser: SIMDGRAD_CHROME or SIMDGRAD_FIREFOX first, then the usual places. */
export function findBrowser(kind: Kind): string | undefined {
  const named = process.env[`SIMDGRAD_${kind.toUpperCase()}`];
  if (named !== undefined && named !== "") return named;
  return PATHS[kind].find((path) => existsSync(path));
}

/** A page and its problems. */
export type Visit = {
  page: Page;
  /** Errors on the console, exceptions, failed requests, requests to other hosts. */
  complaints: string[];
  /** Waits for a file that the page saves. Returns its content and removes it. */
  downloaded(name: string): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
};

/** Starts a browser. Returns the functions that open pages in it and close it. */
export async function openBrowser(
  kind: Kind,
  executablePath: string,
): Promise<{ visit(url: string): Promise<Visit>; close(): Promise<void> }> {
  const browser = await puppeteer.launch({
    browser: kind,
    executablePath,
    headless: true,
    protocolTimeout: 120_000,
    args: kind === "chrome" ? CHROMIUM_ARGS : [],
  });
  return { visit: (url) => visit(browser, url), close: () => browser.close() };
}

async function visit(browser: Browser, url: string): Promise<Visit> {
  const downloads = mkdtempSync(join(tmpdir(), "downloads-"));
  const context = await browser.createBrowserContext({
    downloadBehavior: { policy: "allow", downloadPath: downloads },
  });
  const page = await context.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  const complaints = listen(page, new URL(url).origin);
  await page.goto(url);
  return {
    page,
    complaints,
    downloaded: (name) => take(join(downloads, name)),
    async close() {
      await context.close();
      rmSync(downloads, { recursive: true });
    },
  };
}

function listen(page: Page, origin: string): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warn"].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`exception: ${String(error)}`));
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (protocol !== "data:" && protocol !== "blob:" && asked !== origin)
      complaints.push(`another host: ${request.url()}`);
  });
  return complaints;
}

/** Waits until a file is complete: browsers write it under another name first, or part by part. */
async function take(path: string): Promise<Uint8Array<ArrayBuffer>> {
  let size = -1;
  for (let i = 0; i < 300; i++) {
    const bytes = existsSync(path) ? readFileSync(path) : undefined;
    if (bytes !== undefined && bytes.length > 0 && bytes.length === size) {
      rmSync(path);
      return new Uint8Array(bytes);
    }
    size = bytes?.length ?? -1;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no download ${path}; there is: ${readdirSync(join(path, "..")).join(", ")}`);
}
