import { ValueError } from "../../base/errors.js";
import { logSoftmax, softmax, softmin } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { Module } from "../module/module.js";
import type { ActivationTraits } from "./traits.js";

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
 * Softmax of -x along a dim, as torch.nn.Softmin: the smallest element gets the largest share.
 * @param dim the dim whose elements sum to 1
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Softmin.html
 */
export class Softmin extends Module {
  constructor(readonly dim: number) {
    super();
    checkDim("Softmin", dim);
  }

  override forward(x: Tensor): Tensor {
    return softmin(x, this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}

/**
 * The logarithm of softmax along a dim, as torch.nn.LogSoftmax. NLLLoss takes it.
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

/** What graphs, advice and the cheat sheet know of each activation above. */
export default {
  Softmax: { formula: "eˣⁱ / Σ eˣʲ", range: "[0, 1]", classes: true, make: () => new Softmax(-1) },
  Softmin: { formula: "e⁻ˣⁱ / Σ e⁻ˣʲ", range: "[0, 1]", classes: true, make: () => new Softmin(-1) },
  LogSoftmax: {
    formula: "xᵢ − ln Σ eˣʲ",
    range: "(-∞, 0]",
    classes: true,
    make: () => new LogSoftmax(-1),
  },
} satisfies Record<string, ActivationTraits>;
