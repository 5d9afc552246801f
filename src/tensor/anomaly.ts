import { isFloat } from "../base/dtype.js";
import { formatShape, ValueError } from "../base/errors.js";
import { runningPath } from "./running.js";
import type { Tensor } from "./tensor.js";

/** The first element that is NaN or Inf, as text, or null. */
function firstNonFinite(tensor: Tensor): string | null {
  if (!isFloat(tensor.dtype)) return null;
  const values = tensor.toTypedArray();
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) return `${values[i]} at element ${i} of ${values.length}`;
  }
  return null;
}

/** In anomaly mode: throws where the first NaN or Inf appears, naming the operation and the module. */
export function checkFinite(op: string, out: Tensor, inputs: readonly Tensor[]): void {
  const found = firstNonFinite(out);
  if (found === null) return;
  const source = inputs.map((input) => {
    const bad = firstNonFinite(input);
    return `${formatShape(input.shape)}${bad === null ? "" : ` (already ${bad})`}`;
  });
  const where = runningPath();
  const place = where === "" ? "" : ` in ${where}`;
  const from = source.length === 0 ? "" : `; its inputs: ${source.join(", ")}`;
  throw new ValueError("detectAnomaly", `expected finite values, got ${found} from ${op}${place}${from}`);
}
