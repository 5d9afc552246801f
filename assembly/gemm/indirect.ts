/**
 * Packs a B that two tables of byte offsets describe: element (p, j) lies at from + downs[p] + acrosses[j]. The patches
 * of an image form such a matrix without a copy: p is an element of the window, j a position of the window. Adjacent
 * elements are moved as vectors, in either direction.
 */
import { ITEM_SIZE, LANES } from "../base/simd";
import { COLUMNS } from "./blocking";
import { transposeVectorsAt } from "../base/transpose-vectors";

/** The byte offset from the first to the last of LANES adjacent elements. */
const SPAN: u32 = (LANES - 1) * <u32>ITEM_SIZE;

/** Panels of COLUMNS columns, k deep; the last is one vector wide if that is enough. */
export function packIndirect(to: usize, from: usize, downs: usize, acrosses: usize, columns: i32, k: i32): void {
  for (; columns > 0; columns -= COLUMNS) {
    const full = columns <= LANES ? LANES : COLUMNS;
    const step = <usize>full * ITEM_SIZE;
    for (let x = 0; x < full; x += LANES) {
      const width = columns - x;
      const across = acrosses + (<usize>x << 2);
      const target = to + <usize>x * ITEM_SIZE;
      if (width < LANES) gatherPart(target, step, from, downs, across, width, k);
      else if (load<u32>(across, (LANES - 1) * 4) - load<u32>(across) == SPAN) {
        copy(target, step, from + load<u32>(across), downs, k);
      } else gatherColumns(target, step, from, downs, across, k);
    }
    to += step * k;
    acrosses += COLUMNS * 4;
  }
}

/** Adjacent columns: one vector for each k. */
function copy(to: usize, step: usize, from: usize, downs: usize, k: i32): void {
  for (const last = downs + (<usize>k << 2); downs < last; downs += 4) {
    v128.store(to, v128.load(from + load<u32>(downs)));
    to += step;
  }
}

/** Other columns: LANES rows at a time are transposed where they are adjacent, otherwise lanes are gathered. */
function gatherColumns(to: usize, step: usize, from: usize, downs: usize, acrosses: usize, k: i32): void {
  const x0 = from + load<u32>(acrosses), x1 = from + load<u32>(acrosses, 4);
  const x2 = sizeof<real>() == 4 ? from + load<u32>(acrosses, 8) : 0;
  const x3 = sizeof<real>() == 4 ? from + load<u32>(acrosses, 12) : 0;
  while (k > 0) {
    const down = load<u32>(downs);
    if (k >= LANES && load<u32>(downs, (LANES - 1) * 4) - down == SPAN) {
      transposeVectorsAt<real>(to, step, x0 + down, x1 + down, x2 + down, x3 + down);
      to += step * LANES;
      downs += LANES * 4;
      k -= LANES;
    } else {
      v128.store(to, gather(x0 + down, x1 + down, x2 + down, x3 + down));
      to += step;
      downs += 4;
      k--;
    }
  }
}

/** Loads one element for each lane, each from its own address. */
@inline
function gather(x0: usize, x1: usize, x2: usize, x3: usize): v128 {
  let x = v128.load_lane<real>(x1, v128.load_splat<real>(x0), 1);
  if (sizeof<real>() == 4) {
    x = v128.load_lane<real>(x2, x, 2);
    x = v128.load_lane<real>(x3, x, 3);
  }
  return x;
}

/** Fewer columns than LANES; the other lanes are zero. */
function gatherPart(to: usize, step: usize, from: usize, downs: usize, acrosses: usize, width: i32, k: i32): void {
  for (const last = downs + (<usize>k << 2); downs < last; downs += 4) {
    const row = from + load<u32>(downs);
    let x = v128.splat<real>(0);
    if (width > 0) x = v128.load_lane<real>(row + load<u32>(acrosses), x, 0);
    if (width > 1) x = v128.load_lane<real>(row + load<u32>(acrosses, 4), x, 1);
    if (sizeof<real>() == 4 && width > 2) x = v128.load_lane<real>(row + load<u32>(acrosses, 8), x, 2);
    v128.store(to, x);
    to += step;
  }
}
