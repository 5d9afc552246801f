import { checkHolds, type Dtype } from "../base/dtype.js";
import { DtypeError, formatShape, ShapeError } from "../base/errors.js";
import { Tensor } from "./tensor.js";

/** How an error names a value of any kind. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  return value === null || value === undefined ? String(value) : `a ${typeof value}`;
}

/**
 * Throws unless `value` is a tensor, for callers without TypeScript.
 * @param name the argument's name in the documentation
 */
export function checkTensor(op: string, name: string, value: unknown): void {
  if (value instanceof Tensor) return;
  const hint = typeof value === "number" || Array.isArray(value) ? "Make it a tensor with tensor(…)" : undefined;
  throw new DtypeError(op, `expected a tensor as ${name}, got ${kindOf(value)}`, hint);
}

/** As {@link checkTensor}, for operations that also take numbers. */
export function checkOperand(op: string, value: unknown): void {
  if (typeof value !== "number" && !(value instanceof Tensor)) {
    throw new DtypeError(
      op,
      `expected a tensor or a number, got ${kindOf(value)}`,
      "Make arrays tensors with tensor([…])",
    );
  }
}

/** Throws unless a tensor has no dims, and a number that `dtype` holds. */
export function checkFill(op: string, dtype: Dtype, value: Tensor): void {
  if (value.ndim > 0) {
    throw new ShapeError(op, `expected a value without dims, got shape ${formatShape(value.shape)}`, "Use where");
  }
  if (!value.storage.virtual) checkHolds(op, dtype, value.item());
}
