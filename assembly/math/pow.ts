/**
 * x^y = 2^(y·log2|x|) with C's special cases. An error of 2^-53 in log2 would cost ten bits at the ends of the range,
 * so in float64 the logarithm is a sum of two numbers: with s = f/(2 + f) (see log.ts),
 *   log(m) = (2/3)·s·(3 + s² + 3·s⁴·R(s²)),
 * each leading factor cut to 26 bits so that products of two are exact. R is the minimax polynomial (Remez exchange at
 * 200 bits) of (atanh(s)/s - 1 - s²/3)/s⁴, error 2^-73. For float32, plain float64 is exact enough.
 */
import {
  add, clamp, copysign, div, joinHalves, lowerHalf, mul, mulAdd, select, splat, sub, upperHalf,
} from "../base/simd";
import { expm1Reduced, scale } from "./exp";
import { exponent, log2, mantissa, normalized, normalizedBy } from "./log";

/** x cut to its upper 26 bits. */
@inline function upperBits(x: v128): v128 { return v128.and(x, i64x2.splat(0xfffffffff8000000)); }

/** 2^(a + b), a of any size, b small against it. */
@inline function exp2(a: v128, b: v128): v128 {
  const limit = splat<f64>(1100);
  const outside = v128.gt<f64>(v128.abs<f64>(a), limit);
  const c = clamp<f64>(a, v128.neg<f64>(limit), limit);
  const k = v128.nearest<f64>(add<f64>(c, v128.andnot(b, outside)));
  const r = mul<f64>(add<f64>(sub<f64>(c, k), v128.andnot(b, outside)), splat<f64>(0.6931471805599453));
  return scale<f64>(add<f64>(splat<f64>(1), expm1Reduced<f64>(r)), k);
}

/** x^y for finite x > 0, float64 lanes. */
@inline function powPositive(x: v128, exponentOf: v128): v128 {
  const n = normalized<f64>(x);
  const m = mantissa<f64>(n);
  const k = sub<f64>(exponent<f64>(n), normalizedBy<f64>(x));
  const one = splat<f64>(1);
  const f = sub<f64>(m, one);
  const d = add<f64>(m, one);
  const dUpper = upperBits(d);
  const dLower = sub<f64>(m, sub<f64>(dUpper, one));
  // s = sUpper + sLower
  const s = div<f64>(f, d);
  const sUpper = upperBits(s);
  const sLower = div<f64>(sub<f64>(sub<f64>(f, mul<f64>(sUpper, dUpper)), mul<f64>(sUpper, dLower)), d);
  const z = mul<f64>(s, s);
  let p = mulAdd<f64>(splat<f64>(0.06002318445003601), z, splat<f64>(0.05836468373257031));
  p = mulAdd<f64>(p, z, splat<f64>(0.06668205204038345));
  p = mulAdd<f64>(p, z, splat<f64>(0.07692277223177445));
  p = mulAdd<f64>(p, z, splat<f64>(0.09090909452984498));
  p = mulAdd<f64>(p, z, splat<f64>(0.11111111108622465));
  p = mulAdd<f64>(p, z, splat<f64>(0.14285714285723158));
  p = mulAdd<f64>(p, z, splat<f64>(0.19999999999999987));
  // t = 3 + s² + 3·s⁴·R = tUpper + tLower
  const sSquared = mul<f64>(sUpper, sUpper);
  const rest = mulAdd<f64>(mul<f64>(splat<f64>(3), mul<f64>(z, z)), p, mul<f64>(sLower, add<f64>(sUpper, s)));
  const three = splat<f64>(3);
  const tUpper = upperBits(add<f64>(three, add<f64>(sSquared, rest)));
  const tLower = sub<f64>(rest, sub<f64>(sub<f64>(tUpper, three), sSquared));
  // s·t = u + v = pUpper + pLower
  const u = mul<f64>(sUpper, tUpper);
  const v = mulAdd<f64>(sLower, tUpper, mul<f64>(tLower, s));
  const pUpper = upperBits(add<f64>(u, v));
  const pLower = sub<f64>(v, sub<f64>(pUpper, u));
  // log2 = k + 2/(3·ln 2)·s·t = lUpper + lLower
  const main = mul<f64>(splat<f64>(0.9617966860532761), pUpper);
  const tail = mulAdd<f64>(splat<f64>(7.872699542894897e-9), pUpper, mul<f64>(pLower, splat<f64>(0.9617966939259756)));
  const lUpper = upperBits(add<f64>(add<f64>(main, tail), k));
  const lLower = sub<f64>(tail, sub<f64>(sub<f64>(lUpper, k), main));
  // y·log2; a |y| beyond 2^66 gives 0, 1 or Infinity
  const y = clamp<f64>(exponentOf, splat<f64>(-73786976294838206464.0), splat<f64>(73786976294838206464.0));
  const yUpper = upperBits(y);
  return exp2(mul<f64>(yUpper, lUpper), mulAdd<f64>(sub<f64>(y, yUpper), lUpper, mul<f64>(y, lLower)));
}

/** x^y for finite x > 0, of float32's precision, float64 lanes. */
@inline function powNarrow(x: v128, y: v128): v128 {
  const finite = clamp<f64>(y, splat<f64>(-1e30), splat<f64>(1e30));
  return exp2(mul<f64>(finite, log2<f64>(x)), splat<f64>(0));
}

@inline function isOdd<T>(y: v128): v128 {
  const half = mul<T>(y, splat<T>(0.5));
  return v128.and(v128.eq<T>(v128.nearest<T>(y), y), v128.ne<T>(v128.nearest<T>(half), half));
}

/** C's cases for x of 0, Infinity, NaN or below 0, and for y of 0 or NaN; `magnitude` is |x|^y elsewhere. */
@inline function specialCases<T>(magnitude: v128, x: v128, y: v128): v128 {
  const zero = splat<T>(0);
  const one = splat<T>(1);
  const inf = splat<T>(Infinity);
  const a = v128.abs<T>(x);
  const infinite = v128.eq<T>(a, inf);
  const extreme = v128.or(v128.eq<T>(x, zero), infinite);
  const grows = v128.not(v128.xor(infinite, v128.gt<T>(y, zero)));
  let r = select(extreme, v128.and(grows, inf), magnitude);
  r = select(isOdd<T>(y), copysign<T>(r, x), r);
  const fraction = v128.ne<T>(v128.nearest<T>(y), y);
  const undefined = v128.andnot(v128.and(v128.lt<T>(x, zero), fraction), infinite);
  r = select(v128.or(undefined, v128.or(v128.ne<T>(x, x), v128.ne<T>(y, y))), splat<T>(NaN), r);
  return select(v128.or(v128.eq<T>(y, zero), v128.eq<T>(x, one)), one, r);
}

/** x^y */
@inline export function pow<T>(x: v128, y: v128): v128 {
  const a = v128.abs<T>(x);
  const magnitude = sizeof<T>() == 8
    ? powPositive(a, y)
    : joinHalves(powNarrow(lowerHalf(a), lowerHalf(y)), powNarrow(upperHalf(a), upperHalf(y)));
  const zero = splat<T>(0);
  const ordinary = v128.and(v128.and(v128.gt<T>(x, zero), v128.lt<T>(x, splat<T>(Infinity))), v128.eq<T>(y, y));
  if (!v128.any_true(v128.not(v128.and(ordinary, v128.ne<T>(y, zero))))) return magnitude;
  return specialCases<T>(magnitude, x, y);
}
