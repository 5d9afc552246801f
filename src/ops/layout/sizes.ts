import { formatShape, ValueError } from "../../base/errors.js";
import { isNumber, type Kind } from "../../base/signature.js";

/** A size for every spatial dim, or one for all. */
export type Size = number | readonly number[];

/** A list of whole numbers. As many as there are dims is for the operation to check. */
export const sizesKind: Kind<readonly number[]> = {
  expected: "a list of whole numbers",
  fits: (value): value is readonly number[] => Array.isArray(value) && value.every(Number.isInteger),
};

/** As many sizes as there are dims is for the operation to check. */
export const sizeKind: Kind<Size> = {
  expected: "a number, or one for each dim",
  fits: (value): value is Size => isNumber(value) || (Array.isArray(value) && value.every(isNumber)),
};

/** The sizes of one or two spatial dims, each at least `least`. */
export function sizesOf(op: string, name: string, value: Size, dims: number, least: number): number[] {
  const sizes = typeof value === "number" ? (dims === 1 ? [value] : [value, value]) : [...value];
  if (sizes.length !== dims || !sizes.every((size) => Number.isInteger(size) && size >= least)) {
    const many = dims === 1 ? "a whole number" : `a whole number or ${dims} of them`;
    const got = Array.isArray(value) ? formatShape(value) : String(value);
    throw new ValueError(op, `expected ${name} to be ${many}, at least ${least}, got ${got}`);
  }
  return sizes;
}
