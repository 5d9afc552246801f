import { type ArgumentsOf, define, dimNumber, integerFrom } from "../../base/signature.js";
import { pixelShuffle, pixelUnshuffle } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { sizesKind } from "../../ops/layout/sizes.js";
import { Module } from "../module/module.js";

const flattenCall = define(
  "Flatten",
  { startDim: dimNumber, endDim: dimNumber },
  (startDim: number = 1, endDim: number = -1) => [startDim, endDim] as const,
);

const unflattenCall = define(
  "Unflatten",
  { dim: dimNumber, unflattenedSize: sizesKind },
  (dim: number, unflattenedSize: readonly number[]) => [dim, unflattenedSize] as const,
);

const pixelShuffleCall = define(
  "PixelShuffle",
  { upscaleFactor: integerFrom(1) },
  (upscaleFactor: number) => upscaleFactor,
);

const pixelUnshuffleCall = define(
  "PixelUnshuffle",
  { downscaleFactor: integerFrom(1) },
  (downscaleFactor: number) => downscaleFactor,
);

/**
 * Returns its input, as torch.nn.Identity: a placeholder where a module is needed.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Identity.html
 */
export class Identity extends Module {
  override forward(x: Tensor): Tensor {
    return x;
  }
}

/**
 * Merges dims into one, as torch.nn.Flatten: by default all but the first, the batch.
 *
 * @param startDim the first dim to merge
 * @param endDim the last one
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.Flatten().forward(rand([4, 16, 5, 5])).shape; // [4, 400]
 * ```
 */
export class Flatten extends Module {
  readonly startDim: number;
  readonly endDim: number;

  constructor(...args: ArgumentsOf<typeof flattenCall>) {
    super();
    [this.startDim, this.endDim] = flattenCall(...args);
  }

  override forward(x: Tensor): Tensor {
    return x.flatten(this.startDim, this.endDim);
  }

  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

/**
 * Splits one dim into several, as torch.nn.Unflatten.
 * @param dim the dim to split
 * @param unflattenedSize the new sizes; one may be -1
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Unflatten.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.Unflatten(1, [16, 5, 5]).forward(rand([4, 400])).shape; // [4, 16, 5, 5]
 * ```
 */
export class Unflatten extends Module {
  readonly dim: number;
  readonly unflattenedSize: readonly number[];

  constructor(...args: ArgumentsOf<typeof unflattenCall>) {
    super();
    [this.dim, this.unflattenedSize] = unflattenCall(...args);
  }

  override forward(x: Tensor): Tensor {
    return x.unflatten(this.dim, this.unflattenedSize);
  }

  override extraRepr(): string {
    const { dim, unflattenedSize: sizes } = this;
    return `dim=${dim}, unflattened_size=(${sizes.length === 1 ? `${sizes[0]},` : sizes.join(", ")})`;
  }
}

/**
 * Turns r² channels into the pixels of a square: [*, C r², H, W] becomes [*, C, H r, W r], as torch.nn.PixelShuffle.
 * @param upscaleFactor r
 * @see https://pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html
 */
export class PixelShuffle extends Module {
  readonly upscaleFactor: number;

  constructor(...args: ArgumentsOf<typeof pixelShuffleCall>) {
    super();
    this.upscaleFactor = pixelShuffleCall(...args);
  }

  override forward(x: Tensor): Tensor {
    return pixelShuffle(x, this.upscaleFactor);
  }

  override extraRepr(): string {
    return `upscale_factor=${this.upscaleFactor}`;
  }
}

/**
 * Undoes {@link PixelShuffle}: [*, C, H r, W r] becomes [*, C r², H, W], as torch.nn.PixelUnshuffle.
 * @param downscaleFactor r
 * @see https://pytorch.org/docs/stable/generated/torch.nn.PixelUnshuffle.html
 */
export class PixelUnshuffle extends Module {
  readonly downscaleFactor: number;

  constructor(...args: ArgumentsOf<typeof pixelUnshuffleCall>) {
    super();
    this.downscaleFactor = pixelUnshuffleCall(...args);
  }

  override forward(x: Tensor): Tensor {
    return pixelUnshuffle(x, this.downscaleFactor);
  }

  override extraRepr(): string {
    return `downscale_factor=${this.downscaleFactor}`;
  }
}
