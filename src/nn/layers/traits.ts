import type { Dtype } from "../../base/dtype.js";
import type { LossOptions } from "../../functional.js";
import type { Tensor } from "../../methods.js";

// The rows of the tables at the end of the files of activations and losses. `nn/catalogue.ts` joins the tables.

/** The numbers between two ends, as in mathematics: a square bracket includes its end, "[0, ∞)" is 0 and all above. */
export type Interval = `${"[" | "("}${number | "-∞"}, ${number | "∞"}${"]" | ")"}`;

/** What graphs, advice and the cheat sheet know of an activation. */
export type ActivationTraits = {
  formula: string;
  /** Where results lie; null where that depends on the parameters. */
  range: Interval | null;
  /** true: a parameter is trained. */
  learns?: true;
  /** true: computed along a dim of classes, not element by element. */
  classes?: true;
  /** The module that the cheat sheet draws. */
  make: (dtype: Dtype) => { forward(x: Tensor): Tensor };
};

/** What graphs, advice and the cheat sheet know of a loss. */
export type LossTraits = {
  formula: string;
  input: "numbers" | "logits" | "probabilities" | "log-probabilities";
  /** "labels" are the numbers of classes, int32; all others have the input's shape and type. */
  target: "numbers" | "labels" | "probabilities" | "0 or 1" | "−1 or 1";
  type: new (options: LossOptions) => { forward(input: Tensor, target: Tensor): Tensor };
  /** Options of the loss that the cheat sheet draws. */
  options?: Readonly<Record<string, number>>;
};
