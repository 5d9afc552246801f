import type { Dtype, Tensor } from "simdgrad";

/**
 * The words that rows of test/cases/ are written in. A row is data: what an operation is called, how it is called
 * here and in PyTorch, and on what. test/support/rows.ts checks every property on every row.
 */

/** Floats are drawn from [low, high], as multiples of 1/512 (exact in float32), all different within a row's call. */
export type Domain = readonly [low: number, high: number];

/** An input tensor: its shape when its elements are floats of the row's domain, else what differs. */
export type Input =
  | readonly number[]
  | {
      readonly shape?: readonly number[];
      /** The elements themselves, for kinks and special values; they may depend on the dtype under test. */
      readonly values?: readonly number[] | ((dtype: Dtype) => readonly number[]);
      /** Where its floats come from, instead of the row's domain. With an integer dtype: integers in [low, high). */
      readonly domain?: Domain;
      /** A type of its own, whatever dtype is under test: labels, indices, masks. */
      readonly dtype?: Dtype;
      /** false: no gradient is asked for. */
      readonly grad?: false;
    };

/** The inputs of one call. */
export type Sample = readonly Input[];

/** One way to call the operation. */
export type Call = {
  /** The same in Python, where x, y, z, w are the inputs and torch, F, nn and math are imported. */
  readonly torch: string;
  readonly op: (...inputs: Tensor[]) => Tensor | readonly Tensor[];
  /** Ordinary inputs, on which every property is checked. */
  readonly samples: readonly Sample[];
  /** Kinks, ties, special values: compared with PyTorch, but without derivatives by differences. */
  readonly kinks?: readonly Sample[];
};

/** A call that must be refused, and the whole text of the error (or a pattern of it). */
export type Refusal = {
  readonly op: (...inputs: Tensor[]) => unknown;
  readonly inputs: Sample;
  readonly error: string | RegExp;
};

/** One operation. */
export type Row = {
  /** The method of Tensor, or the function, that the row is about. */
  readonly name: string;
  /** Other exported names that the row's calls and properties exercise: aliases, forms in place. */
  readonly covers?: readonly string[];
  readonly calls: readonly Call[];
  /** Where inputs come from ([-2, 2]). */
  readonly domain?: Domain;
  /** Points that ordinary inputs stay 1/16 away from: kinks and poles. */
  readonly avoid?: readonly number[];
  /** The dtypes that the row runs in (float32 and float64); int32 inputs are whole numbers of the domain. */
  readonly dtypes?: readonly Dtype[];
  /** Whether gradients exist (true) and, if so, gradients of gradients (true). */
  readonly differentiable?: boolean;
  readonly twice?: boolean;
  /** Units in the last place that values (4), and gradients (as values), may be away from PyTorch's. */
  readonly ulps?: number;
  readonly gradUlps?: number;
  /** Ulps are counted at numbers of at least this size (0): the size of the terms, where a sum cancels. */
  readonly floor?: number;
  /** Whether the sign of a zero must be PyTorch's (true, unless `floor` is given). */
  readonly signedZero?: boolean;
  /** How far float32 may be from float64, relative to the largest element (1e-5). */
  readonly agree?: number;
  /** The value of an element depends on the elements at its place only: then position and size must not matter. */
  readonly elementwise?: boolean;
  /** Takes row-major inputs only (view). */
  readonly rowMajorOnly?: boolean;
  /** The factor that takes ordinary inputs to extremes (2^60); 0 where the domain forbids it. */
  readonly extreme?: number;
  /** The form in place of the first call, which must give its bits. */
  readonly inPlace?: (...inputs: Tensor[]) => unknown;
  readonly refusals?: readonly Refusal[];
};

/** Lengths around the lane counts of 128 bits, which elementwise rows are cut to. */
export const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 17];

/** Zeros, infinities, NaN, subnormals, the largest and smallest of a type. */
export function specials(dtype: Dtype): readonly number[] {
  const one = [0, -0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  if (dtype === "float32") {
    const max = 3.4028234663852886e38;
    const tiny = 1.1754943508222875e-38;
    const subnormal = 1.401298464324817e-45;
    return [...one, max, -max, tiny, -tiny, subnormal, -subnormal, 1e10, -1e10, 100, -100].map(Math.fround);
  }
  const tiny = 2.2250738585072014e-308;
  return [...one, Number.MAX_VALUE, -Number.MAX_VALUE, tiny, -tiny, 5e-324, -5e-324, 1e10, -1e10, 800, -800];
}

/** Those of them that are smaller than a number, and NaN. */
export const specialsBelow =
  (limit: number) =>
  (dtype: Dtype): readonly number[] =>
    specials(dtype).filter((x) => !(Math.abs(x) >= limit));

/** Fewer of them, so that all pairs stay few; the last is subnormal. */
export function fewSpecials(dtype: Dtype): readonly number[] {
  const all = specials(dtype);
  return [0, -0, 1, -2, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, all[7]!, all[11]!];
}

type Options = Omit<Row, "name" | "calls"> & {
  /** Points at which the kinks are. */
  readonly kinks?: readonly number[];
  /** Special values (all pairs of them for two tensors), instead of those that suit most operations. */
  readonly points?: (dtype: Dtype) => readonly number[];
  /** Further ways to call it: with options, numbers, other types. */
  readonly more?: readonly Call[];
};

/** An elementwise operation of one tensor: lane-sized, two-dimensional, 0-d and empty inputs, and special values. */
export function unary(
  name: string,
  torch: string,
  op: (x: Tensor) => Tensor,
  { kinks = [], more = [], points: values = specials, ...options }: Options = {},
): Row {
  const points: Sample[] = kinks.length > 0 ? [[{ values: kinks }]] : [];
  const samples: Sample[] = [[[17]], [[2, 3]], [[]], [[0]]];
  const calls = [{ torch, op, samples, kinks: [...points, [{ values }]] }, ...more];
  return { name, elementwise: true, ...options, calls };
}

/** An elementwise operation of two tensors: all ways of broadcasting, and all pairs of special values. */
export function binary(
  name: string,
  torch: string,
  op: (x: Tensor, y: Tensor) => Tensor,
  { kinks = [], more = [], points = fewSpecials, ...options }: Options = {},
): Row {
  const shapes: [number[], number[]][] = [
    [[17], [17]],
    [[3, 4], [4]],
    [
      [3, 1],
      [1, 4],
    ],
    [
      [2, 1, 3],
      [4, 1],
    ],
    [[], [5]],
    [[5], []],
    [[], []],
    [[1], [0]],
    [
      [2, 0, 3],
      [1, 3],
    ],
  ];
  const pairs = (values: (dtype: Dtype) => readonly number[]): Sample => [
    { values: (dtype) => values(dtype).flatMap((a) => values(dtype).map(() => a)) },
    { values: (dtype) => values(dtype).flatMap(() => values(dtype)) },
  ];
  const ties = kinks.length > 0 ? [pairs(() => kinks)] : [];
  const calls = [{ torch, op, samples: shapes, kinks: [...ties, pairs(points)] }, ...more];
  return { name, elementwise: true, ...options, calls };
}
