import { ValueError } from "../../base/errors.js";
import { checkArguments } from "../../base/signature.js";
import { checkSampleIndex, type Dataset, type IterableDataset, type MapDataset, mapStyle } from "../loading/dataset.js";
import { datasetKind, iterableKind } from "../loading/loading-kinds.js";

/**
 * Data sets one after the other, as torch.utils.data.ConcatDataset.
 * @see https://pytorch.org/docs/stable/data.html#torch.utils.data.ConcatDataset
 * @example
 * ```ts
 * import { ConcatDataset } from "simdgrad/data";
 * new ConcatDataset([["a", "b"], ["c"]]).get(2); // "c"
 * ```
 */
export class ConcatDataset<T> implements Dataset<T> {
  readonly datasets: readonly Dataset<T>[];
  /** For each data set, the index after its last sample. */
  readonly cumulativeSizes: readonly number[];
  readonly length: number;

  constructor(...args: [datasets: Iterable<MapDataset<T>>]) {
    checkArguments("ConcatDataset", { datasets: iterableKind }, args);
    const [datasets] = args;
    this.datasets = [...datasets].map((dataset) => mapStyle("ConcatDataset", dataset));
    if (this.datasets.length === 0) throw new ValueError("ConcatDataset", "expected at least one data set, got none");
    let end = 0;
    this.cumulativeSizes = this.datasets.map(({ length }) => {
      end += length;
      return end;
    });
    this.length = end;
  }

  get(index: number): T | Promise<T> {
    const [part, at] = this.place("get", index);
    return this.datasets[part]!.get(at);
  }

  prefetch(indices: readonly number[]): void {
    const places = indices.map((index) => this.place("prefetch", index));
    this.datasets.forEach((dataset, i) => {
      const inside = places.filter(([part]) => part === i).map(([, at]) => at);
      if (inside.length > 0) dataset.prefetch?.(inside);
    });
  }

  /** The number of the data set that holds a sample, and the sample's index in it. */
  private place(method: string, index: number): [part: number, at: number] {
    checkSampleIndex(`ConcatDataset.${method}`, index, this.length);
    const part = this.cumulativeSizes.findIndex((end) => index < end);
    return [part, index - (this.cumulativeSizes[part - 1] ?? 0)];
  }
}

/**
 * Iterables one after the other, as torch.utils.data.ChainDataset. If one of them is asynchronous, use `for await`.
 * @see https://pytorch.org/docs/stable/data.html#torch.utils.data.ChainDataset
 * @example
 * ```ts
 * import { ChainDataset, DataLoader } from "simdgrad/data";
 * const chain = new ChainDataset([new Set([1, 2]), [3]]);
 * for (const batch of new DataLoader(chain, { batchSize: 2 })) batch.tolist(); // [1, 2], then [3]
 * ```
 */
export class ChainDataset<T> implements Iterable<T>, AsyncIterable<T> {
  readonly datasets: readonly IterableDataset<T>[];

  constructor(...args: [datasets: Iterable<IterableDataset<T>>]) {
    checkArguments("ChainDataset", { datasets: iterableKind }, args);
    this.datasets = [...args[0]];
    for (const dataset of this.datasets) checkArguments("ChainDataset", { dataset: datasetKind }, [dataset]);
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (const dataset of this.datasets) {
      if (!(Symbol.iterator in dataset)) {
        throw new ValueError("ChainDataset", "expected iterables, got one that is asynchronous", "Use for await");
      }
      yield* dataset;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (const dataset of this.datasets) yield* dataset;
  }
}
