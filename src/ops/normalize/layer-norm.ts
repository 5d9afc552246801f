import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import { anyNumber, define } from "../../base/signature.js";
import { tensorKind } from "../../tensor/kinds.js";
import type { Tensor } from "../../tensor/tensor.js";
import { detach } from "../layout/copy.js";
import { type Size, sizeKind } from "../layout/sizes.js";
import { reshape } from "../layout/views.js";
import { AFFINE, checkChannelDim, checkNormOperands } from "./batch-norm.js";
import { type Affine, type Layout, standardize, statisticsOf } from "./standardize.js";

/** x normalised with its own statistics, in a layout. */
function normalized(op: string, x: Tensor, layout: Layout, affine: Affine, eps: number): Tensor {
  const seen = reshape(x, [layout.images, layout.channels, layout.length]);
  const statistics = statisticsOf(op, detach(seen), layout, eps, Number.POSITIVE_INFINITY);
  return reshape(standardize(op, seen, statistics, layout, affine), x.shape);
}

/**
 * Normalises over the last dims, as torch.nn.functional.layer_norm: (x − mean) / √(variance + eps) · weight + bias.
 *
 * @param input [*, …normalizedShape], float32 or float64
 * @param normalizedShape the sizes of the last dims, which are normalised together
 * @param weight of normalizedShape, factors of the normalised values; 1 when left out or null
 * @param bias of normalizedShape, added to the products; 0 when left out or null
 * @param eps added to the variance
 * @returns the shape of x
 * @throws ShapeError when sizes do not meet, DtypeError when dtypes differ
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.layer_norm.html
 * @example
 * ```ts
 * import { F, tensor } from "simdgrad";
 * F.layerNorm(tensor([[1, 3], [10, 30]]), 2); // [[-1.0000, 1.0000], [-1.0000, 1.0000]]
 * ```
 */
export const layerNorm = define(
  "layerNorm",
  { input: tensorKind, normalizedShape: sizeKind, ...AFFINE, eps: anyNumber },
  (
    input: Tensor,
    normalizedShape: Size,
    weight: Tensor | null = null,
    bias: Tensor | null = null,
    eps: number = 1e-5,
  ): Tensor => {
    const shape = typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape;
    return normalizeRows(input, shape, weight, bias, eps);
  },
);

function normalizeRows(
  x: Tensor,
  shape: readonly number[],
  weight: Tensor | null,
  bias: Tensor | null,
  eps: number,
): Tensor {
  const op = "layerNorm";
  if (shape.length === 0) throw new ValueError(op, "expected normalizedShape of at least one dim, got []");
  const last = x.shape.slice(-shape.length);
  if (x.ndim < shape.length || shape.some((size, i) => size !== last[i])) {
    throw new ShapeError(op, `expected input [*, ${shape.join(", ")}], got ${formatShape(x.shape)}`);
  }
  checkNormOperands(op, x, shape, [weight, bias]);
  const size = sizeOf(shape);
  const rows = sizeOf(x.shape.slice(0, -shape.length));
  // Without weights a row can be a plane: its kernels read one weight for all elements, or none.
  const plain = weight === null && bias === null;
  const layout: Layout = plain
    ? { images: 1, channels: rows, length: size, share: 1 }
    : { images: rows, channels: size, length: 1, share: size };
  const [w, b] = [weight, bias].map((values) => values && reshape(values, [size]));
  return normalized(op, x, layout, [w!, b!], eps);
}

/**
 * Normalises groups of channels of each image, as torch.nn.functional.group_norm: (x − mean) / √(variance + eps) ·
 * weight + bias.
 *
 * @param input [N, C] or [N, C, …], float32 or float64
 * @param numGroups number of groups of neighbouring channels, all of one size
 * @param weight [C], factors of the normalised values; 1 when left out or null
 * @param bias [C], added to the products; 0 when left out or null
 * @param eps added to the variance
 * @returns the shape of x
 * @throws ShapeError when sizes do not meet, ValueError for groups that do not divide the channels or hold one value,
 *   DtypeError when dtypes differ
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.group_norm.html
 * @example
 * ```ts
 * import { F, tensor } from "simdgrad";
 * F.groupNorm(tensor([[1, 3, 10, 30]]), 2); // [[-1.0000, 1.0000, -1.0000, 1.0000]]
 * ```
 */
export const groupNorm = define(
  "groupNorm",
  { input: tensorKind, numGroups: anyNumber, ...AFFINE, eps: anyNumber },
  (
    input: Tensor,
    numGroups: number,
    weight: Tensor | null = null,
    bias: Tensor | null = null,
    eps: number = 1e-5,
  ): Tensor => normalizeGroups(input, numGroups, [weight, bias], eps),
);

function normalizeGroups(x: Tensor, numGroups: number, affine: Affine, eps: number): Tensor {
  const op = "groupNorm";
  checkChannelDim(op, x, 2);
  const [images, channels] = [x.shape[0]!, x.shape[1]!];
  if (!Number.isInteger(numGroups) || numGroups < 1 || channels % numGroups !== 0) {
    throw new ValueError(op, `expected groups that divide the ${channels} channels, got ${numGroups}`);
  }
  checkNormOperands(op, x, [channels], affine);
  const length = sizeOf(x.shape.slice(2));
  // PyTorch's rule, although one value per group makes no sense with several images either.
  if (Math.floor((images * channels) / numGroups) * length === 1) {
    throw new ValueError(op, `expected more than 1 value per group, got input ${formatShape(x.shape)}`);
  }
  return normalized(op, x, { images, channels, length, share: channels / numGroups }, affine, eps);
}
