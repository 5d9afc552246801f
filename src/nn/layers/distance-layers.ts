import { type ArgumentsOf, anyNumber, define, dimNumber } from "../../base/signature.js";
import { cosineSimilarity } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { Module } from "../module/module.js";

const cosineSimilarityCall = define(
  "CosineSimilarity",
  { dim: dimNumber, eps: anyNumber },
  (dim: number = 1, eps: number = 1e-8) => [dim, eps] as const,
);

/**
 * The cosine of the angle between vectors along a dim, as torch.nn.CosineSimilarity.
 * @param dim the dim of the vectors' elements, 1 when left out
 * @param eps the smallest length (1e-8)
 * @see https://pytorch.org/docs/stable/generated/torch.nn.CosineSimilarity.html
 */
export class CosineSimilarity extends Module {
  readonly dim: number;
  readonly eps: number;

  constructor(...args: ArgumentsOf<typeof cosineSimilarityCall>) {
    super();
    [this.dim, this.eps] = cosineSimilarityCall(...args);
  }

  override forward(a: Tensor, b: Tensor): Tensor {
    return cosineSimilarity(a, b, this.dim, this.eps);
  }
}
