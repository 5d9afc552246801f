/** neg, abs and sign: for every element type. */
import { map, SHORT } from "../base/map";
import { keep, splat, sub } from "../base/simd";

/** -x */
class Neg {
  @inline f(x: v128): v128 { return v128.neg<real>(x); }
}
export function neg(out: usize, x: usize, begin: i32, end: i32): void { map<Neg>(out, x, begin, end, SHORT); }

/** |x| */
class Abs {
  @inline f(x: v128): v128 { return v128.abs<real>(x); }
}
export function abs(out: usize, x: usize, begin: i32, end: i32): void { map<Abs>(out, x, begin, end, SHORT); }

/** (x > 0) - (x < 0): 0 for NaN */
class Sign {
  @inline f(x: v128): v128 {
    const one = splat<real>(1);
    const zero = splat<real>(0);
    return sub<real>(keep(v128.gt<real>(x, zero), one), keep(v128.lt<real>(x, zero), one));
  }
}
export function sign(out: usize, x: usize, begin: i32, end: i32): void { map<Sign>(out, x, begin, end, SHORT); }
