/**
 * The upper tail Q(a) = 1 - Φ(a) of the standard normal distribution for float32, as e^(-a²/2)·R(a).
 *
 * e^(-a²/2) = 2^u, u = -a²/2·log2 e = k + f with whole k: the rounding error of u grows with a, but Q falls faster. 2^f
 * = 1 + f·P(f), minimax on |f| <= 1/2: error 2^-23.4.
 *
 * R, half of Mills' ratio times √(2/π), is smooth and falls slowly, so that few terms suffice: a rational approximation
 * with positive coefficients, minimax over [0, 13] with errors weighted by Q(a), or by 2^-10 where that is more: 2^-26
 * of Q(0), and 2^-17 of Q(a) in the tail.
 */
import { add, div, mul, mulAdd, splat, sub } from "../base/simd";
import { powerOfTwo, roundingMagic } from "./exp";

/** |x| for bell and upperTail, up to where e^(-a²/2) becomes 0 in float32. */
@inline export function tailArgument(x: v128): v128 {
  return v128.pmin<f32>(v128.and(x, i32x4.splat(0x7fffffff)), splat<f32>(13.266499161421599));
}

/** e^(-a²/2), or 0 where that is below the normal numbers */
@inline export function bell(a: v128): v128 {
  const magic = roundingMagic<f32>();
  const u = mul<f32>(mul<f32>(a, a), splat<f32>(-0.7213475204444817));
  const shifted = add<f32>(u, magic);
  const f = sub<f32>(u, sub<f32>(shifted, magic));
  const f2 = mul<f32>(f, f);
  const low = mulAdd<f32>(splat<f32>(0.24022234976291656), f, splat<f32>(0.6931472420692444));
  const high = mulAdd<f32>(splat<f32>(0.009671885520219803), f, splat<f32>(0.055503081530332565));
  const q = mul<f32>(mulAdd<f32>(mulAdd<f32>(splat<f32>(0.0013407273218035698), f2, high), f2, low), f);
  const p = powerOfTwo<f32>(shifted);
  return mulAdd<f32>(q, p, p);
}

/** Q(a), given e^(-a²/2) */
@inline export function upperTail(a: v128, bell: v128): v128 {
  let p = mulAdd<f32>(splat<f32>(0.3987457752227783), a, splat<f32>(3.12453293800354));
  p = mulAdd<f32>(p, a, splat<f32>(10.13086986541748));
  p = mulAdd<f32>(p, a, splat<f32>(15.309203147888184));
  let q = add<f32>(a, splat<f32>(7.816328048706055));
  q = mulAdd<f32>(q, a, splat<f32>(26.598960876464844));
  q = mulAdd<f32>(q, a, splat<f32>(44.691673278808594));
  q = mulAdd<f32>(q, a, splat<f32>(30.618406295776367));
  return mul<f32>(bell, div<f32>(p, q));
}
