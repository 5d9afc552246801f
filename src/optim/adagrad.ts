import { type ArgumentsOf, boolean, define } from "../base/signature.js";
import type { RealKernels } from "../runtime/kernels.js";
import { type BufferSpec, type KernelCall, KernelOptimizer, kernelCall } from "./kernel-optimizer.js";
import { parameters, realNumber } from "./optim-kinds.js";
import type { Parameters } from "./optimizer.js";
import { checkOption } from "./optimizer-options.js";

/** Options of {@link Adagrad}. */
export type AdagradOptions = {
  /** Learning rate (0.01). */
  lr: number;
  /** Decay of the learning rate: lr / (1 + steps · lrDecay) (0). */
  lrDecay: number;
  /** L2 penalty (0). */
  weightDecay: number;
  /** Initial value of the sums of squares (0). */
  initialAccumulatorValue: number;
  /** Added to the denominator (1e-10). */
  eps: number;
  /** Maximizes instead of minimizing (false). */
  maximize: boolean;
};

const adagradCall = define(
  "Adagrad",
  {
    params: parameters<AdagradOptions>(),
    lr: realNumber,
    lrDecay: realNumber,
    weightDecay: realNumber,
    initialAccumulatorValue: realNumber,
    eps: realNumber,
  },
  (
    params: Parameters<AdagradOptions>,
    lr: number = 0.01,
    lrDecay: number = 0,
    weightDecay: number = 0,
    initialAccumulatorValue: number = 0,
    eps: number = 1e-10,
    { maximize = false }: { maximize?: boolean } = {},
  ) => ({ params, options: { lr, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize } }),
  { maximize: boolean },
);

/**
 * Adagrad, as torch.optim.Adagrad.
 *
 * @throws ValueError for a negative lr, lrDecay, weightDecay, initialAccumulatorValue or eps
 * @see https://pytorch.org/docs/stable/generated/torch.optim.Adagrad.html
 * @example
 * ```ts
 * import { nn, optim } from "simdgrad";
 * const optimizer = new optim.Adagrad(new nn.Linear(2, 1).parameters(), { lr: 0.1 });
 * ```
 */
export class Adagrad extends KernelOptimizer<AdagradOptions> {
  constructor(...args: ArgumentsOf<typeof adagradCall>) {
    const { params, options } = adagradCall(...args);
    super("Adagrad", params, options);
  }

  protected checkOptions({ lr, lrDecay, weightDecay, initialAccumulatorValue, eps }: AdagradOptions): void {
    for (const [name, value] of Object.entries({ lr, lrDecay, weightDecay, initialAccumulatorValue, eps })) {
      checkOption("Adagrad", name, value);
    }
  }

  protected stateBuffers({ initialAccumulatorValue }: AdagradOptions): BufferSpec[] {
    return [{ name: "sum", initial: initialAccumulatorValue }];
  }

  protected kernelCall(kernels: RealKernels, options: AdagradOptions, step: number): KernelCall {
    const { lr, lrDecay, weightDecay, eps, maximize } = options;
    const rate = lr / (1 + (step - 1) * lrDecay);
    return kernelCall(kernels.adagrad, rate, maximize ? -1 : 1, weightDecay, eps);
  }
}
