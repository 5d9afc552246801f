import { ITEM_SIZE, LANES } from "../base/simd";

/** Whether low ≤ v ≤ high or v = except, by lanes; false for NaN. */
@inline
function allowed(v: v128, low: v128, high: v128, except: v128): v128 {
  return v128.or(v128.and(v128.ge<real>(v, low), v128.le<real>(v, high)), v128.eq<real>(v, except));
}

/**
 * The first element of x[begin, end) that is neither in [low, high] nor equal to `except`, or −1: checks probabilities
 * and labels before a loss reads them.
 */
export function firstOutside(x: usize, low: real, high: real, except: real, begin: i32, end: i32): i32 {
  const lo = v128.splat<real>(low);
  const hi = v128.splat<real>(high);
  const but = v128.splat<real>(except);
  let i = begin;
  for (; i + LANES <= end; i += LANES) {
    if (!i32x4.all_true(allowed(v128.load(x + <usize>i * ITEM_SIZE), lo, hi, but))) break;
  }
  for (; i < end; i++) {
    if (!i32x4.all_true(allowed(v128.load_splat<real>(x + <usize>i * ITEM_SIZE), lo, hi, but))) return i;
  }
  return -1;
}
