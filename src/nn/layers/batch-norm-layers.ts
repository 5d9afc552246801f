import { type Dtype, getDefaultDtype } from "../../base/dtype.js";
import { formatShape, ShapeError } from "../../base/errors.js";
import {
  type ArgumentsOf,
  anyNumber,
  boolean,
  checkArguments,
  define,
  integerFrom,
  orNull,
} from "../../base/signature.js";
import { batchNorm, instanceNorm } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { full } from "../../ops/layout/factories.js";
import { dtypeKind, tensorKind } from "../../tensor/kinds.js";
import { noGrad } from "../../tensor/mode.js";
import { checkLayerDtype } from "../module/layer-dtype.js";
import { Module, membersOf } from "../module/module.js";
import { Parameter } from "../module/parameter.js";
import { bool, shortest } from "../module/repr.js";

/** Options of batch and instance norms. */
type CommonOptions = {
  /** Added to the variance (1e-5). */
  eps?: number;
  /** Whether there are a trained weight and bias. */
  affine?: boolean;
  /** Whether running statistics are kept, and used in evaluation. */
  trackRunningStats?: boolean;
  /** Type of parameters and statistics; the default dtype (float32) when left out. */
  dtype?: Dtype;
};

/** Options of {@link BatchNorm1d} and {@link BatchNorm2d}; affine and trackRunningStats are true when left out. */
export type BatchNormLayerOptions = CommonOptions & {
  /** The weight of new statistics in the running ones (0.1); null: running statistics are means over all batches. */
  momentum?: number | null;
};

/** Options of {@link InstanceNorm1d} and {@link InstanceNorm2d}; affine and trackRunningStats: false when left out. */
export type InstanceNormLayerOptions = CommonOptions & {
  /** The weight of new statistics in the running ones (0.1). */
  momentum?: number;
};

const FEATURES = { numFeatures: integerFrom(0), eps: anyNumber } as const;
const SWITCHES = { affine: boolean, trackRunningStats: boolean } as const;
const DTYPE = { dtype: dtypeKind } as const;

/** The settings of a layer, from its call. */
type Settings = Required<BatchNormLayerOptions> & { numFeatures: number };

/** The call of a batch norm. */
function batchNormLayerCall(name: string) {
  return define(
    name,
    { ...FEATURES, momentum: orNull(anyNumber), ...SWITCHES },
    (
      numFeatures: number,
      eps: number = 1e-5,
      momentum: number | null = 0.1,
      affine: boolean = true,
      trackRunningStats: boolean = true,
      { dtype = getDefaultDtype() }: { dtype?: Dtype } = {},
    ): Settings => ({ numFeatures, eps, momentum, affine, trackRunningStats, dtype }),
    DTYPE,
  );
}

/** The call of an instance norm. */
function instanceNormLayerCall(name: string) {
  return define(
    name,
    { ...FEATURES, momentum: anyNumber, ...SWITCHES },
    (
      numFeatures: number,
      eps: number = 1e-5,
      momentum: number = 0.1,
      affine: boolean = false,
      trackRunningStats: boolean = false,
      { dtype = getDefaultDtype() }: { dtype?: Dtype } = {},
    ): Settings => ({ numFeatures, eps, momentum, affine, trackRunningStats, dtype }),
    DTYPE,
  );
}

const batchNorm1dCall = batchNormLayerCall("BatchNorm1d");
const batchNorm2dCall = batchNormLayerCall("BatchNorm2d");
const instanceNorm1dCall = instanceNormLayerCall("InstanceNorm1d");
const instanceNorm2dCall = instanceNormLayerCall("InstanceNorm2d");

/** Parameters, running statistics and printing of batch and instance norms. */
abstract class RunningNorm extends Module {
  /** [numFeatures], ones at the start; null without `affine`. */
  weight: Parameter | null;
  /** [numFeatures], zeros at the start; null without `affine`. */
  bias: Parameter | null;
  /** [numFeatures], zeros at the start; null where none is tracked. */
  readonly runningMean: Tensor | null;
  /** [numFeatures], ones at the start; null where none is tracked. */
  readonly runningVar: Tensor | null;
  /** Number of batches in training so far (int32); null where nothing is tracked. */
  readonly numBatchesTracked: Tensor | null;
  readonly numFeatures: number;
  readonly eps: number;
  readonly momentum: number | null;
  readonly affine: boolean;
  readonly trackRunningStats: boolean;
  private readonly shownAs: string;

  constructor(kind: string, { numFeatures, eps, momentum, affine, trackRunningStats, dtype }: Settings) {
    super();
    this.numFeatures = numFeatures;
    this.shownAs = `${kind}(${numFeatures})`;
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine;
    this.trackRunningStats = trackRunningStats;
    const filled = (value: number): Tensor => full([numFeatures], value, { dtype });
    this.weight = affine ? new Parameter(filled(1)) : null;
    this.bias = affine ? new Parameter(filled(0)) : null;
    this.runningMean = trackRunningStats ? this.registerBuffer("running_mean", filled(0)) : null;
    this.runningVar = trackRunningStats ? this.registerBuffer("running_var", filled(1)) : null;
    this.numBatchesTracked = trackRunningStats
      ? this.registerBuffer("num_batches_tracked", full([], 0, { dtype: "int32" }))
      : null;
    membersOf(this).look(); // a plain tensor over a parameter is refused from here on
  }

  /** Sets the running statistics back to mean 0 and variance 1, and the number of batches to 0. */
  resetRunningStats(): void {
    noGrad(() => {
      this.runningMean?.zero_();
      this.runningVar?.fill_(1);
      this.numBatchesTracked?.zero_();
    });
  }

  /** Sets weight, bias and running statistics back to their first values. */
  resetParameters(): void {
    this.resetRunningStats();
    noGrad(() => {
      this.weight?.fill_(1);
      this.bias?.zero_();
    });
  }

  /** Throws in the layer's name unless x has one of these layouts, with numFeatures for C: operations take more. */
  protected checkInput(x: Tensor, layouts: readonly (readonly string[])[]): void {
    if (!tensorKind.fits(x)) checkArguments(this.shownAs, { input: tensorKind }, [x]);
    const layout = layouts.find((names) => names.length === x.ndim);
    if (layout === undefined || x.shape[layout.indexOf("C")] !== this.numFeatures) {
      const text = layouts.map((names) => `[${names.join(", ").replace("C", `${this.numFeatures}`)}]`).join(" or ");
      throw new ShapeError(this.shownAs, `expected input ${text}, got ${formatShape(x.shape)}`);
    }
    checkLayerDtype(this.shownAs, x, this.weight ?? this.runningMean);
  }

  override extraRepr(): string {
    const { numFeatures, eps, momentum, affine, trackRunningStats } = this;
    const weight = momentum === null ? "None" : shortest(momentum);
    const flags = `affine=${bool(affine)}, track_running_stats=${bool(trackRunningStats)}`;
    return `${numFeatures}, eps=${shortest(eps)}, momentum=${weight}, ${flags}`;
  }
}

/** Batch norm of any layout. */
abstract class BatchNorm extends RunningNorm {
  private readonly layouts: readonly (readonly string[])[];

  constructor(kind: string, settings: Settings, layouts: readonly (readonly string[])[]) {
    super(kind, settings);
    this.layouts = layouts;
  }

  override forward(x: Tensor): Tensor {
    this.checkInput(x, this.layouts);
    const { weight, bias, eps, runningMean, runningVar, numBatchesTracked } = this;
    const tracking = this.training && numBatchesTracked !== null;
    const momentum = this.momentum ?? (tracking ? 1 / (numBatchesTracked.item() + 1) : 0);
    const training = this.training || runningMean === null;
    const out = batchNorm(x, runningMean, runningVar, weight, bias, training, momentum, eps);
    if (tracking) noGrad(() => numBatchesTracked.add_(1));
    return out;
  }
}

/**
 * Batch norm over [N, C] or [N, C, L], as torch.nn.BatchNorm1d. In training it normalises with the batch's own
 * statistics and moves `running_mean` and `running_var` towards them; in evaluation it uses the running ones.
 *
 * @param numFeatures C
 * @throws ValueError in training for a single value per channel
 * @see https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * const layer = new nn.BatchNorm1d(3);
 * layer.forward(rand([8, 3])).shape; // [8, 3]
 * Object.keys(layer.stateDict()); // weight, bias, running_mean, running_var, num_batches_tracked
 * ```
 */
export class BatchNorm1d extends BatchNorm {
  constructor(...args: ArgumentsOf<typeof batchNorm1dCall>) {
    super("BatchNorm1d", batchNorm1dCall(...args), [
      ["N", "C"],
      ["N", "C", "L"],
    ]);
  }
}

/**
 * Batch norm over [N, C, H, W], as torch.nn.BatchNorm2d; {@link BatchNorm1d} for images.
 *
 * @param numFeatures C
 * @throws ValueError in training for a single value per channel
 * @see https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.BatchNorm2d(6).forward(rand([4, 6, 14, 14])).shape; // [4, 6, 14, 14]
 * ```
 */
export class BatchNorm2d extends BatchNorm {
  constructor(...args: ArgumentsOf<typeof batchNorm2dCall>) {
    super("BatchNorm2d", batchNorm2dCall(...args), [["N", "C", "H", "W"]]);
  }
}

/** Instance norm in one and two dims; the batch may be missing. */
abstract class InstanceNorm extends RunningNorm {
  declare readonly momentum: number;
  private readonly places: readonly string[];

  constructor(kind: string, settings: Settings, places: readonly string[]) {
    super(kind, settings);
    this.places = places;
  }

  override forward(x: Tensor): Tensor {
    this.checkInput(x, [
      ["N", "C", ...this.places],
      ["C", ...this.places],
    ]);
    const { weight, bias, eps, momentum, runningMean, runningVar } = this;
    const useInputStats = this.training || runningMean === null;
    const normalized = (images: Tensor): Tensor =>
      instanceNorm(images, runningMean, runningVar, weight, bias, useInputStats, momentum, eps);
    return x.ndim === this.places.length + 2 ? normalized(x) : normalized(x.unsqueeze(0)).squeeze(0);
  }
}

/**
 * Normalises each channel of each sequence [N, C, L] or [C, L], as torch.nn.InstanceNorm1d. Without `trackRunningStats`
 * it does the same in training and in evaluation.
 *
 * @param numFeatures C
 * @throws ValueError for a single place per channel
 * @see https://pytorch.org/docs/stable/generated/torch.nn.InstanceNorm1d.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.InstanceNorm1d(3).forward(rand([8, 3, 10])).shape; // [8, 3, 10]
 * ```
 */
export class InstanceNorm1d extends InstanceNorm {
  constructor(...args: ArgumentsOf<typeof instanceNorm1dCall>) {
    super("InstanceNorm1d", instanceNorm1dCall(...args), ["L"]);
  }
}

/**
 * Normalises each channel of each image [N, C, H, W] or [C, H, W], as torch.nn.InstanceNorm2d; {@link InstanceNorm1d}
 * for images.
 *
 * @param numFeatures C
 * @throws ValueError for a single place per channel
 * @see https://pytorch.org/docs/stable/generated/torch.nn.InstanceNorm2d.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.InstanceNorm2d(6, { affine: true }).forward(rand([4, 6, 14, 14])).shape; // [4, 6, 14, 14]
 * ```
 */
export class InstanceNorm2d extends InstanceNorm {
  constructor(...args: ArgumentsOf<typeof instanceNorm2dCall>) {
    super("InstanceNorm2d", instanceNorm2dCall(...args), ["H", "W"]);
  }
}
