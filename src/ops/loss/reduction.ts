import { DtypeError, formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { broadcastShapes, sameShape } from "../../base/shape.js";
import { type Kind, oneOf } from "../../base/signature.js";
import { view } from "../../runtime/heap.js";
import { i32 } from "../../runtime/kernels.js";
import { launch } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { elements, empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous } from "../layout/copy.js";
import { div, mul } from "../pointwise/arithmetic.js";
import { sum } from "../pointwise/broadcast.js";

/** The result of a loss: the mean of its elements, their sum, or (none) the elements themselves. */
export type Reduction = "mean" | "sum" | "none";

/** The option that every loss has. */
export type LossOptions = {
  /** "mean" when left out. */
  reduction?: Reduction;
};

export const reductionKind: Kind<Reduction> = oneOf("mean", "sum", "none");

/** Σ losses / divisor. Frees the losses. Not recorded. */
export function total(op: string, losses: Tensor, divisor: number): Tensor {
  const out = empty(op, [], losses.dtype);
  launch(realKernels(op, losses.dtype).sum, 1, out.ptr, losses.ptr, losses.numel, 1);
  if (divisor !== 1 && !out.storage.virtual) {
    const { f32, f64 } = view();
    if (out.dtype === "float32") f32[out.ptr >>> 2]! /= divisor;
    else f64[out.ptr / 8]! /= divisor;
  }
  losses.storage.free();
  return out;
}

/** Multiplies losses by weights and reduces. Recorded. */
export function weighted(losses: Tensor, weight: Tensor, reduction: Reduction): Tensor {
  const all = mul(losses, weight);
  if (reduction === "none") return all;
  return reduction === "sum" ? sum(all) : div(sum(all), all.numel);
}

/** Throws unless input and target have the same shape and float type: losses do not broadcast. */
export function checkPair(op: string, input: Tensor, target: Tensor): void {
  realKernels(op, input.dtype);
  if (!sameShape(input.shape, target.shape)) {
    throw new ShapeError(
      op,
      `expected a target of the input's shape ${formatShape(input.shape)}, got ${formatShape(target.shape)}`,
      "Losses do not broadcast: reshape one of them with view, squeeze or unsqueeze",
    );
  }
  if (input.dtype !== target.dtype) {
    throw new DtypeError(
      op,
      `expected a target of the input's dtype ${input.dtype}, got ${target.dtype}`,
      `Convert the target with .to("${input.dtype}")`,
    );
  }
}

/** Throws unless a weight has the input's type and broadcasts to its shape. */
export function checkWeight(op: string, name: string, input: Tensor, weight: Tensor): void {
  if (weight.dtype !== input.dtype) {
    throw new DtypeError(op, `expected a ${name} of the input's dtype ${input.dtype}, got ${weight.dtype}`);
  }
  if (!sameShape(broadcastShapes(op, input.shape, weight.shape), input.shape)) {
    const problem = `expected a ${name} that broadcasts to ${formatShape(input.shape)}, got ${formatShape(weight.shape)}`;
    throw new ShapeError(op, problem);
  }
}

/** The indices of the i-th element of a row-major tensor, as `[1, 2]`. */
function position(shape: readonly number[], i: number): string {
  const at = shape.map((_, dim) => {
    const inner = shape.slice(dim + 1).reduce((n, size) => n * size, 1);
    return Math.floor(i / inner) % shape[dim]!;
  });
  return formatShape(at);
}

/** Throws at the first element outside [0, 1] (or NaN). */
export function checkProbabilities(op: string, name: string, x: Tensor, hint: string): void {
  const data = asContiguous(x);
  if (data.storage.virtual) return;
  const bad = realKernels(op, x.dtype).firstOutside(data.ptr, 0, 1, 0, 0, x.numel);
  if (bad < 0) return;
  const value = elements(data)[bad];
  throw new ValueError(op, `expected ${name} in [0, 1], got ${value} at ${position(x.shape, bad)}`, hint);
}

/** Throws at the first label that is neither a class nor `ignoreIndex`. */
export function checkLabels(op: string, labels: Tensor, classes: number, ignoreIndex: number): void {
  const data = asContiguous(labels);
  if (data.storage.virtual) return;
  const bad = i32().firstOutside(data.ptr, 0, classes - 1, ignoreIndex, 0, labels.numel);
  if (bad < 0) return;
  const value = elements(data)[bad];
  throw new ValueError(
    op,
    `expected labels in [0, ${classes - 1}] for ${classes} classes (or ignoreIndex ${ignoreIndex}), got ${value} at ${position(labels.shape, bad)}`,
  );
}
