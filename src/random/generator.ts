import { ValueError } from "../base/errors.js";
import { checkArguments, define, type Kind } from "../base/signature.js";
import { MT19937 } from "./mt19937.js";
import { portable } from "./portable.js";

/** The seed of a new `Generator()` (PyTorch's `default_rng_seed_val`). */
const DEFAULT_SEED = 67280421310721n;

/** The size and the byte offsets of PyTorch's serialised state: `CPUGeneratorImplState`, little-endian. */
const STATE_BYTES = 5056;
const AT = { seed: 0, left: 8, seeded: 12, next: 16, words: 24, normal: 5024, normalIsValid: 5040 };

/** An array that functions write numbers to. */
type Numbers = { readonly length: number; [index: number]: number };

/**
 * A source of pseudo-random numbers with PyTorch's CPU streams: from the same seed, every function that draws from a
 * generator gives the numbers PyTorch's gives.
 *
 * See https://pytorch.org/docs/stable/generated/torch.Generator.html
 *
 * @example
 * ```ts
 * import { Generator, randn } from "simdgrad";
 * const generator = new Generator().manualSeed(42);
 * const noise = randn([3], { generator });
 * ```
 */
export class Generator {
  private seedValue = DEFAULT_SEED;
  private readonly engine = new MT19937(low32(DEFAULT_SEED));
  /** The second normal of the last pair, kept for the next call of `normal()`. */
  private nextNormal: number | undefined;

  constructor(...args: []) {
    checkArguments("Generator", {}, args);
  }

  /**
   * Starts the stream of a seed: an integer in [−2^63, 2^64), negative ones meaning 2^64 + seed. As in PyTorch the low
   * 32 bits choose the stream.
   */
  manualSeed(seed: number | bigint): this {
    this.seedValue = checkedSeed(seed);
    this.engine.seed(low32(this.seedValue));
    this.nextNormal = undefined;
    return this;
  }

  /** The seed that started the stream. */
  initialSeed(): bigint {
    return this.seedValue;
  }

  /** Starts a stream from an unpredictable seed, and returns the seed. */
  seed(): bigint {
    const seed = crypto.getRandomValues(new BigUint64Array(1))[0]!;
    this.manualSeed(seed);
    return seed;
  }

  /** The state of the stream, in the 5056 bytes of `torch.Generator.get_state()`. */
  getState(): Uint8Array<ArrayBuffer> {
    const { words, left, next } = this.engine.getState();
    const state = new DataView(new ArrayBuffer(STATE_BYTES));
    state.setBigUint64(AT.seed, this.seedValue, true);
    state.setInt32(AT.left, left, true);
    state.setInt32(AT.seeded, 1, true);
    state.setBigUint64(AT.next, BigInt(next), true);
    for (const [i, word] of words.entries()) state.setUint32(AT.words + 8 * i, word, true);
    state.setFloat64(AT.normal, this.nextNormal ?? 0, true);
    state.setInt32(AT.normalIsValid, this.nextNormal === undefined ? 0 : 1, true);
    return new Uint8Array(state.buffer);
  }

  /** Continues a stream from a state that `getState()` of this class, or of PyTorch, returned. */
  setState(bytes: Uint8Array): this {
    if (bytes.length !== STATE_BYTES) {
      throw new ValueError("Generator.setState", `expected ${STATE_BYTES} bytes from getState(), got ${bytes.length}`);
    }
    const state = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.engine.setState({
      words: Uint32Array.from({ length: 624 }, (_, i) => state.getUint32(AT.words + 8 * i, true)),
      left: state.getInt32(AT.left, true),
      next: Number(state.getBigUint64(AT.next, true)),
    });
    this.seedValue = state.getBigUint64(AT.seed, true);
    this.nextNormal = state.getInt32(AT.normalIsValid, true) ? state.getFloat64(AT.normal, true) : undefined;
    return this;
  }

  /** 32 random bits, an integer in [0, 2^32). */
  random32(): number {
    return this.engine.random32();
  }

  /** 63 random bits: what PyTorch's `torch.empty((), dtype=torch.int64).random_()` draws, to seed a sampler. */
  random63(): bigint {
    const high = BigInt(this.random32());
    return ((high << 32n) | BigInt(this.random32())) & 0x7fff_ffff_ffff_ffffn;
  }

  /** A number in [0, 1) with 53 random bits: a float64 uniform, of two draws. */
  uniform(): number {
    const high = this.random32() & 0x1fffff;
    return (high * 0x1_0000_0000 + this.random32()) / 0x20_0000_0000_0000;
  }

  /** out[i] = a uniform of [0, 1) with as many random bits as the type holds (24 or 53). */
  fillUniform(out: Float32Array | Float64Array): void {
    if (out instanceof Float32Array) this.engine.fillUniform24(out);
    else for (let i = 0; i < out.length; i++) out[i] = this.uniform();
  }

  /**
   * out[i] = 32 random bits. `drawBlocks` makes whole blocks: it gets the 624 words and a part of `out` whose length is
   * a multiple of 624, fills that part and advances the words.
   */
  fillDraws(out: Uint32Array, drawBlocks: (words: Int32Array<ArrayBuffer>, out: Uint32Array) => void): void {
    this.engine.fillDraws(out, drawBlocks);
  }

  /** out[i] = a standard normal, drawn one by one. */
  fillNormal(out: Numbers): void {
    for (let i = 0; i < out.length; i++) out[i] = this.normal();
  }

  /** out[i] = low + draw mod range, with one draw each; range ≤ 2^32. */
  fillIntegers(out: Numbers, low: number, range: number): void {
    for (let i = 0; i < out.length; i++) out[i] = low + (this.random32() % range);
  }

  /** The numbers 0 … n − 1 in random order. */
  permutation(n: number): Int32Array<ArrayBuffer> {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < n - 1; i++) {
      const j = i + (this.random32() % (n - i));
      const moved = order[i]!;
      order[i] = order[j]!;
      order[j] = moved;
    }
    return order;
  }

  /** A standard normal in float64. Box and Muller's transform makes two; the next call returns the second. */
  normal(): number {
    const kept = this.nextNormal;
    this.nextNormal = undefined;
    if (kept !== undefined) return kept;
    const angle = 2 * Math.PI * this.uniform();
    const radius = Math.sqrt(-2 * portable.log(1 - this.uniform()));
    this.nextNormal = radius * portable.sin(angle);
    return radius * portable.cos(angle);
  }
}

/** The generator of all draws that are not given one. As in PyTorch its first seed is unpredictable. */
export const defaultGenerator = new Generator();

/** A source of random numbers. */
export const generatorKind: Kind<Generator> = {
  expected: "a Generator",
  fits: (value): value is Generator => value instanceof Generator,
};
defaultGenerator.seed();

/** A seed. Its range is for the generator to check. */
const seedKind: Kind<number | bigint> = {
  expected: "a whole number",
  fits: (value): value is number | bigint => typeof value === "bigint" || Number.isInteger(value),
};

/** A saved state. Its contents are for the generator to check. */
const stateKind: Kind<Uint8Array> = {
  expected: "the bytes of a state",
  fits: (value): value is Uint8Array => value instanceof Uint8Array,
};

/**
 * Seeds the default generator. The same seed gives PyTorch's numbers.
 *
 * See https://pytorch.org/docs/stable/generated/torch.manual_seed.html
 *
 * @example
 * ```ts
 * import { manualSeed, rand } from "simdgrad";
 * manualSeed(0);
 * rand([2]); // tensor([0.4963, 0.7682])
 * ```
 */
export const manualSeed = define("manualSeed", { seed: seedKind }, (seed: number | bigint): Generator => {
  return defaultGenerator.manualSeed(seed);
});

/** The seed that started the default generator (`torch.initial_seed()`). */
export const initialSeed = define("initialSeed", {}, (): bigint => {
  return defaultGenerator.initialSeed();
});

/** The default generator's state, for `setRngState` (`torch.get_rng_state()`). */
export const getRngState = define("getRngState", {}, (): Uint8Array<ArrayBuffer> => {
  return defaultGenerator.getState();
});

/** Sets the default generator to a state from `getRngState` (`torch.set_rng_state()`). */
export const setRngState = define("setRngState", { newState: stateKind }, (newState: Uint8Array): void => {
  defaultGenerator.setState(newState);
});

function low32(seed: bigint): number {
  return Number(BigInt.asUintN(32, seed));
}

function checkedSeed(seed: number | bigint): bigint {
  const valid = typeof seed === "bigint" || Number.isInteger(seed);
  if (!valid || seed < -(2n ** 63n) || seed >= 2n ** 64n) {
    throw new ValueError("manualSeed", `expected an integer from -2^63 to 2^64 - 1, got ${seed}`);
  }
  return BigInt.asUintN(64, BigInt(seed));
}
