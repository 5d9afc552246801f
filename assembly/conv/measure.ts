/** What the choice between a product and lists asks of the numbers (src/ops/conv/convolution-route.ts). */
import { ITEM_SIZE, LANES } from "../base/simd";

/** The share of the n elements at x that is not 0, of a sample of about 2,048; 1 if there are none. */
export function density(x: usize, n: i32): f64 {
  const step = n >> 11 | 1;
  let count = 0, size = 0;
  for (let i = 0; i < n; i += step, size++) count += i32(load<real>(x + <usize>i * ITEM_SIZE) != 0);
  return n == 0 ? 1 : <f64>count / <f64>size;
}

/** Whether none of the n elements at x is Inf or NaN: only of those, x - x is not 0. */
export function allFinite(x: usize, n: i32): bool {
  let differences = v128.splat<real>(0);
  const end = x + <usize>n * ITEM_SIZE, whole = x + <usize>(n & -LANES) * ITEM_SIZE;
  for (; x < whole; x += 16) {
    const y = v128.load(x);
    differences = v128.or(differences, v128.sub<real>(y, y));
  }
  let rest: real = 0;
  for (; x < end; x += ITEM_SIZE) rest += load<real>(x) - load<real>(x);
  return !v128.any_true(differences) && rest == 0;
}
