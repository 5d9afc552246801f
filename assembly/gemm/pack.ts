/**
 * Packing: a panel `width` wide and k deep becomes k rows of `full` elements (those past `width` are zero), which a
 * tile reads front to back. `across` and `along` are the byte strides of the source across the panel and along k.
 */
import { ITEM_SIZE, LANES } from "../base/simd";
import { ROWS } from "./blocking";
import { transposeVectors } from "../base/transpose-vectors";

export function pack(to: usize, from: usize, across: usize, along: usize, width: i32, full: i32, k: i32): void {
  const step = <usize>full * ITEM_SIZE;
  for (let x = 0; x < full; x += LANES) {
    const source = from + <usize>x * across;
    const target = to + <usize>x * ITEM_SIZE;
    if (x + LANES > width) gather(target, step, source, across, along, width - x, k);
    else if (across == ITEM_SIZE) copy(target, step, source, along, k);
    else if (along == ITEM_SIZE) transpose(target, step, source, across, k);
    else gather(target, step, source, across, along, LANES, k);
  }
}

/**
 * Packs a tile of A: for each k its `rows` elements, each splatted to a vector, `step` bytes from k to k + 1. A tile
 * then reads A as it reads B, at constant offsets, which cost no instruction.
 */
export function packRows(to: usize, step: usize, from: usize, down: usize, across: usize, rows: i32, k: i32): void {
  const r1 = from + down, r2 = r1 + down, r3 = r2 + down, r4 = r3 + down;
  for (let p = k, q: usize = 0; p > 0; p--, to += step, q += across) {
    v128.store(to, v128.load_splat<real>(from + q));
    if (rows == 1) continue;
    v128.store(to, v128.load_splat<real>(r1 + q), 16);
    if (rows == 2) continue;
    v128.store(to, v128.load_splat<real>(r2 + q), 32);
    if (rows == 3) continue;
    v128.store(to, v128.load_splat<real>(r3 + q), 48);
    if (rows == 4) continue;
    v128.store(to, v128.load_splat<real>(r4 + q), 64);
    if (ROWS > 5 && rows == 6) v128.store(to, v128.load_splat<real>(r4 + down + q), 80);
  }
}

/**
 * Packs whole panels of two vectors of adjacent columns: eight rows at a time are copied through all panels, in the
 * order of memory. (Fewer do not keep memory busy: the row of a block ends soon after a processor has begun to prefetch
 * it.)
 */
export function packAcross(to: usize, from: usize, down: usize, panels: i32, k: i32): void {
  const step = <usize>k * 32;
  const whole = k - k % 8;
  for (let p = 0; p < whole; p += 8) {
    let target = to, source = from;
    for (let j = panels; j > 0; j--) {
      const r1 = source + down, r2 = r1 + down, r3 = r2 + down, r4 = r3 + down, r5 = r4 + down, r6 = r5 + down;
      copyRow(target, source), copyRow(target + 32, r1), copyRow(target + 64, r2), copyRow(target + 96, r3);
      copyRow(target + 128, r4), copyRow(target + 160, r5), copyRow(target + 192, r6), copyRow(target + 224, r6 + down);
      target += step;
      source += 32;
    }
    to += 256;
    from += 8 * down;
  }
  for (let j = 0; j < panels; j++) {
    const target = to + <usize>j * step;
    const source = from + <usize>j * 32;
    copy(target, 32, source, down, k - whole);
    copy(target + 16, 32, source + 16, down, k - whole);
  }
}

/** Copies a row of a panel. */
@inline function copyRow(to: usize, from: usize): void {
  v128.store(to, v128.load(from)), v128.store(to, v128.load(from, 16), 16);
}

/** One vector of adjacent columns. */
function copy(to: usize, step: usize, from: usize, along: usize, k: i32): void {
  for (; k > 0; k--) {
    v128.store(to, v128.load(from));
    to += step;
    from += along;
  }
}

/** One vector of columns, each contiguous along k: LANES × LANES elements at a time are transposed in registers. */
function transpose(to: usize, step: usize, from: usize, across: usize, k: i32): void {
  for (; k >= LANES; k -= LANES) {
    transposeVectors<real>(to, step, from, across);
    to += step * LANES;
    from += 16;
  }
  gather(to, step, from, across, ITEM_SIZE, LANES, k);
}

/** One vector of columns through any strides; lanes past `width` (which may be 0 or less) are zero. */
function gather(to: usize, step: usize, from: usize, across: usize, along: usize, width: i32, k: i32): void {
  for (; k > 0; k--) {
    let x = v128.splat<real>(0);
    if (width > 0) x = v128.load_lane<real>(from, x, 0);
    if (width > 1) x = v128.load_lane<real>(from + across, x, 1);
    if (sizeof<real>() == 4) {
      if (width > 2) x = v128.load_lane<real>(from + 2 * across, x, 2);
      if (width > 3) x = v128.load_lane<real>(from + 3 * across, x, 3);
    }
    v128.store(to, x);
    to += step;
    from += along;
  }
}
