/**
 * The register level: C's tile = Σ over k of A's column × B's row, + D when there is a D. A is read through any byte
 * steps (`downA` from row to row, `alongA` from k to k), B and C hold whole vectors side by side.
 */

/** `rows` × two vectors; every caller passes a literal, so that the rows it has not leave no code. */
@inline
function fill(
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

/** A tile of `rows` rows, 1 to 4, and two vectors. */
@inline
export function tile(
  rows: i32, a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  if (rows == 4) tile4(a, downA, alongA, b, alongB, k, c, downC, d, downD);
  else if (rows == 3) tile3(a, downA, alongA, b, alongB, k, c, downC, d, downD);
  else if (rows == 2) tile2(a, downA, alongA, b, alongB, k, c, downC, d, downD);
  else tile1(a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

function tile4(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(4, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

function tile3(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(3, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

function tile2(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(2, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}

function tile1(
  a: usize, downA: usize, alongA: usize, b: usize, alongB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  fill(1, a, downA, alongA, b, alongB, k, c, downC, d, downD);
}
