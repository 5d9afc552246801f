/**
 * Reductions of x [outer, r, inner] over its middle dimension to out [outer, inner]; a unit is an element of out. The
 * order depends on r alone (and on LANES for inner = 1, where lanes run along r): blocks are summed, then their sums,
 * which keeps rounding errors at the level of PyTorch's cascade.
 */
import { larger, smaller } from "../base/order";
import { ITEM_SIZE, LANES } from "../base/simd";

class Sum {
  @inline start(): real { return 0; }
  @inline vec(a: v128, b: v128): v128 { return v128.add<real>(a, b); }
}
/** out = sum of x */
export function sum(out: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  reduce<Sum>(out, x, r, inner, begin, end);
}

class Prod {
  @inline start(): real { return 1; }
  @inline vec(a: v128, b: v128): v128 { return v128.mul<real>(a, b); }
}
/** out = product of x */
export function prod(out: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  reduce<Prod>(out, x, r, inner, begin, end);
}

class Max {
  @inline start(): real { return isInteger<real>() ? <real>i32.MIN_VALUE : <real>(-Infinity); }
  @inline vec(a: v128, b: v128): v128 { return larger(a, b); }
}
/** out = the largest of x, NaN if one is; r > 0 */
export function amax(out: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  reduce<Max>(out, x, r, inner, begin, end);
}

class Min {
  @inline start(): real { return isInteger<real>() ? <real>i32.MAX_VALUE : <real>Infinity; }
  @inline vec(a: v128, b: v128): v128 { return smaller(a, b); }
}
/** out = the smallest of x, NaN if one is; r > 0 */
export function amin(out: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  reduce<Min>(out, x, r, inner, begin, end);
}

@inline
function reduce<Op>(out: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  out += <usize>begin * ITEM_SIZE;
  if (inner == 1) {
    for (let row = begin; row < end; row++, out += ITEM_SIZE) {
      store<real>(out, line<Op>(x + <usize>row * r * ITEM_SIZE, r));
    }
    return;
  }
  const next = <usize>inner * ITEM_SIZE;
  for (let i = begin; i < end; ) {
    const column = i % inner;
    const stop = min(end, i - column + inner);
    let from = x + (<usize>(i - column) * r + column) * ITEM_SIZE;
    for (; i + 4 * LANES <= stop; i += 4 * LANES, out += 64, from += 64) columns<Op>(out, from, r, next);
    for (; i < stop; i++, out += ITEM_SIZE, from += ITEM_SIZE) {
      store<real>(out, v128.extract_lane<real>(column1<Op>(from, r, next), 0));
    }
  }
}

/** Reduces n contiguous elements: halves down to blocks of 1024, which have four vectors of partial results. */
function line<Op>(x: usize, n: usize): real {
  const op = changetype<Op>(0);
  if (n > 1024) {
    const half = ((n >> 1) + 1023) & ~1023;
    const left = v128.splat<real>(line<Op>(x, half));
    return v128.extract_lane<real>(op.vec(left, v128.splat<real>(line<Op>(x + half * ITEM_SIZE, n - half))), 0);
  }
  let a = v128.splat<real>(op.start());
  const end = x + n * ITEM_SIZE;
  if (n >= 4 * LANES) {
    let b = a;
    let c = a;
    let d = a;
    for (const last = end - 64; x <= last; x += 64) {
      a = op.vec(a, v128.load(x));
      b = op.vec(b, v128.load(x, 16));
      c = op.vec(c, v128.load(x, 32));
      d = op.vec(d, v128.load(x, 48));
    }
    a = op.vec(op.vec(a, b), op.vec(c, d));
    a = op.vec(a, v128.shuffle<u64>(a, a, 1, 0));
    if (sizeof<real>() == 4) a = op.vec(a, v128.shuffle<u32>(a, a, 1, 0, 3, 2));
  }
  for (; x < end; x += ITEM_SIZE) a = op.vec(a, v128.load_splat<real>(x));
  return v128.extract_lane<real>(a, 0);
}

/**
 * Columns are summed in three levels, because lanes do not shorten their chain: LOW rows, the sums of MID rows, all.
 */
const LOW: i32 = 32;
const MID: i32 = 2048;

/** Reduces one column of r elements, `next` bytes apart; the result is in every lane. */
function column1<Op>(x: usize, r: i32, next: usize): v128 {
  const op = changetype<Op>(0);
  const start = v128.splat<real>(op.start());
  let top = start;
  for (let i = 0; i < r; ) {
    const midEnd = min(i + MID, r);
    let mid = start;
    while (i < midEnd) {
      const lowEnd = min(i + LOW, midEnd);
      let low = start;
      for (; i < lowEnd; i++, x += next) low = op.vec(low, v128.load_splat<real>(x));
      mid = op.vec(mid, low);
    }
    top = op.vec(top, mid);
  }
  return top;
}

/** Reduces 64 bytes of adjacent columns, each in the order of column1. */
function columns<Op>(out: usize, x: usize, r: i32, next: usize): void {
  const op = changetype<Op>(0);
  const start = v128.splat<real>(op.start());
  let top0 = start, top1 = start, top2 = start, top3 = start;
  for (let i = 0; i < r; ) {
    const midEnd = min(i + MID, r);
    let mid0 = start, mid1 = start, mid2 = start, mid3 = start;
    while (i < midEnd) {
      const lowEnd = min(i + LOW, midEnd);
      let low0 = start, low1 = start, low2 = start, low3 = start;
      for (; i < lowEnd; i++, x += next) {
        low0 = op.vec(low0, v128.load(x));
        low1 = op.vec(low1, v128.load(x, 16));
        low2 = op.vec(low2, v128.load(x, 32));
        low3 = op.vec(low3, v128.load(x, 48));
      }
      mid0 = op.vec(mid0, low0);
      mid1 = op.vec(mid1, low1);
      mid2 = op.vec(mid2, low2);
      mid3 = op.vec(mid3, low3);
    }
    top0 = op.vec(top0, mid0);
    top1 = op.vec(top1, mid1);
    top2 = op.vec(top2, mid2);
    top3 = op.vec(top3, mid3);
  }
  v128.store(out, top0);
  v128.store(out, top1, 16);
  v128.store(out, top2, 32);
  v128.store(out, top3, 48);
}
