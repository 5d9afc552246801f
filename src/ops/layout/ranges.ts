import { checkHolds, getDefaultDtype } from "../../base/dtype.js";
import { ValueError } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";
import {
  type ArgumentsOf,
  anyNumber,
  define,
  defineSpread,
  integerFrom,
  isNumber,
  orNull,
} from "../../base/signature.js";
import { launch, launchUnits } from "../../runtime/launch.js";
import { numericKernels } from "../../tensor/dispatch.js";
import { tensorKind } from "../../tensor/kinds.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { cast } from "./copy.js";
import { filled, finish, TENSOR, type TensorOptions, valueKind } from "./factories.js";
import { sizesKind } from "./sizes.js";

// Tensors that sizes and a few numbers define.

/** The call of a tensor of one value: sizes in a list or one by one, and options. */
function constantCall(op: string, value: number) {
  return defineSpread(
    op,
    { size: sizesKind },
    isNumber,
    (size: readonly number[], options: TensorOptions = {}): Tensor => filled(op, size, value, options),
    TENSOR,
  );
}

/**
 * A tensor of zeros, as torch.zeros: `zeros([2, 3], { dtype })` or `zeros(2, 3)`.
 * @see https://pytorch.org/docs/stable/generated/torch.zeros.html
 */
export const zeros = constantCall("zeros", 0);

/**
 * A tensor of ones, as torch.ones: `ones([2, 3], { dtype })` or `ones(2, 3)`.
 * @see https://pytorch.org/docs/stable/generated/torch.ones.html
 */
export const ones = constantCall("ones", 1);

/**
 * As torch.empty, but with zeros: the same program gives the same numbers.
 * @see https://pytorch.org/docs/stable/generated/torch.empty.html
 */
export const emptyTensor = constantCall("empty", 0);

/** The call of a tensor of one value in the shape and type of another. */
function likeCall(op: string, value: number) {
  return define(
    op,
    { input: tensorKind },
    (input: Tensor, options: TensorOptions = {}): Tensor =>
      filled(op, input.shape, value, { ...options, dtype: options.dtype ?? input.dtype }),
    TENSOR,
  );
}

/**
 * Zeros in the shape and type of a tensor, as torch.zeros_like.
 * @see https://pytorch.org/docs/stable/generated/torch.zeros_like.html
 */
export const zerosLike = likeCall("zerosLike", 0);

/**
 * Ones in the shape and type of a tensor, as torch.ones_like.
 * @see https://pytorch.org/docs/stable/generated/torch.ones_like.html
 */
export const onesLike = likeCall("onesLike", 1);

/**
 * As torch.empty_like, but with zeros.
 * @see https://pytorch.org/docs/stable/generated/torch.empty_like.html
 */
export const emptyLike = likeCall("emptyLike", 0);

/**
 * One value in the shape and type of a tensor, as torch.full_like.
 * @see https://pytorch.org/docs/stable/generated/torch.full_like.html
 */
export const fullLike = define(
  "fullLike",
  { input: tensorKind, fillValue: valueKind },
  (input: Tensor, fillValue: number | boolean, options: TensorOptions = {}): Tensor =>
    filled("fullLike", input.shape, fillValue, { ...options, dtype: options.dtype ?? input.dtype }),
  TENSOR,
);

/**
 * The identity matrix, or n rows of m columns with ones on the diagonal, as torch.eye.
 * @see https://pytorch.org/docs/stable/generated/torch.eye.html
 */
export const eye = define(
  "eye",
  { n: integerFrom(0), m: orNull(integerFrom(0)) },
  (n: number, m: number | null = null, options: TensorOptions = {}): Tensor => {
    const columns = m ?? n;
    return made("eye", [n, columns], options, (out) => {
      launchUnits(numericKernels("eye", out.dtype).eye, n, columns, out.ptr, columns);
    });
  },
  TENSOR,
);

/**
 * Runs `write` on a new tensor of the wanted type, or of int32 for a narrower type, to which the result is then cast.
 */
function made(op: string, shape: Shape, options: TensorOptions, write: (out: Tensor) => void): Tensor {
  const dtype = options.dtype ?? getDefaultDtype();
  const out = empty(op, shape, dtype === "bool" || dtype === "uint8" ? "int32" : dtype);
  write(out);
  return finish(cast(out, dtype), options);
}

/** start, start + step, … below end. */
function range(start: number, end: number, step: number, options: TensorOptions): Tensor {
  const n = Math.ceil((end - start) / step);
  if (!Number.isFinite(n) || n < 0) {
    throw new ValueError("arange", `expected a step that leads from start to end, got ${step} from ${start} to ${end}`);
  }
  const whole = [start, end, step].every((number) => Number.isInteger(number));
  const write = (out: Tensor): void => launch(numericKernels("arange", out.dtype).arange, n, out.ptr, start, step);
  const dtype = options.dtype ?? (whole ? "int32" : getDefaultDtype());
  for (const value of n > 0 ? [start, start + step * (n - 1)] : []) checkHolds("arange", dtype, value);
  return made("arange", [n], { ...options, dtype }, write);
}

const arangeTo = define(
  "arange",
  { end: anyNumber },
  (end: number, options: TensorOptions = {}): Tensor => range(0, end, 1, options),
  TENSOR,
);

const arangeBetween = define(
  "arange",
  { start: anyNumber, end: anyNumber, step: anyNumber },
  (start: number = 0, end?: number, step: number = 1, options: TensorOptions = {}): Tensor => {
    if (end === undefined)
      throw new ValueError("arange", "expected arange(end) or arange(start, end, step), got no end");
    return range(start, end, step, options);
  },
  TENSOR,
);

/**
 * start, start + step, … below end, as torch.arange: `arange(end)`, `arange(start, end)`, `arange(start, end, step)`.
 * Whole arguments give int32, others the default dtype.
 * @see https://pytorch.org/docs/stable/generated/torch.arange.html
 */
export function arange(...args: ArgumentsOf<typeof arangeTo>): Tensor;
export function arange(...args: ArgumentsOf<typeof arangeBetween>): Tensor;
export function arange(...args: ArgumentsOf<typeof arangeTo> | ArgumentsOf<typeof arangeBetween>): Tensor {
  return isEndAlone(args) ? arangeTo(...args) : arangeBetween(...(args as ArgumentsOf<typeof arangeBetween>));
}

/** Whether the first number is the end: no other number follows, nor one of that name. */
function isEndAlone(args: readonly unknown[]): args is [end: number, keywords: TensorOptions] {
  const [first, second] = args;
  if (typeof first !== "number" || args.length > 2) return false;
  return second === undefined || (typeof second === "object" && second !== null && !("end" in second));
}

/**
 * `steps` numbers from start to end at equal distances, as torch.linspace.
 * @see https://pytorch.org/docs/stable/generated/torch.linspace.html
 */
export const linspace = define(
  "linspace",
  { start: anyNumber, end: anyNumber, steps: integerFrom(0) },
  (start: number, end: number, steps: number, options: TensorOptions = {}): Tensor => {
    for (const value of [start, end]) checkHolds("linspace", options.dtype ?? getDefaultDtype(), value);
    return made("linspace", [steps], options, (out) => {
      launch(numericKernels("linspace", out.dtype).linspace, steps, out.ptr, start, end, steps);
    });
  },
  TENSOR,
);
