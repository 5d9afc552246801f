/** Quotients and remainders. Only the quotient of floats has a vector instruction. */
import { zip, zipElements, zipElementsStrided, zipStrided } from "../base/zip";

class Div {
  @inline vec(a: v128, b: v128): v128 { return v128.div<real>(a, b); }
}
/** out = a / b; integers towards zero */
export function div(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  if (isInteger<real>()) zipElements<Quotient>(out, a, sa, b, sb, begin, end);
  else zip<Div>(out, a, sa, b, sb, begin, end);
}
export function divStrided(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  if (isInteger<real>()) zipElementsStrided<Quotient>(out, a, b, struct, begin, end);
  else zipStrided<Div>(out, a, b, struct, begin, end);
}

class DivTrunc {
  @inline vec(a: v128, b: v128): v128 { return v128.trunc<real>(v128.div<real>(a, b)); }
}
/** out = a / b towards zero */
export function divTrunc(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  if (isInteger<real>()) zipElements<Quotient>(out, a, sa, b, sb, begin, end);
  else zip<DivTrunc>(out, a, sa, b, sb, begin, end);
}
export function divTruncStrided(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  if (isInteger<real>()) zipElementsStrided<Quotient>(out, a, b, struct, begin, end);
  else zipStrided<DivTrunc>(out, a, b, struct, begin, end);
}

/** out = floor(a / b), consistent with the remainder: a = b floor(a / b) + remainder */
export function floorDivide(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  zipElements<FloorQuotient>(out, a, sa, b, sb, begin, end);
}
export function floorDivideStrided(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  zipElementsStrided<FloorQuotient>(out, a, b, struct, begin, end);
}

/** out = a mod b with the sign of b */
export function remainder(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  zipElements<FloorRemainder>(out, a, sa, b, sb, begin, end);
}
export function remainderStrided(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  zipElementsStrided<FloorRemainder>(out, a, b, struct, begin, end);
}

/** out = a mod b with the sign of a */
export function fmod(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  zipElements<TruncatedRemainder>(out, a, sa, b, sb, begin, end);
}
export function fmodStrided(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  zipElementsStrided<TruncatedRemainder>(out, a, b, struct, begin, end);
}

// Integers: the instruction traps on x / 0 and on -2^31 / -1. Callers refuse the first before the kernel runs; the
// second wraps, as -x does.

class Quotient {
  @inline one(a: real, b: real): real { return quotient(a, b); }
}
class FloorQuotient {
  @inline one(a: real, b: real): real { return floorQuotient(a, b); }
}
class FloorRemainder {
  @inline one(a: real, b: real): real { return floorRemainder(a, b); }
}
class TruncatedRemainder {
  @inline one(a: real, b: real): real { return truncatedRemainder(a, b); }
}

function quotient(a: real, b: real): real {
  if (isInteger<real>()) {
    if (b == 0) return 0;
    if (b == -1) return -a;
  }
  return a / b;
}

function truncatedRemainder(a: real, b: real): real {
  if (isInteger<real>()) {
    if (b == 0 || b == -1) return 0;
  }
  return a % b;
}

function floorRemainder(a: real, b: real): real {
  const rest = truncatedRemainder(a, b);
  return rest != 0 && b < 0 != rest < 0 ? rest + b : rest;
}

/** For floats the quotient is rebuilt from the exact remainder: a / b alone may round up across an integer. */
function floorQuotient(a: real, b: real): real {
  if (b == 0) return quotient(a, b);
  const rest = truncatedRemainder(a, b);
  const below: real = rest != 0 && b < 0 != rest < 0 ? 1 : 0;
  if (isInteger<real>()) return quotient(a, b) - below;
  const near = (a - rest) / b - below;
  if (near == 0) return copysign<real>(0, a / b);
  const whole = floor<real>(near);
  return near - whole > 0.5 ? whole + 1 : whole;
}
