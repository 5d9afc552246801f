import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";

/**
 * Passes its input on, as torch.nn.Identity: a stand-in where a module is asked for.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Identity.html
 */
export class Identity extends Module {
  override forward(x: Tensor): Tensor {
    return x;
  }
}

/**
 * Merges dims into one, as torch.nn.Flatten: by default all but the first, which counts the samples of a batch.
 *
 * @param startDim first of the dims that are merged
 * @param endDim the last of them
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.Flatten().forward(rand([4, 16, 5, 5])).shape; // [4, 400]
 * ```
 */
export class Flatten extends Module {
  constructor(
    readonly startDim = 1,
    readonly endDim = -1,
  ) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return x.flatten(this.startDim, this.endDim);
  }

  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}
