import { promote } from "../../base/dtype.js";
import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { checkShape, normalizeDim, type Shape } from "../../base/shape.js";
import {
  define,
  defineSpread,
  dimList,
  dimNumber,
  integerFrom,
  isNumber,
  type Kind,
  orNull,
} from "../../base/signature.js";
import { tensorKind, tensorList } from "../../tensor/kinds.js";
import { record, recordMany } from "../../tensor/record.js";
import { empty, Tensor } from "../../tensor/tensor.js";
import { cast, writeElements } from "../layout/copy.js";
import { fillElements } from "../layout/factories.js";
import { sizeKind, sizesKind } from "../layout/sizes.js";
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
export const narrow = define(
  "narrow",
  { input: tensorKind, dim: dimNumber, start: dimNumber, length: integerFrom(0) },
  (input: Tensor, dim: number, start: number, length: number): Tensor => {
    const d = dimOf("narrow", input, dim);
    const size = input.shape[d]!;
    const first = start < 0 ? start + size : start;
    if (first < 0 || first + length > size) {
      throw new ValueError(
        "narrow",
        `expected a range within dim ${dim} of size ${size}, got ${length} from ${start} on`,
      );
    }
    return window(input, d, first, length, 1);
  },
);

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
export const slice = define(
  "slice",
  { input: tensorKind, dim: dimNumber, start: orNull(dimNumber), stop: orNull(dimNumber), step: integerFrom(1) },
  (input: Tensor, dim: number, start: number | null = null, stop: number | null = null, step: number = 1): Tensor => {
    const d = dimOf("slice", input, dim);
    const size = input.shape[d]!;
    const bound = (at: number | null, none: number): number => {
      if (at === null) return none;
      return Math.min(Math.max(at < 0 ? at + size : at, 0), size);
    };
    const first = bound(start, 0);
    return window(input, d, first, Math.ceil(Math.max(bound(stop, size) - first, 0) / step), step);
  },
);

/**
 * The elements at one index of a dim, without that dim (a view), as torch.select.
 * @see https://pytorch.org/docs/stable/generated/torch.select.html
 */
export const select = define(
  "select",
  { input: tensorKind, dim: dimNumber, index: dimNumber },
  (input: Tensor, dim: number, index: number): Tensor => {
    const d = dimOf("select", input, dim);
    const size = input.shape[d]!;
    const at = index < 0 ? index + size : index;
    if (at < 0 || at >= size) {
      throw new ValueError("select", `expected an index in [${-size}, ${size - 1}] for dim ${dim}, got ${index}`);
    }
    const without = (values: Shape): number[] => values.filter((_, i) => i !== d);
    const out = new Tensor(
      input.storage,
      without(input.shape),
      input.dtype,
      without(input.strides),
      input.offset + at * input.strides[d]!,
    );
    return record("select", out, [input], [], (g) => [embed(unsqueeze(g, d), input.shape, d, at, 1)]);
  },
);

/**
 * Tensors joined along a dim, as torch.cat. Types are promoted; tensors of shape [0] are skipped.
 * @throws ShapeError unless all sizes but that of the dim agree
 * @see https://pytorch.org/docs/stable/generated/torch.cat.html
 */
export const cat = define(
  "cat",
  { tensors: tensorList, dim: dimNumber },
  (tensors: readonly Tensor[], dim: number = 0): Tensor => {
    if (tensors.length === 0) throw new ValueError("cat", "expected at least one tensor, got an empty list");
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
  },
);

/**
 * Tensors of one shape joined along a new dim, as torch.stack.
 * @see https://pytorch.org/docs/stable/generated/torch.stack.html
 */
export const stack = define(
  "stack",
  { tensors: tensorList, dim: dimNumber },
  (tensors: readonly Tensor[], dim: number = 0): Tensor => {
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
  },
);

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
 * @param splitSizeOrSections the size of each part (the last may be smaller), or the size of every part
 * @see https://pytorch.org/docs/stable/generated/torch.split.html
 */
export const split = define(
  "split",
  { tensor: tensorKind, splitSizeOrSections: sizeKind, dim: dimNumber },
  (tensor: Tensor, splitSizeOrSections: number | readonly number[], dim: number = 0): Tensor[] => {
    const size = splitSizeOrSections;
    const d = dimOf("split", tensor, dim);
    const total = tensor.shape[d]!;
    if (typeof size !== "number") {
      checkShape("split", size);
      if (size.reduce((a, b) => a + b, 0) !== total) {
        throw new ValueError("split", `expected sizes that add up to ${total} (dim ${dim}), got ${formatShape(size)}`);
      }
      return parts("split", tensor, d, size);
    }
    if (!Number.isInteger(size) || size < 1) throw new ValueError("split", `expected a size of 1 or more, got ${size}`);
    const count = Math.max(1, Math.ceil(total / size));
    return parts(
      "split",
      tensor,
      d,
      Array.from({ length: count }, (_, i) => Math.min(size, total - i * size)),
    );
  },
);

/**
 * At most `chunks` parts of equal size (the last may be smaller), as torch.chunk.
 * @see https://pytorch.org/docs/stable/generated/torch.chunk.html
 */
export const chunk = define(
  "chunk",
  { input: tensorKind, chunks: integerFrom(1), dim: dimNumber },
  (input: Tensor, chunks: number, dim: number = 0): Tensor[] => {
    const size = input.shape[dimOf("chunk", input, dim)]!;
    return split(input, Math.max(1, Math.ceil(size / chunks)), dim);
  },
);

/**
 * The slices along a dim, without that dim, as torch.unbind.
 * @see https://pytorch.org/docs/stable/generated/torch.unbind.html
 */
export const unbind = define(
  "unbind",
  { input: tensorKind, dim: dimNumber },
  (input: Tensor, dim: number = 0): Tensor[] => {
    const d = dimOf("unbind", input, dim);
    return Array.from({ length: input.shape[d]! }, (_, i) => select(input, d, i));
  },
);

/**
 * The tensor repeated along each dim, as torch.Tensor.repeat.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.repeat.html
 */
export const repeat = defineSpread(
  "repeat",
  { input: tensorKind, repeats: sizesKind },
  isNumber,
  (input: Tensor, repeats: readonly number[]): Tensor => {
    const times = repeats;
    const lead = times.length - input.ndim;
    if (lead < 0) {
      throw new ShapeError(
        "repeat",
        `expected a count for each of ${input.ndim} dims or more, got ${formatShape(times)}`,
      );
    }
    checkShape("repeat", times);
    const sizes = times.map((_, i) => (i < lead ? 1 : input.shape[i - lead]!));
    const apart = reshape(
      input,
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
  },
);

/**
 * As {@link repeat}, where missing counts in front are 1, as torch.tile.
 * @see https://pytorch.org/docs/stable/generated/torch.tile.html
 */
export const tile = defineSpread(
  "tile",
  { input: tensorKind, dims: sizesKind },
  isNumber,
  (input: Tensor, dims: readonly number[]): Tensor => {
    return repeat(input, [...Array<number>(Math.max(0, input.ndim - dims.length)).fill(1), ...dims]);
  },
);

/**
 * Each element `repeats` times along a dim (of the flattened tensor when left out or null), as torch.repeat_interleave.
 * @see https://pytorch.org/docs/stable/generated/torch.repeat_interleave.html
 */
export const repeatInterleave = define(
  "repeatInterleave",
  { input: tensorKind, repeats: integerFrom(0), dim: orNull(dimNumber) },
  (input: Tensor, repeats: number, dim: number | null = null): Tensor =>
    dim === null ? interleaved(reshape(input, [-1]), repeats, 0) : interleaved(input, repeats, dim),
);

function interleaved(x: Tensor, count: number, dim: number): Tensor {
  const d = dimOf("repeatInterleave", x, dim);
  const next = unsqueeze(x, d + 1);
  return reshape(expand(next, resized(next.shape, d + 1, count)), resized(x.shape, d, x.shape[d]! * count));
}

/** A number of places, or one for each dim. */
const shiftsKind: Kind<number | readonly number[]> = {
  expected: "a whole number, or one for each dim",
  fits: (value): value is number | readonly number[] => dimNumber.fits(value) || sizesKind.fits(value),
};

/**
 * The elements shifted by `shifts` places along dims (of the flattened tensor when left out or null); those beyond the
 * end come in at the start, as torch.roll.
 * @see https://pytorch.org/docs/stable/generated/torch.roll.html
 */
export const roll = define(
  "roll",
  { input: tensorKind, shifts: shiftsKind, dims: dimList },
  (input: Tensor, shifts: number | readonly number[], dims: number | readonly number[] | null = null): Tensor => {
    const by = [shifts].flat();
    const along = dims === null ? [0] : [dims].flat();
    if (by.length !== along.length) {
      throw new ValueError("roll", `expected as many shifts as dims, got ${by.length} and ${along.length}`);
    }
    const x = dims === null ? reshape(input, [-1]) : input;
    return reshape(
      by.reduce((rolled, shift, i) => rolledAlong(rolled, shift, along[i]!), x),
      input.shape,
    );
  },
);

function rolledAlong(x: Tensor, shift: number, dim: number): Tensor {
  const d = dimOf("roll", x, dim);
  const size = x.shape[d]!;
  const by = size === 0 ? 0 : ((shift % size) + size) % size;
  return cat([window(x, d, size - by, by, 1), window(x, d, 0, size - by, 1)], d);
}
