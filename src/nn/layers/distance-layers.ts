import { cosineSimilarity } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { Module } from "../module/module.js";

/**
 * The cosine of the angle between vectors along a dim, as torch.nn.CosineSimilarity.
 * @param dim the dim of the vectors' elements, 1 when left out
 * @param eps the smallest length (1e-8)
 * @see https://pytorch.org/docs/stable/generated/torch.nn.CosineSimilarity.html
 */
export class CosineSimilarity extends Module {
  constructor(
    readonly dim = 1,
    readonly eps = 1e-8,
  ) {
    super();
  }

  override forward(a: Tensor, b: Tensor): Tensor {
    return cosineSimilarity(a, b, this.dim, this.eps);
  }
}
