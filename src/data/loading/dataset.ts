import { ValueError } from "../../base/errors.js";
import type { Tensor } from "../../methods.js";

/** What a batch of samples becomes: see {@link defaultCollate}. */
export type Collated<T> = T extends Tensor | number | boolean | ArrayBufferView
  ? Tensor
  : T extends string
    ? string[]
    : { [K in keyof T]: Collated<T[K]> };

/**
 * A data set whose samples have numbers: PyTorch's map style, `length` for `__len__` and `get` for `__getitem__`. Plain
 * arrays serve too.
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
  /** How many samples there are. */
  readonly length: number;
  /** One sample, or a promise of one (the loader is for `for await` then). */
  get(index: number): T | Promise<T>;
  /**
   * A whole batch at once, as collating its samples one by one would give it, for data sets that can do it faster
   * (PyTorch's `__getitems__`). Its tensors are new ones. The loader asks for it unless it is given a `collate`.
   */
  getBatch?: ((indices: readonly number[]) => Collated<T> | Promise<Collated<T>>) | undefined;
  /**
   * Lets a data set read ahead: `for await` names the samples of every batch here before it gets them; those of the next
   * batch while the body of the loop works on the last. Bytes may be read ahead; tensors are for {@link get}.
   */
  prefetch?: ((indices: readonly number[]) => void) | undefined;
}

/** A data set that only gives one sample after the other: a generator, a stream, anything for `for` or `for await`. */
export type IterableDataset<T> = Iterable<T> | AsyncIterable<T>;

/** Samples by number: a {@link Dataset} or a plain array. */
export type MapDataset<T> = Dataset<T> | readonly T[];

/** Whether a value is a promise, of any make. */
export function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** Whether samples have numbers; what is neither this nor iterable is refused. */
export function isMapStyle<T>(op: string, dataset: MapDataset<T> | IterableDataset<T>): dataset is MapDataset<T> {
  if (Array.isArray(dataset)) return true;
  if (typeof dataset === "object" && dataset !== null) {
    if ("get" in dataset && "length" in dataset && typeof dataset.get === "function") return true;
    if (Symbol.iterator in dataset || Symbol.asyncIterator in dataset) return false;
  }
  const got = typeof dataset === "object" && dataset !== null ? "an object without these" : String(dataset);
  throw new ValueError(op, `expected a data set (length and get(index), an array, or an iterable), got ${got}`);
}

/** A data set as an object with `get`, whose indices are checked. */
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

/** Refuses what is no index of a data set of `length` samples. */
export function checkSampleIndex(op: string, index: number, length: number): void {
  if (Number.isInteger(index) && index >= 0 && index < length) return;
  const range = length === 0 ? "an empty data set to be asked for nothing" : `an index in [0, ${length - 1}]`;
  throw new ValueError(op, `expected ${range}, got ${index}`);
}
