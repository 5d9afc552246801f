import { type Dtype, isFloat } from "../base/dtype.js";
import { DtypeError } from "../base/errors.js";
import { f32, f64, type IntegerKernels, i32, type RealKernels } from "../runtime/kernels.js";

/** The kernels that exist for float32, float64 and int32 alike. */
export type NumericKernels = Pick<RealKernels, keyof RealKernels & keyof IntegerKernels>;

/** The kernels of a floating-point type. */
export function realKernels(op: string, dtype: Dtype): RealKernels {
  if (dtype === "float32") return f32();
  if (dtype === "float64") return f64();
  throw new DtypeError(
    op,
    `expected a float32 or float64 tensor, got ${dtype}`,
    "Convert it with .float() or .double()",
  );
}

/** The kernels of float32, float64 or int32. */
export function numericKernels(op: string, dtype: Dtype): NumericKernels {
  if (isFloat(dtype)) return realKernels(op, dtype);
  if (dtype === "int32") return i32();
  throw new DtypeError(op, `expected a float32, float64 or int32 tensor, got ${dtype}`, "Convert it with .to(dtype)");
}
