import { ValueError } from "../base/errors.js";
import { shown } from "../base/signature.js";
import { kindName, sameKind } from "./state-kinds.js";

/** What PyTorch's schedulers save beside what they go on from. */
const BESIDE = new Set([
  "verbose",
  "_get_lr_called_within_step",
  "_last_lr",
  "_step_count",
  "mode_worse",
  "lr_lambdas",
]);

/**
 * Throws unless a saved state has the keys of a scheduler's own, with values of the same kinds, and no others but those
 * that PyTorch saves beside them. Lists of counts (`milestones`) may differ.
 */
export function checkSchedulerState(
  op: string,
  own: Readonly<Record<string, unknown>>,
  saved: Readonly<Record<string, unknown>>,
): void {
  const names = Object.keys(own);
  const foreign = Object.keys(saved).find((name) => !Object.hasOwn(own, name) && !BESIDE.has(name));
  const missing = names.find((name) => !Object.hasOwn(saved, name));
  if (foreign !== undefined || missing !== undefined) {
    const got = foreign ?? `no ${missing}`;
    throw new ValueError(op, `expected a state of ${names.join(", ")}, got ${got}: another scheduler's state`);
  }
  for (const name of names) {
    if (sameKind(own[name], saved[name])) continue;
    throw new ValueError(op, `expected ${name} to be ${kindName(own[name])}, got ${shown(saved[name])}`);
  }
}
