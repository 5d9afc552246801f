import { type ArgumentsOf, boolean, define } from "../../base/signature.js";
import { keep } from "../../memory.js";
import { Tensor } from "../../methods.js";
import { asContiguous } from "../../ops/layout/copy.js";
import { tensorKind } from "../../tensor/kinds.js";
import { stamp } from "./creation.js";

const parameterCall = define(
  "Parameter",
  { data: tensorKind, requiresGrad: boolean },
  (data: Tensor, requiresGrad: boolean = true) => ({ data, requiresGrad }),
);

/**
 * A tensor that a module trains: `parameters()` finds it when it is a property of a module, and no scope frees it. As
 * torch.nn.Parameter.
 * @param data the values; memory is shared with it
 * @param requiresGrad false freezes the parameter
 * @see https://pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html
 * @example
 * ```ts
 * import { nn, tensor, type Tensor } from "simdgrad";
 * class Scale extends nn.Module {
 *   factor = new nn.Parameter(tensor(1));
 *   forward(x: Tensor): Tensor {
 *     return x.mul(this.factor);
 *   }
 * }
 * new Scale().parameters().length; // 1
 * ```
 */
export class Parameter extends Tensor {
  constructor(...args: ArgumentsOf<typeof parameterCall>) {
    const { data, requiresGrad } = parameterCall(...args);
    const { storage, shape, dtype, strides, offset } = asContiguous(data); // optimizers walk parameters row-major
    if (storage.virtual) throw storage.valueless("Parameter"); // a parameter lives longer than the run on shapes alone
    super(storage, shape, dtype, strides, offset);
    keep(this);
    stamp(this);
    this.requiresGrad = requiresGrad;
  }

  /** As PyTorch prints it, with a line that says so. */
  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}
