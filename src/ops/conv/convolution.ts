import { sizeOf } from "../../base/shape.js";
import { workspaces, writeStruct } from "../../runtime/heap.js";
import type { RealKernels } from "../../runtime/kernels.js";
import { launch, launchWorking } from "../../runtime/launch.js";
import { shapeOnly } from "../../runtime/shape-only.js";
import { realKernels } from "../../tensor/dispatch.js";
import { record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous } from "../layout/copy.js";
import { filled } from "../layout/factories.js";
import { sum } from "../pointwise/broadcast.js";

// Three recorded operations, each linear in both operands, whose gradients are these three again: a convolution, and its
// gradients with respect to its input (the transposed convolution) and to its weights. All see images [N, C, H, W] that
// are padded already.

/** Height and width. */
export type Pair = readonly [height: number, width: number];

/** How the kernel walks over the image. */
export type Walk = { stride: Pair; dilation: Pair; groups: number };

/** How many places a kernel has on a padded image: negative or 0 when it does not fit. */
export function places(image: Pair, kernel: Pair, { stride, dilation }: Walk): Pair {
  const along = (i: 0 | 1): number => Math.floor((image[i] - dilation[i] * (kernel[i] - 1) - 1) / stride[i]) + 1;
  return [along(0), along(1)];
}

/** A kernel, what says how many bytes of workspace a thread needs for it, and what says how many units it has. */
type Pass = {
  kernel: RealKernels["convolve"];
  workBytes: RealKernels["convolveWork"];
  countUnits: RealKernels["convolveUnits"];
  /** Says whether to go by lists of the elements of a gradient that are not 0, which changes no bit. */
  isSparse?: RealKernels["convolveWeightSparse"];
};

const forwardPass = (k: RealKernels): Pass => ({
  kernel: k.convolve,
  workBytes: k.convolveWork,
  countUnits: k.convolveUnits,
});
const inputPass = (k: RealKernels): Pass => ({
  kernel: k.convolveInput,
  workBytes: k.convolveInputWork,
  countUnits: k.convolveInputUnits,
  isSparse: k.convolveInputSparse,
});
const weightPass = (k: RealKernels): Pass => ({
  kernel: k.convolveWeight,
  workBytes: k.convolveWeightWork,
  countUnits: k.convolveWeightUnits,
  isSparse: k.convolveWeightSparse,
});

const planeOf = (x: Tensor): Pair => [x.shape[2]!, x.shape[3]!];

/** Starts a kernel on images x, weights w and output out, all row-major. The tables of offsets lie before its workspace. */
function run(
  op: string,
  pass: (kernels: RealKernels) => Pass,
  operands: readonly [x: Tensor, w: Tensor, out: Tensor],
  walk: Walk,
  bias?: Tensor,
): void {
  const [x, w, out] = operands;
  const kernels = realKernels(op, x.dtype);
  const { kernel, workBytes, countUnits, isSparse } = pass(kernels);
  const { groups, stride, dilation } = walk;
  const channels = w.shape[1]!;
  const products = out.numel * channels * sizeOf(planeOf(w));
  if (shapeOnly.on) {
    shapeOnly.products += products;
    return;
  }
  // A column of pixels lies in memory as a row does, and the kernels are fast along rows.
  const [high, wide] = x.shape[3] === 1 ? ([1, 0] as const) : ([0, 1] as const);
  const images = x.shape[0]!;
  const pixels = sizeOf(planeOf(out));
  const entries = channels * sizeOf(planeOf(w)) + (pixels === 1 ? images : pixels);
  const fields = [x.ptr, w.ptr, out.ptr, bias === undefined ? 0 : bias.ptr, 0];
  fields.push(images, groups, channels, w.shape[0]! / groups);
  for (const { shape } of [x, w, out]) fields.push(shape[2 + high]!, shape[2 + wide]!);
  fields.push(stride[high], stride[wide], dilation[high], dilation[wide]);
  fields.push(isSparse === undefined ? 0 : Number(isSparse(writeStruct([...fields, 0]))));
  const tables = Math.ceil(entries / 4) * 16;
  const work = workspaces(workBytes(writeStruct(fields)), tables);
  fields[4] = work.at - tables;
  const at = writeStruct(fields);
  launch(kernels.patchOffsets, entries, at);
  const units = countUnits(at, work.at);
  launchWorking(kernel, units, products / 8 / units, work.step, at, work.at);
}

/**
 * out = W·P + bias, P the patches of x (assembly/conv/convolution.ts).
 * @param x [N, groups·c, H, W]
 * @param w [groups·o, c, kH, kW]
 * @param bias [groups·o]
 */
export function convolve(op: string, x: Tensor, w: Tensor, walk: Walk, bias?: Tensor): Tensor {
  const out = empty(op, [x.shape[0]!, w.shape[0]!, ...places(planeOf(x), planeOf(w), walk)], x.dtype);
  run(op, forwardPass, [asContiguous(x), asContiguous(w), out], walk, bias && asContiguous(bias));
  // The gradient of each operand reads the other: an operand that nobody's gradient reads is not kept.
  const saved = [w.requiresGrad ? x : w, x.requiresGrad ? w : x];
  const [image, kernel] = [planeOf(x), planeOf(w)];
  return record(op, out, bias === undefined ? [x, w] : [x, w, bias], saved, (g, node) => {
    const [images, weights] = node.saved;
    const dx = node.needs(0) ? convolveInput(op, g, weights!, image, walk) : null;
    const dw = node.needs(1) ? convolveWeight(op, g, images!, kernel, walk) : null;
    if (node.inputs.length === 2) return [dx, dw];
    return [dx, dw, node.needs(2) ? sum(g, [0, 2, 3]) : null];
  });
}

/**
 * The gradient of {@link convolve} with respect to x: each element of g spreads the weights over its patch.
 * @param g [N, groups·o, oH, oW]
 * @param w [groups·o, c, kH, kW]
 * @param image H and W of the result, [N, groups·c, H, W]
 */
export function convolveInput(op: string, g: Tensor, w: Tensor, image: Pair, walk: Walk): Tensor {
  const out = empty(op, [g.shape[0]!, w.shape[1]! * walk.groups, ...image], g.dtype);
  run(op, inputPass, [out, asContiguous(w), asContiguous(g)], walk);
  const kernel = planeOf(w);
  return record(op, out, [g, w], [w.requiresGrad ? g : w, g.requiresGrad ? w : g], (d, node) => {
    const [grads, weights] = node.saved;
    return [
      node.needs(0) ? convolve(op, d, weights!, walk) : null,
      node.needs(1) ? convolveWeight(op, grads!, d, kernel, walk) : null,
    ];
  });
}

/**
 * The gradient of {@link convolve} with respect to w, summed over the images in their order.
 * @param g [N, groups·o, oH, oW]
 * @param x [N, groups·c, H, W]
 * @param kernel kH and kW of the result, [groups·o, c, kH, kW]
 */
function convolveWeight(op: string, g: Tensor, x: Tensor, kernel: Pair, walk: Walk): Tensor {
  const shape = [g.shape[1]!, x.shape[1]! / walk.groups, ...kernel];
  const none = g.numel === 0;
  const out = none ? filled(op, shape, 0, { dtype: g.dtype }) : empty(op, shape, g.dtype);
  if (!none) run(op, weightPass, [asContiguous(x), out, asContiguous(g)], walk);
  const image = planeOf(x);
  return record(op, out, [g, x], [x.requiresGrad ? g : x, g.requiresGrad ? x : g], (d, node) => {
    const [grads, images] = node.saved;
    return [
      node.needs(0) ? convolve(op, images!, d, walk) : null,
      node.needs(1) ? convolveInput(op, grads!, d, image, walk) : null,
    ];
  });
}
