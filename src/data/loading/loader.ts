import { ValueError } from "../../base/errors.js";
import type { ArgumentsOf } from "../../base/signature.js";
import { callLine } from "../../platform/host.js";
import { defaultGenerator, type Generator } from "../../random/generator.js";
import { openScope } from "../../runtime/scope.js";
import { TaskScope } from "../../runtime/task-scope.js";
import { AsyncBatches, type ScopedBatch } from "./async-batches.js";
import { type Collated, type Dataset, type IterableDataset, isMapStyle, type MapDataset, mapStyle } from "./dataset.js";
import type { Epoch } from "./epoch.js";
import {
  type Batches,
  checkOptions,
  collateOf,
  type DataLoaderOptions,
  type LoaderArguments,
  loaderCall,
  wholeOf,
} from "./loader-options.js";
import { type LoaderState, type Place, packState, unpackState } from "./loader-state.js";
import { MapEpoch } from "./map-epoch.js";
import { Order, type OrderSource } from "./order.js";
import { RandomSampler } from "./sampler.js";
import { BatchSampler, type Sampler, SequentialSampler } from "./samplers.js";
import { StreamEpoch } from "./stream-epoch.js";

/** What errors say of tensors that a batch took along. */
function endOfBatch(): string {
  const line = callLine();
  return `the batch of the loop${line && ` at ${line}`} ended`;
}

/**
 * Batches of a data set, in PyTorch's order with PyTorch's draws, as torch.utils.data.DataLoader. Use `for` with data
 * sets that give their samples at once, and `for await` with those that give promises.
 *
 * Each batch has a memory scope: the tensors that the body of the loop makes are freed when the loop takes the next
 * batch, and when it ends. Parameters, gradients, optimizer state and tensors marked with `keep()` stay. (If you call
 * `next()` yourself, call `return()` too: until then, or the end of the epoch, the scope stays open. A loop does it for
 * you.)
 *
 * @typeParam T a sample
 * @typeParam B a batch
 * @see https://pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader
 * @example
 * ```ts
 * import { rand, randint } from "simdgrad";
 * import { DataLoader, TensorDataset } from "simdgrad/data";
 * const dataset = new TensorDataset(rand(10, 3), randint(2, [10]));
 * const loader = new DataLoader(dataset, { batchSize: 4, shuffle: true });
 * for (const [inputs, labels] of loader) {
 *   inputs.shape; // [4, 3], [4, 3], [2, 3]
 * }
 * ```
 */
export class DataLoader<T, B = Collated<T>> implements Iterable<B>, AsyncIterable<B> {
  readonly dataset: MapDataset<T> | IterableDataset<T>;
  /** Samples in a batch; null where the loader does not cut batches itself. */
  readonly batchSize: number | null;
  readonly dropLast: boolean;
  readonly generator: Generator | undefined;
  /** The order of the samples; null for iterable data sets and where batchSampler was given. */
  readonly sampler: Sampler | null;
  /** Which samples make each batch; null for iterable data sets and without batches. */
  readonly batchSampler: Batches | null;
  /** Samples in the data set; null for iterable data sets. */
  private readonly samples: number | null;
  /** Makes an epoch that begins at a place. */
  private readonly start: (place: Place) => Epoch<B>;
  private running: Epoch<B> | undefined;
  private loaded: Place | undefined;

  /**
   * @param dataset a {@link Dataset}, an array, or an iterable (then without shuffle and samplers)
   * @param options batchSize (1; null: no batches), shuffle, sampler, batchSampler, dropLast, collate, generator
   * @throws ValueError for options that contradict each other
   */
  constructor(...args: LoaderArguments<T, B>) {
    const call = loaderCall(...(args as ArgumentsOf<typeof loaderCall>));
    const dataset = call.dataset as MapDataset<T> | IterableDataset<T>;
    const options = call.options as DataLoaderOptions<T, B>;
    const numbered = isMapStyle("DataLoader", dataset);
    checkOptions(options, numbered);
    this.dataset = dataset;
    this.dropLast = options.dropLast ?? false;
    this.generator = options.generator;
    this.batchSize = options.batchSampler === undefined && options.batchSize !== null ? (options.batchSize ?? 1) : null;
    const collate = collateOf(options);
    if (numbered) {
      const whole = mapStyle("DataLoader", dataset);
      this.samples = whole.length;
      this.sampler = samplerOf(whole, options);
      this.batchSampler = batchSamplerOf(this.sampler, this.batchSize, this.dropLast) ?? options.batchSampler ?? null;
      const fetch = { dataset: whole, collate, whole: wholeOf(whole, options) };
      const source = orderSource(this.batchSampler, this.sampler);
      this.start = ({ position, batches }) =>
        new MapEpoch(fetch, new Order(source, whole.length, batches, position), position);
    } else {
      this.samples = null;
      this.sampler = null;
      this.batchSampler = null;
      const fetch = { dataset, collate, dropLast: this.dropLast, batchSize: this.batchSize ?? 1 };
      this.start = ({ position }) => new StreamEpoch(fetch, position);
    }
  }

  /** The number of batches in an epoch. Throws where the data set (or the sampler) has no length. */
  get length(): number {
    const source = this.batchSampler ?? this.sampler ?? this.dataset;
    const length = "length" in source ? source.length : undefined;
    if (typeof length !== "number") {
      throw new ValueError("DataLoader.length", "expected a data set (or sampler) with a length, got one without");
    }
    if (this.samples !== null || this.batchSize === null) return length;
    return this.dropLast ? Math.floor(length / this.batchSize) : Math.ceil(length / this.batchSize);
  }

  /** The batches of one epoch. */
  [Symbol.iterator](): IterableIterator<B, void, undefined> {
    return this.run(this.begin(), endOfBatch());
  }

  /** The batches of one epoch, for `for await`: while the body works on a batch, the data set may read the next one. */
  [Symbol.asyncIterator](): AsyncIterableIterator<B, void, undefined> {
    return new AsyncBatches(this.runAsync(this.begin(), endOfBatch()));
  }

  /**
   * The state of the loader. In the body of a loop it names the batch that follows: a new loader that loads the state
   * goes on with that batch. Outside of a loop it names the start of an epoch. It holds no random generator: save
   * `getRngState()` too. Its tensors belong to the innermost scope.
   */
  stateDict(): LoaderState {
    const here = { position: this.running?.position ?? 0, batches: this.running?.order() ?? null };
    return packState(this.loaded ?? (here.position > 0 ? here : { position: 0, batches: null }), this.subject);
  }

  /**
   * Loads the state of a loader of the same data: see {@link stateDict}. The next loop goes on from there, in the same
   * order and without the draws that begin an epoch. An iterable data set must give the earlier samples again, which
   * are dropped.
   * @throws ValueError for a state of other data or another batch size
   */
  loadStateDict(state: LoaderState): void {
    this.loaded = unpackState(state, this.subject);
  }

  /** The part of a state that must be equal in the loader that loads it. */
  private get subject(): Pick<LoaderState, "length" | "batchSize"> {
    return { length: this.samples, batchSize: this.batchSize };
  }

  /**
   * The epoch whose state was loaded, or a new one, which first draws the 63 bits that PyTorch seeds its workers with.
   */
  private begin(): Epoch<B> {
    const place = this.loaded ?? { position: 0, batches: null };
    this.loaded = undefined;
    const epoch = this.start(place);
    if (place.position === 0) (this.generator ?? defaultGenerator).random63();
    return epoch;
  }

  private *run(epoch: Epoch<B>, end: string): IterableIterator<B, void, undefined> {
    const around = this.running;
    this.running = epoch;
    try {
      for (;;) {
        const scope = openScope(end);
        try {
          const batch = epoch.next();
          if (batch === undefined) return;
          yield batch[0];
        } finally {
          scope.close();
        }
      }
    } finally {
      this.running = around;
      epoch.close();
    }
  }

  private async *runAsync(epoch: Epoch<B>, end: string): AsyncGenerator<ScopedBatch<B>, void, undefined> {
    const around = this.running;
    this.running = epoch;
    try {
      for (;;) {
        const scope = new TaskScope(end);
        try {
          const batch = await epoch.nextAsync((body) => scope.run(body));
          if (batch === undefined) return;
          epoch.lookAhead();
          yield { scope, batch: batch[0] };
        } finally {
          scope.close();
        }
      }
    } finally {
      this.running = around;
      await epoch.close();
    }
  }
}

function samplerOf<T, B>(dataset: Dataset<T>, options: DataLoaderOptions<T, B>): Sampler | null {
  const { shuffle, sampler, batchSampler, generator } = options;
  if (sampler !== undefined || batchSampler !== undefined) return sampler ?? null;
  if (!shuffle) return new SequentialSampler(dataset);
  return new RandomSampler(dataset, generator === undefined ? {} : { generator });
}

function batchSamplerOf(sampler: Sampler | null, batchSize: number | null, dropLast: boolean): BatchSampler | null {
  return sampler === null || batchSize === null ? null : new BatchSampler(sampler, batchSize, dropLast);
}

function orderSource(batches: Batches | null, sampler: Sampler | null): OrderSource {
  if (batches instanceof BatchSampler) return batches;
  return batches === null ? { sampler: sampler!, batchSize: 1, dropLast: false } : { batches };
}
