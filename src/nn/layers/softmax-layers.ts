import { type ArgumentsOf, define, dimNumber } from "../../base/signature.js";
import { logSoftmax, softmax, softmin } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { Module } from "../module/module.js";
import type { ActivationTraits } from "./traits.js";

/** The call of a layer along a dim. It has to be given: PyTorch's default is deprecated. */
function dimCall(name: string) {
  return define(name, { dim: dimNumber }, (dim: number) => dim);
}

const softmaxCall = dimCall("Softmax");
const softminCall = dimCall("Softmin");
const logSoftmaxCall = dimCall("LogSoftmax");

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
  readonly dim: number;

  constructor(...args: ArgumentsOf<typeof softmaxCall>) {
    super();
    this.dim = softmaxCall(...args);
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
  readonly dim: number;

  constructor(...args: ArgumentsOf<typeof softminCall>) {
    super();
    this.dim = softminCall(...args);
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
  readonly dim: number;

  constructor(...args: ArgumentsOf<typeof logSoftmaxCall>) {
    super();
    this.dim = logSoftmaxCall(...args);
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
