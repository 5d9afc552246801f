import { FileError } from "../../base/errors.js";
import type { ArgumentsOf } from "../../base/signature.js";
import type { Image } from "./image.js";
import { checkPixels, decodeCall, JPEG, startsWith, wrongKind } from "./image-checks.js";
import { findFrame, isWhole } from "./jpeg-header.js";
import { Abandoned, type Turbo, withTurbo } from "./turbo.js";

/** TurboJPEG's pixel formats, with their channels. */
const RGB = { format: 0, channels: 3 };
const GREY = { format: 6, channels: 1 };
const CMYK = { format: 11, channels: 4 };

/** By TurboJPEG's color spaces: RGB, YCbCr, grey, CMYK, YCCK. */
const PIXELS = [RGB, RGB, GREY, CMYK, CMYK];

const OP = "decodeJpeg";

const decodeJpegCall = decodeCall("decodeJpeg");

/**
 * Decodes a JPEG, baseline or progressive, to the bytes that Pillow gives (libjpeg-turbo's exact inverse cosine
 * transform and its smooth chroma): the same on every machine. Grey pictures have 1 channel, all others 3; CMYK becomes
 * RGB as in Pillow. The orientation in EXIF is ignored, as torchvision does.
 *
 * A file that is cut short is refused. Damaged pixels in a whole file are decoded as far as possible, as other decoders
 * do.
 *
 * @param bytes the file
 * @throws FileError for a file that is no JPEG, is cut short or damaged, is of a rare kind (arithmetic coding, lossless,
 *   12 bits), or claims more than `maxPixels`
 * @example
 * ```ts no-run
 * import { readFile } from "node:fs/promises";
 * import { decodeJpeg, toTensor } from "simdgrad/data";
 * const image = decodeJpeg(await readFile("face.jpg"), { name: "face.jpg" });
 * toTensor()(image).shape; // [3, 218, 178]
 * ```
 */
export function decodeJpeg(...args: ArgumentsOf<typeof decodeJpegCall>): Image {
  const [bytes, options] = decodeJpegCall(...args);
  const { name = "the bytes given" } = options;
  if (!startsWith(bytes, JPEG)) throw wrongKind(OP, "a JPEG, which begins with ff d8 ff", name, bytes);
  checkFrame(bytes, name, options.maxPixels);
  let image: Image | null;
  try {
    image = withTurbo((turbo) => decode(turbo, bytes));
  } catch (error) {
    if (error instanceof Abandoned) throw damaged(bytes, name);
    throw error;
  }
  if (image === null) throw damaged(bytes, name);
  return image.channels === 4 ? printedToRgb(image) : image;
}

/** Throws for kinds and sizes that cannot be decoded. */
function checkFrame(bytes: Uint8Array, name: string, maxPixels: number | undefined): void {
  const frame = findFrame(bytes);
  if (frame === undefined) throw damaged(bytes, name);
  const { kind, precision, height, width } = frame;
  if (kind > 2 || precision !== 8) {
    const got = `got ${name}, which is of kind SOF${kind} with ${precision} bits`;
    throw new FileError(OP, `expected a baseline or progressive JPEG of 8 bits, ${got}`, "Convert it");
  }
  checkPixels(OP, name, height, width, maxPixels);
}

function damaged(bytes: Uint8Array, name: string): FileError {
  const how = isWhole(bytes)
    ? "it is damaged, or its colours are sampled in a way that the decoder does not know"
    : `it is cut short after ${bytes.length} bytes`;
  return new FileError(OP, `cannot decode ${name}: ${how}`, "Replace the file, or leave it out");
}

/** The picture as libjpeg decodes it, or null when its header or its end is missing. */
function decode(turbo: Turbo, bytes: Uint8Array): Image | null {
  const source = allocate(turbo, bytes.length);
  new Uint8Array(turbo.memory.buffer, source, bytes.length).set(bytes);
  const handle = turbo.tjInitDecompress();
  const header = allocate(turbo, 16);
  let image: Image | null = null;
  if (turbo.tjDecompressHeader3(handle, source, bytes.length, header, header + 4, header + 8, header + 12) === 0) {
    const [width, height, , colors] = new Int32Array(turbo.memory.buffer, header, 4);
    const { format, channels } = PIXELS[colors!]!;
    const size = height! * width! * channels;
    const out = allocate(turbo, size);
    const warned = turbo.tjDecompress2(handle, source, bytes.length, out, width!, 0, height!, format, 0) !== 0;
    const data = new Uint8Array(turbo.memory.buffer, out, size).slice();
    if (!warned || isWhole(bytes)) image = { data, height: height!, width: width!, channels };
    turbo.free(out);
  }
  for (const pointer of [header, source]) turbo.free(pointer);
  turbo.tjDestroy(handle);
  return image;
}

function allocate(turbo: Turbo, size: number): number {
  const pointer = turbo.malloc(size) >>> 0;
  if (pointer !== 0) return pointer;
  throw new FileError(OP, `expected memory for ${size} bytes, of which there was not enough`);
}

/** CMYK as Adobe writes it (255 is no ink) to RGB, in Pillow's arithmetic. */
function printedToRgb({ data, height, width }: Image): Image {
  const out = new Uint8Array(height * width * 3);
  for (let from = 0, to = 0; to < out.length; from += 4) {
    const white = data[from + 3]!;
    for (let c = 0; c < 3; c++, to++) {
      const product = (255 - data[from + c]!) * white + 128;
      out[to] = white - (((product >> 8) + product) >> 8);
    }
  }
  return { data: out, height, width, channels: 3 };
}
