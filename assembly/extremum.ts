/** Where the largest or smallest lies: x [outer, r, inner], r > 0; a unit is an element of the output. */
import { ITEM } from "./simd";

/** values = max of x, indices (int32) = where it is first; a NaN counts as the largest */
export function maxIndex(values: usize, indices: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  extremum<Above>(values, indices, x, r, inner, begin, end);
}

/** values = min of x, indices (int32) = where it is first; a NaN counts as the smallest */
export function minIndex(values: usize, indices: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  extremum<Below>(values, indices, x, r, inner, begin, end);
}

class Above {
  @inline beats(a: real, b: real): bool { return a > b; }
}
class Below {
  @inline beats(a: real, b: real): bool { return a < b; }
}

@inline
function extremum<Op>(values: usize, indices: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  const next = <usize>inner * ITEM;
  for (let unit = begin; unit < end; unit++) {
    const column = unit % inner;
    let from = x + (<usize>(unit - column) * r + column) * ITEM;
    let best = load<real>(from);
    let where = 0;
    for (let i = 1; i < r; i++) {
      from += next;
      const value = load<real>(from);
      if (changetype<Op>(0).beats(value, best) || (value != value && best == best)) {
        best = value;
        where = i;
      }
    }
    store<real>(values + <usize>unit * ITEM, best);
    store<i32>(indices + (<usize>unit << 2), where);
  }
}
