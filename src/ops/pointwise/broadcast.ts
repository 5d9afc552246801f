import type { Dtype } from "../../base/dtype.js";
import { formatShape, ShapeError } from "../../base/errors.js";
import { firstDims, normalizeDims, reducedShape, type Shape, sameShape, sizeOf } from "../../base/shape.js";
import { boolean, define, defineSpread, dimList, isNumber } from "../../base/signature.js";
import { launchUnits } from "../../runtime/launch.js";
import { numericKernels } from "../../tensor/dispatch.js";
import { dtypeKind, tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import { empty, Tensor } from "../../tensor/tensor.js";
import { asContiguous, cast } from "../layout/copy.js";
import { sizesKind } from "../layout/sizes.js";
import { checkExact } from "./exact.js";
import { stridesIn } from "./zip.js";

// expand repeats along dims, sum adds along dims: each is the gradient of the other, so they share a file.

/** Options of the reductions. */
export type ReduceOptions = {
  /** Keep the reduced dims, with size 1. */
  keepdim?: boolean;
};

/** What sums take by keyword alone. */
export type SumOptions = {
  /** Converts the input to this type first. */
  dtype?: Dtype;
};

/** One dim, several, or all of them (null, or left out). */
export type Dims = number | readonly number[] | null;

/** x as [outer, r, inner], of which kernels reduce r. Reduced dims that are apart move to the end: [outer, r, 1]. */
export function canonical(x: Tensor, dims: readonly number[]): { data: Tensor; r: number; inner: number } {
  const first = dims[0] ?? x.ndim;
  const last = dims.at(-1) ?? x.ndim - 1;
  const together = last - first + 1 === dims.length;
  if (!together) {
    const kept = x.shape.map((_, i) => i).filter((i) => !dims.includes(i));
    const order = [...kept, ...dims];
    const moved = new Tensor(
      x.storage,
      order.map((i) => x.shape[i]!),
      x.dtype,
      order.map((i) => x.strides[i]!),
      x.offset,
    );
    return { data: asContiguous(moved), r: sizeOf(dims.map((i) => x.shape[i]!)), inner: 1 };
  }
  return { data: asContiguous(x), r: sizeOf(x.shape, first, last + 1), inner: sizeOf(x.shape, last + 1) };
}

/** Kernels that reduce [outer, r, inner] to [outer, inner]. */
type Reduction = "sum" | "prod" | "amax" | "amin";

/** Sorted dims as runs of neighbours [from, to). Without dims there is one empty run. */
function runsOf(dims: readonly number[], ndim: number): [number, number][] {
  const runs: [number, number][] = [];
  for (const dim of dims) {
    const last = runs.at(-1);
    if (last?.[1] === dim) last[1]++;
    else runs.push([dim, dim + 1]);
  }
  return runs.length > 0 ? runs : [[ndim, ndim]];
}

/**
 * Runs the kernel of a reduction. Not recorded. It reduces one run of neighbouring dims after the other, the last
 * first: so nothing moves, and the order of the sums depends on the shape alone.
 */
export function reduced(op: string, kernel: Reduction, x: Tensor, dims: readonly number[], keepdim: boolean): Tensor {
  const run = numericKernels(op, x.dtype)[kernel];
  const runs = runsOf(dims, x.ndim);
  const sizes = [...x.shape];
  const first = asContiguous(x);
  let data = first;
  for (let i = runs.length - 1; i >= 0; i--) {
    const [from, to] = runs[i]!;
    const r = sizeOf(sizes, from, to);
    for (let dim = from; dim < to; dim++) sizes[dim] = 1;
    const out = empty(op, i > 0 ? [...sizes] : reducedShape(x.shape, dims, keepdim), x.dtype);
    launchUnits(run, out.numel, r, out.ptr, data.ptr, r, sizeOf(sizes, to));
    data = out;
  }
  if (x.dtype === "int32" && (kernel === "sum" || kernel === "prod")) {
    const count = kernel === "sum" ? sizeOf(dims.map((dim) => x.shape[dim]!)) : 0;
    checkExact(op, data, first, count, (wide) => reduced(op, kernel, wide, dims, keepdim));
  }
  return data;
}

export function sumDims(x: Tensor, dims: readonly number[], keepdim: boolean): Tensor {
  const out = reduced("sum", "sum", x, dims, keepdim);
  return record("sum", out, [x], [], (g) => [expand(keepdim ? g : unreduce(g, x.shape, dims), x.shape)]);
}

/** A view of g that has size 1 again where a reduction removed a dim. Recorded. */
export function unreduce(g: Tensor, shape: Shape, dims: readonly number[]): Tensor {
  const kept = shape.map((size, i) => (dims.includes(i) ? 1 : size));
  let from = 0;
  const strides = kept.map((_, i) => (dims.includes(i) ? 0 : g.strides[from++]!));
  const out = new Tensor(g.storage, kept, g.dtype, strides, g.offset);
  return record("view", out, [g], [], (back) => [sumDims(back, dims, false)]);
}

/**
 * Sum over dims, as torch.sum. Integers and booleans are summed as int32: exactly, or not at all.
 * @param dim the dims to sum over; all when null or left out
 * @param keepdim keeps the reduced dims, with size 1; false when left out
 * @throws ValueError for a sum that int32 does not hold
 * @see https://pytorch.org/docs/stable/generated/torch.sum.html
 */
export const sum = define(
  "sum",
  { input: tensorKind, dim: dimList, keepdim: boolean },
  (input: Tensor, dim: Dims = null, keepdim: boolean = false, options?: SumOptions): Tensor => {
    const numbers = summed(options?.dtype === undefined ? input : cast(input, options.dtype));
    return sumDims(numbers, normalizeDims("sum", dim, input.ndim), keepdim);
  },
  { dtype: dtypeKind },
);

/** Booleans and bytes are summed as int32. */
const summed = (x: Tensor): Tensor => (x.dtype === "bool" || x.dtype === "uint8" ? cast(x, "int32") : x);

/**
 * A view in which dims of size 1 are repeated without copying, as torch.Tensor.expand. -1 keeps a size.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.expand.html
 */
export const expand = defineSpread(
  "expand",
  { input: tensorKind, size: sizesKind },
  isNumber,
  (input: Tensor, size: readonly number[]): Tensor => {
    const lead = size.length - input.ndim;
    const sizes = size.map((n, i) => (n === -1 && i >= lead ? input.shape[i - lead]! : n));
    if (sizes.some((n) => n < 0) || lead < 0 || input.shape.some((n, i) => n !== 1 && n !== sizes[i + lead])) {
      throw new ShapeError(
        "expand",
        `expected a shape that ${formatShape(input.shape)} broadcasts to, got ${formatShape(size)}`,
      );
    }
    const out = new Tensor(input.storage, sizes, input.dtype, stridesIn(input, sizes), input.offset);
    return record("expand", out, [input], [], (g) => [sumTo(g, input.shape)]);
  },
);

/**
 * {@link expand} to another tensor's shape, as torch.Tensor.expand_as.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.expand_as.html
 */
export const expandAs = define(
  "expandAs",
  { input: tensorKind, other: tensorKind },
  (input: Tensor, other: Tensor): Tensor => {
    return expand(input, other.shape);
  },
);

/** The gradient of broadcasting: sums a tensor down to a shape that broadcasts to its own. */
export function sumTo(g: Tensor, shape: Shape): Tensor {
  if (sameShape(g.shape, shape)) return g;
  const lead = g.ndim - shape.length;
  const top = lead === 0 ? g : sumDims(g, firstDims(lead), false);
  const stretched = shape.map((_, i) => i).filter((i) => shape[i] !== top.shape[i]);
  return stretched.length === 0 ? top : sumDims(top, stretched, true);
}
