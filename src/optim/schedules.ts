import { ValueError } from "../base/errors.js";
import { type ArgumentsOf, define, integerFrom, type Kind } from "../base/signature.js";
import { scope } from "../memory.js";
import { full } from "../ops/layout/factories.js";
import { cos } from "../ops/pointwise/math.js";
import { realNumber, type Scheduled, scheduled } from "./optim-kinds.js";
import type { PlainValue } from "./optimizer-state.js";
import { power } from "./power.js";
import { LRScheduler, lastEpochKind } from "./scheduler.js";
import type { StateKinds } from "./scheduler-state.js";

/** cos in Wasm: the host's may differ in the last bit from one engine to the next. */
const cosine = (x: number): number => scope(() => cos(full([], x, { dtype: "float64" })).item());

const epochList: Kind<readonly number[]> = {
  expected: "a list of epochs",
  fits: (value): value is readonly number[] =>
    Array.isArray(value) && value.every((epoch) => integerFrom(0).fits(epoch)),
};

/** How often each epoch is in a list. */
const epochCounts: Kind<Record<string, number>> = {
  expected: "counts by epochs",
  fits: (value): value is Record<string, number> =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(value).every(([epoch, count]) => /^\d+$/.test(epoch) && integerFrom(1).fits(count)),
};

type LrLambda = (epoch: number) => number;

const lambdas: Kind<LrLambda | readonly LrLambda[]> = {
  expected: "a function of the epoch, or a list of them",
  fits: (value): value is LrLambda | readonly LrLambda[] =>
    typeof value === "function" || (Array.isArray(value) && value.every((item) => typeof item === "function")),
};

const stepLRCall = define(
  "StepLR",
  { optimizer: scheduled, stepSize: integerFrom(1), gamma: realNumber, lastEpoch: lastEpochKind },
  (optimizer: Scheduled, stepSize: number, gamma: number = 0.1, lastEpoch: number = -1) => ({
    optimizer,
    stepSize,
    gamma,
    lastEpoch,
  }),
);

/**
 * Multiplies the learning rate by `gamma` (0.1) every `stepSize` epochs, as torch.optim.lr_scheduler.StepLR.
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html
 * @example
 * ```ts
 * import { nn, optim } from "simdgrad";
 * const optimizer = new optim.SGD(new nn.Linear(2, 1).parameters(), { lr: 0.1 });
 * const scheduler = new optim.StepLR(optimizer, 30, { gamma: 0.5 });
 * scheduler.step(); // at the end of each epoch
 * ```
 */
export class StepLR extends LRScheduler {
  protected readonly stepSize: number;
  protected readonly gamma: number;

  constructor(...args: ArgumentsOf<typeof stepLRCall>) {
    const { optimizer, stepSize, gamma, lastEpoch } = stepLRCall(...args);
    super(optimizer, lastEpoch);
    this.stepSize = stepSize;
    this.gamma = gamma;
  }

  protected getLr(): number[] {
    const now = this.lastEpoch > 0 && this.lastEpoch % this.stepSize === 0;
    return this.optimizer.paramGroups.map(({ lr }) => (now ? lr * this.gamma : lr));
  }

  protected override stateKinds(): StateKinds {
    return { step_size: integerFrom(1) };
  }
}

const multiStepLRCall = define(
  "MultiStepLR",
  { optimizer: scheduled, milestones: epochList, gamma: realNumber, lastEpoch: lastEpochKind },
  (optimizer: Scheduled, milestones: readonly number[], gamma: number = 0.1, lastEpoch: number = -1) => ({
    optimizer,
    milestones,
    gamma,
    lastEpoch,
  }),
);

/**
 * Multiplies the learning rate by `gamma` (0.1) at each of the `milestones`, as torch.optim.lr_scheduler.MultiStepLR.
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html
 */
export class MultiStepLR extends LRScheduler {
  /** How often each epoch is a milestone. */
  protected readonly milestones: Record<string, number> = {};
  protected readonly gamma: number;

  constructor(...args: ArgumentsOf<typeof multiStepLRCall>) {
    const { optimizer, milestones, gamma, lastEpoch } = multiStepLRCall(...args);
    super(optimizer, lastEpoch);
    for (const epoch of milestones) this.milestones[epoch] = (this.milestones[epoch] ?? 0) + 1;
    this.gamma = gamma;
  }

  protected getLr(): number[] {
    const factor = power(this.gamma, this.milestones[this.lastEpoch] ?? 0);
    return this.optimizer.paramGroups.map(({ lr }) => lr * factor);
  }

  protected override stateKinds(): StateKinds {
    return { milestones: epochCounts };
  }
}

const exponentialLRCall = define(
  "ExponentialLR",
  { optimizer: scheduled, gamma: realNumber, lastEpoch: lastEpochKind },
  (optimizer: Scheduled, gamma: number, lastEpoch: number = -1) => ({ optimizer, gamma, lastEpoch }),
);

/**
 * Multiplies the learning rate by `gamma` every epoch, as torch.optim.lr_scheduler.ExponentialLR.
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html
 */
export class ExponentialLR extends LRScheduler {
  protected readonly gamma: number;

  constructor(...args: ArgumentsOf<typeof exponentialLRCall>) {
    const { optimizer, gamma, lastEpoch } = exponentialLRCall(...args);
    super(optimizer, lastEpoch);
    this.gamma = gamma;
  }

  protected getLr(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => (this.lastEpoch === 0 ? lr : lr * this.gamma));
  }
}

const periodKind: Kind<number> = {
  expected: "a number above 0",
  fits: (value): value is number => typeof value === "number" && value > 0,
};

const cosineAnnealingLRCall = define(
  "CosineAnnealingLR",
  { optimizer: scheduled, tMax: periodKind, etaMin: realNumber, lastEpoch: lastEpochKind },
  (optimizer: Scheduled, tMax: number, etaMin: number = 0, lastEpoch: number = -1) => ({
    optimizer,
    tMax,
    etaMin,
    lastEpoch,
  }),
);

/**
 * Moves the learning rate down to `etaMin` (0) and up again along a cosine whose half period is `tMax` epochs, as
 * torch.optim.lr_scheduler.CosineAnnealingLR.
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html
 */
export class CosineAnnealingLR extends LRScheduler {
  protected readonly T_max: number;
  protected readonly etaMin: number;

  constructor(...args: ArgumentsOf<typeof cosineAnnealingLRCall>) {
    const { optimizer, tMax, etaMin, lastEpoch } = cosineAnnealingLRCall(...args);
    super(optimizer, lastEpoch);
    this.T_max = tMax;
    this.etaMin = etaMin;
  }

  protected getLr(): number[] {
    const { paramGroups } = this.optimizer;
    return this.baseLrs.map((base, i) => this.rate(paramGroups[i]!.lr, base));
  }

  protected override stateKinds(): StateKinds {
    return { T_max: periodKind };
  }

  private rate(lr: number, base: number): number {
    const { T_max: period, etaMin: low } = this;
    const epoch = this.lastEpoch;
    if (epoch === 0) return lr;
    if (this.first) return low + ((base - low) * (1 + cosine((epoch * Math.PI) / period))) / 2;
    if ((epoch - 1 - period) % (2 * period) === 0) return lr + ((base - low) * (1 - cosine(Math.PI / period))) / 2;
    const ratio = (1 + cosine((Math.PI * epoch) / period)) / (1 + cosine((Math.PI * (epoch - 1)) / period));
    return ratio * (lr - low) + low;
  }
}

const lambdaLRCall = define(
  "LambdaLR",
  { optimizer: scheduled, lrLambda: lambdas, lastEpoch: lastEpochKind },
  (optimizer: Scheduled, lrLambda: LrLambda | readonly LrLambda[], lastEpoch: number = -1) => ({
    optimizer,
    lrLambda,
    lastEpoch,
  }),
);

/**
 * Sets the learning rate to the initial one times `lrLambda(epoch)`, as
 * torch.optim.lr_scheduler.LambdaLR.
 * @param lrLambda one function for all groups, or one for each
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html
 */
export class LambdaLR extends LRScheduler {
  private readonly lrLambdas: readonly LrLambda[];

  constructor(...args: ArgumentsOf<typeof lambdaLRCall>) {
    const { optimizer, lrLambda, lastEpoch } = lambdaLRCall(...args);
    const count = optimizer.paramGroups.length;
    const all = typeof lrLambda === "function" ? new Array<LrLambda>(count).fill(lrLambda) : lrLambda;
    if (all.length !== count) {
      throw new ValueError("LambdaLR", `expected one function for each of ${count} groups, got ${all.length}`);
    }
    super(optimizer, lastEpoch);
    this.lrLambdas = all;
  }

  protected getLr(): number[] {
    return this.baseLrs.map((base, i) => base * this.lrLambdas[i]!(this.lastEpoch));
  }

  /** The state without the functions, as PyTorch's: null stands for each. */
  override stateDict(...args: []): Record<string, PlainValue> {
    return { ...super.stateDict(...args), lr_lambdas: this.lrLambdas.map(() => null) };
  }

  protected override stateKinds(): StateKinds {
    const count = this.lrLambdas.length;
    const fits = (value: unknown): value is null[] =>
      Array.isArray(value) && value.length === count && value.every((item) => item === null);
    return { lr_lambdas: { expected: `a list of ${count}, each null`, fits } };
  }
}
