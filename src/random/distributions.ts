import { checkDtype, type Dtype, getDefaultDtype, isFloat } from "../base/dtype.js";
import { DtypeError, ValueError } from "../base/errors.js";
import { broadcastShapes, checkShape, type Shape } from "../base/shape.js";
import { asContiguous } from "../ops/layout/copy.js";
import { finish, full, type TensorOptions } from "../ops/layout/factories.js";
import { add, mul } from "../ops/pointwise/arithmetic.js";
import { noGrad } from "../tensor/mode.js";
import { record } from "../tensor/record.js";
import { empty, Tensor } from "../tensor/tensor.js";
import { type DrawOptions, elementsOf, normal_, uniform_ } from "./fill.js";
import { defaultGenerator } from "./generator.js";

/** Options of the functions that draw tensors. */
export type RandomOptions = TensorOptions & DrawOptions;

type DrawArguments = readonly (number | Shape | RandomOptions | undefined)[];

/** The shape and the options from one array (with options), or from sizes one by one. */
function shapeAndOptions(args: DrawArguments): [Shape, RandomOptions] {
  const [first, options = {}] = args;
  return Array.isArray(first) ? [first as Shape, options as RandomOptions] : [args as readonly number[], {}];
}

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
 * @param shape sizes of the result
 * @param options dtype ("float32" or "float64"), requiresGrad, generator (the default one when left out)
 * @see https://pytorch.org/docs/stable/generated/torch.rand.html
 * @example
 * ```ts
 * import { manualSeed, rand } from "simdgrad";
 * manualSeed(0);
 * rand([2]); // tensor([0.4963, 0.7682])
 * ```
 */
export function rand(shape: Shape, options?: RandomOptions): Tensor;
export function rand(...sizes: number[]): Tensor;
export function rand(...args: DrawArguments): Tensor {
  const [shape, options] = shapeAndOptions(args);
  return finish(uniform_(emptyFloat("rand", shape, options.dtype), 0, 1, options), options);
}

/**
 * Normal numbers of mean 0 and standard deviation 1. Fewer than 16 are drawn one by one, more in blocks, as PyTorch
 * does: `randn([2, 3], { dtype })` or `randn(2, 3)`.
 *
 * @param shape sizes of the result
 * @param options dtype ("float32" or "float64"), requiresGrad, generator (the default one when left out)
 * @see https://pytorch.org/docs/stable/generated/torch.randn.html
 * @example
 * ```ts
 * import { randn } from "simdgrad";
 * randn([3, 4], { dtype: "float64", requiresGrad: true });
 * ```
 */
export function randn(shape: Shape, options?: RandomOptions): Tensor;
export function randn(...sizes: number[]): Tensor;
export function randn(...args: DrawArguments): Tensor {
  const [shape, options] = shapeAndOptions(args);
  return finish(normal_(emptyFloat("randn", shape, options.dtype), 0, 1, options), options);
}

/**
 * Integers of [low, high), each with the same probability; `low` is 0 when left out.
 *
 * @param shape sizes of the result
 * @param options dtype ("int32" when left out), requiresGrad, generator (the default one when left out)
 * @throws ValueError unless low < high and both fit the dtype
 * @see https://pytorch.org/docs/stable/generated/torch.randint.html
 * @example
 * ```ts
 * import { randint } from "simdgrad";
 * const labels = randint(0, 10, [4]);
 * ```
 */
export function randint(high: number, shape: Shape, options?: RandomOptions): Tensor;
export function randint(low: number, high: number, shape: Shape, options?: RandomOptions): Tensor;
export function randint(a: number, b: number | Shape, c?: Shape | RandomOptions, d?: RandomOptions): Tensor {
  if (typeof b !== "number") return drawIntegers(0, a, b, c as RandomOptions | undefined);
  return drawIntegers(a, b, c as Shape, d);
}

function drawIntegers(low: number, high: number, shape: Shape, options: RandomOptions = {}): Tensor {
  const { dtype = "int32", generator = defaultGenerator } = options;
  checkShape("randint", shape);
  checkDtype("randint", dtype);
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
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  const { dtype = "int32", generator = defaultGenerator } = options;
  checkShape("randperm", [n]);
  checkDtype("randperm", dtype);
  if (n > RANGES[dtype][1]) throw new ValueError("randperm", `expected n that ${dtype} can hold, got ${n}`);
  const out = empty("randperm", [n], dtype);
  const order = elementsOf(out);
  order.set(generator.permutation(order.length));
  return finish(out, options);
}

/** As {@link rand}, with the shape and (unless the options name one) the dtype of `x`. */
export function randLike(x: Tensor, options: RandomOptions = {}): Tensor {
  return rand(x.shape, { dtype: x.dtype, ...options });
}

/** As {@link randn}, with the shape and (unless the options name one) the dtype of `x`. */
export function randnLike(x: Tensor, options: RandomOptions = {}): Tensor {
  return randn(x.shape, { dtype: x.dtype, ...options });
}

/**
 * Ones and zeros: each element is 1 with the probability in `p`. The gradient is 0.
 *
 * @param p probabilities in [0, 1], float32 or float64; the result has its shape and dtype
 * @throws ValueError for an element outside [0, 1]
 * @see https://pytorch.org/docs/stable/generated/torch.bernoulli.html
 */
export function bernoulli(p: Tensor, { generator = defaultGenerator }: DrawOptions = {}): Tensor {
  const out = emptyFloat("bernoulli", p.shape, p.dtype);
  const probabilities = asContiguous(p);
  for (const x of elementsOf(probabilities)) {
    if (!(x >= 0 && x <= 1)) throw new ValueError("bernoulli", `expected probabilities in [0, 1], got ${x}`);
  }
  uniform_(out, 0, 1, { generator });
  const [values, limits] = [elementsOf(out), elementsOf(probabilities)];
  for (let i = 0; i < values.length; i++) values[i] = values[i]! < limits[i]! ? 1 : 0;
  return record("bernoulli", out, [p], [], (g) => [full(g.shape, 0, { dtype: g.dtype })]);
}

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
export function normal(mean: number, std: number, shape: Shape, options?: RandomOptions): Tensor;
export function normal(mean: Tensor, std: number | Tensor, options?: DrawOptions): Tensor;
export function normal(mean: number | Tensor, std: Tensor, options?: DrawOptions): Tensor;
export function normal(
  mean: number | Tensor,
  std: number | Tensor,
  third?: Shape | DrawOptions,
  options: RandomOptions = {},
): Tensor {
  if (typeof mean === "number" && typeof std === "number") {
    return finish(normal_(emptyFloat("normal", third as Shape, options.dtype), mean, std, options), options);
  }
  const shapes = [mean, std].map((x) => (typeof x === "number" ? [] : x.shape));
  const { dtype } = mean instanceof Tensor ? mean : (std as Tensor);
  const out = emptyFloat("normal", broadcastShapes("normal", shapes[0]!, shapes[1]!), dtype);
  const from = third as DrawOptions | undefined;
  return noGrad(() => {
    const scaled = typeof std === "number" ? normal_(out, 0, std, from) : mul(normal_(out, 0, 1, from), std);
    return add(scaled, mean);
  });
}

function emptyFloat(op: string, shape: Shape, dtype: Dtype = getDefaultDtype()): Tensor {
  checkShape(op, shape);
  checkDtype(op, dtype);
  if (!isFloat(dtype)) throw new DtypeError(op, `expected float32 or float64, got ${dtype}`);
  return empty(op, [...shape], dtype);
}
