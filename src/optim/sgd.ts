import { ValueError } from "../base/errors.js";
import { launchUnits } from "../runtime/launch.js";
import { checkOption, Optimizer, type Parameters, type ParamGroup, withDefaults } from "./optimizer.js";
import { COST } from "./update.js";

/** Options of {@link SGD}. */
export type SGDOptions = {
  /** Learning rate. Required. */
  lr: number;
  /** How much of the last step is repeated (0). */
  momentum: number;
  /** How much of the gradient is held back from the momentum (0). */
  dampening: number;
  /** L2 penalty (0). */
  weightDecay: number;
  /** Nesterov's momentum (false). */
  nesterov: boolean;
  /** Ascends instead of descending (false). */
  maximize: boolean;
};

/**
 * Stochastic gradient descent, as torch.optim.SGD.
 *
 * @throws ValueError for a negative lr, momentum or weightDecay, or nesterov without momentum or with dampening
 * @see https://pytorch.org/docs/stable/generated/torch.optim.SGD.html
 * @example
 * ```ts
 * import { nn, optim } from "simdgrad";
 * const model = new nn.Linear(2, 1);
 * const optimizer = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
 * ```
 */
export class SGD extends Optimizer<SGDOptions> {
  constructor(params: Parameters<SGDOptions>, options: Partial<SGDOptions> & { lr: number }) {
    const none = { momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false };
    super("SGD", params, withDefaults("SGD", none, options));
  }

  protected checkOptions({ lr, momentum, dampening, weightDecay, nesterov }: SGDOptions): void {
    checkOption("SGD", "lr", lr);
    checkOption("SGD", "momentum", momentum);
    checkOption("SGD", "weightDecay", weightDecay);
    if (nesterov && (momentum <= 0 || dampening !== 0)) {
      throw new ValueError(
        "SGD",
        `expected momentum > 0 and dampening 0 with nesterov, got momentum ${momentum} and dampening ${dampening}`,
      );
    }
  }

  protected updateGroup(group: ParamGroup<SGDOptions>): void {
    const { lr, momentum, dampening, weightDecay, nesterov, maximize } = group;
    const sign = maximize ? -1 : 1;
    this.update(
      group,
      (param, state) => {
        if (momentum === 0) return { buffers: [], step: 1 };
        const first = !state.buffers.has("momentum_buffer");
        return { buffers: [this.buffer(param, state, "momentum_buffer")], step: first ? 0 : 1 };
      },
      (kernels, table, units, step) => {
        const first = Number(step === 0);
        const blends = [weightDecay, momentum, 1 - dampening, Number(nesterov), first] as const;
        launchUnits(kernels.sgd, units, COST, table, lr, sign, ...blends);
      },
    );
  }
}
