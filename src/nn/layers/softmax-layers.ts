import { ValueError } from "../../base/errors.js";
import { logSoftmax, softmax } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { Module } from "../module/module.js";

/** Throws unless a dim is given: PyTorch's default is deprecated. */
function checkDim(name: string, dim: number): void {
  if (!Number.isInteger(dim)) throw new ValueError(name, `expected a dim, got ${dim}`, "Use 1 for input [N, classes]");
}

/**
 * exp(x) / Σ exp(x) along a dim, as torch.nn.Softmax. Leave it out before CrossEntropyLoss, which takes logits.
 * @param dim the dim whose elements sum to 1
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Softmax.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.Softmax(1).forward(rand([2, 3])).sum(1); // [1, 1]
 * ```
 */
export class Softmax extends Module {
  constructor(readonly dim: number) {
    super();
    checkDim("Softmax", dim);
  }

  override forward(x: Tensor): Tensor {
    return softmax(x, this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}

/**
 * The logarithm of softmax along a dim, as torch.nn.LogSoftmax: the input of NLLLoss.
 * @param dim the dim whose exponentials sum to 1
 * @see https://pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html
 */
export class LogSoftmax extends Module {
  constructor(readonly dim: number) {
    super();
    checkDim("LogSoftmax", dim);
  }

  override forward(x: Tensor): Tensor {
    return logSoftmax(x, this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}
