import { ValueError } from "../base/errors.js";
import { type Kind, shown } from "../base/signature.js";
import type { PlainValue } from "./optimizer-state.js";
import { kindName, sameKind } from "./state-kinds.js";

/** Kinds of values in a state dict, by their names there. */
export type StateKinds = Readonly<Record<string, Kind<unknown>>>;

/** Whether a value is plain data, as files hold it. */
export function isPlain(value: unknown): value is PlainValue {
  if (typeof value !== "object" || value === null)
    return value === null || /^(number|boolean|string)$/.test(typeof value);
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
    ? Object.values(value).every(isPlain)
    : false;
}

/** What PyTorch's schedulers save beside what they go on from. */
const BESIDE = new Set([
  ...["verbose", "mode_worse", "default_min_lr", "_get_lr_called_within_step", "_is_initial", "_last_lr"],
]);

/**
 * Throws unless a saved state has the keys of a scheduler's own, with values of these kinds or else of the own values'
 * kinds, and no others but those that PyTorch saves beside them.
 * @returns the saved values under the own keys
 */
export function checkSchedulerState(
  op: string,
  own: Readonly<Record<string, PlainValue>>,
  saved: Readonly<Record<string, unknown>>,
  kinds: StateKinds = {},
): Record<string, unknown> {
  const names = Object.keys(own);
  const foreign = Object.keys(saved).find((name) => !Object.hasOwn(own, name) && !BESIDE.has(name));
  const missing = names.find((name) => !Object.hasOwn(saved, name));
  if (foreign !== undefined || missing !== undefined) {
    const got = foreign ?? `no ${missing}`;
    throw new ValueError(op, `expected a state of ${names.join(", ")}, got ${got}: another scheduler's state`);
  }
  for (const name of names) {
    const kind = kinds[name];
    if (isPlain(saved[name]) && (kind?.fits(saved[name]) ?? sameKind(own[name], saved[name]))) continue;
    const expected = kind?.expected ?? kindName(own[name]);
    throw new ValueError(op, `expected ${name} to be ${expected}, got ${shown(saved[name])}`);
  }
  return Object.fromEntries(names.map((name) => [name, saved[name]]));
}
