import { isFloat } from "../../base/dtype.js";
import { DtypeError, formatShape, ShapeError } from "../../base/errors.js";
import { broadcastShapes, sameShape } from "../../base/shape.js";
import { checkInPlace, notify } from "../../tensor/record.js";
import type { Tensor } from "../../tensor/tensor.js";
import { cast, writeElements } from "../layout/copy.js";
import { fillElements, full } from "../layout/factories.js";
import { type AlphaOptions, add, type DivOptions, div, mul, sub } from "./arithmetic.js";
import { type Bound, clamp } from "./clamp.js";
import { maskedFill } from "./where.js";
import { type Operand, promoteOperands, type ZipName, zipInto } from "./zip.js";

// Operations that write into their first operand and return it. Tensors that need gradients ask for noGrad.

const tensorsIn = (operands: readonly unknown[]): Tensor[] =>
  operands.filter((x): x is Tensor => typeof x === "object" && x !== null && "storage" in x);

/** Throws if the result would have another shape than x, or be a float where x is none. */
function checkOperand(op: string, x: Tensor, other: Operand): void {
  if (typeof other !== "number" && !sameShape(broadcastShapes(op, x.shape, other.shape), x.shape)) {
    throw new ShapeError(
      op,
      `expected an operand that broadcasts to ${formatShape(x.shape)}, got ${formatShape(other.shape)}`,
    );
  }
  if (isFloat(promoteOperands(x, other)) && !isFloat(x.dtype)) {
    throw new DtypeError(op, `expected an operand that ${x.dtype} can hold, got a float`, `Use ${op.replace("_", "")}`);
  }
}

/** Lets the kernel write over x where x is contiguous, else copies the result of the plain operation into x. */
function overwrite(op: string, kernel: ZipName, x: Tensor, other: Operand, plain: () => Tensor): Tensor {
  checkInPlace(op, x, tensorsIn([other]));
  checkOperand(op, x, other);
  const direct = x.isContiguous() && x.dtype !== "bool" && x.dtype !== "uint8" && promoteOperands(x, other) === x.dtype;
  if (direct && !overlaps(x, other)) {
    zipInto(kernel, x, x, typeof other === "number" ? other : cast(other, x.dtype), x.dtype);
    x.storage.version++;
    return notify(op, x, [x, other]);
  }
  writeElements(x, cast(plain(), x.dtype));
  return notify(op, x, [x, other]);
}

/** Whether writing x element by element would change elements of `other` before they are read. */
function overlaps(x: Tensor, other: Operand): boolean {
  if (typeof other === "number" || other.storage !== x.storage) return false;
  return !(other.offset === x.offset && sameShape(other.shape, x.shape) && other.isContiguous());
}

/**
 * x += alpha·other, as torch.Tensor.add_.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.add_.html
 */
export function add_(x: Tensor, other: Operand, options: AlphaOptions = {}): Tensor {
  const alpha = options.alpha ?? 1;
  if (alpha !== 1) return add_(x, typeof other === "number" ? other * alpha : mul(other, alpha));
  return overwrite("add_", "add", x, other, () => add(x, other));
}

/**
 * x -= alpha·other, as torch.Tensor.sub_.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.sub_.html
 */
export function sub_(x: Tensor, other: Operand, options: AlphaOptions = {}): Tensor {
  const alpha = options.alpha ?? 1;
  if (alpha !== 1) return sub_(x, typeof other === "number" ? other * alpha : mul(other, alpha));
  return overwrite("sub_", "sub", x, other, () => sub(x, other));
}

/**
 * x *= other, as torch.Tensor.mul_.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.mul_.html
 */
export function mul_(x: Tensor, other: Operand): Tensor {
  return overwrite("mul_", "mul", x, other, () => mul(x, other));
}

/**
 * x /= other, as torch.Tensor.div_.
 * @throws DtypeError for integers unless a rounding mode is given
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.div_.html
 */
export function div_(x: Tensor, other: Operand, options: DivOptions = {}): Tensor {
  const rounding = options.roundingMode ?? null;
  if (!isFloat(x.dtype) && rounding === null) {
    throw new DtypeError(
      "div_",
      `expected a float tensor, got ${x.dtype}`,
      'Pass { roundingMode: "floor" }, or use div',
    );
  }
  if (rounding === null) return overwrite("div_", "div", x, other, () => div(x, other));
  return written("div_", x, [other], () => div(x, other, options));
}

/** Checks x and the operands, then copies the result of `compute` into x. */
function written(op: string, x: Tensor, operands: readonly unknown[], compute: () => Tensor): Tensor {
  checkInPlace(op, x, tensorsIn(operands));
  for (const operand of operands) {
    if (typeof operand === "number") checkOperand(op, x, operand);
  }
  for (const operand of tensorsIn(operands)) checkOperand(op, x, operand);
  const result = compute();
  if (!sameShape(result.shape, x.shape)) {
    const problem = `expected operands that broadcast to ${formatShape(x.shape)}, got a result of ${formatShape(result.shape)}`;
    throw new ShapeError(op, problem);
  }
  writeElements(x, cast(result, x.dtype));
  return notify(op, x, [x, ...operands]);
}

/**
 * Keeps x within bounds, as torch.Tensor.clamp_.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.clamp_.html
 */
export function clamp_(x: Tensor, min?: Bound | { min?: Bound; max?: Bound }, max: Bound = null): Tensor {
  return written(
    "clamp_",
    x,
    [min, max].filter((bound) => typeof bound !== "number"),
    () => clamp(x, min, max),
  );
}

/**
 * Overwrites every element with a value, as torch.Tensor.fill_.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.fill_.html
 */
export function fill_(x: Tensor, value: Operand): Tensor {
  checkInPlace("fill_", x, tensorsIn([value]));
  const number = typeof value === "number" ? value : value.item();
  if (!x.isContiguous()) {
    writeElements(x, full([], number, { dtype: x.dtype }));
    return x;
  }
  fillElements(x, number);
  x.storage.version++;
  return x;
}

/**
 * Overwrites every element with 0, as torch.Tensor.zero_.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.zero_.html
 */
export function zero_(x: Tensor): Tensor {
  checkInPlace("zero_", x);
  return fill_(x, 0);
}

/**
 * Overwrites the elements where the mask holds, as torch.Tensor.masked_fill_.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.masked_fill_.html
 */
export function maskedFill_(x: Tensor, mask: Tensor, value: Operand): Tensor {
  return written("maskedFill_", x, [value], () => maskedFill(x, mask, value));
}
