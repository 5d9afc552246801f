/**
 * out = condition ? a : b for elements of any type, by their size. `where` takes contiguous operands (stride 1) and
 * scalars (0), `whereStrided` a struct (base/strided.ts) with the strides of condition, a and b.
 */
import { field, rowOffset, planeRows, strideOf } from "../base/strided";

function whereRow<T>(
  out: usize, condition: usize, sc: usize, a: usize, sa: usize, b: usize, sb: usize, n: usize,
): void {
  for (let i: usize = 0; i < n; i++, condition += sc, a += sa, b += sb) {
    store<T>(out + i * sizeof<T>(), select(load<T>(a), load<T>(b), load<u8>(condition) != 0));
  }
}

@inline
function where<T>(
  out: usize, condition: usize, sc: i32, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32,
): void {
  const item: usize = sizeof<T>();
  const i: usize = begin;
  whereRow<T>(
    out + i * item,
    condition + i * <usize>sc, sc,
    a + i * <usize>sa * item, <usize>sa * item,
    b + i * <usize>sb * item, <usize>sb * item,
    end - begin,
  );
}

export function where1(
  out: usize, condition: usize, sc: i32, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32,
): void {
  where<u8>(out, condition, sc, a, sa, b, sb, begin, end);
}
export function where4(
  out: usize, condition: usize, sc: i32, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32,
): void {
  where<u32>(out, condition, sc, a, sa, b, sb, begin, end);
}
export function where8(
  out: usize, condition: usize, sc: i32, a: usize, sa: i32, b: usize, sb: i32, begin: i32, end: i32,
): void {
  where<u64>(out, condition, sc, a, sa, b, sb, begin, end);
}

@inline
function whereStrided<T>(
  out: usize, condition: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32,
): void {
  const item: usize = sizeof<T>();
  const n: usize = field(struct, field(struct, 0));
  const count = planeRows(struct);
  const cInner = strideOf(struct, 0, 1);
  const aInner = strideOf(struct, 1, 1) * item;
  const bInner = strideOf(struct, 2, 1) * item;
  out += <usize>begin * n * item;
  for (let row = begin; row < end; ) {
    let c = condition + rowOffset(struct, 0, row);
    let x = a + rowOffset(struct, 1, row) * item;
    let y = b + rowOffset(struct, 2, row) * item;
    const stop = min(end, row - (row % count) + count);
    for (; row < stop; row++) {
      whereRow<T>(out, c, cInner, x, aInner, y, bInner, n);
      out += n * item;
      c += strideOf(struct, 0, 2);
      x += strideOf(struct, 1, 2) * item;
      y += strideOf(struct, 2, 2) * item;
    }
  }
}

export function whereStrided1(
  out: usize, condition: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32,
): void {
  whereStrided<u8>(out, condition, a, b, struct, begin, end);
}
export function whereStrided4(
  out: usize, condition: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32,
): void {
  whereStrided<u32>(out, condition, a, b, struct, begin, end);
}
export function whereStrided8(
  out: usize, condition: usize, a: usize, b: usize, struct: usize, begin: i32, end: i32,
): void {
  whereStrided<u64>(out, condition, a, b, struct, begin, end);
}
