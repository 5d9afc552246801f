/**
 * Sine and cosine, in float64 for both types. x = n·pi/2 + r, |r| <= pi/4 + a little; up to |x| = 10^6, pi/2 is
 * subtracted in four parts of 33, 33, 33 and 53 bits: n times a part is exact, and the rounding errors of the sums are
 * kept, so that r = upper + lower is good to 2^-110 even next to a multiple of pi/2. Larger x: reduce.ts.
 */
import { add, div, joinHalves, lowerHalf, mul, mulAdd, select, splat, sub, upperHalf } from "../base/simd";
import { sineInQuadrant } from "./quadrant";
import { sineOfHuge } from "./reduce";

/** The rounding error of d = a - b (Knuth). */
@inline function lost(a: v128, b: v128, d: v128): v128 {
  const t = sub<f64>(d, a);
  return sub<f64>(sub<f64>(a, sub<f64>(d, t)), add<f64>(b, t));
}

/** sin(x + turn·pi/2), float64 lanes, |x| < 10^6 */
@inline function sineNear(x: v128, turn: i64): v128 {
  const magic = splat<f64>(6755399441055744.0);
  const shifted = mulAdd<f64>(x, splat<f64>(0.6366197723675814), magic);
  const n = sub<f64>(shifted, magic);
  const a = sub<f64>(x, mul<f64>(n, splat<f64>(1.5707963267341256)));
  const w = mul<f64>(n, splat<f64>(6.077100506303966e-11));
  const b = sub<f64>(a, w);
  const bLost = lost(a, w, b);
  const w3 = mul<f64>(n, splat<f64>(2.0222662487111665e-21));
  const d = sub<f64>(b, w3);
  const rest = sub<f64>(add<f64>(bLost, lost(b, w3, d)), mul<f64>(n, splat<f64>(8.4784276603689e-32)));
  const upper = add<f64>(d, rest);
  const lower = add<f64>(sub<f64>(d, upper), rest);
  return sineInQuadrant(upper, lower, i64x2.add(shifted, i64x2.splat(turn)));
}

/** sin(x + turn·pi/2), float64 lanes */
@inline function sineAhead(x: v128, turn: i64): v128 {
  const y = sineNear(x, turn);
  const inside = v128.lt<f64>(v128.abs<f64>(x), splat<f64>(1e6));
  if (!v128.any_true(v128.not(inside))) return y;
  const first = sineOfHuge(f64x2.extract_lane(x, 0), turn);
  const second = sineOfHuge(f64x2.extract_lane(x, 1), turn);
  return select(inside, y, f64x2.replace_lane(f64x2.splat(first), 1, second));
}

/** sin x; -0 stays -0 */
@inline export function sin<T>(x: v128): v128 {
  const y = sizeof<T>() == 8
    ? sineAhead(x, 0)
    : joinHalves(sineAhead(lowerHalf(x), 0), sineAhead(upperHalf(x), 0));
  return select(v128.eq<T>(x, splat<T>(0)), x, y);
}

/** sin x for 0 <= x < 10^6 */
@inline export function sinNear<T>(x: v128): v128 {
  return sizeof<T>() == 8 ? sineNear(x, 0) : joinHalves(sineNear(lowerHalf(x), 0), sineNear(upperHalf(x), 0));
}

/** cos x for |x| < 10^6 */
@inline export function cosNear<T>(x: v128): v128 {
  return sizeof<T>() == 8 ? sineNear(x, 1) : joinHalves(sineNear(lowerHalf(x), 1), sineNear(upperHalf(x), 1));
}

/** cos x */
@inline export function cos<T>(x: v128): v128 {
  return sizeof<T>() == 8
    ? sineAhead(x, 1)
    : joinHalves(sineAhead(lowerHalf(x), 1), sineAhead(upperHalf(x), 1));
}

@inline function tangent(x: v128): v128 { return div<f64>(sineAhead(x, 0), sineAhead(x, 1)); }

/** tan x */
@inline export function tan<T>(x: v128): v128 {
  const y = sizeof<T>() == 8 ? tangent(x) : joinHalves(tangent(lowerHalf(x)), tangent(upperHalf(x)));
  return select(v128.eq<T>(x, splat<T>(0)), x, y);
}
