import { normalizeDim, sizeOf } from "../../base/shape.js";
import { launchUnits } from "../../runtime/launch.js";
import { numericKernels } from "../../tensor/dispatch.js";
import { record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous } from "../layout/copy.js";
import { flip } from "../layout/views.js";
import { asNumbers } from "./reduce.js";

/**
 * Running sums along a dim, as torch.cumsum (accumulated in float64). Integers and booleans give int32.
 * @see https://pytorch.org/docs/stable/generated/torch.cumsum.html
 */
export function cumsum(x: Tensor, dim: number): Tensor {
  const d = normalizeDim("cumsum", dim, x.ndim);
  const values = asNumbers(x);
  const data = asContiguous(values);
  const out = empty("cumsum", x.shape, values.dtype);
  const inner = sizeOf(x.shape.slice(d + 1));
  const r = x.shape[d] ?? 1;
  const columns = x.numel === 0 ? 0 : x.numel / r;
  launchUnits(numericKernels("cumsum", values.dtype).cumsum, columns, r, out.ptr, data.ptr, r, inner);
  return record("cumsum", out, [values], [], (g) => [x.ndim === 0 ? g : flip(cumsum(flip(g, d), d), d)]);
}
