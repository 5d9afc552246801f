/** C = A·B (+ D). Units are blocks of C; the sums of a block do not depend on which other blocks a call computes. */
import { ITEM_SIZE } from "../base/simd";
import { blockCount, blockWork, blocks } from "./block";
import { BLOCK_ROWS, blockColumns, parts } from "./blocking";
import { Plan, Problem, orient, swaps } from "./problem";

/** Bytes of workspace for a product with this k. */
export function gemmWork(k: i32): i32 {
  return blockWork(k);
}

/** How many units the product has. */
export function gemmUnits(struct: usize): i32 {
  const p = changetype<Problem>(struct);
  const swap = swaps(p);
  const m = swap ? p.n : p.m, n = swap ? p.m : p.n;
  const downB = swap ? p.acrossA : p.downB, acrossB = swap ? p.downA : p.acrossB;
  return p.batch * parts(m, BLOCK_ROWS) * parts(n, blockColumns(m, p.k, downB * ITEM_SIZE, acrossB * ITEM_SIZE));
}

/** C = A·B (+ D) for the problem in `struct`. */
export function gemm(struct: usize, work: usize, begin: i32, end: i32): void {
  orient(changetype<Problem>(struct), changetype<Plan>(work));
  blocks(work, begin, end);
}
