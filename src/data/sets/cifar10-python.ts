import { FileError } from "../../base/errors.js";
import { readPickle } from "../../formats/pickle/read-pickle.js";
import { type Batch, checkLabels, PIXELS } from "./cifar10-format.js";
import { NumpyArray, numpyTable, textOf } from "./numpy-pickle.js";

/**
 * Reads a file of the Python version: a pickled dict with an array [n, 3072] and a list of n labels. No other objects
 * are built.
 */
export function readPythonBatch(op: string, name: string, bytes: Uint8Array): Batch {
  const { value } = readPickle(op, name, bytes, numpyTable(op, name));
  const entries: [unknown, unknown][] = value instanceof Map ? [...value] : [];
  const dict = new Map(entries.map(([key, item]) => [textOf(key), item]));
  const [labels, data] = [dict.get("labels"), dict.get("data")];
  if (!Array.isArray(labels) || !(data instanceof NumpyArray)) {
    const got = value instanceof Map ? `a dict of ${[...dict.keys()].join(", ")}` : "something else";
    throw new FileError(op, `expected a dict with a list of labels and an array of data in ${name}, got ${got}`);
  }
  const [count, pixels] = data.shape;
  if (data.dtype !== "u1" || data.fortran || pixels !== PIXELS || count !== labels.length) {
    const got = `${data.fortran ? "columns of " : ""}${data.dtype} [${data.shape.map(textOf).join(", ")}]`;
    throw new FileError(op, `expected data of u1 [${labels.length}, ${PIXELS}], by the labels, in ${name}, got ${got}`);
  }
  if (data.bytes.length !== labels.length * PIXELS) {
    const expected = `${labels.length * PIXELS} bytes of data`;
    throw new FileError(op, `expected ${expected} in ${name}, got ${data.bytes.length}`, "Get the file again");
  }
  checkLabels(op, name, labels);
  return { name, labels: Uint8Array.from(labels), data: data.bytes };
}
