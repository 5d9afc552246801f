import { type ArgumentsOf, boolean, define } from "../base/signature.js";
import type { RealKernels } from "../runtime/kernels.js";
import { type BufferSpec, type KernelCall, KernelOptimizer, kernelCall } from "./kernel-optimizer.js";
import { parameters, realNumber } from "./optim-kinds.js";
import type { Parameters } from "./optimizer.js";
import { checkOption } from "./optimizer-options.js";
import type { ParamState } from "./optimizer-state.js";

/** Options of {@link RMSprop}. */
export type RMSpropOptions = {
  /** Learning rate (0.01). */
  lr: number;
  /** Decay of the running average of the squared gradient (0.99). */
  alpha: number;
  /** Added to the denominator (1e-8). */
  eps: number;
  /** L2 penalty (0). */
  weightDecay: number;
  /** Factor by which the average of past steps is kept (0). */
  momentum: number;
  /** Divides by an estimate of the gradient's standard deviation instead of its root mean square (false). */
  centered: boolean;
  /** Maximizes instead of minimizing (false). */
  maximize: boolean;
};

const rmspropCall = define(
  "RMSprop",
  {
    params: parameters<RMSpropOptions>(),
    lr: realNumber,
    alpha: realNumber,
    eps: realNumber,
    weightDecay: realNumber,
    momentum: realNumber,
    centered: boolean,
  },
  (
    params: Parameters<RMSpropOptions>,
    lr: number = 0.01,
    alpha: number = 0.99,
    eps: number = 1e-8,
    weightDecay: number = 0,
    momentum: number = 0,
    centered: boolean = false,
    { maximize = false }: { maximize?: boolean } = {},
  ) => ({ params, options: { lr, alpha, eps, weightDecay, momentum, centered, maximize } }),
  { maximize: boolean },
);

/**
 * RMSprop, as torch.optim.RMSprop.
 *
 * @throws ValueError for a negative lr, alpha, eps, weightDecay or momentum
 * @see https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html
 * @example
 * ```ts
 * import { nn, optim } from "simdgrad";
 * const optimizer = new optim.RMSprop(new nn.Linear(2, 1).parameters(), { lr: 0.01, centered: true });
 * ```
 */
export class RMSprop extends KernelOptimizer<RMSpropOptions> {
  constructor(...args: ArgumentsOf<typeof rmspropCall>) {
    const { params, options } = rmspropCall(...args);
    super("RMSprop", params, options);
  }

  protected checkOptions({ lr, alpha, eps, weightDecay, momentum }: RMSpropOptions): void {
    for (const [name, value] of Object.entries({ lr, alpha, eps, weightDecay, momentum })) {
      checkOption("RMSprop", name, value);
    }
  }

  protected stateBuffers({ centered, momentum }: RMSpropOptions): BufferSpec[] {
    return [
      { name: "square_avg" },
      { name: "grad_avg", isUsed: centered },
      { name: "momentum_buffer", isUsed: momentum > 0 },
    ];
  }

  /** The scalars are the same at every step. */
  protected override countStep(state: ParamState): number {
    state.step++;
    return 0;
  }

  protected kernelCall(kernels: RealKernels, options: RMSpropOptions): KernelCall {
    const { lr, alpha, eps, weightDecay, momentum, maximize } = options;
    return kernelCall(kernels.rmsprop, lr, maximize ? -1 : 1, weightDecay, alpha, 1 - alpha, eps, momentum);
  }
}
