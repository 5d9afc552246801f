/**
 * Sine and cosine of a reduced argument r + c, |r| <= pi/4 + a little: minimax polynomials (Remez exchange at 200
 * bits), relative error 2^-57.9 (sine) and 2^-64 (cosine). In float64.
 */
import { add, mul, mulAdd, select, splat, sub } from "../base/simd";

/** sin(r + c), c far below r */
@inline function sineKernel(r: v128, c: v128): v128 {
  const z = mul<f64>(r, r);
  let p = mulAdd<f64>(splat<f64>(1.5895213907986388e-10), z, splat<f64>(-2.505073161719108e-8));
  p = mulAdd<f64>(p, z, splat<f64>(2.75573135281494e-6));
  p = mulAdd<f64>(p, z, splat<f64>(-0.00019841269829352966));
  p = mulAdd<f64>(p, z, splat<f64>(0.008333333333321868));
  p = mulAdd<f64>(p, z, splat<f64>(-0.1666666666666663));
  const correction = mul<f64>(c, sub<f64>(splat<f64>(1), mul<f64>(z, splat<f64>(0.5))));
  return add<f64>(r, mulAdd<f64>(mul<f64>(z, r), p, correction));
}

/** cos(r + c): the rounding error of 1 - r²/2 is added to the tail. */
@inline function cosineKernel(r: v128, c: v128): v128 {
  const one = splat<f64>(1);
  const z = mul<f64>(r, r);
  let p = mulAdd<f64>(splat<f64>(-1.1358564291963936e-11), z, splat<f64>(2.0875702980275206e-9));
  p = mulAdd<f64>(p, z, splat<f64>(-2.755731420806641e-7));
  p = mulAdd<f64>(p, z, splat<f64>(2.4801587289001663e-5));
  p = mulAdd<f64>(p, z, splat<f64>(-0.0013888888888873387));
  p = mulAdd<f64>(p, z, splat<f64>(0.041666666666666595));
  const half = mul<f64>(z, splat<f64>(0.5));
  const w = sub<f64>(one, half);
  const lost = sub<f64>(sub<f64>(one, w), half);
  return add<f64>(w, add<f64>(lost, sub<f64>(mul<f64>(mul<f64>(z, z), p), mul<f64>(r, c))));
}

/** sin(r + c + quadrant·pi/2); the quadrant's two bits are the low ones of `quadrants` (i64 lanes). */
@inline export function sineInQuadrant(r: v128, c: v128, quadrants: v128): v128 {
  const odd = i64x2.neg(v128.and(quadrants, i64x2.splat(1)));
  const sign = i64x2.shl(v128.and(quadrants, i64x2.splat(2)), 62);
  return v128.xor(select(odd, cosineKernel(r, c), sineKernel(r, c)), sign);
}
