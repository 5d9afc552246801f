/** Comparisons of operands of the build's type; a result is one byte per element, 1 or 0. Broadcasting as in zip.ts. */
import { ITEM_SIZE } from "../base/simd";
import { forEachRow } from "../base/strided";

/** Turns lanes of all ones or zeros into bytes of 1 or 0, one after the other from byte 0. */
@inline
function toBytes(mask: v128): v128 {
  const ones = i8x16.splat(1);
  if (sizeof<real>() == 8) {
    return v128.and(ones, v128.shuffle<u8>(mask, mask, 0, 8, 0, 8, 0, 8, 0, 8, 0, 8, 0, 8, 0, 8, 0, 8));
  }
  return v128.and(ones, v128.shuffle<u8>(mask, mask, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12));
}

@inline
function storeBytes(out: usize, bytes: v128): void {
  if (sizeof<real>() == 8) v128.store16_lane(out, bytes, 0);
  else v128.store32_lane(out, bytes, 0);
}

function compareRow<Op>(out: usize, a: usize, sa: usize, b: usize, sb: usize, n: usize): void {
  const op = changetype<Op>(0);
  const lanes = <usize>(16 / sizeof<real>());
  let i: usize = 0;
  if ((sa == ITEM_SIZE || sa == 0) && (sb == ITEM_SIZE || sb == 0)) {
    const x = v128.load_splat<real>(a);
    const y = v128.load_splat<real>(b);
    for (; i + lanes <= n; i += lanes) {
      const left = sa ? v128.load(a + i * ITEM_SIZE) : x;
      const right = sb ? v128.load(b + i * ITEM_SIZE) : y;
      storeBytes(out + i, toBytes(op.vec(left, right)));
    }
  }
  a += i * sa;
  b += i * sb;
  for (; i < n; i++, a += sa, b += sb) {
    const value = op.vec(v128.load_splat<real>(a), v128.load_splat<real>(b));
    store<u8>(out + i, u8(v128.any_true(value)));
  }
}

class Row<Op> {
  @inline row(out: usize, a: usize, sa: usize, b: usize, sb: usize, n: usize): void {
    compareRow<Op>(out, a, sa, b, sb, n);
  }
}

@inline
function compare<Op>(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  const first = <usize>begin * ITEM_SIZE;
  const x = <usize>sa * ITEM_SIZE;
  const y = <usize>sb * ITEM_SIZE;
  if (begin < end) compareRow<Op>(out + begin, a + first * sa, x, b + first * sb, y, end - begin);
}

@inline
function compareStrided<Op>(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  forEachRow<Row<Op>>(out, 1, a, b, struct, begin, end);
}

class Eq {
  @inline vec(a: v128, b: v128): v128 { return v128.eq<real>(a, b); }
}
/** out = a == b */
export function eq(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  compare<Eq>(out, a, sa, b, sb, begin, end);
}
export function eqStrided(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  compareStrided<Eq>(out, a, b, struct, begin, end);
}

class Ne {
  @inline vec(a: v128, b: v128): v128 { return v128.ne<real>(a, b); }
}
/** out = a != b (of a tensor with itself: isnan) */
export function ne(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  compare<Ne>(out, a, sa, b, sb, begin, end);
}
export function neStrided(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  compareStrided<Ne>(out, a, b, struct, begin, end);
}

class Lt {
  @inline vec(a: v128, b: v128): v128 { return v128.lt<real>(a, b); }
}
/** out = a < b (gt is lt with the operands exchanged) */
export function lt(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  compare<Lt>(out, a, sa, b, sb, begin, end);
}
export function ltStrided(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  compareStrided<Lt>(out, a, b, struct, begin, end);
}

class Le {
  @inline vec(a: v128, b: v128): v128 { return v128.le<real>(a, b); }
}
/** out = a <= b (ge is le with the operands exchanged) */
export function le(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  compare<Le>(out, a, sa, b, sb, begin, end);
}
export function leStrided(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  compareStrided<Le>(out, a, b, struct, begin, end);
}

/** x - x is 0 for finite numbers only. */
class Finite {
  @inline vec(a: v128, b: v128): v128 { return v128.eq<real>(v128.sub<real>(a, b), v128.splat<real>(0)); }
}
/** out = x is neither infinite nor NaN */
export function isfinite(out: usize, x: usize, begin: i32, end: i32): void {
  compare<Finite>(out, x, 1, x, 1, begin, end);
}

class Infinite {
  @inline vec(a: v128, b: v128): v128 {
    return v128.and(v128.eq<real>(a, b), v128.ne<real>(v128.sub<real>(a, b), v128.splat<real>(0)));
  }
}
/** out = x is +infinity or -infinity */
export function isinf(out: usize, x: usize, begin: i32, end: i32): void {
  compare<Infinite>(out, x, 1, x, 1, begin, end);
}
