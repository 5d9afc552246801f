import { numpy as np } from "@jax-js/jax";
import type { Dtype } from "../work/work.js";

/** Makes an array in the backend's memory. */
export function arrayOf(data: ArrayLike<number>, shape: number[], dtype: Dtype | "int32" = "float32"): np.Array {
  const kinds = { float32: Float32Array, float64: Float64Array, int32: Int32Array };
  return np.array(kinds[dtype].from(data)).reshape(shape);
}
