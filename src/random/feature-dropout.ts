import { formatShape, ShapeError } from "../base/errors.js";
import { define } from "../base/signature.js";
import { reshape } from "../ops/layout/views.js";
import { add } from "../ops/pointwise/arithmetic.js";
import { realKernels } from "../tensor/dispatch.js";
import { empty, type Tensor } from "../tensor/tensor.js";
import { DROP, dropoutMask, masked } from "./dropout.js";
import { bernoulli_, DRAW, type DrawOptions, elementsOf } from "./fill.js";

/** Drops whole channels of x [N, C, …], with one draw for each. */
function dropChannels(op: string, x: Tensor, p: number, options: DrawOptions): Tensor {
  const shape = x.shape.map((size, i) => (i < 2 ? size : 1));
  return masked(op, x, dropoutMask(op, shape, x.dtype, p, options));
}

/** Throws unless x is a float tensor and `fits` (the layout) true. */
function checkInput(op: string, x: Tensor, fits: boolean, layout: string): void {
  realKernels(op, x.dtype); // refuses other types
  if (!fits) throw new ShapeError(op, `expected input ${layout}, got ${formatShape(x.shape)}`);
}

/**
 * Sets whole channels to zero with probability p and multiplies the others by 1 / (1 - p), as
 * torch.nn.functional.dropout1d. Outside of training, and with p = 0, it returns x and draws nothing.
 *
 * @param input [N, C, L] or [C, L], float32 or float64
 * @param p probability of a zero, in [0, 1]
 * @param training whether to drop anything; a module passes `this.training`
 * @param options generator (the default one when left out)
 * @throws ValueError unless p is a probability, ShapeError for other dims, DtypeError for integers
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout1d.html
 * @example
 * ```ts
 * import { F, manualSeed, ones } from "simdgrad";
 * manualSeed(3);
 * F.dropout1d(ones([1, 3, 2]), 0.4); // [[[1.6667, 1.6667], [1.6667, 1.6667], [0.0000, 0.0000]]]
 * ```
 */
export const dropout1d = define(
  "dropout1d",
  DROP,
  (
    input: Tensor,
    p: number = 0.5,
    training: boolean = true,
    _inplace: boolean = false,
    options: DrawOptions = {},
  ): Tensor => dropChannels1d(input, p, training, options),
  DRAW,
);

function dropChannels1d(x: Tensor, p: number, training: boolean, options: DrawOptions): Tensor {
  const op = "dropout1d";
  checkInput(op, x, x.ndim === 2 || x.ndim === 3, "[N, C, L] or [C, L]");
  if (p === 0 || !training || x.numel === 0) return x;
  if (x.ndim === 3) return dropChannels(op, x, p, options);
  return reshape(dropChannels(op, reshape(x, [1, ...x.shape]), p, options), x.shape);
}

/**
 * Sets whole channels to zero with probability p and multiplies the others by 1 / (1 - p), as
 * torch.nn.functional.dropout2d. As in PyTorch 1.13, three dims are [N, C, L], never [C, H, W].
 *
 * @param input [N, C, H, W] (or any other number of dims after [N, C]), float32 or float64
 * @param p probability of a zero, in [0, 1]
 * @param training whether to drop anything; a module passes `this.training`
 * @param options generator (the default one when left out)
 * @throws ValueError unless p is a probability, ShapeError for fewer dims, DtypeError for integers
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout2d.html
 * @example
 * ```ts
 * import { F, manualSeed, ones } from "simdgrad";
 * manualSeed(3);
 * F.dropout2d(ones([1, 3, 1, 2]), 0.4); // [[[[1.6667, 1.6667]], [[1.6667, 1.6667]], [[0.0000, 0.0000]]]]
 * ```
 */
export const dropout2d = define(
  "dropout2d",
  DROP,
  (
    input: Tensor,
    p: number = 0.5,
    training: boolean = true,
    _inplace: boolean = false,
    options: DrawOptions = {},
  ): Tensor => dropChannels2d(input, p, training, options),
  DRAW,
);

function dropChannels2d(x: Tensor, p: number, training: boolean, options: DrawOptions): Tensor {
  const op = "dropout2d";
  checkInput(op, x, x.ndim >= 2, "[N, C, H, W]");
  return p === 0 || !training || x.numel === 0 ? x : dropChannels(op, x, p, options);
}

/** −(the limit of SELU(x) for x → −∞). */
const ALPHA = 1.7580993408473766;

/**
 * Sets each element to SELU's lowest value with probability p, then scales and shifts all so that mean 0 and variance 1
 * stay, as torch.nn.functional.alpha_dropout. Unlike the other dropouts it drops nothing unless `training` is true.
 *
 * @param input float32 or float64, any shape
 * @param p probability of being dropped, in [0, 1]
 * @param training whether to drop anything (false, as in PyTorch); a module passes `this.training`
 * @param options generator (the default one when left out)
 * @throws ValueError unless p is a probability, DtypeError for integers
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.alpha_dropout.html
 * @example
 * ```ts
 * import { F, manualSeed, zeros } from "simdgrad";
 * manualSeed(3);
 * F.alphaDropout(zeros([3]), 0.4, true); // [0.6071, 0.6071, -0.9106]
 * ```
 */
export const alphaDropout = define(
  "alphaDropout",
  DROP,
  (
    input: Tensor,
    p: number = 0.5,
    training: boolean = false,
    _inplace: boolean = false,
    options: DrawOptions = {},
  ): Tensor => dropToAlpha(input, p, training, options),
  DRAW,
);

function dropToAlpha(x: Tensor, p: number, training: boolean, options: DrawOptions): Tensor {
  const op = "alphaDropout";
  checkInput(op, x, true, "");
  if (p === 0 || !training || x.numel === 0) return x;
  if (p === 1) return masked(op, x, dropoutMask(op, x.shape, x.dtype, p, options));
  const mask = bernoulli_(empty(op, x.shape, x.dtype), 1 - p, options);
  const shifts = empty(op, x.shape, x.dtype);
  const round = x.dtype === "float32" ? Math.fround : Number;
  const scale = 1 / Math.sqrt((ALPHA * ALPHA * p + 1) * (1 - p));
  const kept = round(ALPHA * scale * p);
  const dropped = round(kept - round(ALPHA * scale));
  const [factors, terms] = [elementsOf(mask), elementsOf(shifts)];
  for (let i = 0; i < factors.length; i++) {
    terms[i] = factors[i] === 0 ? dropped : kept;
    factors[i]! *= scale;
  }
  return add(masked(op, x, mask), shifts);
}
