import { normalizeDim, sizeOf } from "../../base/shape.js";
import { define, dimNumber } from "../../base/signature.js";
import { launchUnits } from "../../runtime/launch.js";
import { numericKernels } from "../../tensor/dispatch.js";
import { dtypeKind, tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous, cast } from "../layout/copy.js";
import { flip } from "../layout/views.js";
import type { SumOptions } from "../pointwise/broadcast.js";
import { checkExact } from "../pointwise/exact.js";
import { asNumbers } from "./reduce.js";

/**
 * Running sums along a dim, as torch.cumsum (accumulated in float64). Integers and booleans give int32.
 * @throws ValueError for a sum that int32 does not hold
 * @see https://pytorch.org/docs/stable/generated/torch.cumsum.html
 */
export const cumsum = define(
  "cumsum",
  { input: tensorKind, dim: dimNumber },
  (input: Tensor, dim: number, options?: SumOptions): Tensor =>
    cumulate(options?.dtype === undefined ? input : cast(input, options.dtype), dim),
  { dtype: dtypeKind },
);

function cumulate(x: Tensor, dim: number): Tensor {
  const d = normalizeDim("cumsum", dim, x.ndim);
  const values = asNumbers(x);
  const data = asContiguous(values);
  const out = empty("cumsum", x.shape, values.dtype);
  const inner = sizeOf(x.shape.slice(d + 1));
  const r = x.shape[d] ?? 1;
  const columns = x.numel === 0 ? 0 : x.numel / r;
  launchUnits(numericKernels("cumsum", values.dtype).cumsum, columns, r, out.ptr, data.ptr, r, inner);
  if (values.dtype === "int32") checkExact("cumsum", out, data, r, (wide) => cumulate(wide, d));
  return record("cumsum", out, [values], [], (g) => [x.ndim === 0 ? g : flip(cumulate(flip(g, d), d), d)]);
}
