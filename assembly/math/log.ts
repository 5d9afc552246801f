/**
 * Logarithms: x = 2^k·m with m in [sqrt(1/2), sqrt(2)), f = m - 1, s = f/(2 + f):
 * log(1 + f) = f - (f²/2 - s·(f²/2 + R(s²))), R(z)/z the minimax polynomial (Remez exchange at 200 bits) of
 * (2·atanh(s)/s - 2)/z: error 2^-29.1 of 2 in float32 and 2^-58.4 in float64.
 */
import { add, div, keep, mul, mulAdd, select, splat, sub } from "../base/simd";
import { expm1Reduced, expQuotient, expRemainder, scale } from "./exp";

/** The bits of x, moved so that the exponent field changes at sqrt(1/2)·2^k; the field is k + bias. */
@inline function shiftedBits<T>(x: v128): v128 {
  return sizeof<T>() == 4
    ? i32x4.add(x, i32x4.splat(0x3f800000 - 0x3f3504f3))
    : i64x2.add(x, i64x2.splat(0x3ff0000000000000 - 0x3fe6a09e667f3bcd));
}

/** k, as a floating-point number. */
@inline export function exponent<T>(x: v128): v128 {
  const bits = shiftedBits<T>(x);
  if (sizeof<T>() == 4) return f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(bits, 23), i32x4.splat(127)));
  const biased = v128.or(i64x2.shr_u(bits, 52), i64x2.splat(0x4330000000000000)); // 2^52 + k + 1023
  return sub<T>(biased, splat<T>(4503599627370496.0 + 1023.0));
}

/** m: the shifted bits below the exponent field, counted from sqrt(1/2). */
@inline export function mantissa<T>(x: v128): v128 {
  const bits = shiftedBits<T>(x);
  return sizeof<T>() == 4
    ? i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3))
    : i64x2.add(v128.and(bits, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3fe6a09e667f3bcd));
}

/** k·ln 2 + log(1 + f) + c, where c is a small correction. */
@inline function assemble<T>(k: v128, f: v128, c: v128): v128 {
  const upper = splat<T>(sizeof<T>() == 4 ? 0.693145751953125 : 0.6931471803691238);
  const lower = splat<T>(sizeof<T>() == 4 ? 1.4286068203094173e-6 : 1.9082149292705877e-10);
  const s = div<T>(f, add<T>(f, splat<T>(2)));
  const z = mul<T>(s, s);
  let p: v128;
  if (sizeof<T>() == 4) {
    p = mulAdd<T>(splat<T>(0.29885199666023254), z, splat<T>(0.3997707962989807));
    p = mulAdd<T>(p, z, splat<T>(0.6666678190231323));
  } else {
    const z2 = mul<T>(z, z);
    let even = mulAdd<T>(splat<T>(0.1481153963309699), z2, splat<T>(0.18183618985507138));
    even = mulAdd<T>(even, z2, splat<T>(0.2857142875130236));
    even = mulAdd<T>(even, z2, splat<T>(0.666666666666674));
    let odd = mulAdd<T>(splat<T>(0.15312569941781792), z2, splat<T>(0.22222197587402764));
    odd = mulAdd<T>(odd, z2, splat<T>(0.39999999999377983));
    p = mulAdd<T>(odd, z, even);
  }
  const h = mul<T>(splat<T>(0.5), mul<T>(f, f));
  const tail = add<T>(mul<T>(s, mulAdd<T>(z, p, h)), mulAdd<T>(k, lower, c));
  return sub<T>(mul<T>(k, upper), sub<T>(sub<T>(h, tail), f));
}

/**
 * Lanes that hold no positive normal number: their bits minus those of the least one exceed the range of normal
 * numbers.
 */
@inline export function isSpecial<T>(x: v128): v128 {
  // An unsigned comparison by means of a signed one: Wasm has no unsigned one for 64 bits.
  if (sizeof<T>() == 4) return i32x4.gt_s(i32x4.sub(x, i32x4.splat(0x80800000)), i32x4.splat(0xfeffffff));
  return i64x2.gt_s(i64x2.sub(x, i64x2.splat(0x8010000000000000)), i64x2.splat(0xffdfffffffffffff));
}

@inline function isSubnormal<T>(x: v128): v128 {
  return v128.lt<T>(x, splat<T>(sizeof<T>() == 4 ? 1.1754943508222875e-38 : 2.2250738585072014e-308));
}

/** x, times 2^54 where it is subnormal. */
@inline export function normalized<T>(x: v128): v128 {
  return select(isSubnormal<T>(x), mul<T>(x, splat<T>(18014398509481984.0)), x);
}

/** What normalized(x) added to the exponent. */
@inline export function normalizedBy<T>(x: v128): v128 { return keep(isSubnormal<T>(x), splat<T>(54)); }

/** Puts log's limits where x is not a finite number above `pole`: -Infinity at it, NaN below, x itself elsewhere. */
@inline function limits<T>(y: v128, x: v128, pole: v128): v128 {
  const inf = splat<T>(Infinity);
  const plain = v128.and(v128.gt<T>(x, pole), v128.lt<T>(x, inf));
  if (!v128.any_true(v128.not(plain))) return y;
  const outside = select(v128.lt<T>(x, pole), splat<T>(NaN), x);
  return select(plain, y, select(v128.eq<T>(x, pole), v128.neg<T>(inf), outside));
}

/** A logarithm `combine(k, f)` of x, where x = 2^k·(1 + f). */
@inline function logarithm<T, Form>(x: v128): v128 {
  const zero = splat<T>(0);
  const special = v128.any_true(isSpecial<T>(x));
  let n = x, by = zero;
  if (special) n = normalized<T>(x), by = normalizedBy<T>(x);
  const y = changetype<Form>(0).combine(sub<T>(exponent<T>(n), by), sub<T>(mantissa<T>(n), splat<T>(1)));
  return special ? limits<T>(y, x, zero) : y;
}

class Natural<T> {
  @inline combine(k: v128, f: v128): v128 { return assemble<T>(k, f, splat<T>(0)); }
}

class Binary<T> {
  @inline
  combine(k: v128, f: v128): v128 {
    const zero = splat<T>(0);
    return mulAdd<T>(assemble<T>(zero, f, zero), splat<T>(1.4426950408889634), k);
  }
}

class Decimal<T> {
  @inline
  combine(k: v128, f: v128): v128 {
    const upper = splat<T>(sizeof<T>() == 4 ? 0.301025390625 : 0.30102999566383914);
    const lower = splat<T>(sizeof<T>() == 4 ? 4.605038981195214e-6 : 1.42050232272661e-13);
    const zero = splat<T>(0);
    const tail = mulAdd<T>(k, lower, mul<T>(assemble<T>(zero, f, zero), splat<T>(0.4342944819032518)));
    return mulAdd<T>(k, upper, tail);
  }
}

/** ln x */
@inline export function log<T>(x: v128): v128 { return logarithm<T, Natural<T>>(x); }

/** ln x of positive normal numbers */
@inline export function logNormal<T>(x: v128): v128 {
  return changetype<Natural<T>>(0).combine(exponent<T>(x), sub<T>(mantissa<T>(x), splat<T>(1)));
}

/** log2 x = k + log(m)/ln 2: exact for powers of two. */
@inline export function log2<T>(x: v128): v128 { return logarithm<T, Binary<T>>(x); }

/** log10 x = k·log10(2) + log(m)/ln 10, log10(2) split so that k times its upper part is exact. */
@inline export function log10<T>(x: v128): v128 { return logarithm<T, Decimal<T>>(x); }

/**
 * ln(1 + x + low), low far below x: u = 1 + x is rounded, and its error returns in c = (error + low)/u. Where k = 0, f
 * = x is exact.
 */
@inline function log1pOf<T>(x: v128, low: v128): v128 {
  const one = splat<T>(1);
  const u = add<T>(one, x);
  const k = exponent<T>(u);
  const zero = splat<T>(0);
  const direct = v128.eq<T>(k, zero);
  const lost = select(v128.gt<T>(x, one), sub<T>(one, sub<T>(u, x)), sub<T>(x, sub<T>(u, one)));
  const f = select(direct, x, sub<T>(mantissa<T>(u), one));
  return assemble<T>(k, f, div<T>(add<T>(v128.andnot(lost, direct), low), u));
}

/** ln(1 + x) */
@inline export function log1p<T>(x: v128): v128 {
  const zero = splat<T>(0);
  const y = select(v128.eq<T>(x, zero), x, log1pOf<T>(x, zero)); // keeps -0
  return limits<T>(y, x, splat<T>(-1));
}

/** ln(1 + e^-|x|), including the rounding error of e^-|x|. */
@inline function softplusTail<T>(x: v128): v128 {
  const one = splat<T>(1);
  const a = v128.pmax<T>(v128.neg<T>(v128.abs<T>(x)), splat<T>(sizeof<T>() == 4 ? -104 : -746));
  const k = expQuotient<T>(a);
  const q = expm1Reduced<T>(expRemainder<T>(a, k));
  const sum = add<T>(one, q);
  return log1pOf<T>(scale<T>(sum, k), scale<T>(add<T>(sub<T>(one, sum), q), k));
}

/** ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|) */
@inline export function softplus<T>(x: v128): v128 {
  return add<T>(v128.pmax<T>(x, splat<T>(0)), softplusTail<T>(x));
}

/** ln(1/(1 + e^-x)) = min(x, 0) - ln(1 + e^-|x|) */
@inline export function logSigmoid<T>(x: v128): v128 {
  return sub<T>(v128.pmin<T>(x, splat<T>(0)), softplusTail<T>(x));
}
