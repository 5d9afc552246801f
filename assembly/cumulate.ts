/** Running sums and products along r of x [outer, r, inner]; a unit is a column. Accumulated in float64, as PyTorch. */
import { ITEM } from "./simd";

/** out[k] = x[0] + … + x[k] */
export function cumsum(out: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  cumulate<Plus>(out, x, r, inner, begin, end);
}

/** out[k] = x[0] … x[k] */
export function cumprod(out: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  cumulate<Times>(out, x, r, inner, begin, end);
}

class Plus {
  @inline start(): f64 { return 0; }
  @inline one<T>(a: T, b: T): T { return a + b; }
}
class Times {
  @inline start(): f64 { return 1; }
  @inline one<T>(a: T, b: T): T { return a * b; }
}

@inline
function cumulate<Op>(out: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  if (isInteger<real>()) run<Op, i32>(out, x, r, inner, begin, end);
  else run<Op, f64>(out, x, r, inner, begin, end);
}

@inline
function run<Op, T>(out: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  const op = changetype<Op>(0);
  for (let unit = begin; unit < end; unit++) {
    const column = unit % inner;
    let at = (<usize>(unit - column) * r + column) * ITEM;
    let value = <T>op.start();
    for (let k = 0; k < r; k++, at += <usize>inner * ITEM) {
      value = op.one<T>(value, <T>load<real>(x + at));
      store<real>(out + at, <real>value);
    }
  }
}
