import { FileError, formatBytes } from "../../base/errors.js";
import { anyNumber, define, type Kind, text } from "../../base/signature.js";

/** Options of decoders. */
export interface DecodeOptions {
  /** The picture's name in errors: that of its file. */
  name?: string;
  /**
   * The largest number of pixels that is decoded (89,478,485, where Pillow warns): a file of a few bytes can claim
   * billions.
   */
  maxPixels?: number;
}

export const JPEG = [0xff, 0xd8, 0xff] as const;
export const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

export const startsWith = (bytes: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, i) => bytes[i] === byte);

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));

/** The first bytes of files that are often found in place of a picture. */
const OTHERS: readonly (readonly [kind: string, signature: readonly number[]])[] = [
  ["a JPEG", JPEG],
  ["a PNG", PNG],
  ["a GIF", ascii("GIF8")],
  ["a WebP or another RIFF file", ascii("RIFF")],
  ["a BMP", ascii("BM")],
  ["a TIFF", [0x49, 0x49, 0x2a, 0]],
  ["a TIFF", [0x4d, 0x4d, 0, 0x2a]],
  ["a web page", ascii("<!")],
  ["a web page", ascii("<html")],
  ["a zip archive", ascii("PK")],
  ["a gzip archive", [0x1f, 0x8b]],
];

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

/** The error for another kind of file: it shows the first bytes and tells what begins with them. */
export function wrongKind(op: string, expected: string, name: string, bytes: Uint8Array): FileError {
  const hint = "Replace the file, or leave it out";
  if (bytes.length === 0) return new FileError(op, `expected ${expected}, got ${name}, which is empty`, hint);
  const kind = OTHERS.find(([, signature]) => startsWith(bytes, signature))?.[0];
  const begins = `which begins with the bytes ${hex(bytes.subarray(0, 8))}`;
  const got = kind === undefined ? "" : `: it is ${kind}`;
  return new FileError(op, `expected ${expected}, got ${name}, ${begins}${got}`, hint);
}

/** Throws for a size of 0 and for more than `maxPixels`, before memory is allocated. */
export function checkPixels(op: string, name: string, height: number, width: number, maxPixels = 89_478_485): void {
  if (height === 0 || width === 0) {
    throw new FileError(op, `expected a picture with pixels, got ${name}, which says ${height} × ${width}`);
  }
  if (height * width <= maxPixels) return;
  const problem = `expected at most ${maxPixels} pixels, got ${name}, which says ${height} × ${width}`;
  const bytes = `they would take ${formatBytes(height * width * 3)}`;
  throw new FileError(op, `${problem}: ${bytes}`, "Pass maxPixels if it really is that large");
}

const bytesKind: Kind<Uint8Array> = {
  expected: "bytes (a Uint8Array)",
  fits: (value): value is Uint8Array => value instanceof Uint8Array,
};

/** The call of a decoder. */
export function decodeCall(op: string) {
  return define(
    op,
    { bytes: bytesKind },
    (bytes: Uint8Array, options: DecodeOptions = {}) => [bytes, options] as const,
    { name: text, maxPixels: anyNumber },
  );
}
