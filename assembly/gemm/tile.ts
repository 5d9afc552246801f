/**
 * The register level: C's tile = Σ over k of A's column × B's row, + D. C and D hold whole vectors of adjacent columns.
 * Without a D, it is a row of zeros (`downD` 0): no sum is -0, so adding 0 changes nothing.
 *
 * The loops are written for what V8 makes of them (Node 20; instructions counted in its output, confirmed by time). Of
 * all tiles that fit its fifteen registers, five rows of two vectors take the fewest instructions for a product. The
 * last row comes first because V8 adds in the order of the locals, which the compiler numbers backwards: in the other
 * order V8 spills (half the speed).
 */
import { ROWS } from "./blocking";
import { mulAdd } from "./mul-add";

/** Bytes from k to k + 1 of packed A (each element fills a vector; a tile may have fewer rows) and packed B. */
export const WIDE_A: usize = 16 * ROWS;
export const WIDE_B: usize = 32;

/** Adds a row of D to two sums and writes them to C. */
@inline
function storeRow(c: usize, d: usize, x: v128, y: v128): void {
  v128.store(c, v128.add<real>(x, v128.load(d))), v128.store(c, v128.add<real>(y, v128.load(d, 16)), 16);
}

/**
 * `rows` × two vectors, A and B packed, for `panels` adjacent panels of B; callers pass `rows` as a literal, so that
 * missing rows leave no code. A round of the loop takes four k, each but the last behind an `if` that is false only in
 * the first round, when k is no multiple of four: without them V8 mixes the sums of different k, and spills.
 */
@inline
function multiplyPacked(
  rows: i32, a: usize, b: usize, k: i32, panels: i32, c: usize, downC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  const zero = v128.splat<real>(0);
  const first = (k + 3) % 4 + 1, before = 4 - first;
  a -= <usize>before * WIDE_A;
  for (; panels > 0; panels--) {
    let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
    let c40 = zero, c41 = zero, c50 = zero, c51 = zero;
    let x: v128, b0: v128, b1: v128;
    let p = a, left = first;
    const end = b + <usize>k * WIDE_B;
    for (b -= <usize>before * WIDE_B; b < end; p += 4 * WIDE_A, b += 4 * WIDE_B, left = 4) {
      if (left > 3) {
        b0 = v128.load(b), b1 = v128.load(b, 16);
        if (rows > 5) x = v128.load(p, 80), c50 = mulAdd(x, b0, c50), c51 = mulAdd(x, b1, c51);
        if (rows > 4) x = v128.load(p, 64), c40 = mulAdd(x, b0, c40), c41 = mulAdd(x, b1, c41);
        if (rows > 3) x = v128.load(p, 48), c30 = mulAdd(x, b0, c30), c31 = mulAdd(x, b1, c31);
        if (rows > 2) x = v128.load(p, 32), c20 = mulAdd(x, b0, c20), c21 = mulAdd(x, b1, c21);
        if (rows > 1) x = v128.load(p, 16), c10 = mulAdd(x, b0, c10), c11 = mulAdd(x, b1, c11);
        x = v128.load(p), c00 = mulAdd(x, b0, c00), c01 = mulAdd(x, b1, c01);
      }
      if (left > 2) {
        b0 = v128.load(b, WIDE_B), b1 = v128.load(b, WIDE_B + 16);
        if (rows > 5) x = v128.load(p, WIDE_A + 80), c50 = mulAdd(x, b0, c50), c51 = mulAdd(x, b1, c51);
        if (rows > 4) x = v128.load(p, WIDE_A + 64), c40 = mulAdd(x, b0, c40), c41 = mulAdd(x, b1, c41);
        if (rows > 3) x = v128.load(p, WIDE_A + 48), c30 = mulAdd(x, b0, c30), c31 = mulAdd(x, b1, c31);
        if (rows > 2) x = v128.load(p, WIDE_A + 32), c20 = mulAdd(x, b0, c20), c21 = mulAdd(x, b1, c21);
        if (rows > 1) x = v128.load(p, WIDE_A + 16), c10 = mulAdd(x, b0, c10), c11 = mulAdd(x, b1, c11);
        x = v128.load(p, WIDE_A), c00 = mulAdd(x, b0, c00), c01 = mulAdd(x, b1, c01);
      }
      if (left > 1) {
        b0 = v128.load(b, 2 * WIDE_B), b1 = v128.load(b, 2 * WIDE_B + 16);
        if (rows > 5) x = v128.load(p, 2 * WIDE_A + 80), c50 = mulAdd(x, b0, c50), c51 = mulAdd(x, b1, c51);
        if (rows > 4) x = v128.load(p, 2 * WIDE_A + 64), c40 = mulAdd(x, b0, c40), c41 = mulAdd(x, b1, c41);
        if (rows > 3) x = v128.load(p, 2 * WIDE_A + 48), c30 = mulAdd(x, b0, c30), c31 = mulAdd(x, b1, c31);
        if (rows > 2) x = v128.load(p, 2 * WIDE_A + 32), c20 = mulAdd(x, b0, c20), c21 = mulAdd(x, b1, c21);
        if (rows > 1) x = v128.load(p, 2 * WIDE_A + 16), c10 = mulAdd(x, b0, c10), c11 = mulAdd(x, b1, c11);
        x = v128.load(p, 2 * WIDE_A), c00 = mulAdd(x, b0, c00), c01 = mulAdd(x, b1, c01);
      }
      b0 = v128.load(b, 3 * WIDE_B), b1 = v128.load(b, 3 * WIDE_B + 16);
      if (rows > 5) x = v128.load(p, 3 * WIDE_A + 80), c50 = mulAdd(x, b0, c50), c51 = mulAdd(x, b1, c51);
      if (rows > 4) x = v128.load(p, 3 * WIDE_A + 64), c40 = mulAdd(x, b0, c40), c41 = mulAdd(x, b1, c41);
      if (rows > 3) x = v128.load(p, 3 * WIDE_A + 48), c30 = mulAdd(x, b0, c30), c31 = mulAdd(x, b1, c31);
      if (rows > 2) x = v128.load(p, 3 * WIDE_A + 32), c20 = mulAdd(x, b0, c20), c21 = mulAdd(x, b1, c21);
      if (rows > 1) x = v128.load(p, 3 * WIDE_A + 16), c10 = mulAdd(x, b0, c10), c11 = mulAdd(x, b1, c11);
      x = v128.load(p, 3 * WIDE_A), c00 = mulAdd(x, b0, c00), c01 = mulAdd(x, b1, c01);
    }
    storeRow(c, d, c00, c01);
    if (rows > 1) storeRow(c + downC, d + downD, c10, c11);
    if (rows > 2) storeRow(c + 2 * downC, d + 2 * downD, c20, c21);
    if (rows > 3) storeRow(c + 3 * downC, d + 3 * downD, c30, c31);
    if (rows > 4) storeRow(c + 4 * downC, d + 4 * downD, c40, c41);
    if (rows > 5) storeRow(c + 5 * downC, d + 5 * downD, c50, c51);
    c += 32, d += acrossD;
  }
}

/** The same in place, through any byte strides of A (`downA` from row to row, `alongA` from k to k) and of B's rows. */
@inline
function multiply(
  rows: i32, a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  const zero = v128.splat<real>(0);
  let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
  let c40 = zero, c41 = zero, c50 = zero, c51 = zero;
  let x: v128, b0: v128, b1: v128;
  let a1 = a + downA, a2 = a1 + downA, a3 = a2 + downA, a4 = a3 + downA, a5 = a4 + downA;
  for (const end = b + <usize>k * alongB; b < end; b += alongB) {
    b0 = v128.load(b), b1 = v128.load(b, 16);
    if (rows > 5) x = v128.load_splat<real>(a5), c50 = mulAdd(x, b0, c50), c51 = mulAdd(x, b1, c51);
    if (rows > 4) x = v128.load_splat<real>(a4), c40 = mulAdd(x, b0, c40), c41 = mulAdd(x, b1, c41);
    if (rows > 3) x = v128.load_splat<real>(a3), c30 = mulAdd(x, b0, c30), c31 = mulAdd(x, b1, c31);
    if (rows > 2) x = v128.load_splat<real>(a2), c20 = mulAdd(x, b0, c20), c21 = mulAdd(x, b1, c21);
    if (rows > 1) x = v128.load_splat<real>(a1), c10 = mulAdd(x, b0, c10), c11 = mulAdd(x, b1, c11);
    x = v128.load_splat<real>(a), c00 = mulAdd(x, b0, c00), c01 = mulAdd(x, b1, c01);
    a += alongA, a1 += alongA, a2 += alongA, a3 += alongA, a4 += alongA, a5 += alongA;
  }
  storeRow(c, d, c00, c01);
  if (rows > 1) c += downC, d += downD, storeRow(c, d, c10, c11);
  if (rows > 2) c += downC, d += downD, storeRow(c, d, c20, c21);
  if (rows > 3) c += downC, d += downD, storeRow(c, d, c30, c31);
  if (rows > 4) c += downC, d += downD, storeRow(c, d, c40, c41);
  if (rows > 5) c += downC, d += downD, storeRow(c, d, c50, c51);
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

/** The same with packed A and B, for `panels` adjacent panels, whose D's lie `acrossD` bytes apart. */
@inline
export function tilePacked(
  rows: i32, a: usize, b: usize, k: i32, panels: i32, c: usize, downC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  if (ROWS > 5 && rows == 6) packed6(a, b, k, panels, c, downC, d, downD, acrossD);
  else if (rows == 5) packed5(a, b, k, panels, c, downC, d, downD, acrossD);
  else if (rows == 4) packed4(a, b, k, panels, c, downC, d, downD, acrossD);
  else if (rows == 3) packed3(a, b, k, panels, c, downC, d, downD, acrossD);
  else if (rows == 2) packed2(a, b, k, panels, c, downC, d, downD, acrossD);
  else packed1(a, b, k, panels, c, downC, d, downD, acrossD);
}

function tile6(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  multiply(6, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

function tile5(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  multiply(5, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

function tile4(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  multiply(4, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

function tile3(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  multiply(3, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

function tile2(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  multiply(2, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

function tile1(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  multiply(1, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

function packed6(
  a: usize, b: usize, k: i32, panels: i32, c: usize, downC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  multiplyPacked(6, a, b, k, panels, c, downC, d, downD, acrossD);
}

function packed5(
  a: usize, b: usize, k: i32, panels: i32, c: usize, downC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  multiplyPacked(5, a, b, k, panels, c, downC, d, downD, acrossD);
}

function packed4(
  a: usize, b: usize, k: i32, panels: i32, c: usize, downC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  multiplyPacked(4, a, b, k, panels, c, downC, d, downD, acrossD);
}

function packed3(
  a: usize, b: usize, k: i32, panels: i32, c: usize, downC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  multiplyPacked(3, a, b, k, panels, c, downC, d, downD, acrossD);
}

function packed2(
  a: usize, b: usize, k: i32, panels: i32, c: usize, downC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  multiplyPacked(2, a, b, k, panels, c, downC, d, downD, acrossD);
}

function packed1(
  a: usize, b: usize, k: i32, panels: i32, c: usize, downC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  multiplyPacked(1, a, b, k, panels, c, downC, d, downD, acrossD);
}
