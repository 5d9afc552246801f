import { checkHolds, itemSize } from "../../base/dtype.js";
import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { type Shape, sizeOf } from "../../base/shape.js";
import { anyNumber, define, oneOf, orNull } from "../../base/signature.js";
import { writeScalar, writeStruct } from "../../runtime/heap.js";
import { i32 } from "../../runtime/kernels.js";
import { launchUnits } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous, clone } from "../layout/copy.js";
import { sizesKind } from "../layout/sizes.js";

/** What fills a border: one value, the mirror image, the nearest element, or the other end of the dim. */
export type PadMode = "constant" | "reflect" | "replicate" | "circular";

/** In the order of their numbers in the kernels (assembly/pad/rule.ts). */
const MODES: readonly PadMode[] = ["constant", "reflect", "replicate", "circular"];

/** Elements added before the first and after the last of each dim; negative numbers cut off. */
type Borders = { low: Shape; high: Shape };

function bordersOf(x: Tensor, pads: readonly number[]): Borders {
  if (pads.length % 2 !== 0 || pads.length > 2 * x.ndim) {
    const problem = `expected a pair of whole numbers for each of at most ${x.ndim} dims of ${formatShape(x.shape)}`;
    throw new ValueError("pad", `${problem}, got ${formatShape(pads)}`, "The first pair is for the last dim");
  }
  const of = (side: 0 | 1): number[] => x.shape.map((_, i) => pads[2 * (x.ndim - 1 - i) + side] ?? 0);
  return { low: of(0), high: of(1) };
}

const widened = (x: Tensor, { low, high }: Borders): number[] => x.shape.map((size, i) => size + low[i]! + high[i]!);

/** Borders with each number changed. */
const changed = ({ low, high }: Borders, by: (n: number) => number): Borders => ({
  low: low.map(by),
  high: high.map(by),
});

const negate = (n: number): number => -n;

/** The first dim that changes. */
const firstPadded = ({ low, high }: Borders): number => low.findIndex((n, i) => n !== 0 || high[i] !== 0);

const unchanged = (borders: Borders): boolean => firstPadded(borders) < 0;

/**
 * How many dims at the end form one row of the kernels: with a constant border, from the last padded one on; else one.
 */
const dimsInRow = (mode: PadMode, { low, high }: Borders): number =>
  mode === "constant" ? low.length - low.findLastIndex((n, i) => n !== 0 || high[i] !== 0) : 1;

/** Writes the kernels' struct. The dims before the first padded one are merged into one, and so are those of a row. */
function writeLayout(mode: PadMode, plain: Shape, wide: Shape, borders: Borders): number {
  const first = firstPadded(borders);
  const row = plain.length - dimsInRow(mode, borders);
  const item = sizeOf(plain.slice(row + 1));
  const merged = (shape: Shape): number[] => [
    sizeOf(shape.slice(0, first)),
    ...shape.slice(first, row),
    shape[row]! * item,
  ];
  const before = [0, ...borders.low.slice(first, row), borders.low[row]! * item];
  return writeStruct([before.length, MODES.indexOf(mode), ...merged(wide), ...merged(plain), ...before]);
}

/** x with checked borders, at least one of which is not 0. */
function padded(x: Tensor, borders: Borders, mode: PadMode, value: number): Tensor {
  const shape = widened(x, borders);
  const out = empty("pad", shape, x.dtype);
  const data = asContiguous(x);
  const bytes = itemSize(x.dtype);
  const { pad1, pad4, pad8 } = i32();
  const kernel = bytes === 1 ? pad1 : bytes === 4 ? pad4 : pad8;
  const rows = out.numel === 0 ? 0 : out.numel / sizeOf(shape.slice(-dimsInRow(mode, borders)));
  const constant = writeScalar(x.dtype === "bool" ? Number(value !== 0) : value, x.dtype, 0);
  launchUnits(kernel, rows, out.numel / rows, out.ptr, data.ptr, constant, writeLayout(mode, x.shape, shape, borders));
  return record("pad", out, [x], [], (g) => [
    mode === "constant" ? padded(g, changed(borders, negate), mode, 0) : adjoint(g, x.shape, borders, mode),
  ]);
}

/** The gradient of x from that of x with borders: each element of a border is added to the one that it copied. */
function adjoint(g: Tensor, shape: Shape, borders: Borders, mode: PadMode): Tensor {
  const out = empty("padGrad", shape, g.dtype);
  const data = asContiguous(g);
  const units = out.numel === 0 ? 0 : sizeOf(shape.slice(0, firstPadded(borders)));
  const kernel = realKernels("pad", g.dtype).padAdjoint;
  launchUnits(kernel, units, g.numel / units, out.ptr, data.ptr, writeLayout(mode, shape, g.shape, borders));
  return record("padGrad", out, [g], [], (gg) => [padded(gg, borders, mode, 0)]);
}

/** Throws for negative borders that cut off more than there is. */
function checkCrop(x: Tensor, { low, high }: Borders): void {
  const dim = x.shape.findIndex((size, i) => size + Math.min(low[i]!, 0) + Math.min(high[i]!, 0) < 0);
  if (dim < 0) return;
  const problem = `expected to cut at most ${x.shape[dim]} elements from dim ${dim} of ${formatShape(x.shape)}`;
  throw new ShapeError("pad", `${problem}, got ${formatShape([low[dim]!, high[dim]!])}`);
}

/** Throws for borders that a mode other than "constant" cannot fill: of other dims, or too wide. */
function checkReach(x: Tensor, mode: PadMode, { low, high }: Borders, count: number, value: number): void {
  const rules = mode === "circular" ? [count + 2] : [count + 1, count + 2];
  if (count < 1 || count > 3 || !rules.includes(x.ndim)) {
    const forms = mode === "circular" ? "[N, C, …]" : "[C, …] or [N, C, …]";
    const problem = `expected pairs for the 1, 2 or 3 dims after the channels of ${forms} in mode "${mode}"`;
    throw new ShapeError("pad", `${problem}, got ${count} for input ${formatShape(x.shape)}`);
  }
  if (value !== 0) {
    throw new ValueError("pad", `expected a value in mode "constant" only, got ${value} in mode "${mode}"`);
  }
  for (let dim = x.ndim - count; dim < x.ndim; dim++) {
    const [before, after, size] = [low[dim]!, high[dim]!, x.shape[dim]!];
    const rest = mode === "circular" ? size + Math.min(before, 0) + Math.min(after, 0) : size;
    const most = mode === "reflect" ? rest - 1 : mode === "circular" ? rest : Number.POSITIVE_INFINITY;
    const got = `got ${formatShape([before, after])} for dim ${dim} of ${formatShape(x.shape)}`;
    if (before > most || after > most)
      throw new ShapeError("pad", `expected at most ${most} in mode "${mode}", ${got}`);
    if (mode !== "circular" && (size === 0 || size + before + after < 1)) {
      throw new ShapeError("pad", `expected elements to be there before and after in mode "${mode}", ${got}`);
    }
  }
}

/**
 * A tensor with borders around it, as torch.nn.functional.pad.
 * @param pad pairs of how many elements go before and after, the first pair for the last dim, the next for the one
 * before it; negative numbers cut off instead. All modes but "constant" take one pair for each dim of [C, …] or [N, C,
 * …] ("circular": [N, C, …]) after the channels
 * @param mode what fills the border
 * @param value the constant (0 when left out or null), in mode "constant" only
 * @returns a copy, of any dtype
 * @throws ValueError for pairs that do not fit the dims, ShapeError where "reflect" would need the size or more,
 * "circular" more than the size, or where more is cut off than there is
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.pad.html
 * @example
 * ```ts
 * import { F, rand, tensor } from "simdgrad";
 * F.pad(tensor([1, 2, 3]), [1, 2]); // [0, 1, 2, 3, 0, 0]
 * F.pad(tensor([[1, 2, 3]]), [2, 2], { mode: "reflect" }); // [[3, 2, 1, 2, 3, 2, 1]]
 * F.pad(rand([4, 3, 32, 32]), [1, 1, 2, 2]).shape; // [4, 3, 36, 34]
 * ```
 */
export const pad = define(
  "pad",
  { input: tensorKind, pad: sizesKind, mode: oneOf(...MODES), value: orNull(anyNumber) },
  (input: Tensor, pad: readonly number[], mode: PadMode = "constant", value: number | null = null): Tensor =>
    bordered(input, pad, mode, value ?? 0),
);

function bordered(x: Tensor, pads: readonly number[], mode: PadMode, value: number): Tensor {
  const borders = bordersOf(x, pads);
  if (mode === "constant" || mode === "circular") checkCrop(x, borders);
  if (mode === "constant") checkHolds("pad", x.dtype, value);
  else checkReach(x, mode, borders, pads.length / 2, value);
  if (unchanged(borders)) return clone(x);
  if (mode !== "circular") return padded(x, borders, mode, value);
  const crop = changed(borders, (n) => Math.min(n, 0));
  const rest = changed(borders, (n) => Math.max(n, 0));
  const inner = unchanged(crop) ? x : padded(x, crop, "constant", 0);
  return unchanged(rest) ? inner : padded(inner, rest, mode, 0);
}
