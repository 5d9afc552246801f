import { ValueError } from "../../base/errors.js";
import { type InterpolateOptions, interpolate } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { Module } from "../module/module.js";
import { float } from "../module/repr.js";

/** Options, checks and printing of all upsampling layers. */
abstract class UpsampleLayer extends Module {
  constructor(readonly options: InterpolateOptions) {
    super();
    const { size = null, scaleFactor = null } = options;
    if ((size === null) === (scaleFactor === null)) {
      const got = `size ${shown(size, String)} and scaleFactor ${shown(scaleFactor, String)}`;
      throw new ValueError(this.constructor.name, `expected either size or scaleFactor, got ${got}`);
    }
  }

  override forward(x: Tensor): Tensor {
    return interpolate(x, this.options);
  }

  override extraRepr(): string {
    const { size = null, scaleFactor = null, mode = "nearest" } = this.options;
    const what = scaleFactor === null ? `size=${shown(size, String)}` : `scale_factor=${shown(scaleFactor, float)}`;
    return `${what}, mode=${mode}`;
  }
}

function shown(value: number | readonly number[] | null, each: (x: number) => string): string {
  if (value === null) return "null";
  return typeof value === "number" ? each(value) : `(${value.map(each).join(", ")})`;
}

/**
 * Resizes [N, C, L], [N, C, H, W] or [N, C, D, H, W], as torch.nn.Upsample. See {@link interpolate} for
 * the options; the mode is "nearest" when left out.
 * @throws ValueError unless either `size` or `scaleFactor` is given
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Upsample.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.Upsample({ scaleFactor: 2, mode: "bilinear" }).forward(rand([1, 3, 8, 8])).shape; // [1, 3, 16, 16]
 * ```
 */
export class Upsample extends UpsampleLayer {}

/** Options of {@link UpsamplingNearest2d} and {@link UpsamplingBilinear2d}: one of both. */
export type Upsampling2dOptions = Pick<InterpolateOptions, "size" | "scaleFactor">;

/**
 * Repeats the elements of [N, C, H, W], as torch.nn.UpsamplingNearest2d.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.UpsamplingNearest2d.html
 */
export class UpsamplingNearest2d extends UpsampleLayer {
  constructor({ size = null, scaleFactor = null }: Upsampling2dOptions) {
    super({ size, scaleFactor, mode: "nearest" });
  }
}

/**
 * Interpolates [N, C, H, W] between neighbours, with the corners in place, as torch.nn.UpsamplingBilinear2d.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.UpsamplingBilinear2d.html
 */
export class UpsamplingBilinear2d extends UpsampleLayer {
  constructor({ size = null, scaleFactor = null }: Upsampling2dOptions) {
    super({ size, scaleFactor, mode: "bilinear", alignCorners: true });
  }
}
