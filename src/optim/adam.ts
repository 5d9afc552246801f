import { type ArgumentsOf, boolean, define } from "../base/signature.js";
import type { RealKernels } from "../runtime/kernels.js";
import { type BufferSpec, type KernelCall, KernelOptimizer, kernelCall } from "./kernel-optimizer.js";
import { numberPair, parameters, realNumber } from "./optim-kinds.js";
import type { Parameters } from "./optimizer.js";
import { checkOption } from "./optimizer-options.js";
import type { PlainValue } from "./optimizer-state.js";
import { power } from "./power.js";

/** Options of {@link Adam} and {@link AdamW}. */
export type AdamOptions = {
  /** Learning rate (0.001). */
  lr: number;
  /** Decay of the running averages of the gradient and of its square ([0.9, 0.999]). */
  betas: readonly [number, number];
  /** Added to the denominator (1e-8). */
  eps: number;
  /** L2 penalty (Adam: 0); decay of the weights themselves (AdamW: 0.01). */
  weightDecay: number;
  /** Divides by the largest average of the square so far instead of the current one (false). */
  amsgrad: boolean;
  /** Maximizes instead of minimizing (false). */
  maximize: boolean;
};

/** The call of Adam or AdamW, which differ in their default of `weightDecay`. */
function adamCallOf(name: string, decay: number) {
  return define(
    name,
    {
      params: parameters<AdamOptions>(),
      lr: realNumber,
      betas: numberPair,
      eps: realNumber,
      weightDecay: realNumber,
      amsgrad: boolean,
    },
    (
      params: Parameters<AdamOptions>,
      lr: number = 1e-3,
      betas: readonly [number, number] = [0.9, 0.999],
      eps: number = 1e-8,
      weightDecay: number = decay,
      amsgrad: boolean = false,
      { maximize = false }: { maximize?: boolean } = {},
    ) => ({ params, options: { lr, betas, eps, weightDecay, amsgrad, maximize } }),
    { maximize: boolean },
  );
}
const adamCall = adamCallOf("Adam", 0);
const adamWCall = adamCallOf("AdamW", 0.01);

abstract class AdamBase extends KernelOptimizer<AdamOptions> {
  /** Whether weight decay shrinks the weights themselves; else it adds to the gradient. */
  protected abstract readonly decoupled: boolean;

  protected checkOptions({ lr, betas, eps, weightDecay }: AdamOptions): void {
    checkOption(this.name, "lr", lr);
    checkOption(this.name, "eps", eps);
    checkOption(this.name, "betas[0]", betas[0], 0, 1);
    checkOption(this.name, "betas[1]", betas[1], 0, 1);
    checkOption(this.name, "weightDecay", weightDecay);
  }

  protected stateBuffers({ amsgrad }: AdamOptions): BufferSpec[] {
    return [{ name: "exp_avg" }, { name: "exp_avg_sq" }, { name: "max_exp_avg_sq", isUsed: amsgrad }];
  }

  /** Later versions of PyTorch write which of the two it is. */
  protected override fixedOptions(): Record<string, PlainValue> {
    return { decoupled_weight_decay: this.decoupled };
  }

  protected kernelCall(kernels: RealKernels, options: AdamOptions, step: number): KernelCall {
    const { lr, eps, weightDecay, maximize } = options;
    const [beta1, beta2] = options.betas;
    const [rest1, rest2] = [1 - beta1, 1 - beta2];
    const decay = this.decoupled ? 0 : weightDecay;
    const shrink = this.decoupled ? 1 - lr * weightDecay : 1;
    const root = Math.sqrt(1 - power(beta2, step));
    const rate = lr / (1 - power(beta1, step));
    const sign = maximize ? -1 : 1;
    return kernelCall(kernels.adam, sign, decay, shrink, beta1, rest1, beta2, rest2, root, eps, rate);
  }
}

/**
 * Adam, as torch.optim.Adam.
 *
 * @throws ValueError for a negative lr, eps or weightDecay, or betas outside [0, 1)
 * @see https://pytorch.org/docs/stable/generated/torch.optim.Adam.html
 * @example
 * ```ts
 * import { nn, optim } from "simdgrad";
 * const optimizer = new optim.Adam(new nn.Linear(2, 1).parameters(), { lr: 0.01 });
 * ```
 */
export class Adam extends AdamBase {
  protected readonly decoupled = false;

  constructor(...args: ArgumentsOf<typeof adamCall>) {
    const { params, options } = adamCall(...args);
    super("Adam", params, options);
  }
}

/**
 * Adam with decoupled weight decay, as torch.optim.AdamW.
 *
 * @throws ValueError for a negative lr, eps or weightDecay, or betas outside [0, 1)
 * @see https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html
 * @example
 * ```ts
 * import { nn, optim } from "simdgrad";
 * const optimizer = new optim.AdamW(new nn.Linear(2, 1).parameters(), { weightDecay: 0.05 });
 * ```
 */
export class AdamW extends AdamBase {
  protected readonly decoupled = true;

  constructor(...args: ArgumentsOf<typeof adamWCall>) {
    const { params, options } = adamWCall(...args);
    super("AdamW", params, options);
  }
}
