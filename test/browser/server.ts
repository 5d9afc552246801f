/** One build of the page and one server for all browsers. The first request starts the build. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import type { TestProject } from "vitest/node";
import { serve } from "../support/serve.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The URL of the page. */
    page: string;
  }
}

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const out = mkdtempSync(join(tmpdir(), "simdgrad-page-"));
  let built: Promise<unknown> | undefined;
  const server = await serve(out, () => {
    built ??= build({ configFile: "site/vite.config.ts", build: { outDir: out }, logLevel: "error" });
    return built;
  });
  provide("page", server.url);
  return async () => {
    await server.close();
    rmSync(out, { recursive: true });
  };
}
