import { promote } from "../../base/dtype.js";
import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { checkShape, listOf, normalizeDim, type Shape, type Sizes } from "../../base/shape.js";
import { checkTensor } from "../../tensor/check.js";
import { record, recordMany } from "../../tensor/record.js";
import { empty, Tensor } from "../../tensor/tensor.js";
import { cast, writeElements } from "../layout/copy.js";
import { fillElements } from "../layout/factories.js";
import { reshape, unsqueeze } from "../layout/views.js";
import { expand } from "../pointwise/broadcast.js";

// Parts of tensors, and tensors made of parts: each is the other's gradient, so they share a file.

/** `shape` with another size at `dim`. */
function resized(shape: Shape, dim: number, size: number): number[] {
  const out = [...shape];
  out[dim] = size;
  return out;
}

/** A view of `length` elements along `dim`, from `start` on, every `step`-th. Not recorded. */
function part(x: Tensor, dim: number, start: number, length: number, step = 1): Tensor {
  const strides = resized(x.strides, dim, x.strides[dim]! * step);
  return new Tensor(x.storage, resized(x.shape, dim, length), x.dtype, strides, x.offset + start * x.strides[dim]!);
}

/** Zeros of a shape with g in the place of a {@link part}: its gradient. */
function embed(g: Tensor, shape: Shape, dim: number, start: number, step: number): Tensor {
  const out = empty("embed", shape, g.dtype);
  fillElements(out, 0);
  const length = g.shape[dim]!;
  writeElements(part(out, dim, start, length, step), g);
  return record("embed", out, [g], [], (back) => [window(back, dim, start, length, step)]);
}

function window(x: Tensor, dim: number, start: number, length: number, step: number): Tensor {
  if (start === 0 && length === x.shape[dim] && step === 1) return x;
  return record("slice", part(x, dim, start, length, step), [x], [], (g) => [embed(g, x.shape, dim, start, step)]);
}

/**
 * `length` elements along a dim from `start` on (a view), as torch.narrow.
 * @see https://pytorch.org/docs/stable/generated/torch.narrow.html
 */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  const d = dimOf("narrow", x, dim);
  const size = x.shape[d]!;
  const first = start < 0 ? start + size : start;
  if (!Number.isInteger(first) || !Number.isInteger(length) || first < 0 || length < 0 || first + length > size) {
    throw new ValueError(
      "narrow",
      `expected a range within dim ${dim} of size ${size}, got ${length} from ${start} on`,
    );
  }
  return window(x, d, first, length, 1);
}

/** {@link normalizeDim}, which also throws for a tensor without dims. */
function dimOf(op: string, x: Tensor, dim: number): number {
  if (x.ndim === 0) throw new ShapeError(op, "expected a tensor with at least one dim, got shape []");
  return normalizeDim(op, dim, x.ndim);
}

/**
 * Elements start, start + step, … before stop along a dim (a view), as Python's `x[start:stop:step]`: bounds may be
 * negative (from the end), null (none) or beyond the ends.
 * @throws ValueError unless step > 0
 */
export function slice(
  x: Tensor,
  dim: number,
  start: number | null = null,
  stop: number | null = null,
  step = 1,
): Tensor {
  const d = dimOf("slice", x, dim);
  if (!Number.isInteger(step) || step < 1) throw new ValueError("slice", `expected a step of 1 or more, got ${step}`);
  const size = x.shape[d]!;
  const bound = (at: number | null, none: number): number => {
    if (at === null) return none;
    if (!Number.isInteger(at)) throw new ValueError("slice", `expected whole bounds, got ${at}`);
    return Math.min(Math.max(at < 0 ? at + size : at, 0), size);
  };
  const first = bound(start, 0);
  return window(x, d, first, Math.ceil(Math.max(bound(stop, size) - first, 0) / step), step);
}

/**
 * The elements at one index of a dim, without that dim (a view), as torch.select.
 * @see https://pytorch.org/docs/stable/generated/torch.select.html
 */
export function select(x: Tensor, dim: number, index: number): Tensor {
  const d = dimOf("select", x, dim);
  const size = x.shape[d]!;
  const at = index < 0 ? index + size : index;
  if (!Number.isInteger(index) || at < 0 || at >= size) {
    throw new ValueError("select", `expected an index in [${-size}, ${size - 1}] for dim ${dim}, got ${index}`);
  }
  const without = (values: Shape): number[] => values.filter((_, i) => i !== d);
  const out = new Tensor(x.storage, without(x.shape), x.dtype, without(x.strides), x.offset + at * x.strides[d]!);
  return record("select", out, [x], [], (g) => [embed(unsqueeze(g, d), x.shape, d, at, 1)]);
}

/**
 * Tensors joined along a dim, as torch.cat. Types are promoted; tensors of shape [0] are skipped.
 * @throws ShapeError unless all sizes but that of the dim agree
 * @see https://pytorch.org/docs/stable/generated/torch.cat.html
 */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  if (tensors.length === 0) throw new ValueError("cat", "expected at least one tensor, got an empty list");
  for (const x of tensors) checkTensor("cat", "each of its list", x);
  const dtype = tensors.map((x) => x.dtype).reduce(promote);
  const parts = tensors.filter((x) => x.ndim !== 1 || x.numel > 0).map((x) => cast(x, dtype));
  if (parts.length === 0) return cast(tensors[0]!, dtype);
  const first = parts[0]!;
  const d = dimOf("cat", first, dim);
  for (const x of parts) {
    if (x.ndim !== first.ndim || x.shape.some((size, i) => i !== d && size !== first.shape[i])) {
      const got = parts.map((p) => formatShape(p.shape)).join(", ");
      throw new ShapeError("cat", `expected shapes that agree except at dim ${d}, got ${got}`);
    }
  }
  const sizes = parts.map((x) => x.shape[d]!);
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0));
  const total = sizes.reduce((a, b) => a + b, 0);
  const out = empty("cat", resized(first.shape, d, total), dtype);
  parts.forEach((x, i) => {
    writeElements(part(out, d, starts[i]!, sizes[i]!), x);
  });
  return record("cat", out, parts, [], (g, node) =>
    parts.map((_, i) => (node.needs(i) ? window(g, d, starts[i]!, sizes[i]!, 1) : null)),
  );
}

/**
 * Tensors of one shape joined along a new dim, as torch.stack.
 * @see https://pytorch.org/docs/stable/generated/torch.stack.html
 */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  for (const x of tensors) checkTensor("stack", "each of its list", x);
  const shapes = tensors.map((x) => formatShape(x.shape));
  if (new Set(shapes).size > 1) {
    throw new ShapeError("stack", `expected tensors of one shape, got ${shapes.join(", ")}`);
  }
  if (tensors.length === 0) throw new ValueError("stack", "expected at least one tensor, got an empty list");
  const d = normalizeDim("stack", dim, tensors[0]!.ndim + 1);
  return cat(
    tensors.map((x) => unsqueeze(x, d)),
    d,
  );
}

/** Views of consecutive parts, recorded as one operation: its backward joins their gradients. */
function parts(op: string, x: Tensor, dim: number, sizes: Shape): Tensor[] {
  let start = 0;
  const outs = sizes.map((size) => {
    start += size;
    return part(x, dim, start - size, size);
  });
  recordMany(op, outs, [x], [], (grads) => [cat(filled(grads, outs), dim)]);
  return outs;
}

/** Zeros where no gradient arrived. */
function filled(grads: readonly (Tensor | null)[], outs: readonly Tensor[]): Tensor[] {
  return outs.map((out, i) => {
    const grad = grads[i];
    if (grad !== null && grad !== undefined) return grad;
    const zeros = empty("zeros", out.shape, out.dtype);
    fillElements(zeros, 0);
    return zeros;
  });
}

/**
 * Views of consecutive parts along a dim, as torch.split.
 * @param size the size of each part (the last may be smaller), or the size of every part
 * @see https://pytorch.org/docs/stable/generated/torch.split.html
 */
export function split(x: Tensor, size: number | readonly number[], dim = 0): Tensor[] {
  const d = dimOf("split", x, dim);
  const total = x.shape[d]!;
  if (typeof size !== "number") {
    checkShape("split", size);
    if (size.reduce((a, b) => a + b, 0) !== total) {
      throw new ValueError("split", `expected sizes that add up to ${total} (dim ${dim}), got ${formatShape(size)}`);
    }
    return parts("split", x, d, size);
  }
  if (!Number.isInteger(size) || size < 1) throw new ValueError("split", `expected a size of 1 or more, got ${size}`);
  const count = Math.max(1, Math.ceil(total / size));
  return parts(
    "split",
    x,
    d,
    Array.from({ length: count }, (_, i) => Math.min(size, total - i * size)),
  );
}

/**
 * At most `chunks` parts of equal size (the last may be smaller), as torch.chunk.
 * @see https://pytorch.org/docs/stable/generated/torch.chunk.html
 */
export function chunk(x: Tensor, chunks: number, dim = 0): Tensor[] {
  if (!Number.isInteger(chunks) || chunks < 1)
    throw new ValueError("chunk", `expected 1 or more chunks, got ${chunks}`);
  const size = x.shape[dimOf("chunk", x, dim)]!;
  return split(x, Math.max(1, Math.ceil(size / chunks)), dim);
}

/**
 * The slices along a dim, without that dim, as torch.unbind.
 * @see https://pytorch.org/docs/stable/generated/torch.unbind.html
 */
export function unbind(x: Tensor, dim = 0): Tensor[] {
  const d = dimOf("unbind", x, dim);
  return Array.from({ length: x.shape[d]! }, (_, i) => select(x, d, i));
}

/**
 * The tensor repeated along each dim, as torch.Tensor.repeat.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.repeat.html
 */
export function repeat(x: Tensor, ...counts: Sizes): Tensor {
  const times = listOf(counts);
  const lead = times.length - x.ndim;
  if (lead < 0) {
    throw new ShapeError("repeat", `expected a count for each of ${x.ndim} dims or more, got ${formatShape(times)}`);
  }
  checkShape("repeat", times);
  const sizes = times.map((_, i) => (i < lead ? 1 : x.shape[i - lead]!));
  const apart = reshape(
    x,
    sizes.flatMap((size) => [1, size]),
  );
  const wide = expand(
    apart,
    sizes.flatMap((size, i) => [times[i]!, size]),
  );
  return reshape(
    wide,
    sizes.map((size, i) => size * times[i]!),
  );
}

/**
 * As {@link repeat}, where missing counts in front are 1, as torch.tile.
 * @see https://pytorch.org/docs/stable/generated/torch.tile.html
 */
export function tile(x: Tensor, ...counts: Sizes): Tensor {
  const times = listOf(counts);
  return repeat(x, [...Array<number>(Math.max(0, x.ndim - times.length)).fill(1), ...times]);
}

/**
 * Each element `count` times along a dim (of the flattened tensor when left out), as torch.repeat_interleave.
 * @see https://pytorch.org/docs/stable/generated/torch.repeat_interleave.html
 */
export function repeatInterleave(x: Tensor, count: number, dim?: number): Tensor {
  if (dim === undefined) return repeatInterleave(reshape(x, [-1]), count, 0);
  const d = dimOf("repeatInterleave", x, dim);
  checkShape("repeatInterleave", [count]);
  const next = unsqueeze(x, d + 1);
  return reshape(expand(next, resized(next.shape, d + 1, count)), resized(x.shape, d, x.shape[d]! * count));
}

/**
 * The elements shifted by `shift` places along a dim; those beyond the end come in at the start, as torch.roll.
 * @see https://pytorch.org/docs/stable/generated/torch.roll.html
 */
export function roll(x: Tensor, shift: number, dim: number): Tensor {
  const d = dimOf("roll", x, dim);
  const size = x.shape[d]!;
  const by = size === 0 ? 0 : ((shift % size) + size) % size;
  return cat([window(x, d, size - by, by, 1), window(x, d, 0, size - by, 1)], d);
}
