import { checkHolds, type Dtype, promote } from "../../base/dtype.js";
import { ValueError } from "../../base/errors.js";
import { anyNumber, define, orNull } from "../../base/signature.js";
import { launch } from "../../runtime/launch.js";
import { numericKernels } from "../../tensor/dispatch.js";
import { operandKind, tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous, cast } from "../layout/copy.js";
import { sumTo } from "./broadcast.js";
import { gt, le, lt } from "./compare.js";
import { logicalAnd, logicalOr, where } from "./where.js";
import { type Operand, promoteOperands, zip } from "./zip.js";

/** A bound of {@link clamp}; null for none. */
export type Bound = number | Tensor | null;

const boundKind = orNull(operandKind);

/**
 * min(max(x, low), high), as torch.clamp. NaN stays; the gradient passes where low <= x <= high, and else goes to the bound if that is a
 * tensor.
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
  return clampTensors(x, low, high);
}

/** Where the gradient goes to x, to the lower bound and to the upper one. Ties are those of numbers: x gets it. */
const RULES = [
  (x: Operand, low: Operand, high: Operand): Tensor => logicalAnd(le(low, x), le(x, high)),
  (x: Operand, low: Operand, high: Operand): Tensor => logicalAnd(lt(x, low), lt(low, high)),
  (x: Operand, low: Operand, high: Operand): Tensor => logicalOr(gt(x, high), lt(high, low)),
] as const;

/** Between bounds of which one or both are tensors. */
function clampTensors(x: Tensor, low: Bound, high: Bound): Tensor {
  const dtype = [low, high].reduce<Dtype>(
    (widest, bound) => (bound === null ? widest : promote(widest, promoteOperands(x, bound))),
    "bool",
  );
  const converted = (t: Operand): Operand => (typeof t === "number" ? t : cast(t, dtype));
  const value = cast(x, dtype);
  const least = converted(low ?? Number.NEGATIVE_INFINITY);
  const most = converted(high ?? Number.POSITIVE_INFINITY);
  const raised = low === null ? value : zip("maximum", value, least, dtype);
  const out = high === null ? raised : zip("minimum", raised, most, dtype);
  const operands = [value, least, most];
  const inputs = operands.filter((t) => typeof t !== "number");
  return record("clamp", out, inputs, inputs, (g, node) => {
    const saved = [...node.saved];
    const [a, b, c] = operands.map((t) => (typeof t === "number" ? t : saved.shift()!)) as [Operand, Operand, Operand];
    const rules = RULES.filter((_, role) => typeof operands[role] !== "number");
    return rules.map((rule, i) => (node.needs(i) ? sumTo(where(rule(a, b, c), g, 0), inputs[i]!.shape) : null));
  });
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
