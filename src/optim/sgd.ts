import { ValueError } from "../base/errors.js";
import { type ArgumentsOf, boolean, define, type Spelled } from "../base/signature.js";
import type { RealKernels } from "../runtime/kernels.js";
import { type BufferSpec, type KernelCall, KernelOptimizer, kernelCall } from "./kernel-optimizer.js";
import { parameters, realNumber } from "./optim-kinds.js";
import type { Parameters, ParamGroupOptions } from "./optimizer.js";
import { checkOption } from "./optimizer-options.js";
import type { ParamState, StateNames } from "./optimizer-state.js";

/** Options of {@link SGD}. */
export type SGDOptions = {
  /** Learning rate. Required, unless each group has its own. */
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

const sgdCall = define(
  "SGD",
  {
    params: parameters<SGDOptions>(),
    lr: realNumber,
    momentum: realNumber,
    dampening: realNumber,
    weightDecay: realNumber,
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
  ) => ({ params, options: { lr, momentum, dampening, weightDecay, nesterov, maximize } }),
  { maximize: boolean },
);

type Lr = { lr: number };

/** What SGD takes by position. */
type Positions = [
  params: Parameters<SGDOptions>,
  lr: number,
  momentum?: number,
  dampening?: number,
  weightDecay?: number,
  nesterov?: boolean,
];

/** What SGD takes: a learning rate, unless each group has its own. */
type SGDArguments =
  | Exclude<Spelled<Positions, Partial<SGDOptions>>, readonly [unknown] | readonly [unknown, object]>
  | [...Required<Positions>, keywords: { maximize?: boolean }]
  | [params: Parameters<SGDOptions>, keywords: Partial<SGDOptions> & Lr]
  | [keywords: { params: Parameters<SGDOptions> } & Partial<SGDOptions> & Lr]
  | [params: Iterable<ParamGroupOptions<SGDOptions> & Lr>, keywords?: Partial<SGDOptions>];

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
  constructor(...args: SGDArguments) {
    const { params, options } = sgdCall(...(args as ArgumentsOf<typeof sgdCall>));
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
    return [{ name: "momentum_buffer", isUsed: momentum !== 0 }];
  }

  /** The first step with momentum makes the buffer, which may be any step. */
  protected override stateNames(): StateNames {
    return { needed: [], optional: ["momentum_buffer"] };
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
