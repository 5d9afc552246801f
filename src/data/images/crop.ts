import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { anyNumber, boolean, define, numberIn, oneOf, orNull } from "../../base/signature.js";
import { scope } from "../../memory.js";
import { Tensor } from "../../methods.js";
import { tensor } from "../../ops/layout/factories.js";
import { type Size, sizeKind } from "../../ops/layout/sizes.js";
import { pad } from "../../ops/vision/pad.js";
import { defaultGenerator } from "../../random/generator.js";
import type { PictureTransform } from "./compose.js";
import {
  checkImage,
  cropImage,
  flipImage,
  type Image,
  type PaddingMode,
  paddedIndices,
  padImage,
  type Sides,
} from "./crop-flip-pad.js";

/** Checks that a picture is an image or a tensor `[..., H, W]`, and returns its size. */
function sizeOf(op: string, picture: Image | Tensor): [height: number, width: number] {
  if (!(picture instanceof Tensor)) {
    checkImage(op, picture);
    return [picture.height, picture.width];
  }
  if (picture.ndim >= 2) return [picture.size(-2), picture.size(-1)];
  throw new ShapeError(op, `expected an image or a tensor [..., H, W], got shape ${formatShape(picture.shape)}`);
}

/** Applies `image` to an image and `tensors` to a tensor. */
function either<T extends Image | Tensor>(picture: T, image: (x: Image) => Image, tensors: (x: Tensor) => Tensor): T {
  return (picture instanceof Tensor ? tensors(picture) : image(picture)) as T;
}

function crop<T extends Image | Tensor>(picture: T, top: number, left: number, height: number, width: number): T {
  return either(
    picture,
    (image) => cropImage(image, top, left, height, width),
    (x) => x.narrow(-2, top, height).narrow(-1, left, width),
  );
}

type Border = { sides: Sides; mode: PaddingMode; fill: number };

function padded<T extends Image | Tensor>(picture: T, { sides, mode, fill }: Border): T {
  return either(
    picture,
    (image) => padImage(image, sides, mode, fill),
    (x) => (mode === "constant" ? padConstant(x, sides, fill) : padByIndex(x, sides, mode)),
  );
}

function padConstant(x: Tensor, { left, top, right, bottom }: Sides, value: number): Tensor {
  return pad(x, [left, right, top, bottom], { value });
}

function padByIndex(x: Tensor, { left, top, right, bottom }: Sides, mode: PaddingMode): Tensor {
  const along = (dim: number, before: number, after: number): Tensor =>
    tensor(Int32Array.from(paddedIndices(x.size(dim), before, after, mode)));
  return scope(() => x.indexSelect(-2, along(-2, top, bottom)).indexSelect(-1, along(-1, left, right)));
}

/** A size as [height, width]. */
function pairOf(op: string, size: number | readonly number[]): [height: number, width: number] {
  const sizes = typeof size === "number" ? [size] : size;
  if (sizes.length === 0 || sizes.length > 2 || !sizes.every((n) => Number.isInteger(n) && n > 0)) {
    throw new ValueError(op, `expected a size, or [height, width], got ${formatShape(sizes)}`);
  }
  return [sizes[0]!, sizes[1] ?? sizes[0]!];
}

/** Rounds halves to even numbers, as Python does. */
function roundHalf(twice: number): number {
  const low = Math.floor(twice / 2);
  return twice % 2 === 0 || low % 2 === 0 ? low : low + 1;
}

/**
 * Cuts out the middle, as torchvision.transforms.CenterCrop. Pictures that are too small are padded with zeros first.
 *
 * @param size the size of both edges, or [height, width]
 * @see https://pytorch.org/vision/0.14/generated/torchvision.transforms.CenterCrop.html
 */
export const centerCrop = define("centerCrop", { size: sizeKind }, (size: Size): PictureTransform => centered(size));

function centered(size: Size): PictureTransform {
  const [height, width] = pairOf("centerCrop", size);
  return (picture) => {
    const [h, w] = sizeOf("centerCrop", picture);
    const [down, across] = [Math.max(height - h, 0), Math.max(width - w, 0)];
    const sides = {
      left: Math.floor(across / 2),
      top: Math.floor(down / 2),
      right: Math.ceil(across / 2),
      bottom: Math.ceil(down / 2),
    };
    const large = down + across === 0 ? picture : padded(picture, { sides, mode: "constant", fill: 0 });
    return crop(large, roundHalf(h + down - height), roundHalf(w + across - width), height, width);
  };
}

/**
 * Cuts out a part at a random place, as torchvision.transforms.RandomCrop, with the same draws from the default
 * generator.
 *
 * @param size the size of both edges, or [height, width]
 * @throws ShapeError for a picture that is too small
 * @see https://pytorch.org/vision/0.14/generated/torchvision.transforms.RandomCrop.html
 */
export const randomCrop = define(
  "randomCrop",
  {
    size: sizeKind,
    padding: orNull(sizeKind),
    padIfNeeded: boolean,
    fill: anyNumber,
    paddingMode: oneOf<PaddingMode>("constant", "edge", "reflect", "symmetric"),
  },
  (
    size: Size,
    padding: Size | null = null,
    padIfNeeded: boolean = false,
    fill: number = 0,
    paddingMode: PaddingMode = "constant",
  ): PictureTransform => cropping(size, padding, padIfNeeded, fill, paddingMode),
);

function cropping(
  size: Size,
  padding: Size | null,
  padIfNeeded: boolean,
  fill: number,
  mode: PaddingMode,
): PictureTransform {
  const [height, width] = pairOf("randomCrop", size);
  const sides = padding === null ? null : sidesOf(padding);
  return (picture) => {
    const by = <T extends Image | Tensor>(x: T, border: Sides): T => {
      checkBorder(border, sizeOf("randomCrop", x), mode);
      return padded(x, { sides: border, mode, fill });
    };
    let x = sides === null ? picture : by(picture, sides);
    const [h, w] = sizeOf("randomCrop", x);
    if (padIfNeeded && w < width) x = by(x, { left: width - w, top: 0, right: width - w, bottom: 0 });
    if (padIfNeeded && h < height) x = by(x, { left: 0, top: height - h, right: 0, bottom: height - h });
    const [top, left] = place(sizeOf("randomCrop", x), height, width);
    return crop(x, top, left, height, width);
  };
}

function sidesOf(padding: number | readonly number[]): Sides {
  const list = typeof padding === "number" ? [padding] : padding;
  if (![1, 2, 4].includes(list.length) || !list.every((n) => Number.isInteger(n) && n >= 0)) {
    const expected = "a padding, [left and right, top and bottom], or [left, top, right, bottom]";
    throw new ValueError("randomCrop", `expected ${expected}, got ${formatShape(list)}`);
  }
  const [left, top = left!, right = left!, bottom = top] = list;
  return { left: left!, top, right, bottom };
}

/** Refuses a mirrored border that is wider than the picture that it mirrors. */
function checkBorder(sides: Sides, [height, width]: [number, number], mode: PaddingMode): void {
  if (mode === "constant" || mode === "edge") return;
  const less = mode === "reflect" ? 1 : 0;
  if (Math.max(sides.left, sides.right) <= width - less && Math.max(sides.top, sides.bottom) <= height - less) return;
  const got = `left ${sides.left}, top ${sides.top}, right ${sides.right}, bottom ${sides.bottom}`;
  const problem = `expected a padding that ${mode} can take from ${height} × ${width} pixels, got ${got}`;
  throw new ShapeError("randomCrop", problem);
}

/** Draws where to cut; draws nothing where the picture has the size of the crop. */
function place([h, w]: [number, number], height: number, width: number): [top: number, left: number] {
  if (h < height || w < width) {
    const problem = `expected a picture of at least ${height} × ${width} pixels, got ${h} × ${w}`;
    throw new ShapeError("randomCrop", problem, "Pass padding, or padIfNeeded: true");
  }
  if (h === height && w === width) return [0, 0];
  const top = below(h - height + 1);
  return [top, below(w - width + 1)];
}

/** An integer in [0, n), drawn as `torch.randint(0, n, (1,))`. */
const below = (n: number): number => {
  const out = [0];
  defaultGenerator.fillIntegers(out, 0, n);
  return out[0]!;
};

/**
 * Exchanges left and right with probability p, as torchvision.transforms.RandomHorizontalFlip, with the same draw from
 * the default generator.
 * @see https://pytorch.org/vision/0.14/generated/torchvision.transforms.RandomHorizontalFlip.html
 */
export const randomHorizontalFlip = define(
  "randomHorizontalFlip",
  { p: numberIn(0, 1) },
  (p: number = 0.5): PictureTransform => flipping(p),
);

function flipping(p: number): PictureTransform {
  return (picture) => {
    sizeOf("randomHorizontalFlip", picture);
    const draw = new Float32Array(1);
    defaultGenerator.fillUniform(draw);
    return draw[0]! < Math.fround(p) ? either(picture, flipImage, (x) => x.flip(-1)) : picture;
  };
}
