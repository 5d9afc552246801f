import { convertIndexedToRgb, type DecodedPng, decode, encode } from "fast-png";
import { FileError, ValueError } from "../../base/errors.js";
import type { ArgumentsOf } from "../../base/signature.js";
import { checkImage, type Image } from "./image.js";
import { checkPixels, decodeCall, PNG, startsWith, wrongKind } from "./image-checks.js";

const decodePngCall = decodeCall("decodePng");

/**
 * Decodes a PNG of any kind: 1 channel (grey), 2 (grey and opacity), 3 (RGB) or 4 (RGB and opacity), a byte each.
 * Palettes become RGB. Pixels of 16 bits become what Pillow, and so torchvision's ImageFolder, makes of them: the upper
 * 8 bits, but in grey pictures without opacity the number itself, at most 255.
 *
 * @param bytes the file
 * @throws FileError for a file that is no PNG, is cut short or damaged, or claims more than `maxPixels`
 * @example
 * ```ts
 * import { decodePng, encodePng } from "simdgrad/data";
 * const image = { data: Uint8Array.of(255, 0, 0, 0, 0, 255), height: 1, width: 2, channels: 3 };
 * decodePng(encodePng(image)); // the same
 * ```
 */
export function decodePng(...args: ArgumentsOf<typeof decodePngCall>): Image {
  const [bytes, options] = decodePngCall(...args);
  const { name = "the bytes given" } = options;
  if (!startsWith(bytes, PNG)) {
    throw wrongKind("decodePng", "a PNG, which begins with 89 50 4e 47 0d 0a 1a 0a", name, bytes);
  }
  if (bytes.length >= 24) {
    const header = new DataView(bytes.buffer, bytes.byteOffset);
    checkPixels("decodePng", name, header.getUint32(20), header.getUint32(16), options.maxPixels);
  }
  try {
    return asBytes(decode(bytes, { checkCrc: true }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const problem = `cannot decode ${name}: it is cut short or damaged (${reason})`;
    throw new FileError("decodePng", problem, "Replace the file, or leave it out");
  }
}

/** The pixels with one byte for each channel. */
function asBytes(png: DecodedPng): Image {
  const { height, width, depth } = png;
  const size = height * width;
  const image = (data: Uint8Array): Image => ({ data, height, width, channels: data.length / size });
  if (png.palette !== undefined) return image(convertIndexedToRgb(png));
  if (depth === 16 && png.channels === 1) return image(Uint8Array.from(png.data, (value) => Math.min(value, 255)));
  if (depth === 16) return image(Uint8Array.from(png.data, (value) => value >> 8));
  if (depth === 8) return image(Uint8Array.from(png.data));
  const brightest = 2 ** depth - 1; // fewer bits: grey, several pixels in a byte
  const palette = Array.from({ length: brightest + 1 }, (_, i) => [(i * 255) / brightest]);
  return image(convertIndexedToRgb({ ...png, palette }));
}

/**
 * Encodes an image of 1, 2, 3 or 4 channels as a PNG.
 * @throws ValueError for a value that is no image, or has other channels
 */
export function encodePng(image: Image): Uint8Array<ArrayBuffer> {
  checkImage("encodePng", image);
  const { data, height, width, channels } = image;
  if (channels > 4) throw new ValueError("encodePng", `expected 1 to 4 channels, got ${channels}`);
  return new Uint8Array(encode({ data, height, width, channels, depth: 8 }));
}
