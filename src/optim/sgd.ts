import { ValueError } from "../base/errors.js";
import { type ArgumentsOf, anyNumber, boolean, define } from "../base/signature.js";
import type { RealKernels } from "../runtime/kernels.js";
import { type BufferSpec, type KernelCall, KernelOptimizer, kernelCall } from "./kernel-optimizer.js";
import { parameters } from "./optim-kinds.js";
import type { Parameters } from "./optimizer.js";
import { checkOption } from "./optimizer-options.js";
import type { ParamState } from "./optimizer-state.js";

/** Options of {@link SGD}. */
export type SGDOptions = {
  /** Learning rate. Required. */
  lr: number;
  /** Factor by which the average of past gradients is kept (0). */
  momentum: number;
  /** A new gradient enters that average times 1 − dampening (0). */
  dampening: number;
  /** L2 penalty (0). */
  weightDecay: number;
  /** Nesterov momentum (false). */
  nesterov: boolean;
  /** Maximizes instead of minimizing (false). */
  maximize: boolean;
};

/** The rate of the first group, where each group has its own. */
function rateOfGroups(list: readonly object[]): number {
  const rates = list.map((item) => ("params" in item && "lr" in item ? item.lr : undefined));
  const [first] = rates;
  if (typeof first === "number" && rates.every((rate) => typeof rate === "number")) return first;
  throw new ValueError(
    "SGD",
    "expected a lr, or groups that each have their own, got none",
    "Write new SGD(params, 0.1)",
  );
}

const sgdCall = define(
  "SGD",
  {
    params: parameters<SGDOptions>(),
    lr: anyNumber,
    momentum: anyNumber,
    dampening: anyNumber,
    weightDecay: anyNumber,
    nesterov: boolean,
  },
  (
    params: Parameters<SGDOptions>,
    lr: number | undefined = undefined,
    momentum: number = 0,
    dampening: number = 0,
    weightDecay: number = 0,
    nesterov: boolean = false,
    { maximize = false }: { maximize?: boolean } = {},
  ) => {
    const list = [...params];
    const options = { lr: lr ?? rateOfGroups(list), momentum, dampening, weightDecay, nesterov, maximize };
    return { params: list as Parameters<SGDOptions>, options };
  },
  { maximize: boolean },
);

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
export class SGD extends KernelOptimizer<SGDOptions> {
  constructor(...args: ArgumentsOf<typeof sgdCall>) {
    const { params, options } = sgdCall(...args);
    super("SGD", params, options);
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

  protected stateBuffers({ momentum }: SGDOptions): BufferSpec[] {
    return momentum === 0 ? [] : [{ name: "momentum_buffer" }];
  }

  /** As PyTorch's SGD, it stores no step number; the step that makes the buffer is 0 and all others are 1. */
  protected override countStep({ buffers }: ParamState): number {
    return buffers.has("momentum_buffer") ? 1 : 0;
  }

  protected kernelCall(kernels: RealKernels, options: SGDOptions, step: number): KernelCall {
    const { lr, momentum, dampening, weightDecay, nesterov, maximize } = options;
    const [sign, first] = [maximize ? -1 : 1, Number(step === 0)];
    return kernelCall(kernels.sgd, lr, sign, weightDecay, momentum, 1 - dampening, Number(nesterov), first);
  }
}
