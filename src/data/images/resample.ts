import type { Image } from "./crop-flip-pad.js";

// Pillow's resize (src/libImaging/Resample.c), to the byte. Each output pixel is a weighted mean of the input pixels
// within max(scale, 1) of its centre. The weights form a triangle and are rounded to 22 binary digits. The width is
// resized first and rounded to bytes, then the height.

const PRECISION = 22;
const HALF = 1 << (PRECISION - 1);

/**
 * For output pixel i of a line: `counts[i]` weights, from `weights[i * most]` on, for the input pixels from `starts[i]`
 * on.
 */
type Filter = { starts: Int32Array; counts: Int32Array; weights: Int32Array; most: number };

function triangle(from: number, to: number): Filter {
  const scale = from / to;
  const support = Math.max(scale, 1);
  const most = Math.ceil(support) * 2 + 1;
  const filter = { starts: new Int32Array(to), counts: new Int32Array(to), weights: new Int32Array(to * most), most };
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * scale;
    const start = Math.max(Math.trunc(center - support + 0.5), 0);
    const count = Math.min(Math.trunc(center + support + 0.5), from) - start;
    const weights = Array.from({ length: count }, (_, k) =>
      Math.max(1 - Math.abs((k + start - center + 0.5) * (1 / support)), 0),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    filter.starts[i] = start;
    filter.counts[i] = count;
    for (let k = 0; k < count; k++)
      filter.weights[i * most + k] = Math.trunc(0.5 + (weights[k]! / sum) * (1 << PRECISION));
  }
  return filter;
}

/** Resizes the middle dim of bytes [lines, from, inner] to the filter's number of pixels. */
function resizeLines(
  data: Image["data"],
  filter: Filter,
  lines: number,
  from: number,
  inner: number,
): Uint8Array<ArrayBuffer> {
  const { starts, counts, weights, most } = filter;
  const to = starts.length;
  const out = new Uint8Array(lines * to * inner);
  for (let line = 0, at = 0; line < lines; line++) {
    for (let i = 0; i < to; i++) {
      const first = (line * from + starts[i]!) * inner;
      const end = counts[i]!;
      for (let c = 0; c < inner; c++, at++) {
        let sum = HALF;
        for (let k = 0, x = first + c; k < end; k++, x += inner) sum += data[x]! * weights[i * most + k]!;
        out[at] = sum >> PRECISION; // in [0, 255]: the weights are not negative and add up to one
      }
    }
  }
  return out;
}

/** The image in another size, with the bytes of Pillow's `image.resize((width, height), Image.BILINEAR)`. */
export function resampleImage(image: Image, height: number, width: number): Image {
  const { channels } = image;
  let { data } = image;
  if (width !== image.width)
    data = resizeLines(data, triangle(image.width, width), image.height, image.width, channels);
  if (height !== image.height)
    data = resizeLines(data, triangle(image.height, height), 1, image.height, width * channels);
  return { data: data === image.data ? data.slice() : data, height, width, channels };
}
