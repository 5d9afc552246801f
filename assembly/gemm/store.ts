/**
 * From a scratch tile to C: for tiles that stick out of C, and for a C that does not lie along its rows.
 */
import { ITEM_SIZE, LANES } from "../base/simd";
import { transposeVectors } from "../base/transpose-vectors";

/** Bytes behind the tile that `storeTile` transposes in. */
export const TRANSPOSE_BUFFER: usize = 64;

/** Writes the rows × columns of a tile that exist to C, + D when there is a D; `wide` are the bytes of a tile's row. */
export function storeTile(
  scratch: usize, wide: usize, buffer: usize, rows: i32, columns: i32,
  c: usize, downC: usize, acrossC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  if (columns % LANES == 0 && acrossC == ITEM_SIZE && (!d || acrossD == ITEM_SIZE)) {
    storeRows(scratch, wide, rows, <usize>columns * ITEM_SIZE, c, downC, d, downD);
  } else if (rows % LANES == 0 && downC == ITEM_SIZE && (!d || downD == ITEM_SIZE)) {
    for (let i = 0; i < rows; i += LANES) {
      const skip = <usize>i * ITEM_SIZE;
      storeTransposed(scratch + <usize>i * wide, wide, buffer, columns, c + skip, acrossC, d ? d + skip : 0, acrossD);
    }
  } else {
    storeElements(scratch, wide, rows, columns, c, downC, acrossC, d, downD, acrossD);
  }
}

/** C lies along its rows: vector by vector. */
function storeRows(
  scratch: usize, wide: usize, rows: i32, bytes: usize, c: usize, downC: usize, d: usize, downD: usize,
): void {
  for (; rows > 0; rows--) {
    for (let x: usize = 0; x < bytes; x += 16) {
      const sum = v128.load(scratch + x);
      v128.store(c + x, d ? v128.add<real>(sum, v128.load(d + x)) : sum);
    }
    scratch += wide;
    c += downC;
    d = d ? d + downD : 0;
  }
}

/** C lies along its columns: LANES rows of the tile, square by square. */
function storeTransposed(
  scratch: usize, wide: usize, buffer: usize, columns: i32, c: usize, acrossC: usize, d: usize, acrossD: usize,
): void {
  for (let j = 0; j < columns; j += LANES) {
    transposeVectors<real>(buffer, 16, scratch + <usize>j * ITEM_SIZE, wide);
    const last = min(columns - j, LANES);
    for (let x = 0; x < last; x++) {
      const sum = v128.load(buffer + (<usize>x << 4));
      v128.store(c, d ? v128.add<real>(sum, v128.load(d)) : sum);
      c += acrossC;
      d = d ? d + acrossD : 0;
    }
  }
}

/** Element by element. */
function storeElements(
  scratch: usize, wide: usize, rows: i32, columns: i32,
  c: usize, downC: usize, acrossC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  for (; rows > 0; rows--) {
    let from = scratch, to = c, add = d;
    for (let j = columns; j > 0; j--) {
      const sum = load<real>(from);
      store<real>(to, d ? sum + load<real>(add) : sum);
      from += ITEM_SIZE;
      to += acrossC;
      add += acrossD;
    }
    scratch += wide;
    c += downC;
    d = d ? d + downD : 0;
  }
}
