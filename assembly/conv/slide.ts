/**
 * Convolutions of few outputs, without packing images: neighbouring pixels of an output row see neighbouring pixels of the
 * image, so that a tile's vectors are read where the image has them, one place (channel, i, j) of the window after the
 * other. A product packs the patches first, which pays when many outputs read them. The sums are those of the product,
 * in its order, so the bits are the same.
 */
import { mulAdd } from "../gemm/mul-add";
import { DEPTH, parts } from "../gemm/blocking";
import { packRows } from "../gemm/pack";
import { ITEM_SIZE, LANES } from "../base/simd";
import { Convolution, groupBytes, outBytes, patchSize, weightBytes } from "./convolution";

/** Outputs of a channel group up to which this is faster than a product. */
export const FEW_OUTS: i32 = 8;

/** Bytes of the packed weights of a place. */
const WIDE: usize = 4 * 16;

/** Whether neighbouring pixels see neighbouring pixels, and the product would not cut the sums over a window into chunks. */
export function canSlide(s: Convolution): bool {
  return s.strideWidth == 1 && s.outWidth >= LANES && patchSize(s) <= DEPTH;
}

/** Whether to slide. */
export function slides(s: Convolution): bool { return canSlide(s) && s.outs <= FEW_OUTS; }

/** Units of `slideRows`. */
export function slideUnits(s: Convolution): i32 { return s.images * s.groups * s.outHeight; }

/** Bytes of workspace: a vector of zeros, and the weights of a group. */
export function slideWork(s: Convolution): i32 {
  return 16 + parts(s.outs, tall(s)) * patchSize(s) * <i32>WIDE;
}

/** Vectors of the next tile of a row: three, but four are two and two. */
@inline
function wide(pixels: i32): i32 { return pixels > 3 * LANES && pixels <= 4 * LANES ? 2 : min(parts(pixels, LANES), 3); }

/** The most outputs of a tile. */
@inline
function tall(s: Convolution): i32 { return wide(s.outWidth) > 2 ? 3 : 4; }

/** How many outputs the tile at output o takes. */
@inline
function height(s: Convolution, o: i32): i32 { return parts(s.outs - o, parts(s.outs - o, tall(s))); }

/** The weights of a group in tiles of outputs: for each place WIDE bytes, where each weight is spread over a vector. */
function packWeights(s: Convolution, to: usize, w: usize): void {
  const places = patchSize(s), down = <usize>places * ITEM_SIZE;
  for (let o = 0, h = 0; o < s.outs; o += h, to += <usize>places * WIDE) {
    h = height(s, o);
    packRows(to, WIDE, w + <usize>o * down, down, ITEM_SIZE, h, places);
  }
}

/** out = W·P + bias. A unit is a row of pixels of all outputs of a group. */
export function slideRows(s: Convolution, work: usize, begin: i32, end: i32): void {
  v128.store(work, v128.splat<real>(0));
  let packed: usize = -1;
  for (let unit = begin; unit < end; unit++) {
    const y = <usize>(unit % s.outHeight), z = unit / s.outHeight;
    const group = <usize>(z % s.groups);
    if (group != packed) packWeights(s, work + 16, s.w + group * weightBytes(s));
    packed = group;
    const x = s.x + <usize>z * groupBytes(s) + y * <usize>(s.strideHeight * s.width) * ITEM_SIZE;
    const out = s.out + <usize>z * outBytes(s) + y * <usize>s.outWidth * ITEM_SIZE;
    const bias = s.bias ? s.bias + group * <usize>s.outs * ITEM_SIZE : 0;
    slideRow(s, x, work, bias, out);
  }
}

/** A row, tile of outputs by tile, so that memory is written front to back. */
function slideRow(s: Convolution, x: usize, work: usize, bias: usize, out: usize): void {
  const plane = <usize>(s.outHeight * s.outWidth) * ITEM_SIZE;
  let w = work + 16;
  for (let o = 0, h = 0; o < s.outs; o += h, w += <usize>patchSize(s) * WIDE) {
    h = height(s, o);
    slideOuts(s, h, x, w, bias ? bias + <usize>o * ITEM_SIZE : 0, work, out + <usize>o * plane);
  }
}

/**
 * A row of `outs` outputs, in tiles of up to three vectors. The last tile's last vector ends with the row, and may repeat
 * pixels: an element is the same whatever computes it, and nothing beyond the row is read.
 */
function slideOuts(s: Convolution, outs: i32, x: usize, w: usize, bias: usize, zeros: usize, out: usize): void {
  const plane = <usize>(s.outHeight * s.outWidth) * ITEM_SIZE, places = patchSize(s);
  for (let left = 0; left < s.outWidth; ) {
    const rest = s.outWidth - left;
    if (rest < LANES) left = s.outWidth - LANES;
    const vectors = wide(rest);
    const skip = <usize>(min(max(rest, LANES), vectors * LANES) - LANES) * ITEM_SIZE;
    const from = x + <usize>left * ITEM_SIZE, to = out + <usize>left * ITEM_SIZE;
    // Each tile has two callers: one that has a single caller would be inlined, and its sums be spilled.
    if (bias) tile(outs, vectors, w, from, s.offsets, places, skip, to, plane, bias, ITEM_SIZE);
    else tile(outs, vectors, w, from, s.offsets, places, skip, to, plane, zeros, 0);
    left += vectors * LANES;
  }
}

/**
 * `rows` outputs × `vectors` of pixels; every caller passes literals. The weights are packed; the k-th row of B is at
 * b + downs[k], its last vector `skip` bytes on. (The loop is as in gemm/tile.ts: the last row first, four k to a round.)
 */
@inline
function fill(
  rows: i32, vectors: i32, a: usize, b: usize, downs: usize, k: i32, skip: usize,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  const zero = v128.splat<real>(0);
  let c00 = zero, c01 = zero, c02 = zero, c10 = zero, c11 = zero, c12 = zero, c20 = zero, c21 = zero, c22 = zero;
  let c30 = zero, c32 = zero;
  let x = zero, b0 = zero, b1 = zero, b2: v128, at: usize;
  const end = downs + (<usize>k << 2), last = b + skip;
  let left = (k + 3) % 4 + 1;
  a -= <usize>(4 - left) * WIDE, downs -= <usize>(4 - left) << 2;
  for (; downs < end; a += 4 * WIDE, downs += 16, left = 4) {
    if (left > 3) {
      at = load<u32>(downs);
      if (vectors > 1) b0 = v128.load(b + at);
      if (vectors > 2) b1 = v128.load(b + at, 16);
      b2 = v128.load(last + at);
      if (rows > 3) x = v128.load(a, 48), c32 = mulAdd(x, b2, c32);
      if (rows > 3 && vectors > 1) c30 = mulAdd(x, b0, c30);
      if (rows > 2) x = v128.load(a, 32), c22 = mulAdd(x, b2, c22);
      if (rows > 2 && vectors > 2) c21 = mulAdd(x, b1, c21);
      if (rows > 2 && vectors > 1) c20 = mulAdd(x, b0, c20);
      if (rows > 1) x = v128.load(a, 16), c12 = mulAdd(x, b2, c12);
      if (rows > 1 && vectors > 2) c11 = mulAdd(x, b1, c11);
      if (rows > 1 && vectors > 1) c10 = mulAdd(x, b0, c10);
      x = v128.load(a), c02 = mulAdd(x, b2, c02);
      if (vectors > 2) c01 = mulAdd(x, b1, c01);
      if (vectors > 1) c00 = mulAdd(x, b0, c00);
    }
    if (left > 2) {
      at = load<u32>(downs, 4);
      if (vectors > 1) b0 = v128.load(b + at);
      if (vectors > 2) b1 = v128.load(b + at, 16);
      b2 = v128.load(last + at);
      if (rows > 3) x = v128.load(a, WIDE + 48), c32 = mulAdd(x, b2, c32);
      if (rows > 3 && vectors > 1) c30 = mulAdd(x, b0, c30);
      if (rows > 2) x = v128.load(a, WIDE + 32), c22 = mulAdd(x, b2, c22);
      if (rows > 2 && vectors > 2) c21 = mulAdd(x, b1, c21);
      if (rows > 2 && vectors > 1) c20 = mulAdd(x, b0, c20);
      if (rows > 1) x = v128.load(a, WIDE + 16), c12 = mulAdd(x, b2, c12);
      if (rows > 1 && vectors > 2) c11 = mulAdd(x, b1, c11);
      if (rows > 1 && vectors > 1) c10 = mulAdd(x, b0, c10);
      x = v128.load(a, WIDE), c02 = mulAdd(x, b2, c02);
      if (vectors > 2) c01 = mulAdd(x, b1, c01);
      if (vectors > 1) c00 = mulAdd(x, b0, c00);
    }
    if (left > 1) {
      at = load<u32>(downs, 8);
      if (vectors > 1) b0 = v128.load(b + at);
      if (vectors > 2) b1 = v128.load(b + at, 16);
      b2 = v128.load(last + at);
      if (rows > 3) x = v128.load(a, 2 * WIDE + 48), c32 = mulAdd(x, b2, c32);
      if (rows > 3 && vectors > 1) c30 = mulAdd(x, b0, c30);
      if (rows > 2) x = v128.load(a, 2 * WIDE + 32), c22 = mulAdd(x, b2, c22);
      if (rows > 2 && vectors > 2) c21 = mulAdd(x, b1, c21);
      if (rows > 2 && vectors > 1) c20 = mulAdd(x, b0, c20);
      if (rows > 1) x = v128.load(a, 2 * WIDE + 16), c12 = mulAdd(x, b2, c12);
      if (rows > 1 && vectors > 2) c11 = mulAdd(x, b1, c11);
      if (rows > 1 && vectors > 1) c10 = mulAdd(x, b0, c10);
      x = v128.load(a, 2 * WIDE), c02 = mulAdd(x, b2, c02);
      if (vectors > 2) c01 = mulAdd(x, b1, c01);
      if (vectors > 1) c00 = mulAdd(x, b0, c00);
    }
    at = load<u32>(downs, 12);
    if (vectors > 1) b0 = v128.load(b + at);
    if (vectors > 2) b1 = v128.load(b + at, 16);
    b2 = v128.load(last + at);
    if (rows > 3) x = v128.load(a, 3 * WIDE + 48), c32 = mulAdd(x, b2, c32);
    if (rows > 3 && vectors > 1) c30 = mulAdd(x, b0, c30);
    if (rows > 2) x = v128.load(a, 3 * WIDE + 32), c22 = mulAdd(x, b2, c22);
    if (rows > 2 && vectors > 2) c21 = mulAdd(x, b1, c21);
    if (rows > 2 && vectors > 1) c20 = mulAdd(x, b0, c20);
    if (rows > 1) x = v128.load(a, 3 * WIDE + 16), c12 = mulAdd(x, b2, c12);
    if (rows > 1 && vectors > 2) c11 = mulAdd(x, b1, c11);
    if (rows > 1 && vectors > 1) c10 = mulAdd(x, b0, c10);
    x = v128.load(a, 3 * WIDE), c02 = mulAdd(x, b2, c02);
    if (vectors > 2) c01 = mulAdd(x, b1, c01);
    if (vectors > 1) c00 = mulAdd(x, b0, c00);
  }
  put(vectors, c, skip, v128.load_splat<real>(d), c00, c01, c02);
  if (rows > 1) put(vectors, c + downC, skip, v128.load_splat<real>(d + downD), c10, c11, c12);
  if (rows > 2) put(vectors, c + 2 * downC, skip, v128.load_splat<real>(d + 2 * downD), c20, c21, c22);
  if (rows > 3) put(vectors, c + 3 * downC, skip, v128.load_splat<real>(d + 3 * downD), c30, zero, c32);
}

/** A row of the tile, + D; its last vector ends with the pixels. */
@inline
function put(vectors: i32, c: usize, skip: usize, d: v128, x0: v128, x1: v128, x2: v128): void {
  if (vectors > 1) v128.store(c, v128.add<real>(x0, d));
  if (vectors > 2) v128.store(c, v128.add<real>(x1, d), 16);
  v128.store(c + skip, v128.add<real>(x2, d));
}

@inline
function tile(
  rows: i32, vectors: i32, a: usize, b: usize, downs: usize, k: i32, skip: usize,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  if (vectors == 3) {
    if (rows == 3) tile33(a, b, downs, k, skip, c, downC, d, downD);
    else if (rows == 2) tile23(a, b, downs, k, skip, c, downC, d, downD);
    else tile13(a, b, downs, k, skip, c, downC, d, downD);
  } else if (vectors == 2) {
    if (rows == 4) tile42(a, b, downs, k, skip, c, downC, d, downD);
    else if (rows == 3) tile32(a, b, downs, k, skip, c, downC, d, downD);
    else if (rows == 2) tile22(a, b, downs, k, skip, c, downC, d, downD);
    else tile12(a, b, downs, k, skip, c, downC, d, downD);
  } else {
    if (rows == 4) tile41(a, b, downs, k, skip, c, downC, d, downD);
    else if (rows == 3) tile31(a, b, downs, k, skip, c, downC, d, downD);
    else if (rows == 2) tile21(a, b, downs, k, skip, c, downC, d, downD);
    else tile11(a, b, downs, k, skip, c, downC, d, downD);
  }
}

function tile33(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(3, 3, a, b, downs, k, skip, c, downC, d, downD);
}

function tile23(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(2, 3, a, b, downs, k, skip, c, downC, d, downD);
}

function tile13(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(1, 3, a, b, downs, k, skip, c, downC, d, downD);
}

function tile42(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(4, 2, a, b, downs, k, skip, c, downC, d, downD);
}

function tile32(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(3, 2, a, b, downs, k, skip, c, downC, d, downD);
}

function tile22(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(2, 2, a, b, downs, k, skip, c, downC, d, downD);
}

function tile12(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(1, 2, a, b, downs, k, skip, c, downC, d, downD);
}

function tile41(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(4, 1, a, b, downs, k, skip, c, downC, d, downD);
}

function tile31(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(3, 1, a, b, downs, k, skip, c, downC, d, downD);
}

function tile21(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(2, 1, a, b, downs, k, skip, c, downC, d, downD);
}

function tile11(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(1, 1, a, b, downs, k, skip, c, downC, d, downD);
}
