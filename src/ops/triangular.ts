import { record } from "../array/record.js";
import { Tensor } from "../array/tensor.js";
import { formatShape, ShapeError } from "../base/errors.js";
import { sub } from "./arithmetic.js";
import { sum } from "./broadcast.js";
import { ge, le } from "./compare.js";
import { writeElements } from "./copy.js";
import { arange, zeros } from "./ranges.js";
import { unsqueeze } from "./views.js";
import { where } from "./where.js";

/** Column number minus row number, for the last two dims of x. */
function offsets(op: string, x: Tensor): Tensor {
  if (x.ndim < 2) throw new ShapeError(op, `expected at least 2 dims, got shape ${formatShape(x.shape)}`);
  return sub(arange(x.shape[x.ndim - 1]!), unsqueeze(arange(x.shape[x.ndim - 2]!), 1));
}

/**
 * The lower triangle of matrices, zeros above, as torch.tril.
 * @param diagonal the highest diagonal that is kept: 0 the main one, positive above it
 * @see https://pytorch.org/docs/stable/generated/torch.tril.html
 */
export function tril(x: Tensor, diagonal = 0): Tensor {
  return where(le(offsets("tril", x), diagonal), x, 0);
}

/**
 * The upper triangle of matrices, zeros below, as torch.triu.
 * @param diagonal the lowest diagonal that is kept
 * @see https://pytorch.org/docs/stable/generated/torch.triu.html
 */
export function triu(x: Tensor, diagonal = 0): Tensor {
  return where(ge(offsets("triu", x), diagonal), x, 0);
}

/** The diagonal of a matrix as a view. Not recorded. */
function onDiagonal(x: Tensor, offset: number): Tensor {
  const [rows, columns] = [x.shape[0]!, x.shape[1]!];
  const [first, second] = [x.strides[0]!, x.strides[1]!];
  const length = Math.max(0, offset < 0 ? Math.min(rows + offset, columns) : Math.min(rows, columns - offset));
  const start = length === 0 ? 0 : offset < 0 ? -offset * first : offset * second;
  return new Tensor(x.storage, [length], x.dtype, [first + second], x.offset + start);
}

/**
 * The diagonal of a matrix (a view), as torch.diagonal.
 * @param offset which one: 0 the main one, positive above it
 * @see https://pytorch.org/docs/stable/generated/torch.diagonal.html
 */
export function diagonal(x: Tensor, offset = 0): Tensor {
  if (x.ndim !== 2) throw new ShapeError("diagonal", `expected 2 dims, got shape ${formatShape(x.shape)}`);
  return record("diagonal", onDiagonal(x, offset), [x], [], (g) => [fromDiagonal(g, x.shape[0]!, x.shape[1]!, offset)]);
}

function fromDiagonal(values: Tensor, rows: number, columns: number, offset: number): Tensor {
  const out = zeros([rows, columns], { dtype: values.dtype });
  writeElements(onDiagonal(out, offset), values);
  return record("diag", out, [values], [], (g) => [diagonal(g, offset)]);
}

/**
 * The diagonal of a matrix, or the matrix that has a vector as its diagonal, as torch.diag.
 * @see https://pytorch.org/docs/stable/generated/torch.diag.html
 */
export function diag(x: Tensor, offset = 0): Tensor {
  if (x.ndim !== 1) return diagonal(x, offset);
  const size = x.shape[0]! + Math.abs(offset);
  return fromDiagonal(x, size, size, offset);
}

/**
 * The sum of the diagonal of a matrix, as torch.trace.
 * @see https://pytorch.org/docs/stable/generated/torch.trace.html
 */
export function trace(x: Tensor): Tensor {
  return sum(diagonal(x));
}
