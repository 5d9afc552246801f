import { formatShape, ValueError } from "../../base/errors.js";
import { normalizeDim, sizeOf } from "../../base/shape.js";
import { boolean, define, dimNumber, type Kind, orNull } from "../../base/signature.js";
import { launchUnits } from "../../runtime/launch.js";
import { numericKernels } from "../../tensor/dispatch.js";
import { tensorKind } from "../../tensor/kinds.js";
import { notify, record } from "../../tensor/record.js";
import { empty, Tensor } from "../../tensor/tensor.js";
import { scatterAdd } from "../index/gather.js";
import { asContiguous, cast } from "../layout/copy.js";
import { zeros } from "../layout/ranges.js";
import { reshape, unsqueeze } from "../layout/views.js";
import { maximum, minimum } from "../pointwise/arithmetic.js";
import type { ReduceOptions } from "../pointwise/broadcast.js";
import { asNumbers, largest, smallest } from "./reduce.js";

/** Values and their positions: `{ values, indices }`, or by destructuring `[values, indices]`. */
export type ValuesAndIndices = { values: Tensor; indices: Tensor } & Iterable<Tensor>;

/** A plain object, in which scopes find the tensors, that can be destructured as PyTorch's named tuple. */
export function valuesAndIndices(values: Tensor, indices: Tensor): ValuesAndIndices {
  return {
    values,
    indices,
    *[Symbol.iterator]() {
      yield values;
      yield indices;
    },
  };
}

const dimOrTensor: Kind<number | Tensor> = {
  expected: "a dim or a tensor",
  fits: (value): value is number | Tensor => dimNumber.fits(value) || tensorKind.fits(value),
};

/** The call of max or min: f(input), f(input, dim, keepdim = false), or f(input, other). */
function extremumCall(
  name: string,
  kernel: Kernel,
  whole: (x: Tensor) => Tensor,
  pairs: (x: Tensor, other: Tensor) => Tensor,
) {
  return define(
    name,
    { input: tensorKind, dim: dimOrTensor, keepdim: boolean },
    (
      input: Tensor,
      dim: number | Tensor | undefined = undefined,
      keepdim: boolean = false,
    ): Tensor | ValuesAndIndices => {
      if (dim === undefined) return whole(input);
      return dim instanceof Tensor ? pairs(input, dim) : along(name, kernel, input, dim, keepdim);
    },
  );
}

/** A dim by its keyword. */
export type DimKeywords = ReduceOptions & { dim: number };

type Kernel = "maxIndex" | "minIndex";

function along(name: string, kernel: Kernel, x: Tensor, dim: number, keepdim: boolean): ValuesAndIndices {
  const d = normalizeDim(name, dim, x.ndim);
  const r = x.shape[d] ?? 1;
  if (r === 0) {
    throw new ValueError(name, `expected at least one element along dim ${dim}, got shape ${formatShape(x.shape)}`);
  }
  const shape = x.shape.flatMap((size, i) => (i !== d ? [size] : keepdim ? [1] : []));
  const data = asContiguous(asNumbers(x));
  const best = empty(name, shape, data.dtype);
  const indices = empty(name, shape, "int32");
  const inner = sizeOf(x.shape.slice(d + 1));
  launchUnits(numericKernels(name, data.dtype)[kernel], best.numel, 2 * r, best.ptr, indices.ptr, data.ptr, r, inner);
  const values = record(name, cast(best, x.dtype), [x], [indices], (g, node) => {
    const back = (y: Tensor): Tensor => (keepdim || x.ndim === 0 ? y : unsqueeze(y, d));
    return [scatterAdd(zeros(x.shape, { dtype: g.dtype }), d, back(node.saved[0]!), back(g))];
  });
  return valuesAndIndices(values, notify(name, indices, [x]));
}

/**
 * The largest element, as torch.max: of all, or along a dim with its index (the first of equal ones; NaN wins), or of
 * two tensors element by element.
 * @see https://pytorch.org/docs/stable/generated/torch.max.html
 * @example
 * ```ts
 * import { tensor } from "simdgrad";
 * const x = tensor([[1, 5, 2], [7, 3, 7]]);
 * const { values, indices } = x.max(1);
 * const [best, where] = x.max(1, { keepdim: true });
 * ```
 */
export function max(input: Tensor): Tensor;
export function max(input: Tensor, other: Tensor): Tensor;
export function max(input: Tensor, dim: number, keepdim?: boolean): ValuesAndIndices;
export function max(input: Tensor, dim: number, keywords: ReduceOptions): ValuesAndIndices;
export function max(input: Tensor, keywords: DimKeywords): ValuesAndIndices;
export function max(...args: Parameters<typeof maxCall>): Tensor | ValuesAndIndices {
  return maxCall(...args);
}
const maxCall = extremumCall("max", "maxIndex", largest, maximum);

/**
 * The smallest element, as torch.min: the counterpart of {@link max}.
 * @see https://pytorch.org/docs/stable/generated/torch.min.html
 */
export function min(input: Tensor): Tensor;
export function min(input: Tensor, other: Tensor): Tensor;
export function min(input: Tensor, dim: number, keepdim?: boolean): ValuesAndIndices;
export function min(input: Tensor, dim: number, keywords: ReduceOptions): ValuesAndIndices;
export function min(input: Tensor, keywords: DimKeywords): ValuesAndIndices;
export function min(...args: Parameters<typeof minCall>): Tensor | ValuesAndIndices {
  return minCall(...args);
}
const minCall = extremumCall("min", "minIndex", smallest, minimum);

/** The call of argmax or argmin: f(input, dim = null, keepdim = false). */
function positionCall(name: string, kernel: Kernel) {
  return define(
    name,
    { input: tensorKind, dim: orNull(dimNumber), keepdim: boolean },
    (input: Tensor, dim: number | null = null, keepdim: boolean = false): Tensor =>
      position(name, kernel, input, dim, keepdim),
  );
}

function position(name: string, kernel: Kernel, x: Tensor, dim: number | null, keepdim: boolean): Tensor {
  if (dim !== null) return along(name, kernel, x, dim, keepdim).indices;
  const { indices } = along(name, kernel, reshape(x, [-1]), 0, false);
  return keepdim
    ? reshape(
        indices,
        x.shape.map(() => 1),
      )
    : indices;
}

/**
 * The position of the largest element (int32, the first of equal ones), as torch.argmax: along a dim, or in the
 * flattened tensor.
 * @see https://pytorch.org/docs/stable/generated/torch.argmax.html
 */
export const argmax = positionCall("argmax", "maxIndex");

/**
 * The position of the smallest element (int32, the first of equal ones), as torch.argmin.
 * @see https://pytorch.org/docs/stable/generated/torch.argmin.html
 */
export const argmin = positionCall("argmin", "minIndex");
