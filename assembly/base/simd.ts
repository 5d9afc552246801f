/** Arithmetic on v128 under short names, generic over the element type; loads and stores of part of a vector. */

/** How many elements of the build's type a 128-bit vector holds. */
export const LANES: i32 = 16 / sizeof<real>();

/** Bytes per element of the build's type. */
export const ITEM_SIZE: usize = sizeof<real>();

@inline export function splat<T>(x: f64): v128 { return v128.splat<T>(<T>x); }
@inline export function add<T>(a: v128, b: v128): v128 { return v128.add<T>(a, b); }
@inline export function sub<T>(a: v128, b: v128): v128 { return v128.sub<T>(a, b); }
@inline export function mul<T>(a: v128, b: v128): v128 { return v128.mul<T>(a, b); }
@inline export function div<T>(a: v128, b: v128): v128 { return v128.div<T>(a, b); }

/** a·b + c, rounded twice: fused multiply-add would not give the same bits on every machine. */
@inline export function mulAdd<T>(a: v128, b: v128, c: v128): v128 { return v128.add<T>(v128.mul<T>(a, b), c); }

/** mask ? a : b, lane by lane. */
@inline export function select(mask: v128, a: v128, b: v128): v128 { return v128.bitselect(a, b, mask); }

/** mask ? a : 0, lane by lane. */
@inline export function keep(mask: v128, a: v128): v128 { return v128.and(mask, a); }

/** x clamped to [low, high]; NaN stays NaN (pmin and pmax return their first argument where they cannot compare). */
@inline export function clamp<T>(x: v128, low: v128, high: v128): v128 {
  return v128.pmin<T>(v128.pmax<T>(x, low), high);
}

@inline export function signBit<T>(): v128 {
  return sizeof<T>() == 4 ? i32x4.splat(0x80000000) : i64x2.splat(0x8000000000000000);
}

/** The magnitude of x with the sign of s. */
@inline export function copysign<T>(x: v128, s: v128): v128 { return v128.bitselect(s, x, signBit<T>()); }

/** Four float32 lanes as two vectors of float64, and back: for functions that both builds compute in float64. */
@inline export function lowerHalf(x: v128): v128 { return f64x2.promote_low_f32x4(x); }
@inline export function upperHalf(x: v128): v128 { return f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 1)); }
@inline export function joinHalves(lower: v128, upper: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(lower), f32x4.demote_f64x2_zero(upper), 0, 2);
}

/** Loads fewer than LANES elements (`bytes` of them); the other lanes are 0. */
@inline export function loadPart<T>(at: usize, bytes: usize): v128 {
  if (sizeof<T>() == 8) return v128.load64_zero(at);
  let x = v128.load32_zero(at);
  if (bytes > 4) x = v128.load32_lane(at + 4, x, 1);
  if (bytes > 8) x = v128.load32_lane(at + 8, x, 2);
  return x;
}

/** Stores the first `bytes` bytes, fewer than 16, of x. */
@inline export function storePart<T>(at: usize, x: v128, bytes: usize): void {
  if (sizeof<T>() == 8) {
    v128.store64_lane(at, x, 0);
    return;
  }
  v128.store32_lane(at, x, 0);
  if (bytes > 4) v128.store32_lane(at + 4, x, 1);
  if (bytes > 8) v128.store32_lane(at + 8, x, 2);
}
