import { ValueError } from "../../base/errors.js";
import { type ArgumentsOf, define } from "../../base/signature.js";
import { type InterpolateMode, type InterpolateOptions, interpolate } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import type { Size } from "../../ops/layout/sizes.js";
import { RESIZE } from "../../ops/vision/interpolate.js";
import { Module } from "../module/module.js";
import { float } from "../module/repr.js";

/** Throws unless there is one of both. */
function checkOneOfBoth(name: string, size: Size | null, scaleFactor: Size | null): void {
  if ((size === null) !== (scaleFactor === null)) return;
  const got = `size ${shown(size, String)} and scaleFactor ${shown(scaleFactor, String)}`;
  throw new ValueError(name, `expected either size or scaleFactor, got ${got}`);
}

const upsampleCall = define(
  "Upsample",
  RESIZE,
  (
    size: Size | null = null,
    scaleFactor: Size | null = null,
    mode: InterpolateMode = "nearest",
    alignCorners: boolean | null = null,
    recomputeScaleFactor: boolean | null = null,
  ): Settings => {
    checkOneOfBoth("Upsample", size, scaleFactor);
    return { size, scaleFactor, mode, alignCorners, recomputeScaleFactor };
  },
);

/** The call of a layer with a fixed mode. */
function upsample2dCall(name: string, mode: InterpolateMode, alignCorners: boolean | null) {
  return define(
    name,
    { size: RESIZE.size, scaleFactor: RESIZE.scaleFactor },
    (size: Size | null = null, scaleFactor: Size | null = null): Settings => {
      checkOneOfBoth(name, size, scaleFactor);
      return { size, scaleFactor, mode, alignCorners, recomputeScaleFactor: null };
    },
  );
}

const nearest2dCall = upsample2dCall("UpsamplingNearest2d", "nearest", null);
const bilinear2dCall = upsample2dCall("UpsamplingBilinear2d", "bilinear", true);

type Settings = Required<InterpolateOptions>;

/** What all upsampling layers do, and their printing. */
abstract class UpsampleLayer extends Module {
  constructor(readonly options: Settings) {
    super();
  }

  override forward(x: Tensor): Tensor {
    const { size, scaleFactor, mode, alignCorners, recomputeScaleFactor } = this.options;
    return interpolate(x, size, scaleFactor, mode, alignCorners, recomputeScaleFactor);
  }

  override extraRepr(): string {
    const { size, scaleFactor, mode } = this.options;
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
export class Upsample extends UpsampleLayer {
  constructor(...args: ArgumentsOf<typeof upsampleCall>) {
    super(upsampleCall(...args));
  }
}

/**
 * Repeats the elements of [N, C, H, W], as torch.nn.UpsamplingNearest2d.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.UpsamplingNearest2d.html
 */
export class UpsamplingNearest2d extends UpsampleLayer {
  constructor(...args: ArgumentsOf<typeof nearest2dCall>) {
    super(nearest2dCall(...args));
  }
}

/**
 * Interpolates [N, C, H, W] between neighbours, with the corners in place, as torch.nn.UpsamplingBilinear2d.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.UpsamplingBilinear2d.html
 */
export class UpsamplingBilinear2d extends UpsampleLayer {
  constructor(...args: ArgumentsOf<typeof bilinear2dCall>) {
    super(bilinear2dCall(...args));
  }
}
