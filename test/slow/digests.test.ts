import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { goldenJson } from "../support/files.js";
import { furtherNodes, runProgram } from "../support/processes.js";

const recorded: unknown = goldenJson("digests.json");

/** Runs scripts/digest.ts in a process of its own. */
async function digests(node: string): Promise<unknown> {
  return JSON.parse((await runProgram("scripts/digest.ts", [], { node, library: "dist" })).stdout);
}

if (furtherNodes.length === 0) console.log("SIMDGRAD_NODES is not set: digests are compared on this Node only");

describe("the bits of trained weights", () => {
  it("are the recorded ones, twice, in fresh processes", async () => {
    expect(await digests(process.execPath)).toEqual(recorded);
    expect(await digests(process.execPath)).toEqual(recorded);
  });

  for (const node of furtherNodes) {
    it(`are the recorded ones on ${execFileSync(node, ["--version"], { encoding: "utf8" }).trim()}`, async () => {
      expect(await digests(node)).toEqual(recorded);
    });
  }
});
