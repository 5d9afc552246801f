import { itemSize } from "../../base/dtype.js";
import { DtypeError, formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { normalizeDim, type Shape, sizeOf } from "../../base/shape.js";
import { anyNumber, define, dimNumber } from "../../base/signature.js";
import { type IntegerKernels, i32 } from "../../runtime/kernels.js";
import { launch, launchUnits } from "../../runtime/launch.js";
import { numericKernels } from "../../tensor/dispatch.js";
import { operandKind, tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous, cast, clone, detach, writeElements } from "../layout/copy.js";
import { fillElements, filled } from "../layout/factories.js";
import { mul } from "../pointwise/arithmetic.js";
import type { Operand } from "../pointwise/zip.js";
import { narrow } from "./slice.js";

// Reading at indices and adding at indices: each is the other's gradient, so they share a file.

/** Throws unless indices are int32 (or uint8) in [low, size). @returns them as contiguous int32 */
export function checkIndex(op: string, index: Tensor, size: number, low = 0): Tensor {
  if (index.dtype !== "int32" && index.dtype !== "uint8") {
    throw new DtypeError(op, `expected int32 indices, got ${index.dtype}`, "Convert them with .int()");
  }
  const data = asContiguous(cast(index, "int32"));
  if (data.storage.virtual) return data;
  const first = Math.min(data.numel, 1) - 1; // no index is valid in an empty range
  const at = size > low ? i32().firstOutside(data.ptr, low, size - 1, low, 0, data.numel) : first;
  if (at >= 0) {
    const got = data.toTypedArray()[at];
    throw new ValueError(op, `expected indices in [${low}, ${size - 1}], got ${got} at position ${at}`);
  }
  return data;
}

/** The number of elements before, at and after a dim. */
function around(shape: Shape, dim: number): { outer: number; size: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, dim)), size: shape[dim] ?? 1, inner: sizeOf(shape.slice(dim + 1)) };
}

function zeros(shape: Shape, like: Tensor): Tensor {
  const out = empty("zeros", shape, like.dtype);
  fillElements(out, 0);
  return out;
}

const replaced = (shape: Shape, dim: number, size: number): number[] => shape.map((s, i) => (i === dim ? size : s));

/**
 * The slices of a dim at the given indices, as torch.index_select.
 * @param index int32, one dim
 * @see https://pytorch.org/docs/stable/generated/torch.index_select.html
 */
export const indexSelect = define(
  "indexSelect",
  { input: tensorKind, dim: dimNumber, index: tensorKind },
  (input: Tensor, dim: number, index: Tensor): Tensor => {
    const d = normalizeDim("indexSelect", dim, input.ndim);
    if (index.ndim > 1)
      throw new ShapeError("indexSelect", `expected one dim of indices, got ${formatShape(index.shape)}`);
    const { outer, size, inner } = around(input.shape, d);
    const at = checkIndex("indexSelect", index, size);
    const data = asContiguous(input);
    const out = empty("indexSelect", replaced(input.shape, d, at.numel), input.dtype);
    const bytes = inner * itemSize(input.dtype);
    const rows = bytes === 0 ? 0 : outer * at.numel;
    launchUnits(i32().indexSelect, rows, bytes / 4, out.ptr, data.ptr, at.ptr, at.numel, size, bytes);
    return record("indexSelect", out, [input], [at], (g, node) => [
      indexAdd(zeros(input.shape, g), d, node.saved[0]!, g),
    ]);
  },
);

/**
 * x with the slices of `source` added at the given indices of a dim, as torch.index_add. Equal indices add up
 * in order.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.index_add_.html
 */
export const indexAdd = define(
  "indexAdd",
  { input: tensorKind, dim: dimNumber, index: tensorKind, source: tensorKind },
  (input: Tensor, dim: number, index: Tensor, source: Tensor, { alpha = 1 }: { alpha?: number } = {}): Tensor =>
    added(input, dim, index, alpha === 1 ? source : mul(source, alpha)),
  { alpha: anyNumber },
);

function added(input: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const d = normalizeDim("indexAdd", dim, input.ndim);
  const { outer, size, inner } = around(input.shape, d);
  const at = checkIndex("indexAdd", index, size);
  const expected = replaced(input.shape, d, at.numel);
  if (formatShape(expected) !== formatShape(source.shape)) {
    throw new ShapeError("indexAdd", `expected a source of ${formatShape(expected)}, got ${formatShape(source.shape)}`);
  }
  const data = asContiguous(cast(source, input.dtype));
  const out = clone(detach(input));
  const kernel = numericKernels("indexAdd", input.dtype).indexAdd;
  const cost = (at.numel / size) * inner;
  launchUnits(kernel, outer * size, cost, out.ptr, data.ptr, at.ptr, at.numel, size, inner);
  return record("indexAdd", out, [input, source], [at], (g, node) => [
    node.needs(0) ? g : null,
    node.needs(1) ? cast(indexSelect(g, d, node.saved[0]!), source.dtype) : null,
  ]);
}

/** Checks an index into a dim of x: it has as many dims, and only that one may be larger than x's. */
function fitted(op: string, x: Tensor, dim: number, index: Tensor): { at: Tensor; d: number } {
  const d = normalizeDim(op, dim, x.ndim);
  if (index.ndim !== x.ndim || index.shape.some((size, i) => i !== d && size > x.shape[i]!)) {
    const problem = `expected an index with ${x.ndim} dims no larger than ${formatShape(x.shape)} except at dim ${d}`;
    throw new ShapeError(op, `${problem}, got ${formatShape(index.shape)}`);
  }
  return { at: checkIndex(op, index, x.shape[d] ?? 1), d };
}

/** The first `shape` elements of x along each dim but `d`, which stays whole. */
function corner(x: Tensor, shape: Shape, d: number): Tensor {
  return shape.reduce((part, size, i) => (i === d ? part : narrow(part, i, 0, size)), x);
}

/**
 * out[i][j][k] = x[i][index[i][j][k]][k] (for dim 1), as torch.gather.
 * @param index int32, as many dims as x
 * @see https://pytorch.org/docs/stable/generated/torch.gather.html
 */
export const gather = define(
  "gather",
  { input: tensorKind, dim: dimNumber, index: tensorKind },
  (input: Tensor, dim: number, index: Tensor): Tensor => {
    const { at, d } = fitted("gather", input, dim, index);
    const data = corner(input, at.shape, d);
    const { size, inner } = around(data.shape, d);
    const source = asContiguous(data);
    const out = empty("gather", at.shape, input.dtype);
    const { gather1, gather4, gather8 } = i32();
    const kernel = bySize(input, gather1, gather4, gather8);
    launch(kernel, out.numel, out.ptr, source.ptr, at.ptr, at.shape[d] ?? 1, size, inner);
    return record("gather", out, [data], [at], (g, node) => [scatterAdd(zeros(data.shape, g), d, node.saved[0]!, g)]);
  },
);

const bySize = <K>(x: Tensor, one: K, four: K, eight: K): K =>
  itemSize(x.dtype) === 1 ? one : itemSize(x.dtype) === 4 ? four : eight;

type ScatterKernel = IntegerKernels["scatter4"];

/** A copy of x with the source scattered into its corner. */
function scattered(x: Tensor, d: number, at: Tensor, source: Tensor, kernel: ScatterKernel): Tensor {
  const out = clone(detach(x));
  const place = corner(out, at.shape, d);
  const target = asContiguous(place);
  const { outer, size, inner } = around(target.shape, d);
  const values = asContiguous(source);
  const count = at.shape[d] ?? 1;
  launchUnits(kernel, outer * inner, count, target.ptr, values.ptr, at.ptr, count, size, inner);
  if (target !== place) writeElements(place, target);
  return out;
}

/** The source of a scatter, cut to the index's shape and cast to x's dtype. */
function sourceFor(op: string, x: Tensor, at: Tensor, source: Operand): Tensor {
  if (typeof source === "number") return filled(op, at.shape, source, { dtype: x.dtype });
  if (source.ndim !== at.ndim || at.shape.some((size, i) => size > source.shape[i]!)) {
    const problem = `expected a source no smaller than the index ${formatShape(at.shape)}`;
    throw new ShapeError(op, `${problem}, got ${formatShape(source.shape)}`);
  }
  return cast(corner(source, at.shape, -1), x.dtype);
}

/**
 * x with out[i][index[i][j][k]][k] += source[i][j][k] (for dim 1), as torch.scatter_add. Equal indices add up
 * in order.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.scatter_add_.html
 */
export const scatterAdd = define(
  "scatterAdd",
  { input: tensorKind, dim: dimNumber, index: tensorKind, src: tensorKind },
  (input: Tensor, dim: number, index: Tensor, src: Tensor): Tensor => {
    const { at, d } = fitted("scatterAdd", input, dim, index);
    const data = sourceFor("scatterAdd", input, at, src);
    const out = scattered(input, d, at, data, numericKernels("scatterAdd", input.dtype).scatterAdd);
    return record("scatterAdd", out, [input, data], [at], (g, node) => [
      node.needs(0) ? g : null,
      node.needs(1) ? gather(g, d, node.saved[0]!) : null,
    ]);
  },
);

/**
 * x with out[i][index[i][j][k]][k] = source[i][j][k] (for dim 1), as torch.scatter. Of equal indices the last wins.
 * @param source a tensor, or a number
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.scatter_.html
 */
export const scatter = define(
  "scatter",
  { input: tensorKind, dim: dimNumber, index: tensorKind, src: operandKind },
  (input: Tensor, dim: number, index: Tensor, src?: Operand, { value }: { value?: number } = {}): Tensor => {
    const source = src ?? value;
    if (source === undefined || (src !== undefined && value !== undefined)) {
      throw new ValueError("scatter", `expected src or value, got ${source === undefined ? "neither" : "both"}`);
    }
    const { at, d } = fitted("scatter", input, dim, index);
    const data = sourceFor("scatter", input, at, source);
    const { scatter1, scatter4, scatter8 } = i32();
    const out = scattered(input, d, at, data, bySize(input, scatter1, scatter4, scatter8));
    return record("scatter", out, [input, data], [at], (g, node) => [
      node.needs(0) ? scatter(g, d, node.saved[0]!, 0) : null,
      node.needs(1) ? gather(g, d, node.saved[0]!) : null,
    ]);
  },
  { value: anyNumber },
);
