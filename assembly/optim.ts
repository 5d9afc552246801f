import { Single, Whole } from "./access";
import { ITEM } from "./simd";

/**
 * Optimizer steps, in the order of arithmetic of PyTorch's CPU optimizers (one tensor at a time).
 *
 * One call updates all parameters of a group. `table` points to one record of eight u32 per parameter:
 *   p, g, a, b, c   addresses of the parameter, its gradient, and up to three state buffers (0: none)
 *   start, end      its elements' numbers, counted through all parameters
 *   (one unused)
 * Units: those elements. Scalars that change from step to step (bias corrections) come ready made, from doubles.
 */

@inline
const RECORD: usize = 32;

@inline
function add(a: v128, b: v128): v128 { return v128.add<real>(a, b); }
@inline
function mul(a: v128, b: v128): v128 { return v128.mul<real>(a, b); }
/** x·s */
@inline
function scale(x: v128, s: real): v128 { return v128.mul<real>(x, v128.splat<real>(s)); }
/** Moving average: old·keep + x·rest. */
@inline
function blend(old: v128, keep: real, x: v128, rest: real): v128 { return add(scale(old, keep), scale(x, rest)); }

@inline
function start(record: usize): i32 { return load<i32>(record, 20); }
@inline
function end(record: usize): i32 { return load<i32>(record, 24); }

/** The record that element i belongs to. */
@inline
function find(table: usize, i: i32): usize {
  while (end(table) <= i) table += RECORD;
  return table;
}

/** g (negated, when sign is −1, to maximize) + decay·p. Without decay p stays out, so that 0·Inf cannot arise. */
@inline
function gradient<Access>(record: usize, i: usize, p: v128, sign: real, decay: real): v128 {
  const g = scale(changetype<Access>(0).load(<usize>load<u32>(record, 4) + i), sign);
  return decay == 0 ? g : add(g, scale(p, decay));
}

@inline
function sgdAt<Access>(
  record: usize, i: usize, lr: real, sign: real, decay: real, momentum: real, rest: real, nesterov: i32, first: i32,
): void {
  const at = changetype<Access>(0);
  const p = <usize>load<u32>(record) + i;
  const buffer = <usize>load<u32>(record, 8);
  const old = at.load(p);
  let d = gradient<Access>(record, i, old, sign, decay);
  if (buffer != 0) {
    const average = first ? d : blend(at.load(buffer + i), momentum, d, rest);
    at.store(buffer + i, average);
    d = nesterov ? add(d, scale(average, momentum)) : average;
  }
  at.store(p, add(old, scale(d, -lr)));
}

/**
 * a = momentum·a + (1 − dampening)·g (`rest` is 1 − dampening; the `first` step sets a = g);
 * p −= lr·a, with nesterov lr·(g + momentum·a), without a buffer lr·g.
 */
export function sgd(
  table: usize, lr: real, sign: real, decay: real, momentum: real, rest: real, nesterov: i32, first: i32,
  begin: i32, last: i32,
): void {
  for (let r = find(table, begin); begin < last; r += RECORD) {
    const stop = min(last, end(r));
    const to = <usize>(stop - start(r)) * ITEM;
    let i = <usize>(begin - start(r)) * ITEM;
    for (; i + 16 <= to; i += 16) sgdAt<Whole>(r, i, lr, sign, decay, momentum, rest, nesterov, first);
    for (; i < to; i += ITEM) sgdAt<Single>(r, i, lr, sign, decay, momentum, rest, nesterov, first);
    begin = stop;
  }
}

@inline
function adamAt<Access>(
  record: usize, i: usize, sign: real, decay: real, shrink: real, beta1: real, rest1: real, beta2: real, rest2: real,
  root: real, eps: real, step: real,
): void {
  const at = changetype<Access>(0);
  const p = <usize>load<u32>(record) + i;
  const m = <usize>load<u32>(record, 8) + i;
  const v = <usize>load<u32>(record, 12) + i;
  const largest = <usize>load<u32>(record, 16);
  let value = at.load(p);
  const g = gradient<Access>(record, i, value, sign, decay);
  if (shrink != 1) value = scale(value, shrink);
  const first = blend(at.load(m), beta1, g, rest1);
  at.store(m, first);
  let second = add(scale(at.load(v), beta2), mul(scale(g, rest2), g));
  at.store(v, second);
  if (largest != 0) {
    second = v128.max<real>(at.load(largest + i), second);
    at.store(largest + i, second);
  }
  const divisor = v128.div<real>(v128.sqrt<real>(second), v128.splat<real>(root));
  const denominator = add(divisor, v128.splat<real>(eps));
  at.store(p, add(value, v128.div<real>(scale(first, -step), denominator)));
}

/**
 * Adam, AdamW and their amsgrad forms: a = beta1·a + rest1·g; b = beta2·b + rest2·g²; c = max(c, b) when there is a c;
 * p = shrink·p − step·a / (√(c or b) / root + eps).
 * step = lr / (1 − beta1^t), root = √(1 − beta2^t), rest = 1 − beta; shrink is AdamW's 1 − lr·weightDecay, else 1.
 */
export function adam(
  table: usize, sign: real, decay: real, shrink: real, beta1: real, rest1: real, beta2: real, rest2: real, root: real,
  eps: real, step: real, begin: i32, last: i32,
): void {
  for (let r = find(table, begin); begin < last; r += RECORD) {
    const stop = min(last, end(r));
    const to = <usize>(stop - start(r)) * ITEM;
    let i = <usize>(begin - start(r)) * ITEM;
    for (; i + 16 <= to; i += 16) {
      adamAt<Whole>(r, i, sign, decay, shrink, beta1, rest1, beta2, rest2, root, eps, step);
    }
    for (; i < to; i += ITEM) {
      adamAt<Single>(r, i, sign, decay, shrink, beta1, rest1, beta2, rest2, root, eps, step);
    }
    begin = stop;
  }
}

@inline
function rmspropAt<Access>(
  record: usize, i: usize, lr: real, sign: real, decay: real, alpha: real, rest: real, eps: real, momentum: real,
): void {
  const at = changetype<Access>(0);
  const p = <usize>load<u32>(record) + i;
  const square = <usize>load<u32>(record, 8) + i;
  const mean = <usize>load<u32>(record, 12);
  const buffer = <usize>load<u32>(record, 16);
  const old = at.load(p);
  const g = gradient<Access>(record, i, old, sign, decay);
  let average = add(scale(at.load(square), alpha), mul(scale(g, rest), g));
  at.store(square, average);
  if (mean != 0) {
    const centre = blend(at.load(mean + i), alpha, g, rest);
    at.store(mean + i, centre);
    average = v128.sub<real>(average, mul(centre, centre));
  }
  const divisor = add(v128.sqrt<real>(average), v128.splat<real>(eps));
  if (buffer != 0) {
    const step = add(scale(at.load(buffer + i), momentum), v128.div<real>(g, divisor));
    at.store(buffer + i, step);
    at.store(p, add(old, scale(step, -lr)));
  } else {
    at.store(p, add(old, v128.div<real>(scale(g, -lr), divisor)));
  }
}

/**
 * a = alpha·a + rest·g², rest = 1 − alpha; centered (there is a b): b = alpha·b + rest·g and a − b² in place of a;
 * p −= lr·g / (√a + eps), with momentum (there is a c) c = momentum·c + g / (√a + eps); p −= lr·c.
 */
export function rmsprop(
  table: usize, lr: real, sign: real, decay: real, alpha: real, rest: real, eps: real, momentum: real,
  begin: i32, last: i32,
): void {
  for (let r = find(table, begin); begin < last; r += RECORD) {
    const stop = min(last, end(r));
    const to = <usize>(stop - start(r)) * ITEM;
    let i = <usize>(begin - start(r)) * ITEM;
    for (; i + 16 <= to; i += 16) rmspropAt<Whole>(r, i, lr, sign, decay, alpha, rest, eps, momentum);
    for (; i < to; i += ITEM) rmspropAt<Single>(r, i, lr, sign, decay, alpha, rest, eps, momentum);
    begin = stop;
  }
}

@inline
function adagradAt<Access>(record: usize, i: usize, lr: real, sign: real, decay: real, eps: real): void {
  const at = changetype<Access>(0);
  const p = <usize>load<u32>(record) + i;
  const sum = <usize>load<u32>(record, 8) + i;
  const old = at.load(p);
  const g = gradient<Access>(record, i, old, sign, decay);
  const total = add(at.load(sum), mul(g, g));
  at.store(sum, total);
  const divisor = add(v128.sqrt<real>(total), v128.splat<real>(eps));
  at.store(p, add(old, v128.div<real>(scale(g, -lr), divisor)));
}

/** a += g²; p −= lr·g / (√a + eps), where lr has had its decay. */
export function adagrad(
  table: usize, lr: real, sign: real, decay: real, eps: real, begin: i32, last: i32,
): void {
  for (let r = find(table, begin); begin < last; r += RECORD) {
    const stop = min(last, end(r));
    const to = <usize>(stop - start(r)) * ITEM;
    let i = <usize>(begin - start(r)) * ITEM;
    for (; i + 16 <= to; i += 16) adagradAt<Whole>(r, i, lr, sign, decay, eps);
    for (; i < to; i += ITEM) adagradAt<Single>(r, i, lr, sign, decay, eps);
    begin = stop;
  }
}
