import { ValueError } from "../base/errors.js";
import { boolean, define, func, type Kind, nearest, orNull, shown } from "../base/signature.js";
import { Tensor } from "../tensor/tensor.js";
import { kindName, sameKind } from "./state-kinds.js";

/** The signatures of Optimizer's methods. */

type Closure = () => Tensor;

const closureKind: Kind<Closure> = { ...func, fits: (value): value is Closure => typeof value === "function" };

export const stepCall = define(
  "step",
  { closure: orNull(closureKind) },
  (closure: Closure | null = null): Closure | null => closure,
);

export const zeroGradCall = define("zeroGrad", { setToNone: boolean }, (setToNone: boolean = true) => setToNone);

/** Parameters with options of their own. */
export const groupKind: Kind<{ params: Tensor | Iterable<Tensor> }> = {
  expected: "an object of params and options",
  fits: (value): value is { params: Tensor | Iterable<Tensor> } => {
    if (typeof value !== "object" || value === null || !("params" in value)) return false;
    const { params } = value;
    return params instanceof Tensor || (typeof params === "object" && params !== null && Symbol.iterator in params);
  },
};

/** Throws for an option that the optimizer does not have, and for a value of another kind than the default's. */
export function checkGroupOptions(name: string, options: object, defaults: object): void {
  const known = Object.keys(defaults);
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (option !== "initialLr" && !Object.hasOwn(defaults, option)) {
      const meant = nearest(option, known);
      throw new ValueError(name, `expected options of ${known.join(", ")}, got ${option}`, meant && `Use ${meant}`);
    }
    const standard: unknown = option === "lr" || option === "initialLr" ? 0 : Reflect.get(defaults, option);
    if (!sameKind(standard, value)) {
      throw new ValueError(name, `expected ${option} to be ${kindName(standard)}, got ${shown(value)}`);
    }
  }
}
