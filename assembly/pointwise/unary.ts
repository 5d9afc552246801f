/** The unary functions: one functor and one export each. tanh, sigmoid and the like are in activation.ts. */
import { LONG, map, map1, SHORT } from "../base/map";
import * as math from "../math/math";
import { div, mul, splat } from "../base/simd";

/** √x */
class Sqrt {
  @inline f(x: v128): v128 { return v128.sqrt<real>(x); }
}
export function sqrt(out: usize, x: usize, begin: i32, end: i32): void { map<Sqrt>(out, x, begin, end, SHORT); }

/** 1/√x */
class Rsqrt {
  @inline f(x: v128): v128 { return div<real>(splat<real>(1), v128.sqrt<real>(x)); }
}
export function rsqrt(out: usize, x: usize, begin: i32, end: i32): void { map<Rsqrt>(out, x, begin, end, SHORT); }

/** x² */
class Square {
  @inline f(x: v128): v128 { return mul<real>(x, x); }
}
export function square(out: usize, x: usize, begin: i32, end: i32): void { map<Square>(out, x, begin, end, SHORT); }

/** 1/x */
class Reciprocal {
  @inline f(x: v128): v128 { return div<real>(splat<real>(1), x); }
}
export function reciprocal(out: usize, x: usize, begin: i32, end: i32): void {
  map<Reciprocal>(out, x, begin, end, SHORT);
}

/** e^x */
class Exp {
  @inline f(x: v128): v128 { return math.exp<real>(x); }
  @inline rare(x: v128): v128 { return math.beyondNormal<real>(x); }
  @inline usual(x: v128): v128 { return math.expNormal<real>(x); }
}
export function exp(out: usize, x: usize, begin: i32, end: i32): void { map<Exp>(out, x, begin, end, LONG); }

/** e^x - 1 */
class Expm1 {
  @inline f(x: v128): v128 { return math.expm1<real>(x); }
}
export function expm1(out: usize, x: usize, begin: i32, end: i32): void { map<Expm1>(out, x, begin, end, LONG); }

/** ln x */
class Log {
  @inline f(x: v128): v128 { return math.log<real>(x); }
  @inline rare(x: v128): v128 { return math.isSpecial<real>(x); }
  @inline usual(x: v128): v128 { return math.logNormal<real>(x); }
}
export function log(out: usize, x: usize, begin: i32, end: i32): void { map<Log>(out, x, begin, end, LONG); }

/** ln(1 + x) */
class Log1p {
  @inline f(x: v128): v128 { return math.log1p<real>(x); }
}
export function log1p(out: usize, x: usize, begin: i32, end: i32): void { map<Log1p>(out, x, begin, end); }

/** log2 x */
class Log2 {
  @inline f(x: v128): v128 { return math.log2<real>(x); }
}
export function log2(out: usize, x: usize, begin: i32, end: i32): void { map<Log2>(out, x, begin, end); }

/** log10 x */
class Log10 {
  @inline f(x: v128): v128 { return math.log10<real>(x); }
}
export function log10(out: usize, x: usize, begin: i32, end: i32): void { map<Log10>(out, x, begin, end); }

/** sin x */
class Sin {
  @inline f(x: v128): v128 { return math.sin<real>(x); }
}
export function sin(out: usize, x: usize, begin: i32, end: i32): void { map<Sin>(out, x, begin, end); }

/** cos x */
class Cos {
  @inline f(x: v128): v128 { return math.cos<real>(x); }
}
export function cos(out: usize, x: usize, begin: i32, end: i32): void { map<Cos>(out, x, begin, end); }

/** tan x */
class Tan {
  @inline f(x: v128): v128 { return math.tan<real>(x); }
}
export function tan(out: usize, x: usize, begin: i32, end: i32): void { map<Tan>(out, x, begin, end); }

/** 2/√π · ∫ exp(-t²) dt from 0 to x */
class Erf {
  @inline f(x: v128): v128 { return math.erf<real>(x); }
}
export function erf(out: usize, x: usize, begin: i32, end: i32): void { map<Erf>(out, x, begin, end, LONG); }

/** ⌊x⌋ */
class Floor {
  @inline f(x: v128): v128 { return v128.floor<real>(x); }
}
export function floor(out: usize, x: usize, begin: i32, end: i32): void { map<Floor>(out, x, begin, end, SHORT); }

/** ⌈x⌉ */
class Ceil {
  @inline f(x: v128): v128 { return v128.ceil<real>(x); }
}
export function ceil(out: usize, x: usize, begin: i32, end: i32): void { map<Ceil>(out, x, begin, end, SHORT); }

/** the nearest whole number, halves to the even one */
class Round {
  @inline f(x: v128): v128 { return v128.nearest<real>(x); }
}
export function round(out: usize, x: usize, begin: i32, end: i32): void { map<Round>(out, x, begin, end, SHORT); }

/** x without its fraction */
class Trunc {
  @inline f(x: v128): v128 { return v128.trunc<real>(x); }
}
export function trunc(out: usize, x: usize, begin: i32, end: i32): void { map<Trunc>(out, x, begin, end, SHORT); }

/** x³ */
class Cube {
  @inline f(x: v128): v128 { return mul<real>(mul<real>(x, x), x); }
}

/** 1/x² */
class InverseSquare {
  @inline f(x: v128): v128 { return div<real>(splat<real>(1), mul<real>(x, x)); }
}

class Identity {
  @inline f(x: v128): v128 { return x; }
}

/** x^a */
class Pow {
  @inline f(x: v128, a: v128): v128 { return math.pow<real>(x, a); }
}

/** out = x^exponent, by multiplication, division and square root where PyTorch uses them. */
export function powScalar(out: usize, x: usize, exponent: real, begin: i32, end: i32): void {
  if (exponent == 2) map<Square>(out, x, begin, end, SHORT);
  else if (exponent == 3) map<Cube>(out, x, begin, end, SHORT);
  else if (exponent == 0.5) map<Sqrt>(out, x, begin, end, SHORT);
  else if (exponent == -0.5) map<Rsqrt>(out, x, begin, end, SHORT);
  else if (exponent == -1) map<Reciprocal>(out, x, begin, end, SHORT);
  else if (exponent == -2) map<InverseSquare>(out, x, begin, end, SHORT);
  else if (exponent == 1) map<Identity>(out, x, begin, end, SHORT);
  else map1<Pow>(out, x, exponent, begin, end);
}
