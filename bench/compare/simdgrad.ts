/** simdgrad as a contender. SIMDGRAD_THREADS and SIMDGRAD_RELAXED choose its optional parts. */
import { readFileSync } from "node:fs";
import * as simdgrad from "simdgrad";
import { jobOf } from "../work/simdgrad.js";
import { Unsupported } from "../work/work.js";
import { serve } from "./contender.js";

const threads = Number(process.env.SIMDGRAD_THREADS ?? 1);
const relaxed = process.env.SIMDGRAD_RELAXED === "1";

/** The reason why this build cannot do the work; undefined if it can. */
async function prepare(): Promise<string | undefined> {
  if (relaxed) {
    const entry: string = "simdgrad/relaxed";
    try {
      ((await import(entry)) as { useRelaxedSimd(): void }).useRelaxedSimd();
    } catch (error) {
      return `no relaxed SIMD: ${error instanceof Error ? error.message : error}`;
    }
  }
  if (threads > 1) {
    const { setNumThreads } = simdgrad as { setNumThreads?: (n: number) => Promise<void> };
    if (setNumThreads === undefined) return "this build has no threads";
    await setNumThreads(threads);
  }
  return undefined;
}

const missing = await prepare();
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};
await serve(
  (work) => {
    if (missing !== undefined) throw new Unsupported(missing);
    return jobOf(work);
  },
  { simdgrad: version, Node: process.version },
);
process.exit();
