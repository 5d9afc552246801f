import type { Dtype } from "../../base/dtype.js";
import { boolean, define, func, type Kind, orNull, text } from "../../base/signature.js";
import { Tensor } from "../../methods.js";
import { tensorKind } from "../../tensor/kinds.js";

/** The signatures of Module's methods: each call checks the arguments and returns what its method reads. */

/** What a hook may be. */
export const HOOK = { hook: func };

const stateKind: Kind<Record<string, Tensor>> = {
  expected: "an object of tensors by name",
  fits: (value): value is Record<string, Tensor> =>
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Tensor),
};

const floatKind: Kind<Dtype> = {
  expected: '"float32" or "float64"',
  fits: (value): value is Dtype => value === "float32" || value === "float64",
  isDtype: true,
};

export const bufferCall = define(
  "registerBuffer",
  { name: text, tensor: orNull(tensorKind), persistent: boolean },
  (name: string, tensor: Tensor | null, persistent: boolean = true) => ({ name, tensor, persistent }),
);

/** The call of a getter by path. */
const byPath = (op: string) => define(op, { target: text }, (target: string) => target);

export const submoduleCall = byPath("getSubmodule");
export const parameterCall = byPath("getParameter");
export const bufferPathCall = byPath("getBuffer");

/** The call of a method that lists what modules hold. */
const listing = (op: string) => define(op, { recurse: boolean }, (recurse: boolean = true) => recurse);

export const parametersCall = listing("parameters");
export const buffersCall = listing("buffers");

/** The call of a method that lists it with names. */
const namedListing = (op: string) =>
  define(op, { prefix: text, recurse: boolean }, (prefix: string = "", recurse: boolean = true) => ({
    prefix,
    recurse,
  }));

export const namedParametersCall = namedListing("namedParameters");
export const namedBuffersCall = namedListing("namedBuffers");

export const trainCall = define("train", { mode: boolean }, (mode: boolean = true) => mode);

export const requiresGradCall = define(
  "requiresGrad_",
  { requiresGrad: boolean },
  (requiresGrad: boolean = true) => requiresGrad,
);

export const zeroGradCall = define("zeroGrad", { setToNone: boolean }, (setToNone: boolean = true) => setToNone);

export const toCall = define("to", { dtype: floatKind }, (dtype: Dtype) => dtype);

export const loadStateDictCall = define(
  "loadStateDict",
  { stateDict: stateKind, strict: boolean },
  (stateDict: Record<string, Tensor>, strict: boolean = true) => ({ stateDict, strict }),
);
