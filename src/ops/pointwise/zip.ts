import { checkHolds, type Dtype, getDefaultDtype, isFloat, promote } from "../../base/dtype.js";
import { broadcastShapes, type Shape, sameShape } from "../../base/shape.js";
import { writeScalar, writeStruct } from "../../runtime/heap.js";
import type { RealKernels } from "../../runtime/kernels.js";
import { launch, launchUnits } from "../../runtime/launch.js";
import { numericKernels } from "../../tensor/dispatch.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous, cast } from "../layout/copy.js";
import { mergeDims } from "../layout/merge-dims.js";

/** A tensor, or a number that broadcasts to any shape. */
export type Operand = Tensor | number;

/** Kernels of two operands: those whose name also exists with the suffix Strided. Some exist for floats only. */
export type ZipName = {
  [K in keyof RealKernels]: `${K}Strided` extends keyof RealKernels ? K : never;
}[keyof RealKernels];

/**
 * The dtype of an operation on two operands. A number never widens a float tensor, and a tensor without dims widens
 * others only to another category (PyTorch's rules).
 */
export function promoteOperands(a: Operand, b: Operand): Dtype {
  if (typeof a === "number") {
    if (typeof b === "number") return getDefaultDtype();
    if (isFloat(b.dtype)) return b.dtype;
    if (!Number.isInteger(a)) return getDefaultDtype();
    return b.dtype === "bool" ? "int32" : b.dtype;
  }
  if (typeof b === "number") return promoteOperands(b, a);
  if (a.ndim === 0 && b.ndim > 0 && category(a.dtype) <= category(b.dtype)) return b.dtype;
  if (b.ndim === 0 && a.ndim > 0 && category(b.dtype) <= category(a.dtype)) return a.dtype;
  return promote(a.dtype, b.dtype);
}

/** The category of a dtype: bool, integer or float. A tensor without dims widens others only to a higher one. */
function category(dtype: Dtype): number {
  return dtype === "bool" ? 0 : isFloat(dtype) ? 2 : 1;
}

/** Throws for a number beside an int32 tensor that int32 does not hold. Beside bytes, int32 computes and bytes wrap. */
export function checkNumbers(op: string, dtype: Dtype, operands: readonly Operand[]): void {
  if (isFloat(dtype)) return;
  for (const x of operands) if (typeof x === "number") checkHolds(op, "int32", x);
}

const shapeOf = (x: Operand): Shape => (typeof x === "number" ? [] : x.shape);

/** The strides of x expanded to `shape`: 0 along the dims that it is broadcast over. */
export function stridesIn(x: Tensor, shape: Shape): number[] {
  const lead = shape.length - x.ndim;
  return shape.map((size, i) => (i < lead || x.shape[i - lead] !== size ? 0 : x.strides[i - lead]!));
}

/**
 * Runs a kernel of two operands over their broadcast shape. Operands of that shape, and scalars, are read in place;
 * others through their strides.
 */
export function zip(op: ZipName, a: Operand, b: Operand, dtype = promoteOperands(a, b), outDtype = dtype): Tensor {
  checkNumbers(op, dtype, [a, b]);
  if (dtype === "bool" || dtype === "uint8") return cast(zip(op, a, b, "int32"), outDtype); // wraps, and 1 + 1 is true
  const x = typeof a === "number" ? a : cast(a, dtype);
  const y = typeof b === "number" ? b : cast(b, dtype);
  const shape = broadcastShapes(op, shapeOf(x), shapeOf(y));
  const out = empty(op, shape, outDtype);
  zipInto(op, out, x, y, dtype);
  return out;
}

/** Whether an operand is contiguous in `shape`, or has one element. */
const isFlat = (x: Operand, shape: Shape): boolean =>
  typeof x === "number" || x.numel === 1 || (sameShape(x.shape, shape) && x.isContiguous());

/** The stride of a flat operand. */
const flatStep = (x: Operand): 0 | 1 => (typeof x === "number" || x.numel === 1 ? 0 : 1);

/** The address of an operand. */
const addressOf = (x: Operand, dtype: Dtype, slot: 0 | 1): number =>
  typeof x === "number" ? writeScalar(x, dtype, slot) : x.ptr;

/** As {@link zip}, into a row-major tensor of the broadcast shape. Both operands have `dtype` already. */
export function zipInto(op: ZipName, out: Tensor, x: Operand, y: Operand, dtype: Dtype): void {
  const kernels: Partial<RealKernels> = numericKernels(op, dtype);
  const [left, right] = [addressOf(x, dtype, 0), addressOf(y, dtype, 1)];
  if (isFlat(x, out.shape) && isFlat(y, out.shape)) {
    launch(kernels[op]!, out.numel, out.ptr, left, flatStep(x), right, flatStep(y));
    return;
  }
  if (out.numel === 0) return;
  const strides = (t: Operand): Shape => (typeof t === "number" ? out.shape.map(() => 0) : stridesIn(t, out.shape));
  const { shape, a, b } = mergeDims(out.shape, strides(x), strides(y));
  if (shape.length === 1 && a[0]! < 2 && b[0]! < 2) {
    launch(kernels[op]!, out.numel, out.ptr, left, a[0]!, right, b[0]!);
    return;
  }
  const inner = shape.length - 1;
  if (a[inner]! > 1 || b[inner]! > 1) {
    // Copying columns to rows first is faster than reading down columns.
    const rows = (t: Operand, steps: Shape): Operand =>
      typeof t === "number" || steps[inner]! < 2 ? t : asContiguous(t);
    zipInto(op, out, rows(x, a), rows(y, b), dtype);
    return;
  }
  const rows = out.numel / shape[inner]!;
  const struct = writeStruct([shape.length, ...shape, ...a, ...b]);
  launchUnits(kernels[`${op}Strided`]!, rows, shape[inner]!, out.ptr, left, right, struct);
}
