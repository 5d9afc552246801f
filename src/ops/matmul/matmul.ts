import { formatShape, ShapeError } from "../../base/errors.js";
import { shapeOnly } from "../../runtime/shape-only.js";
import { checkTensor } from "../../tensor/check.js";
import { record } from "../../tensor/record.js";
import type { Tensor } from "../../tensor/tensor.js";
import { squeeze, unsqueeze } from "../layout/views.js";
import { mul } from "../pointwise/arithmetic.js";
import { sum, sumTo } from "../pointwise/broadcast.js";
import { checkOneDtype, crossRows, multiplyBatches, projectRows } from "./product.js";

// Three recorded products, whose gradients are these three again: rows by a matrix (project), the sum over rows of
// outer products (cross), and batches of matrices (batched). The flags say which operand is transposed.

/** x·w or x·wᵀ, (+ bias): [*, k] to [*, n] in one launch. */
function project(op: string, x: Tensor, w: Tensor, flip: boolean, bias?: Tensor): Tensor {
  const out = projectRows(op, x, w, flip, bias);
  // The gradient of each operand reads the other one: an operand that no gradient reads is not saved.
  const saved = [w.requiresGrad ? x : w, x.requiresGrad ? w : x];
  return record(op, out, bias === undefined ? [x, w] : [x, w, bias], saved, (g, node) => {
    const [rows, matrix] = node.saved;
    const dx = node.needs(0) ? project(op, g, matrix!, !flip) : null;
    const dw = node.needs(1) ? (flip ? cross(op, g, rows!) : cross(op, rows!, g)) : null;
    if (node.inputs.length === 2) return [dx, dw];
    return [dx, dw, node.needs(2) ? sumTo(g, node.inputs[2]!.shape) : null];
  });
}

/** Σ over rows of aᵀ·b: [*, m] and [*, n] to [m, n]. */
function cross(op: string, a: Tensor, b: Tensor): Tensor {
  return record(op, crossRows(op, a, b), [a, b], [b.requiresGrad ? a : b, a.requiresGrad ? b : a], (g, node) => {
    const [left, right] = node.saved;
    return [node.needs(0) ? project(op, right!, g, true) : null, node.needs(1) ? project(op, left!, g, false) : null];
  });
}

/** a·b over the last two dims, either transposed; the dims before broadcast. */
function batched(op: string, a: Tensor, b: Tensor, flipA = false, flipB = false): Tensor {
  const out = multiplyBatches(op, a, b, flipA, flipB);
  return record(op, out, [a, b], [b.requiresGrad ? a : b, a.requiresGrad ? b : a], (g, node) => {
    const [x, y] = node.saved;
    const left = (): Tensor => (flipA ? batched(op, y!, g, flipB, true) : batched(op, g, y!, false, !flipB));
    const right = (): Tensor => (flipB ? batched(op, g, x!, true, flipA) : batched(op, x!, g, !flipA, false));
    return [
      node.needs(0) ? sumTo(left(), node.inputs[0]!.shape) : null,
      node.needs(1) ? sumTo(right(), node.inputs[1]!.shape) : null,
    ];
  });
}

const both = (a: Tensor, b: Tensor): string => `${formatShape(a.shape)} and ${formatShape(b.shape)}`;

function checkTensors(op: string, a: Tensor, b: Tensor): void {
  checkTensor(op, "its first operand", a);
  checkTensor(op, "its second operand", b);
}

function checkDims(op: string, a: Tensor, ndimA: number, b: Tensor, ndimB: number): void {
  checkTensors(op, a, b);
  if (a.ndim === ndimA && b.ndim === ndimB) return;
  throw new ShapeError(
    op,
    `expected tensors of ${ndimA} and ${ndimB} dims, got ${both(a, b)}`,
    "See matmul for others",
  );
}

/** Throws unless the last dim of `a` has the size of the second-to-last of `b` (its only one when it is a vector). */
function checkInner(op: string, a: Tensor, b: Tensor): void {
  checkOneDtype(op, [a, b]);
  const dim = b.ndim === 1 ? 0 : b.ndim - 2;
  if (a.shape[a.ndim - 1] === b.shape[dim]) return;
  throw new ShapeError(
    op,
    `expected the last size of the first (${a.shape[a.ndim - 1]}) to equal size ${dim} of the second (${b.shape[dim]}), got ${both(a, b)}`,
    "Transpose one of them",
  );
}

/** The sum of the products of two vectors. */
function inner(a: Tensor, b: Tensor): Tensor {
  if (shapeOnly.on) shapeOnly.products += a.numel;
  return sum(mul(a, b));
}

/**
 * The matrix product, as torch.matmul: of two vectors a number, of matrices their product, and of tensors with more
 * dims the products of the matrices in their last two, while the dims before broadcast. A vector is a row on the left
 * and a column on the right, and the result lacks that dim.
 *
 * @param a [..., m, k] or [k]
 * @param b [..., k, n] or [k]; the same dtype, float32 or float64
 * @throws ShapeError when the inner sizes differ or the batch dims do not broadcast, DtypeError when the dtypes differ
 * @see https://pytorch.org/docs/stable/generated/torch.matmul.html
 * @example
 * ```ts
 * import { tensor } from "simdgrad";
 * tensor([[1, 2], [3, 4]]).matmul(tensor([10, 1])).toArray(); // [12, 34]
 * ```
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  checkTensors("matmul", a, b);
  if (a.ndim === 0 || b.ndim === 0) {
    throw new ShapeError("matmul", `expected tensors with at least one dim, got ${both(a, b)}`, "Use mul for scalars");
  }
  checkInner("matmul", a, b);
  if (b.ndim === 1) {
    return a.ndim === 1 ? inner(a, b) : squeeze(project("matmul", a, unsqueeze(b, 1), false), a.ndim - 1);
  }
  if (b.ndim === 2) return project("matmul", a, b, false);
  if (a.ndim === 1) return squeeze(batched("matmul", unsqueeze(a, 0), b), b.ndim - 2);
  return batched("matmul", a, b);
}

/**
 * The product of two matrices, as torch.mm.
 * @param a [m, k]
 * @param b [k, n]
 * @see https://pytorch.org/docs/stable/generated/torch.mm.html
 */
export function mm(a: Tensor, b: Tensor): Tensor {
  checkDims("mm", a, 2, b, 2);
  checkInner("mm", a, b);
  return project("mm", a, b, false);
}

/**
 * The products of two batches of matrices, as torch.bmm.
 * @param a [batch, m, k]
 * @param b [batch, k, n]
 * @see https://pytorch.org/docs/stable/generated/torch.bmm.html
 */
export function bmm(a: Tensor, b: Tensor): Tensor {
  checkDims("bmm", a, 3, b, 3);
  if (a.shape[0] !== b.shape[0]) {
    throw new ShapeError("bmm", `expected batches of one size, got ${both(a, b)}`, "matmul broadcasts batches");
  }
  checkInner("bmm", a, b);
  return batched("bmm", a, b);
}

/**
 * A matrix times a vector, as torch.mv.
 * @param a [m, k]
 * @param x [k]
 * @see https://pytorch.org/docs/stable/generated/torch.mv.html
 */
export function mv(a: Tensor, x: Tensor): Tensor {
  checkDims("mv", a, 2, x, 1);
  checkInner("mv", a, x);
  return squeeze(project("mv", a, unsqueeze(x, 1), false), 1);
}

/**
 * The inner product of two vectors, as torch.dot.
 * @see https://pytorch.org/docs/stable/generated/torch.dot.html
 */
export function dot(a: Tensor, b: Tensor): Tensor {
  checkDims("dot", a, 1, b, 1);
  checkInner("dot", a, b);
  return inner(a, b);
}

/**
 * The outer product a bᵀ of two vectors, as torch.outer.
 * @param a [m]
 * @param b [n]
 * @returns [m, n]
 * @see https://pytorch.org/docs/stable/generated/torch.outer.html
 */
export function outer(a: Tensor, b: Tensor): Tensor {
  checkDims("outer", a, 1, b, 1);
  return mul(unsqueeze(a, 1), b);
}

/**
 * x·weightᵀ + bias over the last dim, as torch.nn.functional.linear, in one launch.
 *
 * @param x [*, in]
 * @param weight [out, in], of x's dtype
 * @param bias [out], of x's dtype
 * @returns [*, out]
 * @throws ShapeError when the sizes do not meet, DtypeError when the dtypes differ
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.linear.html
 * @example
 * ```ts
 * import { F, tensor } from "simdgrad";
 * F.linear(tensor([[1, 2]]), tensor([[3, 4]]), tensor([5])).toArray(); // [[16]]
 * ```
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  checkTensor("linear", "input", x);
  checkTensor("linear", "weight", weight);
  if (weight.ndim !== 2) {
    throw new ShapeError("linear", `expected a weight of shape [out, in], got ${formatShape(weight.shape)}`);
  }
  const [out, inputs] = weight.shape;
  if (x.shape[x.ndim - 1] !== inputs) {
    throw new ShapeError("linear", `expected input [*, ${inputs}], got ${formatShape(x.shape)}`);
  }
  if (!bias) {
    checkOneDtype("linear", [x, weight]);
    return project("linear", x, weight, true);
  }
  if (bias.ndim !== 1 || bias.shape[0] !== out) {
    throw new ShapeError("linear", `expected a bias of shape [${out}], got ${formatShape(bias.shape)}`);
  }
  checkOneDtype("linear", [x, weight, bias]);
  return project("linear", x, weight, true, bias);
}
