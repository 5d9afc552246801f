import { checkHolds, type Dtype, itemSize } from "../../base/dtype.js";
import { DtypeError } from "../../base/errors.js";
import { broadcastShapes, type Shape, sameShape } from "../../base/shape.js";
import { define } from "../../base/signature.js";
import { writeScalar, writeStruct } from "../../runtime/heap.js";
import { i32 } from "../../runtime/kernels.js";
import { launch, launchUnits } from "../../runtime/launch.js";
import { checkFill } from "../../tensor/check.js";
import { operandKind, tensorKind } from "../../tensor/kinds.js";
import { notify, record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { cast } from "../layout/copy.js";
import { sumTo } from "./broadcast.js";
import { type Operand, promoteOperands, stridesIn } from "./zip.js";

/** Runs the kernel over the broadcast shape of a bool tensor and two operands of one type. */
function choose(op: string, condition: Tensor, a: Operand, b: Operand, dtype: Dtype): Tensor {
  for (const operand of [a, b]) if (typeof operand === "number") checkHolds(op, dtype, operand);
  let shape: Shape = condition.shape;
  for (const operand of [a, b]) if (typeof operand !== "number") shape = broadcastShapes(op, shape, operand.shape);
  const out = empty(op, shape, dtype);
  const { where1, where4, where8, whereStrided1, whereStrided4, whereStrided8 } = i32();
  const bytes = itemSize(dtype);
  const at = (t: Operand, slot: 0 | 1): number => (typeof t === "number" ? writeScalar(t, dtype, slot) : t.ptr);
  const single = (t: Operand): boolean => typeof t === "number" || t.numel === 1;
  const flat = (t: Operand): boolean =>
    typeof t === "number" || t.numel === 1 || (sameShape(t.shape, shape) && t.isContiguous());
  if (flat(condition) && flat(a) && flat(b)) {
    const step = (t: Operand): number => (single(t) ? 0 : 1);
    const kernel = bytes === 1 ? where1 : bytes === 4 ? where4 : where8;
    launch(kernel, out.numel, out.ptr, condition.ptr, step(condition), at(a, 0), step(a), at(b, 1), step(b));
    return notify(op, out, [condition, a, b]);
  }
  const strides = (t: Operand): number[] => (typeof t === "number" ? shape.map(() => 0) : stridesIn(t, shape));
  const rows = out.numel === 0 ? 0 : out.numel / shape[shape.length - 1]!;
  const steps = writeStruct([shape.length, ...shape, ...strides(condition), ...strides(a), ...strides(b)]);
  const kernel = bytes === 1 ? whereStrided1 : bytes === 4 ? whereStrided4 : whereStrided8;
  launchUnits(kernel, rows, shape[shape.length - 1]!, out.ptr, condition.ptr, at(a, 0), at(b, 1), steps);
  return notify(op, out, [condition, a, b]);
}

function checkCondition(op: string, condition: Tensor): void {
  if (condition.dtype !== "bool" && condition.dtype !== "uint8") {
    throw new DtypeError(
      op,
      `expected a bool condition, got ${condition.dtype}`,
      "Compare it, or convert it with .bool()",
    );
  }
}

/**
 * a where the condition holds, b elsewhere, with broadcasting, as torch.where.
 * @param condition bool
 * @see https://pytorch.org/docs/stable/generated/torch.where.html
 * @example
 * ```ts
 * import { tensor, where } from "simdgrad";
 * const x = tensor([-1, 2]);
 * where(x.gt(0), x, 0); // tensor([0., 2.])
 * ```
 */
export const where = define(
  "where",
  { condition: tensorKind, input: operandKind, other: operandKind },
  (condition: Tensor, a: Operand, b: Operand): Tensor => {
    checkCondition("where", condition);
    const dtype = promoteOperands(a, b);
    const x = typeof a === "number" ? a : cast(a, dtype);
    const y = typeof b === "number" ? b : cast(b, dtype);
    const out = choose("where", condition, x, y, dtype);
    const inputs: Tensor[] = [];
    if (typeof x !== "number") inputs.push(x);
    if (typeof y !== "number") inputs.push(y);
    return record("where", out, inputs, [condition], (g, node) =>
      inputs.map((input, i) => {
        if (!node.needs(i)) return null;
        const chosen = i === 0 && typeof x !== "number";
        return sumTo(chosen ? where(node.saved[0]!, g, 0) : where(node.saved[0]!, 0, g), input.shape);
      }),
    );
  },
);

/**
 * x with `value` where the mask holds, as torch.masked_fill.
 * @param value a number, or a tensor without dims
 * @throws ValueError for a number that an integer tensor does not hold
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.masked_fill.html
 */
export const maskedFill = define(
  "maskedFill",
  { input: tensorKind, mask: tensorKind, value: operandKind },
  (x: Tensor, mask: Tensor, value: Operand): Tensor => {
    checkCondition("maskedFill", mask);
    if (promoteOperands(x, value) !== x.dtype && typeof value === "number") {
      throw new DtypeError("maskedFill", `expected a value that ${x.dtype} can hold, got ${value}`);
    }
    if (typeof value !== "number") checkFill("maskedFill", x.dtype, value);
    return where(mask, typeof value === "number" ? value : cast(value, x.dtype), x);
  },
);

const truth = (x: Tensor): Tensor => cast(x, "bool");

/**
 * Whether both hold, element by element, as torch.logical_and.
 * @see https://pytorch.org/docs/stable/generated/torch.logical_and.html
 */
export const logicalAnd = define(
  "logicalAnd",
  { input: tensorKind, other: tensorKind },
  (a: Tensor, b: Tensor): Tensor => choose("logicalAnd", truth(a), truth(b), 0, "bool"),
);

/**
 * Whether one holds, element by element, as torch.logical_or.
 * @see https://pytorch.org/docs/stable/generated/torch.logical_or.html
 */
export const logicalOr = define(
  "logicalOr",
  { input: tensorKind, other: tensorKind },
  (a: Tensor, b: Tensor): Tensor => choose("logicalOr", truth(a), 1, truth(b), "bool"),
);

/**
 * Whether x is 0 (does not hold), element by element, as torch.logical_not.
 * @see https://pytorch.org/docs/stable/generated/torch.logical_not.html
 */
export const logicalNot = define(
  "logicalNot",
  { input: tensorKind },
  (x: Tensor): Tensor => choose("logicalNot", truth(x), 0, 1, "bool"),
);

/**
 * Whether exactly one holds, element by element, as torch.logical_xor.
 * @see https://pytorch.org/docs/stable/generated/torch.logical_xor.html
 */
export const logicalXor = define(
  "logicalXor",
  { input: tensorKind, other: tensorKind },
  (a: Tensor, b: Tensor): Tensor => choose("logicalXor", truth(a), logicalNot(b), truth(b), "bool"),
);
