import { formatShape, ShapeError } from "../../base/errors.js";
import { normalizeDim, type Shape } from "../../base/shape.js";
import { define, dimNumber } from "../../base/signature.js";
import { tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import { empty, Tensor } from "../../tensor/tensor.js";
import { writeElements } from "../layout/copy.js";
import { fillElements } from "../layout/factories.js";
import { sum } from "../pointwise/broadcast.js";

// Reading a diagonal and writing one into zeros are each other's gradients, so they share a file.

/** A diagonal of two dims, checked. */
type Diagonal = { offset: number; dim1: number; dim2: number };

/** A view of the elements (i, i + offset) of two dims, as a last dim. Not recorded. */
function diagonalView(x: Tensor, { offset, dim1, dim2 }: Diagonal): Tensor {
  const length = Math.min(x.shape[dim1]! + Math.min(offset, 0), x.shape[dim2]! - Math.max(offset, 0));
  const others = (values: Shape): number[] => values.filter((_, i) => i !== dim1 && i !== dim2);
  const step = x.strides[dim1]! + x.strides[dim2]!;
  const start = offset >= 0 ? offset * x.strides[dim2]! : -offset * x.strides[dim1]!;
  const shape = [...others(x.shape), Math.max(length, 0)];
  return new Tensor(x.storage, shape, x.dtype, [...others(x.strides), step], x.offset + (length > 0 ? start : 0));
}

function readDiagonal(x: Tensor, at: Diagonal): Tensor {
  return record("diagonal", diagonalView(x, at), [x], [], (g) => [writeDiagonal(g, x.shape, at)]);
}

/** Zeros of `shape` with `values` on one diagonal. */
function writeDiagonal(values: Tensor, shape: Shape, at: Diagonal): Tensor {
  const out = empty("diagonal", shape, values.dtype);
  fillElements(out, 0);
  writeElements(diagonalView(out, at), values);
  return record("diagonalScatter", out, [values], [], (g) => [readDiagonal(g, at)]);
}

/**
 * A view of the elements (i, i + offset) of two dims, as a last dim, as torch.diagonal.
 * @param offset which diagonal: above the main one when positive
 * @see https://pytorch.org/docs/stable/generated/torch.diagonal.html
 * @example
 * ```ts
 * import { tensor } from "simdgrad";
 * tensor([[1, 2], [3, 4]]).diagonal().toArray(); // [1, 4]
 * ```
 */
export const diagonal = define(
  "diagonal",
  { input: tensorKind, offset: dimNumber, dim1: dimNumber, dim2: dimNumber },
  (input: Tensor, offset: number = 0, dim1: number = 0, dim2: number = 1): Tensor => {
    const at = {
      offset,
      dim1: normalizeDim("diagonal", dim1, input.ndim),
      dim2: normalizeDim("diagonal", dim2, input.ndim),
    };
    if (input.ndim < 2 || at.dim1 === at.dim2) {
      throw new ShapeError(
        "diagonal",
        `expected two distinct dims, got ${dim1} and ${dim2} of ${formatShape(input.shape)}`,
      );
    }
    return readDiagonal(input, at);
  },
);

/**
 * The sum of a matrix's main diagonal, as torch.trace.
 * @see https://pytorch.org/docs/stable/generated/torch.trace.html
 */
export const trace = define("trace", { input: tensorKind }, (input: Tensor): Tensor => {
  if (input.ndim !== 2) throw new ShapeError("trace", `expected a matrix, got shape ${formatShape(input.shape)}`);
  return sum(diagonal(input));
});

/**
 * The diagonal of a matrix, or the matrix that has a vector as its diagonal, as torch.diag.
 * @param offset which diagonal: above the main one when positive
 * @see https://pytorch.org/docs/stable/generated/torch.diag.html
 */
export const diag = define(
  "diag",
  { input: tensorKind, diagonal: dimNumber },
  (input: Tensor, offset: number = 0): Tensor => {
    if (input.ndim === 2) return diagonal(input, offset);
    if (input.ndim !== 1)
      throw new ShapeError("diag", `expected a vector or a matrix, got shape ${formatShape(input.shape)}`);
    const size = input.shape[0]! + Math.abs(offset);
    return writeDiagonal(input, [size, size], { offset, dim1: 0, dim2: 1 });
  },
);
