import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { define, integerFrom, orNull } from "../../base/signature.js";
import { tensorKind } from "../../tensor/kinds.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Size, sizeKind, sizesOf } from "../layout/sizes.js";
import { reshape, squeeze, unsqueeze } from "../layout/views.js";
import { add } from "../pointwise/arithmetic.js";
import { pad } from "../vision/pad.js";
import { checkChannels, checkGroups, checkOperands, twoDims } from "./conv.js";
import { type ConvGeometry, convolveInput, type Pair } from "./convolution.js";

/** Options of the transposed convolutions. */
export type ConvTransposeOptions = {
  /** Steps between the places where the input's elements spread; 1 when left out. */
  stride?: Size;
  /** How much is cut off on both sides of the result; 0 when left out. */
  padding?: Size;
  /** How much the result is longer at its end; less than stride or dilation; 0 when left out. */
  outputPadding?: Size;
  /** Groups of channels that do not see each other; 1 when left out. */
  groups?: number;
  /** Steps between the elements under the kernel; 1 when left out. */
  dilation?: Size;
};

/** The call of a transposed convolution with `dims` spatial dims. */
function transposeCall(op: string, dims: number) {
  return define(
    op,
    {
      input: tensorKind,
      weight: tensorKind,
      bias: orNull(tensorKind),
      stride: sizeKind,
      padding: sizeKind,
      outputPadding: sizeKind,
      groups: integerFrom(1),
      dilation: sizeKind,
    },
    (
      input: Tensor,
      weight: Tensor,
      bias: Tensor | null = null,
      stride: Size = 1,
      padding: Size = 0,
      outputPadding: Size = 0,
      groups: number = 1,
      dilation: Size = 1,
    ): Tensor =>
      convolutionTranspose(op, dims, input, weight, bias, { stride, padding, outputPadding, groups, dilation }),
  );
}

/** Checked options, of height and width. */
function readOptions(
  op: string,
  dims: number,
  { stride, padding, outputPadding, groups, dilation }: Required<ConvTransposeOptions>,
): ConvGeometry & { cut: Pair; extra: Pair } {
  const read = (name: string, value: Size, least: number): Pair =>
    twoDims(sizesOf(op, name, value, dims, least), least);
  const geometry = { stride: read("stride", stride, 1), dilation: read("dilation", dilation, 1), groups };
  const extra = read("outputPadding", outputPadding, 0);
  if (extra.some((size, i) => size > 0 && size >= Math.max(geometry.stride[i]!, geometry.dilation[i]!))) {
    throw new ValueError(
      op,
      `expected outputPadding to be smaller than stride or dilation, got ${formatShape(extra.slice(-dims))}`,
    );
  }
  return { ...geometry, cut: read("padding", padding, 0), extra };
}

function convolutionTranspose(
  op: string,
  dims: number,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null | undefined,
  options: Required<ConvTransposeOptions>,
): Tensor {
  checkOperands(op, dims, x, weight, bias);
  const { cut, extra, ...geometry } = readOptions(op, dims, options);
  checkGroups(op, geometry.groups, weight.shape[0]!, "channels that come in");
  const channels = weight.shape[1]! * geometry.groups;
  checkChannels(op, x, weight, bias, [weight.shape[0]!, channels]);
  const kernel = twoDims(weight.shape.slice(2), 1);
  const image = twoDims(x.shape.slice(-dims), 1);
  // The whole result, to the end of outputPadding; where that ends before the last kernel does, the kernel is cut.
  const reach = image.map((size, i) => (size - 1) * geometry.stride[i]! + geometry.dilation[i]! * (kernel[i]! - 1) + 1);
  const sizes = reach.map((size, i) => size - 2 * cut[i]! + extra[i]!);
  if (sizes.some((size) => size < 1) || image.some((size) => size < 1) || kernel.some((size) => size < 1)) {
    const got = formatShape(sizes.slice(-dims));
    throw new ShapeError(op, `expected sizes that leave a result, got ${got} from input ${formatShape(x.shape)}`);
  }
  const batch = x.ndim === dims + 1 ? unsqueeze(x, 0) : x;
  const planes = dims === 1 ? unsqueeze(batch, 2) : batch;
  const windows = dims === 1 ? unsqueeze(weight, 2) : weight;
  const whole = convolveInput(op, planes, windows, [reach[0]!, reach[1]!], geometry);
  const borders = [-cut[1], extra[1] - cut[1], -cut[0], extra[0] - cut[0]];
  const out = borders.every((size) => size === 0) ? whole : pad(whole, borders);
  const rows = dims === 1 ? squeeze(out, 2) : out;
  const unbatched = x.ndim === dims + 1 ? squeeze(rows, 0) : rows;
  return bias ? add(unbatched, reshape(bias, [channels, ...new Array<number>(dims).fill(1)])) : unbatched;
}

/**
 * Spreads every element of images over a kernel of weights, as torch.nn.functional.conv_transpose2d: the gradient of
 * {@link conv2d} with respect to its input.
 *
 * @param x [N, C, H, W] or [C, H, W], float32 or float64
 * @param weight [C, out / groups, kH, kW]
 * @param bias [out]
 * @returns [N, out, oH, oW], where oH = (H − 1)·stride − 2·padding + dilation·(kH − 1) + outputPadding + 1
 * @throws ShapeError when sizes do not meet, DtypeError when dtypes differ, ValueError for options that mean nothing
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose2d.html
 * @example
 * ```ts
 * import { F, rand } from "simdgrad";
 * F.convTranspose2d(rand([1, 4, 5, 5]), rand([4, 2, 3, 3]), null, { stride: 2, padding: 1, outputPadding: 1 }).shape; // [1, 2, 10, 10]
 * ```
 */
export const convTranspose2d = transposeCall("convTranspose2d", 2);

/**
 * Spreads every element of sequences over a kernel of weights, as torch.nn.functional.conv_transpose1d.
 *
 * @param x [N, C, L] or [C, L], float32 or float64
 * @param weight [C, out / groups, k]
 * @param bias [out]
 * @returns [N, out, oL]
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose1d.html
 */
export const convTranspose1d = transposeCall("convTranspose1d", 1);
