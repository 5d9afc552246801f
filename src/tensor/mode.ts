import { checkArguments, define, func } from "../base/signature.js";
import { immediateResult } from "../base/synchronous.js";
import type { Tensor } from "./tensor.js";

/** Gets the name, the outputs and the inputs of every operation, recorded for backward() or not. */
export type OperationObserver = (op: string, outs: readonly Tensor[], inputs: readonly Tensor[]) => void;

/** What happens to operations right now. It is one object, so that all files see a change. */
export const mode = {
  /** Whether operations are recorded for backward(). */
  recording: true,
  /** Whether every result is checked for NaN and Inf. */
  anomaly: false,
  /** Is told of every operation while `nn/observe.ts` runs a model; null at all other times. */
  observer: null as OperationObserver | null,
};

const BODY = { body: func } as const;

/** Runs `body` with recording on or off, then sets recording back. */
export function withRecording<T>(on: boolean, name: string, body: () => T): T {
  const before = mode.recording;
  mode.recording = on;
  try {
    return immediateResult(name, body(), "Await outside, and wrap only the synchronous parts");
  } finally {
    mode.recording = before;
  }
}

/**
 * Runs `body` without recording: results need no gradient, and writes in place are allowed.
 * @returns what `body` returns
 * @see https://pytorch.org/docs/stable/generated/torch.no_grad.html
 * @example
 * ```ts
 * import { noGrad, tensor } from "simdgrad";
 * const w = tensor([1, 2], { requiresGrad: true });
 * noGrad(() => w.sub_(tensor([0.5, 0.5])));
 * ```
 */
export function noGrad<T>(...args: [body: () => T]): T {
  if (args.length !== 1 || typeof args[0] !== "function") checkArguments("noGrad", BODY, args);
  return withRecording(false, "noGrad", args[0]);
}

/** Runs `body` with recording on, inside {@link noGrad}. */
export function enableGrad<T>(...args: [body: () => T]): T {
  if (args.length !== 1 || typeof args[0] !== "function") checkArguments("enableGrad", BODY, args);
  return withRecording(true, "enableGrad", args[0]);
}

/** Whether operations are recorded right now. */
export const isGradEnabled = define("isGradEnabled", {}, (): boolean => mode.recording);
