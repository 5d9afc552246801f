import { launchUnits } from "../runtime/launch.js";
import { checkOption, Optimizer, type Parameters, type ParamGroup, withDefaults } from "./optimizer.js";
import { COST } from "./update.js";

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
  /** How much of the last step is repeated (0). */
  momentum: number;
  /** Divides by an estimate of the gradient's deviation instead of its size (false). */
  centered: boolean;
  /** Ascends instead of descending (false). */
  maximize: boolean;
};

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
export class RMSprop extends Optimizer<RMSpropOptions> {
  constructor(params: Parameters<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    const usual = { lr: 0.01, alpha: 0.99, eps: 1e-8, weightDecay: 0, momentum: 0, centered: false, maximize: false };
    super("RMSprop", params, withDefaults("RMSprop", usual, options));
  }

  protected checkOptions({ lr, alpha, eps, weightDecay, momentum }: RMSpropOptions): void {
    for (const [name, value] of Object.entries({ lr, alpha, eps, weightDecay, momentum })) {
      checkOption("RMSprop", name, value);
    }
  }

  protected updateGroup(group: ParamGroup<RMSpropOptions>): void {
    const { lr, alpha, eps, weightDecay, momentum, centered, maximize } = group;
    const sign = maximize ? -1 : 1;
    this.update(
      group,
      (param, state) => {
        state.step++;
        const square = this.buffer(param, state, "square_avg");
        const mean = centered ? this.buffer(param, state, "grad_avg") : null;
        const last = momentum > 0 ? this.buffer(param, state, "momentum_buffer") : null;
        return { buffers: [square, mean, last], step: 0 };
      },
      (kernels, table, units) => {
        launchUnits(kernels.rmsprop, units, COST, table, lr, sign, weightDecay, alpha, 1 - alpha, eps, momentum);
      },
    );
  }
}
