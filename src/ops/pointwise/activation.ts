import { ValueError } from "../../base/errors.js";
import { anyNumber, define, notInPlace, oneOf } from "../../base/signature.js";
import type { RealKernels } from "../../runtime/kernels.js";
import { launch } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous } from "../layout/copy.js";
import { full } from "../layout/factories.js";
import { add, mul, neg, sub } from "./arithmetic.js";
import { clampMax } from "./clamp.js";
import { gt, le, lt } from "./compare.js";
import { abs, exp, pow, sign } from "./math.js";
import { floating, zero } from "./operands.js";
import { where } from "./where.js";

/** One activation. P are its parameters, in the kernels' order. */
type Row<P extends number[]> = {
  name: string;
  f: (kernels: RealKernels) => (out: number, x: number, ...rest: [...P, number, number]) => void;
  /** The fused gradient g·f'; `from` says whether it reads the input x or the result y. */
  df: (kernels: RealKernels) => (out: number, g: number, v: number, ...rest: [...P, number, number]) => void;
  from: "x" | "y";
  /** The derivative of f' by the same x or y, in ordinary operations; left out where it is 0. */
  second?: (v: Tensor, ...params: P) => Tensor;
};

/**
 * Makes the function of a row. Its gradient g·f'(v) is an operation too, with the gradients gg·f'(v) for g and
 * gg·g·f''(v) for v. So gradients of any order exist, and createGraph changes no bit of the first.
 */
function activation<P extends number[]>(row: Row<P>): (x: Tensor, ...params: P) => Tensor {
  const gradient = (g: Tensor, v: Tensor, params: P): Tensor => {
    const out = empty(row.name, v.shape, v.dtype);
    launch(
      row.df(realKernels(row.name, v.dtype)),
      v.numel,
      out.ptr,
      asContiguous(g).ptr,
      asContiguous(v).ptr,
      ...params,
    );
    return record(`${row.name}Grad`, out, [g, v], [g, v], (gg, node) => {
      const [g0, v0] = node.saved;
      const curvature = (): Tensor => (row.second ? mul(mul(gg, g0!), row.second(v0!, ...params)) : zero(gg));
      return [node.needs(0) ? gradient(gg, v0!, params) : null, node.needs(1) ? curvature() : null];
    });
  };
  return (x, ...params) => {
    const out = empty(row.name, x.shape, x.dtype);
    launch(row.f(realKernels(row.name, x.dtype)), x.numel, out.ptr, asContiguous(x).ptr, ...params);
    const saved = [row.from === "x" ? x : out];
    return record(row.name, out, [x], saved, (g, node) => [gradient(g, node.saved[0]!, params)]);
  };
}

/** The public function of an activation without parameters: f(input, inplace = false). */
function plain(name: string, f: (x: Tensor) => Tensor) {
  return define(
    name,
    { input: tensorKind, inplace: notInPlace },
    (input: Tensor, _inplace: boolean = false): Tensor => f(input),
  );
}

/**
 * max(x, 0), as torch.nn.functional.relu. The gradient at 0 is 0.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.relu.html
 */
export const relu = plain("relu", activation({ name: "relu", f: (k) => k.relu, df: (k) => k.reluGrad, from: "x" }));

const leaky = activation<[slope: number]>({
  name: "leakyRelu",
  f: (k) => k.leakyRelu,
  df: (k) => k.leakyReluGrad,
  from: "x",
});
/**
 * x above 0, negativeSlope·x elsewhere, as torch.nn.functional.leaky_relu.
 * @param negativeSlope 0.01 when left out
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.leaky_relu.html
 */
export const leakyRelu = define(
  "leakyRelu",
  { input: tensorKind, negativeSlope: anyNumber, inplace: notInPlace },
  (input: Tensor, negativeSlope: number = 0.01, _inplace: boolean = false): Tensor => leaky(input, negativeSlope),
);

const scaledElu = activation<[alpha: number, scale: number]>({
  name: "elu",
  f: (k) => k.scaledElu,
  df: (k) => k.scaledEluGrad,
  from: "x",
  second: (x, alpha) => where(le(x, 0), mul(exp(clampMax(x, 0)), alpha), 0),
});
/**
 * x above 0, alpha·(e^x - 1) elsewhere, as torch.nn.functional.elu.
 * @param alpha 1 when left out
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.elu.html
 */
export const elu = define(
  "elu",
  { input: tensorKind, alpha: anyNumber, inplace: notInPlace },
  (input: Tensor, alpha: number = 1, _inplace: boolean = false): Tensor => scaledElu(input, alpha, 1),
);

const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/**
 * Scaled ELU with the two constants that keep mean 0 and variance 1, as torch.nn.functional.selu.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.selu.html
 */
export const selu = plain("selu", (x) => scaledElu(x, SELU_ALPHA * SELU_SCALE, SELU_SCALE));

const geluErf = activation({
  name: "gelu",
  f: (k) => k.gelu,
  df: (k) => k.geluGrad,
  from: "x",
  second: (x) => {
    const squared = mul(x, x);
    return mul(mul(exp(mul(squared, -0.5)), 0.3989422804014327), sub(2, squared));
  },
});

// u = √(2/π)·(x + 0.044715·x³), t = tanh(u): f'' = (1 - t²)·(u' + x·u''/2 - x·t·u'²)
const geluTanh = activation({
  name: "gelu",
  f: (k) => k.geluTanh,
  df: (k) => k.geluTanhGrad,
  from: "x",
  second: (x) => {
    const root = 0.7978845608028654;
    const squared = mul(x, x);
    const t = tanh(mul(mul(x, add(mul(squared, 0.044715), 1)), root));
    const du = mul(add(mul(squared, 0.134145), 1), root);
    const halfCurve = mul(squared, 0.134145 * root); // x·u''/2
    return mul(sub(1, mul(t, t)), sub(add(du, halfCurve), mul(mul(x, t), mul(du, du))));
  },
});

/**
 * x·Φ(x), Φ the normal distribution, as torch.nn.functional.gelu.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.gelu.html
 */
export const gelu = define(
  "gelu",
  { input: tensorKind },
  (input: Tensor, { approximate = "none" }: GeluOptions = {}): Tensor =>
    approximate === "tanh" ? geluTanh(input) : geluErf(input),
  { approximate: oneOf("none", "tanh") },
);

/** Options of {@link gelu}. */
export type GeluOptions = {
  /** "none" for x·Φ(x) by the error function, "tanh" for the approximation. */
  approximate?: "none" | "tanh";
};

/** σ(x)·(1 - σ(x)) for s = σ(x) */
const logisticDensity = (s: Tensor): Tensor => mul(s, sub(1, s));

/**
 * x·σ(x), as torch.nn.functional.silu.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.silu.html
 */
export const silu = plain(
  "silu",
  activation({
    name: "silu",
    f: (k) => k.silu,
    df: (k) => k.siluGrad,
    from: "x",
    second: (x) => {
      const s = sigmoid(x);
      return mul(logisticDensity(s), add(mul(x, sub(1, mul(s, 2))), 2));
    },
  }),
);

/**
 * x·tanh(ln(1 + e^x)), as torch.nn.functional.mish.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.mish.html
 */
export const mish = plain(
  "mish",
  activation({
    name: "mish",
    f: (k) => k.mish,
    df: (k) => k.mishGrad,
    from: "x",
    second: (x) => {
      const s = sigmoid(x);
      const t = tanh(softplus(x));
      const bend = sub(sub(1, s), mul(mul(s, t), 2));
      return mul(mul(sub(1, mul(t, t)), s), add(mul(x, bend), 2));
    },
  }),
);

const softplusOf = activation<[beta: number, threshold: number]>({
  name: "softplus",
  f: (k) => k.softplus,
  df: (k) => k.softplusGrad,
  from: "x",
  second: (x, beta, threshold) => {
    const z = mul(x, beta);
    return where(gt(z, threshold), 0, mul(logisticDensity(sigmoid(z)), beta));
  },
});
/**
 * ln(1 + e^(beta·x))/beta, and x where beta·x is above threshold, as torch.nn.functional.softplus.
 * @param beta 1 when left out
 * @param threshold 20 when left out
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.softplus.html
 */
export const softplus = define(
  "softplus",
  { input: tensorKind, beta: anyNumber, threshold: anyNumber },
  (input: Tensor, beta: number = 1, threshold: number = 20): Tensor => softplusOf(input, beta, threshold),
);

/**
 * x/(1 + |x|), as torch.nn.functional.softsign.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.softsign.html
 */
export const softsign = define(
  "softsign",
  { input: tensorKind },
  activation({
    name: "softsign",
    f: (k) => k.softsign,
    df: (k) => k.softsignGrad,
    from: "x",
    second: (x) => mul(sign(x), mul(pow(add(abs(x), 1), -3), -2)),
  }),
);

const tanhOf = activation({
  name: "tanh",
  f: (k) => k.tanh,
  df: (k) => k.tanhGrad,
  from: "y",
  second: (y) => mul(y, -2),
});
/**
 * The hyperbolic tangent, as torch.tanh. Integer input is computed in the default type.
 * @see https://pytorch.org/docs/stable/generated/torch.tanh.html
 */
export const tanh = define("tanh", { input: tensorKind }, (input: Tensor): Tensor => tanhOf(floating(input)));

const sigmoidOf = activation({
  name: "sigmoid",
  f: (k) => k.sigmoid,
  df: (k) => k.sigmoidGrad,
  from: "y",
  second: (y) => sub(1, mul(y, 2)),
});
/**
 * σ(x) = 1/(1 + e^-x), as torch.sigmoid. Integer input is computed in the default type.
 * @see https://pytorch.org/docs/stable/generated/torch.sigmoid.html
 */
export const sigmoid = define("sigmoid", { input: tensorKind }, (input: Tensor): Tensor => sigmoidOf(floating(input)));

/**
 * ln σ(x), as torch.nn.functional.logsigmoid.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.logsigmoid.html
 */
export const logsigmoid = define(
  "logsigmoid",
  { input: tensorKind },
  activation({
    name: "logsigmoid",
    f: (k) => k.logSigmoid,
    df: (k) => k.logSigmoidGrad,
    from: "x",
    second: (x) => neg(logisticDensity(sigmoid(x))),
  }),
);

const hardtanhOf = activation<[low: number, high: number]>({
  name: "hardtanh",
  f: (k) => k.hardtanh,
  df: (k) => k.hardtanhGrad,
  from: "x",
});
/**
 * x held between minVal and maxVal, as torch.nn.functional.hardtanh. The gradient at both is 0.
 * @param minVal -1 when left out
 * @param maxVal 1 when left out
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.hardtanh.html
 */
export const hardtanh = define(
  "hardtanh",
  { input: tensorKind, minVal: anyNumber, maxVal: anyNumber, inplace: notInPlace },
  (input: Tensor, minVal: number = -1, maxVal: number = 1, _inplace: boolean = false): Tensor => {
    if (minVal < maxVal) return hardtanhOf(input, minVal, maxVal);
    throw new ValueError("hardtanh", `expected minVal below maxVal, got ${minVal} and ${maxVal}`);
  },
);

/**
 * x held between 0 and 6, as torch.nn.functional.relu6.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.relu6.html
 */
export const relu6 = plain("relu6", (x) => hardtanhOf(x, 0, 6));

/**
 * min(max(x + 3, 0), 6)/6, as torch.nn.functional.hardsigmoid.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.hardsigmoid.html
 */
export const hardsigmoid = plain(
  "hardsigmoid",
  activation({
    name: "hardsigmoid",
    f: (k) => k.hardsigmoid,
    df: (k) => k.hardsigmoidGrad,
    from: "x",
  }),
);

const hardshrinkOf = activation<[lambda: number]>({
  name: "hardshrink",
  f: (k) => k.hardshrink,
  df: (k) => k.hardshrinkGrad,
  from: "x",
});
/**
 * 0 from -lambd to lambd, x elsewhere, as torch.nn.functional.hardshrink.
 * @param lambd 0.5 when left out
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.hardshrink.html
 */
export const hardshrink = define(
  "hardshrink",
  { input: tensorKind, lambd: anyNumber },
  (input: Tensor, lambd: number = 0.5): Tensor => hardshrinkOf(input, lambd),
);

/**
 * x·min(max(x + 3, 0), 6)/6, as torch.nn.functional.hardswish.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.hardswish.html
 */
export const hardswish = plain(
  "hardswish",
  activation({
    name: "hardswish",
    f: (k) => k.hardswish,
    df: (k) => k.hardswishGrad,
    from: "x",
    second: (x) => where(lt(abs(x), 3), full(x.shape, 1 / 3, { dtype: x.dtype }), 0),
  }),
);

/** (√(x² + 1) - 1)/2 + x: the bent identity. */
export const bentIdentity = define(
  "bentIdentity",
  { input: tensorKind },
  activation({
    name: "bentIdentity",
    f: (k) => k.bentIdentity,
    df: (k) => k.bentIdentityGrad,
    from: "x",
    second: (x) => mul(pow(add(mul(x, x), 1), -1.5), 0.5),
  }),
);
