/**
 * Walking tensors whose elements do not lie one after the other: broadcast, transposed, sliced.
 *
 * The walk is described by a record of i32s: ndim (1 or more), sizes[ndim], then strides[ndim] in elements for each
 * operand. A unit is a row: all indices but the innermost one fixed. Offsets are found by division only where a new
 * stretch of rows begins; within it (the last dimension but one) they are added up.
 */

/** The field at `index` of the record. */
@inline
export function field(record: usize, index: i32): i32 {
  return load<i32>(record + (<usize>index << 2));
}

/** Rows that share all indices but the last two: they lie at a constant distance from each other. */
@inline
export function stretch(record: usize): i32 {
  const ndim = field(record, 0);
  return ndim > 1 ? field(record, ndim - 1) : 1;
}

/** Offset in elements at which operand `which` of the record begins its row `row`. */
export function rowOffset(record: usize, which: i32, row: i32): usize {
  const ndim = field(record, 0);
  const strides = 1 + ndim * (which + 1);
  let offset: usize = 0;
  for (let dim = ndim - 2; dim >= 0; dim--) {
    const size = field(record, 1 + dim);
    const outer = row / size;
    offset += <usize>((row - outer * size) * field(record, strides + dim));
    row = outer;
  }
  return offset;
}

/** Stride in elements of operand `which` along dimension ndim - back (1: innermost), 0 where there is none. */
export function strideOf(record: usize, which: i32, back: i32): usize {
  const ndim = field(record, 0);
  return ndim >= back ? <usize>field(record, ndim * (which + 2) + 1 - back) : 0;
}

/**
 * Runs `Row` on the rows [begin, end) of a contiguous `out` (elements of `item` bytes) and two strided operands whose
 * elements have the size of the build's type.
 */
@inline
export function walkRows<Row>(
  out: usize, item: usize, a: usize, b: usize, record: usize, begin: i32, end: i32,
): void {
  const n: usize = field(record, field(record, 0));
  const count = stretch(record);
  const aInner = strideOf(record, 0, 1) * sizeof<real>();
  const bInner = strideOf(record, 1, 1) * sizeof<real>();
  const aNext = strideOf(record, 0, 2) * sizeof<real>();
  const bNext = strideOf(record, 1, 2) * sizeof<real>();
  out += <usize>begin * n * item;
  for (let row = begin; row < end; ) {
    let x = a + rowOffset(record, 0, row) * sizeof<real>();
    let y = b + rowOffset(record, 1, row) * sizeof<real>();
    const stop = min(end, row - (row % count) + count);
    for (; row < stop; row++) {
      changetype<Row>(0).row(out, x, aInner, y, bInner, n);
      out += n * item;
      x += aNext;
      y += bNext;
    }
  }
}
