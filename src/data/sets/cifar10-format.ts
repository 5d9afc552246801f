import { FileError } from "../../base/errors.js";

/** CIFAR-10's classes, by number. */
export const CLASSES = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
] as const;

/** Bytes of an image: three planes of 32 × 32. */
export const PIXELS = 3 * 32 * 32;
const RECORD = 1 + PIXELS;

/** The images of a file: labels [n] and bytes [n, 3, 32, 32]. */
export type Batch = { name: string; labels: Uint8Array; data: Uint8Array };

/** Reads a file of the binary version: for each image a byte with its label, then its bytes [3, 32, 32]. */
export function readBinaryBatch(op: string, name: string, bytes: Uint8Array): Batch {
  const count = bytes.length / RECORD;
  if (!Number.isInteger(count) || count === 0) {
    const expected = `a whole number of records of ${RECORD} bytes (10000 make ${10000 * RECORD})`;
    throw new FileError(op, `expected ${expected} in ${name}, got ${bytes.length} bytes`, "Get the file again");
  }
  const labels = new Uint8Array(count);
  const data = new Uint8Array(count * PIXELS);
  for (let i = 0, from = 0; i < count; i++, from += RECORD) {
    labels[i] = bytes[from]!;
    data.set(bytes.subarray(from + 1, from + RECORD), i * PIXELS);
  }
  checkLabels(op, name, labels);
  return { name, labels, data };
}

export function checkLabels(op: string, name: string, labels: ArrayLike<unknown>): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (typeof label === "number" && Number.isInteger(label) && label >= 0 && label < CLASSES.length) continue;
    const got = typeof label === "number" ? label : typeof label;
    const problem = `expected labels from 0 to ${CLASSES.length - 1} in ${name}, got ${got} for image ${i}`;
    throw new FileError(op, problem, "Is this a file of CIFAR-10?");
  }
}

/** Puts batches one after the other. */
export function joinBatches(batches: readonly Batch[]): { data: Uint8Array; targets: Int32Array } {
  const count = batches.reduce((n, { labels }) => n + labels.length, 0);
  const data = new Uint8Array(count * PIXELS);
  const targets = new Int32Array(count);
  let at = 0;
  for (const batch of batches) {
    data.set(batch.data, at * PIXELS);
    targets.set(batch.labels, at);
    at += batch.labels.length;
  }
  return { data, targets };
}
