import type { Kind } from "../../base/signature.js";

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** A list of what a container holds. Its items are for the container to check. */
export const iterableKind: Kind<Iterable<never>> = {
  expected: "an iterable",
  fits: (value): value is Iterable<never> => isObject(value) && Symbol.iterator in value,
};

/** What a container holds by name: a plain object, or pairs such as those of a Map. */
export const namedKind: Kind<object> = {
  expected: "an object, or pairs of name and value",
  fits: (value): value is object => {
    if (Array.isArray(value)) return value.every((pair) => Array.isArray(pair) && pair.length === 2);
    return isObject(value) && (Symbol.iterator in value || Object.getPrototypeOf(value) === Object.prototype);
  },
};
