import { type ArgumentsOf, boolean, define, type Kind, orNull, type Spelled } from "../../base/signature.js";
import { tensorKind } from "../../tensor/kinds.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Size, sizeKind } from "../layout/sizes.js";
import { largestIn, meanIn } from "./pooling.js";
import { type WindowOptions, windowsOn } from "./window.js";

/** The largest elements and their places, from pooling with `returnIndices`. */
export type PooledPair = [values: Tensor, indices: Tensor];

/** The values, or [values, indices] with `returnIndices`. */
export type Pooled<R extends boolean> = R extends true ? PooledPair : Tensor;

/** Options of {@link maxPool1d} and {@link maxPool2d}. */
export type MaxPoolOptions<R extends boolean = boolean> = WindowOptions & {
  /** Whether the result is [values, indices]; false when left out. */
  returnIndices?: R;
};

/** Options of {@link avgPool1d}. */
export type AvgPool1dOptions = Omit<WindowOptions, "dilation"> & {
  /** Whether zeros of the padding count in the mean; true when left out. */
  countIncludePad?: boolean;
};

/** Options of {@link avgPool2d}. */
export type AvgPool2dOptions = AvgPool1dOptions & {
  /** Divisor of the sums, instead of the number of elements. */
  divisorOverride?: number | null;
};

/** What max pooling takes for a result of values alone. */
type MaxPoolArguments = Spelled<
  [
    input: Tensor,
    kernelSize: Size,
    stride?: Size | null,
    padding?: Size,
    dilation?: Size,
    ceilMode?: boolean,
    returnIndices?: false,
  ],
  { input?: Tensor; kernelSize?: Size } & MaxPoolOptions<false>
>;

/** What max pooling takes for a result of values and indices. */
type MaxPoolPairArguments = Spelled<
  [
    input: Tensor,
    kernelSize: Size,
    stride: Size | null,
    padding: Size,
    dilation: Size,
    ceilMode: boolean,
    returnIndices: true,
  ],
  { input?: Tensor; kernelSize?: Size } & MaxPoolOptions<true> & { returnIndices: true }
>;

/** The result of max pooling, in the form that the caller asked for. */
export function pooled({ values, indices }: ReturnType<typeof largestIn>, returnIndices: boolean): Tensor | PooledPair {
  return returnIndices && indices !== null ? [values, indices] : values;
}

/** The call of max pooling over the last `dims` dims. */
function maxPoolCall(op: string, dims: number) {
  return define(
    op,
    {
      input: tensorKind,
      kernelSize: sizeKind,
      stride: orNull(sizeKind),
      padding: sizeKind,
      dilation: sizeKind,
      ceilMode: boolean,
      returnIndices: boolean,
    },
    (
      input: Tensor,
      kernelSize: Size,
      stride: Size | null = null,
      padding: Size = 0,
      dilation: Size = 1,
      ceilMode: boolean = false,
      returnIndices: boolean = false,
    ): Tensor | PooledPair => {
      const windows = windowsOn(op, input, dims, kernelSize, stride, { padding, dilation, ceilMode });
      return pooled(largestIn(op, input, windows, returnIndices), returnIndices);
    },
  );
}

/**
 * The largest element of each window on images, as torch.nn.functional.max_pool2d. Of equal elements the first counts,
 * of NaN the last; padding never counts. The gradient goes to that element alone.
 *
 * @param input [N, C, H, W] or [C, H, W], float32 or float64
 * @param kernelSize of the window, one number or [height, width]
 * @param stride steps between windows, kernelSize when left out or null
 * @returns [N, C, oH, oW], where oH = ⌊(H + 2·padding − dilation·(kH − 1) − 1) / stride⌋ + 1 (⌈ ⌉ in ceil mode, if the
 * last window starts before the end of the input); with `returnIndices` also the place of each in its plane, row·W +
 * column (int32)
 * @throws ShapeError for windows that do not fit, ValueError for invalid sizes or padding over half the kernel
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool2d.html
 * @example
 * ```ts
 * import { F, rand } from "simdgrad";
 * const x = rand([4, 6, 28, 28]);
 * F.maxPool2d(x, 2).shape; // [4, 6, 14, 14]
 * F.maxPool2d(x, 3, 2, { padding: 1 }).shape; // [4, 6, 14, 14]
 * const [values, indices] = F.maxPool2d(x, 3, { stride: 2, ceilMode: true, returnIndices: true });
 * ```
 */
export function maxPool2d(...args: MaxPoolArguments): Tensor;
export function maxPool2d(...args: MaxPoolPairArguments): PooledPair;
export function maxPool2d(...args: ArgumentsOf<typeof maxPool2dCall>): Tensor | PooledPair {
  return maxPool2dCall(...args);
}
const maxPool2dCall = maxPoolCall("maxPool2d", 2);

/**
 * The largest element of each window on sequences, as torch.nn.functional.max_pool1d; {@link maxPool2d} in one dim.
 *
 * @param input [N, C, L] or [C, L], float32 or float64
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool1d.html
 * @example
 * ```ts
 * import { F, tensor } from "simdgrad";
 * F.maxPool1d(tensor([[1, 3, 2, 0]]), 2); // [[3, 2]]
 * ```
 */
export function maxPool1d(...args: MaxPoolArguments): Tensor;
export function maxPool1d(...args: MaxPoolPairArguments): PooledPair;
export function maxPool1d(...args: ArgumentsOf<typeof maxPool1dCall>): Tensor | PooledPair {
  return maxPool1dCall(...args);
}
const maxPool1dCall = maxPoolCall("maxPool1d", 1);

/** The kinds that average pooling in one and two dims has. */
const MEAN = {
  input: tensorKind,
  kernelSize: sizeKind,
  stride: orNull(sizeKind),
  padding: sizeKind,
  ceilMode: boolean,
  countIncludePad: boolean,
} as const;

/** A divisor of sums, or null for the number of elements. */
export const divisorKind: Kind<number | null> = {
  expected: "a whole number other than 0, or null",
  fits: (value): value is number | null => value === null || (Number.isSafeInteger(value) && value !== 0),
};

/**
 * The mean of each window on images, as torch.nn.functional.avg_pool2d.
 *
 * @param input [N, C, H, W] or [C, H, W], float32 or float64
 * @param kernelSize of the window, one number or [height, width]
 * @param stride steps between windows, kernelSize when left out or null
 * @returns [N, C, oH, oW], with the sizes of {@link maxPool2d}
 * @throws ShapeError for windows that do not fit, ValueError for invalid sizes or padding over half the kernel
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool2d.html
 * @example
 * ```ts
 * import { F, rand } from "simdgrad";
 * F.avgPool2d(rand([4, 6, 28, 28]), 3, { stride: 2, padding: 1, countIncludePad: false }).shape; // [4, 6, 14, 14]
 * ```
 */
export const avgPool2d = define(
  "avgPool2d",
  { ...MEAN, divisorOverride: divisorKind },
  (
    input: Tensor,
    kernelSize: Size,
    stride: Size | null = null,
    padding: Size = 0,
    ceilMode: boolean = false,
    countIncludePad: boolean = true,
    divisorOverride: number | null = null,
  ): Tensor => {
    const windows = windowsOn("avgPool2d", input, 2, kernelSize, stride, { padding, ceilMode });
    return meanIn("avgPool2d", input, windows, { padded: countIncludePad, given: divisorOverride });
  },
);

/**
 * The mean of each window on sequences, as torch.nn.functional.avg_pool1d; {@link avgPool2d} in one dim.
 *
 * @param input [N, C, L] or [C, L], float32 or float64
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool1d.html
 * @example
 * ```ts
 * import { F, tensor } from "simdgrad";
 * F.avgPool1d(tensor([[1, 3, 2, 0]]), 2); // [[2, 1]]
 * ```
 */
export const avgPool1d = define(
  "avgPool1d",
  MEAN,
  (
    input: Tensor,
    kernelSize: Size,
    stride: Size | null = null,
    padding: Size = 0,
    ceilMode: boolean = false,
    countIncludePad: boolean = true,
  ): Tensor => {
    const windows = windowsOn("avgPool1d", input, 1, kernelSize, stride, { padding, ceilMode });
    return meanIn("avgPool1d", input, windows, { padded: countIncludePad, given: null });
  },
);
