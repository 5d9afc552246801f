import { anyNumber, boolean, define, integerFrom, oneOf, orNull } from "../../base/signature.js";
import * as F from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { reductionKind } from "../../ops/loss/reduction.js";
import { tensorKind } from "../../tensor/kinds.js";
import { Module } from "../module/module.js";
import type { LossTraits } from "./traits.js";

// Losses as modules. Each has a row in the table at the end.

const REDUCED = { reduction: reductionKind } as const;
const WEIGHTED = { weight: orNull(tensorKind) } as const;
const LABELLED = { ...REDUCED, ignoreIndex: integerFrom(Number.NEGATIVE_INFINITY) } as const;

const mseLossCall = define("MSELoss", {}, (options: F.LossOptions = {}) => options, REDUCED);
const l1LossCall = define("L1Loss", {}, (options: F.LossOptions = {}) => options, REDUCED);
const smoothL1LossCall = define("SmoothL1Loss", {}, (options: F.SmoothL1Options = {}) => options, {
  ...REDUCED,
  beta: anyNumber,
});
const huberLossCall = define(
  "HuberLoss",
  { ...REDUCED, delta: anyNumber },
  (reduction: F.Reduction = "mean", delta: number = 1) => ({ reduction, delta }),
);
const klDivLossCall = define("KLDivLoss", {}, (options: F.KlDivOptions = {}) => options, {
  reduction: oneOf("mean", "batchmean", "sum", "none"),
  logTarget: boolean,
});
const softMarginLossCall = define("SoftMarginLoss", {}, (options: F.LossOptions = {}) => options, REDUCED);
const bceLossCall = define(
  "BCELoss",
  WEIGHTED,
  (weight: Tensor | null = null, options: Omit<F.BinaryCrossEntropyOptions, "weight"> = {}) => ({ weight, options }),
  REDUCED,
);
const crossEntropyLossCall = define(
  "CrossEntropyLoss",
  WEIGHTED,
  (weight: Tensor | null = null, options: Omit<F.CrossEntropyOptions, "weight"> = {}) => ({ weight, options }),
  { ...LABELLED, labelSmoothing: anyNumber },
);
const nllLossCall = define(
  "NLLLoss",
  WEIGHTED,
  (weight: Tensor | null = null, options: Omit<F.NllLossOptions, "weight"> = {}) => ({ weight, options }),
  LABELLED,
);
const bceWithLogitsLossCall = define(
  "BCEWithLogitsLoss",
  WEIGHTED,
  (
    weight: Tensor | null = null,
    { posWeight = null, ...options }: Omit<F.BinaryCrossEntropyWithLogitsOptions, "weight"> = {},
  ) => ({ weight, posWeight, options }),
  { ...REDUCED, posWeight: orNull(tensorKind) },
);

/**
 * Mean squared error, as torch.nn.MSELoss. Input and target have one shape.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.MSELoss.html
 * @example
 * ```ts
 * import { nn, tensor } from "simdgrad";
 * new nn.MSELoss().forward(tensor([1, 2]), tensor([1, 4])).item(); // 2
 * ```
 */
export class MSELoss extends Module {
  private readonly options: F.LossOptions;

  constructor(...args: Parameters<typeof mseLossCall>) {
    super();
    this.options = mseLossCall(...args);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.mseLoss(input, target, this.options);
  }
}

/**
 * Mean absolute error, as torch.nn.L1Loss.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.L1Loss.html
 */
export class L1Loss extends Module {
  private readonly options: F.LossOptions;

  constructor(...args: Parameters<typeof l1LossCall>) {
    super();
    this.options = l1LossCall(...args);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.l1Loss(input, target, this.options);
  }
}

/**
 * Squared error below `beta` (1), absolute error above, as torch.nn.SmoothL1Loss.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html
 */
export class SmoothL1Loss extends Module {
  private readonly options: F.SmoothL1Options;

  constructor(...args: Parameters<typeof smoothL1LossCall>) {
    super();
    this.options = smoothL1LossCall(...args);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.smoothL1Loss(input, target, this.options);
  }
}

/**
 * Squared error below `delta` (1), absolute error times delta above, as torch.nn.HuberLoss.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html
 */
export class HuberLoss extends Module {
  private readonly options: Required<F.HuberOptions>;

  constructor(...args: Parameters<typeof huberLossCall>) {
    super();
    this.options = huberLossCall(...args);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.huberLoss(input, target, this.options.reduction, this.options.delta);
  }
}

/**
 * Kullback-Leibler divergence of log-probabilities from probabilities, as torch.nn.KLDivLoss. `reduction: "batchmean"`
 * gives the divergence itself.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html
 */
export class KLDivLoss extends Module {
  private readonly options: F.KlDivOptions;

  constructor(...args: Parameters<typeof klDivLossCall>) {
    super();
    this.options = klDivLossCall(...args);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.klDiv(input, target, this.options);
  }
}

/**
 * Mean of log(1 + exp(−target·input)) of logits and targets −1 and 1, as torch.nn.SoftMarginLoss.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.SoftMarginLoss.html
 */
export class SoftMarginLoss extends Module {
  private readonly options: F.LossOptions;

  constructor(...args: Parameters<typeof softMarginLossCall>) {
    super();
    this.options = softMarginLossCall(...args);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.softMarginLoss(input, target, this.options);
  }
}

/** A loss with weights. They are buffers, so stateDict() has them and double() converts them. */
abstract class WeightedLoss extends Module {
  /** Factors of the elements or of the classes, or null. */
  weight: Tensor | null;

  constructor(weight: Tensor | null | undefined) {
    super();
    this.weight = weight ? this.registerBuffer("weight", weight) : null;
  }
}

/**
 * Binary cross-entropy of probabilities (results of a Sigmoid) and targets 0 and 1, as torch.nn.BCELoss.
 *
 * @param options `weight`, which broadcasts to the input, and `reduction`
 * @throws ValueError in forward for input or target outside [0, 1]
 * @see https://pytorch.org/docs/stable/generated/torch.nn.BCELoss.html
 * @example
 * ```ts
 * import { nn, tensor } from "simdgrad";
 * new nn.BCELoss().forward(tensor([0.5]), tensor([1])).item(); // 0.6931
 * ```
 */
export class BCELoss extends WeightedLoss {
  private readonly options: Omit<F.BinaryCrossEntropyOptions, "weight">;

  constructor(...args: Parameters<typeof bceLossCall>) {
    const { weight, options } = bceLossCall(...args);
    super(weight);
    this.options = options;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binaryCrossEntropy(input, target, this.weight, this.options);
  }
}

/**
 * Binary cross-entropy of logits, as torch.nn.BCEWithLogitsLoss: Sigmoid and BCELoss in one, without overflow.
 *
 * @param options `weight` and `posWeight`, which broadcast to the input, and `reduction`
 * @see https://pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
 */
export class BCEWithLogitsLoss extends WeightedLoss {
  /** Factors of the positive examples, or null. */
  posWeight: Tensor | null;

  private readonly options: F.LossOptions;

  constructor(...args: Parameters<typeof bceWithLogitsLossCall>) {
    const { weight, posWeight, options } = bceWithLogitsLossCall(...args);
    super(weight);
    this.options = options;
    this.posWeight = posWeight ? this.registerBuffer("pos_weight", posWeight) : null;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, posWeight } = this;
    return F.binaryCrossEntropyWithLogits(input, target, weight, { ...this.options, posWeight });
  }
}

/**
 * Cross-entropy of logits, as torch.nn.CrossEntropyLoss: LogSoftmax and NLLLoss in one.
 *
 * @param options `weight` [C], `ignoreIndex` (−100), `labelSmoothing` (0) and `reduction`
 * @throws ValueError in forward for labels outside [0, C) other than ignoreIndex
 * @see https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
 * @example
 * ```ts
 * import { nn, tensor } from "simdgrad";
 * const criterion = new nn.CrossEntropyLoss();
 * criterion.forward(tensor([[2, 1, 0]]), tensor([0], { dtype: "int32" })).item(); // 0.4076
 * ```
 */
export class CrossEntropyLoss extends WeightedLoss {
  private readonly options: Omit<F.CrossEntropyOptions, "weight">;

  constructor(...args: Parameters<typeof crossEntropyLossCall>) {
    const { weight, options } = crossEntropyLossCall(...args);
    super(weight);
    this.options = options;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.crossEntropy(input, target, this.weight, this.options);
  }
}

/**
 * Negative log-likelihood of log-probabilities, as torch.nn.NLLLoss.
 *
 * @param options `weight` [C], `ignoreIndex` (−100) and `reduction`
 * @throws ValueError in forward for labels outside [0, C) other than ignoreIndex
 * @see https://pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
 */
export class NLLLoss extends WeightedLoss {
  private readonly options: Omit<F.NllLossOptions, "weight">;

  constructor(...args: Parameters<typeof nllLossCall>) {
    const { weight, options } = nllLossCall(...args);
    super(weight);
    this.options = options;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.nllLoss(input, target, this.weight, this.options);
  }
}

/** What advice and the cheat sheet know of each loss above. */
export default {
  MSELoss: { formula: "(x − y)²", input: "numbers", target: "numbers", type: MSELoss },
  L1Loss: { formula: "|x − y|", input: "numbers", target: "numbers", type: L1Loss },
  SmoothL1Loss: {
    formula: "HuberLoss with delta = beta, divided by beta (0.5 here)",
    input: "numbers",
    target: "numbers",
    type: SmoothL1Loss,
    options: { beta: 0.5 },
  },
  HuberLoss: {
    formula: "(x − y)² / 2 up to 1, |x − y| − 1/2 beyond",
    input: "numbers",
    target: "numbers",
    type: HuberLoss,
  },
  SoftMarginLoss: { formula: "ln(1 + e⁻ˣʸ)", input: "logits", target: "−1 or 1", type: SoftMarginLoss },
  KLDivLoss: { formula: "y (ln y − x)", input: "log-probabilities", target: "probabilities", type: KLDivLoss },
  BCELoss: { formula: "−y ln x − (1 − y) ln(1 − x)", input: "probabilities", target: "0 or 1", type: BCELoss },
  BCEWithLogitsLoss: { formula: "BCELoss of σ(x)", input: "logits", target: "0 or 1", type: BCEWithLogitsLoss },
  CrossEntropyLoss: { formula: "−x[class] + ln Σ eˣʲ", input: "logits", target: "labels", type: CrossEntropyLoss },
  NLLLoss: { formula: "−x[class]", input: "log-probabilities", target: "labels", type: NLLLoss },
} satisfies Record<string, LossTraits>;
