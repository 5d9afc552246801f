/**
 * Padding, for elements of any type by their size. A unit is a row of the padded tensor: the part inside x is copied,
 * the rest follows the rule. `value` is the address of the constant. Struct as in rule.ts.
 */
import { copySpan, fillSpan } from "../base/span";
import { before, dimsOf, modeOf, plainSize, sourceOf, forEachPaddedRow, wideSize } from "./rule";

export function pad1(out: usize, x: usize, value: usize, struct: usize, begin: i32, end: i32): void {
  forEachPaddedRow<PadRow<u8>>(out, x, value, struct, begin, end);
}
export function pad4(out: usize, x: usize, value: usize, struct: usize, begin: i32, end: i32): void {
  forEachPaddedRow<PadRow<u32>>(out, x, value, struct, begin, end);
}
export function pad8(out: usize, x: usize, value: usize, struct: usize, begin: i32, end: i32): void {
  forEachPaddedRow<PadRow<u64>>(out, x, value, struct, begin, end);
}

class PadRow<T> {
  @inline
  row(out: usize, row: i32, x: usize, source: i32, value: usize, struct: usize): void {
    const last = dimsOf(struct) - 1;
    const n = wideSize(struct, last);
    const to = out + <usize>row * n * sizeof<T>();
    if (source < 0) {
      fillSpan<T>(to, n, load<T>(value));
      return;
    }
    const size = plainSize(struct, last);
    padRow<T>(to, n, x + <usize>source * size * sizeof<T>(), size, before(struct, last), modeOf(struct), value);
  }
}

function padRow<T>(out: usize, n: i32, x: usize, size: i32, low: i32, mode: i32, value: usize): void {
  const left = min(max(low, 0), n);
  const start = max(-low, 0);
  const right = left + max(min(n - left, size - start), 0);
  if (mode == 0) {
    const constant = load<T>(value);
    fillSpan<T>(out, left, constant);
    fillSpan<T>(out + <usize>right * sizeof<T>(), n - right, constant);
  } else {
    borrow<T>(out, 0, left, x, size, low, mode);
    borrow<T>(out, right, n, x, size, low, mode);
  }
  if (right > left) {
    copySpan(out + <usize>left * sizeof<T>(), x + <usize>start * sizeof<T>(), <usize>(right - left) * sizeof<T>());
  }
}

/** Writes the padding [from, to) of a row by the rule. */
@inline
function borrow<T>(out: usize, from: i32, to: i32, x: usize, size: i32, low: i32, mode: i32): void {
  for (let j = from; j < to; j++) {
    const source = <usize>sourceOf(j - low, size, mode);
    store<T>(out + <usize>j * sizeof<T>(), load<T>(x + source * sizeof<T>()));
  }
}
