import { type Dtype, getDefaultDtype } from "../../base/dtype.js";
import { formatShape, ShapeError } from "../../base/errors.js";
import { type ArgumentsOf, boolean, define, integerFrom } from "../../base/signature.js";
import { embedding } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { checkPaddingIdx, LOOKUP } from "../../ops/embedding/embedding.js";
import { full } from "../../ops/layout/factories.js";
import { dtypeKind, tensorKind } from "../../tensor/kinds.js";
import { constant_, normal_ } from "../module/init.js";
import { Module, membersOf } from "../module/module.js";
import { Parameter } from "../module/parameter.js";

const embeddingCall = define(
  "Embedding",
  { numEmbeddings: integerFrom(0), embeddingDim: integerFrom(0), ...LOOKUP },
  (
    numEmbeddings: number,
    embeddingDim: number,
    paddingIdx: number | null = null,
    maxNorm: number | null = null,
    normType: number = 2,
    _scaleGradByFreq: boolean = false,
    _sparse: boolean = false,
    { weight, dtype = getDefaultDtype() }: { weight?: Tensor; dtype?: Dtype } = {},
  ) => {
    const shape = [numEmbeddings, embeddingDim];
    const padding = checkPaddingIdx("Embedding", paddingIdx, numEmbeddings);
    if (weight !== undefined && formatShape(weight.shape) !== formatShape(shape)) {
      throw new ShapeError("Embedding", `expected a weight ${formatShape(shape)}, got ${formatShape(weight.shape)}`);
    }
    return { shape, paddingIdx: padding, maxNorm, normType, weight, dtype };
  },
  { weight: tensorKind, dtype: dtypeKind },
);

const fromPretrainedCall = define(
  "Embedding.fromPretrained",
  { embeddings: tensorKind, freeze: boolean, ...LOOKUP },
  (
    embeddings: Tensor,
    freeze: boolean = true,
    paddingIdx: number | null = null,
    maxNorm: number | null = null,
    normType: number = 2,
    _scaleGradByFreq: boolean = false,
    _sparse: boolean = false,
  ): Embedding => {
    if (embeddings.ndim !== 2) {
      const got = formatShape(embeddings.shape);
      throw new ShapeError("Embedding.fromPretrained", `expected a matrix, got shape ${got}`);
    }
    const [rows, width] = embeddings.shape as [number, number];
    const layer = new Embedding(rows, width, { paddingIdx, maxNorm, normType, weight: embeddings });
    layer.weight.requiresGrad = !freeze;
    return layer;
  },
);

/**
 * A trained row of numbers for each of `numEmbeddings` indices, as torch.nn.Embedding. Rows start normal
 * of mean 0 and variance 1, drawn as PyTorch draws them; the padding row starts at 0.
 *
 * @param numEmbeddings number of rows
 * @param embeddingDim length of a row
 * @param paddingIdx a row that gets no gradient; negative counts from the end
 * @param maxNorm the largest norm of a row: longer rows are shortened when they are looked up
 * @param normType the p of that norm
 * @param weight by keyword: first values [numEmbeddings, embeddingDim], whose memory the layer shares; drawn when left
 * out
 * @param dtype by keyword: the type of the weight; the default dtype when left out
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
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  /** [numEmbeddings, embeddingDim] */
  weight: Parameter;
  /** The padding row, counted from the front, or null. */
  readonly paddingIdx: number | null;
  /** The largest norm of a row, or null. */
  readonly maxNorm: number | null;
  /** The p of that norm. */
  readonly normType: number;

  constructor(...args: ArgumentsOf<typeof embeddingCall>) {
    super();
    const { shape, paddingIdx, maxNorm, normType, weight, dtype } = embeddingCall(...args);
    [this.numEmbeddings, this.embeddingDim] = shape as [number, number];
    this.paddingIdx = paddingIdx;
    this.maxNorm = maxNorm;
    this.normType = normType;
    this.weight = new Parameter(weight ?? full(shape, 0, { dtype }));
    membersOf(this).look(); // a plain tensor over a parameter is refused from here on
    if (weight === undefined) this.resetParameters();
  }

  /**
   * A layer with given rows, whose memory it shares, as torch.nn.Embedding.from_pretrained.
   * @param args embeddings [numEmbeddings, embeddingDim], freeze (true: the rows stay as they are in training), then as
   * the layer's
   * @see https://pytorch.org/docs/stable/generated/torch.nn.Embedding.html
   */
  static fromPretrained(...args: ArgumentsOf<typeof fromPretrainedCall>): Embedding {
    return fromPretrainedCall(...args);
  }

  /** Draws the rows anew from the default generator; the padding row becomes 0. */
  resetParameters(): void {
    normal_(this.weight);
    if (this.paddingIdx !== null) constant_(this.weight.detach().select(0, this.paddingIdx), 0);
  }

  override forward(indices: Tensor): Tensor {
    const { weight, paddingIdx, maxNorm, normType } = this;
    return embedding(indices, weight, paddingIdx, maxNorm, normType);
  }

  override extraRepr(): string {
    const parts = [`${this.numEmbeddings}`, `${this.embeddingDim}`];
    if (this.paddingIdx !== null) parts.push(`padding_idx=${this.paddingIdx}`);
    if (this.maxNorm !== null) parts.push(`max_norm=${this.maxNorm}`);
    if (this.normType !== 2) parts.push(`norm_type=${this.normType}`);
    return parts.join(", ");
  }
}
