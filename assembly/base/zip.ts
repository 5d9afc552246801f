/**
 * out = op(a, b), element by element. An operator is a class with one inlined method on vectors; a single element goes
 * through the same method in lane 0, so that an element's bits do not depend on its position.
 */
import { ITEM_SIZE } from "./simd";
import { forEachRow } from "./strided";

/** `n` elements; the operands advance by `sa` and `sb` bytes, where 0 repeats a scalar. */
function zipRow<Op>(out: usize, a: usize, sa: usize, b: usize, sb: usize, n: usize): void {
  const op = changetype<Op>(0);
  const bytes = n * ITEM_SIZE;
  let i: usize = 0;
  if (sa == ITEM_SIZE && sb == ITEM_SIZE) {
    for (; i + 16 <= bytes; i += 16) v128.store(out + i, op.vec(v128.load(a + i), v128.load(b + i)));
  } else if (sa == ITEM_SIZE && sb == 0) {
    const y = v128.load_splat<real>(b);
    for (; i + 16 <= bytes; i += 16) v128.store(out + i, op.vec(v128.load(a + i), y));
  } else if (sa == 0 && sb == ITEM_SIZE) {
    const x = v128.load_splat<real>(a);
    for (; i + 16 <= bytes; i += 16) v128.store(out + i, op.vec(x, v128.load(b + i)));
  }
  const done = i / ITEM_SIZE;
  a += done * sa;
  b += done * sb;
  for (; i < bytes; i += ITEM_SIZE, a += sa, b += sb) {
    const value = op.vec(v128.load_splat<real>(a), v128.load_splat<real>(b));
    store<real>(out + i, v128.extract_lane<real>(value, 0));
  }
}

/** Elements [begin, end) of operands that are contiguous (stride 1) or scalars (stride 0). */
@inline
export function zip<Op>(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  const first = <usize>begin * ITEM_SIZE;
  const x = <usize>sa * ITEM_SIZE;
  const y = <usize>sb * ITEM_SIZE;
  zipRow<Op>(out + first, a + first * sa, x, b + first * sb, y, end - begin);
}

class Row<Op> {
  @inline row(out: usize, a: usize, sa: usize, b: usize, sb: usize, n: usize): void {
    zipRow<Op>(out, a, sa, b, sb, n);
  }
}

/** Rows [begin, end) of strided operands, which a struct describes (strided.ts). */
@inline
export function zipStrided<Op>(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  forEachRow<Row<Op>>(out, ITEM_SIZE, a, b, struct, begin, end);
}

/** As zipRow, for operators without vector instructions: `one` computes a single element. */
function zipElementRow<Op>(out: usize, a: usize, sa: usize, b: usize, sb: usize, n: usize): void {
  for (; n > 0; n--, out += ITEM_SIZE, a += sa, b += sb) {
    store<real>(out, changetype<Op>(0).one(load<real>(a), load<real>(b)));
  }
}

class ElementRow<Op> {
  @inline row(out: usize, a: usize, sa: usize, b: usize, sb: usize, n: usize): void {
    zipElementRow<Op>(out, a, sa, b, sb, n);
  }
}

/** As zip, for operators on single elements. */
@inline
export function zipElements<Op>(out: usize, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32): void {
  const first = <usize>begin * ITEM_SIZE;
  zipElementRow<Op>(
    out + first, a + first * sa, <usize>sa * ITEM_SIZE, b + first * sb, <usize>sb * ITEM_SIZE, end - begin,
  );
}

/** As zipStrided, for operators on single elements. */
@inline
export function zipElementsStrided<Op>(out: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32): void {
  forEachRow<ElementRow<Op>>(out, ITEM_SIZE, a, b, struct, begin, end);
}
