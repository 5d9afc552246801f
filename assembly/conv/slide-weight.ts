/**
 * dW of few weights, without packed patches: weight (o, c, i, j) is the inner product of the plane of dOut at o and the
 * plane of x at c, shifted by (i, j). Lanes run along rows of pixels. The order of a sum: each lane adds its products of
 * one image, then these sums are added over the images, then over the lanes. A tile takes two outputs and neighbouring
 * j, whose vectors of x are one element apart.
 */
import { mulAdd } from "../gemm/mul-add";
import { parts } from "../gemm/blocking";
import { ITEM_SIZE, LANES } from "../base/simd";
import { Convolution, groupBytes, outBytes, patchSize, pixels, weightBytes, windowRows } from "./convolution";

/** Outputs of a tile. */
const OUTS: i32 = 2;

/** Tiles of the outputs of a group. */
@inline
function outTiles(s: Convolution): i32 { return parts(s.outs, OUTS); }

/** Bytes of workspace: a mask, and a vector of sums for each weight of a group. */
export function slideWeightWork(s: Convolution): i32 { return 16 * (s.outs * patchSize(s) + 1); }

/** Units of `slideWeight`: rows of the window (channel, i), each of two outputs. */
export function slideWeightUnits(s: Convolution): i32 { return s.groups * outTiles(s) * windowRows(s); }

/** dW = Σ over images of dOut·Pᵀ */
export function slideWeight(s: Convolution, work: usize, begin: i32, end: i32): void {
  const inGroup = outTiles(s) * windowRows(s);
  for (let unit = begin; unit < end; ) {
    const group = unit / inGroup;
    const first = unit % inGroup, last = min(first + end - unit, inGroup);
    slideGroup(s, <usize>group, work, first, last);
    unit += last - first;
  }
}

/** Units [first, last) of a group. The images are the outer loop: the planes of one stay in a cache for all units. */
function slideGroup(s: Convolution, group: usize, work: usize, first: i32, last: i32): void {
  const sums = work + 16;
  storeMask(work, s.outWidth % LANES);
  for (let unit = first; unit < last; unit++) clear(s, sums, unit);
  for (let z = 0; z < s.images; z++) {
    const image = <usize>(z * s.groups) + group;
    const x = s.x + image * groupBytes(s), g = s.out + image * outBytes(s);
    for (let unit = first; unit < last; unit++) addRow(s, work, sums, x, g, unit);
  }
  const w = s.w + group * weightBytes(s);
  for (let unit = first; unit < last; unit++) finish(s, sums, w, unit);
}

/** Writes a vector whose last `rest` lanes have all bits set; the others are 0. */
@inline
function storeMask(at: usize, rest: i32): void {
  for (let i = 0; i < LANES; i++) {
    const on = i >= LANES - rest ? -1 : 0;
    if (sizeof<real>() == 4) store<i32>(at + (<usize>i << 2), on);
    else store<i64>(at + (<usize>i << 3), on);
  }
}

/** The number, in its group, of a unit's first weight. */
@inline
function firstWeight(s: Convolution, unit: i32): i32 {
  return OUTS * (unit / windowRows(s)) * patchSize(s) + (unit % windowRows(s)) * s.windowWidth;
}

/** The outputs of a unit: the last may have one. */
@inline
function outsOf(s: Convolution, unit: i32): i32 { return min(OUTS, s.outs - OUTS * (unit / windowRows(s))); }

/** Sets the sums of a unit to 0. */
function clear(s: Convolution, sums: usize, unit: i32): void {
  for (let r = 0; r < outsOf(s, unit); r++) {
    memory.fill(sums + (<usize>(firstWeight(s, unit) + r * patchSize(s)) << 4), 0, <usize>s.windowWidth << 4);
  }
}

/** Adds the lanes of each sum of a unit, and writes them to dW. */
function finish(s: Convolution, sums: usize, w: usize, unit: i32): void {
  for (let r = 0; r < outsOf(s, unit); r++) {
    const from = <usize>(firstWeight(s, unit) + r * patchSize(s));
    for (let i = from; i < from + <usize>s.windowWidth; i++) {
      const lanes = sums + (i << 4);
      let sum = load<real>(lanes) + load<real>(lanes, ITEM_SIZE);
      if (sizeof<real>() == 4) sum += load<real>(lanes, 2 * ITEM_SIZE) + load<real>(lanes, 3 * ITEM_SIZE);
      store<real>(w + i * ITEM_SIZE, sum);
    }
  }
}

/** Adds the products of one image to the sums of a unit, at most five j at a time. */
function addRow(s: Convolution, mask: usize, sums: usize, x: usize, g: usize, unit: i32): void {
  const row = unit % windowRows(s), downSums = <usize>patchSize(s) << 4;
  const first = (row / s.windowHeight * s.height + row % s.windowHeight * s.dilationHeight) * s.width;
  const plane = <usize>pixels(s) * ITEM_SIZE;
  const down = <usize>(s.strideHeight * s.width) * ITEM_SIZE;
  const whole = <usize>(s.outWidth & -LANES) * ITEM_SIZE, rest = <usize>(s.outWidth % LANES) * ITEM_SIZE;
  const outs = outsOf(s, unit);
  g += <usize>(OUTS * (unit / windowRows(s))) * plane;
  x += <usize>first * ITEM_SIZE;
  sums += <usize>firstWeight(s, unit) << 4;
  for (let j = s.windowWidth; j > 0; ) {
    const taps = j >= 5 ? 5 : j >= 3 ? 3 : 1;
    // Each tile function has two callers: with a single caller it would be inlined, and V8 would spill its sums.
    if (rest) tile(outs, taps, sums, downSums, x, down, g, plane, whole, rest, s.outHeight, mask);
    else tile(outs, taps, sums, downSums, x, down, g, plane, whole, 0, s.outHeight, mask);
    sums += <usize>taps << 4;
    x += <usize>taps * ITEM_SIZE;
    j -= taps;
  }
}

/**
 * Adds one image to the sums of `outs` outputs × `taps` neighbouring j, both literals. Rows of dOut, g, follow each
 * other, `whole` bytes of whole vectors and `rest` bytes; rows of x are `down` bytes apart. The rest of a row is read as
 * the vector that ends with the row, without the lanes that came before. Its step is written out a second time: sums in
 * locals cannot be handed to a function, and one step for both would mask every load. A round takes four vectors;
 * gemm/tile.ts explains the form of the loop and the order of its lines.
 */
@inline
function multiply(
  outs: i32, taps: i32, sums: usize, downSums: usize, x: usize, down: usize, g: usize, plane: usize,
  whole: usize, rest: usize, height: i32, mask: usize,
): void {
  const zero = v128.splat<real>(0);
  let c00 = zero, c10 = zero, c01 = zero, c11 = zero, c02 = zero, c12 = zero, c03 = zero, c13 = zero;
  let c04 = zero, c14 = zero;
  let y = zero, g0 = zero, g1 = zero;
  for (; height > 0; height--) {
    const end = g + whole;
    let left = (<i32>(whole >> 4) + 3) % 4 + 1;
    const before = <usize>(4 - left) << 4;
    let at = x - before, h = g + plane - before;
    for (g -= before; g < end; g += 64, h += 64, at += 64, left = 4) {
      if (left > 3) {
        g0 = v128.load(g);
        if (outs > 1) g1 = v128.load(h);
        if (taps > 3) y = v128.load(at, 4 * ITEM_SIZE), c04 = mulAdd(y, g0, c04);
        if (taps > 3 && outs > 1) c14 = mulAdd(y, g1, c14);
        if (taps > 3) y = v128.load(at, 3 * ITEM_SIZE), c03 = mulAdd(y, g0, c03);
        if (taps > 3 && outs > 1) c13 = mulAdd(y, g1, c13);
        if (taps > 1) y = v128.load(at, 2 * ITEM_SIZE), c02 = mulAdd(y, g0, c02);
        if (taps > 1 && outs > 1) c12 = mulAdd(y, g1, c12);
        if (taps > 1) y = v128.load(at, ITEM_SIZE), c01 = mulAdd(y, g0, c01);
        if (taps > 1 && outs > 1) c11 = mulAdd(y, g1, c11);
        y = v128.load(at), c00 = mulAdd(y, g0, c00);
        if (outs > 1) c10 = mulAdd(y, g1, c10);
      }
      if (left > 2) {
        g0 = v128.load(g, 16);
        if (outs > 1) g1 = v128.load(h, 16);
        if (taps > 3) y = v128.load(at, 16 + 4 * ITEM_SIZE), c04 = mulAdd(y, g0, c04);
        if (taps > 3 && outs > 1) c14 = mulAdd(y, g1, c14);
        if (taps > 3) y = v128.load(at, 16 + 3 * ITEM_SIZE), c03 = mulAdd(y, g0, c03);
        if (taps > 3 && outs > 1) c13 = mulAdd(y, g1, c13);
        if (taps > 1) y = v128.load(at, 16 + 2 * ITEM_SIZE), c02 = mulAdd(y, g0, c02);
        if (taps > 1 && outs > 1) c12 = mulAdd(y, g1, c12);
        if (taps > 1) y = v128.load(at, 16 + ITEM_SIZE), c01 = mulAdd(y, g0, c01);
        if (taps > 1 && outs > 1) c11 = mulAdd(y, g1, c11);
        y = v128.load(at, 16), c00 = mulAdd(y, g0, c00);
        if (outs > 1) c10 = mulAdd(y, g1, c10);
      }
      if (left > 1) {
        g0 = v128.load(g, 32);
        if (outs > 1) g1 = v128.load(h, 32);
        if (taps > 3) y = v128.load(at, 32 + 4 * ITEM_SIZE), c04 = mulAdd(y, g0, c04);
        if (taps > 3 && outs > 1) c14 = mulAdd(y, g1, c14);
        if (taps > 3) y = v128.load(at, 32 + 3 * ITEM_SIZE), c03 = mulAdd(y, g0, c03);
        if (taps > 3 && outs > 1) c13 = mulAdd(y, g1, c13);
        if (taps > 1) y = v128.load(at, 32 + 2 * ITEM_SIZE), c02 = mulAdd(y, g0, c02);
        if (taps > 1 && outs > 1) c12 = mulAdd(y, g1, c12);
        if (taps > 1) y = v128.load(at, 32 + ITEM_SIZE), c01 = mulAdd(y, g0, c01);
        if (taps > 1 && outs > 1) c11 = mulAdd(y, g1, c11);
        y = v128.load(at, 32), c00 = mulAdd(y, g0, c00);
        if (outs > 1) c10 = mulAdd(y, g1, c10);
      }
      g0 = v128.load(g, 48);
      if (outs > 1) g1 = v128.load(h, 48);
      if (taps > 3) y = v128.load(at, 48 + 4 * ITEM_SIZE), c04 = mulAdd(y, g0, c04);
      if (taps > 3 && outs > 1) c14 = mulAdd(y, g1, c14);
      if (taps > 3) y = v128.load(at, 48 + 3 * ITEM_SIZE), c03 = mulAdd(y, g0, c03);
      if (taps > 3 && outs > 1) c13 = mulAdd(y, g1, c13);
      if (taps > 1) y = v128.load(at, 48 + 2 * ITEM_SIZE), c02 = mulAdd(y, g0, c02);
      if (taps > 1 && outs > 1) c12 = mulAdd(y, g1, c12);
      if (taps > 1) y = v128.load(at, 48 + ITEM_SIZE), c01 = mulAdd(y, g0, c01);
      if (taps > 1 && outs > 1) c11 = mulAdd(y, g1, c11);
      y = v128.load(at, 48), c00 = mulAdd(y, g0, c00);
      if (outs > 1) c10 = mulAdd(y, g1, c10);
    }
    if (rest) {
      const on = v128.load(mask);
      at += rest - 16;
      g0 = v128.and(v128.load(g + rest - 16), on);
      if (outs > 1) g1 = v128.and(v128.load(h + rest - 16), on);
      if (taps > 3) {
        y = v128.and(v128.load(at, 4 * ITEM_SIZE), on);
        c04 = mulAdd(y, g0, c04);
        if (outs > 1) c14 = mulAdd(y, g1, c14);
        y = v128.and(v128.load(at, 3 * ITEM_SIZE), on);
        c03 = mulAdd(y, g0, c03);
        if (outs > 1) c13 = mulAdd(y, g1, c13);
      }
      if (taps > 1) {
        y = v128.and(v128.load(at, 2 * ITEM_SIZE), on);
        c02 = mulAdd(y, g0, c02);
        if (outs > 1) c12 = mulAdd(y, g1, c12);
        y = v128.and(v128.load(at, ITEM_SIZE), on);
        c01 = mulAdd(y, g0, c01);
        if (outs > 1) c11 = mulAdd(y, g1, c11);
      }
      y = v128.and(v128.load(at), on);
      c00 = mulAdd(y, g0, c00);
      if (outs > 1) c10 = mulAdd(y, g1, c10);
      g += rest;
    }
    x += down;
  }
  accumulate(outs, sums, downSums, c00, c10);
  if (taps > 1) accumulate(outs, sums + 16, downSums, c01, c11), accumulate(outs, sums + 32, downSums, c02, c12);
  if (taps > 3) accumulate(outs, sums + 48, downSums, c03, c13), accumulate(outs, sums + 64, downSums, c04, c14);
}

/** Adds an image's sums of one j to those of the images before. */
@inline
function accumulate(outs: i32, sums: usize, downSums: usize, x0: v128, x1: v128): void {
  v128.store(sums, v128.add<real>(v128.load(sums), x0));
  if (outs > 1) v128.store(sums + downSums, v128.add<real>(v128.load(sums + downSums), x1));
}

@inline
function tile(
  outs: i32, taps: i32, sums: usize, downSums: usize, x: usize, down: usize, g: usize, plane: usize,
  whole: usize, rest: usize, height: i32, mask: usize,
): void {
  if (outs == 2) {
    if (taps == 5) tile25(sums, downSums, x, down, g, plane, whole, rest, height, mask);
    else if (taps == 3) tile23(sums, downSums, x, down, g, plane, whole, rest, height, mask);
    else tile21(sums, downSums, x, down, g, plane, whole, rest, height, mask);
  } else {
    if (taps == 5) tile15(sums, downSums, x, down, g, plane, whole, rest, height, mask);
    else if (taps == 3) tile13(sums, downSums, x, down, g, plane, whole, rest, height, mask);
    else tile11(sums, downSums, x, down, g, plane, whole, rest, height, mask);
  }
}

function tile25(
  sums: usize, downSums: usize, x: usize, down: usize, g: usize, plane: usize,
  whole: usize, rest: usize, height: i32, mask: usize,
): void {
  multiply(2, 5, sums, downSums, x, down, g, plane, whole, rest, height, mask);
}

function tile23(
  sums: usize, downSums: usize, x: usize, down: usize, g: usize, plane: usize,
  whole: usize, rest: usize, height: i32, mask: usize,
): void {
  multiply(2, 3, sums, downSums, x, down, g, plane, whole, rest, height, mask);
}

function tile21(
  sums: usize, downSums: usize, x: usize, down: usize, g: usize, plane: usize,
  whole: usize, rest: usize, height: i32, mask: usize,
): void {
  multiply(2, 1, sums, downSums, x, down, g, plane, whole, rest, height, mask);
}

function tile15(
  sums: usize, downSums: usize, x: usize, down: usize, g: usize, plane: usize,
  whole: usize, rest: usize, height: i32, mask: usize,
): void {
  multiply(1, 5, sums, downSums, x, down, g, plane, whole, rest, height, mask);
}

function tile13(
  sums: usize, downSums: usize, x: usize, down: usize, g: usize, plane: usize,
  whole: usize, rest: usize, height: i32, mask: usize,
): void {
  multiply(1, 3, sums, downSums, x, down, g, plane, whole, rest, height, mask);
}

function tile11(
  sums: usize, downSums: usize, x: usize, down: usize, g: usize, plane: usize,
  whole: usize, rest: usize, height: i32, mask: usize,
): void {
  multiply(1, 1, sums, downSums, x, down, g, plane, whole, rest, height, mask);
}
