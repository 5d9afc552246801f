/** Tensors filled from a few numbers. */
import { ITEM_SIZE } from "../base/simd";

/** out = value */
export function fill(out: usize, value: real, begin: i32, end: i32): void {
  const vector = v128.splat<real>(value);
  const last = <usize>end * ITEM_SIZE;
  let i = <usize>begin * ITEM_SIZE;
  for (; i + 16 <= last; i += 16) v128.store(out + i, vector);
  for (; i < last; i += ITEM_SIZE) store<real>(out + i, value);
}

/** out[i] = start + i step, computed in float64 and rounded once */
export function arange(out: usize, start: f64, step: f64, begin: i32, end: i32): void {
  for (let i = begin; i < end; i++) store<real>(out + <usize>i * ITEM_SIZE, <real>(start + step * <f64>i));
}

/** n numbers from start to stop, each counted from the nearer end, as PyTorch does. */
export function linspace(out: usize, start: real, stop: real, n: i32, begin: i32, end: i32): void {
  const step: real = n > 1 ? (stop - start) / <real>(n - 1) : 0;
  const half = n / 2;
  for (let i = begin; i < end; i++) {
    const value: real = i < half || n == 1 ? start + step * <real>i : stop - step * <real>(n - 1 - i);
    store<real>(out + <usize>i * ITEM_SIZE, value);
  }
}

/** out[i][j] = i == j for rows [begin, end) of m columns */
export function eye(out: usize, m: i32, begin: i32, end: i32): void {
  memory.fill(out + <usize>begin * m * ITEM_SIZE, 0, <usize>(end - begin) * m * ITEM_SIZE);
  for (let i = begin; i < min(end, m); i++) store<real>(out + (<usize>i * m + i) * ITEM_SIZE, 1);
}
