import { isFloat } from "../../base/dtype.js";
import { DtypeError, formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { sameShape } from "../../base/shape.js";
import { checkArguments } from "../../base/signature.js";
import { currentScope, moveStorage } from "../../runtime/scope.js";
import { tensorKind } from "../../tensor/kinds.js";
import type { Tensor } from "../../tensor/tensor.js";

/**
 * Gives a tensor the memory, shape and type of another, as an assignment to `data` in PyTorch. The memory outlives all
 * scopes if that of the tensor did, and the innermost scope takes the old one over.
 */
export function assignData(x: Tensor, from: Tensor): void {
  checkArguments("data", { data: tensorKind }, [from]);
  checkAssignable(x, from);
  const old = x.storage;
  if (old !== from.storage && old.owner === null) {
    moveStorage(from.storage, null);
    from.storage.kept ||= old.kept;
    old.kept = false;
    moveStorage(old, currentScope() ?? null);
  }
  x.setData(from);
}

function checkAssignable(x: Tensor, from: Tensor): void {
  if (!from.isContiguous()) {
    throw new ValueError("data", "expected a row-major tensor, got one with other strides", "Write t.contiguous()");
  }
  if (x.requiresGrad && !isFloat(from.dtype)) {
    throw new DtypeError("data", `expected a float32 or float64 tensor where a gradient is needed, got ${from.dtype}`);
  }
  if (x.isLeaf && x.gradient === null) return;
  const hint = x.isLeaf ? "Set grad to null first" : undefined;
  const owner = x.isLeaf ? "of the gradient" : "that the operation computed";
  if (!sameShape(x.shape, from.shape)) {
    throw new ShapeError(
      "data",
      `expected shape ${formatShape(x.shape)}, ${owner}, got ${formatShape(from.shape)}`,
      hint,
    );
  }
  if (x.dtype !== from.dtype) throw new DtypeError("data", `expected ${x.dtype}, ${owner}, got ${from.dtype}`, hint);
}
