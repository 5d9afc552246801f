import { DtypeError, ValueError } from "./errors.js";
import { define, oneOf } from "./signature.js";

/** Element types, lowest in promotion first. `bool` is stored as one byte, 0 or 1. */
const DTYPES = ["bool", "uint8", "int32", "float32", "float64"] as const;

/** The type of a tensor's elements. */
export type Dtype = (typeof DTYPES)[number];

/** The typed arrays that hold each element type outside the library. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Bytes of one element. */
export function itemSize(dtype: Dtype): number {
  if (dtype === "float64") return 8;
  return dtype === "float32" || dtype === "int32" ? 4 : 1;
}

/** Whether gradients exist for this type. */
export function isFloat(dtype: Dtype): boolean {
  return dtype === "float32" || dtype === "float64";
}

/** The wider of two types in the order bool, uint8, int32, float32, float64 (PyTorch's promotion of two tensors). */
export function promote(a: Dtype, b: Dtype): Dtype {
  return DTYPES.indexOf(a) >= DTYPES.indexOf(b) ? a : b;
}

/** The dtypes to use in place of other names of PyTorch. */
const NEAREST: Readonly<Record<string, Dtype>> = {
  float: "float32",
  double: "float64",
  int: "int32",
  long: "int32",
  int64: "int32",
  boolean: "bool",
};

/** What to write in place of PyTorch's other names of element types. */
export function dtypeHint(value: unknown): string | undefined {
  const instead = typeof value === "string" ? NEAREST[value.replace("torch.", "")] : undefined;
  return instead === undefined ? undefined : `Use "${instead}"`;
}

/** Whether a value names an element type. */
export function isDtype(value: unknown): value is Dtype {
  return (DTYPES as readonly unknown[]).includes(value);
}

/** Throws a {@link DtypeError} unless `dtype` is one of the names in {@link DTYPES}. */
export function checkDtype(op: string, dtype: string): asserts dtype is Dtype {
  if (!(DTYPES as readonly string[]).includes(dtype)) {
    throw new DtypeError(op, `expected a dtype of ${DTYPES.join(", ")}, got ${dtype}`, dtypeHint(dtype));
  }
}

/** The least and the largest number of each integer type. */
const RANGES: Readonly<Partial<Record<Dtype, readonly [least: number, most: number]>>> = {
  uint8: [0, 255],
  int32: [-(2 ** 31), 2 ** 31 - 1],
};

/** Whether elements of `dtype` hold a number. Integers lose its fraction; bool holds whether it is not 0. */
export function holds(dtype: Dtype, value: number): boolean {
  const range = RANGES[dtype];
  return range === undefined || (value >= range[0] && value <= range[1]);
}

/** Throws a {@link ValueError} for a number that elements of `dtype` do not hold: they would wrap in silence. */
export function checkHolds(op: string, dtype: Dtype, value: number): void {
  if (holds(dtype, value)) return;
  const [least, most] = RANGES[dtype]!;
  throw new ValueError(op, `expected a number from ${least} to ${most}, which ${dtype} holds, got ${value}`);
}

/** The element type that a typed array holds. */
export function dtypeOf(array: TypedArray): Dtype {
  if (array instanceof Float32Array) return "float32";
  if (array instanceof Float64Array) return "float64";
  if (array instanceof Int32Array) return "int32";
  const name = Object.prototype.toString.call(array).slice(8, -1);
  if (name === "Uint8Array" || name === "Uint8ClampedArray") return "uint8";
  throw new DtypeError("tensor", `expected a dtype for the elements of a ${name}, got none`, "Pass { dtype }");
}

let defaultDtype: "float32" | "float64" = "float32";

/** The dtype of new tensors where none is named: "float32" unless {@link setDefaultDtype} changed it. */
export const getDefaultDtype = define("getDefaultDtype", {}, (): "float32" | "float64" => defaultDtype);

/**
 * Sets the dtype of new tensors and parameters where none is named, as torch.set_default_dtype.
 * @see https://pytorch.org/docs/stable/generated/torch.set_default_dtype.html
 */
export const setDefaultDtype = define(
  "setDefaultDtype",
  { d: oneOf("float32", "float64") },
  (d: "float32" | "float64"): void => {
    defaultDtype = d;
  },
);
