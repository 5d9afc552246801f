/** The convolution. */
import { ITEM_SIZE } from "../base/simd";
import { blockCount, blockWork, blocks } from "../gemm/block";
import { Plan } from "../gemm/problem";
import { slideForward, slideForwardUnits, slideForwardWork } from "./slide-forward";
import {
  Convolution, SLIDE, columnOffsets, emptyPlan, groupBytes, joined, outBytes, patches, patchSize, pixels, weightBytes,
} from "./convolution";

function plan(struct: usize, at: usize): Plan {
  const s = changetype<Convolution>(struct);
  const p = emptyPlan(s, at);
  if (!joined(s)) p.batch = s.images * s.groups;
  p.m = s.outs, p.n = patches(s), p.k = patchSize(s);
  p.a = s.w, p.downA = <usize>p.k * ITEM_SIZE, p.acrossA = ITEM_SIZE, p.stepA = weightBytes(s);
  p.b = s.x, p.stepB = groupBytes(s), p.jumpB = p.stepB * s.groups;
  p.downs = s.offsets, p.acrosses = columnOffsets(s);
  p.c = s.out, p.downC = <usize>pixels(s) * ITEM_SIZE, p.stepC = outBytes(s), p.jumpC = p.stepC * s.groups;
  p.acrossC = joined(s) ? p.jumpC : ITEM_SIZE;
  if (s.bias) p.d = s.bias, p.downD = ITEM_SIZE, p.stepD = <usize>s.outs * ITEM_SIZE;
  return p;
}

/** Bytes of workspace. */
export function convolveWork(struct: usize): i32 {
  const s = changetype<Convolution>(struct);
  return s.route == SLIDE ? slideForwardWork(s) : blockWork(patchSize(s));
}

/** Units: rows or blocks of output. `work` has room for a plan. */
export function convolveUnits(struct: usize, work: usize): i32 {
  const s = changetype<Convolution>(struct);
  return s.route == SLIDE ? slideForwardUnits(s) : blockCount(plan(struct, work));
}

/** out = W·P + bias */
export function convolve(struct: usize, work: usize, begin: i32, end: i32): void {
  const s = changetype<Convolution>(struct);
  if (s.route == SLIDE) {
    slideForward(s, work, begin, end);
    return;
  }
  plan(struct, work);
  blocks(work, begin, end);
}
