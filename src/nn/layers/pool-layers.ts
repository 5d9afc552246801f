import { type ArgumentsOf, boolean, define, orNull, type Spelled } from "../../base/signature.js";
import { avgPool1d, avgPool2d, type MaxPoolOptions, maxPool1d, maxPool2d, type Pooled } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { type Size, sizeKind } from "../../ops/layout/sizes.js";
import { divisorKind } from "../../ops/pool/pool.js";
import { windowSizes } from "../../ops/pool/window.js";
import { Module } from "../module/module.js";
import { bool, tuple } from "../module/repr.js";

/** A size as it was given, in PyTorch's form. */
const shown = (size: Size): string => (typeof size === "number" ? `${size}` : tuple(size));

const WINDOW = { kernelSize: sizeKind, stride: orNull(sizeKind), padding: sizeKind } as const;

/** The call of MaxPool1d or MaxPool2d. */
function maxPoolLayerCall(name: string, dims: number) {
  return define(
    name,
    { ...WINDOW, dilation: sizeKind, returnIndices: boolean, ceilMode: boolean },
    (
      kernelSize: Size,
      stride: Size | null = null,
      padding: Size = 0,
      dilation: Size = 1,
      returnIndices: boolean = false,
      ceilMode: boolean = false,
    ) => {
      windowSizes(name, dims, kernelSize, stride, { padding, dilation });
      return { kernelSize, stride: stride ?? kernelSize, padding, dilation, returnIndices, ceilMode };
    },
  );
}

const maxPool1dCall = maxPoolLayerCall("MaxPool1d", 1);
const maxPool2dCall = maxPoolLayerCall("MaxPool2d", 2);

/** What max pooling layers take. R says whether they return indices too. */
type MaxPoolArguments<R extends boolean> = Spelled<
  [kernelSize: Size, stride?: Size | null, padding?: Size, dilation?: Size, returnIndices?: R, ceilMode?: boolean],
  { kernelSize?: Size } & MaxPoolOptions<R>
>;

/** Max pooling in one and two dims. */
abstract class MaxPoolLayer<R extends boolean> extends Module {
  readonly kernelSize: Size;
  readonly stride: Size;
  readonly padding: Size;
  readonly dilation: Size;
  readonly returnIndices: boolean;
  readonly ceilMode: boolean;

  constructor(
    protected readonly dims: number,
    settings: ReturnType<typeof maxPool2dCall>,
  ) {
    super();
    this.kernelSize = settings.kernelSize;
    this.stride = settings.stride;
    this.padding = settings.padding;
    this.dilation = settings.dilation;
    this.returnIndices = settings.returnIndices;
    this.ceilMode = settings.ceilMode;
  }

  override forward(x: Tensor): Pooled<R> {
    const pool = this.dims === 1 ? maxPool1d : maxPool2d;
    const windows = [x, this.kernelSize, this.stride, this.padding, this.dilation, this.ceilMode] as const;
    return (this.returnIndices ? pool(...windows, true) : pool(...windows)) as Pooled<R>;
  }

  override extraRepr(): string {
    const sizes = `kernel_size=${shown(this.kernelSize)}, stride=${shown(this.stride)}, padding=${shown(this.padding)}`;
    return `${sizes}, dilation=${shown(this.dilation)}, ceil_mode=${bool(this.ceilMode)}`;
  }
}

/**
 * The largest element of each window on images, as torch.nn.MaxPool2d; see {@link maxPool2d} for sizes, ties and NaN.
 *
 * @param kernelSize of the window, one number or [height, width]
 * @param stride steps between windows, kernelSize when left out or null
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
  constructor(...args: MaxPoolArguments<R>) {
    super(2, maxPool2dCall(...args));
  }
}

/**
 * The largest element of each window on sequences [N, C, L] or [C, L], as torch.nn.MaxPool1d; see {@link MaxPool2d}.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html
 */
export class MaxPool1d<R extends boolean = false> extends MaxPoolLayer<R> {
  constructor(...args: MaxPoolArguments<R>) {
    super(1, maxPool1dCall(...args));
  }
}

/** The call of AvgPool1d. */
const avgPool1dCall = define(
  "AvgPool1d",
  { ...WINDOW, ceilMode: boolean, countIncludePad: boolean },
  (
    kernelSize: Size,
    stride: Size | null = null,
    padding: Size = 0,
    ceilMode: boolean = false,
    countIncludePad: boolean = true,
  ) => {
    windowSizes("AvgPool1d", 1, kernelSize, stride, { padding });
    return { kernelSize, stride: stride ?? kernelSize, padding, ceilMode, countIncludePad };
  },
);

/** The call of AvgPool2d. */
const avgPool2dCall = define(
  "AvgPool2d",
  { ...WINDOW, ceilMode: boolean, countIncludePad: boolean, divisorOverride: divisorKind },
  (
    kernelSize: Size,
    stride: Size | null = null,
    padding: Size = 0,
    ceilMode: boolean = false,
    countIncludePad: boolean = true,
    divisorOverride: number | null = null,
  ) => {
    windowSizes("AvgPool2d", 2, kernelSize, stride, { padding });
    return { kernelSize, stride: stride ?? kernelSize, padding, ceilMode, countIncludePad, divisorOverride };
  },
);

/** The windows of average pooling layers. */
abstract class AvgPoolLayer extends Module {
  readonly kernelSize: Size;
  readonly stride: Size;
  readonly padding: Size;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;

  constructor(settings: ReturnType<typeof avgPool1dCall>) {
    super();
    this.kernelSize = settings.kernelSize;
    this.stride = settings.stride;
    this.padding = settings.padding;
    this.ceilMode = settings.ceilMode;
    this.countIncludePad = settings.countIncludePad;
  }

  override extraRepr(): string {
    const texts = [this.kernelSize, this.stride, this.padding].map((size) => this.sizeText(size));
    return `kernel_size=${texts[0]}, stride=${texts[1]}, padding=${texts[2]}`;
  }

  /** A size as PyTorch's layer prints it. */
  protected abstract sizeText(size: Size): string;
}

/**
 * The mean of each window on images, as torch.nn.AvgPool2d; see {@link avgPool2d}.
 *
 * @param kernelSize of the window, one number or [height, width]
 * @param stride steps between windows, kernelSize when left out or null
 * @throws ValueError for invalid sizes; forward throws ShapeError for inputs that windows do not fit
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.AvgPool2d(3, { stride: 2, countIncludePad: false, padding: 1 }).forward(rand([4, 6, 28, 28])).shape; // [4, 6, 14, 14]
 * ```
 */
export class AvgPool2d extends AvgPoolLayer {
  readonly divisorOverride: number | null;

  constructor(...args: ArgumentsOf<typeof avgPool2dCall>) {
    const settings = avgPool2dCall(...args);
    super(settings);
    this.divisorOverride = settings.divisorOverride;
  }

  override forward(x: Tensor): Tensor {
    const { kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride } = this;
    return avgPool2d(x, kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride);
  }

  protected override sizeText(size: Size): string {
    return shown(size);
  }
}

/**
 * The mean of each window on sequences [N, C, L] or [C, L], as torch.nn.AvgPool1d; see {@link AvgPool2d}.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html
 */
export class AvgPool1d extends AvgPoolLayer {
  constructor(...args: ArgumentsOf<typeof avgPool1dCall>) {
    super(avgPool1dCall(...args));
  }

  override forward(x: Tensor): Tensor {
    return avgPool1d(x, this.kernelSize, this.stride, this.padding, this.ceilMode, this.countIncludePad);
  }

  protected override sizeText(size: Size): string {
    return shown(typeof size === "number" ? [size] : size);
  }
}
