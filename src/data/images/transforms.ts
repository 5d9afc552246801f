import { getDefaultDtype, isFloat } from "../../base/dtype.js";
import { DtypeError, formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { anyNumber, define, notInPlace, numberList, orNull } from "../../base/signature.js";
import { scope } from "../../memory.js";
import { Tensor } from "../../methods.js";
import { tensor } from "../../ops/layout/factories.js";
import { type Size, sizeKind } from "../../ops/layout/sizes.js";
import { checkImage, type Image } from "./crop-flip-pad.js";
import { resampleImage } from "./resample.js";

export { compose, type PictureTransform } from "./compose.js";
export { centerCrop, randomCrop, randomHorizontalFlip } from "./crop.js";

/**
 * Turns an image into a tensor `[C, H, W]` with numbers in [0, 1], as torchvision.transforms.ToTensor: every byte
 * divided by 255, in the default dtype.
 * @see https://pytorch.org/vision/0.14/generated/torchvision.transforms.ToTensor.html
 * @example
 * ```ts
 * import { toTensor } from "simdgrad/data";
 * toTensor()({ data: Uint8Array.of(0, 51, 255, 102), height: 2, width: 2, channels: 1 });
 * // tensor([[[0.0000, 0.2000], [1.0000, 0.4000]]])
 * ```
 */
export const toTensor = define("toTensor", {}, (): ((image: Image) => Tensor) => {
  return (image) => {
    checkImage("toTensor", image);
    const { data, height, width, channels } = image;
    return scope(() => {
      const bytes = tensor(data as Uint8Array, { shape: [height, width, channels], dtype: "uint8" });
      return bytes.permute(2, 0, 1).contiguous().to(getDefaultDtype()).div(255);
    });
  };
});

/**
 * (x − mean) / std for every channel of a tensor `[..., C, H, W]`, as torchvision.transforms.Normalize.
 *
 * @param mean one number for each channel, or one for all
 * @param std one number for each channel, or one for all; not 0
 * @throws DtypeError for a tensor that is not float32 or float64
 * @see https://pytorch.org/vision/0.14/generated/torchvision.transforms.Normalize.html
 * @example
 * ```ts
 * import { rand } from "simdgrad";
 * import { normalize } from "simdgrad/data";
 * normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5])(rand(3, 32, 32)); // numbers in [-1, 1]
 * ```
 */
export const normalize = define(
  "normalize",
  { mean: numberList, std: numberList, inplace: notInPlace },
  (mean: readonly number[], std: readonly number[], _inplace: boolean = false): ((x: Tensor) => Tensor) =>
    normalization(mean, std),
);

function normalization(mean: readonly number[], std: readonly number[]): (x: Tensor) => Tensor {
  for (const [name, values] of Object.entries({ mean, std })) {
    if (Array.isArray(values) && values.length > 0 && values.every(Number.isFinite)) continue;
    throw new ValueError("normalize", `expected ${name} to be a list of numbers, one for each channel, got ${values}`);
  }
  if (std.includes(0)) throw new ValueError("normalize", `expected std without zeros, got [${std.join(", ")}]`);
  return (x) => {
    checkChannels(x, mean.length, std.length);
    const { dtype } = x;
    const column = (values: readonly number[]): Tensor => tensor(values, { dtype }).view(-1, 1, 1);
    return scope(() => x.sub(column(mean)).div(column(std)));
  };
}

function checkChannels(x: Tensor, ...lengths: number[]): void {
  if (!(x instanceof Tensor)) {
    throw new ValueError("normalize", "expected a tensor, got something else", "Put toTensor() before it");
  }
  if (!isFloat(x.dtype)) throw new DtypeError("normalize", `expected float32 or float64, got ${x.dtype}`);
  const channels = x.shape[x.ndim - 3];
  if (channels === undefined || lengths.some((length) => length !== 1 && length !== channels)) {
    const expected = `a shape [..., C, H, W] with C = ${Math.max(...lengths)} channels, as mean and std have`;
    throw new ShapeError("normalize", `expected ${expected}, got ${formatShape(x.shape)}`);
  }
}

/** Options of {@link resize}. */
export interface ResizeOptions {
  /** The largest size of the longer edge; only where `size` is that of the shorter edge. */
  maxSize?: number | null;
}

/**
 * Resizes images, as torchvision.transforms.Resize does with Pillow's images, to the same bytes: bilinear, and where it
 * shrinks, a weighted mean of all the pixels that the new one covers.
 *
 * @param size [height, width], or a number for the shorter edge; the longer edge then keeps the proportions
 * @see https://pytorch.org/vision/0.14/generated/torchvision.transforms.Resize.html
 * @example
 * ```ts
 * import { resize } from "simdgrad/data";
 * const image = { data: new Uint8Array(3 * 218 * 178), height: 218, width: 178, channels: 3 };
 * resize(89)(image).height; // 109
 * ```
 */
export const resize = define(
  "resize",
  { size: sizeKind },
  (size: Size, options: ResizeOptions = {}): ((image: Image) => Image) => resizing(size, options),
  { maxSize: orNull(anyNumber) },
);

function resizing(size: Size, options: ResizeOptions): (image: Image) => Image {
  const sizes = typeof size === "number" ? [size] : size;
  if (sizes.length === 0 || sizes.length > 2 || !sizes.every((n) => Number.isInteger(n) && n > 0)) {
    throw new ValueError("resize", `expected the shorter edge, or [height, width], got ${formatShape(sizes)}`);
  }
  const maxSize = options.maxSize ?? undefined;
  if (maxSize !== undefined && (sizes.length === 2 || !(maxSize > sizes[0]!))) {
    throw new ValueError("resize", `expected a maxSize above the shorter edge's size alone, got ${maxSize}`);
  }
  return (image) => {
    if (image instanceof Tensor) {
      throw new ValueError(
        "resize",
        "expected an image, got a tensor",
        "Put it before toTensor(), or use F.interpolate",
      );
    }
    checkImage("resize", image);
    if (image.channels !== 1 && image.channels !== 3) {
      throw new ValueError("resize", `expected 1 or 3 channels, got ${image.channels}`);
    }
    const [height, width] = sizes.length === 2 ? sizes : byShortEdge(image, sizes[0]!, maxSize);
    return height === image.height && width === image.width ? image : resampleImage(image, height!, width!);
  };
}

function byShortEdge({ height, width }: Image, size: number, maxSize = Number.POSITIVE_INFINITY): [number, number] {
  const [short, long] = width <= height ? [width, height] : [height, width];
  let [newShort, newLong] = [size, Math.trunc((size * long) / short)];
  if (newLong > maxSize) [newShort, newLong] = [Math.trunc((maxSize * newShort) / newLong), maxSize];
  return width <= height ? [newLong, newShort] : [newShort, newLong];
}
