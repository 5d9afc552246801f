import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { inferShape, normalizeDim, type Shape, sameShape, sizeOf } from "../../base/shape.js";
import { define, defineSpread, dimList, dimNumber, isNumber, type Kind } from "../../base/signature.js";
import { tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import { Tensor } from "../../tensor/tensor.js";
import { asContiguous, clone, contiguous } from "./copy.js";
import { sizesKind } from "./sizes.js";

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
export const view = defineSpread(
  "view",
  { input: tensorKind, size: sizesKind },
  isNumber,
  (input: Tensor, size: readonly number[]): Tensor => {
    const shape = inferShape("view", input.numel, size);
    const out = reshaped("view", input, shape);
    if (out !== null) return out;
    const lie = `shape ${formatShape(input.shape)} and strides ${formatShape(input.strides)}`;
    const problem = `expected elements that lie so that ${formatShape(shape)} is a view of them, got ${lie}`;
    throw new ShapeError("view", problem, "Use reshape, which copies when it must");
  },
);

/**
 * The same elements in another shape, as torch.reshape: a view where possible, else a copy. One size may be -1.
 * @see https://pytorch.org/docs/stable/generated/torch.reshape.html
 */
export const reshape = defineSpread(
  "reshape",
  { input: tensorKind, shape: sizesKind },
  isNumber,
  (input: Tensor, shape: readonly number[]): Tensor => {
    const to = inferShape("reshape", input.numel, shape);
    if (sameShape(to, input.shape)) return input;
    return reshaped("view", input, to) ?? reshaped("view", contiguous(input), to)!;
  },
);

/**
 * The tensor in another's shape, as torch.Tensor.view_as.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.view_as.html
 */
export const viewAs = define(
  "viewAs",
  { input: tensorKind, other: tensorKind },
  (input: Tensor, other: Tensor): Tensor => {
    return view(input, other.shape);
  },
);

/**
 * The tensor in another's shape, as torch.Tensor.reshape_as.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.reshape_as.html
 */
export const reshapeAs = define(
  "reshapeAs",
  { input: tensorKind, other: tensorKind },
  (input: Tensor, other: Tensor): Tensor => {
    return reshape(input, other.shape);
  },
);

/**
 * Dims in another order, as torch.permute.
 * @see https://pytorch.org/docs/stable/generated/torch.permute.html
 */
export const permute = defineSpread(
  "permute",
  { input: tensorKind, dims: sizesKind },
  isNumber,
  (input: Tensor, dims: readonly number[]): Tensor => {
    const order = dims.map((dim) => normalizeDim("permute", dim, input.ndim));
    if (order.length !== input.ndim || new Set(order).size !== input.ndim) {
      throw new ValueError("permute", `expected each of ${input.ndim} dims once, got ${formatShape(dims)}`);
    }
    const pick = (values: Shape): number[] => order.map((dim) => values[dim]!);
    const back = order.map((_, i) => order.indexOf(i));
    return record("permute", asStrided(input, pick(input.shape), pick(input.strides)), [input], [], (g) => [
      permute(g, back),
    ]);
  },
);

/**
 * Two dims exchanged, as torch.transpose.
 * @see https://pytorch.org/docs/stable/generated/torch.transpose.html
 */
export const transpose = define(
  "transpose",
  { input: tensorKind, dim0: dimNumber, dim1: dimNumber },
  (input: Tensor, dim0: number, dim1: number): Tensor => {
    const [a, b] = [normalizeDim("transpose", dim0, input.ndim), normalizeDim("transpose", dim1, input.ndim)];
    const swap = (values: Shape): Shape => {
      const out = [...values];
      if (a !== b) [out[a], out[b]] = [out[b]!, out[a]!];
      return out;
    };
    return record("transpose", asStrided(input, swap(input.shape), swap(input.strides)), [input], [], (g) => [
      transpose(g, a, b),
    ]);
  },
);

/**
 * The transpose of a matrix (vectors and scalars stay), as torch.t.
 * @see https://pytorch.org/docs/stable/generated/torch.t.html
 */
export const t = define("t", { input: tensorKind }, (input: Tensor): Tensor => {
  if (input.ndim > 2) {
    throw new ShapeError(
      "t",
      `expected at most 2 dims, got shape ${formatShape(input.shape)}`,
      "Use transpose or permute",
    );
  }
  return input.ndim < 2 ? input : transpose(input, 0, 1);
});

/**
 * Drops dims of size 1, as torch.squeeze.
 * @param dim the dims to drop if their size is 1; all when left out
 * @see https://pytorch.org/docs/stable/generated/torch.squeeze.html
 */
export const squeeze = define(
  "squeeze",
  { input: tensorKind, dim: dimList },
  (input: Tensor, dim: number | readonly number[] | null = null): Tensor => {
    const asked = dim === null ? input.shape.map((_, i) => i) : typeof dim === "number" ? [dim] : dim;
    const dims = asked.map((d) => normalizeDim("squeeze", d, input.ndim));
    const kept = input.shape.map((_, i) => i).filter((i) => input.shape[i] !== 1 || !dims.includes(i));
    const pick = (values: Shape): number[] => kept.map((i) => values[i]!);
    return record("squeeze", asStrided(input, pick(input.shape), pick(input.strides)), [input], [], (g) => [
      reshape(g, input.shape),
    ]);
  },
);

/**
 * Adds a dim of size 1 at `dim`, as torch.unsqueeze.
 * @see https://pytorch.org/docs/stable/generated/torch.unsqueeze.html
 */
export const unsqueeze = define(
  "unsqueeze",
  { input: tensorKind, dim: dimNumber },
  (input: Tensor, dim: number): Tensor => {
    const at = normalizeDim("unsqueeze", dim, input.ndim + 1);
    const step = at < input.ndim ? input.shape[at]! * input.strides[at]! : 1;
    const put = (values: Shape, value: number): number[] => [...values.slice(0, at), value, ...values.slice(at)];
    return record("unsqueeze", asStrided(input, put(input.shape, 1), put(input.strides, step)), [input], [], (g) => [
      squeeze(g, at),
    ]);
  },
);

/**
 * Dims startDim to endDim as one, as torch.flatten.
 * @see https://pytorch.org/docs/stable/generated/torch.flatten.html
 */
export const flatten = define(
  "flatten",
  { input: tensorKind, startDim: dimNumber, endDim: dimNumber },
  (input: Tensor, startDim: number = 0, endDim: number = -1): Tensor => {
    const first = normalizeDim("flatten", startDim, input.ndim);
    const last = normalizeDim("flatten", endDim, input.ndim);
    if (first > last) throw new ValueError("flatten", `expected startDim <= endDim, got ${startDim} and ${endDim}`);
    const middle = sizeOf(input.shape.slice(first, last + 1));
    return reshape(input, [...input.shape.slice(0, first), middle, ...input.shape.slice(last + 1)]);
  },
);

/**
 * One dim as several, as torch.unflatten. One size may be -1.
 * @see https://pytorch.org/docs/stable/generated/torch.unflatten.html
 */
export const unflatten = define(
  "unflatten",
  { input: tensorKind, dim: dimNumber, sizes: sizesKind },
  (input: Tensor, dim: number, sizes: readonly number[]): Tensor => {
    const at = normalizeDim("unflatten", dim, input.ndim);
    const inner = inferShape("unflatten", input.shape[at]!, sizes);
    return view(input, [...input.shape.slice(0, at), ...inner, ...input.shape.slice(at + 1)]);
  },
);

/** A dim, or a list of dims. */
const oneOrMore: Kind<number | readonly number[]> = {
  expected: "a dim or a list of dims",
  fits: (value): value is number | readonly number[] => dimNumber.fits(value) || sizesKind.fits(value),
};

/**
 * Dims in other places, as torch.movedim: the others stay in their order.
 * @param source a dim, or several
 * @param destination where it goes, or where each of them goes
 * @see https://pytorch.org/docs/stable/generated/torch.movedim.html
 */
export const movedim = define(
  "movedim",
  { input: tensorKind, source: oneOrMore, destination: oneOrMore },
  (input: Tensor, source: number | readonly number[], destination: number | readonly number[]): Tensor => {
    const from = [source].flat().map((dim) => normalizeDim("movedim", dim, input.ndim));
    const to = [destination].flat().map((dim) => normalizeDim("movedim", dim, input.ndim));
    if (from.length !== to.length || new Set(from).size !== from.length || new Set(to).size !== to.length) {
      const got = `${formatShape([source].flat())} and ${formatShape([destination].flat())}`;
      throw new ValueError("movedim", `expected as many sources as destinations, each once, got ${got}`);
    }
    if (input.ndim === 0) return permute(input, []);
    const rest = input.shape.map((_, i) => i).filter((i) => !from.includes(i));
    const order = input.shape.map((_, i) => (to.includes(i) ? from[to.indexOf(i)]! : rest.shift()!));
    return permute(input, order);
  },
);

/**
 * The elements in reverse order along dims, as torch.flip (a copy).
 * @see https://pytorch.org/docs/stable/generated/torch.flip.html
 */
export const flip = defineSpread(
  "flip",
  { input: tensorKind, dims: sizesKind },
  isNumber,
  (input: Tensor, dims: readonly number[]): Tensor => {
    const reversed = dims.map((dim) => normalizeDim("flip", dim, input.ndim));
    if (input.numel === 0 || input.ndim === 0) return clone(input);
    const strides = input.strides.map((step, i) => (reversed.includes(i) ? -step : step));
    const offset = reversed.reduce((at, dim) => at + (input.shape[dim]! - 1) * input.strides[dim]!, input.offset);
    const out = asContiguous(asStrided(input, input.shape, strides, offset));
    return record("flip", out, [input], [], (g) => [flip(g, reversed)]);
  },
);
