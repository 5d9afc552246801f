import { numericKernels } from "../array/builds.js";
import { record } from "../array/record.js";
import { empty, type Tensor } from "../array/tensor.js";
import { ValueError } from "../base/errors.js";
import { normalizeDim } from "../base/shape.js";
import { workspaces } from "../runtime/heap.js";
import { launchWorking } from "../runtime/launch.js";
import { cast, dense, detach } from "./copy.js";
import { type ValuesAndIndices, valuesAndIndices } from "./extremum.js";
import { scatterAdd } from "./gather.js";
import { zeros } from "./ranges.js";
import { asNumbers } from "./reduce.js";
import { narrow } from "./slice.js";
import { movedim } from "./views.js";

/** Options of {@link sort} and {@link argsort}. */
export type SortOptions = {
  /** Largest first; false when left out. */
  descending?: boolean;
};

/**
 * The elements along a dim in order, and where they were (int32), as torch.sort. Stable; NaN counts as the largest.
 * @see https://pytorch.org/docs/stable/generated/torch.sort.html
 */
export function sort(x: Tensor, dim = -1, options: SortOptions = {}): ValuesAndIndices {
  const { descending = false } = options;
  const d = normalizeDim("sort", dim, x.ndim);
  const toLast = (y: Tensor): Tensor => (x.ndim === 0 ? y : movedim(y, d, -1));
  const toDim = (y: Tensor): Tensor => (x.ndim === 0 ? y : movedim(y, -1, d));
  const data = dense(toLast(asNumbers(detach(x))));
  const n = x.shape[d] ?? 1;
  const sorted = empty("sort", data.shape, data.dtype);
  const order = empty("sort", data.shape, "int32");
  const work = workspaces(Math.max(n, 1) * 4);
  const rows = x.numel === 0 ? 0 : x.numel / n;
  const kernel = numericKernels("sort", data.dtype).sort;
  launchWorking(
    kernel,
    rows,
    n * (32 - Math.clz32(n)),
    work.step,
    sorted.ptr,
    order.ptr,
    data.ptr,
    n,
    Number(descending),
    work.at,
  );
  const indices = toDim(order);
  const values = record("sort", toDim(cast(sorted, x.dtype)), [x], [indices], (g, node) => [
    scatterAdd(zeros(x.shape, { dtype: g.dtype }), d, node.saved[0]!, g),
  ]);
  return valuesAndIndices(values, indices);
}

/**
 * The positions that would sort a dim, as torch.argsort.
 * @see https://pytorch.org/docs/stable/generated/torch.argsort.html
 */
export function argsort(x: Tensor, dim = -1, options: SortOptions = {}): Tensor {
  return sort(detach(x), dim, options).indices;
}

/**
 * The k largest (or smallest) elements along a dim in order, and where they were, as torch.topk.
 * @see https://pytorch.org/docs/stable/generated/torch.topk.html
 */
export function topk(x: Tensor, k: number, dim = -1, options: { largest?: boolean } = {}): ValuesAndIndices {
  const { largest = true } = options;
  const d = normalizeDim("topk", dim, x.ndim);
  const size = x.shape[d] ?? 1;
  if (!Number.isInteger(k) || k < 0 || k > size) throw new ValueError("topk", `expected k in [0, ${size}], got ${k}`);
  const { values, indices } = sort(x, dim, { descending: largest });
  return x.ndim === 0
    ? valuesAndIndices(values, indices)
    : valuesAndIndices(narrow(values, d, 0, k), narrow(indices, d, 0, k));
}
