/** Trainings that are killed and then resumed. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { load } from "simdgrad/io";
import { describe, expect, it } from "vitest";
import { main as singleLabel } from "../../examples/03-single-label.js";
import { temporaryFolder } from "../support/files.js";
import { runAndKill, runProgram } from "../support/processes.js";
import { train } from "../support/train.js";

const folder = temporaryFolder();

describe("a training that stops and goes on", () => {
  it("and is killed at random moments", async () => {
    const file = join(folder, "killed.pth");
    let ended: string | null = null;
    let kills = 0;
    // kill after the first checkpoint, so that some kills happen during a write
    for (const after of [0, 7, 2, 13, 5, 1, 9, 3]) {
      ended = await runAndKill("test/support/train.main.ts", [file], { file, replaced: 1, after });
      if (ended !== null) break;
      kills++;
      const { extra } = (await load(file)) as { extra: number[] };
      expect(extra.length).toBeGreaterThan(0); // the checkpoint is always complete
    }
    ended ??= (await runProgram("test/support/train.main.ts", [file])).stdout;
    expect(kills).toBeGreaterThan(0);
    expect(JSON.parse(ended)).toEqual(await train("Adam"));
  });
});

describe("example 3", () => {
  it("killed at random moments and resumed, ends in the bits of a run that was not", async () => {
    const whole = join(folder, "whole.pth");
    await singleLabel({ data: null, epochs: 1, checkpoint: whole, log: () => {} });
    const runs = join(folder, "runs");
    const file = join(runs, "03-single-label", "checkpoint.pth");
    mkdirSync(join(runs, "03-single-label"), { recursive: true });
    const report = join(folder, "report.html");
    const args = ["3", "--epochs", "1", "--every", "50", "--resume", "--runs", runs, "--report", report];
    const options = { env: { ...process.env, SIMDGRAD_DATA: "" }, library: "dist" } as const;
    for (const [replaced, after] of [
      [2, 11],
      [9, 3],
      [5, 19],
    ] as const) {
      expect(await runAndKill("examples/main.ts", args, { file, replaced, after }, options)).toBeNull();
    }
    await runProgram("examples/main.ts", args, options);
    const [a, b] = await Promise.all([whole, file].map((path) => load(path)));
    const plain = (value: unknown): unknown =>
      JSON.stringify(value, (_, item) => (item?.toTypedArray ? [...item.toTypedArray()] : item));
    expect(plain(b)).toBe(plain(a));
  });
});
