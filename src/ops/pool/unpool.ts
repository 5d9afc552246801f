import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import { define, orNull } from "../../base/signature.js";
import { realKernels } from "../../tensor/dispatch.js";
import { tensorKind } from "../../tensor/kinds.js";
import type { Tensor } from "../../tensor/tensor.js";
import { checkIndex, scatter } from "../index/gather.js";
import { zeros } from "../layout/ranges.js";
import { type Size, sizeKind, sizesKind, sizesOf } from "../layout/sizes.js";
import { reshape } from "../layout/views.js";
import { checkPlanes } from "./window.js";

/** Options of {@link maxUnpool1d} and {@link maxUnpool2d}. */
export type MaxUnpoolOptions = {
  /** Steps between windows; the kernel's size when left out or null. */
  stride?: Size | null;
  /** Padding of the pooling; 0 when left out. */
  padding?: Size;
  /** The size of the pooling's input, all dims or the spatial ones. Several sizes may give one result. */
  outputSize?: readonly number[] | null;
};

/** The sizes of the pooled planes: those that windows fill, or the caller's, which are less than a stride away. */
function planeSizes(
  op: string,
  x: Tensor,
  kernels: readonly number[],
  strides: readonly number[],
  pads: readonly number[],
  outputSize: readonly number[] | null,
): readonly number[] {
  const dims = kernels.length;
  const full = kernels.map((kernel, i) => (x.shape[x.ndim - dims + i]! - 1) * strides[i]! + kernel - 2 * pads[i]!);
  if (outputSize === null && full.every((size) => size > 0)) return full;
  const sizes = outputSize?.length === dims + 2 ? outputSize.slice(2) : (outputSize ?? []);
  const fits = (size: number, i: number): boolean =>
    Number.isInteger(size) && size > 0 && Math.abs(size - full[i]!) < strides[i]!;
  if (sizes.length === dims && sizes.every(fits)) return sizes;
  const problem = `expected an outputSize less than ${formatShape(strides)} away from ${formatShape(full)}`;
  throw new ValueError(op, `${problem}, got ${outputSize === null ? "none" : formatShape(outputSize)}`);
}

function maxUnpool(
  op: string,
  dims: number,
  x: Tensor,
  indices: Tensor,
  kernelSize: Size,
  { stride, padding, outputSize }: Required<MaxUnpoolOptions>,
): Tensor {
  checkPlanes(op, x, dims);
  realKernels(op, x.dtype); // refuses other types
  if (formatShape(indices.shape) !== formatShape(x.shape)) {
    throw new ShapeError(op, `expected indices of ${formatShape(x.shape)}, got ${formatShape(indices.shape)}`);
  }
  const kernels = sizesOf(op, "kernelSize", kernelSize, dims, 1);
  const strides = stride === null ? kernels : sizesOf(op, "stride", stride, dims, 1);
  const pads = sizesOf(op, "padding", padding, dims, 0);
  const plane = planeSizes(op, x, kernels, strides, pads, outputSize);
  const at = checkIndex(op, indices, sizeOf(plane));
  const outer = x.shape.slice(0, -dims);
  const rows = [sizeOf(outer), sizeOf(x.shape.slice(-dims))];
  const blank = zeros([rows[0]!, sizeOf(plane)], { dtype: x.dtype });
  return reshape(scatter(blank, 1, reshape(at, rows), reshape(x, rows)), [...outer, ...plane]);
}

/** The call of max unpooling over the last `dims` dims. */
function maxUnpoolCall(op: string, dims: number) {
  return define(
    op,
    {
      input: tensorKind,
      indices: tensorKind,
      kernelSize: sizeKind,
      stride: orNull(sizeKind),
      padding: sizeKind,
      outputSize: orNull(sizesKind),
    },
    (
      input: Tensor,
      indices: Tensor,
      kernelSize: Size,
      stride: Size | null = null,
      padding: Size = 0,
      outputSize: readonly number[] | null = null,
    ): Tensor => maxUnpool(op, dims, input, indices, kernelSize, { stride, padding, outputSize }),
  );
}

/**
 * Puts the elements that {@link maxPool2d} took back to their places among zeros, as torch.nn.functional.max_unpool2d.
 * Of equal indices the last wins.
 *
 * @param input [N, C, H, W] or [C, H, W], float32 or float64
 * @param indices int32, as maxPool2d gives them with `returnIndices`
 * @param kernelSize of the pooling, one number or [height, width]
 * @param stride of the pooling, kernelSize when left out or null
 * @returns [N, C, oH, oW], where oH = (H − 1)·stride + kH − 2·padding unless `outputSize` says otherwise
 * @throws ShapeError for indices of another shape, ValueError for indices outside of the plane or a size that does not
 * fit
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool2d.html
 * @example
 * ```ts
 * import { F, tensor } from "simdgrad";
 * const [values, indices] = F.maxPool2d(tensor([[[1, 2], [4, 3]]]), 2, { returnIndices: true });
 * F.maxUnpool2d(values, indices, 2); // [[[0, 0], [4, 0]]]
 * ```
 */
export const maxUnpool2d = maxUnpoolCall("maxUnpool2d", 2);

/**
 * Puts the elements that {@link maxPool1d} took back to their places, as torch.nn.functional.max_unpool1d;
 * {@link maxUnpool2d} in one dim.
 * @param input [N, C, L] or [C, L]
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool1d.html
 */
export const maxUnpool1d = maxUnpoolCall("maxUnpool1d", 1);
