/**
 * The transpose of padding by reflection, repetition or wrapping: each element of the padded tensor is added to the
 * element that it copied, in row-major order. A unit is an index of dim 0 of the plain tensor. Struct as in rule.ts.
 */
import { ITEM_SIZE } from "../base/simd";
import { addSpan } from "../base/span";
import { before, dimsOf, modeOf, plainSize, sourceOf, forEachPaddedRow, wideSize } from "./rule";

export function padAdjoint(out: usize, g: usize, struct: usize, begin: i32, end: i32): void {
  let bytes = <usize>plainSize(struct, dimsOf(struct) - 1) * ITEM_SIZE;
  let rows = 1;
  for (let dim = dimsOf(struct) - 2; dim > 0; dim--) {
    bytes *= plainSize(struct, dim);
    rows *= wideSize(struct, dim);
  }
  memory.fill(out + bytes * begin, 0, bytes * (end - begin));
  forEachPaddedRow<AddRow>(g, out, 0, struct, begin * rows, end * rows);
}

class AddRow {
  @inline
  row(g: usize, row: i32, out: usize, source: i32, scalar: usize, struct: usize): void {
    const last = dimsOf(struct) - 1;
    const n = wideSize(struct, last);
    const size = plainSize(struct, last);
    addRow(
      out + <usize>source * size * ITEM_SIZE, size, g + <usize>row * n * ITEM_SIZE, n,
      before(struct, last), modeOf(struct),
    );
  }
}

function addRow(out: usize, size: i32, g: usize, n: i32, low: i32, mode: i32): void {
  const left = min(max(low, 0), n);
  const start = max(-low, 0);
  const right = left + max(min(n - left, size - start), 0);
  giveBack(out, size, g, 0, left, low, mode);
  addSpan(out + <usize>start * ITEM_SIZE, g + <usize>left * ITEM_SIZE, <usize>(right - left) * ITEM_SIZE);
  giveBack(out, size, g, right, n, low, mode);
}

/** Adds the padding [from, to) of a row of g to the elements that it copied. */
@inline
function giveBack(out: usize, size: i32, g: usize, from: i32, to: i32, low: i32, mode: i32): void {
  for (let j = from; j < to; j++) {
    const target = out + <usize>sourceOf(j - low, size, mode) * ITEM_SIZE;
    store<real>(target, load<real>(target) + load<real>(g + <usize>j * ITEM_SIZE));
  }
}
