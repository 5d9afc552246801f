/** Running sums along r of x [outer, r, inner]; a unit is a column. */
import { ITEM_SIZE } from "../base/simd";

/** out[k] = x[0] + … + x[k], accumulated in float64 (integers: in int32), as PyTorch does */
export function cumsum(out: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  if (isInteger<real>()) run<i32>(out, x, r, inner, begin, end);
  else run<f64>(out, x, r, inner, begin, end);
}

@inline
function run<T>(out: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  for (let unit = begin; unit < end; unit++) {
    const column = unit % inner;
    let at = (<usize>(unit - column) * r + column) * ITEM_SIZE;
    let total: T = 0;
    for (let k = 0; k < r; k++, at += <usize>inner * ITEM_SIZE) {
      total += <T>load<real>(x + at);
      store<real>(out + at, <real>total);
    }
  }
}
