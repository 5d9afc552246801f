import { type Dtype, F, scope, type Tensor, tensor } from "simdgrad";
import type { Case, Suite } from "./suite.js";

function random(shape: readonly number[], dtype: Dtype, requiresGrad = false): Tensor {
  const values = Float64Array.from({ length: shape.reduce((n, size) => n * size, 1) }, (_, i) => Math.sin(i));
  return tensor(values, { shape, dtype, requiresGrad });
}

/** F.linear with and without backward, from the sizes of a two-neuron network to those of an image network. */
function* cases(): Generator<Case> {
  const sizes: readonly [rows: number, inputs: number, outputs: number, dtype: Dtype][] = [
    [640, 2, 2, "float64"],
    [640, 2, 1, "float64"],
    [12, 1, 1, "float32"],
    [4, 400, 120, "float32"],
    [64, 400, 120, "float32"],
  ];
  for (const [rows, inputs, outputs, dtype] of sizes) {
    const x = random([rows, inputs], dtype, true);
    const weight = random([outputs, inputs], dtype, true);
    const bias = random([outputs], dtype, true);
    const name = `${dtype} ${rows}×${inputs} to ${outputs}`;
    const forward = (): void => scope(() => void F.linear(x, weight, bias));
    yield { name: `${name} forward`, fn: forward, work: 2 * rows * inputs * outputs };
    const step = (): void => {
      scope(() => F.linear(x, weight, bias).sum().backward());
      for (const leaf of [x, weight, bias]) leaf.dropGradient();
    };
    yield { name: `${name} forward, sum, backward`, fn: step, work: 6 * rows * inputs * outputs };
  }
}

export const linear: Suite = { name: "linear", cases };
