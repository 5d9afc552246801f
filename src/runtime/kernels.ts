import { instantiateSync } from "@assemblyscript/loader";
import { decodeBase64 } from "../platform/host.js";
import { type IntegerKernels, type RealKernels, wasm } from "./wasm.generated.js";

export type { IntegerKernels, RealKernels };

/** The one linear memory of all builds. It starts small, grows on demand, and may reach wasm32's 4 GiB. */
export const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 });

/** Compiles a build at its first use: a program that never touches float64 does not pay for it. */
function lazy<T extends Record<string, unknown>>(base64: string): () => T {
  let kernels: T | undefined;
  return () => {
    kernels ??= instantiateSync<T>(decodeBase64(base64), { env: { memory } }).exports;
    return kernels;
  };
}

/** The float32 build of assembly/index.ts. */
export const f32 = lazy<RealKernels>(wasm.f32);
/** The float64 build of assembly/index.ts. */
export const f64 = lazy<RealKernels>(wasm.f64);
/** assembly/integer.ts: int32 arithmetic, random numbers, and kernels that move bytes whatever they mean. */
export const i32 = lazy<IntegerKernels>(wasm.i32);
