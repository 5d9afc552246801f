import { ValueError } from "../../base/errors.js";
import { shown } from "../../base/signature.js";
import type { Tensor } from "../../methods.js";

/** The type of a batch of samples T, as {@link defaultCollate} makes it. */
export type Collated<T> = T extends Tensor | number | boolean | ArrayBufferView
  ? Tensor
  : T extends string
    ? string[]
    : { [K in keyof T]: Collated<T[K]> };

/**
 * A data set whose samples have indices, PyTorch's map style: `length` is `__len__`, and `get` is `__getitem__`. A
 * plain array can take its place.
 *
 * @see https://pytorch.org/docs/stable/data.html#map-style-datasets
 * @example
 * ```ts
 * import { DataLoader, type Dataset } from "simdgrad/data";
 * import { tensor, type Tensor } from "simdgrad";
 * const squares: Dataset<[x: Tensor, parity: number]> = {
 *   length: 10,
 *   get: (i) => [tensor([i, i * i]), i % 2],
 * };
 * for (const [x, parity] of new DataLoader(squares, { batchSize: 5 })) {
 *   x.shape; // [5, 2]
 *   parity.dtype; // "int32"
 * }
 * ```
 */
export interface Dataset<T> {
  /** The number of samples. */
  readonly length: number;
  /** One sample, or a promise of one (then the loader needs `for await`). */
  get(index: number): T | Promise<T>;
  /**
   * A whole batch at once (PyTorch's `__getitems__`), for data sets that make it faster than sample by sample. It has
   * the numbers that collating the samples would give, in new tensors. A loader with a `collate` of its own does not
   * call it.
   */
  getBatch?: ((indices: readonly number[]) => Collated<T> | Promise<Collated<T>>) | undefined;
  /**
   * Lets a data set read ahead. A `for await` loop passes the indices of every batch here before it gets the samples:
   * of the next batch, before its body works on the last one. Read bytes here, and make tensors in {@link get}.
   */
  prefetch?: ((indices: readonly number[]) => void) | undefined;
}

/** A data set whose samples come one after the other, without indices: anything for `for` or `for await`. */
export type IterableDataset<T> = Iterable<T> | AsyncIterable<T>;

/** Samples by index: a {@link Dataset} or a plain array. */
export type MapDataset<T> = Dataset<T> | readonly T[];

/** Whether a value is a promise of any kind: it has a `then`. */
export function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** Whether the samples have indices. Throws for a value that is neither a map-style data set nor an iterable. */
export function isMapStyle<T>(op: string, dataset: MapDataset<T> | IterableDataset<T>): dataset is MapDataset<T> {
  if (Array.isArray(dataset)) return true;
  if (typeof dataset === "object" && dataset !== null) {
    if ("get" in dataset && "length" in dataset && typeof dataset.get === "function") return true;
    if (Symbol.iterator in dataset || Symbol.asyncIterator in dataset) return false;
  }
  const got = typeof dataset === "object" && dataset !== null ? "an object without these" : shown(dataset);
  throw new ValueError(op, `expected a data set (length and get(index), an array, or an iterable), got ${got}`);
}

/** A map-style data set as an object with `get`; an array's `get` checks its indices. */
export function mapStyle<T>(op: string, dataset: MapDataset<T>): Dataset<T> {
  if (isMapStyle<T>(op, dataset)) return "get" in dataset ? dataset : arrayDataset(op, dataset);
  throw new ValueError(op, "expected a data set with length and get(index), got an iterable");
}

function arrayDataset<T>(op: string, samples: readonly T[]): Dataset<T> {
  const get = (index: number): T => {
    checkSampleIndex(op, index, samples.length);
    return samples[index]!;
  };
  return {
    get length() {
      return samples.length;
    },
    get,
  };
}

/** Throws unless `index` is an integer in [0, length). */
export function checkSampleIndex(op: string, index: number, length: number): void {
  if (Number.isInteger(index) && index >= 0 && index < length) return;
  const range = length === 0 ? "an empty data set to be asked for nothing" : `an index in [0, ${length - 1}]`;
  throw new ValueError(op, `expected ${range}, got ${shown(index)}`);
}
