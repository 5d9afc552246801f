import * as F from "../../functional.js";
import type { Tensor } from "../../methods.js";
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

const one = (name: string, formula: string, range: string, f: Curve["f"]): Sketch => ({
  name,
  formula,
  range,
  axis: "x",
  from: -5,
  to: 5,
  curves: [{ name, f }],
});

/** Final activations, with their curves. */
export const activationSketches: readonly Sketch[] = [
  one("none", "x", "all numbers", (x) => x),
  one("Sigmoid", "1 / (1 + e⁻ˣ)", "0 to 1", F.sigmoid),
  one("Tanh", "(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)", "−1 to 1", F.tanh),
  one("ReLU", "max(x, 0)", "0 and above", F.relu),
  one("Softplus", "ln(1 + eˣ)", "above 0", (x) => F.softplus(x)),
  one("PReLU", "x above 0, a·x below (a is trained, 0.25 here)", "all numbers", (x) =>
    F.prelu(x, full([1], 0.25, { dtype: x.dtype })),
  ),
  one("BentIdentity", "(√(x² + 1) − 1) / 2 + x", "all numbers", F.bentIdentity),
  one("SoftExponential", "a logarithm, x or an exponential, as a is trained (0.3 here)", "depends on a", (x) =>
    F.softExponential(x, full([], 0.3, { dtype: x.dtype })),
  ),
  {
    name: "LogSoftmax",
    formula: "xᵢ − ln Σ eˣʲ",
    range: "0 and below",
    axis: "x of a class beside one with 0",
    from: -5,
    to: 5,
    curves: [{ name: "LogSoftmax", f: (x) => F.logSoftmax(stack([x, x.mul(0)], -1), -1).select(-1, 0) }],
  },
];

/** A loss of a number against a constant target, element by element. */
const against =
  (loss: (x: Tensor, y: Tensor) => Tensor, target: number) =>
  (x: Tensor): Tensor =>
    loss(x, full(x.shape, target, { dtype: x.dtype }));

const none = { reduction: "none" } as const;

const difference = (name: string, formula: string, loss: (x: Tensor, y: Tensor) => Tensor): Sketch => ({
  name,
  formula,
  range: "numbers with numbers of the same shape",
  axis: "output − target",
  from: -3,
  to: 3,
  curves: [{ name, f: against(loss, 0) }],
});

/** The cross-entropy of two classes of which the second has logit 0. */
const twoClasses =
  (label: number) =>
  (x: Tensor): Tensor => {
    const logits = stack([x.flatten(), x.flatten().mul(0)], 1);
    return F.crossEntropy(logits, full([x.numel], label, { dtype: "int32" }), none).view(...x.shape);
  };

/** Losses, with their curves. */
export const lossSketches: readonly Sketch[] = [
  difference("MSELoss", "(x − y)²", (x, y) => F.mseLoss(x, y, none)),
  difference("L1Loss", "|x − y|", (x, y) => F.l1Loss(x, y, none)),
  difference("HuberLoss", "(x − y)² / 2 up to 1, |x − y| − 1/2 beyond", (x, y) => F.huberLoss(x, y, none)),
  difference("SmoothL1Loss", "as HuberLoss, divided by beta", (x, y) => F.smoothL1Loss(x, y, { ...none, beta: 0.5 })),
  {
    name: "BCELoss",
    formula: "−y ln x − (1 − y) ln(1 − x)",
    range: "probabilities (0 to 1) with 0 and 1",
    axis: "probability x",
    from: 0.001,
    to: 0.999,
    curves: [
      { name: "target 1", f: against((x, y) => F.binaryCrossEntropy(x, y, none), 1) },
      { name: "target 0", f: against((x, y) => F.binaryCrossEntropy(x, y, none), 0) },
    ],
  },
  {
    name: "BCEWithLogitsLoss",
    formula: "BCELoss of σ(x)",
    range: "any numbers with 0 and 1",
    axis: "logit x",
    from: -5,
    to: 5,
    curves: [
      { name: "target 1", f: against((x, y) => F.binaryCrossEntropyWithLogits(x, y, none), 1) },
      { name: "target 0", f: against((x, y) => F.binaryCrossEntropyWithLogits(x, y, none), 0) },
    ],
  },
  {
    name: "CrossEntropyLoss",
    formula: "−x[class] + ln Σ eˣʲ",
    range: "any numbers [N, C] with int32 labels [N]",
    axis: "logit of class 0, beside one with 0",
    from: -5,
    to: 5,
    curves: [
      { name: "label 0", f: twoClasses(0) },
      { name: "label 1", f: twoClasses(1) },
    ],
  },
  {
    name: "NLLLoss",
    formula: "−x[class]",
    range: "log-probabilities (0 and below) [N, C] with int32 labels [N]",
    axis: "log-probability of the label",
    from: -5,
    to: 0,
    curves: [{ name: "NLLLoss", f: (x) => x.neg() }],
  },
  {
    name: "KLDivLoss",
    formula: "y (ln y − x)",
    range: "log-probabilities with probabilities of the same shape",
    axis: "log-probability x",
    from: -5,
    to: 0,
    curves: [
      { name: "target 0.5", f: against((x, y) => F.klDiv(x, y, none), 0.5) },
      { name: "target 0.1", f: against((x, y) => F.klDiv(x, y, none), 0.1) },
    ],
  },
];
