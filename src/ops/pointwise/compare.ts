import { isFloat, promote } from "../../base/dtype.js";
import { broadcastShapes, sameShape } from "../../base/shape.js";
import { i32 } from "../../runtime/kernels.js";
import { launch } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { notify } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous, cast } from "../layout/copy.js";
import { type Operand, promoteOperands, type ZipName, zip } from "./zip.js";

// Comparisons give bool tensors and have no gradients.

function compare(name: string, kernel: ZipName, a: Operand, b: Operand, exchanged = false): Tensor {
  if (typeof a !== "number" && typeof b !== "number") broadcastShapes(name, a.shape, b.shape);
  const [x, y] = exchanged ? [b, a] : [a, b];
  return notify(name, zip(kernel, x, y, promote(promoteOperands(a, b), "int32"), "bool"), [a, b]);
}

/**
 * a == b with broadcasting, as torch.eq.
 * @see https://pytorch.org/docs/stable/generated/torch.eq.html
 */
export function eq(a: Operand, b: Operand): Tensor {
  return compare("eq", "eq", a, b);
}

/**
 * a != b with broadcasting, as torch.ne.
 * @see https://pytorch.org/docs/stable/generated/torch.ne.html
 */
export function ne(a: Operand, b: Operand): Tensor {
  return compare("ne", "ne", a, b);
}

/**
 * a < b with broadcasting, as torch.lt.
 * @see https://pytorch.org/docs/stable/generated/torch.lt.html
 */
export function lt(a: Operand, b: Operand): Tensor {
  return compare("lt", "lt", a, b);
}

/**
 * a <= b with broadcasting, as torch.le.
 * @see https://pytorch.org/docs/stable/generated/torch.le.html
 */
export function le(a: Operand, b: Operand): Tensor {
  return compare("le", "le", a, b);
}

/**
 * a > b with broadcasting, as torch.gt.
 * @see https://pytorch.org/docs/stable/generated/torch.gt.html
 */
export function gt(a: Operand, b: Operand): Tensor {
  return compare("gt", "lt", a, b, true);
}

/**
 * a >= b with broadcasting, as torch.ge.
 * @see https://pytorch.org/docs/stable/generated/torch.ge.html
 */
export function ge(a: Operand, b: Operand): Tensor {
  return compare("ge", "le", a, b, true);
}

/**
 * Where x is NaN, as torch.isnan.
 * @see https://pytorch.org/docs/stable/generated/torch.isnan.html
 */
export function isnan(x: Tensor): Tensor {
  return compare("isnan", "ne", x, x);
}

function test(name: "isinf" | "isfinite", x: Tensor): Tensor {
  const values = isFloat(x.dtype) ? asContiguous(x) : asContiguous(cast(x, "float32"));
  const out = empty(name, x.shape, "bool");
  launch(realKernels(name, values.dtype)[name], x.numel, out.ptr, values.ptr);
  return notify(name, out, [x]);
}

/**
 * Where x is +Infinity or -Infinity, as torch.isinf.
 * @see https://pytorch.org/docs/stable/generated/torch.isinf.html
 */
export function isinf(x: Tensor): Tensor {
  return test("isinf", x);
}

/**
 * Where x is neither infinite nor NaN, as torch.isfinite.
 * @see https://pytorch.org/docs/stable/generated/torch.isfinite.html
 */
export function isfinite(x: Tensor): Tensor {
  return test("isfinite", x);
}

/** How many elements are not 0. */
export function countTrue(x: Tensor): number {
  const mask = asContiguous(cast(x, "bool"));
  if (mask.storage.virtual) throw mask.storage.valueless("countNonzero");
  return mask.numel === 0 ? 0 : i32().countNonzero(mask.ptr, mask.numel);
}

/**
 * Whether two tensors have the same shape and elements, as torch.equal (NaN equals nothing).
 * @see https://pytorch.org/docs/stable/generated/torch.equal.html
 */
export function equal(a: Tensor, b: Tensor): boolean {
  return sameShape(a.shape, b.shape) && countTrue(eq(a, b)) === a.numel;
}
