import {
  checkDtype,
  checkHolds,
  type Dtype,
  dtypeOf,
  getDefaultDtype,
  isFloat,
  type TypedArray,
} from "../../base/dtype.js";
import { DtypeError, ShapeError, ValueError } from "../../base/errors.js";
import { checkShape, type Shape } from "../../base/shape.js";
import { boolean, define, type Kind } from "../../base/signature.js";
import { i32 } from "../../runtime/kernels.js";
import { launch, launchUnits } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { dtypeKind } from "../../tensor/kinds.js";
import { elements, empty, Tensor } from "../../tensor/tensor.js";
import { sizesKind } from "./sizes.js";

/** Options of the functions that make tensors. */
export type TensorOptions = {
  /** Element type; the default dtype (float32) when left out. */
  dtype?: Dtype;
  /** Whether backward() fills its `grad`. */
  requiresGrad?: boolean;
};

/** The kinds of {@link TensorOptions}. */
export const TENSOR = { dtype: dtypeKind, requiresGrad: boolean } as const;

/** The value of each element. */
export const valueKind: Kind<number | boolean> = {
  expected: "a number, true or false",
  fits: (value): value is number | boolean => typeof value === "number" || typeof value === "boolean",
};

/** Numbers or booleans, nested to any depth. */
export type NestedValues = number | boolean | readonly NestedValues[];

/** Applies the options that do not concern the elements. */
export function finish(x: Tensor, options: TensorOptions): Tensor {
  if (options.requiresGrad) x.requiresGrad = true;
  return x;
}

/** Fills row-major memory with one value. */
export function fillElements(x: Tensor, value: number): void {
  if (isFloat(x.dtype)) launch(realKernels("fill", x.dtype).fill, x.numel, x.ptr, value);
  else if (x.dtype === "int32") launch(i32().fill, x.numel, x.ptr, value);
  else launchUnits(i32().fillBytes, x.numel, 1 / 8, x.ptr, x.dtype === "bool" ? Number(value !== 0) : value);
}

/** A tensor of one value; errors name `op`, the function that the user called. */
export function filled(op: string, shape: Shape, value: number | boolean, options: TensorOptions): Tensor {
  checkShape(op, shape);
  const dtype = options.dtype ?? (typeof value === "boolean" ? "bool" : getDefaultDtype());
  checkDtype(op, dtype);
  checkHolds(op, dtype, Number(value));
  const out = empty(op, [...shape], dtype);
  fillElements(out, Number(value));
  return finish(out, options);
}

/**
 * A tensor of one value, as torch.full.
 * @throws ValueError for a number that an integer dtype does not hold
 * @see https://pytorch.org/docs/stable/generated/torch.full.html
 */
export const full = define(
  "full",
  { size: sizesKind, fillValue: valueKind },
  (size: readonly number[], fillValue: number | boolean, options: TensorOptions = {}): Tensor => {
    return filled("full", size, fillValue, options);
  },
  TENSOR,
);

/** What {@link tensor} takes. Whether nested arrays are regular and hold numbers is for the operation to check. */
const dataKind: Kind<NestedValues | TypedArray> = {
  expected: "a number, true or false, nested arrays of them, or a typed array",
  fits: (value): value is NestedValues | TypedArray =>
    valueKind.fits(value) || Array.isArray(value) || ArrayBuffer.isView(value),
  hint: (value) => (value instanceof Tensor ? "Write x.clone()" : undefined),
};

/** The shape of nested arrays; every array at a depth must have the same length. */
function nestedShape(values: NestedValues): number[] {
  if (!Array.isArray(values)) return [];
  const list: readonly NestedValues[] = values;
  const inner = list.length === 0 ? [] : nestedShape(list[0]!);
  return [list.length, ...inner];
}

function flattenInto(out: number[], values: NestedValues, shape: Shape, dim: number): void {
  if (typeof values === "number" || typeof values === "boolean") {
    if (dim !== shape.length) throw ragged(shape, dim, "a number");
    out.push(Number(values));
    return;
  }
  if (!Array.isArray(values)) throw ragged(shape, dim, String(values));
  if (dim === shape.length || values.length !== shape[dim]) throw ragged(shape, dim, `an array of ${values.length}`);
  for (const value of values) flattenInto(out, value, shape, dim + 1);
}

function ragged(shape: Shape, dim: number, got: string): ShapeError {
  const expected = dim === shape.length ? "a number" : `an array of ${shape[dim]}`;
  return new ShapeError("tensor", `expected ${expected} at depth ${dim} (as in the first element), got ${got}`);
}

function firstValue(values: NestedValues): number | boolean | undefined {
  return typeof values === "object" ? (values.length === 0 ? undefined : firstValue(values[0]!)) : values;
}

/**
 * A tensor with the given values, as torch.tensor.
 *
 * @param data a number, nested arrays, or a typed array (which gives the dtype unless the options name one)
 * @param options dtype (float32, or bool for booleans, when left out) and requiresGrad; `shape` for a typed array
 * @throws ShapeError for arrays of unequal length, ValueError for a number that an integer type does not hold
 * @see https://pytorch.org/docs/stable/generated/torch.tensor.html
 * @example
 * ```ts
 * import { tensor } from "simdgrad";
 * tensor([[1, 2], [3, 4]], { dtype: "float64", requiresGrad: true });
 * tensor(new Float32Array([1, 2, 3, 4]), { shape: [2, 2] });
 * ```
 */
export const tensor = define(
  "tensor",
  { data: dataKind },
  (data: NestedValues | TypedArray, options: TensorOptions & { shape?: Shape } = {}): Tensor => made(data, options),
  { ...TENSOR, shape: sizesKind },
);

function made(data: NestedValues | TypedArray, options: TensorOptions & { shape?: Shape }): Tensor {
  if (ArrayBuffer.isView(data)) {
    checkNumbers(data);
    const shape = options.shape ?? [data.length];
    checkShape("tensor", shape);
    if (shape.reduce((n, size) => n * size, 1) !== data.length) {
      throw new ShapeError("tensor", `expected ${data.length} elements in shape [${shape.join(", ")}]`);
    }
    return finish(fromValues(data, shape, options.dtype ?? dtypeOf(data)), options);
  }
  if (options.shape !== undefined) {
    throw new ValueError(
      "tensor",
      "expected a typed array beside shape, got nested values, which have one",
      "Use reshape",
    );
  }
  const shape = nestedShape(data);
  const values: number[] = [];
  flattenInto(values, data, shape, 0);
  const dtype = options.dtype ?? (typeof firstValue(data) === "boolean" ? "bool" : getDefaultDtype());
  return finish(fromValues(values, shape, dtype), options);
}

/** For callers without types: some views of a buffer hold no numbers. */
function checkNumbers(data: unknown): void {
  if (!(data instanceof BigInt64Array || data instanceof BigUint64Array || data instanceof DataView)) return;
  const problem = `expected a typed array of numbers, got a ${data.constructor.name}`;
  throw new DtypeError("tensor", problem, "Convert it: Int32Array.from(data, Number)");
}

function fromValues(values: ArrayLike<number>, shape: Shape, dtype: Dtype): Tensor {
  for (let i = 0; !isFloat(dtype) && i < values.length; i++) checkHolds("tensor", dtype, values[i]!);
  const out = empty("tensor", [...shape], dtype);
  if (out.storage.virtual) return out;
  if (dtype === "bool") elements(out).set(Uint8Array.from(values, (value) => Number(value !== 0)));
  else elements(out).set(values);
  return out;
}
