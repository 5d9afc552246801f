import { ValueError } from "../../base/errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Size } from "../layout/sizes.js";
import { largestIn, meanIn } from "./pooling.js";
import { strideAndOptions, type WindowOptions, windowsOn } from "./window.js";

/** The values, or [values, indices] with `returnIndices`. */
export type Pooled<R extends boolean> = R extends true ? [values: Tensor, indices: Tensor] : Tensor;

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

/** The result of max pooling, in the form that the caller asked for. */
export function pooled<R extends boolean>(
  { values, indices }: ReturnType<typeof largestIn>,
  returnIndices: R | undefined,
): Pooled<R> {
  return (returnIndices ? [values, indices] : values) as Pooled<R>;
}

function maxPool<R extends boolean>(
  op: string,
  dims: number,
  x: Tensor,
  kernelSize: Size,
  third: Size | null | MaxPoolOptions<R> | undefined,
  fourth: MaxPoolOptions<R> | undefined,
): Pooled<R> {
  const { stride, options = {} } = strideAndOptions(op, third, fourth);
  const windows = windowsOn(op, x, dims, kernelSize, stride, options);
  return pooled(largestIn(op, x, windows, options.returnIndices === true), options.returnIndices);
}

/**
 * The largest element of each window on images, as torch.nn.functional.max_pool2d. Of equal elements the first counts,
 * of NaN the last; padding never counts. The gradient goes to that element alone.
 *
 * @param x [N, C, H, W] or [C, H, W], float32 or float64
 * @param kernelSize of the window, one number or [height, width]
 * @param stride steps between windows, kernelSize when left out or null; or all options
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
export function maxPool2d<R extends boolean = false>(
  x: Tensor,
  kernelSize: Size,
  stride?: Size | null | MaxPoolOptions<R>,
  options?: MaxPoolOptions<R>,
): Pooled<R> {
  return maxPool("maxPool2d", 2, x, kernelSize, stride, options);
}

/**
 * The largest element of each window on sequences, as torch.nn.functional.max_pool1d; {@link maxPool2d} in one dim.
 *
 * @param x [N, C, L] or [C, L], float32 or float64
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool1d.html
 * @example
 * ```ts
 * import { F, tensor } from "simdgrad";
 * F.maxPool1d(tensor([[1, 3, 2, 0]]), 2); // [[3, 2]]
 * ```
 */
export function maxPool1d<R extends boolean = false>(
  x: Tensor,
  kernelSize: Size,
  stride?: Size | null | MaxPoolOptions<R>,
  options?: MaxPoolOptions<R>,
): Pooled<R> {
  return maxPool("maxPool1d", 1, x, kernelSize, stride, options);
}

function avgPool(
  op: string,
  dims: number,
  x: Tensor,
  kernelSize: Size,
  third: Size | null | AvgPool2dOptions | undefined,
  fourth: AvgPool2dOptions | undefined,
): Tensor {
  const { stride, options = {} } = strideAndOptions(op, third, fourth);
  const { padding = 0, ceilMode = false, countIncludePad = true, divisorOverride = null } = options;
  if (divisorOverride !== null && (!Number.isInteger(divisorOverride) || divisorOverride === 0)) {
    throw new ValueError(op, `expected divisorOverride to be a whole number other than 0, got ${divisorOverride}`);
  }
  const windows = windowsOn(op, x, dims, kernelSize, stride, { padding, ceilMode });
  return meanIn(op, x, windows, { padded: countIncludePad, given: divisorOverride });
}

/**
 * The mean of each window on images, as torch.nn.functional.avg_pool2d.
 *
 * @param x [N, C, H, W] or [C, H, W], float32 or float64
 * @param kernelSize of the window, one number or [height, width]
 * @param stride steps between windows, kernelSize when left out or null; or all options
 * @returns [N, C, oH, oW], with the sizes of {@link maxPool2d}
 * @throws ShapeError for windows that do not fit, ValueError for invalid sizes or padding over half the kernel
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool2d.html
 * @example
 * ```ts
 * import { F, rand } from "simdgrad";
 * F.avgPool2d(rand([4, 6, 28, 28]), 3, { stride: 2, padding: 1, countIncludePad: false }).shape; // [4, 6, 14, 14]
 * ```
 */
export function avgPool2d(
  x: Tensor,
  kernelSize: Size,
  stride?: Size | null | AvgPool2dOptions,
  options?: AvgPool2dOptions,
): Tensor {
  return avgPool("avgPool2d", 2, x, kernelSize, stride, options);
}

/**
 * The mean of each window on sequences, as torch.nn.functional.avg_pool1d; {@link avgPool2d} in one dim.
 *
 * @param x [N, C, L] or [C, L], float32 or float64
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool1d.html
 * @example
 * ```ts
 * import { F, tensor } from "simdgrad";
 * F.avgPool1d(tensor([[1, 3, 2, 0]]), 2); // [[2, 1]]
 * ```
 */
export function avgPool1d(
  x: Tensor,
  kernelSize: Size,
  stride?: Size | null | AvgPool1dOptions,
  options?: AvgPool1dOptions,
): Tensor {
  return avgPool("avgPool1d", 1, x, kernelSize, stride, options);
}
