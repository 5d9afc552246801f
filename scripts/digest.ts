/**
 * Trains examples 1 and 2 and prints a SHA-256 of the final weights of each, as JSON. The same on every engine, every
 * processor and every run: test/digests.test.ts compares it with the recorded ones.
 */
import { createHash } from "node:crypto";
import { main as binary } from "../examples/01-binary.js";
import { main as regression } from "../examples/02-regression.js";

const silent = (): void => {};
const digest = (values: number[]): string =>
  createHash("sha256")
    .update(new Uint8Array(new Float64Array(values).buffer))
    .digest("hex");
const flat = (weights: Record<string, number[]>): number[] => Object.values(weights).flat();

const { final, testPred } = binary({ log: silent });
const digests: Record<string, string> = { moons: digest([...flat(final), ...testPred]) };
for (const [name, result] of Object.entries(regression({ log: silent }))) {
  digests[`house.${name}`] = digest([...flat(result.final), ...result.loss]);
}
console.log(JSON.stringify(digests, null, 2));
