/**
 * Packing: a panel `width` wide and k deep is laid out as k rows of `full` elements (those past `width` are zero), so
 * that a tile reads it front to back. `across` and `along` are the byte steps of the source in the two directions.
 */
import { LANES } from "../simd";
import { SIZE } from "./blocking";

export function pack(to: usize, from: usize, across: usize, along: usize, width: i32, full: i32, k: i32): void {
  if (width == full && width % LANES == 0) {
    if (across == SIZE) return copyRows(to, from, along, width, k);
    if (along == SIZE) return transpose(to, from, across, width, k);
  }
  gather(to, from, across, along, width, full, k);
}

/** The source is contiguous across the panel. */
function copyRows(to: usize, from: usize, along: usize, width: i32, k: i32): void {
  const bytes = <usize>width * SIZE;
  for (let p = 0; p < k; p++) {
    for (let x: usize = 0; x < bytes; x += 16) v128.store(to + x, v128.load(from + x));
    to += bytes;
    from += along;
  }
}

/** The source is contiguous along k: squares of LANES × LANES are transposed in registers. */
function transpose(to: usize, from: usize, across: usize, width: i32, k: i32): void {
  const step = <usize>width * SIZE;
  const whole = k - k % LANES;
  for (let x = 0; x < width; x += LANES) {
    const source = from + <usize>x * across;
    let target = to + <usize>x * SIZE;
    for (let p = 0; p < whole; p += LANES) {
      square(target, step, source + <usize>p * SIZE, across);
      target += step * LANES;
    }
  }
  const rest = <usize>whole;
  gather(to + rest * step, from + rest * SIZE, across, SIZE, width, width, k - whole);
}

/** One square of LANES × LANES: row i of the source becomes column i. */
@inline
function square(to: usize, step: usize, from: usize, across: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + across);
  if (sizeof<real>() == 8) {
    v128.store(to, v128.shuffle<f64>(a, b, 0, 2));
    v128.store(to + step, v128.shuffle<f64>(a, b, 1, 3));
  } else {
    const c = v128.load(from + 2 * across);
    const d = v128.load(from + 3 * across);
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const CD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f64>(ab, cd, 0, 2));
    v128.store(to + step, v128.shuffle<f64>(ab, cd, 1, 3));
    v128.store(to + 2 * step, v128.shuffle<f64>(AB, CD, 0, 2));
    v128.store(to + 3 * step, v128.shuffle<f64>(AB, CD, 1, 3));
  }
}

/** Any steps, any width, element by element. */
function gather(to: usize, from: usize, across: usize, along: usize, width: i32, full: i32, k: i32): void {
  for (let p = 0; p < k; p++) {
    let source = from;
    for (let x = 0; x < full; x++) {
      store<real>(to, x < width ? load<real>(source) : 0);
      source += across;
      to += SIZE;
    }
    from += along;
  }
}

/** Whole panels of two vectors side by side: rows are copied four at a time through all panels, as memory has them. */
export function packAcross(to: usize, from: usize, down: usize, panels: i32, k: i32): void {
  const step = <usize>k * 32;
  const whole = k - k % 4;
  for (let p = 0; p < whole; p += 4) {
    let target = to, source = from;
    for (let j = panels; j > 0; j--) {
      const r1 = source + down, r2 = r1 + down, r3 = r2 + down;
      v128.store(target, v128.load(source)), v128.store(target, v128.load(source, 16), 16);
      v128.store(target, v128.load(r1), 32), v128.store(target, v128.load(r1, 16), 48);
      v128.store(target, v128.load(r2), 64), v128.store(target, v128.load(r2, 16), 80);
      v128.store(target, v128.load(r3), 96), v128.store(target, v128.load(r3, 16), 112);
      target += step;
      source += 32;
    }
    to += 128;
    from += 4 * down;
  }
  for (let p = whole; p < k; p++) {
    let target = to, source = from;
    for (let j = panels; j > 0; j--) {
      v128.store(target, v128.load(source)), v128.store(target, v128.load(source, 16), 16);
      target += step;
      source += 32;
    }
    to += 32;
    from += down;
  }
}
