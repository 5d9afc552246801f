/**
 * The convolution of few outputs, without packed patches: neighbours in a row of out see neighbours in x, so that a tile
 * reads its vectors of P where x has them, one row of P (channel, i, j) after the other. A product packs P first, which
 * pays only if many outputs read it. The sums are those of the product, in its order: the bits are the same.
 */
import { mulAdd } from "../gemm/mul-add";
import { parts } from "../gemm/blocking";
import { packRows } from "../gemm/pack";
import { ITEM_SIZE, LANES } from "../base/simd";
import { Convolution, groupBytes, outBytes, patchSize, pixels, weightBytes } from "./convolution";

/** Bytes from k to k + 1 of packed weights: each of four outputs fills a vector (a tile may have fewer). */
const WIDE_A: usize = 4 * 16;

/** Bytes of workspace: a vector of zeros, and the packed weights of a group. */
export function slideForwardWork(s: Convolution): i32 {
  return 16 + parts(s.outs, mostOuts(s)) * patchSize(s) * <i32>WIDE_A;
}

/** Units of `slideForward`: rows of out, each of all outputs of a group. */
export function slideForwardUnits(s: Convolution): i32 { return s.images * s.groups * s.outHeight; }

/** out = W·P + bias */
export function slideForward(s: Convolution, work: usize, begin: i32, end: i32): void {
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

/** Vectors of the next tile of a row with `rest` pixels left: three at most, and four are two and two. */
@inline
function tileVectors(rest: i32): i32 {
  return rest > 3 * LANES && rest <= 4 * LANES ? 2 : min(parts(rest, LANES), 3);
}

/** The most outputs of a tile: with three vectors, three rows of sums fit the registers. */
@inline
function mostOuts(s: Convolution): i32 { return tileVectors(s.outWidth) > 2 ? 3 : 4; }

/** The outputs of the tile at output o: tiles have nearly equal numbers. */
@inline
function tileOuts(s: Convolution, o: i32): i32 { return parts(s.outs - o, parts(s.outs - o, mostOuts(s))); }

/** Packs the weights of a group, [outs, k], tile of outputs by tile: [k, WIDE_A bytes], each weight over a vector. */
function packWeights(s: Convolution, to: usize, w: usize): void {
  const k = patchSize(s), down = <usize>k * ITEM_SIZE;
  for (let o = 0, outs = 0; o < s.outs; o += outs, to += <usize>k * WIDE_A) {
    outs = tileOuts(s, o);
    packRows(to, WIDE_A, w + <usize>o * down, down, ITEM_SIZE, outs, k);
  }
}

/** A row of all outputs of a group, tile of outputs by tile, so that memory is written front to back. */
function slideRow(s: Convolution, x: usize, work: usize, bias: usize, out: usize): void {
  const plane = <usize>pixels(s) * ITEM_SIZE;
  let w = work + 16;
  for (let o = 0, outs = 0; o < s.outs; o += outs, w += <usize>patchSize(s) * WIDE_A) {
    outs = tileOuts(s, o);
    slideOuts(s, outs, x, w, bias ? bias + <usize>o * ITEM_SIZE : 0, work, out + <usize>o * plane);
  }
}

/**
 * A row of `outs` outputs, in tiles of up to three vectors. The last vector of the row ends with it, so that nothing
 * behind the row is read; some pixels may be computed twice, with the same bits.
 */
function slideOuts(s: Convolution, outs: i32, x: usize, w: usize, bias: usize, zeros: usize, out: usize): void {
  const plane = <usize>pixels(s) * ITEM_SIZE, k = patchSize(s);
  for (let left = 0; left < s.outWidth; ) {
    const rest = s.outWidth - left;
    if (rest < LANES) left = s.outWidth - LANES;
    const vectors = tileVectors(rest);
    const skip = <usize>(min(max(rest, LANES), vectors * LANES) - LANES) * ITEM_SIZE;
    const from = x + <usize>left * ITEM_SIZE, to = out + <usize>left * ITEM_SIZE;
    // Each tile function has two callers: with a single caller it would be inlined, and V8 would spill its sums.
    if (bias) tile(outs, vectors, w, from, s.offsets, k, skip, to, plane, bias, ITEM_SIZE);
    else tile(outs, vectors, w, from, s.offsets, k, skip, to, plane, zeros, 0);
    left += vectors * LANES;
  }
}

/**
 * C = A·B + D: `rows` outputs × `vectors` vectors of pixels, both literals. A, the weights, is packed. Row k of B, that
 * of P, is at b + downs[k], its last vector `skip` bytes on. gemm/tile.ts explains the form of the loop.
 */
@inline
function multiply(
  rows: i32, vectors: i32, a: usize, b: usize, downs: usize, k: i32, skip: usize,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  const zero = v128.splat<real>(0);
  let c00 = zero, c01 = zero, c02 = zero, c10 = zero, c11 = zero, c12 = zero, c20 = zero, c21 = zero, c22 = zero;
  let c30 = zero, c32 = zero;
  let x = zero, b0 = zero, b1 = zero, b2: v128, at: usize;
  const end = downs + (<usize>k << 2), last = b + skip;
  let left = (k + 3) % 4 + 1;
  a -= <usize>(4 - left) * WIDE_A, downs -= <usize>(4 - left) << 2;
  for (; downs < end; a += 4 * WIDE_A, downs += 16, left = 4) {
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
      if (rows > 3) x = v128.load(a, WIDE_A + 48), c32 = mulAdd(x, b2, c32);
      if (rows > 3 && vectors > 1) c30 = mulAdd(x, b0, c30);
      if (rows > 2) x = v128.load(a, WIDE_A + 32), c22 = mulAdd(x, b2, c22);
      if (rows > 2 && vectors > 2) c21 = mulAdd(x, b1, c21);
      if (rows > 2 && vectors > 1) c20 = mulAdd(x, b0, c20);
      if (rows > 1) x = v128.load(a, WIDE_A + 16), c12 = mulAdd(x, b2, c12);
      if (rows > 1 && vectors > 2) c11 = mulAdd(x, b1, c11);
      if (rows > 1 && vectors > 1) c10 = mulAdd(x, b0, c10);
      x = v128.load(a, WIDE_A), c02 = mulAdd(x, b2, c02);
      if (vectors > 2) c01 = mulAdd(x, b1, c01);
      if (vectors > 1) c00 = mulAdd(x, b0, c00);
    }
    if (left > 1) {
      at = load<u32>(downs, 8);
      if (vectors > 1) b0 = v128.load(b + at);
      if (vectors > 2) b1 = v128.load(b + at, 16);
      b2 = v128.load(last + at);
      if (rows > 3) x = v128.load(a, 2 * WIDE_A + 48), c32 = mulAdd(x, b2, c32);
      if (rows > 3 && vectors > 1) c30 = mulAdd(x, b0, c30);
      if (rows > 2) x = v128.load(a, 2 * WIDE_A + 32), c22 = mulAdd(x, b2, c22);
      if (rows > 2 && vectors > 2) c21 = mulAdd(x, b1, c21);
      if (rows > 2 && vectors > 1) c20 = mulAdd(x, b0, c20);
      if (rows > 1) x = v128.load(a, 2 * WIDE_A + 16), c12 = mulAdd(x, b2, c12);
      if (rows > 1 && vectors > 2) c11 = mulAdd(x, b1, c11);
      if (rows > 1 && vectors > 1) c10 = mulAdd(x, b0, c10);
      x = v128.load(a, 2 * WIDE_A), c02 = mulAdd(x, b2, c02);
      if (vectors > 2) c01 = mulAdd(x, b1, c01);
      if (vectors > 1) c00 = mulAdd(x, b0, c00);
    }
    at = load<u32>(downs, 12);
    if (vectors > 1) b0 = v128.load(b + at);
    if (vectors > 2) b1 = v128.load(b + at, 16);
    b2 = v128.load(last + at);
    if (rows > 3) x = v128.load(a, 3 * WIDE_A + 48), c32 = mulAdd(x, b2, c32);
    if (rows > 3 && vectors > 1) c30 = mulAdd(x, b0, c30);
    if (rows > 2) x = v128.load(a, 3 * WIDE_A + 32), c22 = mulAdd(x, b2, c22);
    if (rows > 2 && vectors > 2) c21 = mulAdd(x, b1, c21);
    if (rows > 2 && vectors > 1) c20 = mulAdd(x, b0, c20);
    if (rows > 1) x = v128.load(a, 3 * WIDE_A + 16), c12 = mulAdd(x, b2, c12);
    if (rows > 1 && vectors > 2) c11 = mulAdd(x, b1, c11);
    if (rows > 1 && vectors > 1) c10 = mulAdd(x, b0, c10);
    x = v128.load(a, 3 * WIDE_A), c02 = mulAdd(x, b2, c02);
    if (vectors > 2) c01 = mulAdd(x, b1, c01);
    if (vectors > 1) c00 = mulAdd(x, b0, c00);
  }
  storeRow(vectors, c, skip, v128.load_splat<real>(d), c00, c01, c02);
  if (rows > 1) storeRow(vectors, c + downC, skip, v128.load_splat<real>(d + downD), c10, c11, c12);
  if (rows > 2) storeRow(vectors, c + 2 * downC, skip, v128.load_splat<real>(d + 2 * downD), c20, c21, c22);
  if (rows > 3) storeRow(vectors, c + 3 * downC, skip, v128.load_splat<real>(d + 3 * downD), c30, zero, c32);
}

/** Adds D to a row of sums and writes it to C; its last vector is `skip` bytes on. */
@inline
function storeRow(vectors: i32, c: usize, skip: usize, d: v128, x0: v128, x1: v128, x2: v128): void {
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
  multiply(3, 3, a, b, downs, k, skip, c, downC, d, downD);
}

function tile23(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  multiply(2, 3, a, b, downs, k, skip, c, downC, d, downD);
}

function tile13(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  multiply(1, 3, a, b, downs, k, skip, c, downC, d, downD);
}

function tile42(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  multiply(4, 2, a, b, downs, k, skip, c, downC, d, downD);
}

function tile32(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  multiply(3, 2, a, b, downs, k, skip, c, downC, d, downD);
}

function tile22(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  multiply(2, 2, a, b, downs, k, skip, c, downC, d, downD);
}

function tile12(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  multiply(1, 2, a, b, downs, k, skip, c, downC, d, downD);
}

function tile41(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  multiply(4, 1, a, b, downs, k, skip, c, downC, d, downD);
}

function tile31(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  multiply(3, 1, a, b, downs, k, skip, c, downC, d, downD);
}

function tile21(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  multiply(2, 1, a, b, downs, k, skip, c, downC, d, downD);
}

function tile11(
  a: usize, b: usize, downs: usize, k: i32, skip: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  multiply(1, 1, a, b, downs, k, skip, c, downC, d, downD);
}
