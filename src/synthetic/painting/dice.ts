import { MT19937 } from "../../random/mt19937.js";

/** The streams of random numbers of one seed. No two streams share a generator. */
export const STREAMS = {
  cifarTrain: 0,
  cifarTest: 1,
  cifarTrainLabels: 2,
  cifarTestLabels: 3,
  facesTrain: 4,
  facesValid: 5,
  facesTest: 6,
} as const;

/** The most pictures of a stream: more would repeat generators. */
export const STREAM_LENGTH = 2 ** 28;

/**
 * The random numbers of one picture. Each picture has its own generator, seeded from the set's seed, the stream and the
 * picture's index, so that it does not depend on the order in which pictures are drawn. Within a seed all generators
 * differ.
 */
export class Dice {
  private readonly engine: MT19937;

  /** @param seed an integer of [0, 2^32) @param stream one of {@link STREAMS} @param index of [0, STREAM_LENGTH) */
  constructor(seed: number, stream: number, index: number) {
    this.engine = new MT19937(scramble(scramble(stream * STREAM_LENGTH + index) ^ seed));
  }

  /** Dice for one part of the picture: the number of its draws does not change the other parts. */
  fork(): Dice {
    return new Dice(this.bits(), 0, 0);
  }

  /** 32 random bits. */
  bits(): number {
    return this.engine.random32();
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.bits() / 0x1_0000_0000;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  /** Nearly normal, with mean 0, standard deviation 1 and no tails: a sum of four uniforms. */
  bell(): number {
    return (this.unit() + this.unit() + this.unit() + this.unit() - 2) * Math.sqrt(3);
  }

  /** True with probability p. */
  chance(p: number): boolean {
    return this.unit() < p;
  }

  /** An integer in [0, n). */
  below(n: number): number {
    return Math.floor(this.unit() * n);
  }

  /** One element of a list, each equally likely. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** −1 or 1. */
  sign(): number {
    return this.chance(0.5) ? 1 : -1;
  }

  /** The numbers 0 … n − 1 in random order. */
  permutation(n: number): number[] {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }
}

/** A bijection of 32-bit numbers in which every output bit depends on every input bit. */
function scramble(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
