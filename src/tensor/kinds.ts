import { type Dtype, dtypeHint, isDtype } from "../base/dtype.js";
import type { Kind } from "../base/signature.js";
import { Tensor } from "./tensor.js";

const madeByTensor = (value: unknown): string | undefined =>
  typeof value === "number" || Array.isArray(value) ? "Make it a tensor with tensor(…)" : undefined;

export const tensorKind: Kind<Tensor> = {
  expected: "a tensor",
  fits: (value) => value instanceof Tensor,
  hint: madeByTensor,
  isDtype: true,
};

/** A tensor, or a number in its place. */
export const operandKind: Kind<Tensor | number> = {
  expected: "a tensor or a number",
  fits: (value) => typeof value === "number" || value instanceof Tensor,
  hint: (value) => (Array.isArray(value) ? "Make it a tensor with tensor(…)" : undefined),
  isDtype: true,
};

/** An element type by its name. */
export const dtypeKind: Kind<Dtype> = {
  expected: '"float32", "float64", "int32", "uint8" or "bool"',
  fits: isDtype,
  hint: dtypeHint,
  isDtype: true,
};

/** A list of tensors. */
export const tensorList: Kind<readonly Tensor[]> = {
  expected: "a list of tensors",
  fits: (value): value is readonly Tensor[] => Array.isArray(value) && value.every(tensorKind.fits),
  isDtype: true,
};
