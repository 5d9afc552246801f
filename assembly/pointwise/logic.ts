/** Reductions and searches over bytes that mean true (not 0) and false. */

/** out = any of x [outer, r, inner] over r; a unit is an element of out */
export function any(out: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  for (let unit = begin; unit < end; unit++) store<u8>(out + unit, u8(find(x, r, inner, unit, true)));
}

/** out = all of x [outer, r, inner] over r; a unit is an element of out */
export function all(out: usize, x: usize, r: i32, inner: i32, begin: i32, end: i32): void {
  for (let unit = begin; unit < end; unit++) store<u8>(out + unit, u8(!find(x, r, inner, unit, false)));
}

function find(x: usize, r: i32, inner: i32, unit: i32, wanted: bool): bool {
  const column = unit % inner;
  x += <usize>(unit - column) * r + column;
  for (let k = 0; k < r; k++, x += inner) {
    if ((load<u8>(x) != 0) == wanted) return true;
  }
  return false;
}

/** How many of n bytes are not 0. */
export function countNonzero(x: usize, n: i32): i32 {
  let count = 0;
  for (let i = 0; i < n; i++) count += i32(load<u8>(x + i) != 0);
  return count;
}

/** Writes the positions (int32) of the bytes that are not 0, in order; out holds as many as countNonzero says. */
export function nonzero(out: usize, x: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    if (load<u8>(x + i)) {
      store<i32>(out, i);
      out += 4;
    }
  }
}
