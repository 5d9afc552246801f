import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as simdgrad from "simdgrad";
import { Tensor } from "simdgrad";
import { describe, expect, it } from "vitest";
import { themes } from "../cases/themes.js";
import { digest } from "../support/digest.js";
import { root } from "../support/files.js";
import { runProgram } from "../support/processes.js";

/** Exports and methods that are no operations: they compute no elements. */
const NOT_OPERATIONS = new Set(
  [
    "constructor ndim strides ptr size isContiguous requiresGrad isLeaf grad item toTypedArray toArray toString toJSON",
    "data dim requiresGrad_ gradFn tolist dropGradient startGradient setData backward registerHook retainGrad keep free",
    "enableGrad isGradEnabled noGrad detectAnomaly defineFunction gradcheck gradgradcheck",
    "getNumThreads setNumThreads getDefaultDtype setDefaultDtype memory resetPeakMemory scope",
    "getRngState initialSeed manualSeed setRngState",
  ].flatMap((line) => line.split(" ")),
);

describe("all rows", () => {
  it("have names of their own", () => {
    const names = Object.values(themes).flatMap((rows) => rows.map(({ name }) => name));
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it("have a file of tests for their theme", () => {
    const files = readdirSync(join(root, "test/ops"));
    expect(files.sort()).toEqual(["all-rows", ...Object.keys(themes)].map((name) => `${name}.test.ts`).sort());
  });

  it("are there for every operation", () => {
    const covered = new Set(
      Object.values(themes).flatMap((rows) => rows.flatMap((row) => [row.name.split(",")[0]!, ...(row.covers ?? [])])),
    );
    const functions = (module: object): string[] =>
      Object.entries(module).flatMap(([name, value]) =>
        typeof value === "function" && /^[a-z]/.test(name) ? [name] : [],
      );
    const methods = Object.getOwnPropertyNames(Tensor.prototype);
    const operations = new Set([...functions(simdgrad), ...functions(simdgrad.F), ...methods]);
    const missing = [...operations].filter((name) => !covered.has(name) && !NOT_OPERATIONS.has(name));
    expect(missing).toEqual([]);
    expect([...NOT_OPERATIONS].filter((name) => !operations.has(name) || covered.has(name))).toEqual([]);
    // each name of a row is an export or a method
    expect([...covered].filter((name) => !operations.has(name))).toEqual([]);
  });

  it("give the bits of another process", async () => {
    const { stdout } = await runProgram("test/support/digest.main.ts");
    expect(stdout.trim()).toBe(digest());
  });
});
