/**
 * The loops inside a unit: products that are summed → chunks of k (B's columns are packed) → tiles of rows (A's rows
 * are packed if enough columns read them) → panels of columns.
 */
import { fill } from "../pointwise/fill";
import { ITEM_SIZE, LANES } from "../base/simd";
import {
  BLOCK_ROWS, COLUMNS, PACKED_A, ROWS, STREAM_COLUMNS, STREAM_TILE, TRANSPOSED_A, blockColumns, depth, mostColumns,
  parts, readsInPlace, streams, transposedRow, transposesB,
} from "./blocking";
import { TRANSPOSE_BUFFER, storeTile } from "./store";
import { packIndirect } from "./indirect";
import { pack, packAcross, packRows } from "./pack";
import { Plan } from "./problem";
import { stream } from "./stream";
import { edgePanel } from "./edge";
import { WIDE_A, WIDE_B, tile, tilePacked } from "./tile";
import { tileTransposed } from "./transpose";

/** The state of the loops in one chunk of k of one block of columns. */
@unmanaged
class Chunk {
  /** A and B at this k (B at this block's first column), C at this block, and what is added to it. */
  a: usize; b: usize; c: usize; d: usize;
  /** The tables of an indirect B at this k and at this block's first column. */
  downs: usize; acrosses: usize;
  downD: usize; acrossD: usize;
  columns: i32; k: i32;
  /** How A and B are read: one of the modes below. */
  mode: i32;
  /** Rows of the tiles: one more than `low` before the row `edge`, `low` from there on. */
  low: i32; edge: i32;
  scratch: usize; zeros: usize; packedA: usize;
  /** The sums of a stream, and B's packed columns: those that are not read in place. */
  sums: usize; packedB: usize;
  /** Row-major rows [topA, endA) of an A whose columns lie a multiple of ALIAS bytes apart; otherwise 0. */
  transposedA: usize; topA: i32; endA: i32;
}

// The modes. Where B is read in place, this holds for whole panels: a narrower last panel is packed in any mode.
/** `tile` reads A and B in place: A is one tile of rows. */
const IN_PLACE: i32 = 0;
/** `tile` reads A in place, and packed B: too few columns read A to repay packing it. */
const PACKED_B: i32 = 1;
/** `tilePacked` reads A and B packed. */
const PACKED: i32 = 2;
/** `stream` reads packed A, and B in place. */
const STREAM: i32 = 3;
/** `tileTransposed` reads packed A, and transposes B in registers. */
const TRANSPOSED: i32 = 4;

/** The mode of a block of `columns` columns: packing A pays if enough columns read it. */
function modeOf(p: Plan, columns: i32): i32 {
  if (streams(p.m, p.k, p.downB, p.acrossB)) return STREAM;
  if (transposesB(p.m, p.n, p.downB, p.acrossB)) return TRANSPOSED;
  if (columns >= COLUMNS && readsInPlace(p.m, p.k, p.downB, p.acrossB)) return IN_PLACE;
  return columns > (p.acrossA == ITEM_SIZE ? 2 : 1) * COLUMNS ? PACKED : PACKED_B;
}

/** Whether A's rows are packed: a tile then reads them with fewer instructions. */
@inline
function packsA(t: Chunk): bool { return t.mode >= PACKED; }

/** How many columns of B are read in place. */
@inline
function inPlace(t: Chunk): i32 {
  return t.mode == PACKED || t.mode == PACKED_B ? 0 : t.columns - t.columns % COLUMNS;
}

/**
 * The workspace: the plan, a chunk, a scratch tile, the buffer of its transpose, a row of zeros, sums, packed B, packed
 * A, transposed A.
 */
const PLAN: usize = 128;
const CHUNK: usize = 96;
const TILE: usize = <usize>ROWS * 32;
const ZEROS: usize = 32;
const SCRATCH: usize = TILE + TRANSPOSE_BUFFER + ZEROS;
const SUMS: usize = <usize>(STREAM_TILE * STREAM_COLUMNS) * ITEM_SIZE;

/** Addresses a multiple of this apart compete for the same few sets of a first-level cache. */
const ALIAS: usize = 2048;

/** Bytes of workspace for a product with this k. */
export function blockWork(k: i32): i32 {
  return <i32>(PLAN + CHUNK + SCRATCH + SUMS + PACKED_A + TRANSPOSED_A) + mostColumns(k) * depth(k) * sizeof<real>();
}

/** The number of blocks in all C's of a plan. */
export function blockCount(p: Plan): i32 {
  return p.batch * parts(p.m, BLOCK_ROWS) * parts(p.n, blockColumns(p.m, p.k, p.downB, p.acrossB));
}

/** Computes blocks [begin, end) of the plan at `work`. Blocks of the same columns share the packed B. */
export function blocks(work: usize, begin: i32, end: i32): void {
  const p = changetype<Plan>(work);
  const rowBlocks = parts(p.m, BLOCK_ROWS);
  const columns = blockColumns(p.m, p.k, p.downB, p.acrossB);
  const columnBlocks = parts(p.n, columns);
  for (let unit = begin; unit < end; ) {
    const column = unit / rowBlocks;
    const first = unit % rowBlocks;
    const last = min(first + end - unit, rowBlocks);
    const left = (column % columnBlocks) * columns, right = min(left + columns, p.n);
    columnBlock(p, work, column / columnBlocks, first * BLOCK_ROWS, min(last * BLOCK_ROWS, p.m), left, right);
    unit += last - first;
  }
}

/** Rows [top, bottom) of columns [left, right) of C[z]: all products of its sum, chunk by chunk of k. */
function columnBlock(p: Plan, work: usize, z: i32, top: i32, bottom: i32, left: i32, right: i32): void {
  const t = changetype<Chunk>(work + PLAN);
  const step = depth(p.k);
  const image = <usize>(z / p.groups), group = <usize>(z % p.groups);
  t.columns = right - left;
  t.mode = modeOf(p, t.columns);
  cutRows(p, t, bottom - top);
  t.scratch = work + PLAN + CHUNK;
  t.zeros = t.scratch + TILE + TRANSPOSE_BUFFER;
  v128.store(t.zeros, v128.splat<real>(0)), v128.store(t.zeros, v128.splat<real>(0), 16);
  t.sums = t.scratch + SCRATCH;
  t.packedB = t.sums + SUMS;
  t.packedA = t.packedB + <usize>(mostColumns(p.k) * step) * ITEM_SIZE;
  const aliases = p.downA == ITEM_SIZE && p.acrossA % ALIAS == 0;
  t.transposedA = packsA(t) && aliases && bottom - top > ROWS ? t.packedA + PACKED_A : 0;
  t.acrosses = p.acrosses + (<usize>left << 2);
  t.c = p.c + image * p.jumpC + group * p.stepC + <usize>left * p.acrossC;
  t.d = p.d ? p.d + image * p.jumpD + group * p.stepD + <usize>left * p.acrossD : 0;
  t.downD = p.downD, t.acrossD = p.acrossD;
  if (t.d && p.acrossD == 0 && p.acrossC == ITEM_SIZE) spread(p, t, top, bottom);
  for (let s: usize = 0; s < <usize>p.sums; s++) {
    t.a = p.a + image * p.jumpA + group * p.stepA + s * p.nextA;
    t.b = p.b + image * p.jumpB + group * p.stepB + s * p.nextB + <usize>left * p.acrossB;
    t.downs = p.downs;
    addProduct(p, t, step, top, bottom);
  }
}

/** Writes a D that is constant along C's rows (the bias of a convolution) to C, to which products are then added. */
function spread(p: Plan, t: Chunk, top: i32, bottom: i32): void {
  for (let i = <usize>top; i < <usize>bottom; i++) fill(t.c + i * p.downC, load<real>(t.d + i * p.downD), 0, t.columns);
  t.d = t.c, t.downD = p.downC, t.acrossD = p.acrossC;
}

/** One product of the sum. */
function addProduct(p: Plan, t: Chunk, step: i32, top: i32, bottom: i32): void {
  let rest = p.k;
  do {
    t.k = min(step, rest);
    packColumns(p, t);
    t.endA = 0;
    const rows = t.columns > LANES ? bottom - top : 0; // of the panels wider than a vector
    for (let i = 0, h = 0; i < rows; i += h) {
      h = height(t, i);
      tileRow(p, t, top + i, h, bottom);
    }
    lastPanel(p, t, top, bottom - top);
    // The next chunk or product adds to C.
    t.d = t.c, t.downD = p.downC, t.acrossD = p.acrossC;
    t.a += <usize>t.k * p.acrossA;
    t.b += <usize>t.k * p.downB;
    t.downs += <usize>t.k << 2;
    rest -= t.k;
  } while (rest > 0);
}

/**
 * Cuts rows into tiles of nearly equal height: six rows are 3 + 3 and not 5 + 1. Where C is column-major, tiles have
 * whole vectors of rows at most: storing these saves more than a fifth row would.
 */
function cutRows(p: Plan, t: Chunk, rows: i32): void {
  const most = t.mode == STREAM ? STREAM_TILE : p.acrossC == ITEM_SIZE ? ROWS : ROWS / LANES * LANES;
  const tiles = max(parts(rows, most), 1);
  t.low = rows / tiles;
  t.edge = rows % tiles * (t.low + 1);
}

/** The height of the tile at row i. */
@inline
function height(t: Chunk, i: i32): i32 {
  return i < t.edge ? t.low + 1 : t.low;
}

/** Computes `rows` rows from `top` on, in all panels wider than a vector. */
function tileRow(p: Plan, t: Chunk, top: i32, rows: i32, bottom: i32): void {
  const a = t.a + <usize>top * p.downA;
  let c = t.c + <usize>top * p.downC;
  let d = t.d ? t.d + <usize>top * t.downD : 0;
  const direct = p.acrossC == ITEM_SIZE && (!d || t.acrossD == ITEM_SIZE);
  if (t.transposedA) packTransposed(p, t, a, top, rows, bottom);
  else if (packsA(t)) packRows(t.packedA, WIDE_A, a, p.downA, p.acrossA, rows, t.k);
  let j = 0;
  if (t.mode == STREAM) {
    j = inPlace(t);
    stream(rows, t.packedA, t.b, p.downB, t.k, j, t.sums);
    storeTile(t.sums, <usize>j * ITEM_SIZE, t.scratch + TILE, rows, j, c, p.downC, p.acrossC, d, t.downD, t.acrossD);
  } else if (t.mode == PACKED && direct) {
    const panels = t.columns / COLUMNS;
    j = panels * COLUMNS;
    tilePacked(
      rows, t.packedA, t.packedB, t.k, panels, c, p.downC, d ? d : t.zeros, d ? t.downD : 0,
      d ? <usize>COLUMNS * ITEM_SIZE : 0,
    );
  }
  c += <usize>j * p.acrossC;
  d = d ? d + <usize>j * t.acrossD : 0;
  for (; t.columns - j > LANES; j += COLUMNS) {
    panel(p, t, rows, a, j, c, d, direct);
    c += <usize>COLUMNS * p.acrossC;
    d = d ? d + <usize>COLUMNS * t.acrossD : 0;
  }
}

/**
 * packRows for an A whose columns lie a multiple of ALIAS bytes apart. Reading across them for each tile would evict
 * them from the cache; so BLOCK_ROWS rows are first copied to `transposedA`, row-major.
 */
function packTransposed(p: Plan, t: Chunk, a: usize, top: i32, rows: i32, bottom: i32): void {
  const full = transposedRow(t.k), down = <usize>full * ITEM_SIZE;
  if (top + rows > t.endA) {
    t.topA = top, t.endA = min(top + BLOCK_ROWS, bottom);
    pack(t.transposedA, a, p.acrossA, p.downA, t.k, full, t.endA - top);
  }
  packRows(t.packedA, WIDE_A, t.transposedA + <usize>(top - t.topA) * down, down, ITEM_SIZE, rows, t.k);
}

/** Computes the last panel if it is at most one vector wide. */
function lastPanel(p: Plan, t: Chunk, top: i32, rows: i32): void {
  const j = t.columns - t.columns % COLUMNS, width = t.columns - j;
  if (width == 0 || width > LANES) return;
  const a = t.a + <usize>top * p.downA;
  const c = t.c + <usize>top * p.downC + <usize>j * p.acrossC;
  const d = t.d ? t.d + <usize>top * t.downD + <usize>j * t.acrossD : 0;
  const b = packed(t, j);
  edgePanel(rows, a, p.downA, p.acrossA, b, t.k, width, c, p.downC, p.acrossC, d, t.downD, t.acrossD);
}

/** The address of the packed panel of column j. */
@inline
function packed(t: Chunk, j: i32): usize {
  return t.packedB + <usize>((j - inPlace(t)) * t.k) * ITEM_SIZE;
}

/** Packs the chunk's columns that are not read in place; the last panel is one vector wide if that is enough. */
function packColumns(p: Plan, t: Chunk): void {
  if (p.downs) {
    packIndirect(t.packedB, t.b, t.downs, t.acrosses, t.columns, t.k);
    return;
  }
  let from = inPlace(t);
  if (p.acrossB == ITEM_SIZE) {
    const whole = t.columns - t.columns % COLUMNS;
    packAcross(t.packedB, t.b + <usize>from * ITEM_SIZE, p.downB, (whole - from) / COLUMNS, t.k);
    from = whole;
  }
  for (; from < t.columns; from += COLUMNS) {
    const width = min(t.columns - from, COLUMNS);
    const full = width <= LANES ? LANES : COLUMNS;
    const source = t.b + <usize>from * p.acrossB;
    pack(packed(t, from), source, p.acrossB, p.downB, width, full, t.k);
  }
}

/** Computes the panel at column j: straight to C where that is possible, otherwise through the scratch tile. */
function panel(p: Plan, t: Chunk, rows: i32, a: usize, j: i32, c: usize, d: usize, direct: bool): void {
  const reads = j < inPlace(t), transposes = sizeof<real>() == 4 && reads && t.mode == TRANSPOSED;
  const width = min(t.columns - j, COLUMNS);
  const b = reads ? t.b + <usize>j * p.acrossB : packed(t, j), downB = reads ? p.downB : WIDE_B;
  // Each tile function has two callers: with a single caller it would be inlined, and V8 would spill its sums.
  if (direct && width == COLUMNS) {
    const add = d ? d : t.zeros, downAdd = d ? t.downD : 0;
    if (transposes) tileTransposed(rows, t.packedA, b, p.acrossB, t.k, c, p.downC, add, downAdd);
    else tile(rows, a, p.downA, p.acrossA, b, downB, t.k, c, p.downC, add, downAdd);
    return;
  }
  if (transposes) tileTransposed(rows, t.packedA, b, p.acrossB, t.k, t.scratch, 32, t.zeros, 0);
  else if (packsA(t)) tilePacked(rows, t.packedA, b, t.k, 1, t.scratch, 32, t.zeros, 0, 0);
  else tile(rows, a, p.downA, p.acrossA, b, downB, t.k, t.scratch, 32, t.zeros, 0);
  storeTile(t.scratch, 32, t.scratch + TILE, rows, width, c, p.downC, p.acrossC, d, t.downD, t.acrossD);
}
