import { type Dtype, dtypeHint, isDtype } from "../base/dtype.js";
import type { Kind } from "../base/signature.js";
import { Tensor } from "./tensor.js";

const madeByTensor = (value: unknown): string | undefined =>
  typeof value === "number" || Array.isArray(value) ? "Make it a tensor with tensor(…)" : undefined;

/** The error for a tensor that does not fit because it was freed. */
function freedError(op: string, name: string, value: unknown): Error | undefined {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const freed = values.find((item) => item instanceof Tensor && item.storage.freed);
  return freed instanceof Tensor ? freed.storage.freedError(op, `a live tensor as ${name}`) : undefined;
}

/** A tensor, freed or not. */
export const anyTensor: Kind<Tensor> = {
  expected: "a tensor",
  fits: (value): value is Tensor => value instanceof Tensor,
  isDtype: true,
};

export const tensorKind: Kind<Tensor> = {
  expected: "a tensor",
  fits: (value): value is Tensor => value instanceof Tensor && !value.storage.freed,
  hint: madeByTensor,
  isDtype: true,
  error: freedError,
};

/** A list of tensors. */
export const tensorList: Kind<readonly Tensor[]> = {
  expected: "a list of tensors",
  fits: (value): value is readonly Tensor[] => Array.isArray(value) && value.every(tensorKind.fits),
  isDtype: true,
  error: freedError,
};

/** A tensor, or a number in its place. */
export const operandKind: Kind<Tensor | number> = {
  expected: "a tensor or a number",
  fits: (value): value is Tensor | number => typeof value === "number" || tensorKind.fits(value),
  hint: (value) => (Array.isArray(value) ? "Make it a tensor with tensor(…)" : undefined),
  isDtype: true,
  error: freedError,
};

/** An element type by its name. */
export const dtypeKind: Kind<Dtype> = {
  expected: '"float32", "float64", "int32", "uint8" or "bool"',
  fits: isDtype,
  hint: dtypeHint,
  isDtype: true,
};
