/**
 * A few rows of A by a B with contiguous rows, too seldom read to be packed. 8 or 16 rows of B are read together over
 * many columns, in the long runs that suit memory and caches, while the sums stay in the first-level cache. Each sum
 * adds in the order of a tile's.
 */
import { ITEM_SIZE } from "../base/simd";
import { mulAdd } from "./mul-add";
import { WIDE_A } from "./tile";

/**
 * How many rows of B are read together: 16, but 8 where they compete for few sets of a first-level cache, or come from
 * memory, whose prefetcher follows only so many rows at once.
 */
@inline
function rowsTogether(downB: usize, k: i32): usize { return downB % 2048 == 0 || downB * k > 1 << 20 ? 8 : 16; }

/** sums = A·B for up to STREAM_TILE rows of packed A and whole panels of columns; the sums of a row are adjacent. */
export function stream(rows: i32, a: usize, b: usize, downB: usize, k: i32, columns: i32, sums: usize): void {
  const wide = <usize>columns * ITEM_SIZE;
  const step = rowsTogether(downB, k);
  memory.fill(sums, 0, <usize>rows * wide);
  for (; k > 0; k -= <i32>step) {
    const few = min(k, <i32>step);
    if (rows == 4) add4(a, b, downB, few, sums, wide);
    else if (rows == 3) add3(a, b, downB, few, sums, wide);
    else if (rows == 2) add2(a, b, downB, few, sums, wide);
    else add1(a, b, downB, few, sums, wide);
    a += step * WIDE_A;
    b += step * downB;
  }
}

/**
 * Adds the products of k rows of B to the sums; callers pass `rows` as a literal. A round of the loop takes four k,
 * with an exit between them, which also keeps V8 from mixing them (see multiplyPacked).
 */
@inline
function add(rows: i32, a: usize, b: usize, downB: usize, k: i32, sums: usize, wide: usize): void {
  const s1 = wide, s2 = s1 + wide, s3 = s2 + wide;
  let x: v128, b0: v128, b1: v128;
  for (const end = sums + wide; sums < end; sums += 32, b += 32) {
    let c00 = v128.load(sums), c01 = v128.load(sums, 16);
    let c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
    if (rows > 1) c10 = v128.load(sums + s1), c11 = v128.load(sums + s1, 16);
    if (rows > 2) c20 = v128.load(sums + s2), c21 = v128.load(sums + s2, 16);
    if (rows > 3) c30 = v128.load(sums + s3), c31 = v128.load(sums + s3, 16);
    for (let i = k, p = a, q = b; i > 0; i--, p += 4 * WIDE_A, q += downB) {
      b0 = v128.load(q), b1 = v128.load(q, 16);
      if (rows > 3) x = v128.load(p, 48), c30 = mulAdd(x, b0, c30), c31 = mulAdd(x, b1, c31);
      if (rows > 2) x = v128.load(p, 32), c20 = mulAdd(x, b0, c20), c21 = mulAdd(x, b1, c21);
      if (rows > 1) x = v128.load(p, 16), c10 = mulAdd(x, b0, c10), c11 = mulAdd(x, b1, c11);
      x = v128.load(p), c00 = mulAdd(x, b0, c00), c01 = mulAdd(x, b1, c01);
      if (--i == 0) break;
      q += downB;
      b0 = v128.load(q), b1 = v128.load(q, 16);
      if (rows > 3) x = v128.load(p, WIDE_A + 48), c30 = mulAdd(x, b0, c30), c31 = mulAdd(x, b1, c31);
      if (rows > 2) x = v128.load(p, WIDE_A + 32), c20 = mulAdd(x, b0, c20), c21 = mulAdd(x, b1, c21);
      if (rows > 1) x = v128.load(p, WIDE_A + 16), c10 = mulAdd(x, b0, c10), c11 = mulAdd(x, b1, c11);
      x = v128.load(p, WIDE_A), c00 = mulAdd(x, b0, c00), c01 = mulAdd(x, b1, c01);
      if (--i == 0) break;
      q += downB;
      b0 = v128.load(q), b1 = v128.load(q, 16);
      if (rows > 3) x = v128.load(p, 2 * WIDE_A + 48), c30 = mulAdd(x, b0, c30), c31 = mulAdd(x, b1, c31);
      if (rows > 2) x = v128.load(p, 2 * WIDE_A + 32), c20 = mulAdd(x, b0, c20), c21 = mulAdd(x, b1, c21);
      if (rows > 1) x = v128.load(p, 2 * WIDE_A + 16), c10 = mulAdd(x, b0, c10), c11 = mulAdd(x, b1, c11);
      x = v128.load(p, 2 * WIDE_A), c00 = mulAdd(x, b0, c00), c01 = mulAdd(x, b1, c01);
      if (--i == 0) break;
      q += downB;
      b0 = v128.load(q), b1 = v128.load(q, 16);
      if (rows > 3) x = v128.load(p, 3 * WIDE_A + 48), c30 = mulAdd(x, b0, c30), c31 = mulAdd(x, b1, c31);
      if (rows > 2) x = v128.load(p, 3 * WIDE_A + 32), c20 = mulAdd(x, b0, c20), c21 = mulAdd(x, b1, c21);
      if (rows > 1) x = v128.load(p, 3 * WIDE_A + 16), c10 = mulAdd(x, b0, c10), c11 = mulAdd(x, b1, c11);
      x = v128.load(p, 3 * WIDE_A), c00 = mulAdd(x, b0, c00), c01 = mulAdd(x, b1, c01);
    }
    v128.store(sums, c00), v128.store(sums, c01, 16);
    if (rows > 1) v128.store(sums + s1, c10), v128.store(sums + s1, c11, 16);
    if (rows > 2) v128.store(sums + s2, c20), v128.store(sums + s2, c21, 16);
    if (rows > 3) v128.store(sums + s3, c30), v128.store(sums + s3, c31, 16);
  }
}

function add4(a: usize, b: usize, downB: usize, k: i32, sums: usize, wide: usize): void {
  add(4, a, b, downB, k, sums, wide);
}

function add3(a: usize, b: usize, downB: usize, k: i32, sums: usize, wide: usize): void {
  add(3, a, b, downB, k, sums, wide);
}

function add2(a: usize, b: usize, downB: usize, k: i32, sums: usize, wide: usize): void {
  add(2, a, b, downB, k, sums, wide);
}

function add1(a: usize, b: usize, downB: usize, k: i32, sums: usize, wide: usize): void {
  add(1, a, b, downB, k, sums, wide);
}
