import { ValueError } from "../../base/errors.js";
import { i32 } from "../../runtime/kernels.js";
import { elements, type Tensor } from "../../tensor/tensor.js";
import { cast } from "../layout/copy.js";

/** Numbers from here on are not int32. */
const LIMIT = 2 ** 31;

/** Whether sums of `count` elements of a row-major int32 tensor fit int32 because each element is small. */
function areSmall(x: Tensor, count: number): boolean {
  if (count < 2 || x.numel === 0) return true;
  const most = Math.floor((LIMIT - 1) / count);
  return i32().firstOutside(x.ptr, -most, most, 0, 0, x.numel) < 0;
}

/**
 * Throws if int32 sums or products wrapped, and frees them. int32 arithmetic is exact up to multiples of 2^32, and
 * float64 is off by far less than that, so the two agree where nothing wrapped.
 * @param out int32, row-major
 * @param x what it was computed from: int32, row-major
 * @param count how many elements of x are added up; 0 for products
 * @param compute the same from float64
 */
export function checkExact(op: string, out: Tensor, x: Tensor, count: number, compute: (x: Tensor) => Tensor): void {
  if (out.storage.virtual || (count > 0 && areSmall(x, count))) return;
  const wide = cast(x, "float64");
  const exact = compute(wide);
  const [wrapped, values] = [elements(out), elements(exact)];
  let at = 0;
  while (at < out.numel && !(Math.abs(values[at]! - wrapped[at]!) >= LIMIT)) at++; // NaN is ∞·0, which int32 has as 0
  const got = values[at];
  for (const { storage } of [exact, wide]) storage.free();
  if (at === out.numel) return;
  out.storage.free();
  throw new ValueError(op, `expected results that int32 holds, got ${got}`, "Convert the input with .double()");
}
