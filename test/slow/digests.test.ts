import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const recorded: unknown = JSON.parse(readFileSync(new URL("../golden/digests.json", import.meta.url), "utf8"));

/** Runs scripts/digest.ts in a process of its own. */
function digests(node: string): unknown {
  return JSON.parse(execFileSync(node, ["--import", "tsx", "scripts/digest.ts"], { encoding: "utf8" }));
}

/** Further Node binaries to compare, `SIMDGRAD_NODES=path:path`. */
const others = (process.env.SIMDGRAD_NODES ?? "").split(":").filter((path) => path !== "");
if (others.length === 0) console.log("SIMDGRAD_NODES is not set: digests are compared on this Node only");

describe("the bits of trained weights", () => {
  it("are the recorded ones, twice, in fresh processes", () => {
    expect(digests(process.execPath)).toEqual(recorded);
    expect(digests(process.execPath)).toEqual(recorded);
  });

  for (const node of others) {
    it(`are the recorded ones on ${execFileSync(node, ["--version"], { encoding: "utf8" }).trim()}`, () => {
      expect(digests(node)).toEqual(recorded);
    });
  }
});
