import { type Kind, orNull } from "../../base/signature.js";
import { generatorKind } from "../../random/generator.js";

/** What loaders and samplers draw from. */
export const DRAWN = { generator: orNull(generatorKind) } as const;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Anything with a length: a data set, an array. */
export const countedKind: Kind<{ readonly length: number }> = {
  expected: "a data set or an array",
  fits: (value): value is { readonly length: number } =>
    isObject(value) && "length" in value && typeof value.length === "number",
};

/** Anything that a loop can walk over. Its items are for the operation to check. */
export const iterableKind: Kind<Iterable<never>> = {
  expected: "an iterable",
  fits: (value): value is Iterable<never> => isObject(value) && Symbol.iterator in value,
};

/** Samples by index, or one after the other. */
export const datasetKind: Kind<object> = {
  expected: "a data set (length and get(index), an array, or an iterable)",
  fits: (value): value is object => {
    if (!isObject(value)) return false;
    if ("get" in value && "length" in value && typeof value.get === "function") return true;
    return Symbol.iterator in value || Symbol.asyncIterator in value;
  },
};
