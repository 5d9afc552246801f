/**
 * From a scratch tile to C: for tiles that stick out of C, and for a C that does not lie along its rows.
 */
import { ITEM_SIZE, LANES } from "../base/simd";
import { square } from "../base/square";

/** Bytes behind the tile that `deliver` turns squares in. */
export const TURN: usize = 64;

/** Writes the rows × columns of a tile that exist to C, + D when there is a D; `wide` are the bytes of a tile's row. */
export function deliver(
  scratch: usize, wide: usize, turn: usize, rows: i32, columns: i32,
  c: usize, downC: usize, acrossC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  if (columns % LANES == 0 && acrossC == ITEM_SIZE && (!d || acrossD == ITEM_SIZE)) {
    along(scratch, wide, rows, <usize>columns * ITEM_SIZE, c, downC, d, downD);
  } else if (rows % LANES == 0 && downC == ITEM_SIZE && (!d || downD == ITEM_SIZE)) {
    for (let i = 0; i < rows; i += LANES) {
      const skip = <usize>i * ITEM_SIZE;
      turned(scratch + <usize>i * wide, wide, turn, columns, c + skip, acrossC, d ? d + skip : 0, acrossD);
    }
  } else {
    single(scratch, wide, rows, columns, c, downC, acrossC, d, downD, acrossD);
  }
}

/** C lies along its rows: vector by vector. */
function along(
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
function turned(
  scratch: usize, wide: usize, turn: usize, columns: i32, c: usize, acrossC: usize, d: usize, acrossD: usize,
): void {
  for (let j = 0; j < columns; j += LANES) {
    square<real>(turn, 16, scratch + <usize>j * ITEM_SIZE, wide);
    const last = min(columns - j, LANES);
    for (let x = 0; x < last; x++) {
      const sum = v128.load(turn + (<usize>x << 4));
      v128.store(c, d ? v128.add<real>(sum, v128.load(d)) : sum);
      c += acrossC;
      d = d ? d + acrossD : 0;
    }
  }
}

/** Element by element. */
function single(
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
