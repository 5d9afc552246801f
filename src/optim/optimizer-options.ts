import { ValueError } from "../base/errors.js";

/** Throws unless `value` lies in [low, high), for options such as lr and betas. */
export function checkOption(op: string, name: string, value: number, low = 0, high = Number.POSITIVE_INFINITY): void {
  if (typeof value === "number" && value >= low && value < high) return;
  const range = high === Number.POSITIVE_INFINITY ? `≥ ${low}` : `in [${low}, ${high})`;
  throw new ValueError(op, `expected ${name} ${range}, got ${value}`);
}

/**
 * The defaults, overridden by the user's options. For callers without types it throws where a bare learning rate or a
 * misspelt option would have no effect.
 */
export function withDefaults<D extends object, O extends object>(op: string, defaults: D, options: O): D & O {
  if (typeof options !== "object" || options === null) {
    throw new ValueError(op, `expected an object of options, got ${String(options)}`, "Write { lr: 0.01 }");
  }
  const known = ["lr", ...Object.keys(defaults)];
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  if (unknown.length === 0) return { ...defaults, ...options };
  throw new ValueError(op, `expected options among ${known.join(", ")}, got ${unknown.join(", ")}`);
}
