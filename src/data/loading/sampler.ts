import { ValueError } from "../../base/errors.js";
import { type ArgumentsOf, boolean, define, integerFrom, orNull } from "../../base/signature.js";
import { defaultGenerator, Generator } from "../../random/generator.js";
import { countedKind, DRAWN } from "./loading-kinds.js";

/** Options of {@link RandomSampler}. */
export interface RandomSamplerOptions {
  /** Whether an index may be drawn more than once. */
  replacement?: boolean;
  /** The number of indices to draw; by default the number of elements. */
  numSamples?: number;
  /**
   * The generator to draw from. By default every epoch makes a new one, seeded with 63 bits of the default generator.
   */
  generator?: Generator;
}

const randomSamplerCall = define(
  "RandomSampler",
  { dataSource: countedKind, replacement: boolean, numSamples: orNull(integerFrom(0)), ...DRAWN },
  (
    source: { readonly length: number },
    replacement: boolean = false,
    numSamples: number | null = null,
    generator: Generator | null = null,
  ): { source: { readonly length: number }; options: RandomSamplerOptions } => ({
    source,
    options: { replacement, ...(numSamples !== null && { numSamples }), ...(generator && { generator }) },
  }),
);

/**
 * The indices of a data set in a new random order in every epoch: PyTorch's `RandomSampler`, with its draws.
 *
 * PyTorch's DataLoader draws too: when an epoch begins it takes 63 bits of its generator to seed its workers with, even
 * if it has none. The sampler draws after that, at the first batch.
 *
 * See https://pytorch.org/docs/stable/data.html#torch.utils.data.RandomSampler
 *
 * @example
 * ```ts
 * import { RandomSampler } from "simdgrad/data";
 * const dataset = ["a", "b", "c"];
 * for (const i of new RandomSampler(dataset)) console.log(dataset[i]);
 * ```
 */
export class RandomSampler implements Iterable<number> {
  /** The number of indices in an epoch. */
  readonly length: number;
  private readonly elements: number;

  private readonly options: RandomSamplerOptions;

  constructor(...args: ArgumentsOf<typeof randomSamplerCall>) {
    const { source, options } = randomSamplerCall(...args);
    this.options = options;
    this.elements = source.length;
    this.length = options.numSamples ?? this.elements;
    if (!Number.isInteger(this.length) || this.length < 0 || (this.length > 0 && this.elements === 0)) {
      throw new ValueError("RandomSampler", `cannot draw ${this.length} indices of ${this.elements} elements`);
    }
  }

  /**
   * Draws what PyTorch's sampler draws when it is asked for an index after its last: another order, which nobody uses.
   * An epoch that was loaded from a state calls it. @internal
   */
  afterEpoch(): void {
    const { elements: n, length } = this;
    const { generator, replacement } = this.options;
    if (generator !== undefined && !replacement && n > 0 && length % n === 0) generator.permutation(n);
  }

  *[Symbol.iterator](): IterableIterator<number> {
    const { elements: n, length } = this;
    const generator = this.options.generator ?? new Generator().manualSeed(defaultGenerator.random63());
    // PyTorch draws in rounds of which it may use only a part: the state of a shared generator depends on them.
    const round = this.options.replacement ? 32 : n;
    for (let left = length; n > 0; left -= round) {
      if (this.options.replacement) {
        const indices = new Int32Array(Math.min(round, left));
        generator.fillIntegers(indices, 0, n);
        yield* indices;
      } else {
        yield* generator.permutation(n).subarray(0, left);
      }
      if (left < round) break;
    }
  }
}
