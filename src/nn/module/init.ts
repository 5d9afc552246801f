/**
 * `nn.init`: starting values of parameters, as torch.nn.init. All write in place, unrecorded, and return the tensor.
 */

import { formatShape, ShapeError } from "../../base/errors.js";
import { type Arguments, anyNumber, define, type Kinds, oneOf } from "../../base/signature.js";
import { scope } from "../../memory.js";
import type { Tensor } from "../../methods.js";
import { full, tensor as tensorOf } from "../../ops/layout/factories.js";
import { randn } from "../../random/distributions.js";
import { DRAW, type DrawOptions, normal_ as drawNormal, uniform_ as drawUniform } from "../../random/fill.js";
import { erfInverse, portable } from "../../random/portable.js";
import { tensorKind } from "../../tensor/kinds.js";
import { noGrad } from "../../tensor/mode.js";

/** The nonlinearities of {@link calculateGain}. */
export type Nonlinearity =
  | "linear"
  | "conv1d"
  | "conv2d"
  | "conv3d"
  | "sigmoid"
  | "tanh"
  | "relu"
  | "leaky_relu"
  | "selu";

const nonlinearityKind = oneOf<Nonlinearity>(
  "linear",
  "conv1d",
  "conv2d",
  "conv3d",
  "sigmoid",
  "tanh",
  "relu",
  "leaky_relu",
  "selu",
);

/** Where the variance stays equal: in forward, or in backward. */
type FanMode = "fan_in" | "fan_out";

const KAIMING = { a: anyNumber, mode: oneOf<FanMode>("fan_in", "fan_out"), nonlinearity: nonlinearityKind } as const;

/** The call of a function that writes into its first argument, of which it returns the very type. */
function initCall<const K extends Kinds, A extends unknown[], const O extends Kinds = Record<never, never>>(
  name: string,
  kinds: K,
  body: (tensor: Tensor, ...rest: A) => Tensor,
  keywordOnly?: O,
) {
  const call = define(`nn.init.${name}`, { tensor: tensorKind, ...kinds }, body, keywordOnly);
  return call as <T extends Tensor>(...args: Arguments<[tensor: T, ...rest: A], K & O>) => T;
}

/**
 * The factor for the weights of a layer before a nonlinearity: √2 for ReLU, 5/3 for tanh.
 *
 * @param param the negative slope of "leaky_relu", 0.01 when left out
 * @see https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain
 */
export const calculateGain = define(
  "calculateGain",
  { nonlinearity: nonlinearityKind, param: anyNumber },
  (nonlinearity: Nonlinearity, param: number = 0.01): number => {
    switch (nonlinearity) {
      case "linear":
      case "conv1d":
      case "conv2d":
      case "conv3d":
      case "sigmoid":
        return 1;
      case "tanh":
        return 5 / 3;
      case "relu":
        return Math.sqrt(2);
      case "leaky_relu":
        return Math.sqrt(2 / (1 + param * param));
      case "selu":
        return 3 / 4;
    }
  },
);

/**
 * The number of inputs that an output sums, and of outputs that an input reaches, for a weight [out, in] or
 * [out, in, …kernel].
 */
export const calculateFanInAndFanOut = define(
  "calculateFanInAndFanOut",
  { tensor: tensorKind },
  (tensor: Tensor): [fanIn: number, fanOut: number] => {
    if (tensor.ndim < 2) {
      throw new ShapeError("nn.init", `expected a tensor of 2 dims or more, got shape ${formatShape(tensor.shape)}`);
    }
    const [outputs, inputs, ...kernel] = tensor.shape;
    const field = kernel.reduce((n, size) => n * size, 1);
    return [inputs! * field, outputs! * field];
  },
);

/** Uniform numbers of [a, b). */
export const uniform_ = initCall(
  "uniform_",
  { a: anyNumber, b: anyNumber },
  (tensor: Tensor, a: number = 0, b: number = 1, options: DrawOptions = {}): Tensor => {
    return noGrad(() => drawUniform(tensor, a, b, options));
  },
  DRAW,
);

/** Normal numbers. */
export const normal_ = initCall(
  "normal_",
  { mean: anyNumber, std: anyNumber },
  (tensor: Tensor, mean: number = 0, std: number = 1, options: DrawOptions = {}): Tensor => {
    return noGrad(() => drawNormal(tensor, mean, std, options));
  },
  DRAW,
);

/** One value everywhere. */
export const constant_ = initCall("constant_", { val: anyNumber }, (tensor: Tensor, val: number): Tensor => {
  return quietly(() => tensor.copy_(full([], val, { dtype: tensor.dtype })), tensor);
});

/** Ones. */
export const ones_ = initCall("ones_", {}, (tensor: Tensor): Tensor => {
  return constant_(tensor, 1);
});

/** Zeros. */
export const zeros_ = initCall("zeros_", {}, (tensor: Tensor): Tensor => {
  return constant_(tensor, 0);
});

/** The identity matrix: ones on the diagonal of a tensor of 2 dims. */
export const eye_ = initCall("eye_", {}, (tensor: Tensor): Tensor => {
  const [rows, columns] = matrixShape("eye_", tensor);
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = 1;
  return write(tensor, values);
});

/**
 * Uniform of ±gain √(6 / (fan in + fan out)): Glorot and Bengio, "Understanding the difficulty of training deep
 * feedforward neural networks".
 */
export const xavierUniform_ = initCall(
  "xavierUniform_",
  { gain: anyNumber },
  (tensor: Tensor, gain: number = 1, options: DrawOptions = {}): Tensor => {
    const bound = Math.sqrt(3) * xavierStd(tensor, gain);
    return uniform_(tensor, -bound, bound, options);
  },
  DRAW,
);

/** Normal with standard deviation gain √(2 / (fan in + fan out)). */
export const xavierNormal_ = initCall(
  "xavierNormal_",
  { gain: anyNumber },
  (tensor: Tensor, gain: number = 1, options: DrawOptions = {}): Tensor => {
    return normal_(tensor, 0, xavierStd(tensor, gain), options);
  },
  DRAW,
);

function xavierStd(x: Tensor, gain: number): number {
  const [fanIn, fanOut] = calculateFanInAndFanOut(x);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/**
 * Uniform of ±gain √(3 / fan): He et al., "Delving deep into rectifiers". Linear and convolution layers start with this
 * and a = √5.
 *
 * @example
 * ```ts
 * import { nn } from "simdgrad";
 * nn.init.kaimingUniform_(new nn.Linear(4, 3).weight, { nonlinearity: "relu" });
 * ```
 */
export const kaimingUniform_ = initCall(
  "kaimingUniform_",
  { ...KAIMING },
  (
    tensor: Tensor,
    a: number = 0,
    mode: FanMode = "fan_in",
    nonlinearity: Nonlinearity = "leaky_relu",
    options: DrawOptions = {},
  ): Tensor => {
    if (tensor.numel === 0) return tensor;
    const bound = Math.sqrt(3) * kaimingStd(tensor, a, mode, nonlinearity);
    return uniform_(tensor, -bound, bound, options);
  },
  DRAW,
);

/** Normal with standard deviation gain / √fan. */
export const kaimingNormal_ = initCall(
  "kaimingNormal_",
  { ...KAIMING },
  (
    tensor: Tensor,
    a: number = 0,
    mode: FanMode = "fan_in",
    nonlinearity: Nonlinearity = "leaky_relu",
    options: DrawOptions = {},
  ): Tensor => {
    return tensor.numel === 0 ? tensor : normal_(tensor, 0, kaimingStd(tensor, a, mode, nonlinearity), options);
  },
  DRAW,
);

function kaimingStd(x: Tensor, a: number, mode: FanMode, nonlinearity: Nonlinearity): number {
  const [fanIn, fanOut] = calculateFanInAndFanOut(x);
  return calculateGain(nonlinearity, a) / Math.sqrt(mode === "fan_in" ? fanIn : fanOut);
}

/**
 * Normal numbers of [a, b], distributed as if those outside were drawn again: uniforms go through the inverse of the
 * normal distribution function.
 */
export const truncNormal_ = initCall(
  "truncNormal_",
  { mean: anyNumber, std: anyNumber, a: anyNumber, b: anyNumber },
  (
    tensor: Tensor,
    mean: number = 0,
    std: number = 1,
    a: number = -2,
    b: number = 2,
    options: DrawOptions = {},
  ): Tensor => {
    const cdf = (bound: number): number => (1 + portable.erf((bound - mean) / std / Math.sqrt(2))) / 2;
    const uniforms = uniform_(tensor, 2 * cdf(a) - 1, 2 * cdf(b) - 1, options).toTypedArray();
    const round = tensor.dtype === "float32" ? Math.fround : Number;
    const scale = round(std * Math.sqrt(2));
    return write(
      tensor,
      Float64Array.from(uniforms, (u) => {
        const normal = round(round(round(erfInverse(u)) * scale) + round(mean));
        return Math.min(Math.max(normal, a), b);
      }),
    );
  },
  DRAW,
);

/**
 * A matrix with orthonormal rows or columns, whichever are fewer, times `gain`: Saxe et al., "Exact solutions to the
 * nonlinear dynamics of learning in deep linear neural networks". Dims after the first are merged into one.
 */
export const orthogonal_ = initCall(
  "orthogonal_",
  { gain: anyNumber },
  (tensor: Tensor, gain: number = 1, options: DrawOptions = {}): Tensor => {
    if (tensor.ndim < 2) {
      throw new ShapeError("nn.init.orthogonal_", `expected 2 dims or more, got shape ${formatShape(tensor.shape)}`);
    }
    if (tensor.numel === 0) return tensor;
    const rows = tensor.shape[0]!;
    const columns = tensor.numel / rows;
    const values = scope(() =>
      Float64Array.from(randn([rows, columns], { dtype: tensor.dtype, ...options }).toTypedArray()),
    );
    if (rows < columns) orthonormalize(values, { vectors: rows, stride: columns, size: columns, step: 1 });
    else orthonormalize(values, { vectors: columns, stride: 1, size: rows, step: columns });
    return write(
      tensor,
      values.map((value) => gain * value),
    );
  },
  DRAW,
);

/** Gram and Schmidt's method. It projects each vector twice, so that only the rounding of the last step remains. */
function orthonormalize(
  values: Float64Array,
  { vectors, stride, size, step }: { vectors: number; stride: number; size: number; step: number },
): void {
  const dot = (p: number, q: number): number => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += values[p + i * step]! * values[q + i * step]!;
    return sum;
  };
  for (let p = 0; p < vectors * stride; p += stride) {
    for (let pass = 0; pass < 2; pass++) {
      for (let q = 0; q < p; q += stride) {
        const overlap = dot(p, q);
        for (let i = 0; i < size; i++) values[p + i * step]! -= overlap * values[q + i * step]!;
      }
    }
    const length = Math.sqrt(dot(p, p));
    for (let i = 0; i < size; i++) values[p + i * step]! /= length;
  }
}

function matrixShape(op: string, x: Tensor): [rows: number, columns: number] {
  if (x.ndim !== 2) throw new ShapeError(`nn.init.${op}`, `expected 2 dims, got shape ${formatShape(x.shape)}`);
  return [x.shape[0]!, x.shape[1]!];
}

/** Writes row-major values over a tensor. */
function write<T extends Tensor>(x: T, values: Float64Array): T {
  return quietly(() => x.copy_(tensorOf(values, { shape: x.shape })), x);
}

/** Runs a write to `x` outside the graph and frees what it made. */
function quietly<T extends Tensor>(write: () => unknown, x: T): T {
  noGrad(() => scope(() => void write()));
  return x;
}
