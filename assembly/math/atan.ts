/**
 * The angle of a point, in float64 for both types. Of |y| and |x|, t is the smaller divided by the larger; r is t up to
 * 0.66, and (t - 1)/(t + 1) = tan(atan(t) - pi/4) above. The angle is then k·pi/4 ± atan(r), k from 0 to 4, and
 * atan(r) = r + r·z·P(z)/Q(z) with z = r² (Cephes).
 */
import {
  add, copysign, div, joinHalves, keep, lowerHalf, mul, mulAdd, select, signBit, splat, sub, upperHalf,
} from "../base/simd";

/** atan(r), -0.66 <= r <= 0.66 */
@inline function atanNear(r: v128): v128 {
  const z = mul<f64>(r, r);
  let p = mulAdd<f64>(z, splat<f64>(-0.8750608600031904), splat<f64>(-16.157537187333652));
  p = mulAdd<f64>(z, p, splat<f64>(-75.00855792314705));
  p = mulAdd<f64>(z, p, splat<f64>(-122.88666844901361));
  p = mulAdd<f64>(z, p, splat<f64>(-64.85021904942025));
  let q = add<f64>(z, splat<f64>(24.858464901423062));
  q = mulAdd<f64>(z, q, splat<f64>(165.02700983169885));
  q = mulAdd<f64>(z, q, splat<f64>(432.88106049129027));
  q = mulAdd<f64>(z, q, splat<f64>(485.3903996359137));
  q = mulAdd<f64>(z, q, splat<f64>(194.5506571482614));
  return mulAdd<f64>(r, mul<f64>(z, div<f64>(p, q)), r);
}

/** The angle of (x, y) from the x axis, -pi to pi, of float64 lanes. Out of line: float32 calls it twice. */
function angle(y: v128, x: v128): v128 {
  const one = splat<f64>(1);
  const a = v128.abs<f64>(y);
  const b = v128.abs<f64>(x);
  const ratio = div<f64>(v128.min<f64>(a, b), v128.max<f64>(a, b));
  const t = select(v128.eq<f64>(a, b), keep(v128.gt<f64>(a, splat<f64>(0)), one), ratio); // 0/0 is 0, inf/inf is 1
  const isWide = v128.gt<f64>(t, splat<f64>(0.66));
  const r = select(isWide, div<f64>(sub<f64>(t, one), add<f64>(t, one)), t);
  const isSteep = v128.gt<f64>(a, b);
  const isLeft = i64x2.shr_s(x, 63); // x < 0, or -0
  let k = keep(isWide, one);
  k = select(isSteep, sub<f64>(splat<f64>(2), k), k);
  k = select(isLeft, sub<f64>(splat<f64>(4), k), k);
  const rest = v128.xor(atanNear(r), keep(v128.xor(isSteep, isLeft), signBit<f64>()));
  // pi/4 in two parts; k times the first is exact
  const lower = mulAdd<f64>(k, splat<f64>(3.061616997868383e-17), rest);
  return copysign<f64>(mulAdd<f64>(k, splat<f64>(0.7853981633974483), lower), y);
}

/** The angle of (x, y) from the x axis, -pi to pi; signs of zeros count, as in C. */
@inline export function atan2<T>(y: v128, x: v128): v128 {
  if (sizeof<T>() == 8) return angle(y, x);
  return joinHalves(angle(lowerHalf(y), lowerHalf(x)), angle(upperHalf(y), upperHalf(x)));
}
