import { isFloat } from "../base/dtype.js";
import { formatShape, ShapeError, SimdgradError } from "../base/errors.js";
import { checkFinite } from "./anomaly.js";
import { mode } from "./mode.js";
import { runningPath } from "./running.js";
import { type Backward, type BackwardMany, ManyNode, Node, Tensor } from "./tensor.js";

/**
 * The last line of every differentiable operation: puts `out` into the graph when recording is on and an input needs a
 * gradient.
 * @param saved the tensors whose values `backward` reads through `node.saved`
 */
export function record(
  op: string,
  out: Tensor,
  inputs: readonly Tensor[],
  saved: readonly Tensor[],
  backward: Backward,
): Tensor {
  if (mode.anomaly) checkFinite(op, out, inputs);
  if (mode.observer !== null) mode.observer(op, [out], inputs);
  if (!mode.recording) return out;
  for (let i = 0; i < inputs.length; i++) {
    if (inputs[i]!.requiresGrad) {
      out.node = new Node(op, inputs, saved, backward, mode.anomaly ? runningPath() : "");
      return out;
    }
  }
  return out;
}

/** The last line of an operation without gradients: tells the observer, if there is one. */
export function notify(op: string, out: Tensor, inputs: readonly unknown[]): Tensor {
  if (mode.observer !== null)
    mode.observer(
      op,
      [out],
      inputs.filter((input) => input instanceof Tensor),
    );
  return out;
}

/** As {@link record}, for operations with several outputs. */
export function recordMany(
  op: string,
  outs: readonly Tensor[],
  inputs: readonly Tensor[],
  saved: readonly Tensor[],
  backward: BackwardMany,
): void {
  if (mode.anomaly) for (const out of outs) checkFinite(op, out, inputs);
  mode.observer?.(op, outs, inputs);
  if (!mode.recording || !inputs.some((input) => input.requiresGrad)) return;
  const node = new ManyNode(op, inputs, saved, backward, mode.anomaly ? runningPath() : "");
  outs.forEach((out, i) => {
    if (!isFloat(out.dtype)) return; // indices have no gradient
    out.node = node;
    out.outputIndex = i;
  });
}

/**
 * Throws for a write in place that the graph would miss, because the target or an operand needs a gradient while
 * recording is on, and for a write to an expanded tensor, whose elements share memory.
 */
export function checkInPlace(op: string, target: Tensor, operands: readonly Tensor[] = []): void {
  if (!target.isContiguous() && target.shape.some((size, i) => size > 1 && target.strides[i] === 0)) {
    throw new ShapeError(
      op,
      `expected a tensor whose elements have memory of their own, got an expanded one of shape ${formatShape(target.shape)}`,
      "Clone it first",
    );
  }
  if (!mode.recording || (!target.requiresGrad && !operands.some((operand) => operand.requiresGrad))) return;
  throw new SimdgradError(
    op,
    "expected a write in place under noGrad, got one on tensors that need gradients while recording is on",
    `Write noGrad(() => x.${op}(…)), or use operations that make a new tensor`,
  );
}
