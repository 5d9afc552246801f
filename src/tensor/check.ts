import { checkHolds, type Dtype } from "../base/dtype.js";
import { formatShape, ShapeError } from "../base/errors.js";
import type { Tensor } from "./tensor.js";

/** Throws unless a tensor has no dims, and a number that `dtype` holds. */
export function checkFill(op: string, dtype: Dtype, value: Tensor): void {
  if (value.ndim > 0) {
    throw new ShapeError(op, `expected a value without dims, got shape ${formatShape(value.shape)}`, "Use where");
  }
  if (!value.storage.virtual) checkHolds(op, dtype, value.item());
}
