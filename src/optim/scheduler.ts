import { ValueError } from "../base/errors.js";
import { type ArgumentsOf, checkArguments, define, integerFrom, shown } from "../base/signature.js";
import { type Scheduled, scheduled } from "./optim-kinds.js";
import type { PlainValue } from "./optimizer-state.js";
import { checkSchedulerState, isPlain, type StateKinds } from "./scheduler-state.js";
import { objectKind } from "./state-kinds.js";

export const lastEpochKind = integerFrom(-1);

const schedulerCall = define(
  "LRScheduler",
  { optimizer: scheduled, lastEpoch: lastEpochKind },
  (optimizer: Scheduled, lastEpoch: number = -1) => ({ optimizer, lastEpoch }),
);

/** Fields that state dicts have under names of their own, or not at all. */
const OWN = new Set(["optimizer", "lastEpoch", "baseLrs"]);

const COUNTS: StateKinds = { last_epoch: integerFrom(0), _step_count: integerFrom(1) };

const snake = (name: string): string => name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * The base of the schedulers that count epochs, as torch.optim.lr_scheduler.LRScheduler. It sets each group's `lr` when
 * it is made and at each `step()`; call that once an epoch, after the optimizer's.
 *
 * A scheduler of your own defines {@link getLr}. Its fields of plain data are in its state dict, in PyTorch's spelling.
 * @param lastEpoch the epoch to continue after, for groups that have an `initialLr` already; -1 (the default) starts anew
 * @see https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
 * @example
 * ```ts
 * import { nn, optim } from "simdgrad";
 * class Warmup extends optim.LRScheduler {
 *   steps = 10;
 *   protected getLr(): number[] {
 *     return this.baseLrs.map((lr) => lr * Math.min(1, (this.lastEpoch + 1) / this.steps));
 *   }
 * }
 * const optimizer = new optim.SGD(new nn.Linear(2, 1).parameters(), 0.1);
 * new Warmup(optimizer).getLastLr(); // [0.01]
 * ```
 */
export abstract class LRScheduler {
  protected readonly optimizer: Scheduled;
  /** The epoch that the current learning rates are for. */
  lastEpoch: number;
  /** The learning rates that the groups started from. */
  baseLrs: number[];
  #stepCount = 1;
  #lastLr: number[] | null = null;

  constructor(...args: ArgumentsOf<typeof schedulerCall>) {
    const { optimizer, lastEpoch } = schedulerCall(...args);
    const groups = optimizer.paramGroups;
    const without = groups.findIndex((group) => lastEpoch !== -1 && group.initialLr === undefined);
    if (without >= 0) {
      throw new ValueError(
        this.constructor.name,
        `expected an initialLr in group ${without}, since lastEpoch is ${lastEpoch}, got none`,
        "Load the optimizer's state dict first, or leave lastEpoch out",
      );
    }
    this.optimizer = optimizer;
    this.lastEpoch = lastEpoch + 1;
    this.baseLrs = groups.map((group) => {
      group.initialLr ??= group.lr;
      return group.initialLr;
    });
    // The first rates wait for the first look at them: a subclass sets its fields after this constructor.
    optimizer.beforeLook(() => void this.#rates());
  }

  /** The learning rates of the groups for `lastEpoch`; those of groups that were added later may be left out. */
  protected abstract getLr(): number[];

  /** Whether the constructor's step is the only one so far. */
  protected get first(): boolean {
    return this.#stepCount === 1;
  }

  /** The current rates. The first are set here. */
  #rates(): number[] {
    if (this.#lastLr === null) {
      this.#lastLr = [];
      try {
        this.#apply();
      } catch (error) {
        this.#lastLr = null;
        throw error;
      }
    }
    return this.#lastLr;
  }

  #apply(): void {
    const rates: unknown = this.getLr();
    const groups = this.optimizer.paramGroups;
    const isList = Array.isArray(rates) && rates.every((rate) => typeof rate === "number" && !Number.isNaN(rate));
    if (!isList || rates.length < this.baseLrs.length || rates.length > groups.length) {
      const expected = `a learning rate for each of ${this.baseLrs.length} groups`;
      throw new ValueError(`${this.constructor.name}.getLr`, `expected ${expected}, got ${shown(rates)}`);
    }
    rates.forEach((rate: number, i) => {
      groups[i]!.lr = rate;
    });
    this.#lastLr = groups.map(({ lr }) => lr);
  }

  /** Goes on to the next epoch and sets the learning rates. */
  step(...args: []): void {
    checkArguments(`${this.constructor.name}.step`, {}, args);
    this.#rates();
    this.#stepCount++;
    this.lastEpoch++;
    try {
      this.#apply();
    } catch (error) {
      this.#stepCount--;
      this.lastEpoch--;
      throw error;
    }
  }

  /** The learning rates that the last step set, one for each group. */
  getLastLr(...args: []): number[] {
    checkArguments(`${this.constructor.name}.getLastLr`, {}, args);
    return [...this.#rates()];
  }

  /** Kinds of values in state dicts, by their names there, where the kind of the current value does not say enough. */
  protected stateKinds(): StateKinds {
    return {};
  }

  /** The fields of subclasses that hold plain data. */
  #fields(): [name: string, value: PlainValue][] {
    return Object.entries(this).filter(
      (field): field is [string, PlainValue] => !OWN.has(field[0]) && isPlain(field[1]),
    );
  }

  /** The state under PyTorch's key names. */
  stateDict(...args: []): Record<string, PlainValue> {
    checkArguments(`${this.constructor.name}.stateDict`, {}, args);
    return {
      ...Object.fromEntries(this.#fields().map(([name, value]) => [snake(name), structuredClone(value)])),
      base_lrs: [...this.baseLrs],
      last_epoch: this.lastEpoch,
      _step_count: this.#stepCount,
      _last_lr: this.getLastLr(),
    };
  }

  /**
   * Restores a state that {@link stateDict} (or PyTorch's state_dict) returned. The optimizer's learning rates are in its
   * own state dict.
   * @throws ValueError, before anything is changed, for the state of another scheduler
   */
  loadStateDict(...args: [stateDict: Readonly<Record<string, unknown>>]): void {
    const op = `${this.constructor.name}.loadStateDict`;
    checkArguments(op, { stateDict: objectKind }, args);
    const dict = structuredClone(
      checkSchedulerState(op, this.stateDict(), args[0], { ...COUNTS, ...this.stateKinds() }),
    );
    for (const [name] of this.#fields()) Reflect.set(this, name, dict[snake(name)]);
    this.baseLrs = dict.base_lrs as number[];
    this.#lastLr = dict._last_lr as number[];
    this.lastEpoch = dict.last_epoch as number;
    this.#stepCount = dict._step_count as number;
  }
}
