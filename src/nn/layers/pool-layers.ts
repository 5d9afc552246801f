import {
  type AvgPool1dOptions,
  type AvgPool2dOptions,
  avgPool1d,
  avgPool2d,
  type MaxPoolOptions,
  maxPool1d,
  maxPool2d,
  type Pooled,
} from "../../functional.js";
import type { Tensor } from "../../methods.js";
import type { Size } from "../../ops/layout/sizes.js";
import { strideAndOptions, type WindowOptions, windowSizes } from "../../ops/pool/window.js";
import { Module } from "../module/module.js";
import { tuple } from "../module/repr.js";

/** A size as it was given, in PyTorch's form. */
const shown = (size: Size): string => (typeof size === "number" ? `${size}` : tuple(size));

/** The windows and other options of pooling layers. */
abstract class PoolLayer<O extends WindowOptions> extends Module {
  readonly stride: Size;
  readonly padding: Size;
  readonly options: O;

  constructor(
    protected readonly dims: number,
    readonly kernelSize: Size,
    third: Size | null | O | undefined,
    fourth: O | undefined,
    none: O,
  ) {
    super();
    const { stride, options = none } = strideAndOptions(this.constructor.name, third, fourth);
    windowSizes(this.constructor.name, dims, kernelSize, stride, options);
    this.stride = stride ?? kernelSize;
    this.padding = options.padding ?? 0;
    this.options = { ...options, stride: this.stride };
  }
}

/** Max pooling in one and two dims. */
abstract class MaxPoolLayer<R extends boolean> extends PoolLayer<MaxPoolOptions<R>> {
  override forward(x: Tensor): Pooled<R> {
    return (this.dims === 1 ? maxPool1d : maxPool2d)<R>(x, this.kernelSize, this.options);
  }

  override extraRepr(): string {
    const { dilation = 1, ceilMode = false } = this.options;
    const sizes = `kernel_size=${shown(this.kernelSize)}, stride=${shown(this.stride)}, padding=${shown(this.padding)}`;
    return `${sizes}, dilation=${shown(dilation)}, ceil_mode=${ceilMode ? "True" : "False"}`;
  }
}

/**
 * The largest element of each window on images, as torch.nn.MaxPool2d; see {@link maxPool2d} for sizes, ties and NaN.
 *
 * @param kernelSize of the window, one number or [height, width]
 * @param stride steps between windows, kernelSize when left out or null; or all options
 * @throws ValueError for invalid sizes; forward throws ShapeError for inputs that windows do not fit
 * @see https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.MaxPool2d(2, 2).forward(rand([4, 6, 28, 28])).shape; // [4, 6, 14, 14]
 * new nn.MaxPool2d(3, { stride: 2, padding: 1 }).forward(rand([4, 6, 28, 28])).shape; // [4, 6, 14, 14]
 * const [values, indices] = new nn.MaxPool2d(2, { returnIndices: true }).forward(rand([4, 6, 28, 28]));
 * ```
 */
export class MaxPool2d<R extends boolean = false> extends MaxPoolLayer<R> {
  constructor(kernelSize: Size, stride?: Size | null | MaxPoolOptions<R>, options?: MaxPoolOptions<R>) {
    super(2, kernelSize, stride, options, {});
  }
}

/**
 * The largest element of each window on sequences [N, C, L] or [C, L], as torch.nn.MaxPool1d; see {@link MaxPool2d}.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html
 */
export class MaxPool1d<R extends boolean = false> extends MaxPoolLayer<R> {
  constructor(kernelSize: Size, stride?: Size | null | MaxPoolOptions<R>, options?: MaxPoolOptions<R>) {
    super(1, kernelSize, stride, options, {});
  }
}

/** The text of average pooling layers. */
const sizes = (kernel: string, stride: string, padding: string): string =>
  `kernel_size=${kernel}, stride=${stride}, padding=${padding}`;

/**
 * The mean of each window on images, as torch.nn.AvgPool2d; see {@link avgPool2d}.
 *
 * @param kernelSize of the window, one number or [height, width]
 * @param stride steps between windows, kernelSize when left out or null; or all options
 * @throws ValueError for invalid sizes; forward throws ShapeError for inputs that windows do not fit
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.AvgPool2d(3, { stride: 2, countIncludePad: false, padding: 1 }).forward(rand([4, 6, 28, 28])).shape; // [4, 6, 14, 14]
 * ```
 */
export class AvgPool2d extends PoolLayer<AvgPool2dOptions> {
  constructor(kernelSize: Size, stride?: Size | null | AvgPool2dOptions, options?: AvgPool2dOptions) {
    super(2, kernelSize, stride, options, {});
  }

  override forward(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this.options);
  }

  override extraRepr(): string {
    return sizes(shown(this.kernelSize), shown(this.stride), shown(this.padding));
  }
}

/**
 * The mean of each window on sequences [N, C, L] or [C, L], as torch.nn.AvgPool1d; see {@link AvgPool2d}.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html
 */
export class AvgPool1d extends PoolLayer<AvgPool1dOptions> {
  constructor(kernelSize: Size, stride?: Size | null | AvgPool1dOptions, options?: AvgPool1dOptions) {
    super(1, kernelSize, stride, options, {});
  }

  override forward(x: Tensor): Tensor {
    return avgPool1d(x, this.kernelSize, this.options);
  }

  override extraRepr(): string {
    const single = (size: Size): string => shown(typeof size === "number" ? [size] : size);
    return sizes(single(this.kernelSize), single(this.stride), single(this.padding));
  }
}
