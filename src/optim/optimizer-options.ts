import { ValueError } from "../base/errors.js";

/** Throws unless `value` lies in [low, high), for options such as lr and betas. */
export function checkOption(op: string, name: string, value: number, low = 0, high = Number.POSITIVE_INFINITY): void {
  if (typeof value === "number" && value >= low && value < high) return;
  const range = high === Number.POSITIVE_INFINITY ? `≥ ${low}` : `in [${low}, ${high})`;
  throw new ValueError(op, `expected ${name} ${range}, got ${value}`);
}
