/**
 * Trains the examples (3 for an epoch and 4 for a step, on drawn images) and prints a SHA-256 of each result, as JSON.
 * It is the same on every engine, every processor and in every run. test/slow/digests.test.ts compares it with
 * test/golden/digests.json.
 */
import { createHash } from "node:crypto";
import { main as binary } from "../examples/01-binary.js";
import { main as regression } from "../examples/02-regression.js";
import { main as singleLabel } from "../examples/03-single-label.js";
import { main as multiLabel } from "../examples/04-multi-label.js";

const silent = (): void => {};
const digest = (values: readonly number[]): string =>
  createHash("sha256")
    .update(new Uint8Array(new Float64Array(values).buffer))
    .digest("hex");
const flat = (weights: Record<string, number[]>): number[] => Object.values(weights).flat();

const { final, testPred } = binary({ log: silent });
const digests: Record<string, string> = { moons: digest([...flat(final), ...testPred]) };
for (const [name, result] of Object.entries(regression({ log: silent }))) {
  digests[`house.${name}`] = digest([...flat(result.final), ...result.loss]);
}
const { net, loss, logitsFirst4 } = await singleLabel({ epochs: 1, data: null, log: silent });
const weights = net.parameters().flatMap((p) => [...p.toTypedArray()]);
digests.scenes = digest([...weights, ...loss, ...logitsFirst4.flat()]);
const faces = await multiLabel({ steps: 1, data: null, log: silent });
digests.faces = digest([...faces.loss, ...Object.values(faces.attributes)]);
console.log(JSON.stringify(digests, null, 2));
