import { ValueError } from "../../base/errors.js";
import { normalizeDim } from "../../base/shape.js";
import { boolean, define, dimNumber, integerFrom } from "../../base/signature.js";
import { workspaces } from "../../runtime/heap.js";
import { launchUnits, launchWorking } from "../../runtime/launch.js";
import { numericKernels } from "../../tensor/dispatch.js";
import { tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { scatterAdd } from "../index/gather.js";
import { narrow } from "../index/slice.js";
import { asContiguous, cast, detach } from "../layout/copy.js";
import { zeros } from "../layout/ranges.js";
import { movedim } from "../layout/views.js";
import { type ValuesAndIndices, valuesAndIndices } from "./extremum.js";
import { asNumbers } from "./reduce.js";

/** Options of {@link sort} and {@link argsort}. */
export type SortOptions = {
  /** Largest first; false when left out. */
  descending?: boolean;
};

/**
 * The elements along a dim in order, and their positions before (int32), as torch.sort. Stable; NaN counts as the
 * largest.
 * @see https://pytorch.org/docs/stable/generated/torch.sort.html
 */
export const sort = define(
  "sort",
  { input: tensorKind, dim: dimNumber, descending: boolean, stable: boolean },
  (input: Tensor, dim: number = -1, descending: boolean = false, _stable: boolean = false): ValuesAndIndices =>
    sorted(input, dim, Number(descending)),
);

function sorted(x: Tensor, dim: number, descending: number): ValuesAndIndices {
  const d = normalizeDim("sort", dim, x.ndim);
  return inOrder("sort", x, d, x.shape[d] ?? 1, (values, indices, data, n, rows) => {
    const work = workspaces(Math.max(n, 1) * 4);
    const { sort } = numericKernels("sort", data.dtype);
    const at = [values.ptr, indices.ptr, data.ptr] as const;
    launchWorking(sort, rows, n * (32 - Math.clz32(n)), work.step, ...at, n, descending, work.at);
  });
}

/** Lets `run` fill the result: the first `count` elements in order of each row along dim d, and their positions. */
function inOrder(
  op: string,
  x: Tensor,
  d: number,
  count: number,
  run: (values: Tensor, indices: Tensor, data: Tensor, n: number, rows: number) => void,
): ValuesAndIndices {
  const toLast = (y: Tensor): Tensor => (x.ndim === 0 ? y : movedim(y, d, -1));
  const toDim = (y: Tensor): Tensor => (x.ndim === 0 ? y : movedim(y, -1, d));
  const data = asContiguous(toLast(asNumbers(detach(x))));
  const shape = x.ndim === 0 ? [] : [...data.shape.slice(0, -1), count];
  const first = empty(op, shape, data.dtype);
  const places = empty(op, shape, "int32");
  const n = x.shape[d] ?? 1;
  run(first, places, data, n, x.numel === 0 ? 0 : x.numel / n);
  const indices = toDim(places);
  const values = record(op, toDim(cast(first, x.dtype)), [x], [indices], (g, node) => [
    scatterAdd(zeros(x.shape, { dtype: g.dtype }), d, node.saved[0]!, g),
  ]);
  return valuesAndIndices(values, indices);
}

/**
 * The positions that would sort a dim, as torch.argsort.
 * @see https://pytorch.org/docs/stable/generated/torch.argsort.html
 */
export const argsort = define(
  "argsort",
  { input: tensorKind, dim: dimNumber, descending: boolean },
  (input: Tensor, dim: number = -1, descending: boolean = false): Tensor =>
    sorted(detach(input), dim, Number(descending)).indices,
);

/**
 * topk keeps at most this many elements in order while it reads a row. That is fast, because few elements enter the
 * list; if each does (the largest of rising numbers), a list of 256 takes 1.4 times as long as sorting.
 */
const MOST_KEPT = 256;

/**
 * The k largest (or smallest) elements along a dim in order, and their positions, as torch.topk.
 * @see https://pytorch.org/docs/stable/generated/torch.topk.html
 */
export const topk = define(
  "topk",
  { input: tensorKind, k: integerFrom(0), dim: dimNumber, largest: boolean, sorted: boolean },
  (
    input: Tensor,
    k: number,
    dim: number = -1,
    largest: boolean = true,
    _sorted: boolean = true, // they always are
  ): ValuesAndIndices => firstInOrder(input, k, dim, largest),
);

function firstInOrder(x: Tensor, k: number, dim: number, largest: boolean): ValuesAndIndices {
  const d = normalizeDim("topk", dim, x.ndim);
  const size = x.shape[d] ?? 1;
  if (!Number.isInteger(k) || k < 0 || k > size) throw new ValueError("topk", `expected k in [0, ${size}], got ${k}`);
  if (x.ndim > 0 && k > 0 && k <= MOST_KEPT) {
    return inOrder("topk", x, d, k, (values, indices, data, n, rows) => {
      const { topk } = numericKernels("topk", data.dtype);
      launchUnits(topk, rows, n, values.ptr, indices.ptr, data.ptr, n, k, Number(largest));
    });
  }
  const { values, indices } = sorted(x, dim, Number(largest));
  return x.ndim === 0
    ? valuesAndIndices(values, indices)
    : valuesAndIndices(narrow(values, d, 0, k), narrow(indices, d, 0, k));
}
