/** What all examples have in common: a training that its caller advances step by step. */
import type { nn, Tensor } from "simdgrad";

/** What a visitor can change between two steps. */
export type Settings = {
  /** Seed of the weights, of the order of the samples and of the dropout. A new seed needs a new trainer. */
  seed: number;
  learningRate: number;
  /** The final activation with its loss: the name of one of the example's heads. */
  head: string;
  /** Samples in a batch. */
  batch: number;
};

/** A SHA-256 `of` some numbers. `key` names Node's recorded digest; it is null where none is recorded for this run. */
export type Digest = { step: number; of: string; key: string | null; hex: string };

/** The model, an input and its output, of which graphs are drawn. */
export type Specimen = { model: nn.Module; input: Tensor; output: () => Tensor };

/**
 * The training of one example. It knows nothing of page and worker.
 * @typeParam Info what does not change: data, names
 * @typeParam View what changes from step to step
 */
export interface Trainer<Info = unknown, View = unknown> {
  readonly info: Info;
  /** The number of steps done. A step is an epoch in examples 1 and 2, and a batch in examples 3 and 4. */
  readonly step: number;
  /** Whether the tutorial's program ends here. */
  readonly done: boolean;
  /** Does one step. */
  advance(): void;
  /** Continues after the end of the tutorial's program. */
  goOn(): void;
  /** What to draw. It holds the losses since the last call. */
  view(): View;
  set(settings: Partial<Omit<Settings, "seed">>): void;
  /** Whether a digest is recorded for this step. */
  readonly atCheckpoint: boolean;
  /** The digest of this step; null where hashing takes too long. */
  digest(): Digest | null;
  /** The trained weights. */
  weights(): nn.StateDict;
  /** The model and a small input, of which graphs are drawn. */
  specimen(): Specimen;
  /** Selects which item the view shows, such as a face. */
  look?(index: number): void;
  /** Frees the memory. The trainer cannot be used afterwards. */
  dispose(): void;
}

/** A number for each step; {@link fresh} gives those that were not given yet. */
export class Losses {
  readonly all: number[] = [];
  private sent = 0;

  push(value: number): void {
    this.all.push(value);
  }

  /** The values since the last call. */
  fresh(): Float64Array<ArrayBuffer> {
    const values = Float64Array.from(this.all.slice(this.sent));
    this.sent = this.all.length;
    return values;
  }
}
