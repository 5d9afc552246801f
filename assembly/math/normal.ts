/**
 * The upper tail Q(a) = 1 - Φ(a) of the standard normal distribution for float32, as e^(-a²/2)·R(a). R, half of Mills'
 * ratio over √(2π), is smooth and falls slowly, so that few terms will do: a rational approximation with positive
 * coefficients, minimax over [0, 13] with errors weighed by Q(a), or by 2^-10 where that is more: 2^-25.8 of Q(0), and
 * 2^-16 of Q(a) in the tail.
 */
import { div, mul, muladd, splat } from "../simd";
import { expNormal } from "./exp";

/** Where e^(-a²/2) becomes 0 in float32: a²/2 = 88. */
@inline export function tailEnd(): v128 { return splat<f32>(13.266499161421599); }

/** e^(-a²/2), or 0 where that is below the normal numbers; |a| at most tailEnd */
@inline export function bell(a: v128): v128 { return expNormal<f32>(mul<f32>(mul<f32>(a, a), splat<f32>(-0.5))); }

/** Q(a), given e^(-a²/2); 0 <= a <= tailEnd */
@inline export function upperTail(a: v128, bell: v128): v128 {
  let p = muladd<f32>(splat<f32>(0.013023074716329575), a, splat<f32>(0.10204756259918213));
  p = muladd<f32>(p, a, splat<f32>(0.33087512850761414));
  p = muladd<f32>(p, a, splat<f32>(0.5));
  let q = muladd<f32>(splat<f32>(0.032660093158483505), a, splat<f32>(0.2552820146083832));
  q = muladd<f32>(q, a, splat<f32>(0.8687245845794678));
  q = muladd<f32>(q, a, splat<f32>(1.4596340656280518));
  q = muladd<f32>(q, a, splat<f32>(1));
  return div<f32>(mul<f32>(bell, p), q);
}
