/**
 * Loops over strided operands: broadcast, transposed, sliced.
 *
 * A struct of i32s describes the operands: ndim (1 or more), sizes[ndim], then strides[ndim] in elements for each
 * operand. A unit is a row: all indices but the innermost are fixed. Rows that differ in the index of dim ndim − 2
 * alone form a plane: the offset of its first row takes divisions, those of the others add a stride.
 */

/** The field at `index` of the struct. */
@inline
export function field(struct: usize, index: i32): i32 {
  return load<i32>(struct + (<usize>index << 2));
}

/** The rows of a plane, which lie at a constant distance from each other. */
@inline
export function planeRows(struct: usize): i32 {
  const ndim = field(struct, 0);
  return ndim > 1 ? field(struct, ndim - 1) : 1;
}

/** Offset in elements of row `row` of operand `which`. */
export function rowOffset(struct: usize, which: i32, row: i32): usize {
  const ndim = field(struct, 0);
  const strides = 1 + ndim * (which + 1);
  let offset: usize = 0;
  for (let dim = ndim - 2; dim >= 0; dim--) {
    const size = field(struct, 1 + dim);
    const outer = row / size;
    offset += <usize>((row - outer * size) * field(struct, strides + dim));
    row = outer;
  }
  return offset;
}

/** Stride in elements of operand `which` along dimension ndim - back (1: innermost), 0 where there is none. */
export function strideOf(struct: usize, which: i32, back: i32): usize {
  const ndim = field(struct, 0);
  return ndim >= back ? <usize>field(struct, ndim * (which + 2) + 1 - back) : 0;
}

/**
 * Runs `Row` on rows [begin, end) of a contiguous `out` (elements of `item` bytes) and two strided operands whose
 * elements have the size of the build's type.
 */
@inline
export function forEachRow<Row>(
  out: usize, item: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32,
): void {
  const n: usize = field(struct, field(struct, 0));
  const count = planeRows(struct);
  const aInner = strideOf(struct, 0, 1) * sizeof<real>();
  const bInner = strideOf(struct, 1, 1) * sizeof<real>();
  const aNext = strideOf(struct, 0, 2) * sizeof<real>();
  const bNext = strideOf(struct, 1, 2) * sizeof<real>();
  out += <usize>begin * n * item;
  for (let row = begin; row < end; ) {
    let x = a + rowOffset(struct, 0, row) * sizeof<real>();
    let y = b + rowOffset(struct, 1, row) * sizeof<real>();
    const stop = min(end, row - (row % count) + count);
    for (; row < stop; row++) {
      changetype<Row>(0).row(out, x, aInner, y, bInner, n);
      out += n * item;
      x += aNext;
      y += bNext;
    }
  }
}
