/**
 * Copies elements of any type by their size: out[…] = x[…] for any strides on both sides. This makes views contiguous
 * (permute, expand, slice) and writes into slices (cat, assignment). Struct as in base/strided.ts with the strides of
 * out, then of x; a unit is a row.
 */
import { transposeVectors } from "../base/transpose-vectors";
import { field, rowOffset, planeRows, strideOf } from "../base/strided";

export function copyStrided1(out: usize, x: usize, struct: usize, begin: i32, end: i32): void {
  copyStrided<u8>(out, x, struct, begin, end);
}
export function copyStrided4(out: usize, x: usize, struct: usize, begin: i32, end: i32): void {
  copyStrided<u32>(out, x, struct, begin, end);
}
export function copyStrided8(out: usize, x: usize, struct: usize, begin: i32, end: i32): void {
  copyStrided<u64>(out, x, struct, begin, end);
}

/** Bytes [begin, end) of out = those of x. */
export function copyBytes(out: usize, x: usize, begin: i32, end: i32): void {
  memory.copy(out + begin, x + begin, end - begin);
}

/** Bytes [begin, end) of out = value. */
export function fillBytes(out: usize, value: i32, begin: i32, end: i32): void {
  memory.fill(out + begin, <u8>value, end - begin);
}

@inline
function copyStrided<T>(out: usize, x: usize, struct: usize, begin: i32, end: i32): void {
  const item: usize = sizeof<T>();
  const n: usize = field(struct, field(struct, 0));
  const count = planeRows(struct);
  const outInner = strideOf(struct, 0, 1) * item;
  const outNext = strideOf(struct, 0, 2) * item;
  const inner = strideOf(struct, 1, 1) * item;
  const next = strideOf(struct, 1, 2) * item;
  const transposed = inner != item && next == item && outInner == item && sizeof<T>() > 1;
  for (let row = begin; row < end; ) {
    let to = out + rowOffset(struct, 0, row) * item;
    let from = x + rowOffset(struct, 1, row) * item;
    const stop = min(end, row - (row % count) + count);
    if (transposed) {
      transposeRows<T>(to, outNext, from, inner, stop - row, n);
      row = stop;
    }
    for (; row < stop; row++, to += outNext, from += next) {
      copyRow<T>(to, outInner, from, inner, n);
    }
  }
}

function copyRow<T>(out: usize, so: usize, x: usize, sx: usize, n: usize): void {
  if (so == sizeof<T>() && sx == sizeof<T>() && n * sizeof<T>() >= 64) {
    memory.copy(out, x, n * sizeof<T>());
    return;
  }
  if (so == sizeof<T>() && sx == 0) {
    const value = v128.splat<T>(load<T>(x)), side: usize = 16 / sizeof<T>();
    for (; n >= side; n -= side, out += 16) v128.store(out, value);
  }
  for (; n > 0; n--, out += so, x += sx) store<T>(out, load<T>(x));
}

/**
 * `rows` rows of `n` elements of out, which are columns of x. A panel of 64 bytes of x uses up its cache lines before
 * they are evicted; 16 / sizeof<T>() vectors at a time are transposed in registers.
 */
function transposeRows<T>(out: usize, next: usize, x: usize, sx: usize, rows: usize, n: usize): void {
  const side: usize = 16 / sizeof<T>();
  const panel: usize = 64 / sizeof<T>();
  const even = n - (n % side);
  for (let first: usize = 0; first < rows; first += panel) {
    const high = min(panel, rows - first);
    const whole = high - (high % side);
    const corner = out + first * next;
    const source = x + first * sizeof<T>();
    for (let j: usize = 0; j < even; j += side) {
      for (let r: usize = 0; r < whole; r += side) {
        transposeVectors<T>(corner + r * next + j * sizeof<T>(), next, source + j * sx + r * sizeof<T>(), sx);
      }
    }
    for (let r: usize = 0; r < high; r++) {
      const done = r < whole ? even : 0;
      const from = source + done * sx + r * sizeof<T>();
      copyRow<T>(corner + r * next + done * sizeof<T>(), sizeof<T>(), from, sx, n - done);
    }
  }
}
