import { checkDtype, checkHolds, getDefaultDtype } from "../../base/dtype.js";
import { ValueError } from "../../base/errors.js";
import { checkShape, type Shape } from "../../base/shape.js";
import { launch, launchUnits } from "../../runtime/launch.js";
import { numericKernels } from "../../tensor/dispatch.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { cast } from "./copy.js";
import { filled, finish, full, type TensorOptions } from "./factories.js";

// Tensors that sizes and a few numbers define.

/** The value 0 or 1 in a shape given as one array (with options) or size by size. */
function constant(op: string, value: number, args: readonly (number | Shape | TensorOptions | undefined)[]): Tensor {
  const [first, options] = args;
  if (Array.isArray(first)) return filled(op, first, value, (options ?? {}) as TensorOptions);
  return filled(op, args as readonly number[], value, {});
}

/**
 * A tensor of zeros, as torch.zeros: `zeros([2, 3], { dtype })` or `zeros(2, 3)`.
 * @see https://pytorch.org/docs/stable/generated/torch.zeros.html
 */
export function zeros(shape: Shape, options?: TensorOptions): Tensor;
export function zeros(...sizes: number[]): Tensor;
export function zeros(...args: readonly (number | Shape | TensorOptions | undefined)[]): Tensor {
  return constant("zeros", 0, args);
}

/**
 * A tensor of ones, as torch.ones: `ones([2, 3], { dtype })` or `ones(2, 3)`.
 * @see https://pytorch.org/docs/stable/generated/torch.ones.html
 */
export function ones(shape: Shape, options?: TensorOptions): Tensor;
export function ones(...sizes: number[]): Tensor;
export function ones(...args: readonly (number | Shape | TensorOptions | undefined)[]): Tensor {
  return constant("ones", 1, args);
}

/**
 * As torch.empty, but with zeros: the same program gives the same numbers.
 * @see https://pytorch.org/docs/stable/generated/torch.empty.html
 */
export function emptyTensor(shape: Shape, options?: TensorOptions): Tensor;
export function emptyTensor(...sizes: number[]): Tensor;
export function emptyTensor(...args: readonly (number | Shape | TensorOptions | undefined)[]): Tensor {
  return constant("empty", 0, args);
}

/**
 * Zeros in the shape and type of x, as torch.zeros_like.
 * @see https://pytorch.org/docs/stable/generated/torch.zeros_like.html
 */
export function zerosLike(x: Tensor, options: TensorOptions = {}): Tensor {
  return fullLike(x, 0, options);
}

/**
 * Ones in the shape and type of x, as torch.ones_like.
 * @see https://pytorch.org/docs/stable/generated/torch.ones_like.html
 */
export function onesLike(x: Tensor, options: TensorOptions = {}): Tensor {
  return fullLike(x, 1, options);
}

/**
 * As torch.empty_like, but with zeros.
 * @see https://pytorch.org/docs/stable/generated/torch.empty_like.html
 */
export function emptyLike(x: Tensor, options: TensorOptions = {}): Tensor {
  return fullLike(x, 0, options);
}

/**
 * One value in the shape and type of x, as torch.full_like.
 * @see https://pytorch.org/docs/stable/generated/torch.full_like.html
 */
export function fullLike(x: Tensor, value: number, options: TensorOptions = {}): Tensor {
  return full(x.shape, value, { dtype: x.dtype, ...options });
}

/**
 * The identity matrix, or n rows of m columns with ones on the diagonal, as torch.eye.
 * @see https://pytorch.org/docs/stable/generated/torch.eye.html
 */
export function eye(n: number, m: number | TensorOptions = n, options: TensorOptions = {}): Tensor {
  const [columns, rest] = typeof m === "number" ? [m, options] : [n, m];
  checkShape("eye", [n, columns]);
  return made("eye", [n, columns], rest, (out) => {
    launchUnits(numericKernels("eye", out.dtype).eye, n, columns, out.ptr, columns);
  });
}

/**
 * Runs `write` on a new tensor of the wanted type, or of int32 for a narrower type, to which the result is then cast.
 */
function made(op: string, shape: Shape, options: TensorOptions, write: (out: Tensor) => void): Tensor {
  const dtype = options.dtype ?? getDefaultDtype();
  checkDtype(op, dtype);
  const out = empty(op, shape, dtype === "bool" || dtype === "uint8" ? "int32" : dtype);
  write(out);
  return finish(cast(out, dtype), options);
}

/**
 * start, start + step, … below end, as torch.arange: `arange(end)`, `arange(start, end)`, `arange(start, end, step)`.
 * Whole arguments give int32, others the default dtype.
 * @see https://pytorch.org/docs/stable/generated/torch.arange.html
 */
export function arange(end: number, options?: TensorOptions): Tensor;
export function arange(start: number, end: number, options?: TensorOptions): Tensor;
export function arange(start: number, end: number, step: number, options?: TensorOptions): Tensor;
export function arange(...args: readonly (number | TensorOptions | undefined)[]): Tensor {
  const numbers = args.filter((arg) => typeof arg === "number");
  const options = args.find((arg) => typeof arg === "object") ?? {};
  const [start, end, step] = [
    numbers.length > 1 ? numbers[0]! : 0,
    numbers[numbers.length > 1 ? 1 : 0]!,
    numbers[2] ?? 1,
  ];
  const n = Math.ceil((end - start) / step);
  if (!Number.isFinite(n) || n < 0) {
    throw new ValueError("arange", `expected a step that leads from start to end, got ${step} from ${start} to ${end}`);
  }
  const whole = numbers.every((number) => Number.isInteger(number));
  const dtype = options.dtype ?? (whole ? "int32" : getDefaultDtype());
  for (const value of n > 0 ? [start, start + step * (n - 1)] : []) checkHolds("arange", dtype, value);
  const write = (out: Tensor): void => launch(numericKernels("arange", out.dtype).arange, n, out.ptr, start, step);
  return made("arange", [n], { ...options, dtype }, write);
}

/**
 * `steps` numbers from start to end at equal distances, as torch.linspace.
 * @see https://pytorch.org/docs/stable/generated/torch.linspace.html
 */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  checkShape("linspace", [steps]);
  for (const value of [start, end]) checkHolds("linspace", options.dtype ?? getDefaultDtype(), value);
  return made("linspace", [steps], options, (out) => {
    launch(numericKernels("linspace", out.dtype).linspace, steps, out.ptr, start, end, steps);
  });
}
