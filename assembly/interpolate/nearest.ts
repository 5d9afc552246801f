/**
 * Nearest-neighbour interpolation along a dim, for elements of any type by their size: out[o][k][j] =
 * x[o][index[k]][j], where x is [outer, size, inner]. A unit is an index o of outer. The transpose is in linear.ts.
 */
import { copySpan } from "../base/span";

export function nearest1(
  out: usize, x: usize, index: usize, count: i32, size: i32, inner: i32, begin: i32, end: i32,
): void {
  nearest<u8>(out, x, index, count, size, inner, begin, end);
}
export function nearest4(
  out: usize, x: usize, index: usize, count: i32, size: i32, inner: i32, begin: i32, end: i32,
): void {
  nearest<u32>(out, x, index, count, size, inner, begin, end);
}
export function nearest8(
  out: usize, x: usize, index: usize, count: i32, size: i32, inner: i32, begin: i32, end: i32,
): void {
  nearest<u64>(out, x, index, count, size, inner, begin, end);
}

@inline
function nearest<T>(
  out: usize, x: usize, index: usize, count: i32, size: i32, inner: i32, begin: i32, end: i32,
): void {
  const bytes = <usize>inner * sizeof<T>();
  const last = index + (<usize>count << 2);
  let to = out + <usize>begin * count * bytes;
  let from = x + <usize>begin * size * bytes;
  for (let o = begin; o < end; o++, from += <usize>size * bytes) {
    if (inner == 1) {
      for (let k = index; k < last; k += 4, to += sizeof<T>()) {
        store<T>(to, load<T>(from + <usize>load<i32>(k) * sizeof<T>()));
      }
    } else {
      for (let k = index; k < last; k += 4, to += bytes) copySpan(to, from + <usize>load<i32>(k) * bytes, bytes);
    }
  }
}
