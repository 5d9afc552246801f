import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { define, integerFrom, type Kind, orNull } from "../../base/signature.js";
import { tensorKind } from "../../tensor/kinds.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Size, sizeKind, sizesOf } from "../layout/sizes.js";
import { squeeze, unsqueeze } from "../layout/views.js";
import { checkOneDtype } from "../matmul/product.js";
import { type PadMode, pad } from "../vision/pad.js";
import { type ConvGeometry, convolve, outputPlane, type Pair } from "./convolution.js";

/** Padding on both sides of each spatial dim; "same" keeps the sizes (stride 1), "valid" is none. */
export type Padding = Size | "same" | "valid";

/** Options of the convolutions. */
export type ConvOptions = {
  /** Steps of the kernel; 1 when left out. */
  stride?: Size;
  /** Zeros on both sides; 0 when left out. */
  padding?: Padding;
  /** Steps between the elements under the kernel; 1 when left out. */
  dilation?: Size;
  /** Groups of channels that do not see each other; 1 when left out. */
  groups?: number;
};

export const paddingKind: Kind<Padding> = {
  expected: `${sizeKind.expected}, "same" or "valid"`,
  fits: (value): value is Padding => sizeKind.fits(value) || value === "same" || value === "valid",
};

/** The call of a convolution with `dims` spatial dims. */
function convolutionCall(op: string, dims: number) {
  return define(
    op,
    {
      input: tensorKind,
      weight: tensorKind,
      bias: orNull(tensorKind),
      stride: sizeKind,
      padding: paddingKind,
      dilation: sizeKind,
      groups: integerFrom(1),
    },
    (
      input: Tensor,
      weight: Tensor,
      bias: Tensor | null = null,
      stride: Size = 1,
      padding: Padding = 0,
      dilation: Size = 1,
      groups: number = 1,
    ): Tensor => convolution(op, dims, input, weight, bias, { stride, padding, dilation, groups }),
  );
}

/** Throws unless groups divide the channels that go out. */
export function checkGroups(op: string, groups: number, channels: number, what: string): void {
  if (Number.isInteger(groups) && groups > 0 && channels % groups === 0) return;
  throw new ValueError(op, `expected groups that divide the ${channels} ${what}, got ${groups}`);
}

/** Throws unless x, weight and bias are tensors of one dtype with `dims` spatial dims; x may lack the batch. */
export function checkOperands(op: string, dims: number, x: Tensor, weight: Tensor, bias?: Tensor | null): void {
  const names = dims === 1 ? "L" : "H, W";
  if (weight.ndim !== dims + 2) {
    const layout = dims === 1 ? "k" : "kH, kW";
    throw new ShapeError(op, `expected a weight of [channels, channels, ${layout}], got ${formatShape(weight.shape)}`);
  }
  if (x.ndim !== dims + 2 && x.ndim !== dims + 1) {
    throw new ShapeError(op, `expected input [N, C, ${names}] or [C, ${names}], got ${formatShape(x.shape)}`);
  }
  checkOneDtype(op, bias ? [x, weight, bias] : [x, weight]);
}

/** Throws unless the input has the channels that a weight asks for, and the bias one number per channel that goes out. */
export function checkChannels(
  op: string,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null | undefined,
  channels: readonly [into: number, out: number],
): void {
  const spatial = weight.ndim - 2;
  const [into, out] = channels;
  if (x.shape[x.ndim - spatial - 1] !== into) {
    const names = spatial === 1 ? "L" : "H, W";
    throw new ShapeError(
      op,
      `expected input [N, ${into}, ${names}] for a weight of ${formatShape(weight.shape)}, got ${formatShape(x.shape)}`,
    );
  }
  if (bias && (bias.ndim !== 1 || bias.shape[0] !== out)) {
    throw new ShapeError(op, `expected a bias of shape [${out}], got ${formatShape(bias.shape)}`);
  }
}

/** Zeros before and after each spatial dim. */
export function paddingOf(
  op: string,
  padding: Padding,
  kernel: Pair,
  geometry: ConvGeometry,
  dims: number,
): [number, number][] {
  if (padding === "valid") return kernel.map(() => [0, 0]);
  if (padding === "same") {
    if (geometry.stride.some((step) => step !== 1)) {
      throw new ValueError(op, `expected stride 1 with padding "same", got ${formatShape(geometry.stride)}`);
    }
    // An odd one goes behind, as in PyTorch.
    const total = kernel.map((size, i) => geometry.dilation[i]! * (size - 1));
    return total.map((size) => [Math.floor(size / 2), Math.ceil(size / 2)]);
  }
  if (typeof padding === "string") {
    throw new ValueError(op, `expected padding to be sizes, "same" or "valid", got "${String(padding)}"`);
  }
  return twoDims(sizesOf(op, "padding", padding, dims, 0), 0).map((size) => [size, size]);
}

/** Sizes of one or two dims as those of height and width: a length is a width. */
export function twoDims(sizes: readonly number[], height: number): Pair {
  return sizes.length === 1 ? [height, sizes[0]!] : [sizes[0]!, sizes[1]!];
}

/** x with borders [before, after] at height and width, or, with one spatial dim, at width alone. */
export function padded(x: Tensor, dims: number, borders: readonly [number, number][], mode: PadMode): Tensor {
  if (borders.every(([before, after]) => before === 0 && after === 0)) return x;
  return pad(x, borders.slice(-dims).reverse().flat(), { mode });
}

/** What the public convolutions share: `dims` spatial dims, everything seen as two. */
function convolution(
  op: string,
  dims: number,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null | undefined,
  { stride, padding, dilation, groups }: Required<ConvOptions>,
): Tensor {
  checkOperands(op, dims, x, weight, bias);
  const geometry: ConvGeometry = {
    stride: twoDims(sizesOf(op, "stride", stride, dims, 1), 1),
    dilation: twoDims(sizesOf(op, "dilation", dilation, dims, 1), 1),
    groups,
  };
  checkGroups(op, groups, weight.shape[0]!, "channels that go out");
  checkChannels(op, x, weight, bias, [weight.shape[1]! * groups, weight.shape[0]!]);
  const kernel = twoDims(weight.shape.slice(2), 1);
  const borders = paddingOf(op, padding, kernel, geometry, dims);
  const image = twoDims(x.shape.slice(-dims), 1).map((size, i) => size + borders[i]![0] + borders[i]![1]);
  if (
    outputPlane([image[0]!, image[1]!], kernel, geometry).some((size) => size < 1) ||
    kernel.some((size) => size < 1)
  ) {
    const size = formatShape(weight.shape.slice(2));
    throw new ShapeError(
      op,
      `expected a kernel of ${size} (dilation ${dilation}) that fits the padded input of ${formatShape(image.slice(-dims))}`,
    );
  }
  const batch = padded(x.ndim === dims + 1 ? unsqueeze(x, 0) : x, dims, borders, "constant");
  const planes = dims === 1 ? unsqueeze(batch, 2) : batch;
  const windows = dims === 1 ? unsqueeze(weight, 2) : weight;
  const out = convolve(op, planes, windows, geometry, bias ?? undefined);
  const rows = dims === 1 ? squeeze(out, 2) : out;
  return x.ndim === dims + 1 ? squeeze(rows, 0) : rows;
}

/**
 * Slides windows of weights over images, as torch.nn.functional.conv2d (a cross-correlation: nothing is flipped).
 *
 * out[n, o, i, j] = bias[o] + Σ over c, p, q of weight[o, c, p, q] · x[n, c, i·stride + p·dilation, j·stride + q·dilation]
 *
 * @param input [N, C, H, W] or [C, H, W], float32 or float64
 * @param weight [out, C / groups, kH, kW]
 * @param bias [out]
 * @returns [N, out, oH, oW], where oH = ⌊(H + 2·padding − dilation·(kH − 1) − 1) / stride⌋ + 1
 * @throws ShapeError when sizes do not meet, DtypeError when dtypes differ, ValueError for options that mean nothing
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html
 * @example
 * ```ts
 * import { F, rand } from "simdgrad";
 * F.conv2d(rand([4, 3, 32, 32]), rand([6, 3, 5, 5]), rand([6])).shape; // [4, 6, 28, 28]
 * F.conv2d(rand([4, 8, 9, 9]), rand([8, 1, 3, 3]), null, { padding: "same", groups: 8 }).shape; // [4, 8, 9, 9]
 * ```
 */
export const conv2d = convolutionCall("conv2d", 2);

/**
 * Slides windows of weights along sequences, as torch.nn.functional.conv1d; {@link conv2d} in one dim.
 *
 * @param x [N, C, L] or [C, L], float32 or float64
 * @param weight [out, C / groups, k]
 * @param bias [out]
 * @returns [N, out, oL]
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.conv1d.html
 * @example
 * ```ts
 * import { F, rand } from "simdgrad";
 * F.conv1d(rand([2, 4, 10]), rand([8, 4, 3]), null, { stride: 2, padding: 1 }).shape; // [2, 8, 5]
 * ```
 */
export const conv1d = convolutionCall("conv1d", 1);
