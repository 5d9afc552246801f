import type { Kind } from "../base/signature.js";

// The kinds of values in options and saved states, which come from plain JavaScript and from files.

/** What errors call the kind of a value. */
export function kindName(value: unknown): string {
  if (Array.isArray(value))
    return value.length === 0 ? "a list" : `a list of ${value.length}, each ${kindName(value[0])}`;
  if (typeof value === "number") return "a number";
  if (typeof value === "boolean") return "true or false";
  return value === null ? "anything" : `a ${typeof value}`;
}

/**
 * Whether a value may stand for another: of the same type, not NaN, and a list with items of the same kinds. What is
 * null may become anything.
 */
export function sameKind(model: unknown, value: unknown): boolean {
  if (model === null) return true;
  if (Array.isArray(model)) {
    return Array.isArray(value) && value.length === model.length && model.every((item, i) => sameKind(item, value[i]));
  }
  if (typeof value === "number" && Number.isNaN(value)) return false;
  return typeof value === typeof model && value !== null && !Array.isArray(value);
}

/** A state dict. */
export const objectKind: Kind<Readonly<Record<string, unknown>>> = {
  expected: "an object as stateDict() gives",
  fits: (value): value is Readonly<Record<string, unknown>> =>
    typeof value === "object" && value !== null && !Array.isArray(value),
};
