import { ValueError } from "../base/errors.js";
import { type ArgumentsOf, boolean, checkArguments, define, type Kind, numberIn, oneOf } from "../base/signature.js";
import { keep } from "../memory.js";
import { clone, copy_ } from "../ops/layout/copy.js";
import { operandKind, tensorKind } from "../tensor/kinds.js";
import { noGrad } from "../tensor/mode.js";
import type { Tensor } from "../tensor/tensor.js";
import { objectKind } from "./state-kinds.js";

/** The methods of a model that {@link EarlyStopping} calls. */
export type Restorable = {
  stateDict(): Record<string, Tensor>;
  loadStateDict(dict: Record<string, Tensor>): unknown;
};

/** The state of an {@link EarlyStopping}: plain data and tensors, for a file. */
export type EarlyStoppingState = {
  best: number;
  best_epoch: number;
  bad_epochs: number;
  epoch: number;
  weights: Record<string, Tensor> | null;
};

/** Options of {@link EarlyStopping}. */
export type EarlyStoppingOptions = {
  /** Epochs without a better value that are tolerated; one more stops the training. */
  patience: number;
  /** How much better than the best a value must be to count (0). */
  minDelta?: number;
  /** Whether lower ("min", the default) or higher values are better. */
  mode?: "min" | "max";
  /** Whether the model gets its best weights back at the stop (true). */
  restoreBest?: boolean;
};

const least = numberIn(0, Number.POSITIVE_INFINITY);

const stoppingCall = define(
  "EarlyStopping",
  { patience: least, minDelta: least, mode: oneOf("min", "max"), restoreBest: boolean },
  (
    patience: number,
    minDelta: number = 0,
    mode: "min" | "max" = "min",
    restoreBest: boolean = true,
  ): Required<EarlyStoppingOptions> => ({ patience, minDelta, mode, restoreBest }),
);

const modelKind: Kind<Restorable> = {
  expected: "a model",
  fits: (value): value is Restorable =>
    typeof value === "object" && value !== null && "stateDict" in value && "loadStateDict" in value,
};

const stepCall = define(
  "step",
  { metric: operandKind, model: modelKind },
  (metric: number | Tensor, model: Restorable) => ({
    value: typeof metric === "number" ? metric : metric.item(),
    model,
  }),
);

/** Whether a value is what `stateDict()` gives: before the first best value there are no weights. */
function isState(state: object): state is EarlyStoppingState {
  const { best, best_epoch, bad_epochs, epoch, weights }: Partial<Record<string, unknown>> = { ...state };
  const isCount = (value: unknown, low: number): boolean => Number.isSafeInteger(value) && Number(value) >= low;
  if (typeof best !== "number" || !isCount(best_epoch, -1) || !isCount(bad_epochs, 0) || !isCount(epoch, -1))
    return false;
  if (Object.keys(state).length !== 5 || Number(best_epoch) > Number(epoch)) return false;
  if (weights === null) return Number.isNaN(best) && best_epoch === -1;
  return !Number.isNaN(best) && objectKind.fits(weights) && Object.values(weights).every(tensorKind.fits);
}

/**
 * Says when to stop training: after more than `patience` epochs in a row without a better value. It keeps a copy of the
 * weights of the best epoch and restores them at the stop.
 * @example
 * ```ts
 * import { nn, optim } from "simdgrad";
 * const model = new nn.Linear(2, 1);
 * const stopping = new optim.EarlyStopping({ patience: 15 });
 * for (let epoch = 0; epoch < 1000; epoch++) {
 *   // … train, then compute the validation loss …
 *   if (stopping.step(0.5, model)) break;
 * }
 * stopping.bestEpoch; // 0
 * ```
 */
export class EarlyStopping {
  /** The best value so far; NaN before the first. */
  best = Number.NaN;
  /** The epoch (calls of {@link step}, from 0) of the best value; -1 before the first. */
  bestEpoch = -1;
  /** Epochs since the best. */
  badEpochs = 0;
  private epoch = -1;
  private weights: Record<string, Tensor> | null = null;
  private readonly options: Required<EarlyStoppingOptions>;

  constructor(...args: ArgumentsOf<typeof stoppingCall>) {
    this.options = stoppingCall(...args);
  }

  /**
   * Compares an epoch's value (a validation loss, an accuracy) with the best one. NaN is never better.
   * @param model its weights are copied when the value is the best so far
   * @returns whether to stop; if so the model has its best weights again, unless `restoreBest` is off
   */
  step(...args: ArgumentsOf<typeof stepCall>): boolean {
    const { value, model } = stepCall(...args);
    if (this.better(value)) {
      this.remember(model.stateDict());
      this.epoch++;
      this.best = value;
      this.bestEpoch = this.epoch;
      this.badEpochs = 0;
      return false;
    }
    this.epoch++;
    this.badEpochs++;
    if (this.badEpochs <= this.options.patience) return false;
    if (this.options.restoreBest) this.restore(model);
    return true;
  }

  /** Puts the weights of the best epoch into the model. */
  restore(...args: [model: Restorable]): void {
    checkArguments("EarlyStopping.restore", { model: modelKind }, args);
    const [model] = args;
    if (this.weights === null) {
      throw new ValueError("EarlyStopping.restore", "expected an epoch with a value before it, got none but NaN");
    }
    model.loadStateDict(this.weights);
  }

  /** The best value and its epoch, the counts, and the best weights (not copies of them). */
  stateDict(...args: []): EarlyStoppingState {
    checkArguments("EarlyStopping.stateDict", {}, args);
    const { best, bestEpoch, badEpochs, epoch, weights } = this;
    return { best, best_epoch: bestEpoch, bad_epochs: badEpochs, epoch, weights };
  }

  /**
   * Restores a state that {@link stateDict} returned. The weights are copied.
   * @throws ValueError, before anything is changed, for any other value
   */
  loadStateDict(...args: [stateDict: EarlyStoppingState]): void {
    checkArguments("EarlyStopping.loadStateDict", { stateDict: objectKind }, args);
    const [state] = args;
    const { best, best_epoch: bestEpoch, bad_epochs: badEpochs, epoch, weights } = state;
    if (!isState(state)) {
      throw new ValueError("EarlyStopping.loadStateDict", "expected what stateDict() gives, got something else");
    }
    const before = this.weights;
    this.weights = null;
    if (weights !== null) this.remember(weights);
    for (const x of Object.values(before ?? {})) if (!Object.values(weights ?? {}).includes(x)) x.storage.free();
    Object.assign(this, { best, bestEpoch, badEpochs, epoch });
  }

  private better(value: number): boolean {
    const { mode, minDelta } = this.options;
    if (Number.isNaN(value)) return false;
    if (Number.isNaN(this.best)) return true;
    return mode === "min" ? value < this.best - minDelta : value > this.best + minDelta;
  }

  /** Copies the weights, into the memory of the last copy when there is one. */
  private remember(now: Record<string, Tensor>): void {
    const before = this.weights ?? {};
    this.weights = noGrad(() => {
      const copies = Object.entries(now).map(([name, tensor]): [string, Tensor] => {
        const old = before[name];
        if (old?.dtype === tensor.dtype) return [name, copy_(old, tensor)];
        old?.storage.free(); // the model was converted
        return [name, keep(clone(tensor))];
      });
      return Object.fromEntries(copies);
    });
  }
}
