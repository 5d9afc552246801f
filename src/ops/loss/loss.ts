import { ValueError } from "../../base/errors.js";
import { anyNumber, boolean, define, oneOf, orNull } from "../../base/signature.js";
import type { RealKernels } from "../../runtime/kernels.js";
import { launch } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous, cast } from "../layout/copy.js";
import { sigmoid, softplus } from "../pointwise/activation.js";
import { add, div, mul, neg, sub } from "../pointwise/arithmetic.js";
import { sum } from "../pointwise/broadcast.js";
import { clampMin } from "../pointwise/clamp.js";
import { gt, lt } from "../pointwise/compare.js";
import { exp, log } from "../pointwise/math.js";
import { logicalAnd } from "../pointwise/where.js";
import {
  checkPair,
  checkProbabilities,
  checkWeight,
  type LossOptions,
  type Reduction,
  reductionKind,
  total,
  weighted,
} from "./reduction.js";

/** Input x, target y, parameter k (beta, delta) and third operand w of a loss. */
type Operands = { x: Tensor; y: Tensor; k: number; w: Tensor | null };

/** A loss f(x, y) of every element: its kernels, and in ordinary operations the derivatives that no kernel gives. */
type Row = {
  name: string;
  f: (kernels: RealKernels) => RealKernels["mseLoss"];
  /** g·df/dx, fused. */
  df: (kernels: RealKernels) => RealKernels["mseLossGrad"];
  /** df/dy; left out where f(x, y) = f(y, x). */
  byTarget?: (at: Operands) => Tensor;
  /** df/dw */
  byThird?: (at: Operands) => Tensor;
  /** d²f/dx²; left out where it is 0. */
  second?: (at: Operands) => Tensor | number;
  /** d²f/dxdy; left out where f is a function of x − y. */
  mixed?: (at: Operands) => Tensor | number;
  /** d²f/dxdw */
  mixedThird?: (at: Operands) => Tensor;
};

/** 1 where |x − y| < k, else 0. */
const inside = ({ x, y, k }: Operands): Tensor => cast(logicalAnd(lt(sub(x, y), k), lt(sub(y, x), k)), x.dtype);

/** 1e-12 rounded to float32: PyTorch takes this number in float64 too. */
const FLATTEST = Math.fround(1e-12);

/** max(x·(1 − x), 1e−12), the divisor in the gradient of binary cross-entropy. */
const slope = (x: Tensor): Tensor => clampMin(mul(sub(1, x), x), FLATTEST);

/** d/dx of (x − y)/slope: (1 − (x − y)·(1 − 2x)/slope)/slope, without the second term where the slope is clamped. */
function secondOfBce({ x, y }: Operands): Tensor {
  const steep = slope(x);
  const bend = mul(cast(gt(mul(sub(1, x), x), FLATTEST), x.dtype), sub(1, mul(x, 2)));
  return div(sub(1, div(mul(sub(x, y), bend), steep)), steep);
}

/** σ·(1 − σ), the derivative of σ = sigmoid(z) */
const logisticDensity = (s: Tensor): Tensor => mul(s, sub(1, s));

const mse: Row = { name: "mseLoss", f: (k) => k.mseLoss, df: (k) => k.mseLossGrad, second: () => 2 };
const l1: Row = { name: "l1Loss", f: (k) => k.l1Loss, df: (k) => k.l1LossGrad };
const smoothL1: Row = {
  name: "smoothL1Loss",
  f: (k) => k.smoothL1Loss,
  df: (k) => k.smoothL1LossGrad,
  second: (at) => div(inside(at), at.k),
};
const huber: Row = { name: "huberLoss", f: (k) => k.huberLoss, df: (k) => k.huberLossGrad, second: inside };
const bce: Row = {
  name: "binaryCrossEntropy",
  f: (k) => k.bceLoss,
  df: (k) => k.bceLossGrad,
  byTarget: ({ x }) => sub(clampMin(log(sub(1, x)), -100), clampMin(log(x), -100)),
  second: secondOfBce,
  mixed: ({ x }) => div(-1, slope(x)),
};
const bceWithLogits: Row = {
  name: "binaryCrossEntropyWithLogits",
  f: (k) => k.bceWithLogitsLoss,
  df: (k) => k.bceWithLogitsLossGrad,
  byTarget: ({ x }) => neg(x),
  byThird: ({ x }) => softplus(neg(x)),
  second: ({ x, w }) => {
    const curve = logisticDensity(sigmoid(x));
    return w === null ? curve : mul(w, curve);
  },
  mixed: () => -1,
  mixedThird: ({ x }) => sub(sigmoid(x), 1),
};
const softMargin: Row = {
  name: "softMarginLoss",
  f: (k) => k.softMarginLoss,
  df: (k) => k.softMarginLossGrad,
  second: ({ x, y }) => mul(mul(y, y), logisticDensity(sigmoid(mul(x, y)))),
  mixed: ({ x, y }) => {
    const z = mul(x, y);
    return sub(mul(z, logisticDensity(sigmoid(z))), sigmoid(neg(z)));
  },
};
const klDivRow: Row = {
  name: "klDiv",
  f: (k) => k.klDivLoss,
  df: (k) => k.klDivLossGrad,
  byTarget: ({ x, y }) => sub(add(log(y), div(y, y)), x), // NaN at y = 0, as in PyTorch
  mixed: () => -1,
};
const klDivLog: Row = {
  name: "klDiv",
  f: (k) => k.klDivLogLoss,
  df: (k) => k.klDivLogLossGrad,
  byTarget: ({ x, y }) => mul(exp(y), add(sub(y, x), 1)),
  mixed: ({ y }) => neg(exp(y)),
};

/** The gradient that arrives: one number per element (`each`), or one number that is divided by `divisor` for all. */
type Incoming = { g: Tensor; each: boolean; divisor: number };

/** The gradient of each element, or one that broadcasts to all. Recorded. */
const spread = ({ g, divisor }: Incoming): Tensor => (divisor === 1 ? g : div(g, divisor));

/** Computes a loss and reduces it: two launches. */
function fused(row: Row, { x, y, k, w }: Operands, reduction: Reduction): Tensor {
  const kernel = row.f(realKernels(row.name, x.dtype));
  const losses = empty(row.name, x.shape, x.dtype);
  launch(
    kernel,
    x.numel,
    losses.ptr,
    asContiguous(x).ptr,
    asContiguous(y).ptr,
    w === null ? 0 : asContiguous(w).ptr,
    k,
  );
  const each = reduction === "none";
  const divisor = reduction === "mean" ? x.numel : 1;
  const out = each ? losses : total(row.name, losses, divisor);
  const inputs = w === null ? [x, y] : [x, y, w];
  return record(row.name, out, inputs, inputs, (g, node) => {
    const at = operands(node.saved, k);
    const incoming = { g, each, divisor };
    return [
      node.needs(0) ? gradient(row, incoming, at) : null,
      node.needs(1) ? byTarget(row, incoming, at) : null,
      w !== null && node.needs(2) ? mul(spread(incoming), row.byThird!(at)) : null,
    ];
  });
}

function operands(saved: readonly Tensor[], k: number): Operands {
  const [x, y, w = null] = saved;
  return { x: x!, y: y!, w, k };
}

function byTarget(row: Row, incoming: Incoming, at: Operands): Tensor {
  // f(x, y) = f(y, x): the operands change places, so that kinks fall to the side where PyTorch has them.
  if (row.byTarget === undefined) return gradient(row, incoming, { ...at, x: at.y, y: at.x });
  return mul(spread(incoming), row.byTarget(at));
}

/** g·df/dx in one launch. It is a recorded operation, so that gradients of any order exist. */
function gradient(row: Row, { g, each, divisor }: Incoming, { x, y, k, w }: Operands): Tensor {
  const kernel = row.df(realKernels(row.name, x.dtype));
  const out = empty(row.name, x.shape, x.dtype);
  const third = w === null ? 0 : asContiguous(w).ptr;
  launch(
    kernel,
    x.numel,
    out.ptr,
    asContiguous(g).ptr,
    asContiguous(x).ptr,
    asContiguous(y).ptr,
    third,
    Number(each),
    divisor,
    k,
  );
  const inputs = w === null ? [g, x, y] : [g, x, y, w];
  return record(`${row.name}Grad`, out, inputs, inputs, (gg, node) => {
    const at = operands(node.saved.slice(1), k);
    const both = mul(gg, spread({ g: node.saved[0]!, each, divisor }));
    const second = row.second === undefined ? null : mul(both, row.second(at));
    const mixed = row.mixed === undefined ? second && neg(second) : mul(both, row.mixed(at));
    const byGradient = node.needs(0) ? gradient(row, { g: gg, each: true, divisor: 1 }, at) : null;
    return [
      byGradient && !each ? div(sum(byGradient), divisor) : byGradient,
      node.needs(1) ? second : null,
      node.needs(2) ? mixed : null,
      w !== null && node.needs(3) ? mul(both, row.mixedThird!(at)) : null,
    ];
  });
}

/** What every loss takes by position. PyTorch's size_average and reduce, which it deprecates, are left out. */
const PAIR = { input: tensorKind, target: tensorKind } as const;

/** As {@link PAIR}, with factors of the elements. */
const WEIGHTED = { ...PAIR, weight: orNull(tensorKind) } as const;

/** What every loss takes by keyword. */
const REDUCED = { reduction: reductionKind } as const;

/** Checks and computes a loss of two operands. */
function loss(row: Row, input: Tensor, target: Tensor, options: LossOptions, k = 0): Tensor {
  const { reduction = "mean" } = options;
  checkPair(row.name, input, target);
  return fused(row, { x: input, y: target, k, w: null }, reduction);
}

/**
 * Mean of (input − target)², as torch.nn.functional.mse_loss.
 * @throws ShapeError when the shapes differ (PyTorch would warn and broadcast)
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.mse_loss.html
 */
export const mseLoss = define(
  "mseLoss",
  PAIR,
  (input: Tensor, target: Tensor, options: LossOptions = {}): Tensor => loss(mse, input, target, options),
  REDUCED,
);

/**
 * Mean of |input − target|, as torch.nn.functional.l1_loss. The gradient at 0 is 0.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.l1_loss.html
 */
export const l1Loss = define(
  "l1Loss",
  PAIR,
  (input: Tensor, target: Tensor, options: LossOptions = {}): Tensor => loss(l1, input, target, options),
  REDUCED,
);

/** Options of {@link smoothL1Loss}. */
export type SmoothL1Options = LossOptions & {
  /** Where the square becomes linear (1); at least 0. */
  beta?: number;
};

/**
 * Mean of ½·d²/beta where d = |input − target| < beta, of d − ½·beta elsewhere, as torch.nn.functional.smooth_l1_loss.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.smooth_l1_loss.html
 */
export const smoothL1Loss = define(
  "smoothL1Loss",
  PAIR,
  (input: Tensor, target: Tensor, options: SmoothL1Options = {}): Tensor => {
    const { beta = 1 } = options;
    if (!(beta >= 0)) throw new ValueError("smoothL1Loss", `expected beta ≥ 0, got ${beta}`);
    return loss(smoothL1, input, target, options, beta);
  },
  { ...REDUCED, beta: anyNumber },
);

/** Options of {@link huberLoss}. */
export type HuberOptions = LossOptions & {
  /** Where the square becomes linear (1); above 0. */
  delta?: number;
};

/**
 * Mean of ½·d² where d = |input − target| < delta, of delta·(d − ½·delta) elsewhere, as torch.nn.functional.huber_loss.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.huber_loss.html
 */
export const huberLoss = define(
  "huberLoss",
  { ...PAIR, ...REDUCED, delta: anyNumber },
  (input: Tensor, target: Tensor, reduction: Reduction = "mean", delta: number = 1): Tensor => {
    if (!(delta > 0)) throw new ValueError("huberLoss", `expected delta > 0, got ${delta}`);
    return loss(huber, input, target, { reduction }, delta);
  },
);

/** Options of {@link binaryCrossEntropy}. */
export type BinaryCrossEntropyOptions = LossOptions & {
  /** A factor for each element; broadcasts to the input's shape. */
  weight?: Tensor | null;
};

/**
 * Mean of −(target·log input + (1 − target)·log(1 − input)), the logarithms at least −100, as
 * torch.nn.functional.binary_cross_entropy.
 * @param input probabilities
 * @param target probabilities, of the same shape
 * @throws ValueError for input or target outside [0, 1] (or NaN)
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy.html
 */
export const binaryCrossEntropy = define(
  "binaryCrossEntropy",
  WEIGHTED,
  (
    input: Tensor,
    target: Tensor,
    weight: Tensor | null = null,
    options: Omit<BinaryCrossEntropyOptions, "weight"> = {},
  ): Tensor => {
    const { reduction = "mean" } = options;
    const name = "binaryCrossEntropy";
    checkPair(name, input, target);
    if (weight !== null) checkWeight(name, "weight", input, weight);
    checkProbabilities(
      name,
      "input",
      input,
      "Apply a sigmoid first, or use binaryCrossEntropyWithLogits (BCEWithLogitsLoss)",
    );
    checkProbabilities(name, "target", target, "Targets are probabilities: 0 or 1 for labels");
    const at = { x: input, y: target, k: 0, w: null };
    if (weight === null) return fused(bce, at, reduction);
    return weighted(fused(bce, at, "none"), weight, reduction);
  },
  REDUCED,
);

/** Options of {@link binaryCrossEntropyWithLogits}. */
export type BinaryCrossEntropyWithLogitsOptions = BinaryCrossEntropyOptions & {
  /** A factor for the term of the positive examples; broadcasts to the input's shape. */
  posWeight?: Tensor | null;
};

/**
 * Binary cross-entropy of sigmoid(input), without overflow, as torch.nn.functional.binary_cross_entropy_with_logits.
 * @param input logits: any numbers
 * @param target probabilities, of the same shape
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy_with_logits.html
 */
export const binaryCrossEntropyWithLogits = define(
  "binaryCrossEntropyWithLogits",
  WEIGHTED,
  (
    input: Tensor,
    target: Tensor,
    weight: Tensor | null = null,
    options: Omit<BinaryCrossEntropyWithLogitsOptions, "weight"> = {},
  ): Tensor => {
    const { reduction = "mean", posWeight = null } = options;
    const name = "binaryCrossEntropyWithLogits";
    checkPair(name, input, target);
    if (weight !== null) checkWeight(name, "weight", input, weight);
    if (posWeight !== null) checkWeight(name, "posWeight", input, posWeight);
    const w = posWeight === null ? null : add(mul(target, sub(posWeight, 1)), 1);
    const at = { x: input, y: target, k: 0, w };
    if (weight === null) return fused(bceWithLogits, at, reduction);
    return weighted(fused(bceWithLogits, at, "none"), weight, reduction);
  },
  { ...REDUCED, posWeight: orNull(tensorKind) },
);

/**
 * Mean of log(1 + exp(−target·input)), as torch.nn.functional.soft_margin_loss, without overflow.
 * @param input logits: any numbers
 * @param target −1 or 1, of the same shape and dtype
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.soft_margin_loss.html
 */
export const softMarginLoss = define(
  "softMarginLoss",
  PAIR,
  (input: Tensor, target: Tensor, options: LossOptions = {}): Tensor => loss(softMargin, input, target, options),
  REDUCED,
);

/** Options of {@link klDiv}. */
export type KlDivOptions = {
  /** "mean" when left out; "batchmean", the divergence itself, divides the sum by the size of the first dim. */
  reduction?: Reduction | "batchmean";
  /** Whether the target holds log-probabilities too (false). */
  logTarget?: boolean;
};

/**
 * target·(log target − input), as torch.nn.functional.kl_div.
 * @param input log-probabilities
 * @param target probabilities, or with logTarget their logarithms
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.kl_div.html
 */
export const klDiv = define(
  "klDiv",
  PAIR,
  (input: Tensor, target: Tensor, options: KlDivOptions = {}): Tensor => {
    const { reduction = "mean", logTarget = false } = options;
    const row = logTarget ? klDivLog : klDivRow;
    if (reduction !== "batchmean") return loss(row, input, target, { reduction });
    return div(loss(row, input, target, { reduction: "sum" }), input.shape[0] ?? 1);
  },
  { reduction: oneOf("mean", "batchmean", "sum", "none"), logTarget: boolean },
);
