/**
 * Convolutions of few channels, without packing: neighbouring pixels of an output row see neighbouring pixels of the
 * image, so that a tile's vectors are read where the image has them, one place (channel, i, j) of the window after the
 * other. A product packs the patches first, which pays when many outputs read them. The sums are those of the product,
 * in its order, so the bits are the same.
 */
import { madd } from "../gemm/madd";
import { DEPTH, parts, SIZE } from "../gemm/blocking";
import { LANES } from "../simd";
import { Convolution, groupBytes, outBytes, patchSize, weightBytes } from "./convolution";

/** Outputs of a channel group up to which this is faster than a product, and places in the window up to which it always is. */
const FEW_OUTS: i32 = 32;
export const FEW_PLACES: i32 = 32;

/** Whether to slide: never where the product cuts its sums into chunks. */
export function slides(s: Convolution): bool {
  const places = patchSize(s);
  return s.strideWidth == 1 && s.outWidth >= LANES && places <= DEPTH && (s.outs <= FEW_OUTS || places <= FEW_PLACES);
}

/** Units of `slideRows`. */
export function slideUnits(s: Convolution): i32 { return s.images * s.groups * s.outHeight; }

/** out = W·P + bias. A unit is a row of pixels of all outputs of a group. `zeros` is room for a vector. */
export function slideRows(s: Convolution, zeros: usize, begin: i32, end: i32): void {
  v128.store(zeros, v128.splat<real>(0));
  for (let unit = begin; unit < end; unit++) {
    const y = <usize>(unit % s.outHeight), z = unit / s.outHeight;
    const group = <usize>(z % s.groups);
    const x = s.x + <usize>z * groupBytes(s) + y * <usize>(s.strideHeight * s.width) * SIZE;
    const out = s.out + <usize>z * outBytes(s) + y * <usize>s.outWidth * SIZE;
    const bias = s.bias ? s.bias + group * <usize>s.outs * SIZE : 0;
    slideRow(s, x, s.w + group * weightBytes(s), bias, zeros, out);
  }
}

/** A row, output by output, so that memory is written front to back. */
function slideRow(s: Convolution, x: usize, w: usize, bias: usize, zeros: usize, out: usize): void {
  const plane = <usize>(s.outHeight * s.outWidth) * SIZE;
  const places = <usize>patchSize(s) * SIZE;
  const tall = s.outWidth > 2 * LANES ? 3 : 4;
  for (let o = 0, h = 0; o < s.outs; o += h) {
    h = parts(s.outs - o, parts(s.outs - o, tall));
    slideOuts(s, h, x, w + <usize>o * places, bias ? bias + <usize>o * SIZE : 0, zeros, out + <usize>o * plane);
  }
}

/**
 * A row of `outs` outputs, in tiles of up to three vectors. The last tile's last vector ends with the row, and may repeat
 * pixels: an element is the same whatever computes it, and nothing beyond the row is read.
 */
function slideOuts(s: Convolution, outs: i32, x: usize, w: usize, bias: usize, zeros: usize, out: usize): void {
  const plane = <usize>(s.outHeight * s.outWidth) * SIZE;
  const places = <usize>patchSize(s) * SIZE;
  for (let left = 0; left < s.outWidth; ) {
    const rest = s.outWidth - left;
    if (rest < LANES) left = s.outWidth - LANES;
    const vectors = min(parts(rest, LANES), 3);
    const skip = <usize>(min(max(rest, LANES), 3 * LANES) - LANES) * SIZE;
    const from = x + <usize>left * SIZE, to = out + <usize>left * SIZE;
    // Each tile has two callers: one that has a single caller would be inlined, and its sums be spilled.
    if (bias) tile(outs, vectors, w, places, from, s.offsets, skip, to, plane, bias, SIZE);
    else tile(outs, vectors, w, places, from, s.offsets, skip, to, plane, zeros, 0);
    left += vectors * LANES;
  }
}

/**
 * `rows` outputs × `vectors` of pixels; every caller passes literals. A's rows are `places` bytes long and apart; the k-th
 * row of B is at b + downs[k], its last vector `skip` bytes on. (As in gemm/tile.ts, the last row comes first for V8.)
 */
@inline
function fill(
  rows: i32, vectors: i32, a: usize, places: usize, b: usize, downs: usize, skip: usize,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  const zero = v128.splat<real>(0);
  let c00 = zero, c01 = zero, c02 = zero, c10 = zero, c11 = zero, c12 = zero, c20 = zero, c21 = zero, c22 = zero;
  let c30 = zero, c31 = zero;
  let a1 = a + places, a2 = a1 + places, a3 = a2 + places;
  for (const end = a + places; a < end; a += SIZE) {
    const row = b + load<u32>(downs);
    const b0 = v128.load(vectors > 1 ? row : row + skip);
    const b1 = vectors > 2 ? v128.load(row, 16) : vectors > 1 ? v128.load(row + skip) : zero;
    const b2 = vectors > 2 ? v128.load(row + skip) : zero;
    let x: v128;
    if (rows > 3) {
      x = v128.load_splat<real>(a3);
      c30 = madd(c30, x, b0);
      if (vectors > 1) c31 = madd(c31, x, b1);
    }
    if (rows > 2) {
      x = v128.load_splat<real>(a2);
      c20 = madd(c20, x, b0);
      if (vectors > 1) c21 = madd(c21, x, b1);
      if (vectors > 2) c22 = madd(c22, x, b2);
    }
    if (rows > 1) {
      x = v128.load_splat<real>(a1);
      c10 = madd(c10, x, b0);
      if (vectors > 1) c11 = madd(c11, x, b1);
      if (vectors > 2) c12 = madd(c12, x, b2);
    }
    x = v128.load_splat<real>(a);
    c00 = madd(c00, x, b0);
    if (vectors > 1) c01 = madd(c01, x, b1);
    if (vectors > 2) c02 = madd(c02, x, b2);
    downs += 4, a1 += SIZE, a2 += SIZE, a3 += SIZE;
  }
  put(vectors, c, skip, v128.load_splat<real>(d), c00, c01, c02);
  if (rows > 1) put(vectors, c + downC, skip, v128.load_splat<real>(d + downD), c10, c11, c12);
  if (rows > 2) put(vectors, c + 2 * downC, skip, v128.load_splat<real>(d + 2 * downD), c20, c21, c22);
  if (rows > 3) put(vectors, c + 3 * downC, skip, v128.load_splat<real>(d + 3 * downD), c30, c31, zero);
}

/** A row of the tile, + D. */
@inline
function put(vectors: i32, c: usize, skip: usize, d: v128, x0: v128, x1: v128, x2: v128): void {
  v128.store(vectors > 1 ? c : c + skip, v128.add<real>(x0, d));
  if (vectors > 2) v128.store(c, v128.add<real>(x1, d), 16);
  else if (vectors > 1) v128.store(c + skip, v128.add<real>(x1, d));
  if (vectors > 2) v128.store(c + skip, v128.add<real>(x2, d));
}

@inline
function tile(
  rows: i32, vectors: i32, a: usize, places: usize, b: usize, downs: usize, skip: usize,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  if (vectors == 3) {
    if (rows == 3) tile33(a, places, b, downs, skip, c, downC, d, downD);
    else if (rows == 2) tile23(a, places, b, downs, skip, c, downC, d, downD);
    else tile13(a, places, b, downs, skip, c, downC, d, downD);
  } else if (vectors == 2) {
    if (rows == 4) tile42(a, places, b, downs, skip, c, downC, d, downD);
    else if (rows == 3) tile32(a, places, b, downs, skip, c, downC, d, downD);
    else if (rows == 2) tile22(a, places, b, downs, skip, c, downC, d, downD);
    else tile12(a, places, b, downs, skip, c, downC, d, downD);
  } else {
    if (rows == 4) tile41(a, places, b, downs, skip, c, downC, d, downD);
    else if (rows == 3) tile31(a, places, b, downs, skip, c, downC, d, downD);
    else if (rows == 2) tile21(a, places, b, downs, skip, c, downC, d, downD);
    else tile11(a, places, b, downs, skip, c, downC, d, downD);
  }
}

function tile33(
  a: usize, places: usize, b: usize, downs: usize, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(3, 3, a, places, b, downs, skip, c, downC, d, downD);
}

function tile23(
  a: usize, places: usize, b: usize, downs: usize, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(2, 3, a, places, b, downs, skip, c, downC, d, downD);
}

function tile13(
  a: usize, places: usize, b: usize, downs: usize, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(1, 3, a, places, b, downs, skip, c, downC, d, downD);
}

function tile42(
  a: usize, places: usize, b: usize, downs: usize, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(4, 2, a, places, b, downs, skip, c, downC, d, downD);
}

function tile32(
  a: usize, places: usize, b: usize, downs: usize, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(3, 2, a, places, b, downs, skip, c, downC, d, downD);
}

function tile22(
  a: usize, places: usize, b: usize, downs: usize, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(2, 2, a, places, b, downs, skip, c, downC, d, downD);
}

function tile12(
  a: usize, places: usize, b: usize, downs: usize, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(1, 2, a, places, b, downs, skip, c, downC, d, downD);
}

function tile41(
  a: usize, places: usize, b: usize, downs: usize, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(4, 1, a, places, b, downs, skip, c, downC, d, downD);
}

function tile31(
  a: usize, places: usize, b: usize, downs: usize, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(3, 1, a, places, b, downs, skip, c, downC, d, downD);
}

function tile21(
  a: usize, places: usize, b: usize, downs: usize, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(2, 1, a, places, b, downs, skip, c, downC, d, downD);
}

function tile11(
  a: usize, places: usize, b: usize, downs: usize, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(1, 1, a, places, b, downs, skip, c, downC, d, downD);
}
