/**
 * The numbers of the blocked product: tile sizes follow from the sixteen vector registers, block sizes from the caches.
 * None of them changes a result: every element of C sums its products in the order of k, in chunks cut by `depth(k)`.
 */
import { ITEM_SIZE, LANES } from "../base/simd";

/**
 * A tile is 5 rows of two vectors: 10 sums, 2 vectors of B, a splat of A and a product. Wider or taller tiles spill. The
 * relaxed builds have no product in a register, and one row more.
 */
export const ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5;
export const COLUMNS: i32 = 2 * LANES;

/** A block of C, the unit that threads share out, has about 64 rows. */
export const BLOCK_ROWS: i32 = 13 * ROWS;

/** The longest chunk of k: a panel of B (COLUMNS wide, 16 KiB) stays in the first-level cache, a packed tile of A nearly. */
export const DEPTH: i32 = 2048 / sizeof<real>();

/** Bytes of a packed tile of A. */
export const PACKED_A: usize = 16 * ROWS * DEPTH;

/** Elements of a row of transposed A: k, and some between the rows, so that they do not compete for a cache's places. */
export function transposedRow(k: i32): i32 {
  return (k + LANES - 1 & -LANES) + 16;
}

/** Bytes of as many rows of transposed A as a block has. */
export const TRANSPOSED_A: usize = <usize>(BLOCK_ROWS * (DEPTH + LANES + 16)) * ITEM_SIZE;

/** How many parts n is cut into when a part holds at most `size`. */
@inline
export function parts(n: i32, size: i32): i32 {
  return (n + size - 1) / size;
}

/** The chunk of k: as even as can be, and a function of k alone. */
export function depth(k: i32): i32 {
  return parts(k, max(parts(k, DEPTH), 1));
}

/** The most columns of a block of C: as many as a packed block of B of 512 KiB has, within reason. */
export function mostColumns(k: i32): i32 {
  return min(max((1 << 19) / sizeof<real>() / max(depth(k), 1), 128), 1024) & -COLUMNS;
}

/** The most rows that stream: with more, packing B pays. Four at a time: with five, V8 keeps two of the sums in memory. */
const STREAM_ROWS: i32 = 8;
export const STREAM_TILE: i32 = 4;

/** The columns of a block whose B is streamed: the sums of a tile's rows stay in the first-level cache. */
export const STREAM_COLUMNS: i32 = 1024;

/** Whether few rows of A meet a B whose rows lie along n. */
@inline
function fewRows(m: i32, most: i32, downB: usize, acrossB: usize): bool {
  return m <= most && acrossB == ITEM_SIZE && downB > 0;
}

/** Whether B is multiplied in long runs (`stream`): few rows, and more of B than a first-level cache holds. */
export function streams(m: i32, k: i32, downB: usize, acrossB: usize): bool {
  return fewRows(m, STREAM_ROWS, downB, acrossB) && downB * depth(k) > 1 << 16;
}

/**
 * Whether B is transposed in registers: it lies along k, few rows meet it, and there is more of it than a
 * first-level cache holds or, for three and four rows, a second-level cache keeps. (For float32; float64 swaps operands.)
 */
export function transposesB(m: i32, n: i32, downB: usize, acrossB: usize): bool {
  const least: usize = m > 2 ? 1 << 18 : 1 << 15;
  return sizeof<real>() == 4 && m <= LANES && downB == ITEM_SIZE && acrossB != ITEM_SIZE && <usize>n * acrossB > least;
}

/** Whether whole panels of B are read where they lie: there is one tile of rows, and less of B than that. */
export function readsInPlace(m: i32, k: i32, downB: usize, acrossB: usize): bool {
  return fewRows(m, ROWS, downB, acrossB) && !streams(m, k, downB, acrossB);
}

/** The columns of a block of C. */
export function blockColumns(m: i32, k: i32, downB: usize, acrossB: usize): i32 {
  return streams(m, k, downB, acrossB) ? STREAM_COLUMNS : mostColumns(k);
}
