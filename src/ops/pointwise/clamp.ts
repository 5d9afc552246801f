import { checkHolds } from "../../base/dtype.js";
import { ValueError } from "../../base/errors.js";
import { anyNumber, define, orNull } from "../../base/signature.js";
import { launch } from "../../runtime/launch.js";
import { numericKernels } from "../../tensor/dispatch.js";
import { operandKind, tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous, cast } from "../layout/copy.js";
import { maximum, minimum } from "./arithmetic.js";
import { le } from "./compare.js";
import { logicalAnd, where } from "./where.js";
import { promoteOperands } from "./zip.js";

/** A bound of {@link clamp}; null for none. */
export type Bound = number | Tensor | null;

const boundKind = orNull(operandKind);

/**
 * min(max(x, low), high), as torch.clamp. NaN stays; the gradient passes where low <= x <= high.
 * @param min the lower bound, or both as `{ min, max }`
 * @param max the upper bound
 * @throws ValueError when both are left out, or for one that an integer tensor does not hold
 * @see https://pytorch.org/docs/stable/generated/torch.clamp.html
 * @example
 * ```ts
 * import { tensor } from "simdgrad";
 * const x = tensor([-1, 0.5, 7]);
 * x.clamp(0, 1);
 * x.clamp({ max: 6 });
 * ```
 */
export const clamp = define(
  "clamp",
  { input: tensorKind, min: boundKind, max: boundKind },
  (input: Tensor, min: Bound = null, max: Bound = null): Tensor => bounded(input, min, max),
);

function bounded(x: Tensor, low: Bound, high: Bound): Tensor {
  if (low === null && high === null) throw new ValueError("clamp", "expected min, max or both, got neither");
  if (typeof low !== "object" || typeof high !== "object") {
    if (typeof low !== "object" && typeof high !== "object") return clampNumbers(x, low, high);
    if (typeof low !== "object" && high === null) return clampNumbers(x, low, Number.POSITIVE_INFINITY);
    if (typeof high !== "object" && low === null) return clampNumbers(x, Number.NEGATIVE_INFINITY, high);
  }
  const raised = low === null ? x : maximum(x, low);
  return high === null ? raised : minimum(raised, high);
}

function clampNumbers(x: Tensor, low: number, high: number): Tensor {
  const finite = [low, high].filter((bound) => Number.isFinite(bound));
  const dtype = finite.reduce((widest, bound) => promoteOperands(cast(x, widest), bound), x.dtype);
  for (const bound of finite) checkHolds("clamp", dtype, bound);
  if (dtype === "uint8") return cast(clampNumbers(cast(x, "int32"), low, high), dtype);
  const values = asContiguous(cast(x, dtype));
  const out = empty("clamp", x.shape, dtype);
  const whole = (bound: number): number =>
    dtype === "int32" ? Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, bound)) : bound;
  launch(numericKernels("clamp", dtype).clamp, x.numel, out.ptr, values.ptr, whole(low), whole(high));
  return record("clamp", out, [x], [x], (g, node) => {
    const saved = node.saved[0]!;
    return [where(logicalAnd(le(low, saved), le(saved, high)), g, 0)];
  });
}

/**
 * max(x, min), as torch.clamp_min.
 * @see https://pytorch.org/docs/stable/generated/torch.clamp.html
 */
export const clampMin = define(
  "clampMin",
  { input: tensorKind, min: anyNumber },
  (input: Tensor, min: number): Tensor => bounded(input, min, null),
);

/**
 * min(x, max), as torch.clamp_max.
 * @see https://pytorch.org/docs/stable/generated/torch.clamp.html
 */
export const clampMax = define(
  "clampMax",
  { input: tensorKind, max: anyNumber },
  (input: Tensor, max: number): Tensor => bounded(input, null, max),
);
