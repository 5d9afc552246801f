import type { Shape } from "../../base/shape.js";
import { writeStruct } from "../../runtime/heap.js";
import { launchUnits } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { mode } from "../../tensor/mode.js";
import { record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous } from "../layout/copy.js";

// The operations behind all pooling, on the last one or two dims: the largest element of each window and its place, and
// the mean of each window. The gradient of each is its transpose, whose gradient is a selection or the mean again.

/** The windows along one dim, as the kernels take them (assembly/pool/window.ts). Stride 0: adaptive windows. */
export type WindowAxis = {
  size: number;
  /** Number of windows. */
  count: number;
  kernel: number;
  stride: number;
  padding: number;
  dilation: number;
};

/** The windows along the last one or two dims. */
export type Windows = readonly WindowAxis[];

/** The height of a sequence: one window on one element. */
const SINGLE: WindowAxis = { size: 1, count: 1, kernel: 1, stride: 1, padding: 0, dilation: 1 };

/** The fields of both axes in the kernels' order. */
function axes(windows: Windows): number[] {
  const fields: number[] = [];
  const both = windows.length === 1 ? [SINGLE, ...windows] : windows;
  for (const a of both) fields.push(a.size, a.count, a.kernel, a.stride, a.padding, a.dilation);
  return fields;
}

const area = (windows: Windows, of: "size" | "count"): number => windows.reduce((n, axis) => n * axis[of], 1);

/** About how many elements a window has. */
const elementsIn = (windows: Windows): number =>
  windows.reduce((n, { size, count, kernel, stride }) => n * (stride === 0 ? size / count : kernel), 1);

/** The cost of a row of results, in elements read. */
const costOf = (out: Tensor, windows: Windows): number => out.shape[out.ndim - 1]! * elementsIn(windows);

/** The shape of x with other spatial dims: the sizes of the planes, or the numbers of windows. */
const shapeOver = (x: Tensor, windows: Windows, of: "size" | "count"): Shape => [
  ...x.shape.slice(0, -windows.length),
  ...windows.map((axis) => axis[of]),
];

/** The number of planes of n elements in x. */
const planesIn = (x: Tensor, n: number): number => (n === 0 ? 0 : x.numel / n);

/** The number of rows of results. */
const rowsIn = (out: Tensor): number => planesIn(out, out.shape[out.ndim - 1]!);

/**
 * The largest element of each window; with its place in the plane (int32) where the caller or a gradient needs that.
 */
export function largestIn(
  op: string,
  x: Tensor,
  windows: Windows,
  places: boolean,
): { values: Tensor; indices: Tensor | null } {
  const { maxPool, maxPoolIndexed } = realKernels(op, x.dtype);
  const data = asContiguous(x);
  const shape = shapeOver(x, windows, "count");
  const values = empty(op, shape, x.dtype);
  if (!places && !(mode.recording && x.requiresGrad)) {
    launchUnits(maxPool, rowsIn(values), costOf(values, windows), values.ptr, data.ptr, writeStruct(axes(windows)));
    return { values: record(op, values, [x], [], () => []), indices: null };
  }
  const indices = empty(op, shape, "int32");
  const at = [values.ptr, indices.ptr, data.ptr] as const;
  launchUnits(maxPoolIndexed, rowsIn(values), costOf(values, windows), ...at, writeStruct(axes(windows)));
  record(op, values, [x], [indices], (g, node) => [scattered(op, g, node.saved[0]!, windows)]);
  return { values, indices };
}

/** Planes of zeros to which g is added at the places of the largest elements. */
function scattered(op: string, g: Tensor, indices: Tensor, windows: Windows): Tensor {
  const out = empty(`${op}Grad`, shapeOver(g, windows, "size"), g.dtype);
  const [size, count] = [area(windows, "size"), area(windows, "count")];
  const { scatterPlanes } = realKernels(op, g.dtype);
  const [data, at] = [asContiguous(g), asContiguous(indices)];
  launchUnits(scatterPlanes, planesIn(out, size), size + count, out.ptr, data.ptr, at.ptr, size, count);
  return record(`${op}Grad`, out, [g], [indices], (d, node) => [selected(op, d, node.saved[0]!, windows)]);
}

/** The elements of x at these places: the transpose of {@link scattered}. */
function selected(op: string, x: Tensor, indices: Tensor, windows: Windows): Tensor {
  const out = empty(`${op}GradGrad`, shapeOver(x, windows, "count"), x.dtype);
  const [size, count] = [area(windows, "size"), area(windows, "count")];
  const { gatherPlanes } = realKernels(op, x.dtype);
  const [data, at] = [asContiguous(x), asContiguous(indices)];
  launchUnits(gatherPlanes, planesIn(out, count), count, out.ptr, data.ptr, at.ptr, size, count);
  return record(`${op}GradGrad`, out, [x], [indices], (g, node) => [scattered(op, g, node.saved[0]!, windows)]);
}

/** The divisor of a sum: the number of its elements, with those of the padding or without, or a given number. */
type Divisor = { padded: boolean; given: number | null };

const meanRecord = (windows: Windows, { padded, given }: Divisor): number =>
  writeStruct([...axes(windows), Number(padded), given ?? 0]);

/** The mean of each window. */
export function meanIn(op: string, x: Tensor, windows: Windows, divisor: Divisor): Tensor {
  const { averagePool } = realKernels(op, x.dtype);
  const data = asContiguous(x);
  const out = empty(op, shapeOver(x, windows, "count"), x.dtype);
  launchUnits(averagePool, rowsIn(out), costOf(out, windows), out.ptr, data.ptr, meanRecord(windows, divisor));
  return record(op, out, [x], [], (g) => [spread(op, g, windows, divisor)]);
}

/** Each element of g, divided, added to all elements of its window: the transpose of {@link meanIn}. */
function spread(op: string, g: Tensor, windows: Windows, divisor: Divisor): Tensor {
  const { averagePoolAdjoint } = realKernels(op, g.dtype);
  const data = asContiguous(g);
  const out = empty(`${op}Grad`, shapeOver(g, windows, "size"), g.dtype);
  const planes = planesIn(out, area(windows, "size"));
  const cost = (data.numel / planes) * elementsIn(windows);
  launchUnits(averagePoolAdjoint, planes, cost, out.ptr, data.ptr, meanRecord(windows, divisor));
  return record(`${op}Grad`, out, [g], [], (d) => [meanIn(`${op}GradGrad`, d, windows, divisor)]);
}
