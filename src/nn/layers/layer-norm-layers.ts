import { type Dtype, getDefaultDtype } from "../../base/dtype.js";
import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { type ArgumentsOf, anyNumber, boolean, checkArguments, define, integerFrom } from "../../base/signature.js";
import { groupNorm, layerNorm } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { full } from "../../ops/layout/factories.js";
import { type Size, sizeKind } from "../../ops/layout/sizes.js";
import { dtypeKind, tensorKind } from "../../tensor/kinds.js";
import { noGrad } from "../../tensor/mode.js";
import { checkLayerDtype } from "../module/layer-dtype.js";
import { Module, membersOf } from "../module/module.js";
import { Parameter } from "../module/parameter.js";
import { bool, shortest, tuple } from "../module/repr.js";

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
    membersOf(this).look(); // a plain tensor over a parameter is refused from here on
  }

  /** Sets weight and bias back to ones and zeros. */
  resetParameters(): void {
    noGrad(() => {
      this.weight?.fill_(1);
      this.bias?.zero_();
    });
  }
}

const DTYPE = { dtype: dtypeKind } as const;

const layerNormCall = define(
  "LayerNorm",
  { normalizedShape: sizeKind, eps: anyNumber, elementwiseAffine: boolean },
  (
    normalizedShape: Size,
    eps: number = 1e-5,
    elementwiseAffine: boolean = true,
    { dtype = getDefaultDtype() }: { dtype?: Dtype } = {},
  ) => {
    const shape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
    if (shape.length === 0 || !shape.every((size) => Number.isInteger(size) && size >= 0)) {
      throw new ValueError("LayerNorm", `expected the sizes of at least one dim, got ${formatShape(shape)}`);
    }
    return { shape, eps, elementwiseAffine, dtype };
  },
  DTYPE,
);

const groupNormCall = define(
  "GroupNorm",
  { numGroups: integerFrom(1), numChannels: integerFrom(0), eps: anyNumber, affine: boolean },
  (
    numGroups: number,
    numChannels: number,
    eps: number = 1e-5,
    affine: boolean = true,
    { dtype = getDefaultDtype() }: { dtype?: Dtype } = {},
  ) => {
    if (numChannels % numGroups !== 0) {
      throw new ValueError("GroupNorm", `expected groups that divide the ${numChannels} channels, got ${numGroups}`);
    }
    return { numGroups, numChannels, eps, affine, dtype };
  },
  DTYPE,
);

/**
 * Normalises over the last dims, as torch.nn.LayerNorm: (x − mean) / √(variance + eps) · weight + bias.
 *
 * @param normalizedShape the sizes of the last dims, or of the last one
 * @param eps added to the variance
 * @param elementwiseAffine whether there are a trained weight and bias for every element
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

  constructor(...args: ArgumentsOf<typeof layerNormCall>) {
    const { shape, eps, elementwiseAffine, dtype } = layerNormCall(...args);
    super(shape, elementwiseAffine, dtype);
    this.normalizedShape = shape;
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
  }

  override forward(x: Tensor): Tensor {
    const { normalizedShape, weight, bias, eps } = this;
    try {
      return layerNorm(x, normalizedShape, weight, bias, eps);
    } catch (error) {
      this.explain(x);
      throw error;
    }
  }

  /** Throws the error of this layer for an x that `layerNorm` refuses. */
  private explain(x: Tensor): void {
    const { normalizedShape } = this;
    const name = `LayerNorm(${formatShape(normalizedShape)})`;
    if (!tensorKind.fits(x)) checkArguments(name, { input: tensorKind }, [x]);
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
 * @param eps added to the variance
 * @param affine whether there are a trained weight and bias for each channel
 * @throws ShapeError for an input of other channels
 * @see https://pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.GroupNorm(3, 6).forward(rand([20, 6, 10, 10])).shape; // [20, 6, 10, 10]
 * ```
 */
export class GroupNorm extends AffineNorm {
  readonly numGroups: number;
  readonly numChannels: number;
  readonly eps: number;
  readonly affine: boolean;

  constructor(...args: ArgumentsOf<typeof groupNormCall>) {
    const { numGroups, numChannels, eps, affine, dtype } = groupNormCall(...args);
    super([numChannels], affine, dtype);
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    this.affine = affine;
  }

  override forward(x: Tensor): Tensor {
    const { numGroups, numChannels, weight, bias, eps } = this;
    const name = `GroupNorm(${numGroups}, ${numChannels})`;
    if (!tensorKind.fits(x)) checkArguments(name, { input: tensorKind }, [x]);
    if (x.ndim < 2 || x.shape[1] !== numChannels) {
      throw new ShapeError(name, `expected input [N, ${numChannels}, *], got ${formatShape(x.shape)}`);
    }
    checkLayerDtype(name, x, weight);
    return groupNorm(x, numGroups, weight, bias, eps);
  }

  override extraRepr(): string {
    return `${this.numGroups}, ${this.numChannels}, eps=${shortest(this.eps)}, affine=${bool(this.affine)}`;
  }
}
