/**
 * Arithmetic on two operands, with broadcasting: `op` takes contiguous operands and scalars, `opStrided` any others.
 */
import { larger, smaller } from "../base/order";
import { zip, zipStrided } from "../base/zip";

class Add {
  @inline vec(a: v128, b: v128): v128 { return v128.add<real>(a, b); }
}
/** out = a + b */
export function add(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  zip<Add>(out, a, sa, b, sb, begin, end);
}
export function addStrided(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  zipStrided<Add>(out, a, b, struct, begin, end);
}

class Sub {
  @inline vec(a: v128, b: v128): v128 { return v128.sub<real>(a, b); }
}
/** out = a - b */
export function sub(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  zip<Sub>(out, a, sa, b, sb, begin, end);
}
export function subStrided(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  zipStrided<Sub>(out, a, b, struct, begin, end);
}

class Mul {
  @inline vec(a: v128, b: v128): v128 { return v128.mul<real>(a, b); }
}
/** out = a b */
export function mul(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  zip<Mul>(out, a, sa, b, sb, begin, end);
}
export function mulStrided(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  zipStrided<Mul>(out, a, b, struct, begin, end);
}

class Maximum {
  @inline vec(a: v128, b: v128): v128 { return larger(a, b); }
}
/** out = max(a, b), NaN if either is */
export function maximum(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  zip<Maximum>(out, a, sa, b, sb, begin, end);
}
export function maximumStrided(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  zipStrided<Maximum>(out, a, b, struct, begin, end);
}

class Minimum {
  @inline vec(a: v128, b: v128): v128 { return smaller(a, b); }
}
/** out = min(a, b), NaN if either is */
export function minimum(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  zip<Minimum>(out, a, sa, b, sb, begin, end);
}
export function minimumStrided(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  zipStrided<Minimum>(out, a, b, struct, begin, end);
}
