import { normalizeDims, sizeOf } from "../../base/shape.js";
import { boolean, define, dimList } from "../../base/signature.js";
import { dtypeKind, tensorKind } from "../../tensor/kinds.js";
import { mode } from "../../tensor/mode.js";
import { record } from "../../tensor/record.js";
import type { Tensor } from "../../tensor/tensor.js";
import { cast } from "../layout/copy.js";
import { eye } from "../layout/ranges.js";
import { permute, reshape, unsqueeze } from "../layout/views.js";
import { div, mul } from "../pointwise/arithmetic.js";
import { type Dims, expand, reduced, type SumOptions, sumDims } from "../pointwise/broadcast.js";
import { countTrue, eq } from "../pointwise/compare.js";
import { logicalAnd, where } from "../pointwise/where.js";
import { asNumbers, restored } from "./reduce.js";

/**
 * Product over dims, as torch.prod (of one dim, or all). Integers and booleans are multiplied as int32: exactly,
 * or not at all.
 * @throws ValueError for a product that int32 does not hold
 * @see https://pytorch.org/docs/stable/generated/torch.prod.html
 */
export const prod = define(
  "prod",
  { input: tensorKind, dim: dimList, keepdim: boolean },
  (input: Tensor, dim: Dims = null, keepdim: boolean = false, options?: SumOptions): Tensor =>
    product(options?.dtype === undefined ? input : cast(input, options.dtype), dim, keepdim),
  { dtype: dtypeKind },
);

function product(x: Tensor, dim: Dims, keepdim: boolean): Tensor {
  const dims = normalizeDims("prod", dim, x.ndim);
  const values = asNumbers(x);
  const out = reduced("prod", "prod", values, dims, keepdim);
  return record("prod", out, [values], [values, out], (g, node) => {
    const [input, product] = node.saved;
    const back = (y: Tensor): Tensor => restored(y, x.shape, dims, keepdim);
    return [mul(back(g), others(input!, back(product!), dims))];
  });
}

/** For each element the product of the others. */
function others(x: Tensor, product: Tensor, dims: readonly number[]): Tensor {
  const zero = eq(x, 0);
  if (countTrue(zero) === 0) return div(product, x);
  return mode.recording ? othersByPairs(x, dims) : othersByZeros(x, zero, dims);
}

/** No zero: product / x. One zero: the product of the rest there, 0 elsewhere. More zeros: 0. */
function othersByZeros(x: Tensor, zero: Tensor, dims: readonly number[]): Tensor {
  const zeros = sumDims(cast(zero, "int32"), dims, true);
  const filled = where(zero, 1, x);
  const rest = product(filled, dims, true);
  const single = where(logicalAnd(zero, eq(zeros, 1)), rest, 0);
  return where(eq(zeros, 0), div(rest, filled), single);
}

/** r products of r − 1 elements each, whose gradients are right at zeros too. Only for gradients of gradients. */
function othersByPairs(x: Tensor, dims: readonly number[]): Tensor {
  const kept = x.shape.map((_, i) => i).filter((i) => !dims.includes(i));
  const order = [...kept, ...dims];
  const moved = permute(x, order);
  const outer = moved.shape.slice(0, kept.length);
  const r = sizeOf(moved.shape.slice(kept.length));
  const rows = expand(unsqueeze(reshape(moved, [...outer, r]), -2), [...outer, r, r]);
  const products = product(where(eye(r, { dtype: "bool" }), 1, rows), -1, false);
  return permute(
    reshape(products, moved.shape),
    order.map((_, i) => order.indexOf(i)),
  );
}
