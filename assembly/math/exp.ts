/**
 * exp and what follows from it: x = k·ln 2 + r with whole k and |r| <= ln(2)/2, exp(x) = 2^k (1 + q),
 * q = expm1(r) = r + r²·P(r). P is the minimax polynomial (Remez exchange at 200 bits, relative to r) of
 * (expm1(r) - r)/r²: error 2^-26.2 of r in float32 and 2^-61.6 in float64. ln 2 is split so that k times its upper
 * part is exact. Largest errors found: test/unit/runtime/math.test.ts.
 */
import { add, clamp, copysign, div, mul, mulAdd, select, splat, sub } from "../base/simd";

/**
 * Adding 1.5·2^(mantissa bits) rounds to a whole number k, which is then in the low bits of the sum. With the bias of
 * exponents added too (and `up`, for 2^(k + up)), these bits are an exponent field.
 */
@inline export function roundingMagic<T>(up: i32 = 0): v128 {
  return splat<T>(sizeof<T>() == 4 ? 12582912.0 + <f64>(127 + up) : 6755399441055744.0 + <f64>(1023 + up));
}

/** 2^k, given k + roundingMagic; k within the exponents of normal numbers, or the one below them, which gives 0. */
@inline export function powerOfTwo<T>(shifted: v128): v128 {
  return sizeof<T>() == 4 ? i32x4.shl(shifted, 23) : i64x2.shl(shifted, 52);
}

/**
 * y·2^k for the whole k of any finite result, by two factors, so that only the last product rounds (to a subnormal).
 */
@inline export function scale<T>(y: v128, k: v128): v128 {
  const magic = roundingMagic<T>();
  const half = mulAdd<T>(k, splat<T>(0.5), magic);
  const rest = sub<T>(k, sub<T>(half, magic));
  return mul<T>(mul<T>(y, powerOfTwo<T>(half)), powerOfTwo<T>(add<T>(rest, magic)));
}

/** k + roundingMagic for the k of exp's reduction. */
@inline function shiftedQuotient<T>(x: v128): v128 {
  return mulAdd<T>(x, splat<T>(1.4426950408889634), roundingMagic<T>());
}

/** k */
@inline export function expQuotient<T>(x: v128): v128 { return sub<T>(shiftedQuotient<T>(x), roundingMagic<T>()); }

/** ln 2 is the sum of these. */
@inline function upperLog2<T>(): f64 { return sizeof<T>() == 4 ? 0.693145751953125 : 0.6931471803691238; }
@inline function lowerLog2<T>(): f64 { return sizeof<T>() == 4 ? 1.4286068203094173e-6 : 1.9082149292705877e-10; }

/** r = x - k·ln 2 */
@inline export function expRemainder<T>(x: v128, k: v128): v128 {
  return sub<T>(sub<T>(x, mul<T>(k, splat<T>(upperLog2<T>()))), mul<T>(k, splat<T>(lowerLog2<T>())));
}

/** expm1(r) for |r| <= ln(2)/2 */
@inline export function expm1Reduced<T>(r: v128): v128 {
  const r2 = mul<T>(r, r);
  let even: v128;
  let odd: v128;
  if (sizeof<T>() == 4) {
    odd = mulAdd<T>(splat<T>(0.008366583846509457), r2, splat<T>(0.1666654348373413));
    even = mulAdd<T>(splat<T>(0.0013946450781077147), r2, splat<T>(0.04166628047823906));
    even = mulAdd<T>(even, r2, splat<T>(0.5));
  } else {
    odd = mulAdd<T>(splat<T>(2.5110178939082256e-8), r2, splat<T>(2.7557241164012983e-6));
    odd = mulAdd<T>(odd, r2, splat<T>(0.00019841269888892833));
    odd = mulAdd<T>(odd, r2, splat<T>(0.008333333333320654));
    odd = mulAdd<T>(odd, r2, splat<T>(0.16666666666666677));
    even = mulAdd<T>(splat<T>(2.0925369152505033e-9), r2, splat<T>(2.755723976511319e-7));
    even = mulAdd<T>(even, r2, splat<T>(2.4801587364051543e-5));
    even = mulAdd<T>(even, r2, splat<T>(0.0013888888888865078));
    even = mulAdd<T>(even, r2, splat<T>(0.041666666666666706));
    even = mulAdd<T>(even, r2, splat<T>(0.5));
  }
  return mulAdd<T>(mulAdd<T>(odd, r, even), r2, r);
}

/** e^x over the whole range: 0, subnormal, normal or Infinity. */
@inline function expAnywhere<T>(x: v128): v128 {
  const c = clamp<T>(x, splat<T>(sizeof<T>() == 4 ? -104 : -746), splat<T>(sizeof<T>() == 4 ? 89 : 710));
  const k = expQuotient<T>(c);
  return scale<T>(add<T>(splat<T>(1), expm1Reduced<T>(expRemainder<T>(c, k))), k);
}

/** Where e^x is not known to be normal. */
@inline export function beyondNormal<T>(x: v128): v128 {
  return v128.gt<T>(mul<T>(x, x), splat<T>(sizeof<T>() == 4 ? 87 * 87 : 708 * 708));
}

/** e^x. Results that are not normal numbers are rare; multiplying by 2^k in one step or in two gives the same bits. */
@inline export function exp<T>(x: v128): v128 {
  const y = expNormal<T>(x);
  return i32x4.bitmask(beyondNormal<T>(x)) ? expAnywhere<T>(x) : y;
}

/** e^x where the result is known to be normal. */
@inline export function expNormal<T>(x: v128): v128 {
  const shifted = shiftedQuotient<T>(x);
  const q = expm1Reduced<T>(expRemainder<T>(x, sub<T>(shifted, roundingMagic<T>())));
  const p = powerOfTwo<T>(shifted);
  return mulAdd<T>(q, p, p);
}

/** e^x - 1 = 2^k ((1 - 2^-k) + q); the difference is exact unless it is far below q's last bit. */
@inline export function expm1<T>(x: v128): v128 {
  const c = clamp<T>(x, splat<T>(sizeof<T>() == 4 ? -20 : -40), splat<T>(sizeof<T>() == 4 ? 89 : 710));
  const magic = roundingMagic<T>();
  const shifted = shiftedQuotient<T>(c);
  const k = sub<T>(shifted, magic);
  const q = expm1Reduced<T>(expRemainder<T>(c, k));
  const y = scale<T>(add<T>(sub<T>(splat<T>(1), powerOfTwo<T>(sub<T>(magic, k))), q), k);
  return select(v128.eq<T>(x, splat<T>(0)), x, y); // keeps -0
}

/** (tanh(x)/x - 1)/x² for |x| <= 0.36, minimax as above (2^-30.6 and 2^-62 of tanh) */
@inline function tanhNearZero<T>(z: v128): v128 {
  let p: v128;
  if (sizeof<T>() == 4) {
    p = mulAdd<T>(splat<T>(0.019295260310173035), z, splat<T>(-0.0536961629986763));
    p = mulAdd<T>(p, z, splat<T>(0.1333218514919281));
    return mulAdd<T>(p, z, splat<T>(-0.33333319425582886));
  }
  p = mulAdd<T>(splat<T>(-0.00018518124058778795), z, splat<T>(0.0005760191835318483));
  p = mulAdd<T>(p, z, splat<T>(-0.0014537738153347318));
  p = mulAdd<T>(p, z, splat<T>(0.0035919435842589843));
  p = mulAdd<T>(p, z, splat<T>(-0.008863225309046116));
  p = mulAdd<T>(p, z, splat<T>(0.021869488193199407));
  p = mulAdd<T>(p, z, splat<T>(-0.05396825396173423));
  p = mulAdd<T>(p, z, splat<T>(0.13333333333327252));
  return mulAdd<T>(p, z, splat<T>(-0.33333333333333315));
}

/** tanh(x) = m/(m + 2) with m = expm1(2|x|), and the sign of x; a polynomial where the quotient would lose digits. */
@inline export function tanh<T>(x: v128): v128 {
  const a = v128.pmin<T>(v128.abs<T>(x), splat<T>(sizeof<T>() == 4 ? 10 : 20)); // 1 - tanh is below half an ulp there
  const twice = add<T>(a, a);
  const shifted = shiftedQuotient<T>(twice);
  const q = expm1Reduced<T>(expRemainder<T>(twice, sub<T>(shifted, roundingMagic<T>())));
  const p = powerOfTwo<T>(shifted);
  const m = mulAdd<T>(q, p, sub<T>(p, splat<T>(1)));
  const z = mul<T>(a, a);
  const small = mulAdd<T>(mul<T>(z, a), tanhNearZero<T>(z), a);
  const y = select(v128.lt<T>(a, splat<T>(0.35)), small, div<T>(m, add<T>(m, splat<T>(2))));
  return copysign<T>(y, x);
}

/**
 * 1/(1 + e^-x) = c/(c + c·2^k (1 + q)), c a small power of two, so that no step overflows where the result is
 * subnormal. The rounding error of 2^k + 1 (not 0 where |k| is large) is added to the smaller term: the denominator is
 * rounded once.
 */
@inline export function sigmoid<T>(x: v128): v128 {
  const down = sizeof<T>() == 4 ? -24 : -60;
  const c = splat<T>(sizeof<T>() == 4 ? 5.9604644775390625e-8 : 8.673617379884035e-19); // 2^down
  const t = clamp<T>(x, splat<T>(sizeof<T>() == 4 ? -104 : -746), splat<T>(60));
  const magic = roundingMagic<T>(down);
  const shifted = mulAdd<T>(t, splat<T>(-1.4426950408889634), magic);
  const k = sub<T>(shifted, magic);
  const r = sub<T>(sub<T>(mul<T>(k, splat<T>(-upperLog2<T>())), t), mul<T>(k, splat<T>(lowerLog2<T>())));
  const p = powerOfTwo<T>(shifted);
  const whole = add<T>(p, c);
  const lost = sub<T>(c, sub<T>(whole, p));
  return div<T>(c, add<T>(mulAdd<T>(expm1Reduced<T>(r), p, lost), whole));
}
