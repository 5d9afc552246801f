import { type Dtype, getDefaultDtype } from "../../base/dtype.js";
import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { type ArgumentsOf, anyNumber, boolean, checkArguments, define, oneOf } from "../../base/signature.js";
import { conv1d, conv2d, convTranspose1d, convTranspose2d } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { checkGroups, type Padding, padded, paddingKind, paddingOf, twoDims } from "../../ops/conv/conv.js";
import type { Pair } from "../../ops/conv/convolution.js";
import { full } from "../../ops/layout/factories.js";
import { type Size, sizeKind, sizesOf } from "../../ops/layout/sizes.js";
import { dtypeKind, tensorKind } from "../../tensor/kinds.js";
import { calculateFanInAndFanOut, kaimingUniform_, uniform_ } from "../module/init.js";
import { checkLayerDtype } from "../module/layer-dtype.js";
import { Module, membersOf } from "../module/module.js";
import { Parameter } from "../module/parameter.js";
import { tuple } from "../module/repr.js";

/** What fills the padding: zeros, the mirror image, the nearest element, or the other end of the input. */
export type PaddingMode = "zeros" | "reflect" | "replicate" | "circular";

/** Options of all convolutions. */
type CommonOptions = {
  /** Steps of the window; 1 when left out. */
  stride?: Size;
  /** Steps between the elements under the window; 1 when left out. */
  dilation?: Size;
  /** Groups of channels that do not see each other; 1 when left out. */
  groups?: number;
  /** Whether to add a trained bias; true when left out. */
  bias?: boolean;
  /** Type of the parameters; the default dtype (float32) when left out. */
  dtype?: Dtype;
};

/** Options of {@link Conv1d} and {@link Conv2d}. */
export type ConvLayerOptions = CommonOptions & {
  /** Padding on both sides, "same" or "valid"; 0 when left out. */
  padding?: Padding;
  /** "zeros" when left out. */
  paddingMode?: PaddingMode;
};

/** Options of {@link ConvTranspose1d} and {@link ConvTranspose2d}. */
export type ConvTransposeLayerOptions = CommonOptions & {
  /** Elements cut off on both sides of the result; 0 when left out. */
  padding?: Size;
  /** Elements added to the size of the result, at its end; 0 when left out. */
  outputPadding?: Size;
};

const CHANNELS = { inChannels: anyNumber, outChannels: anyNumber, kernelSize: sizeKind, stride: sizeKind } as const;
const DTYPE = { dtype: dtypeKind } as const;

/** The call of Conv1d or Conv2d. */
function convLayerCall(name: string) {
  return define(
    name,
    {
      ...CHANNELS,
      padding: paddingKind,
      dilation: sizeKind,
      groups: anyNumber,
      bias: boolean,
      paddingMode: oneOf("zeros", "reflect", "replicate", "circular"),
    },
    (
      inChannels: number,
      outChannels: number,
      kernelSize: Size,
      stride: Size = 1,
      padding: Padding = 0,
      dilation: Size = 1,
      groups: number = 1,
      bias: boolean = true,
      paddingMode: PaddingMode = "zeros",
      { dtype = getDefaultDtype() }: { dtype?: Dtype } = {},
    ) => {
      const options = { stride, padding, dilation, groups, bias, paddingMode, dtype };
      return [inChannels, outChannels, kernelSize, options] as const;
    },
    DTYPE,
  );
}

/** The call of ConvTranspose1d or ConvTranspose2d. */
function convTransposeLayerCall(name: string) {
  return define(
    name,
    {
      ...CHANNELS,
      padding: sizeKind,
      outputPadding: sizeKind,
      groups: anyNumber,
      bias: boolean,
      dilation: sizeKind,
    },
    (
      inChannels: number,
      outChannels: number,
      kernelSize: Size,
      stride: Size = 1,
      padding: Size = 0,
      outputPadding: Size = 0,
      groups: number = 1,
      bias: boolean = true,
      dilation: Size = 1,
      { dtype = getDefaultDtype() }: { dtype?: Dtype } = {},
    ) => {
      const options = { stride, padding, outputPadding, groups, bias, dilation, dtype };
      return [inChannels, outChannels, kernelSize, options] as const;
    },
    DTYPE,
  );
}

const conv1dCall = convLayerCall("Conv1d");
const conv2dCall = convLayerCall("Conv2d");
const convTranspose1dCall = convTransposeLayerCall("ConvTranspose1d");
const convTranspose2dCall = convTransposeLayerCall("ConvTranspose2d");

/** Parameters, options, errors and printing of all convolutions. */
abstract class Convolution extends Module {
  /** [outChannels, inChannels / groups, …kernelSize]; with the first two exchanged when transposed. */
  weight: Parameter;
  /** [outChannels], or null without a bias. */
  bias: Parameter | null;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
  private readonly shownAs: string;

  constructor(
    dims: 1 | 2,
    transposed: boolean,
    readonly inChannels: number,
    readonly outChannels: number,
    kernelSize: Size,
    { stride, dilation, groups, bias, dtype }: Required<CommonOptions>,
  ) {
    super();
    const kind = `${transposed ? "ConvTranspose" : "Conv"}${dims}d`;
    this.shownAs = `${kind}(${inChannels}, ${outChannels})`;
    for (const channels of [inChannels, outChannels]) {
      if (!Number.isInteger(channels) || channels < 1) {
        throw new ValueError(kind, `expected numbers of channels, at least 1, got ${channels}`);
      }
      checkGroups(this.shownAs, groups, channels, channels === inChannels ? "inChannels" : "outChannels");
    }
    this.kernelSize = sizesOf(this.shownAs, "kernelSize", kernelSize, dims, 1);
    this.stride = sizesOf(this.shownAs, "stride", stride, dims, 1);
    this.dilation = sizesOf(this.shownAs, "dilation", dilation, dims, 1);
    this.groups = groups;
    const channels = transposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups];
    this.weight = new Parameter(full([...channels, ...this.kernelSize], 0, { dtype }));
    this.bias = bias ? new Parameter(full([outChannels], 0, { dtype })) : null;
    membersOf(this).look(); // a plain tensor over a parameter is refused from here on
    this.resetParameters();
  }

  /** Draws the parameters anew from the default generator: uniform in ±1/√(fan in), in PyTorch's order. */
  resetParameters(): void {
    kaimingUniform_(this.weight, { a: Math.sqrt(5) });
    const bound = 1 / Math.sqrt(calculateFanInAndFanOut(this.weight)[0]);
    if (this.bias !== null) uniform_(this.bias, -bound, bound);
  }

  override forward(x: Tensor): Tensor {
    try {
      return this.convolved(x);
    } catch (error) {
      this.explain(x);
      throw error;
    }
  }

  /** The layer's operation, which checks x. */
  protected abstract convolved(x: Tensor): Tensor;

  /** Throws the error of this layer for an x that its operation refuses. */
  private explain(x: Tensor): void {
    if (!tensorKind.fits(x)) checkArguments(this.shownAs, { input: tensorKind }, [x]);
    const dims = this.kernelSize.length;
    if ((x.ndim !== dims + 1 && x.ndim !== dims + 2) || x.shape[x.ndim - dims - 1] !== this.inChannels) {
      const [c, names] = [this.inChannels, dims === 1 ? "L" : "H, W"];
      throw new ShapeError(
        this.shownAs,
        `expected input [N, ${c}, ${names}] or [${c}, ${names}], got ${formatShape(x.shape)}`,
      );
    }
    checkLayerDtype(this.shownAs, x, this.weight);
  }

  /** The text that PyTorch prints between the parentheses. */
  protected describe(padding: string, outputPadding: readonly number[] = [], mode: PaddingMode = "zeros"): string {
    const one = (sizes: readonly number[]): boolean => sizes.every((size) => size === 1);
    const parts = [
      `${this.inChannels}, ${this.outChannels}, kernel_size=${tuple(this.kernelSize)}, stride=${tuple(this.stride)}`,
    ];
    if (padding !== "") parts.push(`padding=${padding}`);
    if (!one(this.dilation)) parts.push(`dilation=${tuple(this.dilation)}`);
    if (outputPadding.some((size) => size !== 0)) parts.push(`output_padding=${tuple(outputPadding)}`);
    if (this.groups !== 1) parts.push(`groups=${this.groups}`);
    if (this.bias === null) parts.push("bias=False");
    if (mode !== "zeros") parts.push(`padding_mode=${mode}`);
    return parts.join(", ");
  }
}

/** Padding as PyTorch prints it, empty when there is none. */
function printed(padding: "same" | "valid" | readonly number[]): string {
  if (typeof padding === "string") return padding;
  return padding.some((size) => size !== 0) ? tuple(padding) : "";
}

/** Convolutions in one and two dims. */
abstract class ForwardConvolution extends Convolution {
  readonly padding: "same" | "valid" | readonly number[];
  readonly paddingMode: PaddingMode;
  /** Elements before and after each of height and width. */
  private readonly borders: [number, number][];

  constructor(
    dims: 1 | 2,
    [inChannels, outChannels, kernelSize, options]: readonly [number, number, Size, Required<ConvLayerOptions>],
  ) {
    const name = `Conv${dims}d(${inChannels}, ${outChannels})`;
    const padding =
      typeof options.padding === "string" ? options.padding : sizesOf(name, "padding", options.padding, dims, 0);
    const plane = (field: "stride" | "dilation"): Pair => twoDims(sizesOf(name, field, options[field], dims, 1), 1);
    const walk = { stride: plane("stride"), dilation: plane("dilation"), groups: options.groups };
    const kernel = twoDims(sizesOf(name, "kernelSize", kernelSize, dims, 1), 1);
    const borders = paddingOf(name, padding, kernel, walk, dims);
    super(dims, false, inChannels, outChannels, kernelSize, options);
    this.paddingMode = options.paddingMode;
    this.padding = padding;
    this.borders = borders;
  }

  protected override convolved(x: Tensor): Tensor {
    const { stride, dilation, groups } = this;
    const dims = this.kernelSize.length;
    const run = dims === 1 ? conv1d : conv2d;
    if (this.paddingMode === "zeros") {
      return run(x, this.weight, this.bias, stride, this.padding, dilation, groups);
    }
    const wide = padded(x, dims, this.borders, this.paddingMode);
    return run(wide, this.weight, this.bias, stride, 0, dilation, groups);
  }

  override extraRepr(): string {
    return this.describe(printed(this.padding), [], this.paddingMode);
  }
}

/** Transposed convolutions in one and two dims. */
abstract class TransposedConvolution extends Convolution {
  readonly padding: readonly number[];
  readonly outputPadding: readonly number[];

  constructor(
    dims: 1 | 2,
    [inChannels, outChannels, kernelSize, options]: readonly [
      number,
      number,
      Size,
      Required<ConvTransposeLayerOptions>,
    ],
  ) {
    const name = `ConvTranspose${dims}d(${inChannels}, ${outChannels})`;
    const padding = sizesOf(name, "padding", options.padding, dims, 0);
    const outputPadding = sizesOf(name, "outputPadding", options.outputPadding, dims, 0);
    super(dims, true, inChannels, outChannels, kernelSize, options);
    this.padding = padding;
    this.outputPadding = outputPadding;
  }

  protected override convolved(x: Tensor): Tensor {
    const { stride, padding, outputPadding, groups, dilation } = this;
    const run = this.kernelSize.length === 1 ? convTranspose1d : convTranspose2d;
    return run(x, this.weight, this.bias, stride, padding, outputPadding, groups, dilation);
  }

  override extraRepr(): string {
    return this.describe(printed(this.padding), this.outputPadding);
  }
}

/**
 * Slides trained windows over images, as torch.nn.Conv2d. Weights and bias start uniform in ±1/√(inChannels / groups ·
 * kH · kW), drawn as PyTorch draws them.
 *
 * @param inChannels C of the input [N, C, H, W]
 * @param outChannels C of the output
 * @param kernelSize of the window, one number or [height, width]
 * @throws ValueError for invalid options; forward throws ShapeError and DtypeError for other inputs
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.Conv2d(3, 6, 5).forward(rand([4, 3, 32, 32])).shape; // [4, 6, 28, 28]
 * new nn.Conv2d(3, 6, [3, 5], { stride: 2, padding: [1, 2], paddingMode: "reflect" });
 * ```
 */
export class Conv2d extends ForwardConvolution {
  constructor(...args: ArgumentsOf<typeof conv2dCall>) {
    super(2, conv2dCall(...args));
  }
}

/**
 * Slides trained windows along sequences, as torch.nn.Conv1d; see {@link Conv2d}.
 *
 * @param inChannels C of the input [N, C, L]
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Conv1d.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.Conv1d(4, 8, 3, { padding: "same" }).forward(rand([2, 4, 10])).shape; // [2, 8, 10]
 * ```
 */
export class Conv1d extends ForwardConvolution {
  constructor(...args: ArgumentsOf<typeof conv1dCall>) {
    super(1, conv1dCall(...args));
  }
}

/**
 * Spreads the elements of images over trained windows, as torch.nn.ConvTranspose2d.
 *
 * @param inChannels C of the input [N, C, H, W]
 * @param outChannels C of the output
 * @param kernelSize of the window, one number or [height, width]
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * const up = new nn.ConvTranspose2d(8, 4, 3, { stride: 2, padding: 1, outputPadding: 1 });
 * up.forward(rand([2, 8, 7, 7])).shape; // [2, 4, 14, 14]
 * ```
 */
export class ConvTranspose2d extends TransposedConvolution {
  constructor(...args: ArgumentsOf<typeof convTranspose2dCall>) {
    super(2, convTranspose2dCall(...args));
  }
}

/**
 * Spreads the elements of sequences over trained windows, as torch.nn.ConvTranspose1d; see {@link ConvTranspose2d}.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose1d.html
 */
export class ConvTranspose1d extends TransposedConvolution {
  constructor(...args: ArgumentsOf<typeof convTranspose1dCall>) {
    super(1, convTranspose1dCall(...args));
  }
}
