import { checkDtype, type Dtype, isFloat, itemSize } from "../../base/dtype.js";
import { formatShape, ShapeError } from "../../base/errors.js";
import { sameShape } from "../../base/shape.js";
import { define } from "../../base/signature.js";
import { writeStruct } from "../../runtime/heap.js";
import { i32 } from "../../runtime/kernels.js";
import { launch, launchUnits, launchWhole } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { tensorKind } from "../../tensor/kinds.js";
import { checkInPlace, notify, record } from "../../tensor/record.js";
import { empty, Tensor } from "../../tensor/tensor.js";
import { mergeDims } from "./merge-dims.js";

/** The most elements of a merged row, so that threads have rows to share. */
const LONGEST_ROW = 1 << 14;

/** Copies elements between tensors of one type and shape, through any strides. */
function copyElements(to: Tensor, from: Tensor): void {
  if (to.numel === 0) return;
  // Where elements share memory, which write is the last must not depend on threads
  const start = to.storage === from.storage || repeats(to) ? launchWhole : launchUnits;
  const bytes = itemSize(to.dtype);
  if (to.isContiguous() && from.isContiguous()) {
    start(i32().copyBytes, to.numel * bytes, 1 / 8, to.ptr, from.ptr);
    return;
  }
  const { copyStrided1, copyStrided4, copyStrided8 } = i32();
  const kernel = bytes === 1 ? copyStrided1 : bytes === 4 ? copyStrided4 : copyStrided8;
  const merged = mergeDims(to.shape, to.strides, from.strides, LONGEST_ROW);
  const [shape, a, b] = merged.shape.length > 0 ? [merged.shape, merged.a, merged.b] : [[1], [0], [0]];
  const row = shape[shape.length - 1]!;
  start(kernel, to.numel / row, row, to.ptr, from.ptr, writeStruct([shape.length, ...shape, ...a, ...b]));
}

/** Whether several indices share an element, as in an expanded tensor. */
const repeats = (x: Tensor): boolean => x.strides.some((step, i) => step === 0 && x.shape[i]! > 1);

/** The same elements, row-major: x itself if it is contiguous, otherwise a copy. Not recorded: for kernels to read. */
export function asContiguous(x: Tensor): Tensor {
  return x.isContiguous() ? x : copied("contiguous", x);
}

function copied(op: string, x: Tensor): Tensor {
  const out = empty(op, x.shape, x.dtype);
  copyElements(out, x);
  return out;
}

/** Another tensor object on the same memory, outside the graph. */
export function alias(x: Tensor): Tensor {
  return new Tensor(x.storage, x.shape, x.dtype, x.strides, x.offset);
}

/**
 * The same data without history, sharing memory, as torch.Tensor.detach.
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.detach.html
 */
export const detach = define("detach", { input: tensorKind }, (input: Tensor): Tensor => {
  return alias(input);
});

/**
 * A copy with memory of its own, as torch.clone. Its gradient flows to the original.
 * @see https://pytorch.org/docs/stable/generated/torch.clone.html
 */
export const clone = define("clone", { input: tensorKind }, (input: Tensor): Tensor => {
  return record("clone", copied("clone", input), [input], [], (g) => [g]);
});

/** x itself if it is row-major, otherwise a row-major copy, as torch.Tensor.contiguous. */
export const contiguous = define("contiguous", { input: tensorKind }, (input: Tensor): Tensor => {
  return input.isContiguous() ? input : record("contiguous", copied("contiguous", input), [input], [], (g) => [g]);
});

/** A copy with its elements converted to another type. Not recorded. */
function converted(x: Tensor, dtype: Dtype): Tensor {
  const out = empty("to", x.shape, dtype);
  const from = asContiguous(x);
  if (isFloat(dtype) || dtype === "int32") {
    const kernels = dtype === "int32" ? i32() : realKernels("to", dtype);
    const reader = {
      bool: "fromUint8",
      uint8: "fromUint8",
      int32: "fromInt32",
      float32: "fromFloat32",
      float64: "fromFloat64",
    } as const;
    launch(kernels[reader[x.dtype]], x.numel, out.ptr, from.ptr);
  } else if (isFloat(x.dtype) || x.dtype === "int32") {
    const kernels = x.dtype === "int32" ? i32() : realKernels("to", x.dtype);
    launch(dtype === "bool" ? kernels.toBool : kernels.toUint8, x.numel, out.ptr, from.ptr);
  } else {
    return converted(converted(x, "int32"), dtype);
  }
  return out;
}

/** Converts elements to `dtype`; returns x itself if it has that type. */
export function cast(x: Tensor, dtype: Dtype): Tensor {
  if (x.dtype === dtype) return x;
  checkDtype("to", dtype);
  if (!isFloat(dtype)) return notify("to", converted(x, dtype), [x]);
  return record("to", converted(x, dtype), [x], [], (g) => [cast(g, x.dtype)]);
}

/**
 * Writes `src`, converted and broadcast, over the elements of the tensor. Under noGrad where gradients are recorded.
 * @returns the tensor
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.copy_.html
 */
export const copy_ = define("copy_", { input: tensorKind, src: tensorKind }, (input: Tensor, src: Tensor): Tensor => {
  checkInPlace("copy_", input, [src]);
  if (
    src.ndim > input.ndim ||
    src.shape.some((size, i) => size !== 1 && size !== input.shape[i + input.ndim - src.ndim])
  ) {
    throw new ShapeError(
      "copy_",
      `expected a source that broadcasts to ${formatShape(input.shape)}, got ${formatShape(src.shape)}`,
    );
  }
  writeElements(input, cast(src, input.dtype));
  return input;
});

/** Overwrites x with `from` (same type, broadcastable) and counts the write. */
export function writeElements(x: Tensor, from: Tensor): void {
  const lead = x.ndim - from.ndim;
  const strides = x.shape.map((size, i) => (i < lead || from.shape[i - lead] !== size ? 0 : from.strides[i - lead]!));
  const source = sameShape(x.shape, from.shape)
    ? from
    : new Tensor(from.storage, x.shape, from.dtype, strides, from.offset);
  copyElements(x, source);
  x.storage.version++;
}
