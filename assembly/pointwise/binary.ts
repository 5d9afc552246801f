/** The functions of two operands that floats alone have. As in arithmetic.ts: `op` and `opStrided`. */
import * as math from "../math/math";
import { zip, zipStrided } from "../base/zip";

class Atan2 {
  @inline vec(y: v128, x: v128): v128 { return math.atan2<real>(y, x); }
}
/** out = the angle of (x, y) from the x axis */
export function atan2(out: usize, y: usize, sy: i32, x: usize, sx: i32, begin: i32, end: i32): void {
  zip<Atan2>(out, y, sy, x, sx, begin, end);
}
export function atan2Strided(out: usize, y: usize, x: usize, struct: usize, begin: i32, end: i32): void {
  zipStrided<Atan2>(out, y, x, struct, begin, end);
}
