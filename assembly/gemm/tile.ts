/**
 * The register level: C's tile = Σ over k of A's column × B's row, + D. A is read through any byte steps (`downA` from
 * row to row, `alongA` from k to k) or from a panel of ROWS; B, C and D hold whole vectors side by side. Where there is
 * no D, it is a row of zeros (`downD` 0): no sum is -0, so adding 0 changes nothing.
 *
 * The loops are written for what V8 makes of them (Node 20; instructions counted in its output, confirmed by time). Five
 * rows of two vectors are the fewest instructions to a product that fit its fifteen registers. An end that B's pointer
 * meets saves a counter, and a panel needs one pointer where rows need five. The last row comes first because V8 adds in
 * the order of the locals, which the compiler numbers backwards: the other way around it spills (0.6 of the speed).
 * Unrolled by two, sums that depend on each other become neighbours, which costs as much.
 */
import { ROWS, SIZE } from "./blocking";
import { madd } from "./madd";
import { packed6, tile6 } from "./six";

/** `rows` × two vectors; every caller passes literals, so that the rows it has not leave no code. */
@inline
function fill(
  rows: i32, packed: bool,
  a: usize, downA: usize, alongA: usize,
  b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  const zero = v128.splat<real>(0);
  let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
  let c40 = zero, c41 = zero;
  let a1 = a + downA, a2 = a1 + downA, a3 = a2 + downA, a4 = a3 + downA;
  for (const end = b + <usize>k * alongB; b < end; b += alongB) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x: v128;
    if (rows > 4) {
      x = packed ? v128.load_splat<real>(a, 4 * SIZE) : v128.load_splat<real>(a4);
      c40 = madd(c40, x, b0), c41 = madd(c41, x, b1);
    }
    if (rows > 3) {
      x = packed ? v128.load_splat<real>(a, 3 * SIZE) : v128.load_splat<real>(a3);
      c30 = madd(c30, x, b0), c31 = madd(c31, x, b1);
    }
    if (rows > 2) {
      x = packed ? v128.load_splat<real>(a, 2 * SIZE) : v128.load_splat<real>(a2);
      c20 = madd(c20, x, b0), c21 = madd(c21, x, b1);
    }
    if (rows > 1) {
      x = packed ? v128.load_splat<real>(a, SIZE) : v128.load_splat<real>(a1);
      c10 = madd(c10, x, b0), c11 = madd(c11, x, b1);
    }
    x = v128.load_splat<real>(a);
    c00 = madd(c00, x, b0), c01 = madd(c01, x, b1);
    if (packed) a += <usize>ROWS * SIZE;
    else a += alongA, a1 += alongA, a2 += alongA, a3 += alongA, a4 += alongA;
  }
  v128.store(c, v128.add<real>(c00, v128.load(d))), v128.store(c, v128.add<real>(c01, v128.load(d, 16)), 16);
  if (rows > 1) {
    c += downC, d += downD;
    v128.store(c, v128.add<real>(c10, v128.load(d))), v128.store(c, v128.add<real>(c11, v128.load(d, 16)), 16);
  }
  if (rows > 2) {
    c += downC, d += downD;
    v128.store(c, v128.add<real>(c20, v128.load(d))), v128.store(c, v128.add<real>(c21, v128.load(d, 16)), 16);
  }
  if (rows > 3) {
    c += downC, d += downD;
    v128.store(c, v128.add<real>(c30, v128.load(d))), v128.store(c, v128.add<real>(c31, v128.load(d, 16)), 16);
  }
  if (rows > 4) {
    c += downC, d += downD;
    v128.store(c, v128.add<real>(c40, v128.load(d))), v128.store(c, v128.add<real>(c41, v128.load(d, 16)), 16);
  }
}

/** A tile of `rows` rows, 1 to ROWS, and two vectors. */
@inline
export function tile(
  rows: i32, a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  if (ROWS > 5 && rows == 6) tile6(a, downA, alongA, b, alongB, k, c, downC, d, downD);
  else if (rows == 5) tile5(a, downA, alongA, b, alongB, k, c, downC, d, downD);
  else if (rows == 4) tile4(a, downA, alongA, b, alongB, k, c, downC, d, downD);
  else if (rows == 3) tile3(a, downA, alongA, b, alongB, k, c, downC, d, downD);
  else if (rows == 2) tile2(a, downA, alongA, b, alongB, k, c, downC, d, downD);
  else tile1(a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

/** The same for rows that lie in a panel of ROWS. */
@inline
export function tilePacked(
  rows: i32, a: usize, b: usize, alongB: usize, k: i32, c: usize, downC: usize, d: usize, downD: usize,
): void {
  if (ROWS > 5 && rows == 6) packed6(a, b, alongB, k, c, downC, d, downD);
  else if (rows == 5) packed5(a, b, alongB, k, c, downC, d, downD);
  else if (rows == 4) packed4(a, b, alongB, k, c, downC, d, downD);
  else tile(rows, a, SIZE, <usize>ROWS * SIZE, b, alongB, k, c, downC, d, downD);
}

function tile5(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(5, false, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

function tile4(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(4, false, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

function tile3(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(3, false, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

function tile2(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(2, false, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

function tile1(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(1, false, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

function packed5(
  a: usize, b: usize, alongB: usize, k: i32, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(5, true, a, 0, 0, b, alongB, k, c, downC, d, downD);
}

function packed4(
  a: usize, b: usize, alongB: usize, k: i32, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(4, true, a, 0, 0, b, alongB, k, c, downC, d, downD);
}
