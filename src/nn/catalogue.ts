import type * as activationLayers from "./layers/activation-layers.js";
import activationTraits from "./layers/activation-layers.js";
import type * as lossLayers from "./layers/loss-layers.js";
import lossTraits from "./layers/loss-layers.js";
import type * as softmaxLayers from "./layers/softmax-layers.js";
import softmaxTraits from "./layers/softmax-layers.js";
import type { ActivationTraits, Interval, LossTraits } from "./layers/traits.js";
import type { Module } from "./module/module.js";

// The one list of activations and losses: graphs, advice and the cheat sheet read it. A row stands beside its class.

/** The names of the classes that a file exports. A class without a row in the file's table is a type error below. */
type Classes<File> = {
  [K in keyof File]: File[K] extends { readonly prototype: Module } ? K : never;
}[keyof File];

/** All activations of `nn`, by the names of their classes. */
export const activations: Readonly<
  Record<Classes<typeof activationLayers> | Classes<typeof softmaxLayers>, ActivationTraits>
> = { ...activationTraits, ...softmaxTraits };

/** All losses of `nn`, by the names of their classes. */
export const losses: Readonly<Record<Classes<typeof lossLayers>, LossTraits>> = lossTraits;

/** An activation with the name of its class. */
export type Activation = { name: string } & ActivationTraits;

/** A loss with the name of its class. */
export type Loss = { name: string } & LossTraits;

const byOperation = new Map<string, Activation>(
  Object.entries(activations).map(([name, row]) => [name.toLowerCase(), { name, ...row }]),
);

/** The activation of a class ("LeakyReLU") or of the operation that computes it ("leakyRelu"). */
export const activationOf = (name: string): Activation | null => byOperation.get(name.toLowerCase()) ?? null;

/** The loss that a module is, a class derived from one too. */
export function lossOf(module: unknown): Loss | null {
  const found = Object.entries(losses).find(([, { type }]) => module instanceof type);
  return found === undefined ? null : { name: found[0], ...found[1] };
}

/** Whether a class or an operation is an activation, or has a name that begins as one's ("SoftExponential2"). */
export const isActivation = (name: string): boolean =>
  [...byOperation.keys()].some((known) => name.toLowerCase().startsWith(known));

const number = (text: string): number => Number(text.replace("∞", "Infinity"));

/** The ends of an interval. */
export function boundsOf(interval: Interval): readonly [low: number, high: number] {
  const [low, high] = interval.slice(1, -1).split(", ");
  return [number(low!), number(high!)];
}

const digits = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4, useGrouping: false });

/** An interval in words: "0 to 1", "0 and above", "above 0". */
export function inWords(interval: Interval): string {
  const [low, high] = boundsOf(interval);
  const [from, to] = [digits.format(low), digits.format(high)];
  if (Number.isFinite(low) && Number.isFinite(high)) return `${from} to ${to}`;
  if (Number.isFinite(low)) return interval.startsWith("[") ? `${from} and above` : `above ${from}`;
  if (Number.isFinite(high)) return interval.endsWith("]") ? `${to} and below` : `below ${to}`;
  return "all numbers";
}

/** Between which numbers the results of an activation lie; all numbers where that is not known. */
export const reachOf = (last: Activation | null): readonly [low: number, high: number] =>
  boundsOf(last?.range ?? "(-∞, ∞)");

/** Whether results are logarithms of probabilities: 0 and below. */
export const givesLogarithms = (last: Activation | null): boolean => reachOf(last)[1] === 0;

/** Whether results are probabilities that add up to 1 along a dim. */
export const givesShares = (last: Activation | null): last is Activation =>
  last?.classes === true && !givesLogarithms(last);
