import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { root } from "../support/files.js";
import { furtherNodes, runProgram } from "../support/processes.js";
import type { Judged } from "../support/relaxed.main.js";

type Results = { float32: Judged[]; float64: Judged[]; step: Judged[] };

/** Runs test/support/relaxed.main.ts in its own process, because a process chooses its builds once. */
async function run<T>(node: string, way: string): Promise<T> {
  return JSON.parse((await runProgram("test/support/relaxed.main.ts", [way], { node })).stdout) as T;
}

const nodes = [process.execPath, ...furtherNodes];
const named = nodes.map((path) => [execFileSync(path, ["--version"], { encoding: "utf8" }).trim(), path] as const);
const isNew = ([version]: readonly [string, string]): boolean => Number.parseInt(version.slice(1), 10) >= 22;
const newer = named.filter(isNew);
const older = named.filter((node) => !isNew(node));
if (newer.length === 0) console.log("SIMDGRAD_NODES names no Node from 22 on: relaxed SIMD is not tested");

/** The largest error relative to the magnitude of the other result. */
function distance(results: readonly Judged[], others: readonly Judged[]): number {
  let most = 0;
  for (const [i, { values }] of results.entries()) {
    const { values: theirs, magnitudes } = others[i]!;
    expect(values.length).toBe(theirs.length);
    for (const [j, x] of values.entries()) {
      const error = Math.abs(x - theirs[j]!) / magnitudes[j]!;
      if (!(error <= most)) most = error; // also keeps NaN
    }
  }
  return most;
}

describe.each(newer)("useRelaxedSimd on %s", (_, node) => {
  it("computes products and gradients that differ by rounding alone", async () => {
    const ordinary = await run<Results>(node, "ordinary");
    const relaxed = await run<Results>(node, "relaxed");
    const bounds = { float32: 1e-6, float64: 1e-14, step: 1e-5 };
    for (const name of ["float32", "float64", "step"] as const) {
      const error = distance(relaxed[name], ordinary[name]);
      expect(error).toBeLessThan(bounds[name]);
      expect(error).toBeGreaterThan(0); // fused multiply-add rounds differently (x64 has it since 2013)
    }
  });

  it("gives the same bits on two threads", async () => {
    expect(await run(node, "threads")).toBe(true);
  });

  it.each(["late", "behind threads"])("refuses to come %s", async (way) => {
    expect(await run(node, way)).toBe(
      "SimdgradError: useRelaxedSimd: expected to be called before any kernel has run, got a call after a tensor was computed or threads were started. Make it the first call of the program",
    );
  });
});

describe.each(older)("useRelaxedSimd on %s", (_, node) => {
  it("says what is missing", async () => {
    expect(await run(node, "first")).toBe(
      "SimdgradError: useRelaxedSimd: expected an engine with relaxed SIMD, got one without. Node has it from version 22 on; without this call the same program runs on ordinary SIMD",
    );
  });
});

describe("the relaxed builds", () => {
  const built = (name: string): string => readFileSync(`${root}build/${name}.d.ts`, "utf8");

  it.each(["f32", "f64"])("export what the ordinary %s does", (type) => {
    expect(built(`relaxed.${type}`)).toEqual(built(type));
  });
});
