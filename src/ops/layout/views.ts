import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { inferShape, listOf, normalizeDim, type Shape, type Sizes, sameShape, sizeOf } from "../../base/shape.js";
import { record } from "../../tensor/record.js";
import { Tensor } from "../../tensor/tensor.js";
import { asContiguous, contiguous } from "./copy.js";

// Other shapes on the same elements. None of these copies, except reshape and flatten where no view exists.

/** A view with other sizes and strides on x's memory. */
function asStrided(x: Tensor, shape: Shape, strides?: Shape, offset = x.offset): Tensor {
  return new Tensor(x.storage, shape, x.dtype, strides, offset);
}

/** The strides of x in another shape, or null when its memory does not allow it (PyTorch's computeStride). */
function stridesFor(x: Tensor, shape: Shape): number[] | null {
  const strides = new Array<number>(shape.length);
  let view = shape.length - 1;
  let size = 1; // of the run of dims of x that lie without gaps
  let chunk = 1; // of the dims of the new shape that cover it
  let step = x.ndim > 0 ? x.strides[x.ndim - 1]! : 1;
  for (let dim = x.ndim - 1; dim >= 0; dim--) {
    size *= x.shape[dim]!;
    const outer = dim > 0 ? x.shape[dim - 1]! : 1;
    if (dim > 0 && (outer === 1 || x.strides[dim - 1] === size * step)) continue;
    while (view >= 0 && (chunk < size || shape[view] === 1)) {
      strides[view] = chunk * step;
      chunk *= shape[view]!;
      view--;
    }
    if (chunk !== size) return null;
    if (dim > 0) {
      step = x.strides[dim - 1]!;
      chunk = 1;
      size = 1;
    }
  }
  for (; view >= 0; view--) strides[view] = 1;
  return strides;
}

function reshaped(op: string, x: Tensor, shape: Shape): Tensor | null {
  const strides = x.isContiguous() || x.numel === 0 ? undefined : stridesFor(x, shape);
  if (strides === null) return null;
  return record(op, asStrided(x, shape, strides), [x], [], (g) => [reshape(g, x.shape)]);
}

/**
 * The same elements in another shape, without copying, as torch.Tensor.view. One size may be -1.
 * @throws ShapeError when the memory does not allow it (reshape copies then)
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.view.html
 */
export function view(x: Tensor, ...sizes: Sizes): Tensor {
  const shape = inferShape("view", x.numel, listOf(sizes));
  const out = reshaped("view", x, shape);
  if (out !== null) return out;
  const lie = `shape ${formatShape(x.shape)} and strides ${formatShape(x.strides)}`;
  const problem = `expected elements that lie so that ${formatShape(shape)} is a view of them, got ${lie}`;
  throw new ShapeError("view", problem, "Use reshape, which copies when it must");
}

/**
 * The same elements in another shape, as torch.reshape: a view where possible, else a copy. One size may be -1.
 * @see https://pytorch.org/docs/stable/generated/torch.reshape.html
 */
export function reshape(x: Tensor, ...sizes: Sizes): Tensor {
  const shape = inferShape("reshape", x.numel, listOf(sizes));
  if (sameShape(shape, x.shape)) return x;
  return reshaped("view", x, shape) ?? reshaped("view", contiguous(x), shape)!;
}

/**
 * The tensor in another's shape, as torch.Tensor.view_as.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.view_as.html
 */
export function viewAs(x: Tensor, other: Tensor): Tensor {
  return view(x, other.shape);
}

/**
 * The tensor in another's shape, as torch.Tensor.reshape_as.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.reshape_as.html
 */
export function reshapeAs(x: Tensor, other: Tensor): Tensor {
  return reshape(x, other.shape);
}

/**
 * Dims in another order, as torch.permute.
 * @see https://pytorch.org/docs/stable/generated/torch.permute.html
 */
export function permute(x: Tensor, ...dims: Sizes): Tensor {
  const order = listOf(dims).map((dim) => normalizeDim("permute", dim, x.ndim));
  if (order.length !== x.ndim || new Set(order).size !== x.ndim) {
    throw new ValueError("permute", `expected each of ${x.ndim} dims once, got ${formatShape(listOf(dims))}`);
  }
  const pick = (values: Shape): number[] => order.map((dim) => values[dim]!);
  const back = order.map((_, i) => order.indexOf(i));
  return record("permute", asStrided(x, pick(x.shape), pick(x.strides)), [x], [], (g) => [permute(g, back)]);
}

/**
 * Two dims exchanged, as torch.transpose.
 * @see https://pytorch.org/docs/stable/generated/torch.transpose.html
 */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  const [a, b] = [normalizeDim("transpose", dim0, x.ndim), normalizeDim("transpose", dim1, x.ndim)];
  const swap = (values: Shape): Shape => {
    const out = [...values];
    if (a !== b) [out[a], out[b]] = [out[b]!, out[a]!];
    return out;
  };
  return record("transpose", asStrided(x, swap(x.shape), swap(x.strides)), [x], [], (g) => [transpose(g, a, b)]);
}

/**
 * The transpose of a matrix (vectors and scalars stay), as torch.t.
 * @see https://pytorch.org/docs/stable/generated/torch.t.html
 */
export function t(x: Tensor): Tensor {
  if (x.ndim > 2) {
    throw new ShapeError("t", `expected at most 2 dims, got shape ${formatShape(x.shape)}`, "Use transpose or permute");
  }
  return x.ndim < 2 ? x : transpose(x, 0, 1);
}

/**
 * Drops dims of size 1, as torch.squeeze.
 * @param dim the dims to drop if their size is 1; all when left out
 * @see https://pytorch.org/docs/stable/generated/torch.squeeze.html
 */
export function squeeze(x: Tensor, dim?: number | readonly number[]): Tensor {
  const asked = dim === undefined ? x.shape.map((_, i) => i) : typeof dim === "number" ? [dim] : dim;
  const dims = asked.map((d) => normalizeDim("squeeze", d, x.ndim));
  const kept = x.shape.map((_, i) => i).filter((i) => x.shape[i] !== 1 || !dims.includes(i));
  const pick = (values: Shape): number[] => kept.map((i) => values[i]!);
  return record("squeeze", asStrided(x, pick(x.shape), pick(x.strides)), [x], [], (g) => [reshape(g, x.shape)]);
}

/**
 * Adds a dim of size 1 at `dim`, as torch.unsqueeze.
 * @see https://pytorch.org/docs/stable/generated/torch.unsqueeze.html
 */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  const at = normalizeDim("unsqueeze", dim, x.ndim + 1);
  const step = at < x.ndim ? x.shape[at]! * x.strides[at]! : 1;
  const put = (values: Shape, value: number): number[] => [...values.slice(0, at), value, ...values.slice(at)];
  return record("unsqueeze", asStrided(x, put(x.shape, 1), put(x.strides, step)), [x], [], (g) => [squeeze(g, at)]);
}

/**
 * Dims startDim to endDim as one, as torch.flatten.
 * @see https://pytorch.org/docs/stable/generated/torch.flatten.html
 */
export function flatten(x: Tensor, startDim = 0, endDim = -1): Tensor {
  const first = normalizeDim("flatten", startDim, x.ndim);
  const last = normalizeDim("flatten", endDim, x.ndim);
  if (first > last) throw new ValueError("flatten", `expected startDim <= endDim, got ${startDim} and ${endDim}`);
  const middle = sizeOf(x.shape.slice(first, last + 1));
  return reshape(x, [...x.shape.slice(0, first), middle, ...x.shape.slice(last + 1)]);
}

/**
 * One dim as several, as torch.unflatten. One size may be -1.
 * @see https://pytorch.org/docs/stable/generated/torch.unflatten.html
 */
export function unflatten(x: Tensor, dim: number, sizes: Shape): Tensor {
  const at = normalizeDim("unflatten", dim, x.ndim);
  const inner = inferShape("unflatten", x.shape[at]!, sizes);
  return view(x, [...x.shape.slice(0, at), ...inner, ...x.shape.slice(at + 1)]);
}

/**
 * One dim in another place, as torch.movedim. A tensor without dims stays.
 * @see https://pytorch.org/docs/stable/generated/torch.movedim.html
 */
export function movedim(x: Tensor, source: number, destination: number): Tensor {
  const from = normalizeDim("movedim", source, x.ndim);
  const to = normalizeDim("movedim", destination, x.ndim);
  const order = x.shape.map((_, i) => i).filter((i) => i !== from);
  if (x.ndim > 0) order.splice(to, 0, from);
  return permute(x, order);
}

/**
 * The elements in reverse order along dims, as torch.flip (a copy).
 * @see https://pytorch.org/docs/stable/generated/torch.flip.html
 */
export function flip(x: Tensor, ...dims: Sizes): Tensor {
  const reversed = listOf(dims).map((dim) => normalizeDim("flip", dim, x.ndim));
  if (x.numel === 0) return contiguous(x);
  const strides = x.strides.map((step, i) => (reversed.includes(i) ? -step : step));
  const offset = reversed.reduce((at, dim) => at + (x.shape[dim]! - 1) * x.strides[dim]!, x.offset);
  const out = asContiguous(asStrided(x, x.shape, strides, offset));
  return record("flip", out, [x], [], (g) => [flip(g, reversed)]);
}
