import type { Dtype } from "../base/dtype.js";
import type { Shape } from "../base/shape.js";
import { boolean, define, notInPlace, numberIn } from "../base/signature.js";
import { mul } from "../ops/pointwise/arithmetic.js";
import { tensorKind } from "../tensor/kinds.js";
import { record } from "../tensor/record.js";
import { empty, type Tensor } from "../tensor/tensor.js";
import { DRAW, type DrawOptions, elementsOf, fillBernoulli } from "./fill.js";

/** The kinds of the input and the probability of all dropouts. */
export const DROP = { input: tensorKind, p: numberIn(0, 1), training: boolean, inplace: notInPlace } as const;

/**
 * Sets each element to zero with probability p and multiplies the others by 1 / (1 - p), as
 * torch.nn.functional.dropout. Outside of training, and with p = 0, it returns x and draws nothing.
 *
 * @param input float32 or float64, any shape
 * @param p probability of a zero, in [0, 1]
 * @param training whether to drop anything; a module passes `this.training`
 * @param options generator (the default one when left out)
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html
 * @example
 * ```ts
 * import { F, manualSeed, tensor } from "simdgrad";
 * manualSeed(0);
 * F.dropout(tensor([1, 1, 1, 1]), 0.2); // tensor([0.0000, 1.2500, 1.2500, 0.0000])
 * ```
 */
export const dropout = define(
  "dropout",
  DROP,
  (
    input: Tensor,
    p: number = 0.5,
    training: boolean = true,
    _inplace: boolean = false,
    options: DrawOptions = {},
  ): Tensor => dropElements(input, p, training, options),
  DRAW,
);

function dropElements(x: Tensor, p: number, training: boolean, options: DrawOptions): Tensor {
  if (p === 0 || !training || x.numel === 0) return x;
  return masked("dropout", x, dropoutMask("dropout", x.shape, x.dtype, p, options));
}

/** x · mask. The mask broadcasts and gets no gradient. */
export function masked(op: string, x: Tensor, mask: Tensor): Tensor {
  return record(op, mul(x, mask), [x], [mask], (g, node) => [mul(g, node.saved[0]!)]);
}

/** 0 with probability p, otherwise 1 / (1 - p). With p = 1 nothing is drawn. */
export function dropoutMask(op: string, shape: Shape, dtype: Dtype, p: number, options: DrawOptions): Tensor {
  const mask = empty(op, shape, dtype);
  if (p === 1) {
    elementsOf(mask).fill(0);
    return mask;
  }
  const kept = dtype === "float32" ? 1 / Math.fround(1 - p) : 1 / (1 - p);
  fillBernoulli(mask, 1 - p, kept, options.generator);
  return mask;
}
