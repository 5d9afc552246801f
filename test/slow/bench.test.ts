import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BARS, judge } from "../../bench/document/bars.js";
import type { CaseResult, Results } from "../../bench/results.js";
import { temporaryFolder } from "../support/files.js";
import { runProgram } from "../support/processes.js";

/** The benchmarks run and print their measurements. No test checks a time. */
const folder = temporaryFolder();

async function measured(script: string, ...args: string[]): Promise<Results> {
  const json = join(folder, "results.json");
  rmSync(json, { force: true });
  await runProgram(script, ["--json", json, ...args]);
  return JSON.parse(readFileSync(json, "utf8")) as Results;
}

describe("bench", () => {
  it("measures what the filter leaves, beside the machine's limit", async () => {
    const { cases, limit } = await measured("bench/main.ts", "--filter", "gemm f32 32×32×32");
    expect(cases.map(({ name }) => name)).toEqual(["f32 32×32×32 A·B"]);
    expect(cases[0]!.fraction).toBeGreaterThan(0);
    expect(limit!.float32).toBeGreaterThan(0);
  });

  it("measures side by side, in processes that it asks", async () => {
    const args = ["--only", "nobody", "--seconds", "0.1", "--filter", "reused 32×32×32"];
    const { cases } = await measured("bench/compare/main.ts", ...args);
    expect(cases).toHaveLength(1);
    expect(cases[0]!.entries.map(({ label, ratio }) => [label, ratio])).toEqual([["simdgrad", 1]]);
  });

  it("judges the bars by the worst case, and says what was not measured", () => {
    const item = (name: string, ratio: number): CaseResult => ({
      group: "training steps",
      name,
      count: 1,
      unit: "row",
      entries: [
        { label: "simdgrad", seconds: 1, ratio: 1 },
        { label: "PyTorch", seconds: ratio, ratio },
      ],
    });
    const cases = [item("example 1, batch 640", 12), item("example 2, batch 12", 9)];
    const results = { date: "", machine: "", versions: {}, cases };
    const bar = BARS.find(({ work }) => work.startsWith("examples 1 and 2"))!;
    expect(judge(bar, results)).toEqual({ reached: "9.00 × to 12.0 ×", met: "1 of 2" });
    expect(judge(BARS[0]!, results)).toEqual({ reached: "not measured", met: "–" });
  });
});
