/**
 * Reads at int32 indices, which the caller has checked, elements of any type by their size. The transposes, which add,
 * are in scatter.ts.
 */

/** out[o][k] = x[o][index[k]], rows of `bytes` bytes; x is [outer, size, …], a unit is a row of out */
export function indexSelect(
  out: usize, x: usize, index: usize, count: i32, size: i32, bytes: i32, begin: i32, end: i32,
): void {
  for (let unit = begin; unit < end; unit++) {
    const outer = unit / count;
    const source = load<i32>(index + (<usize>(unit - outer * count) << 2));
    const from = x + (<usize>outer * size + source) * bytes;
    const to = out + <usize>unit * bytes;
    if (bytes == 4) store<u32>(to, load<u32>(from));
    else if (bytes == 8) store<u64>(to, load<u64>(from));
    else memory.copy(to, from, bytes);
  }
}

/** out[o][k][j] = x[o][index[o][k][j]][j]; x is [outer, size, inner], a unit is an element of out */
@inline
function gather<T>(
  out: usize, x: usize, index: usize, count: i32, size: i32, inner: i32, begin: i32, end: i32,
): void {
  for (let unit = begin; unit < end; unit++) {
    const outer = unit / (count * inner);
    const source = load<i32>(index + (<usize>unit << 2));
    const from = (<usize>outer * size + source) * inner + (unit % inner);
    store<T>(out + <usize>unit * sizeof<T>(), load<T>(x + from * sizeof<T>()));
  }
}
export function gather1(
  out: usize, x: usize, index: usize, count: i32, size: i32, inner: i32, begin: i32, end: i32,
): void {
  gather<u8>(out, x, index, count, size, inner, begin, end);
}
export function gather4(
  out: usize, x: usize, index: usize, count: i32, size: i32, inner: i32, begin: i32, end: i32,
): void {
  gather<u32>(out, x, index, count, size, inner, begin, end);
}
export function gather8(
  out: usize, x: usize, index: usize, count: i32, size: i32, inner: i32, begin: i32, end: i32,
): void {
  gather<u64>(out, x, index, count, size, inner, begin, end);
}

/** out[o][index[o][k][j]][j] = x[o][k][j]; a unit is a column (o, j), and the last of equal indices wins */
@inline
function scatter<T>(
  out: usize, x: usize, index: usize, count: i32, size: i32, inner: i32, begin: i32, end: i32,
): void {
  for (let unit = begin; unit < end; unit++) {
    const outer = unit / inner;
    const column = unit - outer * inner;
    let from = <usize>outer * count * inner + column;
    const to = <usize>outer * size * inner + column;
    for (let k = 0; k < count; k++, from += inner) {
      const target = to + <usize>load<i32>(index + (from << 2)) * inner;
      store<T>(out + target * sizeof<T>(), load<T>(x + from * sizeof<T>()));
    }
  }
}
export function scatter1(
  out: usize, x: usize, index: usize, count: i32, size: i32, inner: i32, begin: i32, end: i32,
): void {
  scatter<u8>(out, x, index, count, size, inner, begin, end);
}
export function scatter4(
  out: usize, x: usize, index: usize, count: i32, size: i32, inner: i32, begin: i32, end: i32,
): void {
  scatter<u32>(out, x, index, count, size, inner, begin, end);
}
export function scatter8(
  out: usize, x: usize, index: usize, count: i32, size: i32, inner: i32, begin: i32, end: i32,
): void {
  scatter<u64>(out, x, index, count, size, inner, begin, end);
}
