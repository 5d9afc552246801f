/**
 * The loops around the tile: units (blocks of C) → chunks of k (B's block packed) → blocks of rows → column panels →
 * row tiles. A unit's sums do not depend on which other units the same call computes.
 */
import { LANES } from "../simd";
import { BLOCK_ROWS, COLUMNS, ROWS, SIZE, THIN_ROWS, blockColumns, depth, parts } from "./blocking";
import { pack, packAcross } from "./pack";
import { Problem, orient, swaps } from "./problem";
import { deliver, thin4, thin8, tile1, tile2, tile3, tile4 } from "./tile";

/** The workspace: the oriented problem, a scratch tile, packed B, packed A. */
const HEAD: usize = 128;
const SCRATCH: usize = <usize>THIN_ROWS * 16;

/** Bytes of B that a second-level cache is trusted to hold. */
const CACHE: usize = 1 << 20;

/** Bytes of workspace for a product with this k. */
export function gemmWork(k: i32): i32 {
  return <i32>(HEAD + SCRATCH) + (blockColumns(k) + BLOCK_ROWS) * depth(k) * sizeof<real>();
}

/** How many units the product has. */
export function gemmUnits(record: usize): i32 {
  const p = changetype<Problem>(record);
  const swap = swaps(p);
  return p.batch * parts(swap ? p.n : p.m, BLOCK_ROWS) * parts(swap ? p.m : p.n, blockColumns(p.k));
}

/** C = A·B (+ D) for the problem in `record`. */
export function gemm(record: usize, work: usize, begin: i32, end: i32): void {
  const p = changetype<Problem>(work);
  orient(changetype<Problem>(record), p);
  const rowBlocks = parts(p.m, BLOCK_ROWS);
  const columnBlocks = parts(p.n, blockColumns(p.k));
  for (let unit = begin; unit < end; ) {
    const column = unit / rowBlocks;
    const first = unit % rowBlocks;
    const last = min(first + end - unit, rowBlocks);
    const left = (column % columnBlocks) * blockColumns(p.k);
    columnBlock(p, work, column / columnBlocks, first * BLOCK_ROWS, min(last * BLOCK_ROWS, p.m), left);
    unit += last - first;
  }
}

/** Rows [top, bottom) of one block of columns of C[z], chunk by chunk of k. */
function columnBlock(p: Problem, work: usize, z: usize, top: i32, bottom: i32, left: i32): void {
  const columns = min(p.n - left, blockColumns(p.k));
  const step = depth(p.k);
  const scratch = work + HEAD;
  const packedB = scratch + SCRATCH;
  const packedA = packedB + <usize>(blockColumns(p.k) * step) * SIZE;
  const inPlace = readsInPlace(p, step) ? columns - columns % COLUMNS : 0;
  const packsA = p.acrossA != SIZE && columns > COLUMNS;
  const c = p.c + z * p.stepC + <usize>left * p.acrossC;
  let d = p.d ? p.d + z * p.stepD + <usize>left * p.acrossD : 0;
  let downD = p.downD, acrossD = p.acrossD;
  let at = 0;
  do {
    const k = min(step, p.k - at);
    const a = p.a + z * p.stepA + <usize>at * p.acrossA;
    const b = p.b + z * p.stepB + <usize>at * p.downB + <usize>left * p.acrossB;
    packColumns(packedB, b, p.acrossB, p.downB, inPlace, columns, k);
    for (let i = top; i < bottom; i += BLOCK_ROWS) {
      const rows = min(bottom - i, BLOCK_ROWS);
      const blockA = a + <usize>i * p.downA;
      const blockC = c + <usize>i * p.downC;
      const blockD = d ? d + <usize>i * downD : 0;
      if (packsA) packRows(packedA, blockA, p.downA, p.acrossA, rows, k);
      for (let j = 0; j < columns; j += COLUMNS) {
        const width = min(columns - j, COLUMNS);
        const panelC = blockC + <usize>j * p.acrossC;
        const panelD = blockD ? blockD + <usize>j * acrossD : 0;
        const packed = packedB + <usize>(j * k) * SIZE;
        if (width <= LANES) {
          thinPanel(
            rows, blockA, p.downA, p.acrossA, packed, k,
            scratch, width, panelC, p.downC, p.acrossC, panelD, downD, acrossD,
          );
        } else {
          panel(
            rows, packsA ? 0 : blockA, packedA, p.downA, p.acrossA,
            j < inPlace ? b + <usize>j * SIZE : packed, j < inPlace ? p.downB : <usize>COLUMNS * SIZE, k,
            scratch, width, panelC, p.downC, p.acrossC, panelD, downD, acrossD,
          );
        }
      }
    }
    d = c, downD = p.downC, acrossD = p.acrossC;
    at += step;
  } while (at < p.k);
}

/** Whether to read the whole panels of a B that lies along n in place: few rows would reuse a copy, and caches hold B. */
@inline
function readsInPlace(p: Problem, step: i32): bool {
  return p.acrossB == SIZE && p.m <= 2 * ROWS && p.downB * step <= CACHE;
}

/** The columns [from, columns) of B's block, in panels; the last is one vector wide if that is enough. */
function packColumns(to: usize, b: usize, across: usize, down: usize, from: i32, columns: i32, k: i32): void {
  if (across == SIZE) {
    const whole = columns - columns % COLUMNS;
    packAcross(to + <usize>(from * k) * SIZE, b + <usize>from * SIZE, down, (whole - from) / COLUMNS, k);
    from = whole;
  }
  for (let j = from; j < columns; j += COLUMNS) {
    const width = min(columns - j, COLUMNS);
    pack(to + <usize>(j * k) * SIZE, b + <usize>j * across, across, down, width, width <= LANES ? LANES : COLUMNS, k);
  }
}

/** How many of `rows` rows the next tile takes: as even as can be, so that six rows are 3 + 3 and not 4 + 2. */
@inline
function height(rows: i32): i32 {
  return parts(rows, parts(rows, ROWS));
}

/** A's block, tile by tile, each ROWS wide whatever its height. */
function packRows(to: usize, a: usize, down: usize, across: usize, rows: i32, k: i32): void {
  for (let i = 0, h = 0; i < rows; i += h, to += <usize>(ROWS * k) * SIZE) {
    h = height(rows - i);
    pack(to, a + <usize>i * down, down, across, h, ROWS, k);
  }
}

/** One panel of columns through all rows of the block; A is read in place, or packed if `a` is 0. */
function panel(
  rows: i32, a: usize, packedA: usize, downA: usize, acrossA: usize, b: usize, downB: usize, k: i32,
  scratch: usize, width: i32,
  c: usize, downC: usize, acrossC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  const whole = width == COLUMNS && acrossC == SIZE && (!d || acrossD == SIZE);
  for (let i = 0, h = 0; i < rows; i += h) {
    h = height(rows - i);
    const from = a ? a + <usize>i * downA : packedA;
    const to = c + <usize>i * downC;
    const add = d ? d + <usize>i * downD : 0;
    const down = a ? downA : SIZE;
    const across = a ? acrossA : <usize>ROWS * SIZE;
    if (whole) {
      tile(h, from, down, across, b, downB, k, to, downC, add, downD);
    } else {
      tile(h, from, down, across, b, downB, k, scratch, 32, 0, 0);
      deliver(scratch, 32, h, width, to, downC, acrossC, add, downD, acrossD);
    }
    packedA += <usize>(ROWS * k) * SIZE;
  }
}

@inline
function tile(
  h: i32, a: usize, downA: usize, acrossA: usize, b: usize, downB: usize, k: i32,
  c: usize, downC: usize, d: usize, downD: usize,
): void {
  if (h == 4) tile4(a, downA, acrossA, b, downB, k, c, downC, d, downD);
  else if (h == 3) tile3(a, downA, acrossA, b, downB, k, c, downC, d, downD);
  else if (h == 2) tile2(a, downA, acrossA, b, downB, k, c, downC, d, downD);
  else tile1(a, downA, acrossA, b, downB, k, c, downC, d, downD);
}

/** A panel of at most one vector of columns. */
function thinPanel(
  rows: i32, a: usize, downA: usize, acrossA: usize, b: usize, k: i32,
  scratch: usize, width: i32,
  c: usize, downC: usize, acrossC: usize, d: usize, downD: usize, acrossD: usize,
): void {
  for (let i = 0; i < rows; i += THIN_ROWS) {
    const h = min(rows - i, THIN_ROWS);
    if (h > THIN_ROWS / 2) thin8(h, a + <usize>i * downA, downA, acrossA, b, k, scratch);
    else thin4(h, a + <usize>i * downA, downA, acrossA, b, k, scratch);
    deliver(
      scratch, 16, h, width,
      c + <usize>i * downC, downC, acrossC, d ? d + <usize>i * downD : 0, downD, acrossD,
    );
  }
}
