import { formatShape, ShapeError } from "../../base/errors.js";
import { define, orNull } from "../../base/signature.js";
import { shapeOnly } from "../../runtime/shape-only.js";
import { tensorKind } from "../../tensor/kinds.js";
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

function checkDims(op: string, a: Tensor, ndimA: number, b: Tensor, ndimB: number): void {
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
 * @param input [..., m, k] or [k]
 * @param other [..., k, n] or [k]; the same dtype, float32 or float64
 * @throws ShapeError when the inner sizes differ or the batch dims do not broadcast, DtypeError when the dtypes differ
 * @see https://pytorch.org/docs/stable/generated/torch.matmul.html
 * @example
 * ```ts
 * import { tensor } from "simdgrad";
 * tensor([[1, 2], [3, 4]]).matmul(tensor([10, 1])).toArray(); // [12, 34]
 * ```
 */
export const matmul = define(
  "matmul",
  { input: tensorKind, other: tensorKind },
  (input: Tensor, other: Tensor): Tensor => {
    if (input.ndim === 0 || other.ndim === 0) {
      throw new ShapeError(
        "matmul",
        `expected tensors with at least one dim, got ${both(input, other)}`,
        "Use mul for scalars",
      );
    }
    checkInner("matmul", input, other);
    if (other.ndim === 1) {
      return input.ndim === 1
        ? inner(input, other)
        : squeeze(project("matmul", input, unsqueeze(other, 1), false), input.ndim - 1);
    }
    if (other.ndim === 2) return project("matmul", input, other, false);
    if (input.ndim === 1) return squeeze(batched("matmul", unsqueeze(input, 0), other), other.ndim - 2);
    return batched("matmul", input, other);
  },
);

/**
 * The product of two matrices, as torch.mm.
 * @param input [m, k]
 * @param mat2 [k, n]
 * @see https://pytorch.org/docs/stable/generated/torch.mm.html
 */
export const mm = define("mm", { input: tensorKind, mat2: tensorKind }, (input: Tensor, mat2: Tensor): Tensor => {
  checkDims("mm", input, 2, mat2, 2);
  checkInner("mm", input, mat2);
  return project("mm", input, mat2, false);
});

/**
 * The products of two batches of matrices, as torch.bmm.
 * @param input [batch, m, k]
 * @param mat2 [batch, k, n]
 * @see https://pytorch.org/docs/stable/generated/torch.bmm.html
 */
export const bmm = define("bmm", { input: tensorKind, mat2: tensorKind }, (input: Tensor, mat2: Tensor): Tensor => {
  checkDims("bmm", input, 3, mat2, 3);
  if (input.shape[0] !== mat2.shape[0]) {
    throw new ShapeError("bmm", `expected batches of one size, got ${both(input, mat2)}`, "matmul broadcasts batches");
  }
  checkInner("bmm", input, mat2);
  return batched("bmm", input, mat2);
});

/**
 * A matrix times a vector, as torch.mv.
 * @param input [m, k]
 * @param vec [k]
 * @see https://pytorch.org/docs/stable/generated/torch.mv.html
 */
export const mv = define("mv", { input: tensorKind, vec: tensorKind }, (input: Tensor, vec: Tensor): Tensor => {
  checkDims("mv", input, 2, vec, 1);
  checkInner("mv", input, vec);
  return squeeze(project("mv", input, unsqueeze(vec, 1), false), 1);
});

/**
 * The inner product of two vectors, as torch.dot.
 * @see https://pytorch.org/docs/stable/generated/torch.dot.html
 */
export const dot = define("dot", { input: tensorKind, other: tensorKind }, (input: Tensor, other: Tensor): Tensor => {
  checkDims("dot", input, 1, other, 1);
  checkInner("dot", input, other);
  return inner(input, other);
});

/**
 * The outer product a bᵀ of two vectors, as torch.outer.
 * @param input [m]
 * @param vec2 [n]
 * @returns [m, n]
 * @see https://pytorch.org/docs/stable/generated/torch.outer.html
 */
export const outer = define("outer", { input: tensorKind, vec2: tensorKind }, (input: Tensor, vec2: Tensor): Tensor => {
  checkDims("outer", input, 1, vec2, 1);
  return mul(unsqueeze(input, 1), vec2);
});

/**
 * input·weightᵀ + bias over the last dim, as torch.nn.functional.linear, in one launch.
 *
 * @param input [*, in]
 * @param weight [out, in], of the input's dtype
 * @param bias [out], of the input's dtype
 * @returns [*, out]
 * @throws ShapeError when the sizes do not meet, DtypeError when the dtypes differ
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.linear.html
 * @example
 * ```ts
 * import { F, tensor } from "simdgrad";
 * F.linear(tensor([[1, 2]]), tensor([[3, 4]]), tensor([5])).toArray(); // [[16]]
 * ```
 */
export const linear = define(
  "linear",
  { input: tensorKind, weight: tensorKind, bias: orNull(tensorKind) },
  (input: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor => {
    if (weight.ndim !== 2) {
      throw new ShapeError("linear", `expected a weight of shape [out, in], got ${formatShape(weight.shape)}`);
    }
    const [out, inputs] = weight.shape;
    if (input.shape[input.ndim - 1] !== inputs) {
      throw new ShapeError("linear", `expected input [*, ${inputs}], got ${formatShape(input.shape)}`);
    }
    if (!bias) {
      checkOneDtype("linear", [input, weight]);
      return project("linear", input, weight, true);
    }
    if (bias.ndim !== 1 || bias.shape[0] !== out) {
      throw new ShapeError("linear", `expected a bias of shape [${out}], got ${formatShape(bias.shape)}`);
    }
    checkOneDtype("linear", [input, weight, bias]);
    return project("linear", input, weight, true, bias);
  },
);
