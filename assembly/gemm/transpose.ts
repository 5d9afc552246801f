/**
 * A few rows of A by a B with contiguous columns (the weights of a linear layer; float32): 4 × 4 elements of B at a
 * time are loaded in place and transposed in registers. Packing would transpose them into a buffer that is hardly read
 * again; here, products are computed while further loads wait for memory. Each sum adds in the order of a tile's.
 */
import { ITEM_SIZE } from "../base/simd";
import { mulAdd } from "./mul-add";
import { WIDE_A } from "./tile";

/**
 * C = A·B + D for `rows` rows (a literal) of packed A; columns of B are `across` bytes apart. A round takes four k. One
 * or two rows take two vectors of columns, because each addition of few sums would wait for the one before.
 */
@inline
function multiply(
  rows: i32, a: usize, b: usize, across: usize, k: i32, c: usize, downC: usize, d: usize, downD: usize,
): void {
  const zero = v128.splat<real>(0), wide = rows < 3;
  let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c30 = zero;
  let x: v128, t: v128, low: v128, high: v128, r0: v128, r1: v128, r2: v128, r3: v128;
  const b1 = b + across, b2 = b1 + across, b3 = b2 + across, next = across << 2;
  let p: usize = 0;
  for (const end = <usize>(k & ~3) * ITEM_SIZE; p < end; p += 16, a += 4 * WIDE_A) {
    r0 = v128.load(b + p), r1 = v128.load(b1 + p), r2 = v128.load(b2 + p), r3 = v128.load(b3 + p);
    low = v128.shuffle<u32>(r0, r1, 0, 4, 1, 5), high = v128.shuffle<u32>(r2, r3, 0, 4, 1, 5);
    t = v128.shuffle<u64>(low, high, 0, 2);
    if (rows > 3) x = v128.load(a, 48), c30 = mulAdd(x, t, c30);
    if (rows > 2) x = v128.load(a, 32), c20 = mulAdd(x, t, c20);
    if (rows > 1) x = v128.load(a, 16), c10 = mulAdd(x, t, c10);
    x = v128.load(a), c00 = mulAdd(x, t, c00);
    t = v128.shuffle<u64>(low, high, 1, 3);
    if (rows > 3) x = v128.load(a, WIDE_A + 48), c30 = mulAdd(x, t, c30);
    if (rows > 2) x = v128.load(a, WIDE_A + 32), c20 = mulAdd(x, t, c20);
    if (rows > 1) x = v128.load(a, WIDE_A + 16), c10 = mulAdd(x, t, c10);
    x = v128.load(a, WIDE_A), c00 = mulAdd(x, t, c00);
    low = v128.shuffle<u32>(r0, r1, 2, 6, 3, 7), high = v128.shuffle<u32>(r2, r3, 2, 6, 3, 7);
    t = v128.shuffle<u64>(low, high, 0, 2);
    if (rows > 3) x = v128.load(a, 2 * WIDE_A + 48), c30 = mulAdd(x, t, c30);
    if (rows > 2) x = v128.load(a, 2 * WIDE_A + 32), c20 = mulAdd(x, t, c20);
    if (rows > 1) x = v128.load(a, 2 * WIDE_A + 16), c10 = mulAdd(x, t, c10);
    x = v128.load(a, 2 * WIDE_A), c00 = mulAdd(x, t, c00);
    t = v128.shuffle<u64>(low, high, 1, 3);
    if (rows > 3) x = v128.load(a, 3 * WIDE_A + 48), c30 = mulAdd(x, t, c30);
    if (rows > 2) x = v128.load(a, 3 * WIDE_A + 32), c20 = mulAdd(x, t, c20);
    if (rows > 1) x = v128.load(a, 3 * WIDE_A + 16), c10 = mulAdd(x, t, c10);
    x = v128.load(a, 3 * WIDE_A), c00 = mulAdd(x, t, c00);
    if (wide) {
      r0 = v128.load(b + next + p), r1 = v128.load(b1 + next + p);
      r2 = v128.load(b2 + next + p), r3 = v128.load(b3 + next + p);
      low = v128.shuffle<u32>(r0, r1, 0, 4, 1, 5), high = v128.shuffle<u32>(r2, r3, 0, 4, 1, 5);
      t = v128.shuffle<u64>(low, high, 0, 2);
      if (rows > 1) x = v128.load(a, 16), c11 = mulAdd(x, t, c11);
      x = v128.load(a), c01 = mulAdd(x, t, c01);
      t = v128.shuffle<u64>(low, high, 1, 3);
      if (rows > 1) x = v128.load(a, WIDE_A + 16), c11 = mulAdd(x, t, c11);
      x = v128.load(a, WIDE_A), c01 = mulAdd(x, t, c01);
      low = v128.shuffle<u32>(r0, r1, 2, 6, 3, 7), high = v128.shuffle<u32>(r2, r3, 2, 6, 3, 7);
      t = v128.shuffle<u64>(low, high, 0, 2);
      if (rows > 1) x = v128.load(a, 2 * WIDE_A + 16), c11 = mulAdd(x, t, c11);
      x = v128.load(a, 2 * WIDE_A), c01 = mulAdd(x, t, c01);
      t = v128.shuffle<u64>(low, high, 1, 3);
      if (rows > 1) x = v128.load(a, 3 * WIDE_A + 16), c11 = mulAdd(x, t, c11);
      x = v128.load(a, 3 * WIDE_A), c01 = mulAdd(x, t, c01);
    }
  }
  for (const end = <usize>k * ITEM_SIZE; p < end; p += ITEM_SIZE, a += WIDE_A) {
    t = column(b + p, b1 + p, b2 + p, b3 + p);
    if (rows > 3) x = v128.load(a, 48), c30 = mulAdd(x, t, c30);
    if (rows > 2) x = v128.load(a, 32), c20 = mulAdd(x, t, c20);
    if (rows > 1) x = v128.load(a, 16), c10 = mulAdd(x, t, c10);
    x = v128.load(a), c00 = mulAdd(x, t, c00);
    if (wide) {
      t = column(b + next + p, b1 + next + p, b2 + next + p, b3 + next + p);
      if (rows > 1) x = v128.load(a, 16), c11 = mulAdd(x, t, c11);
      x = v128.load(a), c01 = mulAdd(x, t, c01);
    }
  }
  storeRow(wide, c, d, c00, c01);
  if (rows > 1) storeRow(wide, c + downC, d + downD, c10, c11);
  if (rows > 2) storeRow(wide, c + 2 * downC, d + 2 * downD, c20, zero);
  if (rows > 3) storeRow(wide, c + 3 * downC, d + 3 * downD, c30, zero);
}

/** Element k of four columns. */
@inline
function column(x0: usize, x1: usize, x2: usize, x3: usize): v128 {
  const pair = v128.load32_lane(x1, v128.load32_splat(x0), 1);
  return v128.load32_lane(x3, v128.load32_lane(x2, pair, 2), 3);
}

/** Adds a row of D to one or two sums and writes them to C. */
@inline
function storeRow(wide: bool, c: usize, d: usize, x: v128, y: v128): void {
  v128.store(c, v128.add<real>(x, v128.load(d)));
  if (wide) v128.store(c, v128.add<real>(y, v128.load(d, 16)), 16);
}

/**
 * A panel of two vectors of columns; three and four rows take one vector after the other. Each function has two
 * callers: with a single caller it would be inlined, and V8 would spill its sums.
 */
export function tileTransposed(
  rows: i32, a: usize, b: usize, across: usize, k: i32, c: usize, downC: usize, d: usize, downD: usize,
): void {
  const next = b + (across << 2);
  if (rows == 4) {
    transposed4(a, b, across, k, c, downC, d, downD);
    transposed4(a, next, across, k, c + 16, downC, d + 16, downD);
  } else if (rows == 3) {
    transposed3(a, b, across, k, c, downC, d, downD);
    transposed3(a, next, across, k, c + 16, downC, d + 16, downD);
  } else if (rows == 2) {
    if (downD) transposed2(a, b, across, k, c, downC, d, downD);
    else transposed2(a, b, across, k, c, downC, d, 0);
  } else if (downD) transposed1(a, b, across, k, c, downC, d, downD);
  else transposed1(a, b, across, k, c, downC, d, 0);
}

function transposed4(a: usize, b: usize, across: usize, k: i32, c: usize, downC: usize, d: usize, downD: usize): void {
  multiply(4, a, b, across, k, c, downC, d, downD);
}

function transposed3(a: usize, b: usize, across: usize, k: i32, c: usize, downC: usize, d: usize, downD: usize): void {
  multiply(3, a, b, across, k, c, downC, d, downD);
}

function transposed2(a: usize, b: usize, across: usize, k: i32, c: usize, downC: usize, d: usize, downD: usize): void {
  multiply(2, a, b, across, k, c, downC, d, downD);
}

function transposed1(a: usize, b: usize, across: usize, k: i32, c: usize, downC: usize, d: usize, downD: usize): void {
  multiply(1, a, b, across, k, c, downC, d, downD);
}
