import { ValueError } from "../../base/errors.js";
import { checkArguments, type Kind, shown } from "../../base/signature.js";
import type { Tensor } from "../../methods.js";
import type { Image } from "./crop-flip-pad.js";

/** A transform that takes images and tensors `[..., H, W]`, and returns the kind that it was given. */
export type PictureTransform = <T extends Image | Tensor>(picture: T) => T;

/** The input of the composed transform: what its first transform that is no PictureTransform takes, else an image. */
type Input<F> = F extends readonly [infer First, ...infer Rest]
  ? First extends PictureTransform
    ? Input<Rest>
    : First extends (x: infer X) => unknown
      ? X
      : never
  : Image;

/** The output of the composed transform for an input X. */
type Output<F, X> = F extends readonly [infer First, ...infer Rest]
  ? Output<Rest, First extends PictureTransform ? X : First extends (x: never) => infer Y ? Y : never>
  : X;

const listKind: Kind<readonly unknown[]> = {
  expected: "a list of functions",
  fits: (value): value is readonly unknown[] => Array.isArray(value),
};

/**
 * Applies transforms one after the other, as torchvision.transforms.Compose.
 *
 * @param transforms functions, each of which takes the result of the one before it
 * @see https://pytorch.org/vision/0.14/generated/torchvision.transforms.Compose.html
 * @example
 * ```ts
 * import { transforms } from "simdgrad/data";
 * const transform = transforms.compose([
 *   transforms.resize([32, 32]),
 *   transforms.toTensor(),
 *   transforms.normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]),
 * ]);
 * const grey = { data: new Uint8Array(3 * 64 * 48).fill(128), height: 64, width: 48, channels: 3 };
 * transform(grey).shape; // [3, 32, 32]
 * ```
 */
export function compose<const F extends readonly ((x: never) => unknown)[]>(
  ...args: [transforms: F]
): (x: Input<F>) => Output<F, Input<F>> {
  checkArguments("compose", { transforms: listKind }, args);
  const [transforms] = args;
  const wrong = transforms.findIndex((transform) => typeof transform !== "function");
  if (wrong >= 0) {
    throw new ValueError(
      "compose",
      `expected a list of functions, got ${shown(transforms[wrong])} at position ${wrong}`,
    );
  }
  return (x) => transforms.reduce<unknown>((value, transform) => transform(value as never), x) as Output<F, Input<F>>;
}
