/**
 * The numbers of the blocked product: tile sizes follow from the sixteen vector registers, block sizes from the caches.
 * None of them changes a result: every element of C sums its products in the order of k, in chunks cut by `depth(k)`.
 */
import { ITEM_SIZE, LANES } from "../base/simd";

/**
 * A tile is 5 rows of two vectors: 10 sums, 2 vectors of B, a splat of A and a product. Wider or taller tiles spill.
 * The relaxed builds hold no product in a register, and have one row more.
 */
export const ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5;
export const COLUMNS: i32 = 2 * LANES;

/** A block of C, the unit that threads share out, has about 64 rows. */
export const BLOCK_ROWS: i32 = 13 * ROWS;

/**
 * The longest chunk of k: a panel of B (COLUMNS wide, 16 KiB) and most of a packed tile of A stay in the first-level
 * cache.
 */
export const DEPTH: i32 = 2048 / sizeof<real>();

/** Bytes of a packed tile of A. */
export const PACKED_A: usize = 16 * ROWS * DEPTH;

/**
 * Elements from row to row of transposed A: k in whole vectors, and 16 so that rows do not compete for sets of a cache.
 */
export function transposedRow(k: i32): i32 {
  return (k + LANES - 1 & -LANES) + 16;
}

/** Bytes of a block's rows of transposed A. */
export const TRANSPOSED_A: usize = <usize>(BLOCK_ROWS * (DEPTH + LANES + 16)) * ITEM_SIZE;

/** ⌈n / size⌉: how many parts of at most `size` n is cut into. */
@inline
export function parts(n: i32, size: i32): i32 {
  return (n + size - 1) / size;
}

/** The length of a chunk of k: chunks are nearly equal, and depend on k alone. */
export function depth(k: i32): i32 {
  return parts(k, max(parts(k, DEPTH), 1));
}

/** The most columns of a block of C: a packed block of B has at most 512 KiB, and 128 to 1024 columns. */
export function mostColumns(k: i32): i32 {
  return min(max((1 << 19) / sizeof<real>() / max(depth(k), 1), 128), 1024) & -COLUMNS;
}

/**
 * The most rows for `stream`: with more, packing B pays. It takes four at a time: with five, V8 spills two of the sums.
 */
const STREAM_ROWS: i32 = 8;
export const STREAM_TILE: i32 = 4;

/** The columns of a block for `stream`: the sums of a tile's rows stay in the first-level cache. */
export const STREAM_COLUMNS: i32 = 1024;

/** Whether A has at most `most` rows and the rows of B are contiguous. */
@inline
function fewRows(m: i32, most: i32, downB: usize, acrossB: usize): bool {
  return m <= most && acrossB == ITEM_SIZE && downB > 0;
}

/** Whether `stream` multiplies B: A has few rows, and a chunk of B exceeds the first-level cache. */
export function streams(m: i32, k: i32, downB: usize, acrossB: usize): bool {
  return fewRows(m, STREAM_ROWS, downB, acrossB) && downB * depth(k) > 1 << 16;
}

/**
 * Whether B is transposed in registers: its columns are contiguous, A has few rows, and B exceeds the first-level cache
 * or, for three and four rows, the second-level cache. (For float32; float64 swaps the operands.)
 */
export function transposesB(m: i32, n: i32, downB: usize, acrossB: usize): bool {
  const least: usize = m > 2 ? 1 << 18 : 1 << 15;
  return sizeof<real>() == 4 && m <= LANES && downB == ITEM_SIZE && acrossB != ITEM_SIZE && <usize>n * acrossB > least;
}

/** Whether whole panels of B are read in place: A is one tile of rows, and B too small for `stream`. */
export function readsInPlace(m: i32, k: i32, downB: usize, acrossB: usize): bool {
  return fewRows(m, ROWS, downB, acrossB) && !streams(m, k, downB, acrossB);
}

/** The columns of a block of C. */
export function blockColumns(m: i32, k: i32, downB: usize, acrossB: usize): i32 {
  return streams(m, k, downB, acrossB) ? STREAM_COLUMNS : mostColumns(k);
}
