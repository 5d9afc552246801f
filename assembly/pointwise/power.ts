/** Powers of two operands. */
import * as math from "../math/math";
import { mul, select } from "../base/simd";
import { zip, zipStrided } from "../base/zip";

/** a^b by squaring; for b < 0, 1/a^-b truncated to an integer, as in PyTorch: 0 unless a = ±1. */
@inline function integerPower(a: v128, b: v128): v128 {
  const zero = i32x4.splat(0);
  const one = i32x4.splat(1);
  let power = one;
  let square = a;
  let rest = i32x4.abs(b);
  while (v128.any_true(rest)) {
    power = select(i32x4.ne(v128.and(rest, one), zero), mul<i32>(power, square), power);
    square = mul<i32>(square, square);
    rest = i32x4.shr_u(rest, 1);
  }
  const whole = v128.or(i32x4.ge_s(b, zero), i32x4.eq(i32x4.abs(a), one));
  return v128.and(power, whole);
}

/** A long function, so not inlined: the loops over two operands would hold it in several places. */
function power(a: v128, b: v128): v128 {
  return isInteger<real>() ? integerPower(a, b) : math.pow<real>(a, b);
}

class Pow {
  @inline vec(a: v128, b: v128): v128 { return power(a, b); }
}
/** out = a^b */
export function pow(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  zip<Pow>(out, a, sa, b, sb, begin, end);
}
export function powStrided(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  zipStrided<Pow>(out, a, b, struct, begin, end);
}
