import type { Dtype } from "../../base/dtype.js";
import { DtypeError } from "../../base/errors.js";
import { broadcastShapes, type Shape, sizeOf } from "../../base/shape.js";
import { workspaces, writeStruct } from "../../runtime/heap.js";
import { launchWorking } from "../../runtime/launch.js";
import { shapeOnly } from "../../runtime/shape-only.js";
import { realKernels } from "../../tensor/dispatch.js";
import { empty, Tensor } from "../../tensor/tensor.js";
import { asContiguous } from "../layout/copy.js";
import { mergeDims } from "../layout/merge-dims.js";
import { stridesIn } from "../pointwise/zip.js";

// From tensors to the gemm kernel. It reads matrices through their strides, so transposed views are not copied.

/** A matrix for gemm: its byte address, and the elements from row to row, column to column, batch to batch. */
type Matrix = { at: number; down: number; across: number; step: number };

/** The number of products, and the rows, columns and terms of c. */
type Sizes = { batch: number; m: number; n: number; k: number };

/** No matrix. */
const NO_MATRIX: Matrix = { at: 0, down: 0, across: 0, step: 0 };

const transposed = ({ at, down, across, step }: Matrix): Matrix => ({ at, down: across, across: down, step });

/** c = a·b (+ d) for each of `batch` matrices. */
function multiply(
  op: string,
  dtype: Dtype,
  { batch, m, n, k }: Sizes,
  a: Matrix,
  b: Matrix,
  c: Matrix,
  d: Matrix,
): void {
  const { gemm, gemmUnits, gemmWork } = realKernels(op, dtype);
  const products = batch * m * n * k;
  if (shapeOnly.on) {
    shapeOnly.products += products;
    return;
  }
  const work = workspaces(gemmWork(k));
  const fields = [a.at, b.at, c.at, d.at, batch, m, n, k];
  for (const { down, across, step } of [a, b, c, d]) fields.push(down, across, step);
  const struct = writeStruct(fields);
  const units = gemmUnits(struct);
  launchWorking(gemm, units, products / 8 / units, work.step, struct, work.at);
}

/** Throws unless all operands have one dtype: a product never converts (PyTorch's rule). */
export function checkOneDtype(op: string, operands: readonly Tensor[]): void {
  if (operands.every((x) => x.dtype === operands[0]!.dtype)) return;
  const got = operands.map((x) => x.dtype).join(" and ");
  throw new DtypeError(op, `expected operands of one dtype, got ${got}`, "Convert one of them with .to(dtype)");
}

/** A tensor as one matrix [rows, last dim]. It is copied only if its rows lie at uneven distances. */
function rowsOf(x: Tensor): { rows: number; matrix: Matrix } {
  const last = x.ndim - 1;
  let down = 0;
  let rows = 1;
  for (let i = last - 1; i >= 0; i--) {
    const size = x.shape[i]!;
    if (size === 1) continue;
    if (rows === 1) down = x.strides[i]!;
    else if (rows > 0 && x.strides[i] !== down * rows) return rowsOf(asContiguous(x));
    rows *= size;
  }
  return { rows, matrix: { at: x.ptr, down, across: x.strides[last]!, step: 0 } };
}

/** x·w, or x·wᵀ when `flip`, (+ bias) over the last dim of x: [*, k] by a matrix to [*, n]. Not recorded. */
export function projectRows(op: string, x: Tensor, w: Tensor, flip: boolean, bias?: Tensor): Tensor {
  const { rows, matrix } = rowsOf(x);
  const plain: Matrix = { at: w.ptr, down: w.strides[0]!, across: w.strides[1]!, step: 0 };
  const k = w.shape[flip ? 1 : 0]!;
  const n = w.shape[flip ? 0 : 1]!;
  const out = empty(op, withLast(x.shape, n), x.dtype);
  const addend = bias === undefined ? NO_MATRIX : { at: bias.ptr, down: 0, across: bias.strides[0] ?? 0, step: 0 };
  const into = { at: out.ptr, down: n, across: 1, step: 0 };
  multiply(op, x.dtype, { batch: 1, m: rows, n, k }, matrix, flip ? transposed(plain) : plain, into, addend);
  return out;
}

/** A shape with another last size. */
function withLast(shape: Shape, size: number): Shape {
  const other = shape.slice();
  other[shape.length - 1] = size;
  return other;
}

/** Σ over rows of aᵀ·b: [*, m] and [*, n] to [m, n]. Not recorded. */
export function crossRows(op: string, a: Tensor, b: Tensor): Tensor {
  const left = rowsOf(a);
  const right = rowsOf(b);
  const m = a.shape.at(-1)!;
  const n = b.shape.at(-1)!;
  const out = empty(op, [m, n], a.dtype);
  const into = { at: out.ptr, down: n, across: 1, step: 0 };
  multiply(op, a.dtype, { batch: 1, m, n, k: left.rows }, transposed(left.matrix), right.matrix, into, NO_MATRIX);
  return out;
}

/** a·b over the last two dims, either transposed first; the dims before broadcast. Not recorded. */
export function multiplyBatches(op: string, a: Tensor, b: Tensor, flipA: boolean, flipB: boolean): Tensor {
  const [down, across] = [-2, -1];
  const m = a.shape.at(flipA ? across : down)!;
  const k = a.shape.at(flipA ? down : across)!;
  const n = b.shape.at(flipB ? down : across)!;
  const shape = broadcastShapes(op, a.shape.slice(0, -2), b.shape.slice(0, -2));
  const out = empty(op, [...shape, m, n], a.dtype);
  if (out.numel === 0) return out;
  const steps = (x: Tensor): number[] =>
    stridesIn(new Tensor(x.storage, x.shape.slice(0, -2), x.dtype, x.strides.slice(0, -2)), shape);
  const dims = mergeDims(shape, steps(a), steps(b)); // the innermost in one launch, the others in loops
  const last = Math.max(dims.shape.length - 1, 0);
  const [batch, stepA, stepB] = [dims.shape[last] ?? 1, dims.a[last] ?? 0, dims.b[last] ?? 0];
  const bytes = a.dtype === "float64" ? 8 : 4;
  const run = (dim: number, at: readonly [number, number, number]): void => {
    if (dim === last) {
      const left = { at: at[0], down: a.strides.at(-2)!, across: a.strides.at(-1)!, step: stepA };
      const right = { at: at[1], down: b.strides.at(-2)!, across: b.strides.at(-1)!, step: stepB };
      const into = { at: at[2], down: n, across: 1, step: m * n };
      const [x, y] = [flipA ? transposed(left) : left, flipB ? transposed(right) : right];
      multiply(op, a.dtype, { batch, m, n, k }, x, y, into, NO_MATRIX);
      return;
    }
    const [nextA, nextB, nextC] = [dims.a[dim]!, dims.b[dim]!, sizeOf(dims.shape, dim + 1) * m * n];
    for (let z = 0; z < dims.shape[dim]!; z++) {
      run(dim + 1, [at[0] + z * nextA * bytes, at[1] + z * nextB * bytes, at[2] + z * nextC * bytes]);
    }
  };
  run(0, [a.ptr, b.ptr, out.ptr]);
  return out;
}
