import { type Dtype, getDefaultDtype } from "../../base/dtype.js";
import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { type ArgumentsOf, anyNumber, boolean, checkArguments, define } from "../../base/signature.js";
import { linear } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { full } from "../../ops/layout/factories.js";
import { dtypeKind, tensorKind } from "../../tensor/kinds.js";
import { kaimingUniform_, uniform_ } from "../module/init.js";
import { checkLayerDtype } from "../module/layer-dtype.js";
import { Module, membersOf } from "../module/module.js";
import { Parameter } from "../module/parameter.js";

/** Options of {@link Linear}. */
export type LinearOptions = {
  /** Whether to add a trained bias; true when left out. */
  bias?: boolean;
  /** Type of the parameters; the default dtype (float32) when left out. */
  dtype?: Dtype;
};

const linearCall = define(
  "Linear",
  { inFeatures: anyNumber, outFeatures: anyNumber, bias: boolean },
  (
    inFeatures: number,
    outFeatures: number,
    bias: boolean = true,
    { dtype = getDefaultDtype() }: { dtype?: Dtype } = {},
  ) => ({ inFeatures, outFeatures, bias, dtype }),
  { dtype: dtypeKind },
);

/**
 * y = x·weightᵀ + bias over the last dim, as torch.nn.Linear. Both start uniform in ±1/√inFeatures, drawn as PyTorch
 * draws them.
 *
 * @param inFeatures size of the input's last dim
 * @param outFeatures size of the output's last dim
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Linear.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.Linear(20, 30).forward(rand([128, 20])).shape; // [128, 30]
 * ```
 */
export class Linear extends Module {
  /** [outFeatures, inFeatures] */
  weight: Parameter;
  /** [outFeatures], or null without a bias. */
  bias: Parameter | null;
  /** For errors. */
  private readonly shownAs: string;

  readonly inFeatures: number;
  readonly outFeatures: number;

  constructor(...args: ArgumentsOf<typeof linearCall>) {
    const { inFeatures, outFeatures, bias, dtype } = linearCall(...args);
    super();
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.shownAs = `Linear(${inFeatures}, ${outFeatures})`;
    for (const size of [inFeatures, outFeatures]) {
      if (!Number.isInteger(size) || size < 0)
        throw new ValueError("Linear", `expected sizes of features, got ${size}`);
    }
    this.weight = new Parameter(full([outFeatures, inFeatures], 0, { dtype }));
    this.bias = bias ? new Parameter(full([outFeatures], 0, { dtype })) : null;
    membersOf(this).look(); // a plain tensor over a parameter is refused from here on
    this.resetParameters();
  }

  /** Draws the parameters anew from the default generator. */
  resetParameters(): void {
    kaimingUniform_(this.weight, { a: Math.sqrt(5) });
    const bound = this.inFeatures > 0 ? 1 / Math.sqrt(this.inFeatures) : 0;
    if (this.bias !== null) uniform_(this.bias, -bound, bound);
  }

  override forward(x: Tensor): Tensor {
    try {
      return linear(x, this.weight, this.bias);
    } catch (error) {
      this.explain(x);
      throw error;
    }
  }

  /** Throws the error of this layer for an x that `linear` refuses. */
  private explain(x: Tensor): void {
    if (!tensorKind.fits(x)) checkArguments(this.shownAs, { input: tensorKind }, [x]);
    if (x.shape[x.ndim - 1] !== this.inFeatures) {
      throw new ShapeError(this.shownAs, `expected input [*, ${this.inFeatures}], got ${formatShape(x.shape)}`);
    }
    checkLayerDtype(this.shownAs, x, this.weight);
  }

  override extraRepr(): string {
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${this.bias === null ? "False" : "True"}`;
  }
}
