/**
 * What the gradients of a convolution share when few elements of dOut are not 0: behind ReLU and max pooling it is one in
 * four or fewer. A list of those says where each reads and what it multiplies by. Leaving out products with 0 changes no
 * bit: sums start at 0, which adding 0 or -0 does not change, and where the other factor is infinite or NaN, none is left out.
 */
import { ITEM_SIZE, LANES } from "../base/simd";
import { Convolution, joined, patchSize, pixels, windowRows } from "./convolution";

/** Bytes of an element of a list: an address or an offset, and the value. */
export const ENTRY: usize = 2 * ITEM_SIZE;

/** Writes the element at `from` behind a list; what is 0 will be overwritten. Returns where the list ends. */
@inline
export function append(list: usize, reads: usize, from: usize): usize {
  store<u32>(list, <u32>reads);
  if (sizeof<real>() == 4) {
    const bits = load<u32>(from);
    store<u32>(list, bits, ITEM_SIZE);
    return list + <usize>(bits << 1 != 0) * ENTRY;
  }
  const bits = load<u64>(from);
  store<u64>(list, bits, ITEM_SIZE);
  return list + <usize>(bits << 1 != 0) * ENTRY;
}

/** The same for four float32 and four lists, whose ends are lanes of u32, as what they read is. */
@inline
export function deal(lists: v128, reads: v128, values: v128): v128 {
  const lower = v128.shuffle<i32>(reads, values, 0, 4, 1, 5), upper = v128.shuffle<i32>(reads, values, 2, 6, 3, 7);
  v128.store64_lane(<usize>i32x4.extract_lane(lists, 0), lower, 0);
  v128.store64_lane(<usize>i32x4.extract_lane(lists, 1), lower, 1);
  v128.store64_lane(<usize>i32x4.extract_lane(lists, 2), upper, 0);
  v128.store64_lane(<usize>i32x4.extract_lane(lists, 3), upper, 1);
  const on = f32x4.ne(values, f32x4.splat(0));
  return i32x4.add(lists, v128.and(on, i32x4.splat(<i32>ENTRY)));
}

/** Vectors that hold a row of the window. */
@inline
export function rowVectors(s: Convolution): i32 { return s.windowWidth > LANES ? 2 : 1; }

/** How many of `rows` the next tile takes: its sums stay in registers. */
@inline
export function tileRows(rows: i32, vectors: i32): i32 {
  const most = vectors > 1 ? 5 : 6;
  return rows >= most ? most : rows >= 3 ? 3 : 1;
}

/**
 * Whether lists pay, by a sample of dOut. Measured, in cycles: an element takes 2 to be put on a list or left out, and 1 for
 * each vector of the window if it is on it; otherwise 0.55 for each vector's worth of products.
 */
export function sparse(s: Convolution): bool {
  if (joined(s) || s.dilationWidth != 1 || s.windowWidth > 2 * LANES) return false;
  const n = s.images * s.groups * s.outs * pixels(s), step = n >> 11 | 1;
  let count = 0, size = 0;
  for (let i = 0; i < n; i += step, size++) count += i32(load<real>(s.out + <usize>i * ITEM_SIZE) != 0);
  const listed = 2 * <f64>size + <f64>count * <f64>(windowRows(s) * rowVectors(s));
  return listed < 0.55 * <f64>size * <f64>patchSize(s) / <f64>LANES;
}

/** Whether no element is infinite or NaN. */
export function finite(from: usize, n: usize): bool {
  let x = v128.splat<real>(0);
  const end = from + n * ITEM_SIZE, whole = from + (n & -LANES) * ITEM_SIZE;
  for (; from < whole; from += 16) {
    const y = v128.load(from);
    x = v128.or(x, v128.sub<real>(y, y));
  }
  let rest: real = 0;
  for (; from < end; from += ITEM_SIZE) rest += load<real>(from) - load<real>(from);
  return !v128.any_true(x) && rest == 0;
}
