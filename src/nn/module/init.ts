/**
 * `nn.init`: starting values of parameters, as torch.nn.init. All write in place, unrecorded, and return the tensor.
 */

import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { scope } from "../../memory.js";
import type { Tensor } from "../../methods.js";
import { full, tensor } from "../../ops/layout/factories.js";
import { randn } from "../../random/distributions.js";
import { type DrawOptions, normal_ as drawNormal, uniform_ as drawUniform } from "../../random/fill.js";
import { erfInverse, portable } from "../../random/portable.js";
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

/** Options of {@link kaimingUniform_} and {@link kaimingNormal_}. */
export type KaimingOptions = DrawOptions & {
  /** Negative slope of the leaky ReLU after the layer; 0 by default. */
  a?: number;
  /** Whether the variance stays equal in forward ("fan_in", the default) or in backward. */
  mode?: "fan_in" | "fan_out";
  /** The nonlinearity after the layer; "leaky_relu" by default. */
  nonlinearity?: Nonlinearity;
};

/**
 * The factor for the weights of a layer before a nonlinearity: √2 for ReLU, 5/3 for tanh.
 *
 * @param param the negative slope of "leaky_relu", 0.01 when left out
 * @see https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain
 */
export function calculateGain(nonlinearity: Nonlinearity, param = 0.01): number {
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
    default:
      throw new ValueError("calculateGain", `expected a nonlinearity such as "relu" or "tanh", got ${nonlinearity}`);
  }
}

/**
 * The number of inputs that an output sums, and of outputs that an input reaches, for a weight [out, in] or
 * [out, in, …kernel].
 */
export function calculateFanInAndFanOut(weight: Tensor): [fanIn: number, fanOut: number] {
  if (weight.ndim < 2) {
    throw new ShapeError("nn.init", `expected a weight of 2 dims or more, got shape ${formatShape(weight.shape)}`);
  }
  const [outputs, inputs, ...kernel] = weight.shape;
  const field = kernel.reduce((n, size) => n * size, 1);
  return [inputs! * field, outputs! * field];
}

/** Uniform numbers of [a, b). */
export function uniform_<T extends Tensor>(x: T, a = 0, b = 1, options: DrawOptions = {}): T {
  return noGrad(() => drawUniform(x, a, b, options));
}

/** Normal numbers. */
export function normal_<T extends Tensor>(x: T, mean = 0, std = 1, options: DrawOptions = {}): T {
  return noGrad(() => drawNormal(x, mean, std, options));
}

/** One value everywhere. */
export function constant_<T extends Tensor>(x: T, value: number): T {
  return quietly(() => x.copy_(full([], value, { dtype: x.dtype })), x);
}

/** Ones. */
export function ones_<T extends Tensor>(x: T): T {
  return constant_(x, 1);
}

/** Zeros. */
export function zeros_<T extends Tensor>(x: T): T {
  return constant_(x, 0);
}

/** The identity matrix: ones on the diagonal of a tensor of 2 dims. */
export function eye_<T extends Tensor>(x: T): T {
  const [rows, columns] = matrixShape("eye_", x);
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = 1;
  return write(x, values);
}

/**
 * Uniform of ±gain √(6 / (fan in + fan out)): Glorot and Bengio, "Understanding the difficulty of training deep
 * feedforward neural networks".
 */
export function xavierUniform_<T extends Tensor>(x: T, gain = 1, options: DrawOptions = {}): T {
  const bound = Math.sqrt(3) * xavierStd(x, gain);
  return uniform_(x, -bound, bound, options);
}

/** Normal with standard deviation gain √(2 / (fan in + fan out)). */
export function xavierNormal_<T extends Tensor>(x: T, gain = 1, options: DrawOptions = {}): T {
  return normal_(x, 0, xavierStd(x, gain), options);
}

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
export function kaimingUniform_<T extends Tensor>(x: T, options: KaimingOptions = {}): T {
  if (x.numel === 0) return x;
  const bound = Math.sqrt(3) * kaimingStd(x, options);
  return uniform_(x, -bound, bound, options);
}

/** Normal with standard deviation gain / √fan. */
export function kaimingNormal_<T extends Tensor>(x: T, options: KaimingOptions = {}): T {
  return x.numel === 0 ? x : normal_(x, 0, kaimingStd(x, options), options);
}

function kaimingStd(x: Tensor, { a = 0, mode = "fan_in", nonlinearity = "leaky_relu" }: KaimingOptions): number {
  const [fanIn, fanOut] = calculateFanInAndFanOut(x);
  if (mode !== "fan_in" && mode !== "fan_out") {
    throw new ValueError("nn.init", `expected mode "fan_in" or "fan_out", got ${mode}`);
  }
  return calculateGain(nonlinearity, a) / Math.sqrt(mode === "fan_in" ? fanIn : fanOut);
}

/**
 * Normal numbers of [a, b], distributed as if those outside were drawn again: uniforms go through the inverse of the
 * normal distribution function.
 */
export function truncNormal_<T extends Tensor>(x: T, mean = 0, std = 1, a = -2, b = 2, options: DrawOptions = {}): T {
  const cdf = (bound: number): number => (1 + portable.erf((bound - mean) / std / Math.sqrt(2))) / 2;
  const uniforms = uniform_(x, 2 * cdf(a) - 1, 2 * cdf(b) - 1, options).toTypedArray();
  const round = x.dtype === "float32" ? Math.fround : Number;
  const scale = round(std * Math.sqrt(2));
  return write(
    x,
    Float64Array.from(uniforms, (u) => {
      const normal = round(round(round(erfInverse(u)) * scale) + round(mean));
      return Math.min(Math.max(normal, a), b);
    }),
  );
}

/**
 * A matrix with orthonormal rows or columns, whichever are fewer, times `gain`: Saxe et al., "Exact solutions to the
 * nonlinear dynamics of learning in deep linear neural networks". Dims after the first are merged into one.
 */
export function orthogonal_<T extends Tensor>(x: T, gain = 1, options: DrawOptions = {}): T {
  if (x.ndim < 2) {
    throw new ShapeError("nn.init.orthogonal_", `expected 2 dims or more, got shape ${formatShape(x.shape)}`);
  }
  if (x.numel === 0) return x;
  const rows = x.shape[0]!;
  const columns = x.numel / rows;
  const values = scope(() => Float64Array.from(randn([rows, columns], { dtype: x.dtype, ...options }).toTypedArray()));
  if (rows < columns) orthonormalize(values, { vectors: rows, stride: columns, size: columns, step: 1 });
  else orthonormalize(values, { vectors: columns, stride: 1, size: rows, step: columns });
  return write(
    x,
    values.map((value) => gain * value),
  );
}

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
  return quietly(() => x.copy_(tensor(values, { shape: x.shape })), x);
}

/** Runs a write to `x` outside the graph and frees what it made. */
function quietly<T extends Tensor>(write: () => unknown, x: T): T {
  noGrad(() => scope(() => void write()));
  return x;
}
