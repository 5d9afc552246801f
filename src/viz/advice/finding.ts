import type { Facts, Head } from "./facts.js";

/** Something that is probably a mistake. */
export type Finding = {
  /** What it is called. */
  rule: string;
  problem: string;
  /** What to do about it. */
  advice: string;
};

/** What rules look at. `loss` is the name of a class of `nn`. */
export type Scene = { loss: string; head: Head; target: Facts | null };

export type Rule = (scene: Scene) => Finding | null;

export const ELEMENTWISE = new Set([
  "MSELoss",
  "L1Loss",
  "SmoothL1Loss",
  "HuberLoss",
  "BCELoss",
  "BCEWithLogitsLoss",
  "KLDivLoss",
]);
export const NUMERIC = new Set(["MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"]);
export const LABELS = new Set(["CrossEntropyLoss", "NLLLoss"]);
export const BINARY = new Set(["BCELoss", "BCEWithLogitsLoss"]);

/** Where results of activations lie. */
export const REACH: Readonly<Record<string, readonly [low: number, high: number]>> = {
  ReLU: [0, Number.POSITIVE_INFINITY],
  ReLU6: [0, 6],
  Softplus: [0, Number.POSITIVE_INFINITY],
  Sigmoid: [0, 1],
  Hardsigmoid: [0, 1],
  Softmax: [0, 1],
  Tanh: [-1, 1],
  Softsign: [-1, 1],
  LogSoftmax: [Number.NEGATIVE_INFINITY, 0],
  LogSigmoid: [Number.NEGATIVE_INFINITY, 0],
};

/** A number as a reader takes it in. */
export const short = (value: number): string => String(Number(value.toPrecision(4)));

export const span = ([low, high]: readonly [number, number]): string =>
  high === Number.POSITIVE_INFINITY
    ? `${low} and above`
    : low === Number.NEGATIVE_INFINITY
      ? `${high} and below`
      : `${low} to ${high}`;

export const within = ({ values }: Facts, low: number, high: number): boolean =>
  values !== null && values.min >= low && values.max <= high;
