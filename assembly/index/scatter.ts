/** Adds at int32 indices, always in the order of the indices: the gradients of gather.ts. */
import { ITEM_SIZE } from "../base/simd";
import { addSpan } from "../base/span";

/**
 * out[o][index[k]] += x[o][k], rows of `inner` elements; x is [outer, count, inner], out is [outer, size, inner]. A
 * unit is a row of out: a range reads all indices and uses those that point into it.
 */
export function indexAdd(
  out: usize, x: usize, index: usize, count: i32, size: i32, inner: i32, begin: i32, end: i32,
): void {
  if (begin >= end) return;
  for (let outer = begin / size; outer * size < end; outer++) {
    for (let k = 0; k < count; k++) {
      const row = outer * size + load<i32>(index + (<usize>k << 2));
      if (row < begin || row >= end) continue;
      addSpan(
        out + <usize>row * inner * ITEM_SIZE, x + (<usize>outer * count + k) * inner * ITEM_SIZE,
        <usize>inner * ITEM_SIZE,
      );
    }
  }
}

/** out[o][index[o][k][j]][j] += x[o][k][j]; a unit is a column (o, j) */
export function scatterAdd(
  out: usize, x: usize, index: usize, count: i32, size: i32, inner: i32, begin: i32, end: i32,
): void {
  for (let unit = begin; unit < end; unit++) {
    const outer = unit / inner;
    const column = unit - outer * inner;
    let from = <usize>outer * count * inner + column;
    const to = <usize>outer * size * inner + column;
    for (let k = 0; k < count; k++, from += inner) {
      const target = out + (to + <usize>load<i32>(index + (from << 2)) * inner) * ITEM_SIZE;
      store<real>(target, load<real>(target) + load<real>(x + from * ITEM_SIZE));
    }
  }
}
