import { itemSize } from "../../base/dtype.js";
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
import { type Measured, type Route, routeOf, type Sizes, type Wanted, weightOrder } from "./convolution-route.js";

// Three recorded operations, each linear in both operands, whose gradients are these three again: a convolution, and its
// gradients with respect to its input (the transposed convolution) and to its weights. All see images [N, C, H, W] that
// are padded already.

/** Height and width. */
export type Pair = readonly [height: number, width: number];

/** Steps of the kernel, steps between its elements, and groups of channels that do not see each other. */
export type ConvGeometry = { stride: Pair; dilation: Pair; groups: number };

/** Height and width of the output, of an image that is padded already: 0 or less where the kernel does not fit. */
export function outputPlane(image: Pair, kernel: Pair, { stride, dilation }: ConvGeometry): Pair {
  const along = (i: 0 | 1): number => Math.floor((image[i] - dilation[i] * (kernel[i] - 1) - 1) / stride[i]) + 1;
  return [along(0), along(1)];
}

/** One of the three, with its operands; all are row-major, and what is wanted is one of them. */
type ConvProblem = {
  wanted: Wanted;
  /** [N, groups·c, H, W] */
  x: Tensor;
  /** [groups·o, c, kH, kW] */
  w: Tensor;
  /** [N, groups·o, oH, oW] */
  out: Tensor;
  /** [groups·o] */
  bias?: Tensor | undefined;
  geometry: ConvGeometry;
};

/** A kernel, and the functions that say its bytes of workspace per thread and its units. */
type ConvKernel = {
  kernel: RealKernels["convolve"];
  workBytes: RealKernels["convolveWork"];
  countUnits: RealKernels["convolveUnits"];
};

const kernelOf: Record<Wanted, (kernels: RealKernels) => ConvKernel> = {
  output: (k) => ({ kernel: k.convolve, workBytes: k.convolveWork, countUnits: k.convolveUnits }),
  input: (k) => ({ kernel: k.convolveInput, workBytes: k.convolveInputWork, countUnits: k.convolveInputUnits }),
  weight: (k) => ({ kernel: k.convolveWeight, workBytes: k.convolveWeightWork, countUnits: k.convolveWeightUnits }),
};

/** The numbers of the routes in the kernels' struct (assembly/conv/convolution.ts). */
const ROUTES: Record<Route, number> = { product: 0, slide: 1, sparse: 2 };

const planeOf = (x: Tensor): Pair => [x.shape[2]!, x.shape[3]!];

/** Asks the numbers of a gradient: a sample of about 2,048 elements of dOut, and all elements of the other operand. */
function measure(kernels: RealKernels, { wanted, x, w, out }: ConvProblem): Measured {
  const other = wanted === "weight" ? x : w;
  const step = (out.numel >> 11) | 1;
  const sample = Math.ceil(out.numel / step);
  return {
    density: () => (sample === 0 ? 1 : kernels.sampleNonzero(out.ptr, out.numel, step) / sample),
    allFinite: () => kernels.allFinite(other.ptr, other.numel),
  };
}

/** Starts a kernel. The tables of offsets lie before its workspace. */
function run(op: string, problem: ConvProblem): void {
  const { wanted, x, w, out, bias, geometry } = problem;
  const { groups, stride, dilation } = geometry;
  const kernels = realKernels(op, x.dtype);
  const channels = w.shape[1]!;
  const products = out.numel * channels * sizeOf(planeOf(w));
  if (shapeOnly.on) {
    shapeOnly.products += products;
    return;
  }
  // A column of pixels lies in memory as a row does, and the kernels are fast along rows.
  const [high, wide] = x.shape[3] === 1 ? ([1, 0] as const) : ([0, 1] as const);
  const sizes: Sizes = {
    images: x.shape[0]!,
    groups,
    channels,
    outs: w.shape[0]! / groups,
    windowHeight: w.shape[2 + high]!,
    windowWidth: w.shape[2 + wide]!,
    outHeight: out.shape[2 + high]!,
    outWidth: out.shape[2 + wide]!,
    strideWidth: stride[wide],
    dilationWidth: dilation[wide],
  };
  const bytes = itemSize(x.dtype);
  const route = routeOf(wanted, sizes, bytes, measure(kernels, problem));
  const byRows = weightOrder(sizes, bytes) === "rows";
  const pixels = sizeOf(planeOf(out));
  const entries = channels * sizeOf(planeOf(w)) + (pixels === 1 ? sizes.images : pixels);
  const fields = [x.ptr, w.ptr, out.ptr, bias === undefined ? 0 : bias.ptr, 0];
  fields.push(sizes.images, groups, channels, sizes.outs);
  for (const { shape } of [x, w, out]) fields.push(shape[2 + high]!, shape[2 + wide]!);
  fields.push(stride[high], stride[wide], dilation[high], dilation[wide], ROUTES[route], Number(byRows));
  const { kernel, workBytes, countUnits } = kernelOf[wanted](kernels);
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
export function convolve(op: string, x: Tensor, w: Tensor, geometry: ConvGeometry, bias?: Tensor): Tensor {
  const out = empty(op, [x.shape[0]!, w.shape[0]!, ...outputPlane(planeOf(x), planeOf(w), geometry)], x.dtype);
  const operands = { x: asContiguous(x), w: asContiguous(w), out, bias: bias && asContiguous(bias) };
  run(op, { wanted: "output", ...operands, geometry });
  // The gradient of each operand reads the other: an operand that nobody's gradient reads is not kept.
  const saved = [w.requiresGrad ? x : w, x.requiresGrad ? w : x];
  const [image, kernel] = [planeOf(x), planeOf(w)];
  return record(op, out, bias === undefined ? [x, w] : [x, w, bias], saved, (g, node) => {
    const [images, weights] = node.saved;
    const dx = node.needs(0) ? convolveInput(op, g, weights!, image, geometry) : null;
    const dw = node.needs(1) ? convolveWeight(op, g, images!, kernel, geometry) : null;
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
export function convolveInput(op: string, g: Tensor, w: Tensor, image: Pair, geometry: ConvGeometry): Tensor {
  const out = empty(op, [g.shape[0]!, w.shape[1]! * geometry.groups, ...image], g.dtype);
  run(op, { wanted: "input", x: out, w: asContiguous(w), out: asContiguous(g), geometry });
  const kernel = planeOf(w);
  return record(op, out, [g, w], [w.requiresGrad ? g : w, g.requiresGrad ? w : g], (d, node) => {
    const [grads, weights] = node.saved;
    return [
      node.needs(0) ? convolve(op, d, weights!, geometry) : null,
      node.needs(1) ? convolveWeight(op, grads!, d, kernel, geometry) : null,
    ];
  });
}

/**
 * The gradient of {@link convolve} with respect to w, summed over the images in their order.
 * @param g [N, groups·o, oH, oW]
 * @param x [N, groups·c, H, W]
 * @param kernel kH and kW of the result, [groups·o, c, kH, kW]
 */
function convolveWeight(op: string, g: Tensor, x: Tensor, kernel: Pair, geometry: ConvGeometry): Tensor {
  const shape = [g.shape[1]!, x.shape[1]! / geometry.groups, ...kernel];
  const none = g.numel === 0;
  const out = none ? filled(op, shape, 0, { dtype: g.dtype }) : empty(op, shape, g.dtype);
  if (!none) run(op, { wanted: "weight", x: asContiguous(x), w: out, out: asContiguous(g), geometry });
  const image = planeOf(x);
  return record(op, out, [g, x], [x.requiresGrad ? g : x, g.requiresGrad ? x : g], (d, node) => {
    const [grads, images] = node.saved;
    return [
      node.needs(0) ? convolve(op, images!, d, geometry) : null,
      node.needs(1) ? convolveInput(op, grads!, d, image, geometry) : null,
    ];
  });
}
