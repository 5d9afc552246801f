import { ITEM_SIZE } from "../base/simd";

/**
 * The negative log likelihood of log-probabilities x[n, classes, inner] under labels t[n, inner] (int32, checked by the
 * caller). With class weights w (all 1 when the pointer is 0) and label smoothing s, the loss of a sample is
 *   −(1 − s)·w[t]·x[t] − s/classes · Σ_c w[c]·x[c]
 * and its weight in the mean is w[t]; both are 0 where the label is `ignore`. Units: samples, n · inner of them.
 */

@inline
function weightOf(w: usize, c: usize): real {
  return w == 0 ? 1 : load<real>(w + c * ITEM_SIZE);
}

/** out[i] = the loss of sample i, total[i] = its weight. */
export function nllLoss(
  out: usize, total: usize, x: usize, t: usize, w: usize, smoothing: real, classes: i32, inner: i32, ignore: i32,
  begin: i32, end: i32,
): void {
  const step = <usize>inner * ITEM_SIZE;
  const each = smoothing / <real>classes;
  for (let i = begin; i < end; i++) {
    const at = <usize>i * ITEM_SIZE;
    const label = load<i32>(t + (<usize>i << 2));
    if (label == ignore) {
      store<real>(out + at, 0);
      store<real>(total + at, 0);
      continue;
    }
    const column = x + <usize>(i / inner) * <usize>classes * step + <usize>(i % inner) * ITEM_SIZE;
    const weight = weightOf(w, label);
    let cost = -((<real>1 - smoothing) * weight * load<real>(column + <usize>label * step));
    if (each != 0) {
      let sum: real = 0;
      for (let c: usize = 0; c < <usize>classes; c++) sum += weightOf(w, c) * load<real>(column + c * step);
      cost -= each * sum;
    }
    store<real>(out + at, cost);
    store<real>(total + at, weight);
  }
}

/** out = dx from g: one number per sample (`each`), or one for all, which is divided by n. */
export function nllLossGrad(
  out: usize, g: usize, t: usize, w: usize, each: i32, n: real, smoothing: real, classes: i32, inner: i32, ignore: i32,
  begin: i32, end: i32,
): void {
  const step = <usize>inner * ITEM_SIZE;
  for (let i = begin; i < end; i++) {
    const label = load<i32>(t + (<usize>i << 2));
    const column = out + <usize>(i / inner) * <usize>classes * step + <usize>(i % inner) * ITEM_SIZE;
    const scale = -(each ? load<real>(g + <usize>i * ITEM_SIZE) : load<real>(g) / n);
    const spread = label != ignore && smoothing != 0;
    const share = scale * (smoothing / <real>classes);
    for (let c: usize = 0; c < <usize>classes; c++) {
      store<real>(column + c * step, spread ? share * weightOf(w, c) : <real>0);
    }
    if (label == ignore) continue;
    const target = column + <usize>label * step;
    store<real>(target, load<real>(target) + scale * ((<real>1 - smoothing) * weightOf(w, label)));
  }
}
