import { itemSize } from "../../base/dtype.js";
import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import { alwaysFalse, anyNumber, define, dimNumber, orNull } from "../../base/signature.js";
import { i32 } from "../../runtime/kernels.js";
import { launch, launchUnits } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { tensorKind } from "../../tensor/kinds.js";
import { checkInPlace, record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { checkIndex, indexAdd, indexSelect } from "../index/gather.js";
import { nonzero } from "../index/indexing.js";
import { asContiguous, cast, detach, writeElements } from "../layout/copy.js";
import { fillElements, full } from "../layout/factories.js";
import { reshape, unsqueeze } from "../layout/views.js";
import { add, div, mul } from "../pointwise/arithmetic.js";
import { expand } from "../pointwise/broadcast.js";
import { countTrue, gt, ne } from "../pointwise/compare.js";
import { where } from "../pointwise/where.js";
import { norm } from "../reduce/norm.js";

/** The kinds of what a lookup can do beside, in the operation and in the layer. */
export const LOOKUP = {
  paddingIdx: orNull(dimNumber),
  maxNorm: orNull(anyNumber),
  normType: anyNumber,
  scaleGradByFreq: alwaysFalse("Gradients are not divided by how often an index comes"),
  sparse: alwaysFalse("Gradients are dense"),
} as const;

/** Checks the padding row and counts it from the front. */
export function checkPaddingIdx(op: string, index: number | null, rows: number): number | null {
  if (index === null) return null;
  if (!Number.isInteger(index) || index < -rows || index >= rows) {
    throw new ValueError(op, `expected paddingIdx in [${-rows}, ${rows - 1}], got ${index}`);
  }
  return index < 0 ? index + rows : index;
}

/** The rows at checked indices. The gradients of equal indices add up in their order. */
function lookup(weight: Tensor, at: Tensor, shape: readonly number[], padding: number | null): Tensor {
  const [rows, width] = weight.shape as [number, number];
  const data = asContiguous(weight);
  const out = empty("embedding", [...shape, width], weight.dtype);
  const bytes = width * itemSize(weight.dtype);
  const units = out.numel === 0 ? 0 : at.numel;
  launchUnits(i32().indexSelect, units, width, out.ptr, data.ptr, at.ptr, at.numel, rows, bytes);
  return record("embedding", out, [weight], [at], (g, node) => {
    const index = reshape(node.saved[0]!, [-1]);
    const each = reshape(g, [sizeOf(shape), width]);
    const kept = padding === null ? each : where(ne(unsqueeze(index, 1), padding), each, 0);
    return [indexAdd(full([rows, width], 0, { dtype: g.dtype }), 0, index, kept)];
  });
}

/** Each index once, in ascending order. */
function distinct(at: Tensor, rows: number): Tensor {
  const seen = empty("embedding", [rows], "bool");
  const ones = empty("embedding", [at.numel], "bool");
  fillElements(seen, 0);
  fillElements(ones, 1);
  launch(i32().scatter1, 1, seen.ptr, ones.ptr, at.ptr, at.numel, rows, 1);
  return reshape(nonzero(seen), [-1]);
}

/** Scales the rows at the indices that are longer than maxNorm to that norm, in place. */
function renorm(weight: Tensor, at: Tensor, maxNorm: number, normType: number): void {
  if (at.numel === 0) return;
  const [rows, width] = weight.shape as [number, number];
  const which = distinct(at, rows);
  const picked = indexSelect(weight, 0, which);
  const lengths = cast(norm(picked, normType, 1, true), "float64");
  const long = gt(lengths, maxNorm);
  if (countTrue(long) === 0) return;
  const scale = where(long, div(maxNorm, add(lengths, 1e-7)), 1);
  const scaled = mul(picked, cast(scale, weight.dtype));
  const target = asContiguous(weight);
  const places = asContiguous(expand(unsqueeze(which, 1), scaled.shape));
  const { scatter4, scatter8 } = i32();
  const kernel = itemSize(weight.dtype) === 4 ? scatter4 : scatter8;
  launchUnits(kernel, width, which.numel, target.ptr, scaled.ptr, places.ptr, which.numel, rows, width);
  if (target !== weight) writeElements(weight, target);
  else weight.storage.version++;
}

/**
 * Rows of a matrix by number, as torch.nn.functional.embedding.
 * @param input indices, int32 of any shape
 * @param weight [rows, width]; with `maxNorm` it is written to, outside of the graph
 * @param paddingIdx a row that gets no gradient, for tokens that fill up a batch; negative counts from the end
 * @param maxNorm the largest norm of a row: longer rows are shortened first, in the weight itself
 * @param normType the p of that norm
 * @returns the input's shape with one dim more, [*, width]
 * @throws ValueError for an index or paddingIdx out of range
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.embedding.html
 * @example
 * ```ts
 * import { F, tensor } from "simdgrad";
 * const weight = tensor([[1, 2], [3, 4], [5, 6]]);
 * F.embedding(tensor([2, 0], { dtype: "int32" }), weight); // [[5, 6], [1, 2]]
 * ```
 */
export const embedding = define(
  "embedding",
  { input: tensorKind, weight: tensorKind, ...LOOKUP },
  (
    input: Tensor,
    weight: Tensor,
    paddingIdx: number | null = null,
    maxNorm: number | null = null,
    normType: number = 2,
    _scaleGradByFreq: boolean = false,
    _sparse: boolean = false,
  ): Tensor => rowsAt(input, weight, paddingIdx, maxNorm, normType),
);

function rowsAt(
  indices: Tensor,
  weight: Tensor,
  paddingIdx: number | null,
  maxNorm: number | null,
  normType: number,
): Tensor {
  if (weight.ndim !== 2) {
    throw new ShapeError("embedding", `expected a weight [rows, width], got ${formatShape(weight.shape)}`);
  }
  const padding = checkPaddingIdx("embedding", paddingIdx, weight.shape[0]!);
  const at = checkIndex("embedding", indices, weight.shape[0]!);
  if (maxNorm !== null) {
    realKernels("embedding", weight.dtype); // refuses other types
    const values = detach(weight);
    checkInPlace("embedding", values);
    renorm(values, at, maxNorm, normType);
  }
  return lookup(weight, at, indices.shape, padding);
}
