import { isFloat } from "../../base/dtype.js";
import { DtypeError, formatShape, ValueError } from "../../base/errors.js";
import { normalizeDims, reducedShape, type Shape, sizeOf } from "../../base/shape.js";
import { anyNumber, boolean, define, dimList, type Kind } from "../../base/signature.js";
import { i32 } from "../../runtime/kernels.js";
import { launchUnits } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { dtypeKind, tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { cast } from "../layout/copy.js";
import { div, mul, sub } from "../pointwise/arithmetic.js";
import { canonical, type Dims, expand, reduced, type SumOptions, sumDims, unreduce } from "../pointwise/broadcast.js";
import { eq, isnan, ne } from "../pointwise/compare.js";
import { logicalAnd, logicalOr, where } from "../pointwise/where.js";
import { zipInto } from "../pointwise/zip.js";

/** The gradient or the value of a reduction, with the reduced dims as dims of size 1. */
export function restored(g: Tensor, shape: Shape, dims: readonly number[], keepdim: boolean): Tensor {
  return keepdim ? g : unreduce(g, shape, dims);
}

/** Booleans and bytes as int32. */
export const asNumbers = (x: Tensor): Tensor => (x.dtype === "bool" || x.dtype === "uint8" ? cast(x, "int32") : x);

/** The call of a reduction: f(input, dim = null, keepdim = false). */
function reduction(name: string, f: (x: Tensor, dim: Dims, keepdim: boolean) => Tensor) {
  return define(
    name,
    { input: tensorKind, dim: dimList, keepdim: boolean },
    (input: Tensor, dim: Dims = null, keepdim: boolean = false): Tensor => f(input, dim, keepdim),
  );
}

function checkFloat(op: string, x: Tensor): void {
  if (isFloat(x.dtype)) return;
  throw new DtypeError(op, `expected a float tensor, got ${x.dtype}`, "Convert it with .float() or .double()");
}

/** Throws if there are no elements to reduce, for reductions that have no value then. */
function checkNotEmpty(op: string, x: Tensor, dims: readonly number[]): void {
  if (dims.every((dim) => x.shape[dim] !== 0)) return;
  const shape = formatShape(x.shape);
  throw new ValueError(
    op,
    `expected at least one element to reduce, got shape ${shape} over dims ${formatShape(dims)}`,
  );
}

/**
 * Mean over dims, as torch.mean.
 * @param dim the dims to average over; all when null or left out
 * @throws DtypeError for integers
 * @see https://pytorch.org/docs/stable/generated/torch.mean.html
 */
export const mean = define(
  "mean",
  { input: tensorKind, dim: dimList, keepdim: boolean },
  (input: Tensor, dim: Dims = null, keepdim: boolean = false, options?: SumOptions): Tensor => {
    const x = options?.dtype === undefined ? input : cast(input, options.dtype);
    checkFloat("mean", x);
    const dims = normalizeDims("mean", dim, x.ndim);
    const n = sizeOf(dims.map((d) => x.shape[d]!));
    const out = reduced("mean", "sum", x, dims, keepdim);
    zipInto("div", out, out, n, x.dtype);
    return record("mean", out, [x], [], (g) => [expand(div(restored(g, x.shape, dims, keepdim), n), x.shape)]);
  },
  { dtype: dtypeKind },
);

/** What {@link variance} and {@link std} take by keyword alone. */
export type VarianceOptions = {
  /** Subtracted from the number of elements in the divisor; 1 (Bessel's correction) when left out. */
  correction?: number;
};

/** The call of a measure of spread. PyTorch also takes `unbiased` alone, in the place of `dim`. */
function spreadCall(name: "var" | "std") {
  return define(
    name,
    { input: tensorKind, dim: dimsOrFlag, unbiased: boolean, keepdim: boolean },
    (
      input: Tensor,
      dim: Dims | boolean = null,
      unbiased: boolean = true,
      keepdim: boolean = false,
      options?: VarianceOptions,
    ): Tensor => {
      const isFlag = typeof dim === "boolean";
      const correction = options?.correction ?? Number(isFlag ? dim : unbiased);
      return spread(name, input, isFlag ? null : dim, keepdim, correction);
    },
    { correction: anyNumber },
  );
}

const dimsOrFlag: Kind<Dims | boolean> = {
  expected: `${dimList.expected}, or whether to divide by n - 1`,
  fits: (value): value is Dims | boolean => typeof value === "boolean" || dimList.fits(value),
};

function spread(name: "var" | "std", x: Tensor, dim: Dims, keepdim: boolean, correction: number): Tensor {
  checkFloat(name, x);
  const dims = normalizeDims(name, dim, x.ndim);
  const { data, r, inner } = canonical(x, dims);
  const out = empty(name, reducedShape(x.shape, dims, keepdim), x.dtype);
  const root = Number(name === "std");
  launchUnits(realKernels(name, x.dtype).variance, out.numel, 4 * r, out.ptr, data.ptr, correction, root, r, inner);
  return record(name, out, [x], root ? [x, out] : [x], (g, node) => {
    const [values, deviation] = node.saved;
    // std' = var' / (2 std), and 0 where all elements are equal
    const slope = deviation === undefined ? g : where(eq(deviation, 0), 0, div(g, mul(deviation, 2)));
    const factor = mul(restored(slope, x.shape, dims, keepdim), 2 / (r - correction));
    return [mul(factor, sub(values!, mean(values!, dims, true)))];
  });
}

/**
 * Variance over dims, as torch.var: computed in two passes in float64, rounded once.
 * @see https://pytorch.org/docs/stable/generated/torch.var.html
 */
export const variance = spreadCall("var");

/**
 * Standard deviation over dims, as torch.std.
 * @see https://pytorch.org/docs/stable/generated/torch.std.html
 */
export const std = spreadCall("std");

/** The gradient of an extremum, in equal parts to all elements of its value. */
function sharedByTies(g: Tensor, ties: Tensor, dims: readonly number[]): Tensor {
  const count = cast(sumDims(cast(ties, "int32"), dims, true), g.dtype);
  return mul(div(g, count), cast(ties, g.dtype));
}

/** Which elements have the extremum's value. NaN equals NaN with `nanToo`: in PyTorch, over all elements only. */
function tiesOf(x: Tensor, extremum: Tensor, nanToo: boolean): Tensor {
  const equal = eq(x, extremum);
  return nanToo ? logicalOr(equal, logicalAnd(isnan(x), isnan(extremum))) : equal;
}

function extremum(op: "amax" | "amin", name: string, x: Tensor, dim: Dims, keepdim: boolean): Tensor {
  const dims = normalizeDims(name, dim, x.ndim);
  checkNotEmpty(name, x, dims);
  const out = cast(reduced(name, op, asNumbers(x), dims, keepdim), x.dtype);
  return record(name, out, [x], [x, out], (g, node) => {
    const [input, value] = node.saved;
    const back = (y: Tensor): Tensor => restored(y, x.shape, dims, keepdim);
    return [sharedByTies(back(g), tiesOf(input!, back(value!), name !== op), dims)];
  });
}

/**
 * The largest elements over dims, as torch.amax. Equal ones share the gradient.
 * @see https://pytorch.org/docs/stable/generated/torch.amax.html
 */
export const amax = reduction("amax", (x, dim, keepdim) => extremum("amax", "amax", x, dim, keepdim));

/**
 * The smallest elements over dims, as torch.amin. Equal ones share the gradient.
 * @see https://pytorch.org/docs/stable/generated/torch.amin.html
 */
export const amin = reduction("amin", (x, dim, keepdim) => extremum("amin", "amin", x, dim, keepdim));

/** The largest of all elements (for `max` without dim). */
export function largest(x: Tensor): Tensor {
  return extremum("amax", "max", x, null, false);
}

/** The smallest of all elements (for `min` without dim). */
export function smallest(x: Tensor): Tensor {
  return extremum("amin", "min", x, null, false);
}

function truth(op: "any" | "all", x: Tensor, dim: Dims, keepdim: boolean): Tensor {
  const dims = normalizeDims(op, dim, x.ndim);
  const { data, r, inner } = canonical(cast(x, "bool"), dims);
  const out = empty(op, reducedShape(x.shape, dims, keepdim), "bool");
  launchUnits(i32()[op], out.numel, r, out.ptr, data.ptr, r, inner);
  return x.dtype === "uint8" ? cast(out, "uint8") : out; // PyTorch's one exception
}

/**
 * Whether some element is not 0, over dims, as torch.any.
 * @see https://pytorch.org/docs/stable/generated/torch.any.html
 */
export const any = reduction("any", (x, dim, keepdim) => truth("any", x, dim, keepdim));

/**
 * Whether no element is 0, over dims, as torch.all.
 * @see https://pytorch.org/docs/stable/generated/torch.all.html
 */
export const all = reduction("all", (x, dim, keepdim) => truth("all", x, dim, keepdim));

/**
 * How many elements are not 0, over dims, as torch.count_nonzero.
 * @see https://pytorch.org/docs/stable/generated/torch.count_nonzero.html
 */
export const countNonzero = define(
  "countNonzero",
  { input: tensorKind, dim: dimList },
  (input: Tensor, dim: Dims = null): Tensor =>
    sumDims(cast(ne(input, 0), "int32"), normalizeDims("countNonzero", dim, input.ndim), false),
);
