import { ValueError } from "../../base/errors.js";
import { writeAtomic } from "../../platform/files.js";
import { svgToPng } from "../../platform/raster.js";

/** Options of {@link rasterise}. */
type RasterOptions = {
  /** Pixels per unit of the SVG: 2 when left out, which is sharp on most screens. */
  scale?: number;
  /** A CSS colour behind the picture; none when left out, for pictures with a background of their own. */
  background?: string;
};

const MAX_SCALE = 16;

/**
 * The bytes of a PNG that shows an SVG.
 * @param svg a whole document with its width and height. In Node all text is in DejaVu Sans
 * @param op the function that the user called, for errors
 * @throws ValueError for a scale that is not above 0 and at most 16, SimdgradError if the text is no SVG
 */
export async function rasterise(
  svg: string,
  { scale = 2, background }: RasterOptions = {},
  op = "rasterise",
): Promise<Uint8Array<ArrayBuffer>> {
  if (!(scale > 0 && scale <= MAX_SCALE)) {
    throw new ValueError(op, `expected a scale above 0 and at most ${MAX_SCALE}, got ${scale}`);
  }
  return svgToPng(op, svg, { scale, ...(background === undefined ? {} : { background }) });
}

/** The format that the ending of a path names. Throws for another ending, so call it before any work. */
export function pictureFormat(op: string, path: string): "svg" | "png" {
  const ending = /\.(svg|png)$/i.exec(path)?.[1]?.toLowerCase();
  if (ending === "svg" || ending === "png") return ending;
  throw new ValueError(op, `expected a path that ends in .svg or .png, got ${path}`);
}

/**
 * Writes an SVG to a file: as it is for a path that ends in `.svg`, as pixels for `.png`. On any failure the file stays
 * as it was.
 * @param op the function that the user called, for errors
 * @throws ValueError for another ending, FileError when the file cannot be written and in browsers
 */
export async function savePicture(op: string, path: string, svg: string, options: RasterOptions = {}): Promise<void> {
  const format = pictureFormat(op, path);
  const bytes = format === "svg" ? new TextEncoder().encode(svg) : await rasterise(svg, options, op);
  await writeAtomic(op, path, [bytes]);
}
