import { grad, Tensor, type TypedArray } from "simdgrad";
import type { Call } from "./case.js";
import { weightsFor } from "./inputs.js";

/** The results of a call as plain data: values, and gradients of the inputs (null without one). */
export type Values = { data: TypedArray; shape: readonly number[]; dtype: string };
type Result = { outs: Values[]; grads: (Values | null)[] };

/** The elements of a tensor. */
export const read = (x: Tensor): Values => ({ data: x.toTypedArray(), shape: x.shape, dtype: x.dtype });

export const asList = (outs: Tensor | readonly Tensor[]): readonly Tensor[] => (outs instanceof Tensor ? [outs] : outs);

/** Runs a call forward and, if an input needs a gradient, backward from the fixed weights (from index `from` on). */
export function evaluate(call: Pick<Call, "op">, inputs: readonly Tensor[], from = 0): Result {
  const outs = asList(call.op(...inputs));
  const leaves = inputs.filter((x) => x.requiresGrad);
  const roots = outs.filter((out) => out.requiresGrad);
  const gradOutputs = roots.map((out) => weightsFor(out, outs.indexOf(out), from));
  const grads = roots.length === 0 ? [] : grad(roots, leaves, { gradOutputs, allowUnused: true });
  return {
    outs: outs.map(read),
    grads: inputs.map((x) => {
      const g = grads[leaves.indexOf(x)];
      return g ? read(g) : null;
    }),
  };
}

/** The bytes of a result as text: equal texts mean equal bits. */
export function bits(result: Result): string {
  const hex = (v: Values | null): string =>
    v === null
      ? "none"
      : `${v.dtype} [${v.shape}] ${Buffer.from(v.data.buffer, v.data.byteOffset, v.data.byteLength).toString("hex")}`;
  return [...result.outs.map(hex), "gradients", ...result.grads.map(hex)].join("\n");
}

/** The distance between neighbouring floats at a magnitude. */
function ulp(magnitude: number, dtype: string): number {
  const [digits, smallest] = dtype === "float32" ? [23, -149] : [52, -1074];
  if (magnitude === 0) return 2 ** smallest;
  let exponent = Math.floor(Math.log2(magnitude));
  if (2 ** exponent > magnitude) exponent--;
  return 2 ** Math.max(exponent - digits, smallest);
}

/** The elements with an error above `ulps`, as text; NaN equals NaN. */
export function differences(
  got: Values,
  expected: ArrayLike<number>,
  ulps: number,
  floor: number,
  signedZero: boolean,
): string[] {
  const found: string[] = [];
  got.data.forEach((value, i) => {
    const want = expected[i]!;
    if (
      value === want ? !signedZero || value !== 0 || Object.is(value, want) : Number.isNaN(value) && Number.isNaN(want)
    ) {
      return;
    }
    const unit = ulp(Math.max(Math.abs(want), floor), got.dtype);
    const away = Math.abs(value - want) / unit;
    if (away > 0 && away <= ulps) return;
    found.push(
      `element ${i}: expected ${Object.is(want, -0) ? "-0" : want}, got ${Object.is(value, -0) ? "-0" : value} (${away} ulp)`,
    );
  });
  return found;
}
