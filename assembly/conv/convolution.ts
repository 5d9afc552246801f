/**
 * A convolution as products of matrices. P holds the patches of an image: a row for each element (channel, i, j) of the
 * window, a column for each output pixel. Then
 *
 *     out = W·P + bias        dW = Σ over images of dOut·Pᵀ        dP = Wᵀ·dOut, added up to dX where patches overlap
 *
 * P is never stored: its element (r, p) is the image's element rowOffset[r] + columnOffset[p] (gemm/indirect.ts).
 * Images have their padding already. Where the output has one pixel (a window as large as the image), the patches of
 * all images are the columns of one P: products with single columns would read the weights again for every image.
 */
import { ITEM_SIZE } from "../base/simd";
import { Plan } from "../gemm/problem";

/** The struct a caller fills; sizes are those of one group of channels; x, w and out are row-major. */
@unmanaged
export class Convolution {
  /**
   * x [images, groups·channels, height, width], w [groups·outs, channels, windowHeight, windowWidth], out [images,
   * groups·outs, outHeight, outWidth]
   */
  x: usize; w: usize; out: usize;
  /** [groups·outs], or 0. */
  bias: usize;
  /** The two tables of `patchOffsets`, one behind the other. */
  offsets: usize;
  images: i32; groups: i32; channels: i32; outs: i32;
  height: i32; width: i32;
  windowHeight: i32; windowWidth: i32;
  outHeight: i32; outWidth: i32;
  strideHeight: i32; strideWidth: i32;
  dilationHeight: i32; dilationWidth: i32;
  /** One of the routes below, as src/ops/conv/convolution-route.ts chose. */
  route: i32;
  /** Whether dW adds its products along rows of pixels, as `slideWeight` does, and not as a product of matrices. */
  byRows: i32;
}

/** The routes: rows of pixels where they lie; lists of the elements of dOut that are not 0; 0 is a product of matrices. */
export const SLIDE: i32 = 1;
export const SPARSE: i32 = 2;

/**
 * The pixels of a tile of dP. dX gets a tile's sums before those of the next tile: the order of sums depends on this
 * number.
 */
export const TILE_PIXELS: i32 = 256;

/** Elements of the window in one channel. */
@inline export function windowSize(s: Convolution): i32 { return s.windowHeight * s.windowWidth; }

/** Rows of the window, over the channels of a group. */
@inline export function windowRows(s: Convolution): i32 { return s.channels * s.windowHeight; }

/** Rows of P: elements of the window, over the channels of a group. */
@inline export function patchSize(s: Convolution): i32 { return s.channels * windowSize(s); }

/** Pixels of an output plane. */
@inline export function pixels(s: Convolution): i32 { return s.outHeight * s.outWidth; }

/** Whether P holds all images, one column each. */
@inline export function joined(s: Convolution): bool { return pixels(s) == 1; }

/** Columns of P: pixels of an output plane, or images of one pixel. */
@inline export function patches(s: Convolution): i32 { return joined(s) ? s.images : pixels(s); }

/** Bytes of the planes of one group of x. */
@inline export function groupBytes(s: Convolution): usize {
  return <usize>s.channels * <usize>s.height * <usize>s.width * ITEM_SIZE;
}

/** Bytes of the planes of one group of out. */
@inline export function outBytes(s: Convolution): usize { return <usize>s.outs * <usize>pixels(s) * ITEM_SIZE; }

/** Bytes of the weights of one group. */
@inline export function weightBytes(s: Convolution): usize { return <usize>s.outs * <usize>patchSize(s) * ITEM_SIZE; }

/** The table of columns. */
@inline export function columnOffsets(s: Convolution): usize { return s.offsets + (<usize>patchSize(s) << 2); }

/** Fills the tables of byte offsets: rows of P, then columns. Units: entries. */
export function patchOffsets(struct: usize, begin: i32, end: i32): void {
  const s = changetype<Convolution>(struct);
  const rows = patchSize(s), plane = s.height * s.width, image = s.groups * s.channels * plane;
  const down = s.dilationHeight * s.width, across = s.dilationWidth;
  planeOffsets(s.offsets, begin, min(end, rows), s.windowHeight, s.windowWidth, plane, down, across);
  const first = max(begin - rows, 0), last = end - rows, to = columnOffsets(s);
  if (joined(s)) planeOffsets(to, first, last, 1, 1, image, 0, 0);
  else planeOffsets(to, first, last, s.outHeight, s.outWidth, 0, s.strideHeight * s.width, s.strideWidth);
}

/**
 * Entries [begin, end) of the byte offsets of [planes, height, width], for strides `plane`, `down`, `across` in
 * elements.
 */
function planeOffsets(to: usize, begin: i32, end: i32, height: i32, width: i32, plane: i32, down: i32, across: i32): void {
  if (begin >= end) return;
  let x = begin % width, y = begin / width % height, at = begin / width / height * plane;
  for (let i = begin; i < end; i++) {
    store<u32>(to + (<usize>i << 2), <u32>(at + y * down + x * across) * <u32>ITEM_SIZE);
    if (++x < width) continue;
    x = 0;
    if (++y < height) continue;
    y = 0, at += plane;
  }
}

/** A plan for a product of this convolution: the counts are set, all other fields are 0. */
export function emptyPlan(s: Convolution, at: usize): Plan {
  const p = changetype<Plan>(at);
  memory.fill(at, 0, offsetof<Plan>());
  p.groups = s.groups, p.batch = s.groups, p.sums = 1;
  return p;
}
