import { type Dtype, getDefaultDtype, isFloat } from "../base/dtype.js";
import { DtypeError, ValueError } from "../base/errors.js";
import { broadcastShapes, checkShape, type Shape } from "../base/shape.js";
import { type ArgumentsOf, anyNumber, define, defineSpread, integerFrom, isNumber } from "../base/signature.js";
import { asContiguous } from "../ops/layout/copy.js";
import { finish, full, TENSOR, type TensorOptions } from "../ops/layout/factories.js";
import { sizesKind } from "../ops/layout/sizes.js";
import { add, mul } from "../ops/pointwise/arithmetic.js";
import { operandKind, tensorKind } from "../tensor/kinds.js";
import { noGrad } from "../tensor/mode.js";
import { record } from "../tensor/record.js";
import { empty, Tensor } from "../tensor/tensor.js";
import { DRAW, type DrawOptions, elementsOf, normal_, uniform_ } from "./fill.js";
import { defaultGenerator } from "./generator.js";

/** Options of the functions that draw tensors. */
export type RandomOptions = TensorOptions & DrawOptions;

/** The kinds of {@link RandomOptions}. */
const RANDOM = { ...TENSOR, ...DRAW } as const;

/** The integers [low, high) that each dtype holds exactly. */
const RANGES: Record<Dtype, readonly [low: number, high: number]> = {
  bool: [0, 2],
  uint8: [0, 256],
  int32: [-(2 ** 31), 2 ** 31],
  float32: [-(2 ** 24), 2 ** 24 + 1],
  float64: [-(2 ** 53), 2 ** 53],
};

/**
 * Uniform numbers of [0, 1), as torch.rand: `rand([2, 3], { dtype })` or `rand(2, 3)`.
 *
 * @param size sizes of the result, in a list or one by one
 * @param options dtype ("float32" or "float64"), requiresGrad, generator (the default one when left out)
 * @see https://pytorch.org/docs/stable/generated/torch.rand.html
 * @example
 * ```ts
 * import { manualSeed, rand } from "simdgrad";
 * manualSeed(0);
 * rand([2]); // tensor([0.4963, 0.7682])
 * ```
 */
export const rand = defineSpread(
  "rand",
  { size: sizesKind },
  isNumber,
  (size: readonly number[], options: RandomOptions = {}): Tensor =>
    finish(uniform_(emptyFloat("rand", size, options.dtype), 0, 1, options), options),
  RANDOM,
);

/**
 * Normal numbers of mean 0 and standard deviation 1. Fewer than 16 are drawn one by one, more in blocks, as PyTorch
 * does: `randn([2, 3], { dtype })` or `randn(2, 3)`.
 *
 * @param size sizes of the result, in a list or one by one
 * @param options dtype ("float32" or "float64"), requiresGrad, generator (the default one when left out)
 * @see https://pytorch.org/docs/stable/generated/torch.randn.html
 * @example
 * ```ts
 * import { randn } from "simdgrad";
 * randn([3, 4], { dtype: "float64", requiresGrad: true });
 * ```
 */
export const randn = defineSpread(
  "randn",
  { size: sizesKind },
  isNumber,
  (size: readonly number[], options: RandomOptions = {}): Tensor =>
    finish(normal_(emptyFloat("randn", size, options.dtype), 0, 1, options), options),
  RANDOM,
);

/**
 * Integers of [low, high), each with the same probability; `low` is 0 when left out.
 *
 * @param size sizes of the result, in a list or one by one
 * @param options dtype ("int32" when left out), requiresGrad, generator (the default one when left out)
 * @throws ValueError unless low < high and both fit the dtype
 * @see https://pytorch.org/docs/stable/generated/torch.randint.html
 * @example
 * ```ts
 * import { randint } from "simdgrad";
 * const labels = randint(0, 10, [4]);
 * ```
 */
export function randint(...args: ArgumentsOf<typeof randintBelow>): Tensor;
export function randint(...args: ArgumentsOf<typeof randintBetween>): Tensor;
export function randint(...args: ArgumentsOf<typeof randintBelow> | ArgumentsOf<typeof randintBetween>): Tensor {
  const isBelow = typeof args[0] === "number" && Array.isArray(args[1]);
  return isBelow
    ? randintBelow(...(args as ArgumentsOf<typeof randintBelow>))
    : randintBetween(...(args as ArgumentsOf<typeof randintBetween>));
}

const randintBelow = define(
  "randint",
  { high: anyNumber, size: sizesKind },
  (high: number, size: readonly number[], options: RandomOptions = {}): Tensor => drawIntegers(0, high, size, options),
  RANDOM,
);

const randintBetween = define(
  "randint",
  { low: anyNumber, high: anyNumber, size: sizesKind },
  (low: number = 0, high?: number, size?: readonly number[], options: RandomOptions = {}): Tensor => {
    if (high === undefined || size === undefined) {
      const got = high === undefined ? "no high" : "no size";
      throw new ValueError("randint", `expected randint(high, size) or randint(low, high, size), got ${got}`);
    }
    return drawIntegers(low, high, size, options);
  },
  RANDOM,
);

function drawIntegers(low: number, high: number, shape: Shape, options: RandomOptions): Tensor {
  const { dtype = "int32", generator = defaultGenerator } = options;
  checkShape("randint", shape);
  const [least, most] = RANGES[dtype];
  const fits = Number.isInteger(low) && Number.isInteger(high) && low >= least && high <= most;
  if (!fits || low >= high || high - low > 2 ** 32) {
    const limits = `${least} <= low < high <= ${most} for ${dtype}, at most 2^32 apart`;
    throw new ValueError("randint", `expected integers with ${limits}, got ${low} and ${high}`);
  }
  const out = empty("randint", [...shape], dtype);
  generator.fillIntegers(elementsOf(out), low, high - low);
  return finish(out, options);
}

/**
 * The integers 0 … n - 1 in random order.
 *
 * @param options dtype ("int32" when left out), generator (the default one when left out)
 * @see https://pytorch.org/docs/stable/generated/torch.randperm.html
 * @example
 * ```ts
 * import { manualSeed, randperm } from "simdgrad";
 * manualSeed(0);
 * randperm(10); // tensor([4, 1, 7, 5, 3, 9, 0, 8, 6, 2])
 * ```
 */
export const randperm = define(
  "randperm",
  { n: integerFrom(0) },
  (n: number, options: RandomOptions = {}): Tensor => {
    const { dtype = "int32", generator = defaultGenerator } = options;
    if (n > RANGES[dtype][1]) throw new ValueError("randperm", `expected n that ${dtype} can hold, got ${n}`);
    const out = empty("randperm", [n], dtype);
    const order = elementsOf(out);
    order.set(generator.permutation(order.length));
    return finish(out, options);
  },
  RANDOM,
);

/** The dtype of the options, or that of a tensor. */
const likeOf = (input: Tensor, options: RandomOptions): RandomOptions => ({
  ...options,
  dtype: options.dtype ?? input.dtype,
});

/**
 * As {@link rand}, with the shape and (unless the options name one) the dtype of a tensor, as torch.rand_like.
 * @see https://pytorch.org/docs/stable/generated/torch.rand_like.html
 */
export const randLike = define(
  "randLike",
  { input: tensorKind },
  (input: Tensor, options: RandomOptions = {}): Tensor => rand(input.shape, likeOf(input, options)),
  RANDOM,
);

/**
 * As {@link randn}, with the shape and (unless the options name one) the dtype of a tensor, as torch.randn_like.
 * @see https://pytorch.org/docs/stable/generated/torch.randn_like.html
 */
export const randnLike = define(
  "randnLike",
  { input: tensorKind },
  (input: Tensor, options: RandomOptions = {}): Tensor => randn(input.shape, likeOf(input, options)),
  RANDOM,
);

/**
 * Ones and zeros: each element is 1 with the probability in `p`. The gradient is 0.
 *
 * @param input probabilities in [0, 1], float32 or float64; the result has its shape and dtype
 * @throws ValueError for an element outside [0, 1]
 * @see https://pytorch.org/docs/stable/generated/torch.bernoulli.html
 */
export const bernoulli = define(
  "bernoulli",
  { input: tensorKind },
  (input: Tensor, { generator = defaultGenerator }: DrawOptions = {}): Tensor => {
    const out = emptyFloat("bernoulli", input.shape, input.dtype);
    const probabilities = asContiguous(input);
    for (const x of elementsOf(probabilities)) {
      if (!(x >= 0 && x <= 1)) throw new ValueError("bernoulli", `expected probabilities in [0, 1], got ${x}`);
    }
    uniform_(out, 0, 1, { generator });
    const [values, limits] = [elementsOf(out), elementsOf(probabilities)];
    for (let i = 0; i < values.length; i++) values[i] = values[i]! < limits[i]! ? 1 : 0;
    return record("bernoulli", out, [input], [], (g) => [full(g.shape, 0, { dtype: g.dtype })]);
  },
  DRAW,
);

/**
 * Normal numbers with a mean and a standard deviation for each element (tensors that broadcast), or with one for all
 * elements of a shape. Not recorded: no gradient reaches `mean` or `std`.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.normal.html
 * @example
 * ```ts
 * import { normal, tensor } from "simdgrad";
 * normal(2, 0.5, [3]);
 * normal(tensor([0, 10, 100]), tensor([1, 1, 2]));
 * ```
 */
export const normal = define(
  "normal",
  { mean: operandKind, std: operandKind, size: sizesKind },
  (mean: number | Tensor, std: number | Tensor = 1, size?: readonly number[], options: RandomOptions = {}): Tensor => {
    if (typeof mean === "number" && typeof std === "number") {
      if (size === undefined) throw new ValueError("normal", "expected a size beside two numbers, got none");
      return finish(normal_(emptyFloat("normal", size, options.dtype), mean, std, options), options);
    }
    const beside = Object.keys({ ...(size && { size }), ...options }).find((name) => name !== "generator");
    if (beside !== undefined)
      throw new ValueError("normal", `expected tensors alone to give the result, got ${beside}`);
    return drawAround(mean, std, options);
  },
  RANDOM,
);

/** Normal numbers with a mean and a standard deviation for each element. */
function drawAround(mean: number | Tensor, std: number | Tensor, options: DrawOptions): Tensor {
  const [first, second] = [mean, std].map((x) => (typeof x === "number" ? full([], x) : x)) as [Tensor, Tensor];
  const { dtype } = mean instanceof Tensor ? first : second;
  const out = emptyFloat("normal", broadcastShapes("normal", first.shape, second.shape), dtype);
  return noGrad(() => {
    const scaled = typeof std === "number" ? normal_(out, 0, std, options) : mul(normal_(out, 0, 1, options), std);
    return add(scaled, mean);
  });
}

function emptyFloat(op: string, shape: Shape, dtype: Dtype = getDefaultDtype()): Tensor {
  checkShape(op, shape);
  if (!isFloat(dtype)) throw new DtypeError(op, `expected float32 or float64, got ${dtype}`);
  return empty(op, [...shape], dtype);
}
