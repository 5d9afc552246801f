import { map } from "./map";
class Neg {
  @inline vec(x: v128): v128 { return v128.neg<real>(x); }
  @inline one(x: real): real { return -x; }
}
/** out = -x */
export function neg(out: usize, x: usize, begin: i32, end: i32): void { map<Neg>(out, x, begin, end); }
