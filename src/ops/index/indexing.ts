import { itemSize } from "../../base/dtype.js";
import { DtypeError, formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { broadcastShapes, type Shape, sameShape, sizeOf } from "../../base/shape.js";
import { alwaysFalse, boolean, define, type Kind, shown } from "../../base/signature.js";
import { i32 } from "../../runtime/kernels.js";
import { launch } from "../../runtime/launch.js";
import { numericKernels } from "../../tensor/dispatch.js";
import { operandKind, tensorKind } from "../../tensor/kinds.js";
import { checkInPlace } from "../../tensor/record.js";
import { empty, Tensor } from "../../tensor/tensor.js";
import { asContiguous, cast, contiguous, copy_, detach, writeElements } from "../layout/copy.js";
import { filled, tensor } from "../layout/factories.js";
import { arange } from "../layout/ranges.js";
import { permute, reshape, unsqueeze } from "../layout/views.js";
import { add, floorDivide, mul, remainder } from "../pointwise/arithmetic.js";
import { expand } from "../pointwise/broadcast.js";
import { countTrue, lt } from "../pointwise/compare.js";
import { where } from "../pointwise/where.js";
import type { Operand } from "../pointwise/zip.js";
import { checkIndex, indexSelect } from "./gather.js";
import { select, slice, stack } from "./slice.js";

/**
 * What {@link index} takes for a dim, with the Python for it: a number (`x[2]`); a slice as a string (`x[1:3]` is
 * `"1:3"`, `x[:]` is `":"`, `x[::2]` is `"::2"`); null for a new dim (`x[None]`); `"..."` for all dims between; a list of
 * positions (`x[[0, 2]]` is `[0, 2]`), or an int32 tensor of them; a list of booleans, or a bool tensor, as a mask.
 */
export type Index = number | null | string | readonly number[] | readonly boolean[] | Tensor;

type Bounds = [start: number | null, stop: number | null, step: number];

function boundsOf(text: string): Bounds {
  const parts = text.split(":").map((part) => (part.trim() === "" ? null : Number(part)));
  const valid = parts.length > 1 && parts.length < 4 && parts.every((part) => part === null || Number.isInteger(part));
  if (!valid) throw new ValueError("index", `expected "start:stop:step" or "...", got "${text}"`);
  return [parts[0] ?? null, parts[1] ?? null, parts[2] ?? 1];
}

/** An item with its list as a tensor: positions, or a mask. */
function itemOf(item: Index): number | null | string | Tensor {
  if (item === null || typeof item === "number" || typeof item === "string") return item;
  if (item instanceof Tensor) {
    if (item.dtype !== "uint8") return item;
    throw new DtypeError("index", "expected int32 positions or a bool mask, got uint8", "Write .int() or .bool()");
  }
  if (Array.isArray(item)) {
    const list: readonly unknown[] = item;
    if (list.every((value) => Number.isInteger(value))) return tensor(item, { dtype: "int32" });
    if (list.every((value) => typeof value === "boolean")) return tensor(item);
  }
  throw new ValueError(
    "index",
    `expected numbers, slices as strings, null, lists of positions or booleans, or tensors, got ${shown(item)}`,
    'A slice is "start:stop:step"; positions of more dims are a tensor',
  );
}

/** The number of dims of x that an item indexes. */
function dimsTaken(item: Index): number {
  if (item === null || item === "...") return 0;
  return item instanceof Tensor && item.dtype === "bool" ? item.ndim : 1;
}

/**
 * Applies numbers, slices and new dims as views; returns the view, and the positions along its dims that tensors gave.
 */
function basicIndex(x: Tensor, given: readonly Index[]): { view: Tensor; at: Map<number, Tensor> } {
  const items = given.map(itemOf);
  const taken = items.reduce<number>((total, item) => total + dimsTaken(item), 0);
  if (taken > x.ndim || items.filter((item) => item === "...").length > 1) {
    const problem = `expected indices for at most ${x.ndim} dims of ${formatShape(x.shape)} and one "..."`;
    throw new ShapeError("index", `${problem}, got indices for ${taken} dims`);
  }
  let view = x;
  let dim = 0;
  const at = new Map<number, Tensor>();
  for (const item of items) {
    if (item === "...") dim += x.ndim - taken;
    else if (item === null) view = unsqueeze(view, dim++);
    else if (typeof item === "number") view = select(view, dim, item);
    else if (item instanceof Tensor && item.dtype === "bool" && item.ndim === 0) {
      view = unsqueeze(view, dim); // as x[True]: a new dim of size 1, as x[False]: of size 0
      at.set(dim++, flatNonzero(item));
    } else if (item instanceof Tensor) {
      for (const positions of positionsOf(item, view, dim)) at.set(dim++, positions);
    } else view = slice(view, dim++, ...boundsOf(item));
  }
  return { view, at };
}

/** The positions that a tensor gives along one dim, or a mask along each of its dims. */
function positionsOf(item: Tensor, view: Tensor, dim: number): Tensor[] {
  if (item.dtype !== "bool") return [item];
  const covered = view.shape.slice(dim, dim + item.ndim);
  if (!sameShape(covered, item.shape)) {
    throw new ShapeError("index", `expected a mask of ${formatShape(covered)}, got ${formatShape(item.shape)}`);
  }
  return coordinates(item);
}

/** int32 positions of the elements that are not 0 in the flattened tensor. */
function flatNonzero(x: Tensor): Tensor {
  const mask = asContiguous(cast(detach(x), "bool"));
  const out = empty("nonzero", [countTrue(mask)], "int32");
  if (out.numel > 0) i32().nonzero(out.ptr, mask.ptr, mask.numel);
  return out;
}

/** Positions of the elements that are not 0, dim by dim. */
function coordinates(x: Tensor): Tensor[] {
  const flat = flatNonzero(x);
  return x.shape.map((size, d) => {
    const inner = sizeOf(x.shape.slice(d + 1));
    return x.numel === 0 ? flat : remainder(floorDivide(flat, inner), size);
  });
}

/**
 * The positions of the elements that are not 0, as torch.nonzero: int32 [count, ndim], in row-major order.
 * @see https://pytorch.org/docs/stable/generated/torch.nonzero.html
 */
export const nonzero = define(
  "nonzero",
  { input: tensorKind, asTuple: alwaysFalse("Write unbind(nonzero(x), 1)") },
  (input: Tensor, _asTuple: boolean = false): Tensor => {
    if (input.ndim === 0) return reshape(flatNonzero(input), [-1, 0]);
    return stack(coordinates(input), 1);
  },
);

/**
 * The elements where the mask is true, in row-major order, as torch.masked_select.
 * @see https://pytorch.org/docs/stable/generated/torch.masked_select.html
 */
export const maskedSelect = define(
  "maskedSelect",
  { input: tensorKind, mask: tensorKind },
  (input: Tensor, mask: Tensor): Tensor => {
    if (mask.dtype !== "bool") throw new DtypeError("maskedSelect", `expected a bool mask, got ${mask.dtype}`);
    const shape = broadcastShapes("maskedSelect", input.shape, mask.shape);
    const positions = flatNonzero(contiguous(expand(mask, shape)));
    return indexSelect(reshape(expand(input, shape), [-1]), 0, positions);
  },
);

/**
 * Elements at positions along the dims in `at`. The dims of the positions replace these if they are neighbours; else
 * they come first.
 */
function advancedIndex(x: Tensor, at: ReadonlyMap<number, Tensor>): Tensor {
  const dims = [...at.keys()].sort((a, b) => a - b);
  const together = dims[dims.length - 1]! - dims[0]! + 1 === dims.length;
  const first = together ? dims[0]! : 0;
  const rest = x.shape.map((_, i) => i).filter((i) => !at.has(i));
  const moved = together ? x : permute(x, [...dims, ...rest]);
  const before = moved.shape.slice(0, first);
  const after = moved.shape.slice(first + dims.length);
  const sizes = dims.map((d) => x.shape[d]!);
  const { positions, shape } = linear(
    dims.map((d) => at.get(d)!),
    sizes,
  );
  const rows = reshape(moved, [...before, sizeOf(sizes), ...after]);
  return reshape(indexSelect(rows, first, positions), [...before, ...shape, ...after]);
}

/** Positions along several dims as positions in the flattened dims, and the shape that they broadcast to. */
function linear(indices: readonly Tensor[], sizes: Shape): { positions: Tensor; shape: Shape } {
  const shape = indices.map((i) => i.shape).reduce((a, b) => broadcastShapes("index", a, b));
  const wrapped = indices.map((index, i) => {
    const data = checkIndex("index", index, sizes[i]!, -sizes[i]!);
    return where(lt(data, 0), add(data, sizes[i]!), data);
  });
  const joined = wrapped.reduce((total, index, i) => add(mul(total, sizes[i]!), index));
  return { positions: reshape(joined, [-1]), shape };
}

/**
 * Part of a tensor, as `x[…]` in Python: see {@link Index} for the items. Numbers, slices, null and "..."
 * give views; positions and masks give copies. Gradients flow through all of them.
 *
 * @throws ShapeError for more indices than dims, ValueError for positions out of range
 * @see https://pytorch.org/docs/stable/tensor_view.html
 * @example
 * ```ts
 * import { tensor } from "simdgrad";
 * const x = tensor([[1, -2, 3], [4, 5, -6]]);
 * const rows = tensor([0, 1], { dtype: "int32" });
 * const columns = tensor([2, 0], { dtype: "int32" });
 * x.index(0);                    // x[0]
 * x.index(":", "1:3");           // x[:, 1:3]
 * x.index("...", -1);            // x[..., -1]
 * x.index(":", [0, 2]);          // x[:, [0, 2]]: columns 0 and 2
 * x.index(x.gt(0));              // x[x > 0]
 * x.index(rows, columns);        // x[rows, columns], int32 tensors
 * ```
 */
export function index(x: Tensor, ...items: Index[]): Tensor {
  const { view, at } = basicIndex(x, items);
  return at.size === 0 ? view : advancedIndex(view, at);
}

/** The items of an index. Each is for the operation to check. */
const itemsKind: Kind<readonly Index[]> = {
  expected: "a list of indices",
  fits: (value): value is readonly Index[] => Array.isArray(value),
};

/**
 * Writes values into a part of a tensor, as `x[…] = values` in Python and torch.Tensor.index_put_.
 * @param indices the part, as for {@link index}
 * @param values a number, or a tensor that broadcasts to the part
 * @param accumulate whether to add the values to the elements instead of overwriting these
 * @returns the tensor
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.index_put_.html
 * @example
 * ```ts
 * import { noGrad, zeros } from "simdgrad";
 * const w = zeros(3, 3);
 * noGrad(() => w.indexPut_([0, ":"], 0)); // w[0, :] = 0
 * ```
 */
export const indexPut_ = define(
  "indexPut_",
  { input: tensorKind, indices: itemsKind, values: operandKind, accumulate: boolean },
  (input: Tensor, indices: readonly Index[], values: Operand, accumulate: boolean = false): Tensor =>
    put(input, indices, values, accumulate),
);

function put(x: Tensor, items: readonly Index[], values: Operand, accumulate: boolean): Tensor {
  const source = values instanceof Tensor ? values : filled("indexPut_", [], values, { dtype: x.dtype });
  checkInPlace("indexPut_", x, [source]);
  const { view, at } = basicIndex(detach(x), items);
  if (at.size === 0) {
    copy_(view, accumulate ? add(view, source) : source);
    return x;
  }
  const numbers = reshape(arange(view.numel), view.shape);
  const places = advancedIndex(numbers, at);
  const spread = asContiguous(cast(expand(detach(source), places.shape), x.dtype));
  const target = asContiguous(view);
  const { scatter1, scatter4, scatter8 } = i32();
  const plain = itemSize(x.dtype) === 1 ? scatter1 : itemSize(x.dtype) === 4 ? scatter4 : scatter8;
  const kernel = accumulate ? numericKernels("indexPut_", x.dtype).scatterAdd : plain;
  launch(kernel, 1, target.ptr, spread.ptr, asContiguous(places).ptr, places.numel, view.numel, 1);
  if (target !== view) writeElements(view, target);
  else x.storage.version++;
  return x;
}
