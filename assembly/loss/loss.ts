import { Single, Whole } from "../base/access";
import { exp, log, log1p, sigmoid, softplus } from "../math/math";
import { ITEM_SIZE } from "../base/simd";

/**
 * Losses of an input x and a target y, element by element, and their gradients; the `sum` kernels reduce them. k is the
 * loss's parameter (beta, delta), w a third operand; losses without them ignore both. Formulas and kinks are PyTorch's:
 * v128.lt is false for NaN, so the last branch is the one that returns NaN.
 */

@inline
function abs(x: v128): v128 { return v128.abs<real>(x); }
@inline
function splat(x: real): v128 { return v128.splat<real>(x); }
@inline
function add(a: v128, b: v128): v128 { return v128.add<real>(a, b); }
@inline
function sub(a: v128, b: v128): v128 { return v128.sub<real>(a, b); }
@inline
function mul(a: v128, b: v128): v128 { return v128.mul<real>(a, b); }
/** condition ? a : b, by lanes. */
@inline
function select(condition: v128, a: v128, b: v128): v128 { return v128.bitselect(a, b, condition); }

/** (x − y)²;  2·(x − y) */
class Mse {
  @inline loss(x: v128, y: v128, _k: v128, _w: v128): v128 { const d = sub(x, y); return mul(d, d); }
  @inline grad(g: v128, x: v128, y: v128, _k: v128, _w: v128): v128 { return mul(add(g, g), sub(x, y)); }
}

/** |x − y|;  sign(x − y), where sign(NaN) = 0 */
class L1 {
  @inline loss(x: v128, y: v128, _k: v128, _w: v128): v128 { return abs(sub(x, y)); }
  @inline
  grad(g: v128, x: v128, y: v128, _k: v128, _w: v128): v128 {
    const one = splat(1);
    return mul(g, sub(v128.and(v128.gt<real>(x, y), one), v128.and(v128.lt<real>(x, y), one)));
  }
}

/** d = x − y, beta = k:  |d| < beta ? ½·d²/beta : |d| − ½·beta;  d ≤ −beta ? −1 : d ≥ beta ? 1 : d/beta */
class SmoothL1 {
  @inline
  loss(x: v128, y: v128, k: v128, _w: v128): v128 {
    const z = abs(sub(x, y));
    const half = splat(0.5);
    return select(v128.lt<real>(z, k), v128.div<real>(mul(mul(half, z), z), k), sub(z, mul(half, k)));
  }
  @inline
  grad(g: v128, x: v128, y: v128, k: v128, _w: v128): v128 {
    const d = sub(x, y);
    const inside = v128.div<real>(mul(g, d), k);
    return select(v128.le<real>(d, v128.neg<real>(k)), v128.neg<real>(g), select(v128.ge<real>(d, k), g, inside));
  }
}

/** d = x − y, delta = k:  |d| < delta ? ½·d² : delta·(|d| − ½·delta);  d ≤ −delta ? −delta : d ≥ delta ? delta : d */
class Huber {
  @inline
  loss(x: v128, y: v128, k: v128, _w: v128): v128 {
    const z = abs(sub(x, y));
    const half = splat(0.5);
    return select(v128.lt<real>(z, k), mul(mul(half, z), z), mul(k, sub(z, mul(half, k))));
  }
  @inline
  grad(g: v128, x: v128, y: v128, k: v128, _w: v128): v128 {
    const d = sub(x, y);
    const low = v128.neg<real>(k);
    return mul(g, select(v128.le<real>(d, low), low, select(v128.ge<real>(d, k), k, d)));
  }
}

/**
 * (y − 1)·max(log(1 − x), −100) − y·max(log x, −100);  (x − y) / max(x·(1 − x), 1e−12), where 1e−12 is rounded to
 * float32 in float64 too, as in PyTorch. For labels 0 and 1, one of the logarithms is multiplied by 0; it is not
 * computed where all lanes have such labels. The bits are the same, also the sign of a zero (+ for y = 0, − for y = 1).
 */
class Bce {
  @inline
  loss(x: v128, y: v128, _k: v128, _w: v128): v128 {
    const one = splat(1);
    const floor = splat(-100);
    const isOne = v128.eq<real>(y, one);
    const rest = sub(one, x);
    const first = v128.pmax<real>(log<real>(select(isOne, x, rest)), floor);
    if (i32x4.all_true(v128.or(isOne, v128.eq<real>(y, splat(0))))) return sub(v128.and(isOne, splat(-0.0)), first);
    const second = v128.pmax<real>(log<real>(select(isOne, rest, x)), floor);
    return sub(mul(sub(y, one), select(isOne, second, first)), mul(y, select(isOne, first, second)));
  }
  @inline
  grad(g: v128, x: v128, y: v128, _k: v128, _w: v128): v128 {
    const slope = v128.pmax<real>(mul(sub(splat(1), x), x), splat(9.999999960041972e-13));
    return v128.div<real>(mul(g, sub(x, y)), slope);
  }
}

/**
 * With s = sigmoid(x) and w = 1 + (posWeight − 1)·y:
 * (1 − y)·x + w·(log(1 + exp(−|x|)) + max(−x, 0));  w·s − (w − 1 + y)
 */
class BceWithLogits {
  @inline
  loss(x: v128, y: v128, _k: v128, w: v128): v128 {
    const one = splat(1);
    const log1pExp = log1p<real>(exp<real>(v128.neg<real>(abs(x))));
    const positive = v128.pmax<real>(v128.neg<real>(x), splat(0));
    return add(mul(sub(one, y), x), mul(w, add(log1pExp, positive)));
  }
  @inline
  grad(g: v128, x: v128, y: v128, _k: v128, w: v128): v128 {
    return mul(g, sub(mul(w, sigmoid<real>(x)), add(sub(w, splat(1)), y)));
  }
}

/** log(1 + exp(−x·y));  −y·sigmoid(−x·y) */
class SoftMargin {
  @inline loss(x: v128, y: v128, _k: v128, _w: v128): v128 { return softplus<real>(v128.neg<real>(mul(x, y))); }
  @inline
  grad(g: v128, x: v128, y: v128, _k: v128, _w: v128): v128 {
    return v128.neg<real>(mul(mul(g, y), sigmoid<real>(v128.neg<real>(mul(x, y)))));
  }
}

/** y·log y − y·x, where 0·log 0 = 0;  −y */
class KlDiv {
  @inline
  loss(x: v128, y: v128, _k: v128, _w: v128): v128 {
    const zero = splat(0);
    return sub(select(v128.eq<real>(y, zero), zero, mul(y, log<real>(y))), mul(y, x));
  }
  @inline grad(g: v128, _x: v128, y: v128, _k: v128, _w: v128): v128 { return v128.neg<real>(mul(y, g)); }
}

/** exp(y)·(y − x);  −exp(y) */
class KlDivLog {
  @inline loss(x: v128, y: v128, _k: v128, _w: v128): v128 { return mul(exp<real>(y), sub(y, x)); }
  @inline grad(g: v128, _x: v128, y: v128, _k: v128, _w: v128): v128 { return v128.neg<real>(mul(exp<real>(y), g)); }
}

@inline
function lossAt<Op, Access>(out: usize, x: usize, y: usize, w: usize, k: v128, i: usize): void {
  const at = changetype<Access>(0);
  const third = w == 0 ? splat(1) : at.load(w + i);
  at.store(out + i, changetype<Op>(0).loss(at.load(x + i), at.load(y + i), k, third));
}

@inline
function loss<Op>(out: usize, x: usize, y: usize, w: usize, k: real, begin: i32, end: i32): void {
  const last = <usize>end * ITEM_SIZE;
  let i = <usize>begin * ITEM_SIZE;
  for (; i + 16 <= last; i += 16) lossAt<Op, Whole>(out, x, y, w, splat(k), i);
  for (; i < last; i += ITEM_SIZE) lossAt<Op, Single>(out, x, y, w, splat(k), i);
}

@inline
function gradAt<Op, Access>(
  out: usize, g: usize, each: i32, n: v128, x: usize, y: usize, w: usize, k: v128, i: usize,
): void {
  const at = changetype<Access>(0);
  const third = w == 0 ? splat(1) : at.load(w + i);
  const scale = each ? at.load(g + i) : v128.div<real>(v128.load_splat<real>(g), n);
  at.store(out + i, changetype<Op>(0).grad(scale, at.load(x + i), at.load(y + i), k, third));
}

/** The incoming gradient is one number per element (`each`), or one number for all, which is divided by n. */
@inline
function grad<Op>(
  out: usize, g: usize, each: i32, n: real, x: usize, y: usize, w: usize, k: real, begin: i32, end: i32,
): void {
  const last = <usize>end * ITEM_SIZE;
  let i = <usize>begin * ITEM_SIZE;
  for (; i + 16 <= last; i += 16) gradAt<Op, Whole>(out, g, each, splat(n), x, y, w, splat(k), i);
  for (; i < last; i += ITEM_SIZE) gradAt<Op, Single>(out, g, each, splat(n), x, y, w, splat(k), i);
}

// Units: elements. All take the same arguments: w is 0 where there is no third operand.

export function mseLoss(out: usize, x: usize, y: usize, w: usize, k: real, begin: i32, end: i32): void {
  loss<Mse>(out, x, y, w, k, begin, end);
}
export function mseLossGrad(
  out: usize, g: usize, x: usize, y: usize, w: usize, each: i32, n: real, k: real, begin: i32, end: i32,
): void {
  grad<Mse>(out, g, each, n, x, y, w, k, begin, end);
}

export function l1Loss(out: usize, x: usize, y: usize, w: usize, k: real, begin: i32, end: i32): void {
  loss<L1>(out, x, y, w, k, begin, end);
}
export function l1LossGrad(
  out: usize, g: usize, x: usize, y: usize, w: usize, each: i32, n: real, k: real, begin: i32, end: i32,
): void {
  grad<L1>(out, g, each, n, x, y, w, k, begin, end);
}

export function smoothL1Loss(out: usize, x: usize, y: usize, w: usize, k: real, begin: i32, end: i32): void {
  loss<SmoothL1>(out, x, y, w, k, begin, end);
}
export function smoothL1LossGrad(
  out: usize, g: usize, x: usize, y: usize, w: usize, each: i32, n: real, k: real, begin: i32, end: i32,
): void {
  grad<SmoothL1>(out, g, each, n, x, y, w, k, begin, end);
}

export function huberLoss(out: usize, x: usize, y: usize, w: usize, k: real, begin: i32, end: i32): void {
  loss<Huber>(out, x, y, w, k, begin, end);
}
export function huberLossGrad(
  out: usize, g: usize, x: usize, y: usize, w: usize, each: i32, n: real, k: real, begin: i32, end: i32,
): void {
  grad<Huber>(out, g, each, n, x, y, w, k, begin, end);
}

export function bceLoss(out: usize, x: usize, y: usize, w: usize, k: real, begin: i32, end: i32): void {
  loss<Bce>(out, x, y, w, k, begin, end);
}
export function bceLossGrad(
  out: usize, g: usize, x: usize, y: usize, w: usize, each: i32, n: real, k: real, begin: i32, end: i32,
): void {
  grad<Bce>(out, g, each, n, x, y, w, k, begin, end);
}

export function bceWithLogitsLoss(out: usize, x: usize, y: usize, w: usize, k: real, begin: i32, end: i32): void {
  loss<BceWithLogits>(out, x, y, w, k, begin, end);
}
export function bceWithLogitsLossGrad(
  out: usize, g: usize, x: usize, y: usize, w: usize, each: i32, n: real, k: real, begin: i32, end: i32,
): void {
  grad<BceWithLogits>(out, g, each, n, x, y, w, k, begin, end);
}

export function softMarginLoss(out: usize, x: usize, y: usize, w: usize, k: real, begin: i32, end: i32): void {
  loss<SoftMargin>(out, x, y, w, k, begin, end);
}
export function softMarginLossGrad(
  out: usize, g: usize, x: usize, y: usize, w: usize, each: i32, n: real, k: real, begin: i32, end: i32,
): void {
  grad<SoftMargin>(out, g, each, n, x, y, w, k, begin, end);
}

export function klDivLoss(out: usize, x: usize, y: usize, w: usize, k: real, begin: i32, end: i32): void {
  loss<KlDiv>(out, x, y, w, k, begin, end);
}
export function klDivLossGrad(
  out: usize, g: usize, x: usize, y: usize, w: usize, each: i32, n: real, k: real, begin: i32, end: i32,
): void {
  grad<KlDiv>(out, g, each, n, x, y, w, k, begin, end);
}

export function klDivLogLoss(out: usize, x: usize, y: usize, w: usize, k: real, begin: i32, end: i32): void {
  loss<KlDivLog>(out, x, y, w, k, begin, end);
}
export function klDivLogLossGrad(
  out: usize, g: usize, x: usize, y: usize, w: usize, each: i32, n: real, k: real, begin: i32, end: i32,
): void {
  grad<KlDivLog>(out, g, each, n, x, y, w, k, begin, end);
}
