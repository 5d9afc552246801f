import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import type { Kind } from "../../base/signature.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Size, sizesOf } from "../layout/sizes.js";
import type { WindowAxis, Windows } from "./pooling.js";

// Where the windows of pooling lie: PyTorch's arguments, checks and sizes of results.

/** Options of windows at equal distances. */
export type WindowOptions = {
  /** Steps between windows; the kernel's size when left out or null. */
  stride?: Size | null;
  /** Elements that windows may reach beyond each border, at most half the kernel's size; 0 when left out. */
  padding?: Size;
  /** Steps between the elements under a window; 1 when left out. */
  dilation?: Size;
  /** Whether a last window counts that starts before the end and reaches beyond it; false when left out. */
  ceilMode?: boolean;
};

const names = (dims: number): string => (dims === 1 ? "L" : "H, W");

/** Throws unless x is [N, C, …] or [C, …] with `dims` spatial dims. Only N may be 0. */
export function checkPlanes(op: string, x: Tensor, dims: number): void {
  const batched = x.ndim === dims + 2;
  if ((batched || x.ndim === dims + 1) && !x.shape.includes(0, batched ? 1 : 0)) return;
  const problem = `expected input [N, C, ${names(dims)}] or [C, ${names(dims)}], none of them 0 but N`;
  throw new ShapeError(op, `${problem}, got ${formatShape(x.shape)}`);
}

/** The number of windows. In ceil mode the last one must start on the input or on the padding before it. */
function countOf({ size, kernel, stride, padding, dilation }: WindowAxis, ceilMode: boolean): number {
  const room = size + 2 * padding - dilation * (kernel - 1) - 1;
  const count = Math.floor((room + (ceilMode ? stride - 1 : 0)) / stride) + 1;
  return ceilMode && (count - 1) * stride >= size + padding ? count - 1 : count;
}

/**
 * Whether each window has an element of the input: a dilated one that starts on the padding may step over all of it.
 */
function meets({ size, stride, padding, dilation, count }: WindowAxis): boolean {
  for (let o = 0; o < count && o * stride < padding; o++) {
    const before = padding - o * stride;
    if (Math.ceil(before / dilation) * dilation - before >= size) return false;
  }
  return true;
}

/** The numbers that describe windows, for each dim. */
type Sizes = { kernels: number[]; strides: number[]; pads: number[]; dilations: number[] };

/** Checks the sizes that the caller gave, and returns one for each of `dims` dims. */
export function windowSizes(
  op: string,
  dims: number,
  kernelSize: Size,
  stride: Size | null,
  { padding = 0, dilation = 1 }: WindowOptions,
): Sizes {
  const kernels = sizesOf(op, "kernelSize", kernelSize, dims, 1);
  const strides = stride === null ? kernels : sizesOf(op, "stride", stride, dims, 1);
  const pads = sizesOf(op, "padding", padding, dims, 0);
  const dilations = sizesOf(op, "dilation", dilation, dims, 1);
  if (pads.some((pad, i) => pad > Math.floor(kernels[i]! / 2))) {
    const problem = `expected padding of at most half the kernel's ${formatShape(kernels)}`;
    throw new ValueError(op, `${problem}, got ${formatShape(pads)}`);
  }
  return { kernels, strides, pads, dilations };
}

/** Checks x and the sizes, and returns windows at equal distances over the last `dims` dims of x. */
export function windowsOn(
  op: string,
  x: Tensor,
  dims: number,
  kernelSize: Size,
  stride: Size | null,
  options: WindowOptions,
): Windows {
  const { kernels, strides, pads, dilations } = windowSizes(op, dims, kernelSize, stride, options);
  checkPlanes(op, x, dims);
  const windows = kernels.map((kernel, i): WindowAxis => {
    const size = x.shape[x.ndim - dims + i]!;
    const axis: WindowAxis = {
      size,
      count: 0,
      kernel,
      stride: strides[i]!,
      padding: pads[i]!,
      dilation: dilations[i]!,
    };
    axis.count = countOf(axis, options.ceilMode ?? false);
    return axis;
  });
  if (!windows.every((axis) => axis.count > 0 && meets(axis))) {
    const kernel = `a kernel of ${formatShape(kernels)} (dilation ${formatShape(dilations)}, padding ${formatShape(pads)})`;
    throw new ShapeError(op, `expected ${kernel} that fits input ${formatShape(x.shape)}`);
  }
  return windows;
}

/** The size of an adaptive result; null keeps the input's size. */
export type OutputSize = number | readonly (number | null)[];

const isSize = (value: unknown): value is number | null =>
  value === null || (Number.isSafeInteger(value) && Number(value) >= 0);

/** As many sizes as there are dims is for the operation to check. */
export const outputSizeKind: Kind<OutputSize> = {
  expected: "a whole number of at least 0, or one or null for each dim",
  fits: (value): value is OutputSize =>
    (typeof value === "number" && isSize(value)) || (Array.isArray(value) && value.every(isSize)),
};

/** Checks x and returns adaptive windows over its last `dims` dims: window i of o is [⌊i·n / o⌋, ⌈(i + 1)·n / o⌉). */
export function sharesOf(op: string, x: Tensor, dims: number, outputSize: OutputSize): Windows {
  checkPlanes(op, x, dims);
  const sizes = x.shape.slice(-dims);
  const wanted = typeof outputSize === "number" ? sizes.map(() => outputSize) : outputSize;
  const counts = Array.isArray(wanted) ? wanted.map((n: number | null, i) => n ?? sizes[i]!) : [];
  if (counts.length !== dims || !counts.every((n) => Number.isInteger(n) && n >= 0)) {
    const many = dims === 1 ? "a whole number" : "a whole number or 2 of them (or null)";
    const got = Array.isArray(outputSize) ? formatShape(outputSize) : String(outputSize);
    throw new ValueError(op, `expected outputSize to be ${many}, at least 0, got ${got}`);
  }
  return counts.map((count, i): WindowAxis => {
    const size = sizes[i]!;
    const even = count > 0 && size % count === 0 ? size / count : 0; // then the windows lie at equal distances
    return { size, count, kernel: even, stride: even, padding: 0, dilation: 1 };
  });
}
