import { ValueError } from "../base/errors.js";
import { type ArgumentsOf, checkArguments, define, integerFrom, type Kind, oneOf } from "../base/signature.js";
import { operandKind } from "../tensor/kinds.js";
import type { Tensor } from "../tensor/tensor.js";
import { realNumber, type Scheduled, scheduled } from "./optim-kinds.js";
import { checkOption } from "./optimizer-options.js";
import type { PlainValue } from "./optimizer-state.js";
import { checkSchedulerState, type StateKinds } from "./scheduler-state.js";
import { objectKind } from "./state-kinds.js";

/** Options of {@link ReduceLROnPlateau}. */
export type PlateauOptions = {
  /** Whether the metric should fall ("min", the default) or rise. */
  mode?: "min" | "max";
  /** What the learning rate is multiplied by (0.1). */
  factor?: number;
  /** Epochs without improvement that are tolerated (10). */
  patience?: number;
  /** How much counts as an improvement (1e-4). */
  threshold?: number;
  /** Whether the threshold is relative to the best value ("rel", the default) or absolute ("abs"). */
  thresholdMode?: "rel" | "abs";
  /** Epochs to wait after a reduction before counting again (0). */
  cooldown?: number;
  /** Lower bound of the learning rate: one for all groups, or one for each (0). */
  minLr?: number | readonly number[];
  /** Reductions of the learning rate by no more than this are not made (1e-8). */
  eps?: number;
};

const numbers: Kind<number | readonly number[]> = {
  expected: "a number, or one for each group",
  fits: (value): value is number | readonly number[] =>
    realNumber.fits(value) || (Array.isArray(value) && value.every(realNumber.fits)),
};

const plateauCall = define(
  "ReduceLROnPlateau",
  {
    optimizer: scheduled,
    mode: oneOf("min", "max"),
    factor: realNumber,
    patience: realNumber,
    threshold: realNumber,
    thresholdMode: oneOf("rel", "abs"),
    cooldown: realNumber,
    minLr: numbers,
    eps: realNumber,
  },
  (
    optimizer: Scheduled,
    mode: "min" | "max" = "min",
    factor: number = 0.1,
    patience: number = 10,
    threshold: number = 1e-4,
    thresholdMode: "rel" | "abs" = "rel",
    cooldown: number = 0,
    minLr: number | readonly number[] = 0,
    eps: number = 1e-8,
  ) => ({ optimizer, mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps }),
);

const stepCall = define("step", { metrics: operandKind }, (metrics: Tensor | number) =>
  typeof metrics === "number" ? metrics : metrics.item(),
);

const count = integerFrom(0);
const STATE: StateKinds = {
  mode: oneOf("min", "max"),
  threshold_mode: oneOf("rel", "abs"),
  last_epoch: count,
  num_bad_epochs: count,
  cooldown_counter: count,
};

/**
 * Reduces the learning rate when a metric has stopped improving, as torch.optim.lr_scheduler.ReduceLROnPlateau.
 *
 * @throws ValueError for a factor of 1 or more, an unknown mode, or minLr of another length than the groups
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html
 * @example
 * ```ts
 * import { nn, optim } from "simdgrad";
 * const optimizer = new optim.Adam(new nn.Linear(2, 1).parameters());
 * const scheduler = new optim.ReduceLROnPlateau(optimizer, { patience: 5 });
 * scheduler.step(0.7); // the validation loss, after each epoch
 * ```
 */
export class ReduceLROnPlateau {
  /** Calls of {@link step} so far. */
  lastEpoch = 0;
  private state;

  private readonly optimizer: Scheduled;

  constructor(...args: ArgumentsOf<typeof plateauCall>) {
    const { optimizer, mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps } = plateauCall(...args);
    this.optimizer = optimizer;
    const groups = optimizer.paramGroups.length;
    const minLrs = typeof minLr === "number" ? new Array<number>(groups).fill(minLr) : [...minLr];
    checkOption("ReduceLROnPlateau", "factor", factor, 0, 1);
    if (minLrs.length !== groups) {
      throw new ValueError(
        "ReduceLROnPlateau",
        `expected one minLr for each of ${groups} groups, got ${minLrs.length}`,
      );
    }
    this.state = {
      mode,
      factor,
      patience,
      threshold,
      threshold_mode: thresholdMode,
      cooldown,
      min_lrs: minLrs,
      eps,
      best: mode === "min" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
      num_bad_epochs: 0,
      cooldown_counter: 0,
    };
  }

  /**
   * Compares an epoch's metric with the best; after too many epochs without improvement it reduces the learning rates.
   */
  step(...args: ArgumentsOf<typeof stepCall>): void {
    const value = stepCall(...args);
    const { state } = this;
    this.lastEpoch++;
    if (this.better(value)) {
      state.best = value;
      state.num_bad_epochs = 0;
    } else {
      state.num_bad_epochs++;
    }
    if (state.cooldown_counter > 0) {
      state.cooldown_counter--;
      state.num_bad_epochs = 0;
    }
    if (state.num_bad_epochs > state.patience) {
      this.reduce();
      state.cooldown_counter = state.cooldown;
      state.num_bad_epochs = 0;
    }
  }

  private better(value: number): boolean {
    const { mode, threshold, threshold_mode, best } = this.state;
    const relative = threshold_mode === "rel";
    if (mode === "min") return value < (relative ? best * (1 - threshold) : best - threshold);
    return value > (relative ? best * (threshold + 1) : best + threshold);
  }

  private reduce(): void {
    this.optimizer.paramGroups.forEach((group, i) => {
      const lr = Math.max(group.lr * this.state.factor, this.state.min_lrs[i]!);
      if (group.lr - lr > this.state.eps) group.lr = lr;
    });
  }

  /** The groups' learning rates. */
  getLastLr(...args: []): number[] {
    checkArguments("ReduceLROnPlateau.getLastLr", {}, args);
    return this.optimizer.paramGroups.map((group) => group.lr);
  }

  /** The state under PyTorch's key names. */
  stateDict(...args: []): Record<string, PlainValue> {
    checkArguments("ReduceLROnPlateau.stateDict", {}, args);
    return { ...this.state, min_lrs: [...this.state.min_lrs], last_epoch: this.lastEpoch };
  }

  /**
   * Restores a state that {@link stateDict} returned.
   * @throws ValueError, before anything is changed, for the state of another scheduler
   */
  loadStateDict(...args: [stateDict: Readonly<Record<string, unknown>>]): void {
    const op = "ReduceLROnPlateau.loadStateDict";
    checkArguments(op, { stateDict: objectKind }, args);
    const { last_epoch, ...state } = checkSchedulerState(op, this.stateDict(), args[0], STATE);
    Object.assign(this.state, structuredClone(state));
    this.lastEpoch = last_epoch as number;
  }
}
