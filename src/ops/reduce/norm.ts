import { isFloat, promote } from "../../base/dtype.js";
import { DtypeError } from "../../base/errors.js";
import { broadcastShapes, normalizeDim, normalizeDims } from "../../base/shape.js";
import { anyNumber, boolean, define, dimList, dimNumber } from "../../base/signature.js";
import { realKernels } from "../../tensor/dispatch.js";
import { dtypeKind, tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import type { Tensor } from "../../tensor/tensor.js";
import { cast, detach } from "../layout/copy.js";
import { div, mul } from "../pointwise/arithmetic.js";
import { type Dims, expand, type SumOptions, sum } from "../pointwise/broadcast.js";
import { clampMin } from "../pointwise/clamp.js";
import { eq, ne } from "../pointwise/compare.js";
import { abs, pow, sign } from "../pointwise/math.js";
import { where } from "../pointwise/where.js";
import { amax, amin, restored } from "./reduce.js";

/**
 * The p-norm over dims, (sum |x|^p)^(1/p), as torch.norm. p may be Infinity (the largest |x|), -Infinity (the smallest)
 * or 0 (the number of elements that are not 0, which has no gradient). Where the norm is 0 its gradient is 0; without
 * elements it is 0.
 * @param p 2 when left out
 * @param dim the dims to reduce; all when null or left out
 * @throws DtypeError for integers
 * @see https://pytorch.org/docs/stable/generated/torch.norm.html
 */
export const norm = define(
  "norm",
  { input: tensorKind, p: anyNumber, dim: dimList, keepdim: boolean },
  (input: Tensor, p: number = 2, dim: Dims = null, keepdim: boolean = false, options?: SumOptions): Tensor =>
    length(options?.dtype === undefined ? input : cast(input, options.dtype), p, dim, keepdim),
  { dtype: dtypeKind },
);

/** (Σ |x|^p)^(1/p) over dims. */
function length(x: Tensor, p: number, dim: Dims, keepdim: boolean): Tensor {
  if (!isFloat(x.dtype)) {
    throw new DtypeError("norm", `expected a float tensor, got ${x.dtype}`, "Convert it with .float() or .double()");
  }
  if (x.numel === 0) return sum(x, dim, keepdim);
  if (p === Number.POSITIVE_INFINITY) return amax(abs(x), dim, keepdim);
  if (p === Number.NEGATIVE_INFINITY) return amin(abs(x), dim, keepdim);
  if (p === 1) return sum(abs(x), dim, keepdim);
  if (p === 0) return record("norm", sum(cast(ne(x, 0), x.dtype), dim, keepdim), [x], [], () => [null]);
  const dims = normalizeDims("norm", dim, x.ndim);
  const values = detach(x);
  const rounded = Math.fround(p); // as PyTorch, but for gradients
  const powers = p === 2 ? mul(values, values) : pow(abs(values), rounded);
  const out = pow(sum(powers, dims, keepdim), 1 / rounded);
  return record("norm", out, [x], [x, out], (g, node) => {
    const [input, size] = node.saved;
    const back = (y: Tensor): Tensor => restored(y, x.shape, dims, keepdim);
    if (p === 2) return [mul(input!, back(where(eq(size!, 0), 0, div(g, size!))))];
    const factor = back(where(eq(size!, 0), 0, div(g, pow(size!, p - 1))));
    const slope = pow(abs(input!), p - 1);
    return [mul(mul(sign(input!), p < 1 ? where(eq(input!, 0), 0, slope) : slope), factor)];
  });
}

/** Options of {@link normalize}. */
export type NormalizeOptions = {
  /** The smallest divisor (1e-12). */
  eps?: number;
};

/**
 * x divided by its p-norms along a dim, as torch.nn.functional.normalize: rows of length 1.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html
 */
export const normalize = define(
  "normalize",
  { input: tensorKind, p: anyNumber, dim: dimList, eps: anyNumber },
  (input: Tensor, p: number = 2, dim: Dims = 1, eps: number = 1e-12): Tensor =>
    div(input, expand(clampMin(length(input, p, dim, true), eps), input.shape)),
);

/** Options of {@link cosineSimilarity}. */
export type CosineSimilarityOptions = {
  /** The smallest length: shorter vectors are divided by it (1e-8). */
  eps?: number;
};

/** Lengths along a dim, at least eps. The gradient is g·x / length with this length, as in PyTorch. */
function lengths(x: Tensor, dim: number, eps: number): Tensor {
  const out = clampMin(length(detach(x), 2, dim, true), eps);
  return record("norm", out, [x], [x, out], (g, node) => [mul(node.saved[0]!, div(g, node.saved[1]!))]);
}

/**
 * The cosine of the angle between vectors along a dim of two tensors that broadcast, as
 * torch.nn.functional.cosine_similarity.
 * @param dim the dim of the vectors' elements (1)
 * @returns the broadcast shape without that dim
 * @throws DtypeError for integers
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.cosine_similarity.html
 * @example
 * ```ts
 * import { F, tensor } from "simdgrad";
 * F.cosineSimilarity(tensor([[3, 4]]), tensor([[4, 3]])); // [0.9600]
 * ```
 */
export const cosineSimilarity = define(
  "cosineSimilarity",
  { x1: tensorKind, x2: tensorKind, dim: dimNumber, eps: anyNumber },
  (x1: Tensor, x2: Tensor, dim: number = 1, eps: number = 1e-8): Tensor => cosines(x1, x2, dim, eps),
);

function cosines(a: Tensor, b: Tensor, dim: number, eps: number): Tensor {
  const dtype = promote(a.dtype, b.dtype);
  realKernels("cosineSimilarity", dtype); // refuses other types
  const shape = broadcastShapes("cosineSimilarity", a.shape, b.shape);
  const d = normalizeDim("cosineSimilarity", dim, shape.length);
  const [x, y] = [expand(cast(a, dtype), shape), expand(cast(b, dtype), shape)];
  return sum(mul(div(x, lengths(x, d, eps)), div(y, lengths(y, d, eps))), d);
}
