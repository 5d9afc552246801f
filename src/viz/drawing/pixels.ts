import { isFloat } from "../../base/dtype.js";
import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { checkImage, type Image, toRgb } from "../../formats/image/image.js";
import { Tensor } from "../../methods.js";

/** How numbers map to colours. */
export type PixelOptions = {
  /** The smallest number of the image is black and the largest white (false). */
  normalize?: boolean;
  /**
   * The numbers that are black and white: [0, 1] when left out ([0, 255] for uint8 and int32). Write [−1, 1] for images
   * normalised to that range.
   */
  valueRange?: readonly [number, number];
};

/** How far rounding may move numbers out of the range, relative to its length. */
const SLACK = 1e-3;

/** An image: a tensor [H, W], [1, H, W] or [3, H, W], or an {@link Image}. */
export type Pixels = Tensor | Image;

function checkShape(op: string, image: Tensor): [channels: number, height: number, width: number] {
  const [channels, height, width] = image.ndim === 2 ? [1, ...image.shape] : image.shape;
  const right = (image.ndim === 2 || image.ndim === 3) && (channels === 1 || channels === 3) && image.numel > 0;
  if (right) return [channels, height!, width!];
  const hint = image.ndim === 4 ? "Use makeGrid(images) for several" : undefined;
  const expected = "expected an image [H, W], [1, H, W] or [3, H, W]";
  throw new ShapeError(op, `${expected}, got ${formatShape(image.shape)}`, hint);
}

function rangeOf(op: string, image: Tensor, values: ArrayLike<number>, options: PixelOptions): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!); // Math.min and Math.max give NaN if a value is NaN
    high = Math.max(high, values[i]!);
  }
  if (!Number.isFinite(high - low)) {
    throw new ValueError(
      op,
      "expected finite numbers, got NaN or infinities",
      "detectAnomaly finds where they come from",
    );
  }
  const { normalize = false, valueRange } = options;
  if (normalize) return [low, high];
  const [black, white] = valueRange ?? (isFloat(image.dtype) || image.dtype === "bool" ? [0, 1] : [0, 255]);
  if (!(black < white))
    throw new ValueError(op, `expected valueRange from a smaller to a larger number, got ${valueRange}`);
  const slack = (white - black) * SLACK;
  if (low >= black - slack && high <= white + slack) return [black, white];
  const problem = `expected numbers from ${black} to ${white}, got ${low.toPrecision(4)} to ${high.toPrecision(4)}`;
  throw new ValueError(op, problem, "Write { valueRange: [-1, 1] } or { normalize: true }");
}

/** The bytes of an image in three channels. @internal */
export function pixelsOf(op: string, image: Pixels, options: PixelOptions): Image {
  if (!(image instanceof Tensor)) {
    checkImage(op, image);
    if (![1, 3, 4].includes(image.channels)) {
      throw new ValueError(op, `expected an image of 1, 3 or 4 channels, got ${image.channels}`);
    }
    return toRgb(image);
  }
  const [channels, height, width] = checkShape(op, image);
  const values = image.toTypedArray();
  const [black, white] = rangeOf(op, image, values, options);
  const scale = white > black ? 255 / (white - black) : 0;
  const size = height * width;
  const data = new Uint8ClampedArray(3 * size); // it rounds and clamps
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < 3; c++) data[3 * i + c] = (values[(channels === 1 ? 0 : c) * size + i]! - black) * scale;
  }
  return { data, height, width, channels: 3 };
}
