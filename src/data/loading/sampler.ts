import { ValueError } from "../../base/errors.js";
import { defaultGenerator, Generator } from "../../random/generator.js";

/** Options of {@link RandomSampler}. */
export interface RandomSamplerOptions {
  /** Whether an index may come more than once. */
  replacement?: boolean;
  /** How many indices to draw; as many as there are elements by default. */
  numSamples?: number;
  /** Where to draw from. By default every epoch seeds a generator of its own with 63 bits of the default one. */
  generator?: Generator;
}

/**
 * The indices of a data set in random order, a new one in every epoch: PyTorch's `RandomSampler`, with its draws.
 *
 * PyTorch's DataLoader draws once more: when an epoch begins it takes 63 bits of its generator to seed its workers with,
 * workers or not, and only then, at the first batch, does the sampler take its own.
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
  /** How many indices an epoch gives. */
  readonly length: number;
  private readonly elements: number;

  constructor(
    source: { readonly length: number },
    private readonly options: RandomSamplerOptions = {},
  ) {
    this.elements = source.length;
    this.length = options.numSamples ?? this.elements;
    if (!Number.isInteger(this.length) || this.length < 0 || (this.length > 0 && this.elements === 0)) {
      throw new ValueError("RandomSampler", `cannot draw ${this.length} indices of ${this.elements} elements`);
    }
  }

  /**
   * Draws what PyTorch's sampler draws when it is asked for more than its last index: another order, of which nothing is
   * used. For an epoch whose indices are known already. @internal
   */
  afterEpoch(): void {
    const { elements: n, length } = this;
    const { generator, replacement } = this.options;
    if (generator !== undefined && !replacement && n > 0 && length % n === 0) generator.permutation(n);
  }

  *[Symbol.iterator](): IterableIterator<number> {
    const { elements: n, length } = this;
    const generator = this.options.generator ?? new Generator().manualSeed(defaultGenerator.random63());
    // PyTorch draws in rounds, the last one cut short (or empty): what a shared generator draws next depends on it.
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
