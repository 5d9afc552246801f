import { type ArgumentsOf, boolean, define, type Spelled } from "../../base/signature.js";
import { realKernels } from "../../tensor/dispatch.js";
import { tensorKind } from "../../tensor/kinds.js";
import type { Tensor } from "../../tensor/tensor.js";
import { mean } from "../reduce/reduce.js";
import { type PooledPair, pooled } from "./pool.js";
import { largestIn, meanIn } from "./pooling.js";
import { type OutputSize, outputSizeKind, sharesOf } from "./window.js";

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

/** The call of adaptive means over the last `dims` dims. */
function adaptiveAvgPoolCall(op: string, dims: number) {
  return define(
    op,
    { input: tensorKind, outputSize: outputSizeKind },
    (input: Tensor, outputSize: OutputSize): Tensor => adaptiveAvgPool(op, dims, input, outputSize),
  );
}

/** What adaptive max pooling takes for a result of values alone. */
type AdaptiveMaxPoolArguments = Spelled<
  [input: Tensor, outputSize: OutputSize, returnIndices?: false],
  { input?: Tensor; outputSize?: OutputSize } & AdaptiveMaxPoolOptions<false>
>;

/** What adaptive max pooling takes for a result of values and indices. */
type AdaptiveMaxPoolPairArguments = Spelled<
  [input: Tensor, outputSize: OutputSize, returnIndices: true],
  { input?: Tensor; outputSize?: OutputSize; returnIndices: true }
>;

/** The call of adaptive max pooling over the last `dims` dims. */
function adaptiveMaxPoolCall(op: string, dims: number) {
  return define(
    op,
    { input: tensorKind, outputSize: outputSizeKind, returnIndices: boolean },
    (input: Tensor, outputSize: OutputSize, returnIndices: boolean = false): Tensor | PooledPair => {
      return pooled(largestIn(op, input, sharesOf(op, input, dims, outputSize), returnIndices), returnIndices);
    },
  );
}

/**
 * Means over windows that divide images evenly into a result of a given size, as
 * torch.nn.functional.adaptive_avg_pool2d: window i goes from ⌊i·H / oH⌋ to ⌈(i + 1)·H / oH⌉.
 *
 * @param input [N, C, H, W] or [C, H, W], float32 or float64
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
export const adaptiveAvgPool2d = adaptiveAvgPoolCall("adaptiveAvgPool2d", 2);

/**
 * Means over windows that divide sequences [N, C, L] or [C, L] evenly, as torch.nn.functional.adaptive_avg_pool1d; see
 * {@link adaptiveAvgPool2d}.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool1d.html
 */
export const adaptiveAvgPool1d = adaptiveAvgPoolCall("adaptiveAvgPool1d", 1);

/**
 * The largest elements of windows that divide images evenly, as torch.nn.functional.adaptive_max_pool2d; windows as in
 * {@link adaptiveAvgPool2d}, ties and NaN as in {@link maxPool2d}.
 *
 * @param input [N, C, H, W] or [C, H, W], float32 or float64
 * @param outputSize oH = oW, or [oH, oW], where null keeps the input's
 * @returns [N, C, oH, oW]; with `returnIndices` also the place of each in its plane
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool2d.html
 * @example
 * ```ts
 * import { F, rand } from "simdgrad";
 * const [values, indices] = F.adaptiveMaxPool2d(rand([4, 16, 9, 9]), [3, 2], { returnIndices: true });
 * ```
 */
export function adaptiveMaxPool2d(...args: AdaptiveMaxPoolArguments): Tensor;
export function adaptiveMaxPool2d(...args: AdaptiveMaxPoolPairArguments): PooledPair;
export function adaptiveMaxPool2d(...args: ArgumentsOf<typeof adaptiveMaxPool2dCall>): Tensor | PooledPair {
  return adaptiveMaxPool2dCall(...args);
}
const adaptiveMaxPool2dCall = adaptiveMaxPoolCall("adaptiveMaxPool2d", 2);

/**
 * The largest elements of windows that divide sequences [N, C, L] or [C, L] evenly, as
 * torch.nn.functional.adaptive_max_pool1d; see {@link adaptiveMaxPool2d}.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool1d.html
 */
export function adaptiveMaxPool1d(...args: AdaptiveMaxPoolArguments): Tensor;
export function adaptiveMaxPool1d(...args: AdaptiveMaxPoolPairArguments): PooledPair;
export function adaptiveMaxPool1d(...args: ArgumentsOf<typeof adaptiveMaxPool1dCall>): Tensor | PooledPair {
  return adaptiveMaxPool1dCall(...args);
}
const adaptiveMaxPool1dCall = adaptiveMaxPoolCall("adaptiveMaxPool1d", 1);
