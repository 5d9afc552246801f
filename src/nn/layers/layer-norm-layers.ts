import { type Dtype, getDefaultDtype } from "../../base/dtype.js";
import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { checkOptionNames, type OptionNames } from "../../base/options.js";
import { groupNorm, layerNorm } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { full } from "../../ops/layout/factories.js";
import { checkTensor } from "../../tensor/check.js";
import { noGrad } from "../../tensor/mode.js";
import { checkLayerDtype } from "../module/layer-dtype.js";
import { Module } from "../module/module.js";
import { Parameter } from "../module/parameter.js";
import { bool, shortest, tuple } from "../module/repr.js";

/** Options of {@link LayerNorm}. */
export type LayerNormOptions = {
  /** Added to the variance (1e-5). */
  eps?: number;
  /** Whether there are a trained weight and bias for every element; true when left out. */
  elementwiseAffine?: boolean;
  /** Type of the parameters; the default dtype (float32) when left out. */
  dtype?: Dtype;
};

/** Options of {@link GroupNorm}. */
export type GroupNormOptions = {
  /** Added to the variance (1e-5). */
  eps?: number;
  /** Whether there are a trained weight and bias per channel; true when left out. */
  affine?: boolean;
  /** Type of the parameters; the default dtype (float32) when left out. */
  dtype?: Dtype;
};

/** Weight and bias of both layers. */
abstract class AffineNorm extends Module {
  /** Ones at the start; null when not affine. */
  weight: Parameter | null;
  /** Zeros at the start; null when not affine. */
  bias: Parameter | null;

  constructor(shape: readonly number[], affine: boolean, dtype: Dtype) {
    super();
    this.weight = affine ? new Parameter(full(shape, 1, { dtype })) : null;
    this.bias = affine ? new Parameter(full(shape, 0, { dtype })) : null;
  }

  /** Sets weight and bias back to ones and zeros. */
  resetParameters(): void {
    noGrad(() => {
      this.weight?.fill_(1);
      this.bias?.zero_();
    });
  }
}

const LAYER: OptionNames<LayerNormOptions> = { eps: true, elementwiseAffine: true, dtype: true };
const GROUP: OptionNames<GroupNormOptions> = { eps: true, affine: true, dtype: true };

/**
 * Normalises over the last dims, as torch.nn.LayerNorm: (x − mean) / √(variance + eps) · weight + bias.
 *
 * @param normalizedShape the sizes of the last dims, or of the last one
 * @throws ShapeError for an input that does not end in them
 * @see https://pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.LayerNorm(10).forward(rand([20, 5, 10])).shape; // [20, 5, 10]
 * ```
 */
export class LayerNorm extends AffineNorm {
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  readonly elementwiseAffine: boolean;

  constructor(normalizedShape: number | readonly number[], options: LayerNormOptions = {}) {
    checkOptionNames("LayerNorm", options, LAYER);
    const { eps = 1e-5, elementwiseAffine = true, dtype = getDefaultDtype() } = options;
    const shape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
    if (shape.length === 0 || !shape.every((size) => Number.isInteger(size) && size >= 0)) {
      throw new ValueError("LayerNorm", `expected the sizes of at least one dim, got ${formatShape(shape)}`);
    }
    super(shape, elementwiseAffine, dtype);
    this.normalizedShape = shape;
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
  }

  override forward(x: Tensor): Tensor {
    const { normalizedShape, weight, bias, eps } = this;
    try {
      return layerNorm(x, normalizedShape, { weight, bias, eps });
    } catch (error) {
      this.#explain(x);
      throw error;
    }
  }

  /** Throws the error of this layer for an x that `layerNorm` refuses. */
  #explain(x: Tensor): void {
    const { normalizedShape } = this;
    const name = `LayerNorm(${formatShape(normalizedShape)})`;
    checkTensor(name, "input", x);
    const last = x.shape.slice(-normalizedShape.length);
    if (x.ndim < normalizedShape.length || normalizedShape.some((size, i) => size !== last[i])) {
      throw new ShapeError(name, `expected input [*, ${normalizedShape.join(", ")}], got ${formatShape(x.shape)}`);
    }
    checkLayerDtype(name, x, this.weight);
  }

  override extraRepr(): string {
    const affine = bool(this.elementwiseAffine);
    return `${tuple(this.normalizedShape)}, eps=${shortest(this.eps)}, elementwise_affine=${affine}`;
  }
}

/**
 * Normalises groups of channels of each image, as torch.nn.GroupNorm: (x − mean) / √(variance + eps) · weight + bias.
 *
 * @param numGroups number of groups of neighbouring channels; must divide numChannels
 * @param numChannels C of the input [N, C, …]
 * @throws ShapeError for an input of other channels
 * @see https://pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.GroupNorm(3, 6).forward(rand([20, 6, 10, 10])).shape; // [20, 6, 10, 10]
 * ```
 */
export class GroupNorm extends AffineNorm {
  readonly eps: number;
  readonly affine: boolean;

  constructor(
    readonly numGroups: number,
    readonly numChannels: number,
    options: GroupNormOptions = {},
  ) {
    checkOptionNames("GroupNorm", options, GROUP);
    const { eps = 1e-5, affine = true, dtype = getDefaultDtype() } = options;
    if (!Number.isInteger(numChannels) || numChannels < 0) {
      throw new ValueError("GroupNorm", `expected a number of channels, got ${numChannels}`);
    }
    if (!Number.isInteger(numGroups) || numGroups < 1 || numChannels % numGroups !== 0) {
      throw new ValueError("GroupNorm", `expected groups that divide the ${numChannels} channels, got ${numGroups}`);
    }
    super([numChannels], affine, dtype);
    this.eps = eps;
    this.affine = affine;
  }

  override forward(x: Tensor): Tensor {
    const { numGroups, numChannels, weight, bias, eps } = this;
    const name = `GroupNorm(${numGroups}, ${numChannels})`;
    checkTensor(name, "input", x);
    if (x.ndim < 2 || x.shape[1] !== numChannels) {
      throw new ShapeError(name, `expected input [N, ${numChannels}, *], got ${formatShape(x.shape)}`);
    }
    checkLayerDtype(name, x, weight);
    return groupNorm(x, numGroups, { weight, bias, eps });
  }

  override extraRepr(): string {
    return `${this.numGroups}, ${this.numChannels}, eps=${shortest(this.eps)}, affine=${bool(this.affine)}`;
  }
}
