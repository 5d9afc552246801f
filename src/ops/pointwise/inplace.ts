import { checkHolds, isFloat } from "../../base/dtype.js";
import { DtypeError, formatShape, ShapeError } from "../../base/errors.js";
import { broadcastShapes, sameShape } from "../../base/shape.js";
import { anyNumber, define, oneOf, orNull } from "../../base/signature.js";
import { checkFill } from "../../tensor/check.js";
import { operandKind, tensorKind } from "../../tensor/kinds.js";
import { checkInPlace, notify } from "../../tensor/record.js";
import type { Tensor } from "../../tensor/tensor.js";
import { cast, writeElements } from "../layout/copy.js";
import { fillElements, full } from "../layout/factories.js";
import { type AlphaOptions, add, type DivOptions, div, mul, sub } from "./arithmetic.js";
import { type Bound, clamp } from "./clamp.js";
import { maskedFill } from "./where.js";
import { checkNumbers, type Operand, promoteOperands, type ZipName, zipInto } from "./zip.js";

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
  checkNumbers(op, promoteOperands(x, other), [other]);
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

/** What an operation in place on two operands takes. */
const PAIR = { input: tensorKind, other: operandKind } as const;
const boundKind = orNull(operandKind);

/**
 * x += alpha·other, as torch.Tensor.add_.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.add_.html
 */
export const add_ = define(
  "add_",
  PAIR,
  (input: Tensor, other: Operand, { alpha = 1 }: AlphaOptions = {}): Tensor => {
    if (alpha !== 1) return add_(input, typeof other === "number" ? other * alpha : mul(other, alpha));
    return overwrite("add_", "add", input, other, () => add(input, other));
  },
  { alpha: anyNumber },
);

/**
 * x -= alpha·other, as torch.Tensor.sub_.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.sub_.html
 */
export const sub_ = define(
  "sub_",
  PAIR,
  (input: Tensor, other: Operand, { alpha = 1 }: AlphaOptions = {}): Tensor => {
    if (alpha !== 1) return sub_(input, typeof other === "number" ? other * alpha : mul(other, alpha));
    return overwrite("sub_", "sub", input, other, () => sub(input, other));
  },
  { alpha: anyNumber },
);

/**
 * x *= other, as torch.Tensor.mul_.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.mul_.html
 */
export const mul_ = define(
  "mul_",
  PAIR,
  (input: Tensor, other: Operand): Tensor => overwrite("mul_", "mul", input, other, () => mul(input, other)),
);

/**
 * x /= other, as torch.Tensor.div_.
 * @throws DtypeError for integers unless a rounding mode is given
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.div_.html
 */
export const div_ = define(
  "div_",
  PAIR,
  (input: Tensor, other: Operand, { roundingMode = null }: DivOptions = {}): Tensor => {
    if (!isFloat(input.dtype) && roundingMode === null) {
      throw new DtypeError(
        "div_",
        `expected a float tensor, got ${input.dtype}`,
        'Pass { roundingMode: "floor" }, or use div',
      );
    }
    if (roundingMode === null) return overwrite("div_", "div", input, other, () => div(input, other));
    return written("div_", input, [other], () => div(input, other, { roundingMode }));
  },
  { roundingMode: orNull(oneOf("floor", "trunc")) },
);

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
export const clamp_ = define(
  "clamp_",
  { input: tensorKind, min: boundKind, max: boundKind },
  (input: Tensor, min: Bound = null, max: Bound = null): Tensor => {
    return written(
      "clamp_",
      input,
      [min, max].filter((bound) => typeof bound !== "number"),
      () => clamp(input, min, max),
    );
  },
);

/**
 * Overwrites every element with a value, as torch.Tensor.fill_.
 * @throws ValueError for a number that an integer tensor does not hold
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.fill_.html
 */
export const fill_ = define(
  "fill_",
  { input: tensorKind, value: operandKind },
  (input: Tensor, value: Operand): Tensor => {
    checkInPlace("fill_", input, tensorsIn([value]));
    if (typeof value !== "number") checkFill("fill_", input.dtype, value);
    const number = typeof value === "number" ? value : value.item();
    checkHolds("fill_", input.dtype, number);
    if (!input.isContiguous()) {
      writeElements(input, full([], number, { dtype: input.dtype }));
      return input;
    }
    fillElements(input, number);
    input.storage.version++;
    return input;
  },
);

/**
 * Overwrites every element with 0, as torch.Tensor.zero_.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.zero_.html
 */
export const zero_ = define("zero_", { input: tensorKind }, (input: Tensor): Tensor => {
  checkInPlace("zero_", input);
  return fill_(input, 0);
});

/**
 * Overwrites the elements where the mask holds, as torch.Tensor.masked_fill_.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.masked_fill_.html
 */
export const maskedFill_ = define(
  "maskedFill_",
  { input: tensorKind, mask: tensorKind, value: operandKind },
  (input: Tensor, mask: Tensor, value: Operand): Tensor =>
    written("maskedFill_", input, [value], () => maskedFill(input, mask, value)),
);
