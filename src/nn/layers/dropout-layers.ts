import { type ArgumentsOf, define, notInPlace, numberIn } from "../../base/signature.js";
import { alphaDropout, dropout, dropout1d, dropout2d } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { Module } from "../module/module.js";

/** The call of a dropout layer: its probability. */
function dropoutCall(name: string) {
  return define(name, { p: numberIn(0, 1), inplace: notInPlace }, (p: number = 0.5, _inplace: boolean = false) => p);
}

const plainCall = dropoutCall("Dropout");
const dropout1dCall = dropoutCall("Dropout1d");
const dropout2dCall = dropoutCall("Dropout2d");
const alphaDropoutCall = dropoutCall("AlphaDropout");

/** The probability of all dropout layers. */
abstract class Dropping extends Module {
  constructor(readonly p: number) {
    super();
  }

  override extraRepr(): string {
    return `p=${this.p}, inplace=False`;
  }
}

/**
 * In training sets each element to zero with probability p and multiplies the others by 1 / (1 - p); in evaluation
 * it returns its input. The draws are PyTorch's, from the default generator.
 *
 * @param p probability of a zero, 0.5 when left out
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Dropout.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * const layer = new nn.Dropout(0.2);
 * layer.forward(rand([4])); // zeros among numbers 1.25 times as large
 * layer.eval().forward(rand([4])); // as they came
 * ```
 */
export class Dropout extends Dropping {
  constructor(...args: ArgumentsOf<typeof plainCall>) {
    super(plainCall(...args));
  }

  override forward(x: Tensor): Tensor {
    return dropout(x, this.p, this.training);
  }
}

/**
 * In training sets whole channels of [N, C, L] or [C, L] to zero with probability p and multiplies the others by
 * 1 / (1 - p), as torch.nn.Dropout1d; in evaluation it returns its input.
 *
 * @param p probability of a zero, 0.5 when left out
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Dropout1d.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.Dropout1d(0.2).forward(rand([4, 8, 10])).shape; // [4, 8, 10]
 * ```
 */
export class Dropout1d extends Dropping {
  constructor(...args: ArgumentsOf<typeof dropout1dCall>) {
    super(dropout1dCall(...args));
  }

  override forward(x: Tensor): Tensor {
    return dropout1d(x, this.p, this.training);
  }
}

/**
 * In training sets whole channels of [N, C, H, W] to zero with probability p and multiplies the others by 1 / (1 - p),
 * as torch.nn.Dropout2d; in evaluation it returns its input. Three dims are [N, C, L], as in PyTorch 1.13.
 *
 * @param p probability of a zero, 0.5 when left out
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Dropout2d.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.Dropout2d(0.2).forward(rand([4, 8, 5, 5])).shape; // [4, 8, 5, 5]
 * ```
 */
export class Dropout2d extends Dropping {
  constructor(...args: ArgumentsOf<typeof dropout2dCall>) {
    super(dropout2dCall(...args));
  }

  override forward(x: Tensor): Tensor {
    return dropout2d(x, this.p, this.training);
  }
}

/**
 * Dropout that keeps mean 0 and variance 1, for networks of SELU, as torch.nn.AlphaDropout.
 *
 * @param p probability of being dropped, 0.5 when left out
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AlphaDropout.html
 * @example
 * ```ts
 * import { nn, randn } from "simdgrad";
 * new nn.AlphaDropout(0.2).forward(randn([100])).shape; // [100]
 * ```
 */
export class AlphaDropout extends Dropping {
  constructor(...args: ArgumentsOf<typeof alphaDropoutCall>) {
    super(alphaDropoutCall(...args));
  }

  override forward(x: Tensor): Tensor {
    return alphaDropout(x, this.p, this.training);
  }
}
