import { isFloat, promote } from "../../base/dtype.js";
import { broadcastShapes, sameShape } from "../../base/shape.js";
import { define } from "../../base/signature.js";
import { i32 } from "../../runtime/kernels.js";
import { launch } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { operandKind, tensorKind } from "../../tensor/kinds.js";
import { notify } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous, cast } from "../layout/copy.js";
import { checkNumbers, type Operand, promoteOperands, type ZipName, zip } from "./zip.js";

// Comparisons give bool tensors and have no gradients.

function compare(name: string, kernel: ZipName, a: Operand, b: Operand, exchanged = false): Tensor {
  if (typeof a !== "number" && typeof b !== "number") broadcastShapes(name, a.shape, b.shape);
  const [x, y] = exchanged ? [b, a] : [a, b];
  const dtype = promote(promoteOperands(a, b), "int32");
  checkNumbers(name, dtype, [a, b]);
  return notify(name, zip(kernel, x, y, dtype, "bool"), [a, b]);
}

/** What a comparison takes. */
const PAIR = { input: operandKind, other: operandKind } as const;

/**
 * a == b with broadcasting, as torch.eq.
 * @see https://pytorch.org/docs/stable/generated/torch.eq.html
 */
export const eq = define("eq", PAIR, (input: Operand, other: Operand): Tensor => compare("eq", "eq", input, other));

/**
 * a != b with broadcasting, as torch.ne.
 * @see https://pytorch.org/docs/stable/generated/torch.ne.html
 */
export const ne = define("ne", PAIR, (input: Operand, other: Operand): Tensor => compare("ne", "ne", input, other));

/**
 * a < b with broadcasting, as torch.lt.
 * @see https://pytorch.org/docs/stable/generated/torch.lt.html
 */
export const lt = define("lt", PAIR, (input: Operand, other: Operand): Tensor => compare("lt", "lt", input, other));

/**
 * a <= b with broadcasting, as torch.le.
 * @see https://pytorch.org/docs/stable/generated/torch.le.html
 */
export const le = define("le", PAIR, (input: Operand, other: Operand): Tensor => compare("le", "le", input, other));

/**
 * a > b with broadcasting, as torch.gt.
 * @see https://pytorch.org/docs/stable/generated/torch.gt.html
 */
export const gt = define(
  "gt",
  PAIR,
  (input: Operand, other: Operand): Tensor => compare("gt", "lt", input, other, true),
);

/**
 * a >= b with broadcasting, as torch.ge.
 * @see https://pytorch.org/docs/stable/generated/torch.ge.html
 */
export const ge = define(
  "ge",
  PAIR,
  (input: Operand, other: Operand): Tensor => compare("ge", "le", input, other, true),
);

/**
 * Where x is NaN, as torch.isnan.
 * @see https://pytorch.org/docs/stable/generated/torch.isnan.html
 */
export const isnan = define(
  "isnan",
  { input: tensorKind },
  (input: Tensor): Tensor => compare("isnan", "ne", input, input),
);

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
export const isinf = define("isinf", { input: tensorKind }, (input: Tensor): Tensor => test("isinf", input));

/**
 * Where x is neither infinite nor NaN, as torch.isfinite.
 * @see https://pytorch.org/docs/stable/generated/torch.isfinite.html
 */
export const isfinite = define("isfinite", { input: tensorKind }, (input: Tensor): Tensor => test("isfinite", input));

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
export const equal = define(
  "equal",
  { input: tensorKind, other: tensorKind },
  (input: Tensor, other: Tensor): boolean =>
    sameShape(input.shape, other.shape) && countTrue(eq(input, other)) === input.numel,
);
