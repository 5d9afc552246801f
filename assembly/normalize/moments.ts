/**
 * Mean and variance of each group of elements that is normalised together: `segments` runs of `length` adjacent
 * elements, `step` apart. Sums are in float64 for every type, and in two passes, so that squares of deviations cannot
 * cancel. The statistics of a group are three float64: the mean, 1 / sqrt(variance + eps), and the variance (divided by
 * the number of elements).
 */
import { ITEM_SIZE, LANES } from "../base/simd";

/** Bytes of a group's statistics. */
export const STATISTICS_BYTES: usize = 24;

/** The mean, and 1 / sqrt(variance + eps), of group `unit`. */
@inline export function meanOf(statistics: usize, unit: i32): f64 {
  return load<f64>(statistics + <usize>unit * STATISTICS_BYTES);
}
@inline export function scaleOf(statistics: usize, unit: i32): f64 {
  return load<f64>(statistics + <usize>unit * STATISTICS_BYTES, 8);
}

class Plain {
  @inline of(x: v128, _: v128): v128 { return x; }
}
class SquaredDeviation {
  @inline of(x: v128, mean: v128): v128 {
    const deviation = f64x2.sub(x, mean);
    return f64x2.mul(deviation, deviation);
  }
}

/** `flat` replaces 1 / sqrt(variance + eps) where variance + eps is 0. Units: groups. */
export function moments(
  statistics: usize, x: usize, eps: f64, flat: f64, segments: i32, length: i32, step: i32, begin: i32, end: i32,
): void {
  const n = <f64>segments * <f64>length;
  for (let unit = begin; unit < end; unit++) {
    const from = x + <usize>unit * <usize>length * ITEM_SIZE;
    const mean = over<Plain>(from, segments, length, step, 0) / n;
    const variance = over<SquaredDeviation>(from, segments, length, step, mean) / n;
    put(statistics, unit, mean, variance, eps, flat);
  }
}

/** The statistics of given means and variances. */
export function fixedMoments(statistics: usize, mean: usize, variance: usize, eps: f64, begin: i32, end: i32): void {
  for (let unit = begin; unit < end; unit++) {
    const at = <usize>unit * ITEM_SIZE;
    put(statistics, unit, <f64>load<real>(mean + at), <f64>load<real>(variance + at), eps, Infinity);
  }
}

@inline
function put(statistics: usize, unit: i32, mean: f64, variance: f64, eps: f64, flat: f64): void {
  const at = statistics + <usize>unit * STATISTICS_BYTES;
  store<f64>(at, mean);
  store<f64>(at, variance + eps == 0 ? flat : 1 / sqrt<f64>(variance + eps), 8);
  store<f64>(at, variance, 16);
}

/**
 * running = (1 - momentum) · running + momentum · s, s = the mean (which = 0) or the variance of n elements divided by
 * n - 1 (which = 1), averaged over the `copies` groups that share a channel. Units: channels.
 */
export function track(
  running: usize, statistics: usize, momentum: f64, which: i32, n: f64, copies: i32, channels: i32,
  begin: i32, end: i32,
): void {
  const factor = which ? n / (n - 1) : 1;
  const from = statistics + (which ? 16 : 0);
  for (let channel = begin; channel < end; channel++) {
    const at = running + <usize>channel * ITEM_SIZE;
    const before = (1 - momentum) * <f64>load<real>(at);
    let sum: f64 = 0;
    for (let copy = 0; copy < copies; copy++) {
      const value = load<f64>(from + (<usize>copy * channels + channel) * STATISTICS_BYTES);
      sum += momentum * (value * factor) + before;
    }
    store<real>(at, <real>(sum / <f64>copies));
  }
}

function over<Op>(x: usize, segments: i32, length: i32, step: i32, mean: f64): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < segments; i++) sum += total<Op>(x + <usize>i * <usize>step * ITEM_SIZE, length, mean);
  return sum;
}

/**
 * Sum of op(x, mean) over n adjacent elements: halves down to blocks of 1024, which have four vectors of partial sums.
 */
function total<Op>(x: usize, n: i32, mean: f64): f64 {
  if (n > 1024) {
    const half = ((n >> 1) + 1023) & ~1023;
    return total<Op>(x, half, mean) + total<Op>(x + <usize>half * ITEM_SIZE, n - half, mean);
  }
  const op = changetype<Op>(0);
  const means = f64x2.splat(mean);
  let a = f64x2.splat(0), b = a, c = a, d = a;
  let i = 0;
  for (; i + 8 <= n; i += 8, x += 8 * ITEM_SIZE) {
    a = f64x2.add(a, op.of(pairAt(x, 0), means));
    b = f64x2.add(b, op.of(pairAt(x, 1), means));
    c = f64x2.add(c, op.of(pairAt(x, 2), means));
    d = f64x2.add(d, op.of(pairAt(x, 3), means));
  }
  let sum = lanes(f64x2.add(f64x2.add(a, b), f64x2.add(c, d)));
  for (; i < n; i++, x += ITEM_SIZE) sum += f64x2.extract_lane(op.of(f64x2.splat(<f64>load<real>(x)), means), 0);
  return sum;
}

@inline export function lanes(x: v128): f64 { return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1); }

/** Elements 2·i and 2·i + 1 in float64. */
@inline export function pairAt(x: usize, i: usize): v128 {
  if (LANES == 2) return v128.load(x + i * 16);
  return f64x2.promote_low_f32x4(v128.load64_zero(x + i * 8));
}
