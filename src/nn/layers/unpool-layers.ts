import { type MaxUnpoolOptions, maxUnpool1d, maxUnpool2d } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { type Size, sizesOf } from "../../ops/layout/sizes.js";
import { strideAndOptions } from "../../ops/pool/window.js";
import { Module } from "../module/module.js";
import { tuple } from "../module/repr.js";

/** Options of {@link MaxUnpool1d} and {@link MaxUnpool2d}. */
export type UnpoolLayerOptions = Omit<MaxUnpoolOptions, "outputSize">;

/** The windows of the pooling. */
abstract class MaxUnpoolLayer extends Module {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];

  constructor(
    protected readonly dims: number,
    kernelSize: Size,
    third: Size | null | UnpoolLayerOptions | undefined,
    fourth: UnpoolLayerOptions | undefined,
  ) {
    super();
    const name = this.constructor.name;
    const { stride, options } = strideAndOptions(name, third, fourth);
    this.kernelSize = sizesOf(name, "kernelSize", kernelSize, dims, 1);
    this.stride = sizesOf(name, "stride", stride ?? kernelSize, dims, 1);
    this.padding = sizesOf(name, "padding", options?.padding ?? 0, dims, 0);
  }

  /**
   * @param indices the pooling's indices
   * @param outputSize the size of the pooling's input, where several sizes give x
   */
  override forward(x: Tensor, indices: Tensor, outputSize: readonly number[] | null = null): Tensor {
    const { stride, padding } = this;
    const run = this.dims === 1 ? maxUnpool1d : maxUnpool2d;
    return run(x, indices, this.kernelSize, { stride, padding, outputSize });
  }

  override extraRepr(): string {
    return `kernel_size=${tuple(this.kernelSize)}, stride=${tuple(this.stride)}, padding=${tuple(this.padding)}`;
  }
}

/**
 * Puts the elements that {@link MaxPool2d} took back to their places among zeros, as torch.nn.MaxUnpool2d.
 *
 * @param kernelSize of the pooling, one number or [height, width]
 * @param stride of the pooling, kernelSize when left out or null; or all options
 * @see https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * const x = rand([4, 6, 28, 28]);
 * const [values, indices] = new nn.MaxPool2d(2, { returnIndices: true }).forward(x);
 * new nn.MaxUnpool2d(2).forward(values, indices).shape; // [4, 6, 28, 28]
 * ```
 */
export class MaxUnpool2d extends MaxUnpoolLayer {
  constructor(kernelSize: Size, stride?: Size | null | UnpoolLayerOptions, options?: UnpoolLayerOptions) {
    super(2, kernelSize, stride, options);
  }
}

/**
 * Puts the elements that {@link MaxPool1d} took back to their places, as torch.nn.MaxUnpool1d; see {@link MaxUnpool2d}.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool1d.html
 */
export class MaxUnpool1d extends MaxUnpoolLayer {
  constructor(kernelSize: Size, stride?: Size | null | UnpoolLayerOptions, options?: UnpoolLayerOptions) {
    super(1, kernelSize, stride, options);
  }
}
