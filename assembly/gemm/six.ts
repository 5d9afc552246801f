/**
 * A tile of six rows, as tile.ts has them up to five: a fused multiply-add needs no register for the product, which makes
 * room for two more sums. It stands alone because one more local in tile.ts changes what V8 makes of five rows.
 */
import { ROWS, SIZE } from "./blocking";
import { madd } from "./madd";

/** Adds a row of D to two sums and writes them to C. */
@inline
function put(c: usize, d: usize, x: v128, y: v128): void {
  v128.store(c, v128.add<real>(x, v128.load(d))), v128.store(c, v128.add<real>(y, v128.load(d, 16)), 16);
}

@inline
function fill(
  packed: bool, a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  const zero = v128.splat<real>(0);
  let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
  let c40 = zero, c41 = zero, c50 = zero, c51 = zero;
  let a1 = a + downA, a2 = a1 + downA, a3 = a2 + downA, a4 = a3 + downA, a5 = a4 + downA;
  for (const end = b + <usize>k * alongB; b < end; b += alongB) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = packed ? v128.load_splat<real>(a, 5 * SIZE) : v128.load_splat<real>(a5);
    c50 = madd(c50, x, b0), c51 = madd(c51, x, b1);
    x = packed ? v128.load_splat<real>(a, 4 * SIZE) : v128.load_splat<real>(a4);
    c40 = madd(c40, x, b0), c41 = madd(c41, x, b1);
    x = packed ? v128.load_splat<real>(a, 3 * SIZE) : v128.load_splat<real>(a3);
    c30 = madd(c30, x, b0), c31 = madd(c31, x, b1);
    x = packed ? v128.load_splat<real>(a, 2 * SIZE) : v128.load_splat<real>(a2);
    c20 = madd(c20, x, b0), c21 = madd(c21, x, b1);
    x = packed ? v128.load_splat<real>(a, SIZE) : v128.load_splat<real>(a1);
    c10 = madd(c10, x, b0), c11 = madd(c11, x, b1);
    x = v128.load_splat<real>(a);
    c00 = madd(c00, x, b0), c01 = madd(c01, x, b1);
    if (packed) a += <usize>ROWS * SIZE;
    else a += alongA, a1 += alongA, a2 += alongA, a3 += alongA, a4 += alongA, a5 += alongA;
  }
  put(c, d, c00, c01);
  c += downC, d += downD, put(c, d, c10, c11);
  c += downC, d += downD, put(c, d, c20, c21);
  c += downC, d += downD, put(c, d, c30, c31);
  c += downC, d += downD, put(c, d, c40, c41);
  c += downC, d += downD, put(c, d, c50, c51);
}

export function tile6(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(false, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

export function packed6(
  a: usize, b: usize, alongB: usize, k: i32, c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(true, a, 0, 0, b, alongB, k, c, downC, d, downD);
}
