import { type ArgumentsOf, boolean, define, type Spelled } from "../../base/signature.js";
import {
  type AdaptiveMaxPoolOptions,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  type Pooled,
} from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { type OutputSize, outputSizeKind } from "../../ops/pool/window.js";
import { Module } from "../module/module.js";
import { tuple } from "../module/repr.js";

/** The call of AdaptiveAvgPool1d or AdaptiveAvgPool2d. */
function meanCall(name: string) {
  return define(name, { outputSize: outputSizeKind }, (outputSize: OutputSize) => outputSize);
}

/** The call of AdaptiveMaxPool1d or AdaptiveMaxPool2d. */
function largestCall(name: string) {
  return define(
    name,
    { outputSize: outputSizeKind, returnIndices: boolean },
    (outputSize: OutputSize, returnIndices: boolean = false) => ({ outputSize, returnIndices }),
  );
}

const adaptiveAvgPool1dCall = meanCall("AdaptiveAvgPool1d");
const adaptiveAvgPool2dCall = meanCall("AdaptiveAvgPool2d");
const adaptiveMaxPool1dCall = largestCall("AdaptiveMaxPool1d");
const adaptiveMaxPool2dCall = largestCall("AdaptiveMaxPool2d");

/** What adaptive max pooling layers take. R says whether they return indices too. */
type AdaptiveMaxPoolArguments<R extends boolean> = Spelled<
  [outputSize: OutputSize, returnIndices?: R],
  { outputSize?: OutputSize } & AdaptiveMaxPoolOptions<R>
>;

/** The size of the results, printed as it was given. */
abstract class AdaptivePoolLayer extends Module {
  abstract readonly outputSize: OutputSize;

  override extraRepr(): string {
    return `output_size=${typeof this.outputSize === "number" ? this.outputSize : tuple(this.outputSize)}`;
  }
}

/**
 * Means over windows that divide images evenly, as torch.nn.AdaptiveAvgPool2d; see {@link adaptiveAvgPool2d}.
 *
 * @param outputSize of the result, one number or [height, width], where null keeps the input's
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.AdaptiveAvgPool2d(7).forward(rand([4, 16, 12, 9])).shape; // [4, 16, 7, 7]
 * new nn.AdaptiveAvgPool2d([1, null]).forward(rand([4, 16, 12, 9])).shape; // [4, 16, 1, 9]
 * ```
 */
export class AdaptiveAvgPool2d extends AdaptivePoolLayer {
  readonly outputSize: OutputSize;

  constructor(...args: ArgumentsOf<typeof adaptiveAvgPool2dCall>) {
    super();
    this.outputSize = adaptiveAvgPool2dCall(...args);
  }

  override forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize);
  }
}

/**
 * Means over windows that divide sequences evenly, as torch.nn.AdaptiveAvgPool1d; see {@link adaptiveAvgPool1d}.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool1d.html
 */
export class AdaptiveAvgPool1d extends AdaptivePoolLayer {
  readonly outputSize: OutputSize;

  constructor(...args: ArgumentsOf<typeof adaptiveAvgPool1dCall>) {
    super();
    this.outputSize = adaptiveAvgPool1dCall(...args);
  }

  override forward(x: Tensor): Tensor {
    return adaptiveAvgPool1d(x, this.outputSize);
  }
}

/**
 * The largest elements of windows that divide images evenly, as torch.nn.AdaptiveMaxPool2d.
 * See {@link adaptiveMaxPool2d}.
 *
 * @param outputSize of the result, one number or [height, width], where null keeps the input's
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.AdaptiveMaxPool2d([5, 7]).forward(rand([4, 16, 12, 9])).shape; // [4, 16, 5, 7]
 * ```
 */
export class AdaptiveMaxPool2d<R extends boolean = false> extends AdaptivePoolLayer {
  readonly outputSize: OutputSize;
  readonly returnIndices: boolean;

  constructor(...args: AdaptiveMaxPoolArguments<R>) {
    super();
    const { outputSize, returnIndices } = adaptiveMaxPool2dCall(...args);
    this.outputSize = outputSize;
    this.returnIndices = returnIndices;
  }

  override forward(x: Tensor): Pooled<R> {
    const { outputSize, returnIndices } = this;
    const pooled = returnIndices ? adaptiveMaxPool2d(x, outputSize, true) : adaptiveMaxPool2d(x, outputSize);
    return pooled as Pooled<R>;
  }
}

/**
 * The largest elements of windows that divide sequences evenly, as torch.nn.AdaptiveMaxPool1d.
 * See {@link adaptiveMaxPool1d}.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool1d.html
 */
export class AdaptiveMaxPool1d<R extends boolean = false> extends AdaptivePoolLayer {
  readonly outputSize: OutputSize;
  readonly returnIndices: boolean;

  constructor(...args: AdaptiveMaxPoolArguments<R>) {
    super();
    const { outputSize, returnIndices } = adaptiveMaxPool1dCall(...args);
    this.outputSize = outputSize;
    this.returnIndices = returnIndices;
  }

  override forward(x: Tensor): Pooled<R> {
    const { outputSize, returnIndices } = this;
    const pooled = returnIndices ? adaptiveMaxPool1d(x, outputSize, true) : adaptiveMaxPool1d(x, outputSize);
    return pooled as Pooled<R>;
  }
}
