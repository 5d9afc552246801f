import { Single, Whole } from "../base/access";
import { beyondNormal, exp, expNormal, log } from "../math/math";
import { ITEM_SIZE, LANES } from "../base/simd";

/**
 * Softmax, log-softmax and their gradients along r of x [outer, r, inner]. A unit is a column: the r elements, `inner`
 * apart, that share (outer, inner). With inner == 1 a column is contiguous and lanes run along it; otherwise lanes hold
 * adjacent columns, and each sums its own terms in order.
 */

/** lane 0 + lane 1 (+ lane 2 + lane 3), pairwise. */
@inline
function sumLanes(v: v128): real {
  if (sizeof<real>() == 8) return v128.extract_lane<real>(v, 0) + v128.extract_lane<real>(v, 1);
  return v128.extract_lane<real>(v, 0) + v128.extract_lane<real>(v, 2)
    + (v128.extract_lane<real>(v, 1) + v128.extract_lane<real>(v, <u8>(LANES - 1)));
}

/** The largest element of a row. It may ignore NaN, because exp(x − m) is NaN again. */
function rowMax(x: usize, r: i32): real {
  const last = x + <usize>r * ITEM_SIZE;
  let m = v128.splat<real>(-Infinity);
  for (; x + 16 <= last; x += 16) m = v128.pmax<real>(m, v128.load(x));
  for (; x < last; x += ITEM_SIZE) m = v128.pmax<real>(m, v128.load_splat<real>(x));
  let best = v128.extract_lane<real>(m, 0);
  if (sizeof<real>() == 4) {
    best = max<real>(best, v128.extract_lane<real>(m, 1));
    best = max<real>(best, v128.extract_lane<real>(m, 2));
  }
  return max<real>(best, v128.extract_lane<real>(m, <u8>(LANES - 1)));
}

/** Whether exp gives normal numbers. */
@inline
function allNormal(x0: v128, x1: v128, x2: v128): bool {
  const beyond = v128.or(v128.or(beyondNormal<real>(x0), beyondNormal<real>(x1)), beyondNormal<real>(x2));
  return !v128.any_true(beyond);
}

/** out = exp(x − m) over a row, three vectors at a time (see base/map.ts); returns the sum. */
function rowExp(out: usize, x: usize, m: v128, r: i32): real {
  const last = x + <usize>r * ITEM_SIZE;
  let sum = v128.splat<real>(0);
  while (x + 16 <= last) {
    const x0 = v128.sub<real>(v128.load(x), m);
    if (x + 48 <= last) {
      const x1 = v128.sub<real>(v128.load(x, 16), m), x2 = v128.sub<real>(v128.load(x, 32), m);
      if (allNormal(x0, x1, x2)) {
        const e0 = expNormal<real>(x0), e1 = expNormal<real>(x1), e2 = expNormal<real>(x2);
        v128.store(out, e0), v128.store(out, e1, 16), v128.store(out, e2, 32);
        sum = v128.add<real>(v128.add<real>(v128.add<real>(sum, e0), e1), e2);
        x += 48, out += 48;
        continue;
      }
    }
    const e = exp<real>(x0);
    v128.store(out, e);
    sum = v128.add<real>(sum, e);
    x += 16, out += 16;
  }
  let total = sumLanes(sum);
  for (; x < last; x += ITEM_SIZE, out += ITEM_SIZE) {
    const e = exp<real>(v128.sub<real>(v128.load_splat<real>(x), m));
    changetype<Single>(0).store(out, e);
    total += v128.extract_lane<real>(e, 0);
  }
  return total;
}

/** The sum that the gradient of a row needs, of the terms of `Op`. */
function rowSum<Op>(g: usize, y: usize, r: i32): real {
  const op = changetype<Op>(0);
  const last = g + <usize>r * ITEM_SIZE;
  let sum = v128.splat<real>(0);
  for (; g + 16 <= last; g += 16, y += 16) sum = v128.add<real>(sum, op.term(v128.load(g), v128.load(y)));
  let total = sumLanes(sum);
  for (; g < last; g += ITEM_SIZE, y += ITEM_SIZE) {
    total += v128.extract_lane<real>(op.term(v128.load_splat<real>(g), v128.load_splat<real>(y)), 0);
  }
  return total;
}

/** With e = exp(x − m), m the largest x:  y = e / Σ e;  dx = (g − Σ g·y)·y */
class Softmax {
  /** The value that `finish` needs of the sum, computed once for a column. */
  @inline close(sum: v128): v128 { return sum; }
  @inline finish(_x: v128, e: v128, _m: v128, sum: v128): v128 { return v128.div<real>(e, sum); }
  @inline term(g: v128, y: v128): v128 { return v128.mul<real>(g, y); }
  @inline grad(g: v128, y: v128, sum: v128): v128 { return v128.mul<real>(v128.sub<real>(g, sum), y); }
}

/** y = (x − m) − log Σ e;  dx = g − exp(y)·Σ g */
class LogSoftmax {
  @inline close(sum: v128): v128 { return log<real>(sum); }
  @inline finish(x: v128, _e: v128, m: v128, sum: v128): v128 { return v128.sub<real>(v128.sub<real>(x, m), sum); }
  @inline term(g: v128, _y: v128): v128 { return g; }
  @inline grad(g: v128, y: v128, sum: v128): v128 { return v128.sub<real>(g, v128.mul<real>(exp<real>(y), sum)); }
  /** Where exp(y) is normal. */
  @inline usualGrad(g: v128, y: v128, sum: v128): v128 {
    return v128.sub<real>(g, v128.mul<real>(expNormal<real>(y), sum));
  }
}

function forwardRow<Op>(out: usize, x: usize, r: i32): void {
  const op = changetype<Op>(0);
  const m = v128.splat<real>(rowMax(x, r));
  const sum = op.close(v128.splat<real>(rowExp(out, x, m, r)));
  const last = x + <usize>r * ITEM_SIZE;
  for (; x + 16 <= last; x += 16, out += 16) v128.store(out, op.finish(v128.load(x), v128.load(out), m, sum));
  for (; x < last; x += ITEM_SIZE, out += ITEM_SIZE) {
    const e = v128.load_splat<real>(out);
    changetype<Single>(0).store(out, op.finish(v128.load_splat<real>(x), e, m, sum));
  }
}

/** One column (Single) or LANES adjacent ones (Whole); the elements of a column lie `step` bytes apart. */
@inline
function forwardColumns<Op, Access>(out: usize, x: usize, r: i32, step: usize): void {
  const op = changetype<Op>(0);
  const at = changetype<Access>(0);
  const size = <usize>r * step;
  let m = v128.splat<real>(-Infinity);
  for (let k: usize = 0; k < size; k += step) m = v128.pmax<real>(m, at.load(x + k));
  let sum = v128.splat<real>(0);
  for (let k: usize = 0; k < size; k += step) {
    const e = exp<real>(v128.sub<real>(at.load(x + k), m));
    at.store(out + k, e);
    sum = v128.add<real>(sum, e);
  }
  sum = op.close(sum);
  for (let k: usize = 0; k < size; k += step) {
    at.store(out + k, op.finish(at.load(x + k), at.load(out + k), m, sum));
  }
}

@inline
function backwardColumns<Op, Access>(out: usize, g: usize, y: usize, r: i32, step: usize): void {
  const op = changetype<Op>(0);
  const at = changetype<Access>(0);
  const size = <usize>r * step;
  let sum = v128.splat<real>(0);
  for (let k: usize = 0; k < size; k += step) sum = v128.add<real>(sum, op.term(at.load(g + k), at.load(y + k)));
  for (let k: usize = 0; k < size; k += step) at.store(out + k, op.grad(at.load(g + k), at.load(y + k), sum));
}

function forward<Op>(out: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  if (inner == 1) {
    const row = <usize>r * ITEM_SIZE;
    for (let i = <usize>begin; i < <usize>end; i++) forwardRow<Op>(out + i * row, x + i * row, r);
    return;
  }
  const step = <usize>inner * ITEM_SIZE;
  for (let c = begin; c < end; ) {
    const i = c % inner;
    const at = <usize>(c / inner) * <usize>r * step + <usize>i * ITEM_SIZE;
    if (i + LANES <= inner && c + LANES <= end) {
      forwardColumns<Op, Whole>(out + at, x + at, r, step);
      c += LANES;
    } else {
      forwardColumns<Op, Single>(out + at, x + at, r, step);
      c++;
    }
  }
}

function backwardRow<Op>(out: usize, g: usize, y: usize, r: i32): void {
  const op = changetype<Op>(0);
  const sum = v128.splat<real>(rowSum<Op>(g, y, r));
  const last = g + <usize>r * ITEM_SIZE;
  while (g + 16 <= last) {
    const y0 = v128.load(y);
    if (isDefined(op.usualGrad) && g + 48 <= last) {
      const y1 = v128.load(y, 16), y2 = v128.load(y, 32);
      if (allNormal(y0, y1, y2)) {
        const d0 = op.usualGrad(v128.load(g), y0, sum);
        const d1 = op.usualGrad(v128.load(g, 16), y1, sum), d2 = op.usualGrad(v128.load(g, 32), y2, sum);
        v128.store(out, d0), v128.store(out, d1, 16), v128.store(out, d2, 32);
        g += 48, y += 48, out += 48;
        continue;
      }
    }
    v128.store(out, op.grad(v128.load(g), y0, sum));
    g += 16, y += 16, out += 16;
  }
  for (; g < last; g += ITEM_SIZE, y += ITEM_SIZE, out += ITEM_SIZE) {
    changetype<Single>(0).store(out, op.grad(v128.load_splat<real>(g), v128.load_splat<real>(y), sum));
  }
}

function backward<Op>(out: usize, g: usize, y: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  if (inner == 1) {
    const row = <usize>r * ITEM_SIZE;
    for (let i = <usize>begin; i < <usize>end; i++) backwardRow<Op>(out + i * row, g + i * row, y + i * row, r);
    return;
  }
  const step = <usize>inner * ITEM_SIZE;
  for (let c = begin; c < end; ) {
    const i = c % inner;
    const at = <usize>(c / inner) * <usize>r * step + <usize>i * ITEM_SIZE;
    if (i + LANES <= inner && c + LANES <= end) {
      backwardColumns<Op, Whole>(out + at, g + at, y + at, r, step);
      c += LANES;
    } else {
      backwardColumns<Op, Single>(out + at, g + at, y + at, r, step);
      c++;
    }
  }
}

/** Units: columns (outer · inner of them), here and below. */
export function softmax(out: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  forward<Softmax>(out, x, r, inner, begin, end);
}
/** out = dx from the gradient g and the result y of softmax. */
export function softmaxGrad(out: usize, g: usize, y: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  backward<Softmax>(out, g, y, r, inner, begin, end);
}
export function logSoftmax(out: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  forward<LogSoftmax>(out, x, r, inner, begin, end);
}
/** out = dx from the gradient g and the result y of logSoftmax. */
export function logSoftmaxGrad(out: usize, g: usize, y: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  backward<LogSoftmax>(out, g, y, r, inner, begin, end);
}
