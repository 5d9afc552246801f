import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import { checkTensor } from "../../tensor/check.js";
import type { Tensor } from "../../tensor/tensor.js";
import { detach } from "../layout/copy.js";
import { reshape } from "../layout/views.js";
import { type AffineOptions, checkChannelDim, checkNormOperands } from "./batch-norm.js";
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
 * @param x [*, …normalizedShape], float32 or float64
 * @param normalizedShape the sizes of the last dims, which are normalised together
 * @param options weight and bias of normalizedShape; eps
 * @returns the shape of x
 * @throws ShapeError when sizes do not meet, DtypeError when dtypes differ
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.layer_norm.html
 * @example
 * ```ts
 * import { F, tensor } from "simdgrad";
 * F.layerNorm(tensor([[1, 3], [10, 30]]), 2); // [[-1.0000, 1.0000], [-1.0000, 1.0000]]
 * ```
 */
export function layerNorm(x: Tensor, normalizedShape: number | readonly number[], options: AffineOptions = {}): Tensor {
  const op = "layerNorm";
  const { weight = null, bias = null, eps = 1e-5 } = options;
  checkTensor(op, "input", x);
  const shape = typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape;
  if (shape.length === 0) throw new ValueError(op, "expected normalizedShape of at least one dim, got []");
  const last = x.shape.slice(-shape.length);
  if (x.ndim < shape.length || shape.some((size, i) => size !== last[i])) {
    throw new ShapeError(op, `expected input [*, ${shape.join(", ")}], got ${formatShape(x.shape)}`);
  }
  checkNormOperands(op, x, shape, { weight, bias });
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
 * @param x [N, C] or [N, C, …], float32 or float64
 * @param numGroups number of groups of neighbouring channels, all of one size
 * @param options weight and bias [C]; eps
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
export function groupNorm(x: Tensor, numGroups: number, options: AffineOptions = {}): Tensor {
  const op = "groupNorm";
  const { weight = null, bias = null, eps = 1e-5 } = options;
  checkChannelDim(op, x, 2);
  const [images, channels] = [x.shape[0]!, x.shape[1]!];
  if (!Number.isInteger(numGroups) || numGroups < 1 || channels % numGroups !== 0) {
    throw new ValueError(op, `expected groups that divide the ${channels} channels, got ${numGroups}`);
  }
  checkNormOperands(op, x, [channels], { weight, bias });
  const length = sizeOf(x.shape.slice(2));
  // PyTorch's rule, although one value per group makes no sense with several images either.
  if (Math.floor((images * channels) / numGroups) * length === 1) {
    throw new ValueError(op, `expected more than 1 value per group, got input ${formatShape(x.shape)}`);
  }
  return normalized(op, x, { images, channels, length, share: channels / numGroups }, [weight, bias], eps);
}
