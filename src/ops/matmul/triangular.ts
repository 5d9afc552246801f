import { formatShape, ShapeError } from "../../base/errors.js";
import { define, dimNumber } from "../../base/signature.js";
import { tensorKind } from "../../tensor/kinds.js";
import type { Tensor } from "../../tensor/tensor.js";
import { arange } from "../layout/ranges.js";
import { unsqueeze } from "../layout/views.js";
import { sub } from "../pointwise/arithmetic.js";
import { ge, le } from "../pointwise/compare.js";
import { where } from "../pointwise/where.js";

/** The column number minus the row number, for the last two dims of x. */
function offsets(op: string, x: Tensor): Tensor {
  if (x.ndim < 2) throw new ShapeError(op, `expected at least 2 dims, got shape ${formatShape(x.shape)}`);
  return sub(arange(x.shape[x.ndim - 1]!), unsqueeze(arange(x.shape[x.ndim - 2]!), 1));
}

/**
 * The lower triangle of matrices, zeros above, as torch.tril.
 * @param diagonal the highest diagonal that is kept: 0 the main one, positive above it
 * @see https://pytorch.org/docs/stable/generated/torch.tril.html
 */
export const tril = define(
  "tril",
  { input: tensorKind, diagonal: dimNumber },
  (input: Tensor, diagonal: number = 0): Tensor => {
    return where(le(offsets("tril", input), diagonal), input, 0);
  },
);

/**
 * The upper triangle of matrices, zeros below, as torch.triu.
 * @param diagonal the lowest diagonal that is kept
 * @see https://pytorch.org/docs/stable/generated/torch.triu.html
 */
export const triu = define(
  "triu",
  { input: tensorKind, diagonal: dimNumber },
  (input: Tensor, diagonal: number = 0): Tensor => {
    return where(ge(offsets("triu", input), diagonal), input, 0);
  },
);
