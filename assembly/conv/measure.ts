/** What the choice between a product and lists asks of the numbers (src/ops/conv/convolution-route.ts). */
import { ITEM_SIZE, LANES } from "../base/simd";

/** How many of the elements 0, step, 2·step … of the n at x are not 0. */
export function sampleNonzero(x: usize, n: i32, step: i32): i32 {
  let count = 0;
  for (let i = 0; i < n; i += step) count += i32(load<real>(x + <usize>i * ITEM_SIZE) != 0);
  return count;
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
