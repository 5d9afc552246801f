import type { Kind } from "../base/signature.js";
import type { Parameters } from "./optimizer.js";

/** What an optimizer is made for. The optimizer checks each element. */
export function parameters<O>(): Kind<Parameters<O>> {
  return {
    expected: "parameters or groups of them",
    fits: (value): value is Parameters<O> => typeof value === "object" && value !== null && Symbol.iterator in value,
    hint: () => "Pass model.parameters(), or [tensor]",
  };
}

/** A number, the infinities among them, but not NaN. */
export const realNumber: Kind<number> = {
  expected: "a number",
  fits: (value): value is number => typeof value === "number" && !Number.isNaN(value),
};

/** Two numbers. */
export const numberPair: Kind<readonly [number, number]> = {
  expected: "two numbers",
  fits: (value): value is readonly [number, number] =>
    Array.isArray(value) && value.length === 2 && value.every(realNumber.fits),
};

/** The part of an optimizer that schedulers use. */
export type Scheduled = {
  readonly paramGroups: readonly { lr: number; initialLr?: number }[];
  beforeLook(start: () => void): void;
};

export const scheduled: Kind<Scheduled> = {
  expected: "an optimizer",
  fits: (value): value is Scheduled =>
    typeof value === "object" && value !== null && "paramGroups" in value && "beforeLook" in value,
};
