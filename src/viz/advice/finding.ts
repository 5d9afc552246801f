import type { Activation, Loss } from "../../nn/catalogue.js";
import type { Facts, Head } from "./facts.js";

/** Something that is probably a mistake. */
export type Finding = {
  /** The name of the rule that found it. */
  rule: string;
  problem: string;
  /** What to do about it. */
  advice: string;
};

/** What rules read. `last` is the activation that the model ends in, null if it is none of `nn`. */
export type Scene = { loss: Loss; head: Head; last: Activation | null; target: Facts | null };

export type Rule = (scene: Scene) => Finding | null;

/** A number with four digits. */
export const short = (value: number): string => String(Number(value.toPrecision(4)));

export const within = ({ values }: Facts, low: number, high: number): boolean =>
  values !== null && values.min >= low && values.max <= high;
