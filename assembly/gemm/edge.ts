/**
 * Panels of at most one vector of columns. Rows are written straight to C through any byte strides: for layers of few
 * neurons, where calls and copies would cost more than the sums.
 */
import { LANES } from "../base/simd";
import { mulAdd } from "./mul-add";

/** Loads the lanes of a row of D that exist. */
@inline
function loadRow(d: usize, acrossD: usize, columns: i32, whole: bool): v128 {
  if (whole) return v128.load(d);
  let x = v128.load_lane<real>(d, v128.splat<real>(0), 0);
  if (columns > 1) x = v128.load_lane<real>(d + acrossD, x, 1);
  if (sizeof<real>() == 4) {
    if (columns > 2) x = v128.load_lane<real>(d + 2 * acrossD, x, 2);
    if (columns > 3) x = v128.load_lane<real>(d + 3 * acrossD, x, 3);
  }
  return x;
}

/** Writes the lanes of a row that exist. */
@inline
function storeRow(c: usize, acrossC: usize, columns: i32, whole: bool, x: v128): void {
  if (whole) {
    v128.store(c, x);
    return;
  }
  v128.store_lane<real>(c, x, 0);
  if (columns > 1) v128.store_lane<real>(c + acrossC, x, 1);
  if (sizeof<real>() == 4) {
    if (columns > 2) v128.store_lane<real>(c + 2 * acrossC, x, 2);
    if (columns > 3) v128.store_lane<real>(c + 3 * acrossC, x, 3);
  }
}

/**
 * All rows of the panel, `full` (a literal, 4 or 8) at a time. In the last tile, rows that do not exist repeat the last
 * one that does, and are not written. B is packed, one vector for each k.
 */
@inline
function multiply(
  full: i32, rows: i32, a: usize, downA: usize, alongA: usize, b: usize, k: i32, columns: i32,
  c: usize, downC: usize, acrossC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  const zero = v128.splat<real>(0);
  const whole = columns == LANES && acrossC == sizeof<real>(), wholeD = columns == LANES && acrossD == sizeof<real>();
  const shared = !d || downD == 0; // one row of D for all rows of C; no sum is -0, so adding 0 changes nothing
  const row = d && shared ? loadRow(d, acrossD, columns, wholeD) : zero;
  for (; rows > 0; rows -= full) {
    let c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero, c6 = zero, c7 = zero;
    const a1 = rows > 1 ? a + downA : a, a2 = rows > 2 ? a1 + downA : a1, a3 = rows > 3 ? a2 + downA : a2;
    const a4 = rows > 4 ? a3 + downA : a3, a5 = rows > 5 ? a4 + downA : a4, a6 = rows > 6 ? a5 + downA : a5;
    const a7 = rows > 7 ? a6 + downA : a6;
    let p: usize = 0, q = b;
    for (let i = k; i > 0; i--) {
      const y = v128.load(q);
      c0 = mulAdd(v128.load_splat<real>(a + p), y, c0);
      c1 = mulAdd(v128.load_splat<real>(a1 + p), y, c1);
      c2 = mulAdd(v128.load_splat<real>(a2 + p), y, c2);
      c3 = mulAdd(v128.load_splat<real>(a3 + p), y, c3);
      if (full > 4) {
        c4 = mulAdd(v128.load_splat<real>(a4 + p), y, c4);
        c5 = mulAdd(v128.load_splat<real>(a5 + p), y, c5);
        c6 = mulAdd(v128.load_splat<real>(a6 + p), y, c6);
        c7 = mulAdd(v128.load_splat<real>(a7 + p), y, c7);
      }
      p += alongA;
      q += 16;
    }
    if (shared) {
      c0 = v128.add<real>(c0, row), c1 = v128.add<real>(c1, row);
      c2 = v128.add<real>(c2, row), c3 = v128.add<real>(c3, row);
      if (full > 4) {
        c4 = v128.add<real>(c4, row), c5 = v128.add<real>(c5, row);
        c6 = v128.add<real>(c6, row), c7 = v128.add<real>(c7, row);
      }
    } else {
      c0 = v128.add<real>(c0, loadRow(d, acrossD, columns, wholeD));
      if (rows > 1) d += downD, c1 = v128.add<real>(c1, loadRow(d, acrossD, columns, wholeD));
      if (rows > 2) d += downD, c2 = v128.add<real>(c2, loadRow(d, acrossD, columns, wholeD));
      if (rows > 3) d += downD, c3 = v128.add<real>(c3, loadRow(d, acrossD, columns, wholeD));
      if (rows > 4 && full > 4) d += downD, c4 = v128.add<real>(c4, loadRow(d, acrossD, columns, wholeD));
      if (rows > 5 && full > 4) d += downD, c5 = v128.add<real>(c5, loadRow(d, acrossD, columns, wholeD));
      if (rows > 6 && full > 4) d += downD, c6 = v128.add<real>(c6, loadRow(d, acrossD, columns, wholeD));
      if (rows > 7 && full > 4) d += downD, c7 = v128.add<real>(c7, loadRow(d, acrossD, columns, wholeD));
      d += downD;
    }
    storeRow(c, acrossC, columns, whole, c0);
    if (rows > 1) c += downC, storeRow(c, acrossC, columns, whole, c1);
    if (rows > 2) c += downC, storeRow(c, acrossC, columns, whole, c2);
    if (rows > 3) c += downC, storeRow(c, acrossC, columns, whole, c3);
    if (rows > 4 && full > 4) c += downC, storeRow(c, acrossC, columns, whole, c4);
    if (rows > 5 && full > 4) c += downC, storeRow(c, acrossC, columns, whole, c5);
    if (rows > 6 && full > 4) c += downC, storeRow(c, acrossC, columns, whole, c6);
    if (rows > 7 && full > 4) c += downC, storeRow(c, acrossC, columns, whole, c7);
    c += downC;
    a += <usize>full * downA;
  }
}

/** A panel of one vector of columns, of which `columns` exist, in all rows. */
@inline
export function edgePanel(
  rows: i32, a: usize, downA: usize, alongA: usize, b: usize, k: i32, columns: i32,
  c: usize, downC: usize, acrossC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  if (rows > 4) edgePanel8(rows, a, downA, alongA, b, k, columns, c, downC, acrossC, d, downD, acrossD);
  else edgePanel4(rows, a, downA, alongA, b, k, columns, c, downC, acrossC, d, downD, acrossD);
}

function edgePanel8(
  rows: i32, a: usize, downA: usize, alongA: usize, b: usize, k: i32, columns: i32,
  c: usize, downC: usize, acrossC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  multiply(8, rows, a, downA, alongA, b, k, columns, c, downC, acrossC, d, downD, acrossD);
}

function edgePanel4(
  rows: i32, a: usize, downA: usize, alongA: usize, b: usize, k: i32, columns: i32,
  c: usize, downC: usize, acrossC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  multiply(4, rows, a, downA, alongA, b, k, columns, c, downC, acrossC, d, downD, acrossD);
}
