import { ValueError } from "../base/errors.js";
import { type ArgumentsOf, anyNumber, checkArguments, define, integerFrom, type Kind } from "../base/signature.js";
import { scope } from "../memory.js";
import { full } from "../ops/layout/factories.js";
import { cos } from "../ops/pointwise/math.js";
import { type Scheduled, scheduled } from "./optim-kinds.js";
import type { PlainValue } from "./optimizer-state.js";
import { power } from "./power.js";
import { checkSchedulerState } from "./scheduler-state.js";
import { objectKind } from "./state-kinds.js";

/** Options that all schedulers take. */
export type SchedulerOptions = {
  /** The epoch to continue after, for groups that have an `initialLr` already; -1 (the default) starts anew. */
  lastEpoch?: number;
};

/** cos in Wasm: the host's may differ in the last bit from one engine to the next. */
const cosine = (x: number): number => scope(() => cos(full([], x, { dtype: "float64" })).item());

/**
 * The base of the schedulers that count epochs, as torch.optim.lr_scheduler.LRScheduler. It sets each group's `lr` when
 * it is made and at each `step()`; call that once an epoch, after the optimizer's.
 * @see https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
 */
export abstract class LRScheduler<S extends object = object> {
  /** The epoch that the current learning rates are for. */
  lastEpoch: number;
  /** The learning rates that the groups started from. */
  baseLrs: number[];
  private lastLr: number[] = [];
  private stepCount = 0;

  /** @param settings the scheduler's parameters, under the names that PyTorch's state dicts give them */
  protected constructor(
    protected readonly optimizer: Scheduled,
    protected readonly settings: S,
    options: SchedulerOptions,
  ) {
    this.lastEpoch = options.lastEpoch ?? -1;
    optimizer.paramGroups.forEach((group, i) => {
      if (this.lastEpoch === -1) group.initialLr ??= group.lr;
      if (group.initialLr !== undefined) return;
      throw new ValueError(
        this.constructor.name,
        `expected an initialLr in group ${i}, since lastEpoch is ${this.lastEpoch}, got none`,
        "Load the optimizer's state dict first, or leave lastEpoch out",
      );
    });
    this.baseLrs = optimizer.paramGroups.map((group) => group.initialLr!);
    if (optimizer.beforeLook === undefined) this.begin();
    else optimizer.beforeLook(() => this.begin());
  }

  /**
   * The first step. It comes with the first look at the scheduler or at the optimizer's groups, when the constructors
   * of subclasses have set their fields.
   */
  private begin(): void {
    if (this.stepCount === 0) this.advance();
  }

  /** A group's learning rate for `lastEpoch`, from its current one and the one that it started from. */
  protected abstract rate(lr: number, base: number, group: number): number;

  /** Whether the constructor's step is the only one so far. */
  protected get first(): boolean {
    return this.stepCount === 1;
  }

  /** Goes on to the next epoch and sets the learning rates. */
  step(...args: []): void {
    checkArguments(`${this.constructor.name}.step`, {}, args);
    this.begin();
    this.advance();
  }

  private advance(): void {
    this.stepCount++;
    this.lastEpoch++;
    const rates = this.optimizer.paramGroups.map(({ lr }, i) => this.rate(lr, this.baseLrs[i] ?? lr, i));
    this.optimizer.paramGroups.forEach((group, i) => {
      group.lr = rates[i]!;
    });
    this.lastLr = rates;
  }

  /** The learning rates that the last step set, one for each group. */
  getLastLr(...args: []): number[] {
    checkArguments(`${this.constructor.name}.getLastLr`, {}, args);
    this.begin();
    return [...this.lastLr];
  }

  /** The state under PyTorch's key names. */
  stateDict(): Record<string, PlainValue> {
    this.begin();
    return {
      ...(this.settings as Record<string, PlainValue>),
      base_lrs: [...this.baseLrs],
      last_epoch: this.lastEpoch,
      _step_count: this.stepCount,
      _last_lr: this.getLastLr(),
    };
  }

  /**
   * Restores a state that {@link stateDict} returned. The optimizer's learning rates are in its own state dict.
   * @throws ValueError, before anything is changed, for the state of another scheduler
   */
  loadStateDict(...args: [stateDict: Readonly<Record<string, unknown>>]): void {
    const op = `${this.constructor.name}.loadStateDict`;
    checkArguments(op, { stateDict: objectKind }, args);
    const [dict] = args;
    checkSchedulerState(op, this.stateDict(), dict);
    for (const key of Object.keys(this.settings)) {
      if (key in dict) Object.assign(this.settings, { [key]: dict[key] });
    }
    this.baseLrs = [...(dict.base_lrs as number[])];
    this.lastLr = [...(dict._last_lr as number[])];
    this.lastEpoch = dict.last_epoch as number;
    this.stepCount = dict._step_count as number;
  }
}

const lastEpochKind = integerFrom(-1);

const epochList: Kind<readonly number[]> = {
  expected: "a list of epochs",
  fits: (value): value is readonly number[] =>
    Array.isArray(value) && value.every((epoch) => integerFrom(0).fits(epoch)),
};

type LrLambda = (epoch: number) => number;

const lambdas: Kind<LrLambda | readonly LrLambda[]> = {
  expected: "a function of the epoch, or a list of them",
  fits: (value): value is LrLambda | readonly LrLambda[] =>
    typeof value === "function" || (Array.isArray(value) && value.every((item) => typeof item === "function")),
};

const stepLRCall = define(
  "StepLR",
  { optimizer: scheduled, stepSize: integerFrom(1), gamma: anyNumber, lastEpoch: lastEpochKind },
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
export class StepLR extends LRScheduler<{ step_size: number; gamma: number }> {
  constructor(...args: ArgumentsOf<typeof stepLRCall>) {
    const { optimizer, stepSize, gamma, lastEpoch } = stepLRCall(...args);
    super(optimizer, { step_size: stepSize, gamma }, { lastEpoch });
  }

  protected rate(lr: number): number {
    const now = this.lastEpoch > 0 && this.lastEpoch % this.settings.step_size === 0;
    return now ? lr * this.settings.gamma : lr;
  }
}

const multiStepLRCall = define(
  "MultiStepLR",
  { optimizer: scheduled, milestones: epochList, gamma: anyNumber, lastEpoch: lastEpochKind },
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
export class MultiStepLR extends LRScheduler<{ milestones: Record<string, number>; gamma: number }> {
  constructor(...args: ArgumentsOf<typeof multiStepLRCall>) {
    const { optimizer, milestones, gamma, lastEpoch } = multiStepLRCall(...args);
    const counts: Record<string, number> = {};
    for (const epoch of milestones) counts[epoch] = (counts[epoch] ?? 0) + 1;
    super(optimizer, { milestones: counts, gamma }, { lastEpoch });
  }

  protected rate(lr: number): number {
    return lr * power(this.settings.gamma, this.settings.milestones[this.lastEpoch] ?? 0);
  }
}

const exponentialLRCall = define(
  "ExponentialLR",
  { optimizer: scheduled, gamma: anyNumber, lastEpoch: lastEpochKind },
  (optimizer: Scheduled, gamma: number, lastEpoch: number = -1) => ({ optimizer, gamma, lastEpoch }),
);

/**
 * Multiplies the learning rate by `gamma` every epoch, as torch.optim.lr_scheduler.ExponentialLR.
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html
 */
export class ExponentialLR extends LRScheduler<{ gamma: number }> {
  constructor(...args: ArgumentsOf<typeof exponentialLRCall>) {
    const { optimizer, gamma, lastEpoch } = exponentialLRCall(...args);
    super(optimizer, { gamma }, { lastEpoch });
  }

  protected rate(lr: number): number {
    return this.lastEpoch === 0 ? lr : lr * this.settings.gamma;
  }
}

const cosineAnnealingLRCall = define(
  "CosineAnnealingLR",
  { optimizer: scheduled, tMax: anyNumber, etaMin: anyNumber, lastEpoch: lastEpochKind },
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
export class CosineAnnealingLR extends LRScheduler<{ T_max: number; eta_min: number }> {
  constructor(...args: ArgumentsOf<typeof cosineAnnealingLRCall>) {
    const { optimizer, tMax, etaMin, lastEpoch } = cosineAnnealingLRCall(...args);
    if (!(tMax > 0)) throw new ValueError("CosineAnnealingLR", `expected a tMax above 0, got ${tMax}`);
    super(optimizer, { T_max: tMax, eta_min: etaMin }, { lastEpoch });
  }

  protected rate(lr: number, base: number): number {
    const { T_max: period, eta_min: low } = this.settings;
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
export class LambdaLR extends LRScheduler<{ lr_lambdas: readonly ((epoch: number) => number)[] }> {
  constructor(...args: ArgumentsOf<typeof lambdaLRCall>) {
    const { optimizer, lrLambda, lastEpoch } = lambdaLRCall(...args);
    const count = optimizer.paramGroups.length;
    const lambdas = typeof lrLambda === "function" ? new Array<typeof lrLambda>(count).fill(lrLambda) : lrLambda;
    if (lambdas.length !== count) {
      throw new ValueError("LambdaLR", `expected one function for each of ${count} groups, got ${lambdas.length}`);
    }
    super(optimizer, { lr_lambdas: lambdas }, { lastEpoch });
  }

  protected rate(_lr: number, base: number, group: number): number {
    return base * (this.settings.lr_lambdas[group]?.(this.lastEpoch) ?? 1);
  }

  /** The state without the functions, as PyTorch's. */
  override stateDict(): Record<string, PlainValue> {
    const { lr_lambdas: _, ...rest } = super.stateDict();
    return rest;
  }
}
