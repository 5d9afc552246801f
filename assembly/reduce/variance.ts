/**
 * Variance of x [outer, r, inner] over r, in two passes in float64 for every type, rounded once at the end: the squares
 * of the deviations from the mean cannot cancel.
 */
import { ITEM_SIZE } from "../base/simd";

class Plain {
  @inline vec(x: v128, _: v128): v128 { return x; }
}
class SquaredDeviation {
  @inline vec(x: v128, mean: v128): v128 {
    const deviation = f64x2.sub(x, mean);
    return f64x2.mul(deviation, deviation);
  }
}

/** out = sum of (x - mean)^2 / max(r - correction, 0), or (root != 0) its square root */
export function variance(
  out: usize, x: usize, correction: f64, root: i32, r: i32, inner: i32, begin: i32, end: i32,
): void {
  const divisor = max<f64>(<f64>r - correction, 0);
  for (let unit = begin; unit < end; unit++) {
    const column = unit % inner;
    const from = x + (<usize>(unit - column) * r + column) * ITEM_SIZE;
    const next = <usize>inner * ITEM_SIZE;
    const mean = total<Plain>(from, next, r, 0) / <f64>r;
    const value = total<SquaredDeviation>(from, next, r, mean) / divisor;
    store<real>(out + <usize>unit * ITEM_SIZE, <real>(root ? sqrt<f64>(value) : value));
  }
}

/**
 * Sum of op(x, mean) over n elements, `next` bytes apart: halves down to blocks of 512, which have two vectors of
 * partial sums.
 */
function total<Op>(x: usize, next: usize, n: i32, mean: f64): f64 {
  if (n > 512) {
    const half = ((n >> 1) + 511) & ~511;
    return total<Op>(x, next, half, mean) + total<Op>(x + <usize>half * next, next, n - half, mean);
  }
  const op = changetype<Op>(0);
  const means = f64x2.splat(mean);
  let a = f64x2.splat(0);
  let b = a;
  let i = 0;
  for (; i + 4 <= n; i += 4, x += 4 * next) {
    a = f64x2.add(a, op.vec(pair(x, x + next), means));
    b = f64x2.add(b, op.vec(pair(x + 2 * next, x + 3 * next), means));
  }
  a = f64x2.add(a, b);
  let sum = f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
  for (; i < n; i++, x += next) sum += f64x2.extract_lane(op.vec(pair(x, x), means), 0);
  return sum;
}

@inline
function pair(x: usize, y: usize): v128 {
  return f64x2.replace_lane(f64x2.splat(<f64>load<real>(x)), 1, <f64>load<real>(y));
}
