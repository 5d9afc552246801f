/**
 * The loops around the tile: units (blocks of C) → chunks of k (B's columns packed) → blocks of rows (A's rows packed
 * if they lie apart) → panels of columns → tiles. A unit's sums do not depend on which other units a call computes.
 */
import { LANES } from "../simd";
import { BLOCK_ROWS, COLUMNS, ROWS, SIZE, blockColumns, depth, parts } from "./blocking";
import { TURN, deliver } from "./deliver";
import { pack, packAcross } from "./pack";
import { Problem, orient, swaps } from "./problem";
import { thin } from "./thin";
import { tile } from "./tile";

/** What the loops know while they work on one chunk of k of one block of columns. */
@unmanaged
class Chunk {
  /** A and B at this k (B at this block's first column), C at this block, and what is added to it. */
  a: usize; b: usize; c: usize; d: usize;
  downD: usize; acrossD: usize;
  columns: i32; k: i32;
  /** How many columns of B are read where they lie, and whether A is packed. */
  inPlace: i32; packsA: bool;
  scratch: usize; packedA: usize; packedB: usize;
}

/** The workspace: the oriented problem, a chunk, a scratch tile and room to turn it, packed B, packed A. */
const PROBLEM: usize = 128;
const CHUNK: usize = 64;
const TILE: usize = <usize>ROWS * 32;
const SCRATCH: usize = TILE + TURN;

/** Bytes of B that a second-level cache is trusted to hold. */
const CACHE: usize = 1 << 20;

/** Bytes of workspace for a product with this k. */
export function gemmWork(k: i32): i32 {
  return <i32>(PROBLEM + CHUNK + SCRATCH) + (blockColumns(k) + BLOCK_ROWS) * depth(k) * sizeof<real>();
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
  const t = changetype<Chunk>(work + PROBLEM);
  const step = depth(p.k);
  t.columns = min(p.n - left, blockColumns(p.k));
  t.inPlace = readsInPlace(p, step) ? t.columns - t.columns % COLUMNS : 0;
  t.packsA = p.acrossA != SIZE && t.columns > COLUMNS;
  t.scratch = work + PROBLEM + CHUNK;
  t.packedB = t.scratch + SCRATCH;
  t.packedA = t.packedB + <usize>(blockColumns(p.k) * step) * SIZE;
  t.a = p.a + z * p.stepA;
  t.b = p.b + z * p.stepB + <usize>left * p.acrossB;
  t.c = p.c + z * p.stepC + <usize>left * p.acrossC;
  t.d = p.d ? p.d + z * p.stepD + <usize>left * p.acrossD : 0;
  t.downD = p.downD, t.acrossD = p.acrossD;
  let rest = p.k;
  do {
    t.k = min(step, rest);
    packColumns(p, t);
    for (let i = top; i < bottom; i += BLOCK_ROWS) rowBlock(p, t, i, min(bottom - i, BLOCK_ROWS));
    // The next chunk adds to what this one has left in C.
    t.d = t.c, t.downD = p.downC, t.acrossD = p.acrossC;
    t.a += <usize>t.k * p.acrossA;
    t.b += <usize>t.k * p.downB;
    rest -= t.k;
  } while (rest > 0);
}

/** The rows from `top` on, of one chunk, panel by panel. */
function rowBlock(p: Problem, t: Chunk, top: i32, rows: i32): void {
  const a = t.a + <usize>top * p.downA;
  let c = t.c + <usize>top * p.downC;
  let d = t.d ? t.d + <usize>top * t.downD : 0;
  if (t.packsA) packRows(t.packedA, a, p.downA, p.acrossA, rows, t.k);
  for (let j = 0; j < t.columns; j += COLUMNS) {
    const width = min(t.columns - j, COLUMNS);
    const packed = t.packedB + <usize>(j * t.k) * SIZE;
    if (width <= LANES) {
      thin(rows, a, p.downA, p.acrossA, packed, t.k, width, c, p.downC, p.acrossC, d, t.downD, t.acrossD);
    } else if (j < t.inPlace) {
      panel(p, t, rows, t.packsA ? 0 : a, t.b + <usize>j * SIZE, p.downB, width, c, d);
    } else {
      panel(p, t, rows, t.packsA ? 0 : a, packed, <usize>COLUMNS * SIZE, width, c, d);
    }
    c += <usize>COLUMNS * p.acrossC;
    d = d ? d + <usize>COLUMNS * t.acrossD : 0;
  }
}

/** Whether to read whole panels of a B that lies along n in place: few rows would reuse a copy, and caches hold B. */
@inline
function readsInPlace(p: Problem, step: i32): bool {
  return p.acrossB == SIZE && p.m <= 2 * ROWS && p.downB * step <= CACHE;
}

/** The chunk's columns that are not read in place, in panels; the last is one vector wide if that is enough. */
function packColumns(p: Problem, t: Chunk): void {
  let from = t.inPlace;
  if (p.acrossB == SIZE) {
    const whole = t.columns - t.columns % COLUMNS;
    const target = t.packedB + <usize>(from * t.k) * SIZE;
    packAcross(target, t.b + <usize>from * SIZE, p.downB, (whole - from) / COLUMNS, t.k);
    from = whole;
  }
  for (; from < t.columns; from += COLUMNS) {
    const width = min(t.columns - from, COLUMNS);
    const full = width <= LANES ? LANES : COLUMNS;
    const source = t.b + <usize>from * p.acrossB;
    pack(t.packedB + <usize>(from * t.k) * SIZE, source, p.acrossB, p.downB, width, full, t.k);
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
  p: Problem, t: Chunk, rows: i32, a: usize, b: usize, downB: usize, width: i32, c: usize, d: usize,
): void {
  const downA = a ? p.downA : SIZE;
  const acrossA = a ? p.acrossA : <usize>ROWS * SIZE;
  const whole = width == COLUMNS && p.acrossC == SIZE && (!d || t.acrossD == SIZE);
  if (!a) a = t.packedA;
  while (rows > 0) {
    const h = height(rows);
    if (whole) {
      tile(h, a, downA, acrossA, b, downB, t.k, c, p.downC, d, t.downD);
    } else {
      tile(h, a, downA, acrossA, b, downB, t.k, t.scratch, 32, 0, 0);
      deliver(t.scratch, 32, t.scratch + TILE, h, width, c, p.downC, p.acrossC, d, t.downD, t.acrossD);
    }
    a += t.packsA ? <usize>(ROWS * t.k) * SIZE : <usize>h * downA;
    c += <usize>h * p.downC;
    d = d ? d + <usize>h * t.downD : 0;
    rows -= h;
  }
}
