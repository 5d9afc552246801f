/** The gradient of a convolution with respect to its weights. */
import { ITEM_SIZE } from "../base/simd";
import { blockCount, blockWork, blocks } from "../gemm/block";
import { Plan } from "../gemm/problem";
import { slideWeight, slideWeightUnits, slideWeightWork } from "./slide-weight";
import { sparseWeight, sparseWeightUnits, sparseWeightWork } from "./sparse-weight";
import {
  Convolution, SLIDE, SPARSE, columnOffsets, emptyPlan, groupBytes, joined, outBytes, patches, patchSize, pixels, weightBytes,
} from "./convolution";

/**
 * A is dOut, B is Pᵀ: the tables of rows and columns are exchanged. Images are the terms of the sum, or columns of P.
 */
function plan(struct: usize, at: usize): Plan {
  const s = changetype<Convolution>(struct);
  const p = emptyPlan(s, at);
  if (!joined(s)) p.sums = s.images;
  p.m = s.outs, p.n = patchSize(s), p.k = patches(s);
  p.a = s.out, p.downA = <usize>pixels(s) * ITEM_SIZE, p.stepA = outBytes(s), p.nextA = p.stepA * s.groups;
  p.acrossA = joined(s) ? p.nextA : ITEM_SIZE;
  p.b = s.x, p.stepB = groupBytes(s), p.nextB = p.stepB * s.groups;
  p.downs = columnOffsets(s), p.acrosses = s.offsets;
  p.c = s.w, p.downC = <usize>p.n * ITEM_SIZE, p.acrossC = ITEM_SIZE, p.stepC = weightBytes(s);
  return p;
}

/** Bytes of workspace. */
export function convolveWeightWork(struct: usize): i32 {
  const s = changetype<Convolution>(struct);
  if (s.route == SPARSE) return sparseWeightWork(s);
  return s.route == SLIDE ? slideWeightWork(s) : blockWork(patches(s));
}

/** Units: outputs, rows of the window, or blocks of weights. `work` has room for a plan. */
export function convolveWeightUnits(struct: usize, work: usize): i32 {
  const s = changetype<Convolution>(struct);
  if (s.route == SPARSE) return sparseWeightUnits(s);
  return s.route == SLIDE ? slideWeightUnits(s) : blockCount(plan(struct, work));
}

/** dW = Σ over images of dOut·Pᵀ, written to w. There is at least one image. */
export function convolveWeight(struct: usize, work: usize, begin: i32, end: i32): void {
  const s = changetype<Convolution>(struct);
  if (s.route == SPARSE) {
    sparseWeight(s, work, begin, end);
    return;
  }
  if (s.route == SLIDE) {
    slideWeight(s, work, begin, end);
    return;
  }
  plan(struct, work);
  blocks(work, begin, end);
}
