import type { ArgumentsOf } from "../../base/signature.js";
import type { Image } from "./image.js";
import { decodeCall, JPEG, PNG, startsWith, wrongKind } from "./image-checks.js";
import { decodeJpeg } from "./jpeg.js";
import { decodePng } from "./png.js";

const decodeImageCall = decodeCall("decodeImage");

/**
 * Decodes a JPEG or a PNG; the first bytes tell which.
 * @throws FileError for other files, and for those that cannot be decoded
 * @see decodeJpeg
 * @see decodePng
 */
export function decodeImage(...args: ArgumentsOf<typeof decodeImageCall>): Image {
  const [bytes, options] = decodeImageCall(...args);
  if (startsWith(bytes, JPEG)) return decodeJpeg(bytes, options);
  if (startsWith(bytes, PNG)) return decodePng(bytes, options);
  throw wrongKind("decodeImage", "a JPEG or PNG", options.name ?? "the bytes given", bytes);
}
