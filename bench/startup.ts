import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { type CaseResult, median } from "./results.js";

/**
 * A script up to its first result, the folder where Node finds its packages, and further files that a browser fetches.
 */
export type Program = { label: string; folder: string; code: string; files?: readonly string[] };

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The built package: `simdgrad` means dist/ here. */
export const OWN: Program = {
  label: "simdgrad",
  folder: here(".."),
  code: `import { tensor } from "simdgrad";
const product = tensor([[1, 2], [3, 4]]).matmul(tensor([[5], [6]])).toArray();
if (product[1][0] !== 39) throw new Error("wrong");`,
};
const EMPTY: Program = { label: "an empty script", folder: here(".."), code: "0;" };

/** The seconds of a whole process that runs a script. */
function wholeProcess({ label, folder, code }: Program): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], { cwd: folder });
  if (status !== 0) throw new Error(`${label}: ${stderr}`);
  return (performance.now() - start) / 1000;
}

/**
 * Seconds from the start of a process to its first result, programs in turn; `more` excludes those of an empty script.
 */
export function startUp(programs: readonly Program[], rounds = 15): CaseResult {
  const all = [EMPTY, ...programs];
  const times = all.map((): number[] => []);
  for (let round = -1; round < rounds; round++) {
    for (const [i, program] of all.entries()) {
      const time = wholeProcess(program);
      if (round >= 0) times[i]!.push(time); // the first round reads from disk
    }
  }
  const entries = all.map(({ label }, i) => ({
    label,
    seconds: median(times[i]!),
    more: median(times[i]!.map((time, round) => time - times[0]![round]!)),
    samples: rounds,
  }));
  return { group: "start-up", name: "import to first result, whole process", count: 1, unit: "row", entries };
}

const zipped = (bytes: Uint8Array): number => gzipSync(bytes, { level: 9 }).length;

/** Bytes of a browser bundle, minified by esbuild, plus the files that it loads, each after gzip -9. */
async function bytesOf({ folder, code, files = [] }: Program): Promise<number> {
  const bundle = await build({
    stdin: { contents: code, resolveDir: folder },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    external: [
      "node:*",
      "fs",
      "path",
      "os",
      "util",
      "crypto",
      "module",
      "worker_threads",
      "perf_hooks",
      "string_decoder",
    ],
    logLevel: "error",
  });
  return files.reduce((sum, file) => sum + zipped(readFileSync(file)), zipped(bundle.outputFiles[0]!.contents));
}

/** A program that keeps all exports, and the Wasm. */
const OWN_WHOLE: Program = { ...OWN, code: `export * from "simdgrad";` };

/** The bytes that a browser downloads. */
export async function downloads(programs: readonly Program[]): Promise<CaseResult> {
  const all = programs.map((program) => (program === OWN ? OWN_WHOLE : program));
  const entries = [];
  for (const program of all) entries.push({ label: program.label, bytes: await bytesOf(program) });
  return { group: "download", name: "core with Wasm, minified and gzipped", count: 1, unit: "B", entries };
}
