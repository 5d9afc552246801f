import { ValueError } from "../../base/errors.js";
import { anyNumber, boolean, checkArguments, integerFrom, isNumber, type Kind } from "../../base/signature.js";
import { MT19937 } from "../../random/mt19937.js";
import { portable } from "../../random/portable.js";

/** A number, or nested arrays of numbers: an n-dimensional array in NumPy. */
export type NestedNumbers = number | NestedNumbers[];

/** undefined: one number; a number: a list of that length; a shape: nested lists. */
type Size = number | readonly number[] | undefined;
type Sized<S> = S extends number
  ? number[]
  : S extends readonly [number, number]
    ? number[][]
    : S extends readonly number[]
      ? NestedNumbers[]
      : number;

/** The `randomState` option of functions: a seed, a generator to draw from, or nothing. */
export type RandomSource = number | RandomState | undefined;

/** A list that can be read, and written in place, by index. */
const listKind: Kind<ArrayLike<unknown>> = {
  expected: "a list",
  fits: (value): value is ArrayLike<unknown> =>
    Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView)),
};

const countOrList: Kind<number | ArrayLike<unknown>> = {
  expected: "a whole number of at least 0, or a list",
  fits: (value): value is number | ArrayLike<unknown> => integerFrom(0).fits(value) || listKind.fits(value),
};

/**
 * NumPy's legacy generator. From the same seed, and called in the same order, its methods give the numbers of
 * `numpy.random.RandomState`. Without a seed the numbers cannot be foreseen.
 *
 * The methods return a number without `size`, a list for a length, and nested lists for a shape.
 *
 * See https://numpy.org/doc/stable/reference/random/legacy.html
 *
 * @example
 * ```ts
 * import { RandomState } from "simdgrad/data";
 * const random = new RandomState(0);
 * random.randomSample(2); // [0.5488135039273248, 0.7151893663724195]
 * random.normal(0, 1, [2, 3]); // two rows of three
 * ```
 */
export class RandomState {
  private readonly engine: MT19937;
  /** The second normal of the last pair, kept for the next one. */
  private nextGauss: number | undefined;

  constructor(seed?: number) {
    if (seed !== undefined && !(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)) {
      throw new ValueError("RandomState", `expected a seed that is an integer from 0 to 2^32 - 1, got ${seed}`);
    }
    this.engine = new MT19937(seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!);
  }

  /** The generator that a `randomState` option stands for. */
  static from(source: RandomSource): RandomState {
    return source instanceof RandomState ? source : new RandomState(source);
  }

  /** Uniform in [0, 1). */
  randomSample<S extends Size = undefined>(size?: S): Sized<S> {
    return sized("randomSample", size, () => this.double());
  }

  /** Uniform in [0, 1), the shape as arguments: `rand(2, 3)`. */
  rand<S extends number[]>(...shape: S): Sized<S["length"] extends 0 ? undefined : S["length"] extends 1 ? number : S> {
    return sized("rand", shape.length === 0 ? undefined : shape, () => this.double());
  }

  /** Standard normals, the shape as arguments: `randn(2, 3)`. */
  randn<S extends number[]>(
    ...shape: S
  ): Sized<S["length"] extends 0 ? undefined : S["length"] extends 1 ? number : S> {
    return sized("randn", shape.length === 0 ? undefined : shape, () => this.gauss());
  }

  /** Uniform in [low, high). */
  uniform<S extends Size = undefined>(low = 0, high = 1, size?: S): Sized<S> {
    checkArguments("RandomState.uniform", { low: anyNumber, high: anyNumber }, [low, high]);
    const range = high - low;
    return sized("uniform", size, () => low + range * this.double());
  }

  /** Standard normals. */
  standardNormal<S extends Size = undefined>(size?: S): Sized<S> {
    return sized("standardNormal", size, () => this.gauss());
  }

  /** Normals of mean `loc` and standard deviation `scale`. */
  normal<S extends Size = undefined>(loc = 0, scale = 1, size?: S): Sized<S> {
    checkArguments("RandomState.normal", { loc: anyNumber, scale: anyNumber }, [loc, scale]);
    if (!(scale >= 0)) throw new ValueError("RandomState.normal", `expected scale ≥ 0, got ${scale}`);
    return sized("normal", size, () => loc + scale * this.gauss());
  }

  /** Integers in [low, high), or in [0, low) where `high` is left out. */
  randint<S extends Size = undefined>(low: number, high?: number, size?: S): Sized<S> {
    const [from, to] = high === undefined ? [0, low] : [low, high];
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from >= to) {
      throw new ValueError("RandomState.randint", `expected integers low < high, got low ${from} and high ${to}`);
    }
    return sized("randint", size, () => from + this.interval(to - 1 - from));
  }

  /** The numbers 0 … n − 1, or a copy of an array, in random order. */
  permutation(n: number): number[];
  permutation<T>(values: ArrayLike<T>): T[];
  permutation<T>(values: number | ArrayLike<T>): (number | T)[] {
    checkArguments("RandomState.permutation", { values: countOrList }, [values]);
    const copy: (number | T)[] =
      typeof values === "number" ? Array.from({ length: values }, (_, i) => i) : Array.from(values);
    this.shuffle(copy);
    return copy;
  }

  /** Shuffles a plain or typed array in place. The rows of a nested array stay whole. */
  shuffle<T>(values: { readonly length: number; [index: number]: T }): void {
    checkArguments("RandomState.shuffle", { values: listKind }, [values]);
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.interval(i);
      const moved = values[i]!;
      values[i] = values[j]!;
      values[j] = moved;
    }
  }

  /** Draws `size` elements of an array, or of 0 … n − 1, each equally likely, with or without replacement. */
  choice(n: number, size: number, options?: { replace?: boolean }): number[];
  choice<T>(values: ArrayLike<T>, size: number, options?: { replace?: boolean }): T[];
  choice<T>(values: number | ArrayLike<T>, size: number, { replace = true } = {}): (number | T)[] {
    checkArguments("RandomState.choice", { values: countOrList, size: integerFrom(0), replace: boolean }, [
      values,
      size,
      replace,
    ]);
    const n = typeof values === "number" ? values : values.length;
    if (!replace && size > n) {
      throw new ValueError("RandomState.choice", `cannot take ${size} of ${n} without putting back`);
    }
    const picked = replace ? this.randint(0, n, size) : this.permutation(n).slice(0, size);
    return typeof values === "number" ? picked : picked.map((i) => values[i]!);
  }

  /** A float64 with 53 random bits in [0, 1). */
  private double(): number {
    const high = this.engine.random32() >>> 5;
    return (high * 0x400_0000 + (this.engine.random32() >>> 6)) / 0x20_0000_0000_0000;
  }

  /** Marsaglia's polar method, two normals at a time. */
  private gauss(): number {
    const kept = this.nextGauss;
    this.nextGauss = undefined;
    if (kept !== undefined) return kept;
    let x1: number;
    let x2: number;
    let r2: number;
    do {
      x1 = 2 * this.double() - 1;
      x2 = 2 * this.double() - 1;
      r2 = x1 * x1 + x2 * x2;
    } while (r2 >= 1 || r2 === 0);
    const factor = Math.sqrt((-2 * portable.log(r2)) / r2);
    this.nextGauss = factor * x1;
    return factor * x2;
  }

  /** An integer in [0, max]: masks 32-bit draws with the smallest 2^k − 1 ≥ max, until one is at most max. */
  private interval(max: number): number {
    if (max === 0) return 0;
    const high = Math.floor(max / 0x1_0000_0000);
    const highMask = maskOver(high);
    const lowMask = high > 0 ? -1 : maskOver(max);
    for (;;) {
      const top = high > 0 ? (this.engine.random32() & highMask) >>> 0 : 0;
      const value = top * 0x1_0000_0000 + ((this.engine.random32() & lowMask) >>> 0);
      if (value <= max) return value;
    }
  }
}

/** The smallest 2^k − 1 that is at least the 32-bit number given, as an int32. */
function maskOver(x: number): number {
  return x === 0 ? 0 : -1 >>> Math.clz32(x);
}

function sized<S>(method: string, size: Size, draw: () => number): Sized<S>;
function sized(method: string, size: Size, draw: () => number): NestedNumbers {
  const shape = size === undefined ? [] : typeof size === "number" ? [size] : size;
  if (!shape.every((n) => Number.isInteger(n) && n >= 0)) {
    throw new ValueError(
      `RandomState.${method}`,
      `expected a size of non-negative integers, got [${shape.join(", ")}]`,
    );
  }
  const fill = (dim: number): NestedNumbers =>
    dim === shape.length ? draw() : Array.from({ length: shape[dim]! }, () => fill(dim + 1));
  return fill(0);
}

/** A seed, or a generator to draw from. The seed's range is for the generator to check. */
export const randomKind: Kind<number | RandomState> = {
  expected: "a seed or a RandomState",
  fits: (value): value is number | RandomState => isNumber(value) || value instanceof RandomState,
};
