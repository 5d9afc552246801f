/**
 * Lists of the elements of dOut that are not 0, by which a gradient goes where these are few (behind ReLU and max pooling,
 * one in four or fewer). An entry says which address the element reads, and its value. To leave out products with 0
 * changes no bit: sums start at 0, which adding 0 or -0 does not change, and the other factor is finite.
 */
import { ITEM_SIZE, LANES } from "../base/simd";
import { Convolution } from "./convolution";

/** Bytes of an entry: an address (u32), and behind ITEM_SIZE bytes the value. */
export const ENTRY: usize = 2 * ITEM_SIZE;

/** Appends the element at `from`, which reads `reads`. Returns the new end of the list: that of before if it is 0. */
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

/** `append` of four float32 to four lists at once; the lists' ends and `reads` are vectors of u32. */
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

/** Vectors of a row of the window. */
@inline
export function rowVectors(s: Convolution): i32 { return s.windowWidth > LANES ? 2 : 1; }

/** Rows of the next tile, of `rows` rows of the window that are left: its sums stay in registers. */
@inline
export function tileRows(rows: i32, vectors: i32): i32 {
  const most = vectors > 1 ? 5 : 6;
  return rows >= most ? most : rows >= 3 ? 3 : 1;
}
