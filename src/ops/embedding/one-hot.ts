import { DtypeError, ValueError } from "../../base/errors.js";
import { define, integerFrom } from "../../base/signature.js";
import { tensorKind } from "../../tensor/kinds.js";
import type { Tensor } from "../../tensor/tensor.js";
import { checkIndex, scatter } from "../index/gather.js";
import { full } from "../layout/factories.js";
import { unsqueeze } from "../layout/views.js";
import { amax } from "../reduce/reduce.js";

/**
 * A row for each label, with 1 at the label and 0 elsewhere, as torch.nn.functional.one_hot.
 * @param tensor labels, int32, any shape
 * @param numClasses length of the rows; the largest label + 1 when left out or -1
 * @returns int32 of shape [*, numClasses]; convert it with .float() for losses
 * @throws DtypeError for labels that are not integers, ValueError for labels outside [0, numClasses - 1]
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.one_hot.html
 * @example
 * ```ts
 * import { F, tensor } from "simdgrad";
 * F.oneHot(tensor([0, 2], { dtype: "int32" })); // [[1, 0, 0], [0, 0, 1]]
 * ```
 */
export const oneHot = define(
  "oneHot",
  { tensor: tensorKind, numClasses: integerFrom(-1) },
  (tensor: Tensor, numClasses: number = -1): Tensor => rowsOf(tensor, numClasses),
);

function rowsOf(labels: Tensor, numClasses: number): Tensor {
  if (labels.dtype !== "int32") {
    throw new DtypeError("oneHot", `expected int32 labels, got ${labels.dtype}`, "Convert them with .int()");
  }
  if (numClasses === -1 && labels.numel === 0) {
    throw new ValueError("oneHot", "expected numClasses for a tensor without labels");
  }
  const classes = numClasses === -1 ? amax(labels).item() + 1 : numClasses;
  checkIndex("oneHot", labels, classes);
  const zeros = full([...labels.shape, classes], 0, { dtype: "int32" });
  return scatter(zeros, -1, unsqueeze(labels, -1), 1);
}
