/** What every example has in common: a training that is advanced step by step, by whoever owns the clock. */
import type { nn, Tensor } from "simdgrad";

/** What a visitor may change; all of it may be changed between two steps. */
export type Settings = {
  /** Seed of the weights, of the order of the samples and of the dropout. Another seed takes a new trainer. */
  seed: number;
  learningRate: number;
  /** The final activation with its loss: a name of the example's heads. */
  head: string;
  /** Samples in a batch. */
  batch: number;
};

/** A SHA-256, and the name under which Node's is recorded: null where the run is not the recorded one. */
export type Digest = { step: number; of: string; key: string | null; hex: string };

/** A model and an input for it: what graphs are drawn of. */
export type Specimen = { model: nn.Module; input: Tensor; output: () => Tensor };

/**
 * The training of one example. It knows neither page nor worker.
 * @typeParam Info what stays as it is: data, names
 * @typeParam View what changes from step to step
 */
export interface Trainer<Info = unknown, View = unknown> {
  readonly info: Info;
  /** How many steps were done. A step is an epoch where there is one batch, else a batch. */
  readonly step: number;
  /** Whether the tutorial's program would end here. */
  readonly done: boolean;
  /** One step. */
  advance(): void;
  /** Goes on where the tutorial ended. */
  goOn(): void;
  /** What to draw, with the losses since the last call. */
  view(): View;
  set(settings: Partial<Omit<Settings, "seed">>): void;
  /** Whether a digest is on record for this step. */
  readonly atCheckpoint: boolean;
  /** The digest of the weights; null where they are too many to hash at every stop. */
  digest(): Digest | null;
  /** The trained weights. */
  weights(): nn.StateDict;
  /** What graphs are drawn of: the model under training and a small input. */
  specimen(): Specimen;
  /** Which of the things that could be shown is looked at. */
  look?(index: number): void;
  /** Gives the memory back. The trainer is of no use afterwards. */
  dispose(): void;
}

/** A number for each step, from which each reader takes what is new. */
export class Losses {
  readonly all: number[] = [];
  private sent = 0;

  push(value: number): void {
    this.all.push(value);
  }

  /** Those since the last call. */
  fresh(): Float64Array<ArrayBuffer> {
    const values = Float64Array.from(this.all.slice(this.sent));
    this.sent = this.all.length;
    return values;
  }
}
