import { SimdgradError } from "../../base/errors.js";
import { Tensor } from "../../methods.js";
import { Parameter } from "./parameter.js";

/**
 * Throws for a property that holds parameters or modules where no optimizer finds them: in a plain tensor that needs
 * gradients, or inside arrays, plain objects, Maps and Sets.
 * @param where the class and the property
 * @param isMember whether a value is a parameter or a module
 */
export function refuseHidden(where: string, value: unknown, isMember: (value: unknown) => boolean): void {
  if (value instanceof Tensor && !(value instanceof Parameter) && value.isLeaf && value.requiresGrad) {
    throw new SimdgradError(
      where,
      "expected a Parameter, got a tensor with requiresGrad, which no optimizer would find",
      "Write new nn.Parameter(tensor)",
    );
  }
  if (isMember(value) || !hides(value, isMember)) return;
  throw new SimdgradError(
    where,
    `expected modules and parameters as properties of their own, got them inside ${Array.isArray(value) ? "an array" : "an object"}, where no optimizer would find them`,
    "Use nn.ModuleList or nn.Sequential, or a private #field to hide them on purpose",
  );
}

/** Whether members are somewhere inside of a value. */
function hides(value: unknown, isMember: (value: unknown) => boolean, seen = new Set<unknown>()): boolean {
  if (typeof value !== "object" || value === null || seen.has(value)) return false;
  seen.add(value);
  const inside = (item: unknown): boolean => isMember(item) || hides(item, isMember, seen);
  if (Array.isArray(value) || value instanceof Set) return [...value].some(inside);
  if (value instanceof Map) return [...value.values()].some(inside);
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).some(inside);
}
