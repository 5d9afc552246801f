import { SimdgradError } from "../base/errors.js";
import { hasRelaxedSimd, replaceReal } from "../runtime/kernels.js";
import { binaryOf, unpackF32, unpackF64 } from "../runtime/unpack.js";
import * as binaries from "./binaries.generated.js";

let isOn = false;

/**
 * Lets matrix products and convolutions multiply and add in one instruction where the machine has one: faster, and
 * rounded once instead of twice. This gives up the promise of the same bits everywhere: results differ by rounding
 * errors from those of other machines and of the ordinary kernels. They are still the same for every number of threads.
 * Call it first: kernels that have run cannot be replaced.
 *
 * @throws SimdgradError where the engine has no relaxed SIMD (Node has it from version 22 on), and when kernels have run
 * @example
 * ```ts no-run
 * import { rand } from "simdgrad";
 * import { useRelaxedSimd } from "simdgrad/relaxed";
 * useRelaxedSimd();
 * const c = rand([512, 512]).matmul(rand([512, 512]));
 * ```
 */
export function useRelaxedSimd(): void {
  if (isOn) return;
  if (!hasRelaxedSimd()) {
    throw new SimdgradError(
      "useRelaxedSimd",
      "expected an engine with relaxed SIMD, got one without",
      "Node has it from version 22 on; without this call the same program runs on ordinary SIMD",
    );
  }
  const f32 = () => binaryOf(binaries.f32, unpackF32);
  const f64 = () => binaryOf(binaries.f64, unpackF64);
  isOn = replaceReal({ f32, f64 });
  if (!isOn) {
    throw new SimdgradError(
      "useRelaxedSimd",
      "expected to be called before any kernel has run, got a call after a tensor was computed or threads were started",
      "Make it the first call of the program",
    );
  }
}
