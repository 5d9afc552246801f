import { normalizeDims } from "../../base/shape.js";
import { boolean, define, dimList } from "../../base/signature.js";
import { realKernels } from "../../tensor/dispatch.js";
import { tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import type { Tensor } from "../../tensor/tensor.js";
import { detach } from "../layout/copy.js";
import { reshape } from "../layout/views.js";
import { add, mul, sub } from "../pointwise/arithmetic.js";
import { type Dims, sum } from "../pointwise/broadcast.js";
import { isfinite } from "../pointwise/compare.js";
import { exp, log } from "../pointwise/math.js";
import { where } from "../pointwise/where.js";
import { amax, restored } from "./reduce.js";

/**
 * log Σ exp(x) over dims, computed as max + log Σ exp(x − max), as torch.logsumexp.
 * @param dim the dims to reduce; all when null
 * @throws DtypeError for integers, ValueError for a dim out of range
 * @see https://pytorch.org/docs/stable/generated/torch.logsumexp.html
 * @example
 * ```ts
 * import { logsumexp, tensor } from "simdgrad";
 * logsumexp(tensor([[1000, 1000]]), 1); // [1000.6931]
 * ```
 */
export const logsumexp = define(
  "logsumexp",
  { input: tensorKind, dim: dimList, keepdim: boolean },
  (input: Tensor, dim: Dims, keepdim: boolean = false): Tensor => logOfSum(input, dim, keepdim),
);

function logOfSum(x: Tensor, dim: Dims, keepdim: boolean): Tensor {
  realKernels("logsumexp", x.dtype);
  const dims = normalizeDims("logsumexp", dim, x.ndim);
  const values = detach(x);
  const peak = x.numel === 0 ? null : amax(values, dims, true);
  const shift = peak === null ? null : where(isfinite(peak), peak, 0);
  const rest = log(sum(exp(shift === null ? values : sub(values, shift)), dims, keepdim));
  const out = shift === null ? rest : add(rest, reshape(shift, rest.shape));
  return record("logsumexp", out, [x], [x, out], (g, node) => {
    const [input, total] = node.saved;
    const back = (y: Tensor): Tensor => restored(y, x.shape, dims, keepdim);
    return [mul(back(g), exp(sub(input!, back(total!))))];
  });
}
