import { ValueError } from "../../base/errors.js";

/** A picture before it is a tensor: rows of pixels, the channels of a pixel side by side (HWC), a byte each. */
export type Image = {
  /** height · width · channels bytes. */
  data: Uint8Array | Uint8ClampedArray;
  height: number;
  width: number;
  /** 1 (grey) or 3 (red, green, blue); other numbers where a function says so. */
  channels: number;
};

/** Throws unless the value is an image with height · width · channels bytes. */
export function checkImage(op: string, image: Image): void {
  const { data, height, width, channels } = image ?? {};
  const sizes = [height, width, channels];
  const problem = "expected an image { data: Uint8Array, height, width, channels }";
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray)) {
    throw new ValueError(
      op,
      `${problem}, got ${image === null || typeof image !== "object" ? String(image) : "another object"}`,
    );
  }
  if (!sizes.every((size) => Number.isInteger(size) && size > 0) || data.length !== height * width * channels) {
    throw new ValueError(op, `${problem}, got ${data.length} bytes for ${height} × ${width} × ${channels}`);
  }
}

/** The image with three channels, as Pillow's convert("RGB"): grey becomes three equal channels, opacity is dropped. */
export function toRgb(image: Image): Image {
  const { data, height, width, channels } = image;
  if (channels === 3) return image;
  const out = new Uint8Array(height * width * 3);
  const step = channels === 4 ? 1 : 0;
  for (let from = 0, to = 0; to < out.length; from += channels, to += 3) {
    out[to] = data[from]!;
    out[to + 1] = data[from + step]!;
    out[to + 2] = data[from + 2 * step]!;
  }
  return { data: out, height, width, channels: 3 };
}
