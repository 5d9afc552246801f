import { type ArgumentsOf, define, orNull } from "../../base/signature.js";
import { maxUnpool1d, maxUnpool2d } from "../../functional.js";
import type { Tensor } from "../../methods.js";
import { type Size, sizeKind, sizesOf } from "../../ops/layout/sizes.js";
import { Module } from "../module/module.js";
import { tuple } from "../module/repr.js";

/** The call of MaxUnpool1d or MaxUnpool2d: the sizes in each dim. */
function maxUnpoolLayerCall(name: string, dims: number) {
  return define(
    name,
    { kernelSize: sizeKind, stride: orNull(sizeKind), padding: sizeKind },
    (kernelSize: Size, stride: Size | null = null, padding: Size = 0) => ({
      kernelSize: sizesOf(name, "kernelSize", kernelSize, dims, 1),
      stride: sizesOf(name, "stride", stride ?? kernelSize, dims, 1),
      padding: sizesOf(name, "padding", padding, dims, 0),
    }),
  );
}

const maxUnpool1dCall = maxUnpoolLayerCall("MaxUnpool1d", 1);
const maxUnpool2dCall = maxUnpoolLayerCall("MaxUnpool2d", 2);

/** The windows of the pooling. */
abstract class MaxUnpoolLayer extends Module {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];

  constructor(
    protected readonly dims: number,
    sizes: ReturnType<typeof maxUnpool2dCall>,
  ) {
    super();
    this.kernelSize = sizes.kernelSize;
    this.stride = sizes.stride;
    this.padding = sizes.padding;
  }

  /**
   * @param indices the pooling's indices
   * @param outputSize the size of the pooling's input, where several sizes give x
   */
  override forward(x: Tensor, indices: Tensor, outputSize: readonly number[] | null = null): Tensor {
    const run = this.dims === 1 ? maxUnpool1d : maxUnpool2d;
    return run(x, indices, this.kernelSize, this.stride, this.padding, outputSize);
  }

  override extraRepr(): string {
    return `kernel_size=${tuple(this.kernelSize)}, stride=${tuple(this.stride)}, padding=${tuple(this.padding)}`;
  }
}

/**
 * Puts the elements that {@link MaxPool2d} took back to their places among zeros, as torch.nn.MaxUnpool2d.
 *
 * @param kernelSize of the pooling, one number or [height, width]
 * @param stride of the pooling, kernelSize when left out or null
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
  constructor(...args: ArgumentsOf<typeof maxUnpool2dCall>) {
    super(2, maxUnpool2dCall(...args));
  }
}

/**
 * Puts the elements that {@link MaxPool1d} took back to their places, as torch.nn.MaxUnpool1d; see {@link MaxUnpool2d}.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool1d.html
 */
export class MaxUnpool1d extends MaxUnpoolLayer {
  constructor(...args: ArgumentsOf<typeof maxUnpool1dCall>) {
    super(1, maxUnpool1dCall(...args));
  }
}
