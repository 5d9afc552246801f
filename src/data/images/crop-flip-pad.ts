import type { Image } from "../../formats/image/image.js";

export { checkImage, type Image } from "../../formats/image/image.js";

/** Pixels to add on each side. */
export type Sides = { left: number; top: number; right: number; bottom: number };

/**
 * What fills a border: a value, the nearest pixel, or the mirror image without (reflect) or with (symmetric) the edge
 * pixel.
 */
export type PaddingMode = "constant" | "edge" | "reflect" | "symmetric";

/** A rectangle of an image, in which it must lie. */
export function cropImage(image: Image, top: number, left: number, height: number, width: number): Image {
  const { data, channels } = image;
  const row = width * channels;
  const out = new Uint8Array(height * row);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * channels;
    out.set(data.subarray(from, from + row), y * row);
  }
  return { data: out, height, width, channels };
}

/** The image with left and right exchanged. */
export function flipImage({ data, height, width, channels }: Image): Image {
  const columns = Array.from({ length: width }, (_, x) => width - 1 - x);
  return pick({ data, height, width, channels }, null, columns);
}

/** The image with a border around it. */
export function padImage(image: Image, sides: Sides, mode: PaddingMode, fill: number): Image {
  const rows = paddedIndices(image.height, sides.top, sides.bottom, mode);
  const columns = paddedIndices(image.width, sides.left, sides.right, mode);
  return pick(image, rows, columns, fill);
}

/** For each pixel of a padded row, the index of the pixel of the row (0 to size − 1) that it copies; −1 for none. */
export function paddedIndices(size: number, before: number, after: number, mode: PaddingMode): number[] {
  return Array.from({ length: before + size + after }, (_, i) => {
    const at = i - before;
    if (at >= 0 && at < size) return at;
    if (mode === "constant") return -1;
    if (mode === "edge") return at < 0 ? 0 : size - 1;
    const again = mode === "symmetric" ? 1 : 0;
    return at < 0 ? -at - again : 2 * size - 2 + again - at;
  });
}

/** An image made of the given rows (null: all) and columns of another; `fill` where an index is −1. */
function pick(image: Image, rows: readonly number[] | null, columns: readonly number[], fill = 0): Image {
  const { data, width, channels } = image;
  const height = rows?.length ?? image.height;
  const out = new Uint8Array(height * columns.length * channels).fill(fill);
  for (let y = 0, to = 0; y < height; y++) {
    const row = rows === null ? y : rows[y]!;
    for (let x = 0; x < columns.length; x++, to += channels) {
      if (row < 0 || columns[x]! < 0) continue;
      const from = (row * width + columns[x]!) * channels;
      for (let c = 0; c < channels; c++) out[to + c] = data[from + c]!;
    }
  }
  return { data: out, height, width: columns.length, channels };
}
