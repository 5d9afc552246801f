import { Single, Whole } from "./base/access";
import { ITEM_SIZE } from "./base/simd";

/**
 * Optimizer steps, in the order of arithmetic of PyTorch's CPU optimizers (one tensor at a time).
 *
 * One call updates all parameters of a group. `table` points to one struct of eight u32 per parameter:
 *   p, g, a, b, c   addresses of the parameter, its gradient, and up to three state buffers (0: none)
 *   start, end      the range of its elements, counted through all parameters
 *   (one unused)
 * Units: those elements. The caller computes scalars that change from step to step (bias corrections), in float64.
 */

@inline
const STRUCT_BYTES: usize = 32;

@inline
function add(a: v128, b: v128): v128 { return v128.add<real>(a, b); }
@inline
function mul(a: v128, b: v128): v128 { return v128.mul<real>(a, b); }
@inline
function div(a: v128, b: v128): v128 { return v128.div<real>(a, b); }
@inline
function sqrt(x: v128): v128 { return v128.sqrt<real>(x); }
/** x·s */
@inline
function scale(x: v128, s: real): v128 { return v128.mul<real>(x, v128.splat<real>(s)); }
/** Moving average: old·keep + x·rest. */
@inline
function blend(old: v128, keep: real, x: v128, rest: real): v128 { return add(scale(old, keep), scale(x, rest)); }

@inline
function address(struct: usize, field: usize): usize { return <usize>load<u32>(struct + 4 * field); }
@inline
function start(struct: usize): i32 { return load<i32>(struct, 20); }
@inline
function end(struct: usize): i32 { return load<i32>(struct, 24); }

/** The struct of the parameter that has element i. */
@inline
function find(table: usize, i: i32): usize {
  while (end(table) <= i) table += STRUCT_BYTES;
  return table;
}

/** sign·g + decay·p; a sign of −1 maximizes. Without decay p is left out, so that 0·Inf cannot arise. */
@inline
function gradient(g: v128, p: v128, sign: real, decay: real): v128 {
  const signed = scale(g, sign);
  return decay == 0 ? signed : add(signed, scale(p, decay));
}

@inline
function sgdAt<Access>(
  p: usize, g: usize, a: usize, i: usize,
  lr: real, sign: real, decay: real, momentum: real, rest: real, nesterov: i32, first: i32,
): void {
  const at = changetype<Access>(0);
  const old = at.load(p + i);
  let d = gradient(at.load(g + i), old, sign, decay);
  if (a != 0) {
    const average = first ? d : blend(at.load(a + i), momentum, d, rest);
    at.store(a + i, average);
    d = nesterov ? add(d, scale(average, momentum)) : average;
  }
  at.store(p + i, add(old, scale(d, -lr)));
}

/** The step with momentum, without decay and nesterov, for one cache line of elements (see adamLine). */
@inline
function sgdLine(p: usize, g: usize, a: usize, lr: real, sign: real, momentum: real, rest: real): void {
  const a0 = blend(v128.load(a), momentum, scale(v128.load(g), sign), rest);
  const a1 = blend(v128.load(a, 16), momentum, scale(v128.load(g, 16), sign), rest);
  const a2 = blend(v128.load(a, 32), momentum, scale(v128.load(g, 32), sign), rest);
  const a3 = blend(v128.load(a, 48), momentum, scale(v128.load(g, 48), sign), rest);
  v128.store(a, a0);
  v128.store(a, a1, 16);
  v128.store(a, a2, 32);
  v128.store(a, a3, 48);
  const p0 = add(v128.load(p), scale(a0, -lr)), p1 = add(v128.load(p, 16), scale(a1, -lr));
  const p2 = add(v128.load(p, 32), scale(a2, -lr)), p3 = add(v128.load(p, 48), scale(a3, -lr));
  v128.store(p, p0);
  v128.store(p, p1, 16);
  v128.store(p, p2, 32);
  v128.store(p, p3, 48);
}

/**
 * a = momentum·a + (1 − dampening)·g (`rest` is 1 − dampening; the `first` step sets a = g);
 * p −= lr·a, with nesterov lr·(g + momentum·a), without an a lr·g.
 */
export function sgd(
  table: usize, lr: real, sign: real, decay: real, momentum: real, rest: real, nesterov: i32, first: i32,
  begin: i32, last: i32,
): void {
  for (let r = find(table, begin); begin < last; r += STRUCT_BYTES) {
    const p = address(r, 0), g = address(r, 1), a = address(r, 2);
    const stop = min(last, end(r));
    const to = <usize>(stop - start(r)) * ITEM_SIZE;
    let i = <usize>(begin - start(r)) * ITEM_SIZE;
    if (a != 0 && decay == 0 && !first && !nesterov) {
      for (; i + 64 <= to; i += 64) sgdLine(p + i, g + i, a + i, lr, sign, momentum, rest);
    }
    for (; i + 16 <= to; i += 16) sgdAt<Whole>(p, g, a, i, lr, sign, decay, momentum, rest, nesterov, first);
    for (; i < to; i += ITEM_SIZE) sgdAt<Single>(p, g, a, i, lr, sign, decay, momentum, rest, nesterov, first);
    begin = stop;
  }
}

/** Moving average of squares: old·keep + rest·x². */
@inline
function square(old: v128, keep: real, x: v128, rest: real): v128 {
  return add(scale(old, keep), mul(scale(x, rest), x));
}

/** shrink·p − step·first / (√second / root + eps) */
@inline
function adamStep(p: v128, shrink: real, first: v128, second: v128, root: real, eps: real, step: real): v128 {
  const denominator = add(div(sqrt(second), v128.splat<real>(root)), v128.splat<real>(eps));
  return add(scale(p, shrink), div(scale(first, -step), denominator));
}

@inline
function adamAt<Access>(
  p: usize, g: usize, a: usize, b: usize, c: usize, i: usize,
  sign: real, decay: real, shrink: real, beta1: real, rest1: real, beta2: real, rest2: real,
  root: real, eps: real, step: real,
): void {
  const at = changetype<Access>(0);
  const old = at.load(p + i);
  const grad = gradient(at.load(g + i), old, sign, decay);
  const first = blend(at.load(a + i), beta1, grad, rest1);
  let second = square(at.load(b + i), beta2, grad, rest2);
  at.store(a + i, first);
  at.store(b + i, second);
  if (c != 0) {
    second = v128.max<real>(at.load(c + i), second);
    at.store(c + i, second);
  }
  at.store(p + i, adamStep(old, shrink, first, second, root, eps, step));
}

/**
 * The same for one cache line of elements, without weight decay in the gradient and without a c, buffer after buffer.
 * Large tensors lie multiples of 64 KiB apart, where some processors keep only one of the lines that four buffers have
 * at one offset, and would fetch each of them again for every vector (4.6 instead of 2.1 ns an element).
 */
@inline
function adamLine(
  p: usize, g: usize, a: usize, b: usize,
  sign: real, shrink: real, beta1: real, rest1: real, beta2: real, rest2: real, root: real, eps: real, step: real,
): void {
  const g0 = scale(v128.load(g), sign), g1 = scale(v128.load(g, 16), sign);
  const g2 = scale(v128.load(g, 32), sign), g3 = scale(v128.load(g, 48), sign);
  const a0 = blend(v128.load(a), beta1, g0, rest1), a1 = blend(v128.load(a, 16), beta1, g1, rest1);
  const a2 = blend(v128.load(a, 32), beta1, g2, rest1), a3 = blend(v128.load(a, 48), beta1, g3, rest1);
  v128.store(a, a0);
  v128.store(a, a1, 16);
  v128.store(a, a2, 32);
  v128.store(a, a3, 48);
  const b0 = square(v128.load(b), beta2, g0, rest2), b1 = square(v128.load(b, 16), beta2, g1, rest2);
  const b2 = square(v128.load(b, 32), beta2, g2, rest2), b3 = square(v128.load(b, 48), beta2, g3, rest2);
  v128.store(b, b0);
  v128.store(b, b1, 16);
  v128.store(b, b2, 32);
  v128.store(b, b3, 48);
  const p0 = adamStep(v128.load(p), shrink, a0, b0, root, eps, step);
  const p1 = adamStep(v128.load(p, 16), shrink, a1, b1, root, eps, step);
  const p2 = adamStep(v128.load(p, 32), shrink, a2, b2, root, eps, step);
  const p3 = adamStep(v128.load(p, 48), shrink, a3, b3, root, eps, step);
  v128.store(p, p0);
  v128.store(p, p1, 16);
  v128.store(p, p2, 32);
  v128.store(p, p3, 48);
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
  for (let r = find(table, begin); begin < last; r += STRUCT_BYTES) {
    const p = address(r, 0), g = address(r, 1), a = address(r, 2), b = address(r, 3), c = address(r, 4);
    const stop = min(last, end(r));
    const to = <usize>(stop - start(r)) * ITEM_SIZE;
    let i = <usize>(begin - start(r)) * ITEM_SIZE;
    if (c == 0 && decay == 0) {
      for (; i + 64 <= to; i += 64) {
        adamLine(p + i, g + i, a + i, b + i, sign, shrink, beta1, rest1, beta2, rest2, root, eps, step);
      }
    }
    for (; i + 16 <= to; i += 16) {
      adamAt<Whole>(p, g, a, b, c, i, sign, decay, shrink, beta1, rest1, beta2, rest2, root, eps, step);
    }
    for (; i < to; i += ITEM_SIZE) {
      adamAt<Single>(p, g, a, b, c, i, sign, decay, shrink, beta1, rest1, beta2, rest2, root, eps, step);
    }
    begin = stop;
  }
}

@inline
function rmspropAt<Access>(
  p: usize, g: usize, a: usize, b: usize, c: usize, i: usize,
  lr: real, sign: real, decay: real, alpha: real, rest: real, eps: real, momentum: real,
): void {
  const at = changetype<Access>(0);
  const old = at.load(p + i);
  const grad = gradient(at.load(g + i), old, sign, decay);
  let square = add(scale(at.load(a + i), alpha), mul(scale(grad, rest), grad));
  at.store(a + i, square);
  if (b != 0) {
    const mean = blend(at.load(b + i), alpha, grad, rest);
    at.store(b + i, mean);
    square = v128.sub<real>(square, mul(mean, mean));
  }
  const denominator = add(sqrt(square), v128.splat<real>(eps));
  if (c != 0) {
    const momentous = add(scale(at.load(c + i), momentum), div(grad, denominator));
    at.store(c + i, momentous);
    at.store(p + i, add(old, scale(momentous, -lr)));
  } else {
    at.store(p + i, add(old, div(scale(grad, -lr), denominator)));
  }
}

/**
 * a = alpha·a + rest·g², rest = 1 − alpha; centered (there is a b): b = alpha·b + rest·g, and a − b² in place of a;
 * p −= lr·g / (√a + eps), or with momentum (there is a c): c = momentum·c + g / (√a + eps); p −= lr·c.
 */
export function rmsprop(
  table: usize, lr: real, sign: real, decay: real, alpha: real, rest: real, eps: real, momentum: real,
  begin: i32, last: i32,
): void {
  for (let r = find(table, begin); begin < last; r += STRUCT_BYTES) {
    const p = address(r, 0), g = address(r, 1), a = address(r, 2), b = address(r, 3), c = address(r, 4);
    const stop = min(last, end(r));
    const to = <usize>(stop - start(r)) * ITEM_SIZE;
    let i = <usize>(begin - start(r)) * ITEM_SIZE;
    for (; i + 16 <= to; i += 16) rmspropAt<Whole>(p, g, a, b, c, i, lr, sign, decay, alpha, rest, eps, momentum);
    for (; i < to; i += ITEM_SIZE) rmspropAt<Single>(p, g, a, b, c, i, lr, sign, decay, alpha, rest, eps, momentum);
    begin = stop;
  }
}

@inline
function adagradAt<Access>(p: usize, g: usize, a: usize, i: usize, lr: real, sign: real, decay: real, eps: real): void {
  const at = changetype<Access>(0);
  const old = at.load(p + i);
  const grad = gradient(at.load(g + i), old, sign, decay);
  const sum = add(at.load(a + i), mul(grad, grad));
  at.store(a + i, sum);
  at.store(p + i, add(old, div(scale(grad, -lr), add(sqrt(sum), v128.splat<real>(eps)))));
}

/** a += g²; p −= lr·g / (√a + eps); lr is already decayed. */
export function adagrad(table: usize, lr: real, sign: real, decay: real, eps: real, begin: i32, last: i32): void {
  for (let r = find(table, begin); begin < last; r += STRUCT_BYTES) {
    const p = address(r, 0), g = address(r, 1), a = address(r, 2);
    const stop = min(last, end(r));
    const to = <usize>(stop - start(r)) * ITEM_SIZE;
    let i = <usize>(begin - start(r)) * ITEM_SIZE;
    for (; i + 16 <= to; i += 16) adagradAt<Whole>(p, g, a, i, lr, sign, decay, eps);
    for (; i < to; i += ITEM_SIZE) adagradAt<Single>(p, g, a, i, lr, sign, decay, eps);
    begin = stop;
  }
}
