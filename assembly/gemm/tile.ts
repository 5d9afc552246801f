/**
 * The register level: C's tile = Σ over k of A's column × B's row, + D when there is a D. A is read through any byte
 * steps (`downA` from row to row, `alongA` from k to k), B and C hold whole vectors side by side.
 */
import { SIZE } from "./blocking";

/** `rows` × two vectors; every caller passes a literal, so that the rows it has not leave no code. */
@inline
function tile(
  rows: i32,
  a: usize, downA: usize, alongA: usize,
  b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  const zero = v128.splat<real>(0);
  let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
  let a1 = a + downA, a2 = a1 + downA, a3 = a2 + downA;
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load_splat<real>(a);
    c00 = v128.add<real>(c00, v128.mul<real>(x, b0)), c01 = v128.add<real>(c01, v128.mul<real>(x, b1));
    if (rows > 1) {
      x = v128.load_splat<real>(a1);
      c10 = v128.add<real>(c10, v128.mul<real>(x, b0)), c11 = v128.add<real>(c11, v128.mul<real>(x, b1));
    }
    if (rows > 2) {
      x = v128.load_splat<real>(a2);
      c20 = v128.add<real>(c20, v128.mul<real>(x, b0)), c21 = v128.add<real>(c21, v128.mul<real>(x, b1));
    }
    if (rows > 3) {
      x = v128.load_splat<real>(a3);
      c30 = v128.add<real>(c30, v128.mul<real>(x, b0)), c31 = v128.add<real>(c31, v128.mul<real>(x, b1));
    }
    a += alongA, a1 += alongA, a2 += alongA, a3 += alongA;
    b += alongB;
  }
  if (d) {
    c00 = v128.add<real>(c00, v128.load(d)), c01 = v128.add<real>(c01, v128.load(d, 16));
    if (rows > 1) d += downD, c10 = v128.add<real>(c10, v128.load(d)), c11 = v128.add<real>(c11, v128.load(d, 16));
    if (rows > 2) d += downD, c20 = v128.add<real>(c20, v128.load(d)), c21 = v128.add<real>(c21, v128.load(d, 16));
    if (rows > 3) d += downD, c30 = v128.add<real>(c30, v128.load(d)), c31 = v128.add<real>(c31, v128.load(d, 16));
  }
  v128.store(c, c00), v128.store(c, c01, 16);
  if (rows > 1) c += downC, v128.store(c, c10), v128.store(c, c11, 16);
  if (rows > 2) c += downC, v128.store(c, c20), v128.store(c, c21, 16);
  if (rows > 3) c += downC, v128.store(c, c30), v128.store(c, c31, 16);
}

export function tile4(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  tile(4, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

export function tile3(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  tile(3, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

export function tile2(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  tile(2, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

export function tile1(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  tile(1, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

/**
 * `rows` × one vector, all `full` rows written to `c`, a scratch tile; rows past `rows` repeat the last one. Callers
 * pass a literal `full`, 4 or 8. B is packed.
 */
@inline
function thin(
  full: i32, rows: i32, a: usize, downA: usize, alongA: usize, b: usize, k: i32, c: usize,
): void {
  const zero = v128.splat<real>(0);
  let c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero, c6 = zero, c7 = zero;
  const a1 = a + (rows > 1 ? downA : 0), a2 = a1 + (rows > 2 ? downA : 0), a3 = a2 + (rows > 3 ? downA : 0);
  const a4 = a3 + (rows > 4 ? downA : 0), a5 = a4 + (rows > 5 ? downA : 0), a6 = a5 + (rows > 6 ? downA : 0);
  const a7 = a6 + (rows > 7 ? downA : 0);
  let p: usize = 0;
  for (; k > 0; k--) {
    const y = v128.load(b);
    c0 = v128.add<real>(c0, v128.mul<real>(v128.load_splat<real>(a + p), y));
    c1 = v128.add<real>(c1, v128.mul<real>(v128.load_splat<real>(a1 + p), y));
    c2 = v128.add<real>(c2, v128.mul<real>(v128.load_splat<real>(a2 + p), y));
    c3 = v128.add<real>(c3, v128.mul<real>(v128.load_splat<real>(a3 + p), y));
    if (full > 4) {
      c4 = v128.add<real>(c4, v128.mul<real>(v128.load_splat<real>(a4 + p), y));
      c5 = v128.add<real>(c5, v128.mul<real>(v128.load_splat<real>(a5 + p), y));
      c6 = v128.add<real>(c6, v128.mul<real>(v128.load_splat<real>(a6 + p), y));
      c7 = v128.add<real>(c7, v128.mul<real>(v128.load_splat<real>(a7 + p), y));
    }
    p += alongA;
    b += 16;
  }
  v128.store(c, c0), v128.store(c, c1, 16), v128.store(c, c2, 32), v128.store(c, c3, 48);
  if (full > 4) v128.store(c, c4, 64), v128.store(c, c5, 80), v128.store(c, c6, 96), v128.store(c, c7, 112);
}

export function thin8(rows: i32, a: usize, downA: usize, alongA: usize, b: usize, k: i32, c: usize): void {
  thin(8, rows, a, downA, alongA, b, k, c);
}

export function thin4(rows: i32, a: usize, downA: usize, alongA: usize, b: usize, k: i32, c: usize): void {
  thin(4, rows, a, downA, alongA, b, k, c);
}

/** A scratch tile, `wide` bytes from row to row, to the rows × columns of C that exist, through any byte steps. */
export function deliver(
  scratch: usize, wide: usize, rows: i32, columns: i32,
  c: usize, downC: usize, acrossC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  for (let i = 0; i < rows; i++) {
    let from = scratch, to = c, add = d;
    for (let j = 0; j < columns; j++) {
      const sum = load<real>(from);
      store<real>(to, d ? sum + load<real>(add) : sum);
      from += SIZE;
      to += acrossC;
      add += acrossD;
    }
    scratch += wide;
    c += downC;
    d = d ? d + downD : 0;
  }
}
