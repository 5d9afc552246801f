import { isFloat } from "../base/dtype.js";
import { DtypeError, formatShape, GraphError, SimdgradError, ValueError } from "../base/errors.js";
import { anyNumber, boolean, checkArguments, define, type Kind, orNull } from "../base/signature.js";
import { full, tensor } from "../ops/layout/factories.js";
import { openScope } from "../runtime/scope.js";
import { tensorList } from "../tensor/kinds.js";
import { elements, Tensor } from "../tensor/tensor.js";
import { grad, oneOrMore } from "./backward.js";

/** A function of tensors with one result or several. */
export type Differentiable = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/** Options of {@link gradcheck} and {@link gradgradcheck}. */
export type GradcheckOptions = {
  /** How far an input element is moved to each side (1e-6). */
  eps?: number;
  /** Absolute tolerance (1e-5). */
  atol?: number;
  /** Tolerance relative to the numerical value (1e-3). */
  rtol?: number;
  /** How far two backward passes over one graph may differ (0). */
  nondetTol?: number;
  /** Throw on a mismatch (true), or return false. */
  raiseException?: boolean;
};

/** The kinds of {@link GradcheckOptions}. */
const TOLERANCES = {
  eps: anyNumber,
  atol: anyNumber,
  rtol: anyNumber,
  nondetTol: anyNumber,
  raiseException: boolean,
} as const;

const differentiable: Kind<Differentiable> = {
  expected: "a function of tensors",
  fits: (value): value is Differentiable => typeof value === "function",
};

/** The derivatives of one output's elements (columns) by one input's elements (rows). */
type Jacobian = Float64Array[];

/** A tensor or a list of them as a list. Functions under test may return anything. */
function asList(tensors: Tensor | readonly Tensor[]): readonly Tensor[] {
  if (tensors instanceof Tensor) return [tensors];
  checkArguments("gradcheck", { tensors: tensorList }, [tensors]);
  return tensors;
}

/** Runs `body` and frees the tensors that it made. */
function temporarily<T>(body: () => T): T {
  const scope = openScope();
  try {
    return body();
  } finally {
    scope.close();
  }
}

/** The place in memory of element `k` in row-major order, in elements from the tensor's first. */
function offsetOf(x: Tensor, k: number): number {
  let offset = 0;
  let rest = k;
  for (let dim = x.ndim - 1; dim >= 0; dim--) {
    offset += (rest % x.shape[dim]!) * x.strides[dim]!;
    rest = Math.floor(rest / x.shape[dim]!);
  }
  return offset;
}

function checkInputs(op: string, inputs: readonly Tensor[]): void {
  if (!inputs.some((input) => input.requiresGrad)) {
    throw new GraphError(op, "expected at least one input with requiresGrad, got none");
  }
  inputs.forEach((input, i) => {
    if (!input.requiresGrad) return;
    if (input.dtype !== "float64") {
      throw new DtypeError(
        op,
        `expected float64 inputs, got input ${i} of ${input.dtype}`,
        'Central differences need its digits: make it with { dtype: "float64" } or .double()',
      );
    }
    if (input.numel > 0 && input.shape.some((size, dim) => size > 1 && input.strides[dim] === 0)) {
      throw new ValueError(
        op,
        `expected inputs whose elements lie apart, got input ${i} expanded to ${formatShape(input.shape)}`,
        "Pass input.contiguous(), or expand inside the function",
      );
    }
  });
}

/** The values of the floating-point outputs; null in place of others. */
function outputValues(fn: Differentiable, inputs: readonly Tensor[]): (Float64Array | null)[] {
  return temporarily(() =>
    asList(fn(...inputs)).map((out) => (isFloat(out.dtype) ? Float64Array.from(out.toTypedArray()) : null)),
  );
}

/** (f(x + eps) - f(x - eps)) / 2 eps for each element of one input: a Jacobian for each output. */
function numericalJacobians(fn: Differentiable, inputs: readonly Tensor[], i: number, eps: number): Jacobian[] {
  const input = inputs[i]!;
  const jacobians: Jacobian[] = [];
  for (let k = 0; k < input.numel; k++) {
    const at = offsetOf(input, k);
    const before = elements(input)[at]!;
    const moved = (value: number): (Float64Array | null)[] => {
      elements(input)[at] = value;
      try {
        return outputValues(fn, inputs);
      } finally {
        elements(input)[at] = before;
      }
    };
    const [high, low] = [moved(before + eps), moved(before - eps)];
    high.forEach((values, j) => {
      jacobians[j] ??= [];
      if (values !== null) jacobians[j].push(values.map((value, n) => (value - low[j]![n]!) / (2 * eps)));
    });
  }
  return jacobians;
}

/** One backward pass for each element of one output: a Jacobian for each input. */
function analyticalJacobians(output: Tensor, inputs: readonly Tensor[]): Jacobian[] {
  const jacobians = inputs.map(
    (input): Jacobian => Array.from({ length: input.numel }, () => new Float64Array(output.numel)),
  );
  const wanted = inputs.filter((input) => input.requiresGrad);
  if (!output.requiresGrad) return jacobians;
  for (let n = 0; n < output.numel; n++) {
    temporarily(() => {
      const unit = full(output.shape, 0, { dtype: output.dtype });
      elements(unit)[n] = 1;
      const grads = grad(output, wanted, { gradOutputs: unit, retainGraph: true, allowUnused: true });
      grads.forEach((g, i) => {
        const jacobian = jacobians[inputs.indexOf(wanted[i]!)]!;
        g?.toTypedArray().forEach((value, k) => {
          jacobian[k]![n] = value;
        });
      });
    });
  }
  return jacobians;
}

/** Whether every element agrees: |a - b| <= atol + rtol |b|, NaN with NaN. */
function close(a: Jacobian, b: Jacobian, atol: number, rtol: number): boolean {
  return a.every((row, k) =>
    row.every((value, n) => {
      const other = b[k]![n]!;
      return Object.is(value, other) || Math.abs(value - other) <= atol + rtol * Math.abs(other);
    }),
  );
}

function formatJacobian(jacobian: Jacobian): string {
  return `[${jacobian.map((row) => `[${Array.from(row, (value) => Number(value.toPrecision(6))).join(", ")}]`).join(",\n ")}]`;
}

function mismatch(op: string, problem: string, i: number, j: number, pairs: readonly [string, Jacobian][]): GraphError {
  const shown = pairs.map(([name, jacobian]) => `${name}:\n${formatJacobian(jacobian)}`).join("\n");
  return new GraphError(op, `${problem} for input ${i}, output ${j} (a row for each input element)\n${shown}`);
}

function compare(op: string, fn: Differentiable, inputs: readonly Tensor[], options: GradcheckOptions): void {
  const { eps = 1e-6, atol = 1e-5, rtol = 1e-3, nondetTol = 0 } = options;
  const outputs = asList(fn(...inputs));
  if (!outputs.some((output) => isFloat(output.dtype))) {
    throw new DtypeError(op, "expected a function with a float32 or float64 output, got none");
  }
  const numerical = inputs.map((input, i) => (input.requiresGrad ? numericalJacobians(fn, inputs, i, eps) : []));
  outputs.forEach((output, j) => {
    if (!isFloat(output.dtype)) return;
    const analytical = analyticalJacobians(output, inputs);
    const again = analyticalJacobians(output, inputs);
    inputs.forEach((input, i) => {
      if (!input.requiresGrad || input.numel === 0) return;
      const [a, b, n] = [analytical[i]!, again[i]!, numerical[i]![j]!];
      if (!close(a, b, nondetTol, 0)) {
        const pairs: [string, Jacobian][] = [
          ["first", a],
          ["second", b],
        ];
        throw mismatch(op, "expected two backward passes that agree, got different gradients", i, j, pairs);
      }
      if (!close(a, n, atol, rtol)) {
        const pairs: [string, Jacobian][] = [
          ["analytical", a],
          ["numerical", n],
        ];
        throw mismatch(op, "expected the gradient that central differences give, got another", i, j, pairs);
      }
    });
  });
}

function check(
  op: string,
  fn: Differentiable,
  inputs: readonly Tensor[],
  options: GradcheckOptions,
  checked = inputs,
): boolean {
  checkInputs(op, inputs);
  try {
    temporarily(() => compare(op, fn, checked, options));
    return true;
  } catch (error) {
    if (options.raiseException === false && error instanceof SimdgradError) return false;
    throw error;
  }
}

/**
 * Compares the gradients that backward() gives with central differences, for every element of every output and every
 * input that needs a gradient, as torch.autograd.gradcheck.
 *
 * @param func a function of tensors with one result or several; may read inputs from a closure, as a module's parameters
 * @param inputs its arguments, float64 where a gradient is asked for; they are as before afterwards
 * @param options eps 1e-6, atol 1e-5, rtol 1e-3, nondetTol 0, raiseException true
 * @returns true, or false on a mismatch when `raiseException` is false
 * @throws GraphError with both Jacobians of the first pair that differs, DtypeError unless inputs are float64
 * @see https://pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradcheck.html
 * @example
 * ```ts
 * import { gradcheck, tensor } from "simdgrad";
 * const x = tensor([1, 2, 3], { dtype: "float64", requiresGrad: true });
 * gradcheck((x) => x.mul(x).mul(x), x); // true
 * ```
 */
export const gradcheck = define(
  "gradcheck",
  { func: differentiable, inputs: oneOrMore },
  (func: Differentiable, inputs: Tensor | readonly Tensor[], options: GradcheckOptions = {}): boolean =>
    check("gradcheck", func, asList(inputs), options),
  TOLERANCES,
);

/** Numbers of both signs, none of them 0, so that every element of the output counts. */
function startingGradient(output: Tensor): Tensor {
  const values = Float64Array.from(
    { length: output.numel },
    (_, n) => (((n * 37 + 11) % 16) + 1) / 8 - (n % 2 ? 2.5 : 0),
  );
  return tensor(values, { shape: output.shape, dtype: output.dtype, requiresGrad: true });
}

/**
 * Compares second-order gradients with central differences: {@link gradcheck} of the function that computes the
 * gradients of `func` from its inputs and from the gradients of its outputs, as torch.autograd.gradgradcheck.
 *
 * @param gradOutputs the gradients to start from, one for each output; fixed numbers of both signs when left out
 * @see https://pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradgradcheck.html
 * @example
 * ```ts
 * import { gradgradcheck, tensor } from "simdgrad";
 * const x = tensor([1, 2, 3], { dtype: "float64", requiresGrad: true });
 * gradgradcheck((x) => x.mul(x).mul(x), x); // true
 * ```
 */
export const gradgradcheck = define(
  "gradgradcheck",
  { func: differentiable, inputs: oneOrMore, gradOutputs: orNull(oneOrMore) },
  (
    func: Differentiable,
    inputs: Tensor | readonly Tensor[],
    gradOutputs: Tensor | readonly Tensor[] | null = null,
    options: GradcheckOptions = {},
  ): boolean => checkSecond(func, inputs, gradOutputs, options),
  TOLERANCES,
);

function checkSecond(
  fn: Differentiable,
  inputs: Tensor | readonly Tensor[],
  gradOutputs: Tensor | readonly Tensor[] | null,
  options: GradcheckOptions,
): boolean {
  const list = asList(inputs);
  checkInputs("gradgradcheck", list);
  return temporarily(() => {
    const needing = (outs: Tensor | readonly Tensor[]): Tensor[] => asList(outs).filter((out) => out.requiresGrad);
    const starts = gradOutputs === null ? needing(fn(...list)).map(startingGradient) : asList(gradOutputs);
    const gradients: Differentiable = (...all) => {
      const xs = all.slice(0, list.length);
      const wanted = xs.filter((x) => x.requiresGrad);
      const given = { gradOutputs: all.slice(list.length), createGraph: true, allowUnused: true };
      const grads = grad(needing(fn(...xs)), wanted, given);
      return grads.map((g, i) => g ?? full(wanted[i]!.shape, 0, { dtype: "float64" }));
    };
    return check("gradgradcheck", gradients, list, options, [...list, ...starts]);
  });
}
