import { checkArguments, func } from "../base/signature.js";
import { immediateResult } from "../base/synchronous.js";
import { mode } from "../tensor/mode.js";

/**
 * Runs `body` with every result, and every gradient, checked for NaN and Inf. The error names the operation and the
 * module where the first one appeared. Slow: every value is read. As torch.autograd.detect_anomaly.
 * @returns what `body` returns
 * @see https://pytorch.org/docs/stable/autograd.html#anomaly-detection
 * @example
 * ```ts
 * import { detectAnomaly, tensor } from "simdgrad";
 * const x = tensor([1, 0]);
 * detectAnomaly(() => x.mul(2)); // fine; x.log() would throw: -Infinity at element 1 of 2 from log
 * ```
 */
export function detectAnomaly<T>(...args: [body: () => T]): T {
  checkArguments("detectAnomaly", { body: func }, args);
  const before = mode.anomaly;
  mode.anomaly = true;
  try {
    return immediateResult("detectAnomaly", args[0](), "Await outside, and wrap only the synchronous parts");
  } finally {
    mode.anomaly = before;
  }
}
