import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { BARS, judge } from "../../bench/document/bars.js";
import type { CaseResult, Results } from "../../bench/results.js";

/** That the benchmarks run and say what they measured; no test looks at a time. */
const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "simdgrad-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function measured(script: string, ...args: string[]): Results {
  const json = join(folder, "results.json");
  rmSync(json, { force: true });
  const flags = ["--import", "tsx", "-C", "simdgrad-source", join(root, script), "--json", json, ...args];
  execFileSync(process.execPath, flags, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  return JSON.parse(readFileSync(json, "utf8")) as Results;
}

describe("bench", () => {
  it("measures what the filter leaves, beside the machine's limit", () => {
    const { cases, limit } = measured("bench/main.ts", "--filter", "gemm f32 32×32×32");
    expect(cases.map(({ name }) => name)).toEqual(["f32 32×32×32 A·B"]);
    expect(cases[0]!.fraction).toBeGreaterThan(0);
    expect(limit!.float32).toBeGreaterThan(0);
  });

  it("measures side by side, in processes that it asks", () => {
    const args = ["--only", "nobody", "--seconds", "0.1", "--filter", "reused 32×32×32"];
    const { cases } = measured("bench/compare/main.ts", ...args);
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
