import { realKernels } from "../../tensor/dispatch.js";
import type { Tensor } from "../../tensor/tensor.js";
import { mean } from "../reduce/reduce.js";
import { type Pooled, pooled } from "./pool.js";
import { largestIn, meanIn } from "./pooling.js";
import { type OutputSize, sharesOf } from "./window.js";

/** Options of {@link adaptiveMaxPool1d} and {@link adaptiveMaxPool2d}. */
export type AdaptiveMaxPoolOptions<R extends boolean = boolean> = {
  /** Whether the result is [values, indices]; false when left out. */
  returnIndices?: R;
};

function adaptiveAvgPool(op: string, dims: number, x: Tensor, outputSize: OutputSize): Tensor {
  const windows = sharesOf(op, x, dims, outputSize);
  realKernels(op, x.dtype); // refuses other types
  // A single window is a sum over the plane, which `mean` adds in pairs. PyTorch calls mean too, in two dims only.
  if (dims === 2 && windows.every(({ count }) => count === 1)) return mean(x, [-2, -1], true);
  return meanIn(op, x, windows, { padded: false, given: null });
}

function adaptiveMaxPool<R extends boolean>(
  op: string,
  dims: number,
  x: Tensor,
  outputSize: OutputSize,
  { returnIndices }: AdaptiveMaxPoolOptions<R>,
): Pooled<R> {
  return pooled(largestIn(op, x, sharesOf(op, x, dims, outputSize), returnIndices === true), returnIndices);
}

/**
 * Means over windows that divide images evenly into a result of a given size, as
 * torch.nn.functional.adaptive_avg_pool2d: window i goes from ⌊i·H / oH⌋ to ⌈(i + 1)·H / oH⌉.
 *
 * @param x [N, C, H, W] or [C, H, W], float32 or float64
 * @param outputSize oH = oW, or [oH, oW], where null keeps the input's
 * @returns [N, C, oH, oW]
 * @throws ShapeError for another number of dims, ValueError for invalid sizes
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool2d.html
 * @example
 * ```ts
 * import { F, rand } from "simdgrad";
 * F.adaptiveAvgPool2d(rand([4, 512, 14, 10]), 7).shape; // [4, 512, 7, 7]
 * F.adaptiveAvgPool2d(rand([4, 512, 14, 10]), [1, null]).shape; // [4, 512, 1, 10]
 * ```
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: OutputSize): Tensor {
  return adaptiveAvgPool("adaptiveAvgPool2d", 2, x, outputSize);
}

/**
 * Means over windows that divide sequences [N, C, L] or [C, L] evenly, as torch.nn.functional.adaptive_avg_pool1d; see
 * {@link adaptiveAvgPool2d}.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool1d.html
 */
export function adaptiveAvgPool1d(x: Tensor, outputSize: number | readonly number[]): Tensor {
  return adaptiveAvgPool("adaptiveAvgPool1d", 1, x, outputSize);
}

/**
 * The largest elements of windows that divide images evenly, as torch.nn.functional.adaptive_max_pool2d; windows as in
 * {@link adaptiveAvgPool2d}, ties and NaN as in {@link maxPool2d}.
 *
 * @param x [N, C, H, W] or [C, H, W], float32 or float64
 * @param outputSize oH = oW, or [oH, oW], where null keeps the input's
 * @returns [N, C, oH, oW]; with `returnIndices` also the place of each in its plane
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool2d.html
 * @example
 * ```ts
 * import { F, rand } from "simdgrad";
 * const [values, indices] = F.adaptiveMaxPool2d(rand([4, 16, 9, 9]), [3, 2], { returnIndices: true });
 * ```
 */
export function adaptiveMaxPool2d<R extends boolean = false>(
  x: Tensor,
  outputSize: OutputSize,
  options: AdaptiveMaxPoolOptions<R> = {},
): Pooled<R> {
  return adaptiveMaxPool("adaptiveMaxPool2d", 2, x, outputSize, options);
}

/**
 * The largest elements of windows that divide sequences [N, C, L] or [C, L] evenly, as
 * torch.nn.functional.adaptive_max_pool1d; see {@link adaptiveMaxPool2d}.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool1d.html
 */
export function adaptiveMaxPool1d<R extends boolean = false>(
  x: Tensor,
  outputSize: number | readonly number[],
  options: AdaptiveMaxPoolOptions<R> = {},
): Pooled<R> {
  return adaptiveMaxPool("adaptiveMaxPool1d", 1, x, outputSize, options);
}
