import { type Dtype, getDefaultDtype } from "../../base/dtype.js";
import { ValueError } from "../../base/errors.js";
import { type ArgumentsOf, anyNumber, define, integerFrom, notInPlace, oneOf } from "../../base/signature.js";
import * as F from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { full } from "../../ops/layout/factories.js";
import { dtypeKind } from "../../tensor/kinds.js";
import { Module, membersOf } from "../module/module.js";
import { Parameter } from "../module/parameter.js";
import { float } from "../module/repr.js";
import type { ActivationTraits } from "./traits.js";

// Activations as modules, with PyTorch's arguments and defaults. Each has a row in the table at the end.

const leakyReLUCall = define(
  "LeakyReLU",
  { negativeSlope: anyNumber, inplace: notInPlace },
  (negativeSlope: number = 0.01, _inplace: boolean = false) => negativeSlope,
);

const eluCall = define(
  "ELU",
  { alpha: anyNumber, inplace: notInPlace },
  (alpha: number = 1, _inplace: boolean = false) => alpha,
);

const geluCall = define(
  "GELU",
  { approximate: oneOf("none", "tanh") },
  (approximate: "none" | "tanh" = "none") => approximate,
);

const softplusCall = define(
  "Softplus",
  { beta: anyNumber, threshold: anyNumber },
  (beta: number = 1, threshold: number = 20) => [beta, threshold] as const,
);

const hardtanhCall = define(
  "Hardtanh",
  { minVal: anyNumber, maxVal: anyNumber, inplace: notInPlace },
  (minVal: number = -1, maxVal: number = 1, _inplace: boolean = false) => {
    if (minVal < maxVal) return [minVal, maxVal] as const;
    throw new ValueError("Hardtanh", `expected minVal below maxVal, got ${minVal} and ${maxVal}`);
  },
);

const hardshrinkCall = define("Hardshrink", { lambd: anyNumber }, (lambd: number = 0.5) => lambd);

const preluCall = define(
  "PReLU",
  { numParameters: integerFrom(1), init: anyNumber },
  (numParameters: number = 1, init: number = 0.25, { dtype = getDefaultDtype() }: ActivationOptions = {}) => ({
    numParameters,
    init,
    dtype,
  }),
  { dtype: dtypeKind },
);

const softExponentialCall = define(
  "SoftExponential",
  { alpha: anyNumber },
  (alpha: number = 0, { dtype = getDefaultDtype() }: ActivationOptions = {}) => ({ alpha, dtype }),
  { dtype: dtypeKind },
);

/** The call of a layer that PyTorch could tell to work in place. */
function inPlaceCall(name: string) {
  return define(name, { inplace: notInPlace }, (_inplace: boolean = false) => {});
}

/** A layer whose one argument has to stay false. */
abstract class WithoutInPlace extends Module {
  constructor(...args: ArgumentsOf<ReturnType<typeof inPlaceCall>>) {
    super();
    inPlaceCall(this.constructor.name)(...args);
  }
}

/** A layer that takes no arguments, from callers without types either. */
abstract class WithoutArguments extends Module {
  constructor(...args: []) {
    super();
    define(this.constructor.name, {}, () => {})(...args);
  }
}

/**
 * max(x, 0), as torch.nn.ReLU.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ReLU.html
 */
export class ReLU extends WithoutInPlace {
  override forward(x: Tensor): Tensor {
    return F.relu(x);
  }
}

/**
 * x held between 0 and 6, as torch.nn.ReLU6.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ReLU6.html
 */
export class ReLU6 extends WithoutInPlace {
  override forward(x: Tensor): Tensor {
    return F.relu6(x);
  }
}

/**
 * Scaled ELU, which keeps mean 0 and variance 1, as torch.nn.SELU.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.SELU.html
 */
export class SELU extends WithoutInPlace {
  override forward(x: Tensor): Tensor {
    return F.selu(x);
  }
}

/**
 * x·σ(x), as torch.nn.SiLU.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.SiLU.html
 */
export class SiLU extends WithoutInPlace {
  override forward(x: Tensor): Tensor {
    return F.silu(x);
  }
}

/**
 * x·tanh(ln(1 + e^x)), as torch.nn.Mish.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Mish.html
 */
export class Mish extends WithoutInPlace {
  override forward(x: Tensor): Tensor {
    return F.mish(x);
  }
}

/**
 * x/(1 + |x|), as torch.nn.Softsign.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Softsign.html
 */
export class Softsign extends WithoutArguments {
  override forward(x: Tensor): Tensor {
    return F.softsign(x);
  }
}

/**
 * The hyperbolic tangent, as torch.nn.Tanh.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Tanh.html
 */
export class Tanh extends WithoutArguments {
  override forward(x: Tensor): Tensor {
    return F.tanh(x);
  }
}

/**
 * 1/(1 + e^-x), as torch.nn.Sigmoid.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html
 */
export class Sigmoid extends WithoutArguments {
  override forward(x: Tensor): Tensor {
    return F.sigmoid(x);
  }
}

/**
 * ln(1/(1 + e^-x)), as torch.nn.LogSigmoid.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.LogSigmoid.html
 */
export class LogSigmoid extends WithoutArguments {
  override forward(x: Tensor): Tensor {
    return F.logsigmoid(x);
  }
}

/**
 * min(max(x + 3, 0), 6)/6, as torch.nn.Hardsigmoid.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Hardsigmoid.html
 */
export class Hardsigmoid extends WithoutInPlace {
  override forward(x: Tensor): Tensor {
    return F.hardsigmoid(x);
  }
}

/**
 * x·min(max(x + 3, 0), 6)/6, as torch.nn.Hardswish.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Hardswish.html
 */
export class Hardswish extends WithoutInPlace {
  override forward(x: Tensor): Tensor {
    return F.hardswish(x);
  }
}

/**
 * (√(x² + 1) - 1)/2 + x, the bent identity. Not in PyTorch.
 * @example
 * ```ts
 * import { nn, tensor } from "simdgrad";
 * new nn.BentIdentity().forward(tensor([0, 1])); // tensor([0.0000, 1.2071])
 * ```
 */
export class BentIdentity extends WithoutArguments {
  override forward(x: Tensor): Tensor {
    return F.bentIdentity(x);
  }
}

/**
 * x above 0, negativeSlope·x elsewhere, as torch.nn.LeakyReLU.
 * @param negativeSlope 0.01 when left out
 * @see https://pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html
 */
export class LeakyReLU extends Module {
  readonly negativeSlope: number;

  constructor(...args: ArgumentsOf<typeof leakyReLUCall>) {
    super();
    this.negativeSlope = leakyReLUCall(...args);
  }

  override forward(x: Tensor): Tensor {
    return F.leakyRelu(x, this.negativeSlope);
  }

  override extraRepr(): string {
    return `negative_slope=${this.negativeSlope}`;
  }
}

/**
 * x above 0, alpha·(e^x - 1) elsewhere, as torch.nn.ELU.
 * @param alpha 1 when left out
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ELU.html
 */
export class ELU extends Module {
  readonly alpha: number;

  constructor(...args: ArgumentsOf<typeof eluCall>) {
    super();
    this.alpha = eluCall(...args);
  }

  override forward(x: Tensor): Tensor {
    return F.elu(x, this.alpha);
  }

  override extraRepr(): string {
    return `alpha=${float(this.alpha)}`;
  }
}

/**
 * x·Φ(x), Φ the normal distribution, as torch.nn.GELU.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.GELU.html
 */
export class GELU extends Module {
  readonly approximate: "none" | "tanh";

  constructor(...args: ArgumentsOf<typeof geluCall>) {
    super();
    this.approximate = geluCall(...args);
  }

  override forward(x: Tensor): Tensor {
    return F.gelu(x, { approximate: this.approximate });
  }

  override extraRepr(): string {
    return `approximate='${this.approximate}'`;
  }
}

/**
 * ln(1 + e^(beta·x))/beta, and x where beta·x is above threshold, as torch.nn.Softplus.
 * @param beta 1 when left out
 * @param threshold 20 when left out
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Softplus.html
 */
export class Softplus extends Module {
  readonly beta: number;
  readonly threshold: number;

  constructor(...args: ArgumentsOf<typeof softplusCall>) {
    super();
    [this.beta, this.threshold] = softplusCall(...args);
  }

  override forward(x: Tensor): Tensor {
    return F.softplus(x, this.beta, this.threshold);
  }

  override extraRepr(): string {
    return `beta=${this.beta}, threshold=${this.threshold}`;
  }
}

/**
 * x held between minVal and maxVal, as torch.nn.Hardtanh.
 * @param minVal -1 when left out
 * @param maxVal 1 when left out
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Hardtanh.html
 */
export class Hardtanh extends Module {
  readonly minVal: number;
  readonly maxVal: number;

  constructor(...args: ArgumentsOf<typeof hardtanhCall>) {
    super();
    [this.minVal, this.maxVal] = hardtanhCall(...args);
  }

  override forward(x: Tensor): Tensor {
    return F.hardtanh(x, this.minVal, this.maxVal);
  }

  override extraRepr(): string {
    return `min_val=${float(this.minVal)}, max_val=${float(this.maxVal)}`;
  }
}

/**
 * 0 from -lambda to lambda, x elsewhere, as torch.nn.Hardshrink.
 * @param lambda 0.5 when left out
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Hardshrink.html
 */
export class Hardshrink extends Module {
  readonly lambda: number;

  constructor(...args: ArgumentsOf<typeof hardshrinkCall>) {
    super();
    this.lambda = hardshrinkCall(...args);
  }

  override forward(x: Tensor): Tensor {
    return F.hardshrink(x, this.lambda);
  }

  override extraRepr(): string {
    return `${this.lambda}`;
  }
}

/** Options of activations with a trained parameter. */
export type ActivationOptions = {
  /** The default dtype (float32) when left out. */
  dtype?: Dtype;
};

/**
 * x above 0, weight·x elsewhere with a trained weight, as torch.nn.PReLU.
 *
 * @param numParameters 1 for one weight, or the number of channels (dim 1) for one weight per channel
 * @param init the weights at the start, 0.25 when left out
 * @see https://pytorch.org/docs/stable/generated/torch.nn.PReLU.html
 */
export class PReLU extends Module {
  /** [numParameters] */
  weight: Parameter;

  readonly numParameters: number;

  constructor(...args: ArgumentsOf<typeof preluCall>) {
    super();
    const { numParameters, init, dtype } = preluCall(...args);
    this.numParameters = numParameters;
    this.weight = new Parameter(full([numParameters], init, { dtype }));
    membersOf(this).look(); // a plain tensor over a parameter is refused from here on
  }

  override forward(x: Tensor): Tensor {
    return F.prelu(x, this.weight);
  }

  override extraRepr(): string {
    return `num_parameters=${this.numParameters}`;
  }
}

/**
 * The soft exponential of Godfrey and Gashler (2015) with a trained alpha: a logarithm for alpha below 0, the identity
 * at 0, an exponential above. Not in PyTorch.
 * @param alpha its value at the start, 0 when left out
 * @example
 * ```ts
 * import { nn } from "simdgrad";
 * const model = new nn.Sequential(new nn.Linear(1, 1), new nn.SoftExponential(-0.9));
 * ```
 */
export class SoftExponential extends Module {
  /** One number, without dims. */
  alpha: Parameter;

  constructor(...args: ArgumentsOf<typeof softExponentialCall>) {
    super();
    const { alpha, dtype } = softExponentialCall(...args);
    this.alpha = new Parameter(full([], alpha, { dtype }));
    membersOf(this).look(); // a plain tensor over a parameter is refused from here on
  }

  override forward(x: Tensor): Tensor {
    return F.softExponential(x, this.alpha);
  }
}

/** What graphs, advice and the cheat sheet know of each activation above. */
export default {
  ReLU: { formula: "max(x, 0)", range: "[0, ∞)", make: () => new ReLU() },
  ReLU6: { formula: "min(max(x, 0), 6)", range: "[0, 6]", make: () => new ReLU6() },
  SELU: {
    formula: "1.0507·x above 0, 1.7581·(eˣ − 1) below",
    range: "(-1.7580993408473766, ∞)",
    make: () => new SELU(),
  },
  SiLU: { formula: "x·σ(x)", range: "[-0.27846455, ∞)", make: () => new SiLU() },
  Mish: {
    formula: "x·tanh(ln(1 + eˣ))",
    range: "[-0.30884342, ∞)",
    make: () => new Mish(),
  },
  Softsign: { formula: "x / (1 + |x|)", range: "(-1, 1)", make: () => new Softsign() },
  Tanh: { formula: "(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)", range: "(-1, 1)", make: () => new Tanh() },
  Sigmoid: { formula: "1 / (1 + e⁻ˣ)", range: "(0, 1)", make: () => new Sigmoid() },
  LogSigmoid: {
    formula: "ln(1 / (1 + e⁻ˣ))",
    range: "(-∞, 0)",
    make: () => new LogSigmoid(),
  },
  Hardsigmoid: { formula: "min(max(x + 3, 0), 6) / 6", range: "[0, 1]", make: () => new Hardsigmoid() },
  Hardswish: {
    formula: "x·min(max(x + 3, 0), 6) / 6",
    range: "[-0.375, ∞)",
    make: () => new Hardswish(),
  },
  BentIdentity: { formula: "(√(x² + 1) − 1) / 2 + x", range: "(-∞, ∞)", make: () => new BentIdentity() },
  LeakyReLU: { formula: "x above 0, 0.01·x below", range: "(-∞, ∞)", make: () => new LeakyReLU() },
  ELU: { formula: "x above 0, alpha·(eˣ − 1) below", range: null, make: () => new ELU() },
  GELU: {
    formula: "x·Φ(x)",
    range: "[-0.16997121, ∞)",
    make: () => new GELU(),
  },
  Softplus: { formula: "ln(1 + eˣ)", range: "(0, ∞)", make: () => new Softplus() },
  Hardtanh: { formula: "min(max(x, −1), 1)", range: null, make: () => new Hardtanh() },
  Hardshrink: { formula: "0 from −0.5 to 0.5, x elsewhere", range: "(-∞, ∞)", make: () => new Hardshrink() },
  PReLU: {
    formula: "x above 0, a·x below (a is trained, 0.25 here)",
    range: "(-∞, ∞)",
    learns: true,
    make: (dtype) => new PReLU(1, 0.25, { dtype }),
  },
  SoftExponential: {
    formula: "a logarithm, x or an exponential, as a is trained (0.3 here)",
    range: null,
    learns: true,
    make: (dtype) => new SoftExponential(0.3, { dtype }),
  },
} satisfies Record<string, ActivationTraits>;
