import { ValueError } from "../../base/errors.js";
import { writeAtomic } from "../../platform/files.js";
import { svgToPng } from "../../platform/raster.js";

/** How an SVG becomes pixels. */
type RasterOptions = {
  /** Pixels for each unit of the SVG: 2 when left out, sharp on most screens. */
  scale?: number;
  /** A CSS colour behind the picture: none when left out, for pictures that bring their own. */
  background?: string;
};

const MAX_SCALE = 16;

/**
 * The bytes of a PNG that shows an SVG.
 * @param svg a whole document; its width and height are in it. Only fonts by the name of DejaVu Sans look as given
 * @param op the function that the user called, for errors
 * @throws ValueError for a scale that is not above 0 and at most 16, SimdgradError for what is no SVG
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

/** What a name ends in, in small letters: "svg" or "png". Throws for others, so call it before any work. */
export function pictureFormat(op: string, path: string): "svg" | "png" {
  const ending = /\.(svg|png)$/i.exec(path)?.[1]?.toLowerCase();
  if (ending === "svg" || ending === "png") return ending;
  throw new ValueError(op, `expected a path that ends in .svg or .png, got ${path}`);
}

/**
 * Writes an SVG to a file as it is (`.svg`) or as pixels (`.png`), by the name. The file is replaced as a whole or, on
 * any failure, not at all.
 * @param op the function that the user called, for errors
 * @throws ValueError for another ending, FileError when the file cannot be written and in browsers
 */
export async function savePicture(op: string, path: string, svg: string, options: RasterOptions = {}): Promise<void> {
  const format = pictureFormat(op, path);
  const bytes = format === "svg" ? new TextEncoder().encode(svg) : await rasterise(svg, options, op);
  await writeAtomic(op, path, [bytes]);
}
