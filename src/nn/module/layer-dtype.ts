import { DtypeError } from "../../base/errors.js";
import type { Tensor } from "../../methods.js";

/**
 * Throws, in the name of a layer, unless its input has the dtype of `own`, a tensor of the layer (null: it has none).
 */
export function checkLayerDtype(name: string, x: Tensor, own: Tensor | null): void {
  if (own === null || x.dtype === own.dtype) return;
  throw new DtypeError(
    name,
    `expected input of the layer's dtype ${own.dtype}, got ${x.dtype}`,
    "Convert the input with .to(dtype), or the model with .double() or .float()",
  );
}
