import { getDefaultDtype, isFloat } from "../../base/dtype.js";
import type { Tensor } from "../../tensor/tensor.js";
import { cast } from "../layout/copy.js";
import { full } from "../layout/factories.js";

/** Integers and booleans as the default type, floats as they are. */
export const floating = (x: Tensor): Tensor => (isFloat(x.dtype) ? x : cast(x, getDefaultDtype()));

/** Zeros: the gradient of functions that are constant between jumps. */
export const zero = (g: Tensor): Tensor => full(g.shape, 0, { dtype: g.dtype });
