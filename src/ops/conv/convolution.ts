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
import { addsByRows, type Measured, type Route, routeOf, type Sizes, type Wanted } from "./convolution-route.js";

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

/** The kernel, its bytes of workspace per thread, and its units. */
const kernelOf = {
  output: (k: RealKernels) => [k.convolve, k.convolveWork, k.convolveUnits] as const,
  input: (k: RealKernels) => [k.convolveInput, k.convolveInputWork, k.convolveInputUnits] as const,
  weight: (k: RealKernels) => [k.convolveWeight, k.convolveWeightWork, k.convolveWeightUnits] as const,
};

/** The routes by their numbers in the kernels' struct (assembly/conv/convolution.ts). */
const ROUTES: readonly Route[] = ["product", "slide", "sparse"];

const planeOf = (x: Tensor): Pair => [x.shape[2]!, x.shape[3]!];

/** Asks the numbers: of dOut, and of the operand that it multiplies. */
const measure = (kernels: RealKernels, dOut: Tensor, other: Tensor): Measured => ({
  density: () => kernels.density(dOut.ptr, dOut.numel),
  allFinite: () => kernels.allFinite(other.ptr, other.numel),
});

/**
 * Starts a kernel on row-major operands, of which it writes the one that is wanted: x [N, groups·c, H, W], w [groups·o, c,
 * kH, kW] and out [N, groups·o, oH, oW]. The tables of offsets lie before its workspace.
 */
function run(
  op: string,
  wanted: Wanted,
  operands: readonly [x: Tensor, w: Tensor, out: Tensor],
  geometry: ConvGeometry,
  bias?: Tensor,
): void {
  const [x, w, out] = operands;
  const { groups, stride, dilation } = geometry;
  const kernels = realKernels(op, x.dtype);
  const channels = w.shape[1]!;
  const patchSize = channels * sizeOf(planeOf(w));
  const products = out.numel * patchSize;
  if (shapeOnly.on) {
    shapeOnly.products += products;
    return;
  }
  const pixels = sizeOf(planeOf(out));
  // A column of pixels lies in memory as a row does, and the kernels are fast along rows.
  const [high, wide] = x.shape[3] === 1 ? ([1, 0] as const) : ([0, 1] as const);
  const sizes: Sizes = {
    outs: w.shape[0]! / groups,
    patchSize,
    windowWidth: w.shape[2 + wide]!,
    pixels,
    outWidth: out.shape[2 + wide]!,
    strideWidth: stride[wide],
    dilationWidth: dilation[wide],
    lanes: 16 / itemSize(x.dtype),
  };
  const route = routeOf(wanted, sizes, measure(kernels, out, wanted === "weight" ? x : w));
  const images = x.shape[0]!;
  const entries = patchSize + (pixels === 1 ? images : pixels);
  const fields = [x.ptr, w.ptr, out.ptr, bias?.ptr ?? 0, 0];
  fields.push(images, groups, channels, sizes.outs);
  for (const { shape } of operands) fields.push(shape[2 + high]!, shape[2 + wide]!);
  fields.push(
    stride[high],
    stride[wide],
    dilation[high],
    dilation[wide],
    ROUTES.indexOf(route),
    Number(addsByRows(sizes)),
  );
  const [kernel, workBytes, countUnits] = kernelOf[wanted](kernels);
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
  run(op, "output", [asContiguous(x), asContiguous(w), out], geometry, bias && asContiguous(bias));
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
  run(op, "input", [out, asContiguous(w), asContiguous(g)], geometry);
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
  if (!none) run(op, "weight", [asContiguous(x), out, asContiguous(g)], geometry);
  const image = planeOf(x);
  return record(op, out, [g, x], [x.requiresGrad ? g : x, g.requiresGrad ? x : g], (d, node) => {
    const [grads, images] = node.saved;
    return [
      node.needs(0) ? convolve(op, images!, d, geometry) : null,
      node.needs(1) ? convolveInput(op, grads!, d, image, geometry) : null,
    ];
  });
}
