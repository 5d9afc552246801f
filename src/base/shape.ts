import { formatShape, ShapeError, ValueError } from "./errors.js";

/** Sizes of the dims of a tensor, outermost first. */
export type Shape = readonly number[];

/** The product of all sizes, or of those of dims [from, to). 0 when one of them is 0, however large the others are. */
export function sizeOf(shape: Shape, from = 0, to = shape.length): number {
  let n = 1;
  for (let i = from; i < to && i < shape.length; i++) {
    if (shape[i] === 0) return 0;
    n *= shape[i]!;
  }
  return n;
}

/** Row-major strides in elements. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i]!;
  }
  return strides;
}

/** Whether elements lie row-major without gaps. Strides of dims of size 1 do not count. */
export function isRowMajor(shape: Shape, strides: Shape): boolean {
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] === 0) return true;
    if (shape[i] !== 1 && strides[i] !== step) return false;
    step *= shape[i]!;
  }
  return true;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Throws unless every size is a non-negative integer. */
export function checkShape(op: string, shape: Shape): void {
  if (!Array.isArray(shape)) throw new ShapeError(op, `expected an array of sizes, got ${String(shape)}`);
  for (const size of shape) {
    if (!Number.isInteger(size) || size < 0) {
      throw new ShapeError(op, `expected sizes that are non-negative integers, got ${formatShape(shape)}`);
    }
  }
}

/** The shape that two shapes broadcast to, as in PyTorch and NumPy: dims align at the last one, a size of 1 stretches. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const ndim = Math.max(a.length, b.length);
  const out = new Array<number>(ndim);
  for (let i = 1; i <= ndim; i++) {
    const p = a[a.length - i] ?? 1;
    const q = b[b.length - i] ?? 1;
    if (p !== q && p !== 1 && q !== 1) {
      throw new ShapeError(
        op,
        `expected shapes that broadcast (equal sizes or 1, counted from the last dim), got ${formatShape(a)} and ${formatShape(b)}, which differ at dim ${ndim - i} (${p} against ${q})`,
        "Reshape one of them with view, unsqueeze or expand",
      );
    }
    out[ndim - i] = p === 1 ? q : p;
  }
  return out;
}

/** A dim counted from the front: -1 becomes `ndim` - 1. */
export function normalizeDim(op: string, dim: number, ndim: number): number {
  const range = Math.max(ndim, 1);
  if (!Number.isInteger(dim) || dim < -range || dim >= range) {
    throw new ValueError(op, `expected a dim in [${-range}, ${range - 1}], got ${dim}`);
  }
  return dim < 0 ? dim + range : dim;
}

/** [0, 1, … count - 1] */
export function firstDims(count: number): number[] {
  const dims = new Array<number>(count);
  for (let i = 0; i < count; i++) dims[i] = i;
  return dims;
}

/** A dim, a list of dims, or none (all) as sorted distinct dims. */
export function normalizeDims(op: string, dim: number | readonly number[] | null | undefined, ndim: number): number[] {
  if (dim === null || dim === undefined || (Array.isArray(dim) && dim.length === 0)) {
    return firstDims(ndim);
  }
  const dims = (typeof dim === "number" ? [dim] : [...dim]).map((d) => normalizeDim(op, d, ndim));
  dims.sort((a, b) => a - b);
  for (let i = 1; i < dims.length; i++) {
    if (dims[i] === dims[i - 1]) throw new ValueError(op, `expected distinct dims, got dim ${dims[i]} twice`);
  }
  return ndim === 0 ? [] : dims;
}

/** The shape after reducing `dims` (sorted, distinct), with or without the reduced dims as size 1. */
export function reducedShape(shape: Shape, dims: readonly number[], keepdim: boolean): number[] {
  const out: number[] = [];
  for (let i = 0; i < shape.length; i++) {
    if (!dims.includes(i)) out.push(shape[i]!);
    else if (keepdim) out.push(1);
  }
  return out;
}

/** Resolves one -1 in the sizes given to view and reshape. */
export function inferShape(op: string, numel: number, sizes: Shape): number[] {
  const unknown = sizes.indexOf(-1);
  const known = sizes.reduce((n, size, i) => (i === unknown ? n : n * size), 1);
  const out = [...sizes];
  if (unknown >= 0 && known > 0 && numel % known === 0) out[unknown] = numel / known;
  if (out.some((size) => !Number.isInteger(size) || size < 0) || sizeOf(out) !== numel) {
    throw new ShapeError(op, `expected sizes that hold ${numel} elements, got ${formatShape(sizes)}`);
  }
  return out;
}

/** Sizes or dims as PyTorch takes them: one by one, or as one array. */
export type Sizes = number[] | [Shape];

/** The list of numbers in either form. */
export function listOf(sizes: Sizes): Shape {
  const first = sizes[0];
  return typeof first === "object" ? first : (sizes as Shape);
}
