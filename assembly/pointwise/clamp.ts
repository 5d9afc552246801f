/** Clamping to bounds. */
import { larger, smaller } from "../base/order";
import { ITEM_SIZE } from "../base/simd";

/** out = min(max(x, low), high); NaN stays, and high wins where low > high */
export function clamp(out: usize, x: usize, low: real, high: real, begin: i32, end: i32): void {
  const lows = v128.splat<real>(low);
  const highs = v128.splat<real>(high);
  const last = <usize>end * ITEM_SIZE;
  let i = <usize>begin * ITEM_SIZE;
  for (; i + 16 <= last; i += 16) v128.store(out + i, smaller(larger(v128.load(x + i), lows), highs));
  for (; i < last; i += ITEM_SIZE) {
    const value = smaller(larger(v128.load_splat<real>(x + i), lows), highs);
    store<real>(out + i, v128.extract_lane<real>(value, 0));
  }
}
