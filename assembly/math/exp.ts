/**
 * exp and what follows from it: x = k·ln 2 + r with whole k and |r| <= ln(2)/2, exp(x) = 2^k (1 + q),
 * q = expm1(r) = r + r²·P(r). P is the minimax polynomial (Remez exchange at 200 bits, relative to r) of
 * (expm1(r) - r)/r²: error 2^-26.1 of r in float32 and 2^-61.6 in float64. ln 2 is split so that k times its upper
 * part is exact. Largest errors found: test/math.test.ts.
 */
import { add, clamp, copysign, div, mul, muladd, select, splat, sub } from "../simd";

/** Adding 1.5·2^(mantissa bits) rounds to a whole number, which then stands in the low bits of the sum. */
@inline function roundingMagic<T>(): v128 { return splat<T>(sizeof<T>() == 4 ? 12582912.0 : 6755399441055744.0); }

/** 2^k, given k + roundingMagic; k within the exponents of normal numbers. */
@inline function powerOfTwo<T>(shifted: v128): v128 {
  return sizeof<T>() == 4
    ? i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(0x3f800000))
    : i64x2.add(i64x2.shl(shifted, 52), i64x2.splat(0x3ff0000000000000));
}

/** y·2^k for any whole k that can matter, by two factors, so that only the last product rounds (to a subnormal). */
@inline export function scale<T>(y: v128, k: v128): v128 {
  const magic = roundingMagic<T>();
  const half = muladd<T>(k, splat<T>(0.5), magic);
  const rest = sub<T>(k, sub<T>(half, magic));
  return mul<T>(mul<T>(y, powerOfTwo<T>(half)), powerOfTwo<T>(add<T>(rest, magic)));
}

/** k + roundingMagic for the k of exp's reduction. */
@inline function shiftedQuotient<T>(x: v128): v128 {
  return muladd<T>(x, splat<T>(1.4426950408889634), roundingMagic<T>());
}

/** r = x - k·ln 2 */
@inline function remainder<T>(x: v128, k: v128): v128 {
  const upper = splat<T>(sizeof<T>() == 4 ? 0.693145751953125 : 0.6931471803691238);
  const lower = splat<T>(sizeof<T>() == 4 ? 1.4286068203094173e-6 : 1.9082149292705877e-10);
  return sub<T>(sub<T>(x, mul<T>(k, upper)), mul<T>(k, lower));
}

/** expm1(r) for |r| <= ln(2)/2 */
@inline export function expm1Reduced<T>(r: v128): v128 {
  const r2 = mul<T>(r, r);
  let even: v128;
  let odd: v128;
  if (sizeof<T>() == 4) {
    odd = muladd<T>(splat<T>(0.008367246948182583), r2, splat<T>(0.16666537523269653));
    even = muladd<T>(splat<T>(0.0013947592815384269), r2, splat<T>(0.041666265577077866));
    even = muladd<T>(even, r2, splat<T>(0.5));
  } else {
    odd = muladd<T>(splat<T>(2.5110178939082256e-8), r2, splat<T>(2.7557241164012983e-6));
    odd = muladd<T>(odd, r2, splat<T>(0.00019841269888892833));
    odd = muladd<T>(odd, r2, splat<T>(0.008333333333320654));
    odd = muladd<T>(odd, r2, splat<T>(0.16666666666666677));
    even = muladd<T>(splat<T>(2.0925369152505033e-9), r2, splat<T>(2.755723976511319e-7));
    even = muladd<T>(even, r2, splat<T>(2.4801587364051543e-5));
    even = muladd<T>(even, r2, splat<T>(0.0013888888888865078));
    even = muladd<T>(even, r2, splat<T>(0.041666666666666706));
    even = muladd<T>(even, r2, splat<T>(0.5));
  }
  return muladd<T>(muladd<T>(odd, r, even), r2, r);
}

/** e^x */
@inline export function exp<T>(x: v128): v128 {
  const c = clamp<T>(x, splat<T>(sizeof<T>() == 4 ? -104 : -746), splat<T>(sizeof<T>() == 4 ? 89 : 710));
  const k = sub<T>(shiftedQuotient<T>(c), roundingMagic<T>());
  return scale<T>(add<T>(splat<T>(1), expm1Reduced<T>(remainder<T>(c, k))), k);
}

/** e^x where the result is known to be normal. */
@inline export function expNormal<T>(x: v128): v128 {
  const shifted = shiftedQuotient<T>(x);
  const q = expm1Reduced<T>(remainder<T>(x, sub<T>(shifted, roundingMagic<T>())));
  return mul<T>(add<T>(splat<T>(1), q), powerOfTwo<T>(shifted));
}

/** e^x - 1 = 2^k ((1 - 2^-k) + q); the difference is exact wherever it is not far below q's last bit. */
@inline export function expm1<T>(x: v128): v128 {
  const c = clamp<T>(x, splat<T>(sizeof<T>() == 4 ? -20 : -40), splat<T>(sizeof<T>() == 4 ? 89 : 710));
  const magic = roundingMagic<T>();
  const k = sub<T>(shiftedQuotient<T>(c), magic);
  const q = expm1Reduced<T>(remainder<T>(c, k));
  const y = scale<T>(add<T>(sub<T>(splat<T>(1), powerOfTwo<T>(sub<T>(magic, k))), q), k);
  return select(v128.eq<T>(x, splat<T>(0)), x, y); // keeps -0
}

/** tanh(x) = m/(m + 2) with m = expm1(2|x|), and the sign of x. */
@inline export function tanh<T>(x: v128): v128 {
  const a = v128.pmin<T>(v128.abs<T>(x), splat<T>(sizeof<T>() == 4 ? 10 : 20)); // 1 - tanh is below half an ulp there
  const twice = add<T>(a, a);
  const shifted = shiftedQuotient<T>(twice);
  const q = expm1Reduced<T>(remainder<T>(twice, sub<T>(shifted, roundingMagic<T>())));
  const p = powerOfTwo<T>(shifted);
  const m = add<T>(mul<T>(q, p), sub<T>(p, splat<T>(1)));
  return copysign<T>(div<T>(m, add<T>(m, splat<T>(2))), x);
}

/** 1/(1 + e^-x), from e^-|x| so that neither end loses digits. */
@inline export function sigmoid<T>(x: v128): v128 {
  const one = splat<T>(1);
  const e = exp<T>(v128.neg<T>(v128.abs<T>(x)));
  return div<T>(select(v128.lt<T>(x, splat<T>(0)), e, one), add<T>(one, e));
}
