import { ValueError } from "../../base/errors.js";
import { type ArgumentsOf, anyNumber, boolean, define, integerFrom, isNumber, shown } from "../../base/signature.js";
import { defaultGenerator, type Generator } from "../../random/generator.js";
import { portable } from "../../random/portable.js";
import { countedKind, DRAWN, iterableKind } from "./loading-kinds.js";

/** Gives a loader the order of the samples. */
export type Sampler = Iterable<number> & {
  /** The number of indices in an epoch. Without it the loader draws batch by batch, until the sampler ends. */
  readonly length?: number;
  /** Makes the draws of a sampler that is asked for an index after its last. @internal */
  afterEpoch?(): void;
};

type Indices = IterableIterator<number>;

const sequentialCall = define(
  "SequentialSampler",
  { dataSource: countedKind },
  (dataSource: { readonly length: number }) => dataSource,
);

const subsetRandomCall = define(
  "SubsetRandomSampler",
  { indices: iterableKind, ...DRAWN },
  (indices: Iterable<number>, generator: Generator | null = null) => ({ indices: [...indices], generator }),
);

const weightedCall = define(
  "WeightedRandomSampler",
  { weights: iterableKind, numSamples: anyNumber, replacement: boolean, ...DRAWN },
  (weights: Iterable<number>, numSamples: number, replacement: boolean = true, generator: Generator | null = null) => ({
    weights: [...weights],
    length: numSamples,
    replacement,
    generator,
  }),
);

const batchSamplerCall = define(
  "BatchSampler",
  { sampler: iterableKind, batchSize: integerFrom(1), dropLast: boolean },
  (sampler: Sampler, batchSize: number, dropLast: boolean) => ({ sampler, batchSize, dropLast }),
);

/**
 * The indices of a data set in order, as torch.utils.data.SequentialSampler.
 * @see https://pytorch.org/docs/stable/data.html#torch.utils.data.SequentialSampler
 */
export class SequentialSampler implements Iterable<number> {
  private readonly source: { readonly length: number };

  constructor(...args: ArgumentsOf<typeof sequentialCall>) {
    this.source = sequentialCall(...args);
  }

  get length(): number {
    return this.source.length;
  }

  *[Symbol.iterator](): Indices {
    for (let i = 0; i < this.source.length; i++) yield i;
  }
}

/**
 * The given indices in random order, as torch.utils.data.SubsetRandomSampler.
 * @see https://pytorch.org/docs/stable/data.html#torch.utils.data.SubsetRandomSampler
 */
export class SubsetRandomSampler implements Iterable<number> {
  readonly indices: readonly number[];

  private readonly generator: Generator | null;

  constructor(...args: ArgumentsOf<typeof subsetRandomCall>) {
    const { indices, generator } = subsetRandomCall(...args);
    this.indices = indices;
    this.generator = generator;
  }

  get length(): number {
    return this.indices.length;
  }

  *[Symbol.iterator](): Indices {
    const generator = this.generator ?? defaultGenerator;
    for (const i of generator.permutation(this.length)) yield this.indices[i]!;
  }
}

/**
 * Draws indices 0 … weights.length − 1, index i with probability weights[i] / Σ weights, as
 * torch.utils.data.WeightedRandomSampler, with the draws of torch.multinomial.
 *
 * @param weights not negative, finite; their sum need not be 1
 * @param numSamples the number of indices in an epoch
 * @see https://pytorch.org/docs/stable/data.html#torch.utils.data.WeightedRandomSampler
 * @example
 * ```ts
 * import { manualSeed } from "simdgrad";
 * import { WeightedRandomSampler } from "simdgrad/data";
 * manualSeed(0);
 * [...new WeightedRandomSampler([0.1, 0.9, 0.4, 0.7, 3, 0.6], 5)];
 * ```
 */
export class WeightedRandomSampler implements Iterable<number> {
  readonly weights: readonly number[];
  readonly length: number;
  private readonly generator: Generator | null;
  private readonly replacement: boolean;

  constructor(...args: ArgumentsOf<typeof weightedCall>) {
    const { weights, length, generator, replacement } = weightedCall(...args);
    this.weights = weights;
    this.length = length;
    this.generator = generator;
    this.replacement = replacement;
    checkWeights(this.weights);
    const positive = this.weights.filter((w) => w > 0).length;
    const most = replacement ? Number.POSITIVE_INFINITY : positive;
    if (!Number.isInteger(length) || length < 1 || length > most) {
      const limit = replacement ? "" : ` of at most ${positive}, the indices with a weight above 0`;
      throw new ValueError("WeightedRandomSampler", `expected a positive number of samples${limit}, got ${length}`);
    }
  }

  *[Symbol.iterator](): Indices {
    const { weights, length } = this;
    const generator = this.generator ?? defaultGenerator;
    yield* this.replacement ? drawBack(weights, length, generator) : race(weights, length, generator);
  }
}

function checkWeights(weights: readonly number[]): void {
  const wrong = weights.findIndex((w) => !(isNumber(w) && w >= 0 && w < Number.POSITIVE_INFINITY));
  if (wrong >= 0) {
    throw new ValueError(
      "WeightedRandomSampler",
      `expected weights that are finite and not negative, got ${shown(weights[wrong])}`,
    );
  }
  if (!weights.some((w) => w > 0)) {
    throw new ValueError("WeightedRandomSampler", `expected a weight above 0, got [${weights.join(", ")}]`);
  }
}

/** With replacement: for uniform draws u, the first index whose cumulative probability is at least u. */
function drawBack(weights: readonly number[], length: number, generator: Generator): number[] {
  let sum = 0;
  const cumulative = weights.map((w) => {
    sum += w;
    return sum;
  });
  const ends = cumulative.map((end, i) => (i === weights.length - 1 ? 1 : end / sum));
  return Array.from({ length }, () => {
    const u = generator.uniform();
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2);
      if (ends[middle]! < u) low = middle + 1;
      else high = middle;
    }
    return low;
  });
}

/** Without replacement: the indices of the largest w / q, for exponential draws q. */
function race(weights: readonly number[], length: number, generator: Generator): number[] {
  const speed = weights.map((w) => w / -portable.log(1 - generator.uniform()));
  const order = [...weights.keys()].sort((a, b) => speed[b]! - speed[a]! || a - b);
  return order.slice(0, length);
}

/**
 * Batches of another sampler's indices, as torch.utils.data.BatchSampler.
 * @see https://pytorch.org/docs/stable/data.html#torch.utils.data.BatchSampler
 * @example
 * ```ts
 * import { BatchSampler, SequentialSampler } from "simdgrad/data";
 * [...new BatchSampler(new SequentialSampler({ length: 10 }), 3, false)]; // [0, 1, 2], [3, 4, 5], [6, 7, 8], [9]
 * ```
 */
export class BatchSampler implements Iterable<number[]> {
  readonly sampler: Sampler;
  readonly batchSize: number;
  readonly dropLast: boolean;

  constructor(...args: ArgumentsOf<typeof batchSamplerCall>) {
    const { sampler, batchSize, dropLast } = batchSamplerCall(...args);
    this.sampler = sampler;
    this.batchSize = batchSize;
    this.dropLast = dropLast;
  }

  /** The number of batches in an epoch. */
  get length(): number {
    const { length } = this.sampler;
    if (length === undefined) {
      throw new ValueError("BatchSampler.length", "expected a sampler with a length, got one without");
    }
    return this.dropLast ? Math.floor(length / this.batchSize) : Math.ceil(length / this.batchSize);
  }

  *[Symbol.iterator](): IterableIterator<number[]> {
    let batch: number[] = [];
    for (const index of this.sampler) {
      batch.push(index);
      if (batch.length < this.batchSize) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0 && !this.dropLast) yield batch;
  }
}
