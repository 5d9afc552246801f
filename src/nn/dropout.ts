import { ValueError } from "../base/errors.js";
import { dropout } from "../functional.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";

/**
 * In training sets each element to zero with probability p and multiplies the others by 1 / (1 - p); in evaluation
 * passes its input on. The draws are PyTorch's, from the default generator.
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
export class Dropout extends Module {
  constructor(readonly p = 0.5) {
    super();
    if (!(p >= 0 && p <= 1)) throw new ValueError("Dropout", `expected a probability in [0, 1], got ${p}`);
  }

  override forward(x: Tensor): Tensor {
    return dropout(x, this.p, this.training);
  }

  override extraRepr(): string {
    return `p=${this.p}`;
  }
}
