/** Stores a scratch tile to C: for tiles that reach past the edge of C, and for a C that is not row-major. */
import { ITEM_SIZE, LANES } from "../base/simd";
import { transposeVectors } from "../base/transpose-vectors";

/** Bytes of the buffer behind the tile, in which `storeTile` transposes. */
export const TRANSPOSE_BUFFER: usize = 64;

/** C = tile (+ D) for the rows × columns of the tile that exist; a row of the tile has `wide` bytes. */
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

/** Row-major C: vector by vector. */
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

/** Column-major C: LANES × LANES elements at a time are transposed. */
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
