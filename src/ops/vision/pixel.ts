import { formatShape, ShapeError } from "../../base/errors.js";
import { define, integerFrom } from "../../base/signature.js";
import { tensorKind } from "../../tensor/kinds.js";
import type { Tensor } from "../../tensor/tensor.js";
import { permute, reshape } from "../layout/views.js";

// Channels become pixels and back: the same elements in another order.

/** The sizes of x as [*front, C, H, W], checked. */
function parts(op: string, x: Tensor): { front: number[]; sizes: number[] } {
  if (x.ndim < 3) throw new ShapeError(op, `expected input [*, C, H, W], got ${formatShape(x.shape)}`);
  return { front: x.shape.slice(0, -3), sizes: x.shape.slice(-3) };
}

/** A permutation that keeps the dims in front and puts the others in the given order. */
const behind = (front: readonly number[], order: readonly number[]): number[] => [
  ...front.map((_, i) => i),
  ...order.map((i) => front.length + i),
];

/**
 * [*, C r², H, W] as [*, C, H r, W r], as torch.nn.functional.pixel_shuffle: r² channels become the pixels of a square.
 * @param upscaleFactor r
 * @throws ShapeError unless r² divides the channels
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.pixel_shuffle.html
 * @example
 * ```ts
 * import { F, rand } from "simdgrad";
 * F.pixelShuffle(rand([1, 9, 4, 4]), 3).shape; // [1, 1, 12, 12]
 * ```
 */
export const pixelShuffle = define(
  "pixelShuffle",
  { input: tensorKind, upscaleFactor: integerFrom(1) },
  (input: Tensor, upscaleFactor: number): Tensor => shuffled(input, upscaleFactor),
);

function shuffled(x: Tensor, r: number): Tensor {
  const { front, sizes } = parts("pixelShuffle", x);
  const [c, h, w] = sizes as [number, number, number];
  if (c % (r * r) !== 0) {
    throw new ShapeError("pixelShuffle", `expected channels that ${r * r} divides, got ${formatShape(x.shape)}`);
  }
  const apart = reshape(x, [...front, c / (r * r), r, r, h, w]);
  return reshape(permute(apart, behind(front, [0, 3, 1, 4, 2])), [...front, c / (r * r), h * r, w * r]);
}

/**
 * [*, C, H r, W r] as [*, C r², H, W], as torch.nn.functional.pixel_unshuffle: undoes {@link pixelShuffle}.
 * @param downscaleFactor r
 * @throws ShapeError unless r divides height and width
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.pixel_unshuffle.html
 */
export const pixelUnshuffle = define(
  "pixelUnshuffle",
  { input: tensorKind, downscaleFactor: integerFrom(1) },
  (input: Tensor, downscaleFactor: number): Tensor => unshuffled(input, downscaleFactor),
);

function unshuffled(x: Tensor, r: number): Tensor {
  const { front, sizes } = parts("pixelUnshuffle", x);
  const [c, h, w] = sizes as [number, number, number];
  if (h % r !== 0 || w % r !== 0) {
    throw new ShapeError("pixelUnshuffle", `expected height and width that ${r} divides, got ${formatShape(x.shape)}`);
  }
  const apart = reshape(x, [...front, c, h / r, r, w / r, r]);
  return reshape(permute(apart, behind(front, [0, 2, 4, 1, 3])), [...front, c * r * r, h / r, w / r]);
}
