import type { Tensor } from "../../methods.js";
import { activations, inWords, losses } from "../../nn/catalogue.js";
import type { ActivationTraits, LossTraits } from "../../nn/layers/traits.js";
import { stack } from "../../ops/index/slice.js";
import { full } from "../../ops/layout/factories.js";

/** One line of a picture. */
export type Curve = { name: string; f: (x: Tensor) => Tensor };

/** An activation or a loss as the sheet shows it. */
export type Sketch = {
  /** The class in `nn`; "none" for no activation. */
  name: string;
  formula: string;
  /** Where results lie, or what a loss compares. */
  range: string;
  /** What the picture's horizontal axis is. */
  axis: string;
  from: number;
  to: number;
  curves: readonly Curve[];
};

/** The numbers x [N] beside zeros, as two classes [N, 2]. */
const besideZeros = (x: Tensor): Tensor => stack([x, x.mul(0)], -1);

function ofActivation(name: string, { formula, range, classes, make }: ActivationTraits): Sketch {
  const f = (x: Tensor): Tensor => {
    const module = make(x.dtype);
    return classes ? module.forward(besideZeros(x)).select(-1, 0) : module.forward(x);
  };
  return {
    name,
    formula,
    range: range === null ? "depends on its parameters" : inWords(range).replaceAll("-", "−"),
    axis: classes ? "x of a class beside one with 0" : "x",
    from: -5,
    to: 5,
    curves: [{ name, f }],
  };
}

/** Activations, with their curves. */
export const activationSketches: readonly Sketch[] = [
  {
    name: "none",
    formula: "x",
    range: "all numbers",
    axis: "x",
    from: -5,
    to: 5,
    curves: [{ name: "none", f: (x) => x }],
  },
  ...Object.entries(activations).map(([name, traits]) => ofActivation(name, traits)),
];

/** What a loss's input is, and the part of its axis that shows something. */
const INPUTS: Readonly<Record<LossTraits["input"], { text: string; axis: string; from: number; to: number }>> = {
  numbers: { text: "numbers", axis: "output − target", from: -3, to: 3 },
  logits: { text: "any numbers", axis: "logit", from: -5, to: 5 },
  probabilities: { text: "probabilities (0 to 1)", axis: "probability", from: 0.001, to: 0.999 },
  "log-probabilities": { text: "log-probabilities (0 and below)", axis: "log-probability", from: -5, to: 0 },
};

/** What a loss's target is, and those that are drawn. */
const TARGETS: Readonly<Record<LossTraits["target"], { text: string; drawn: readonly number[] }>> = {
  numbers: { text: "numbers of the same shape", drawn: [0] },
  labels: { text: "int32 labels [N]", drawn: [0, 1] },
  probabilities: { text: "probabilities of the same shape", drawn: [0.5, 0.1] },
  "0 or 1": { text: "0 and 1", drawn: [1, 0] },
  "−1 or 1": { text: "−1 and 1", drawn: [1, -1] },
};

/** A loss of single numbers against a constant target. Of labels: of two classes, the second with x = 0. */
function ofLoss(name: string, { formula, input, target, type, options }: LossTraits): Sketch {
  const loss = new type({ ...options, reduction: "none" });
  const labels = target === "labels";
  const against = (value: number) => (x: Tensor) =>
    labels
      ? loss.forward(besideZeros(x), full(x.shape, value, { dtype: "int32" }))
      : loss.forward(x, full(x.shape, value, { dtype: x.dtype }));
  const { text, axis, from, to } = INPUTS[input];
  const curve = (value: number): Curve => ({
    name: target === "numbers" ? name : `${labels ? "label" : "target"} ${value}`,
    f: against(value),
  });
  return {
    name,
    formula,
    range: `${text}${labels ? " [N, C]" : ""} with ${TARGETS[target].text}`,
    axis: labels ? `${axis} of class 0, beside one with 0` : target === "numbers" ? axis : `${axis} x`,
    from,
    to,
    curves: TARGETS[target].drawn.map(curve),
  };
}

/** Losses, with their curves. */
export const lossSketches: readonly Sketch[] = Object.entries(losses).map(([name, traits]) => ofLoss(name, traits));
