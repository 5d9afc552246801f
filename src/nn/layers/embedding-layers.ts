import { type Dtype, getDefaultDtype } from "../../base/dtype.js";
import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { checkOptionNames, type OptionNames } from "../../base/options.js";
import { embedding } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { checkPaddingIdx, type EmbeddingOptions } from "../../ops/embedding/embedding.js";
import { full } from "../../ops/layout/factories.js";
import { constant_, normal_ } from "../module/init.js";
import { Module } from "../module/module.js";
import { Parameter } from "../module/parameter.js";

/** Options of {@link Embedding.fromPretrained}. */
export type PretrainedOptions = EmbeddingOptions & {
  /** Whether the rows stay as they are in training (true). */
  freeze?: boolean;
};

/** Options of {@link Embedding}. */
export type EmbeddingLayerOptions = EmbeddingOptions & {
  /** Type of the weight; the default dtype (float32) when left out. */
  dtype?: Dtype;
  /** First values [numEmbeddings, embeddingDim], whose memory the layer shares; drawn when left out. */
  weight?: Tensor;
};

const OPTIONS: OptionNames<EmbeddingLayerOptions> = {
  paddingIdx: true,
  maxNorm: true,
  normType: true,
  dtype: true,
  weight: true,
};

/**
 * A trained row of numbers for each of `numEmbeddings` indices, as torch.nn.Embedding. Rows start normal
 * of mean 0 and variance 1, drawn as PyTorch draws them; the padding row starts at 0.
 *
 * @param numEmbeddings number of rows
 * @param embeddingDim length of a row
 * @param options with `paddingIdx` that row gets no gradient; with `maxNorm` rows that are longer (by the norm
 * `normType`, 2) are shortened when they are looked up
 * @throws ValueError for a paddingIdx out of range; forward throws it for an index out of range
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Embedding.html
 * @example
 * ```ts
 * import { nn, tensor } from "simdgrad";
 * const layer = new nn.Embedding(10, 3, { paddingIdx: 0 });
 * const words = tensor([[1, 2, 4, 5], [4, 3, 2, 0]], { dtype: "int32" });
 * layer.forward(words).shape; // [2, 4, 3]
 * ```
 */
export class Embedding extends Module {
  /** [numEmbeddings, embeddingDim] */
  weight: Parameter;
  /** The padding row, counted from the front, or null. */
  readonly paddingIdx: number | null;
  /** The largest norm of a row, or null. */
  readonly maxNorm: number | null;
  /** The p of that norm. */
  readonly normType: number;

  constructor(
    readonly numEmbeddings: number,
    readonly embeddingDim: number,
    options: EmbeddingLayerOptions = {},
  ) {
    checkOptionNames("Embedding", options, OPTIONS);
    super();
    const { paddingIdx = null, maxNorm = null, normType = 2, dtype = getDefaultDtype(), weight } = options;
    for (const size of [numEmbeddings, embeddingDim]) {
      if (!Number.isInteger(size) || size < 0) throw new ValueError("Embedding", `expected sizes, got ${size}`);
    }
    this.paddingIdx = checkPaddingIdx("Embedding", paddingIdx, numEmbeddings);
    this.maxNorm = maxNorm;
    this.normType = normType;
    const shape = [numEmbeddings, embeddingDim];
    if (weight !== undefined && formatShape(weight.shape) !== formatShape(shape)) {
      throw new ShapeError("Embedding", `expected a weight ${formatShape(shape)}, got ${formatShape(weight.shape)}`);
    }
    this.weight = new Parameter(weight ?? full(shape, 0, { dtype }));
    if (weight === undefined) this.resetParameters();
  }

  /**
   * A layer with given rows, whose memory it shares, as torch.nn.Embedding.from_pretrained.
   * @param weight [numEmbeddings, embeddingDim]
   * @see https://pytorch.org/docs/stable/generated/torch.nn.Embedding.html
   */
  static fromPretrained(weight: Tensor, options: PretrainedOptions = {}): Embedding {
    return pretrained(weight, options);
  }

  /** Draws the rows anew from the default generator; the padding row becomes 0. */
  resetParameters(): void {
    normal_(this.weight);
    if (this.paddingIdx !== null) constant_(this.weight.detach().select(0, this.paddingIdx), 0);
  }

  override forward(indices: Tensor): Tensor {
    const { weight, paddingIdx, maxNorm, normType } = this;
    return embedding(indices, weight, { paddingIdx, maxNorm, normType });
  }

  override extraRepr(): string {
    const parts = [`${this.numEmbeddings}`, `${this.embeddingDim}`];
    if (this.paddingIdx !== null) parts.push(`padding_idx=${this.paddingIdx}`);
    if (this.maxNorm !== null) parts.push(`max_norm=${this.maxNorm}`);
    if (this.normType !== 2) parts.push(`norm_type=${this.normType}`);
    return parts.join(", ");
  }
}

/** A function, because bundlers rename a class that its own static method uses. */
function pretrained(weight: Tensor, { freeze = true, ...options }: PretrainedOptions): Embedding {
  if (weight.ndim !== 2) {
    throw new ShapeError("Embedding.fromPretrained", `expected a matrix, got shape ${formatShape(weight.shape)}`);
  }
  const layer = new Embedding(weight.shape[0]!, weight.shape[1]!, { ...options, weight });
  layer.weight.requiresGrad = !freeze;
  return layer;
}
