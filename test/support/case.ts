import type { Dtype, Tensor } from "simdgrad";

/**
 * The types of the rows in test/cases/. A row is data: the name of an operation, its calls here and in PyTorch, and
 * their inputs. test/support/rows.ts checks every property on every row.
 */

/** The range of random floats: multiples of 1/512 (exact in float32), all different within a call. */
export type Domain = readonly [low: number, high: number];

/** An input tensor: its shape, for floats of the row's domain, or an object with what differs. */
export type Input =
  | readonly number[]
  | {
      readonly shape?: readonly number[];
      /** The elements themselves, for kinks and special values; they may depend on the dtype under test. */
      readonly values?: readonly number[] | ((dtype: Dtype) => readonly number[]);
      /** A domain instead of the row's. With an integer dtype: integers in [low, high). */
      readonly domain?: Domain;
      /** A fixed dtype, for labels, indices and masks; the dtype under test when left out. */
      readonly dtype?: Dtype;
      /** false: the input needs no gradient. */
      readonly grad?: false;
    };

/** The inputs of one call. */
export type Sample = readonly Input[];

/** One way to call the operation. */
export type Call = {
  /** The same call in Python, with inputs x, y, z, w and the imports torch, F, nn and math. */
  readonly torch: string;
  readonly op: (...inputs: Tensor[]) => Tensor | readonly Tensor[];
  /** Ordinary inputs, for all properties. */
  readonly samples: readonly Sample[];
  /** Kinks, ties and special values: compared with PyTorch, but not with finite differences. */
  readonly kinks?: readonly Sample[];
};

/** A call that must throw, and the whole text of the error (or a pattern of it). */
export type Refusal = {
  readonly op: (...inputs: Tensor[]) => unknown;
  readonly inputs: Sample;
  readonly error: string | RegExp;
};

/** One operation. */
export type Row = {
  /** The method of Tensor or the function under test. */
  readonly name: string;
  /** Other exported names that the row tests too: aliases, in-place forms. */
  readonly covers?: readonly string[];
  readonly calls: readonly Call[];
  /** The domain of inputs ([-2, 2]). */
  readonly domain?: Domain;
  /** Kinks and poles: ordinary inputs stay 1/16 away from them. */
  readonly avoid?: readonly number[];
  /** The dtypes under test (float32 and float64); int32 inputs are whole numbers of the domain. */
  readonly dtypes?: readonly Dtype[];
  /** Whether gradients exist (true) and, if so, gradients of gradients (true). */
  readonly differentiable?: boolean;
  readonly twice?: boolean;
  /** The largest error against PyTorch in ulps: of values (4), and of gradients (as values). */
  readonly ulps?: number;
  readonly gradUlps?: number;
  /** Ulps are those of max(|x|, floor) (0): where a sum cancels, the magnitude of its terms. */
  readonly floor?: number;
  /** Whether the sign of a zero must be PyTorch's (true, unless `floor` is given). */
  readonly signedZero?: boolean;
  /** The largest difference between float32 and float64, relative to the largest element (1e-5). */
  readonly agree?: number;
  /** An element depends only on the input elements at its place: position and size must not matter. */
  readonly elementwise?: boolean;
  /** The operation takes row-major inputs only (view). */
  readonly rowMajorOnly?: boolean;
  /** Ordinary inputs times this factor are extreme inputs (2^60); 0 if the domain forbids them. */
  readonly extreme?: number;
  /** The in-place form of the first call; it must give the same bits. */
  readonly inPlace?: (...inputs: Tensor[]) => unknown;
  readonly refusals?: readonly Refusal[];
};

/** Lengths of elementwise inputs, around the lane counts of 128 bits. */
export const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 17];

/** Special values of a dtype: zeros, infinities, NaN, subnormals, the largest and the smallest number. */
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

/** The special values below a bound, and NaN. */
export const specialsBelow =
  (limit: number) =>
  (dtype: Dtype): readonly number[] =>
    specials(dtype).filter((x) => !(Math.abs(x) >= limit));

/** Some special values, few because tests take all pairs; the last one is subnormal. */
export function fewSpecials(dtype: Dtype): readonly number[] {
  const all = specials(dtype);
  return [0, -0, 1, -2, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, all[7]!, all[11]!];
}

type Options = Omit<Row, "name" | "calls"> & {
  /** The places of the kinks. */
  readonly kinks?: readonly number[];
  /** Special values (for two tensors: all pairs) instead of the usual ones. */
  readonly points?: (dtype: Dtype) => readonly number[];
  /** More calls: with options, numbers, other dtypes. */
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

/** An elementwise operation of two tensors: all kinds of broadcasting, and all pairs of special values. */
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
