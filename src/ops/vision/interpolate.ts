import { type Dtype, itemSize } from "../../base/dtype.js";
import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import { alwaysFalse, boolean, define, oneOf, orNull } from "../../base/signature.js";
import { i32 } from "../../runtime/kernels.js";
import { launchUnits } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous, clone } from "../layout/copy.js";
import { tensor } from "../layout/factories.js";
import { type Size, sizeKind } from "../layout/sizes.js";

/** How new elements are computed: the next old one, or weighted neighbours along 1, 2 or 3 dims. */
export type InterpolateMode = "nearest" | "linear" | "bilinear" | "trilinear";

/** Options of {@link interpolate}. */
export type InterpolateOptions = {
  /** One size for all dims after the channels, or one for each. */
  size?: number | readonly number[] | null;
  /** The factor by which they grow, instead of `size`; sizes are rounded down. */
  scaleFactor?: number | readonly number[] | null;
  /** "nearest" when left out. */
  mode?: InterpolateMode;
  /** Whether the centres of the corner elements stay in place (false: their outer edges). Not for "nearest". */
  alignCorners?: boolean | null;
  /** Whether places are computed from the rounded sizes instead of `scaleFactor` (false). */
  recomputeScaleFactor?: boolean | null;
};

/** The kinds of what interpolation takes, in the operation and in the layer. */
export const RESIZE = {
  size: orNull(sizeKind),
  scaleFactor: orNull(sizeKind),
  mode: oneOf("nearest", "linear", "bilinear", "trilinear"),
  alignCorners: orNull(boolean),
  recomputeScaleFactor: orNull(boolean),
} as const;

/** The sizes or factors that the caller asked for. */
type Wanted = Pick<Required<InterpolateOptions>, "size" | "scaleFactor" | "recomputeScaleFactor">;

/**
 * How one dim changes from `size` to `index.length`: new element k is old element index[k], or with weights
 * (1 − weight[k]) · old[index[k]] + weight[k] · old[index[k] + 1].
 */
type Resampling = { dim: number; size: number; index: Int32Array; weight: Float64Array | null };

/** Rounds to the type of the elements, or to float32 for integers, as PyTorch. */
const rounding = (dtype: Dtype): ((x: number) => number) => (dtype === "float64" ? Number : Math.fround);

/** Old elements per new one, from the user's factor or (null) from the sizes. */
const ratioOf = (size: number, count: number, factor: number | null, round: (x: number) => number): number =>
  round(factor === null ? size / count : 1 / factor);

/** index[k] = ⌊ratio·k⌋. PyTorch multiplies in float64 and rounds to float32, whatever the type. */
function nearestAlong(x: Tensor, dim: number, count: number, factor: number | null): Resampling {
  const size = x.shape[dim]!;
  const ratio = ratioOf(size, count, factor, rounding(x.dtype));
  const index = Int32Array.from({ length: count }, (_, k) => Math.min(Math.floor(Math.fround(ratio * k)), size - 1));
  return { dim, size, index, weight: null };
}

/**
 * ratio·(k + 1/2) − 1/2 rounded once, as by the fused multiply-add of PyTorch's builds: the ratio is split in two
 * halves of its digits, whose products are exact.
 */
function centre(ratio: number, k: number): number {
  const shifted = ratio * (2 ** 27 + 1);
  const high = shifted - (shifted - ratio);
  return high * (k + 0.5) - 0.5 + (ratio - high) * (k + 0.5);
}

/** The place of new element k is a float64, computed from a ratio in the type of the elements, as in PyTorch. */
function linearAlong(x: Tensor, dim: number, count: number, factor: number | null, align: boolean): Resampling {
  const size = x.shape[dim]!;
  const round = rounding(x.dtype);
  const aligned = count > 1 ? round((size - 1) / (count - 1)) : 0;
  const ratio = align ? aligned : ratioOf(size, count, factor, round);
  const places = Array.from({ length: count }, (_, k) => (align ? ratio * k : Math.max(0, centre(ratio, k))));
  const index = Int32Array.from(places, (place) => Math.min(Math.floor(place), size - 1));
  const weight = Float64Array.from(places, (place, k) => round(Math.min(place - index[k]!, 1)));
  return { dim, size, index, weight };
}

/** Whether a resampling changes nothing. */
const idle = ({ size, index, weight }: Resampling): boolean =>
  index.length === size && (weight !== null || index.every((i, k) => i === k));

/** Runs the kernel of one resampling, forward or (transposed) backward. `x` is row-major. */
function run(op: string, x: Tensor, { dim, size, index, weight }: Resampling, back: boolean): Tensor {
  const shape = x.shape.map((n, i) => (i !== dim ? n : back ? size : index.length));
  const out = empty(op, shape, x.dtype);
  const table = tensor(index);
  const weights = weight === null ? null : tensor(weight, { dtype: x.dtype });
  const outer = out.numel === 0 ? 0 : sizeOf(shape.slice(0, dim));
  const cost = (out.numel + x.numel) / outer;
  const sizes = [index.length, size, sizeOf(shape.slice(dim + 1))] as const;
  if (weights !== null) {
    const { linear, linearAdjoint } = realKernels(op, x.dtype);
    launchUnits(back ? linearAdjoint : linear, outer, cost, out.ptr, x.ptr, table.ptr, weights.ptr, ...sizes);
    weights.storage.free();
  } else {
    const kernel = back ? realKernels(op, x.dtype).nearestAdjoint : nearestKernel(x);
    launchUnits(kernel, outer, cost, out.ptr, x.ptr, table.ptr, ...sizes);
  }
  table.storage.free();
  return out;
}

function nearestKernel(x: Tensor): ReturnType<typeof i32>["nearest4"] {
  const { nearest1, nearest4, nearest8 } = i32();
  const bytes = itemSize(x.dtype);
  return bytes === 1 ? nearest1 : bytes === 4 ? nearest4 : nearest8;
}

/** Resamples one dim after the other and frees all results but the last. */
function chain(op: string, x: Tensor, steps: readonly Resampling[], back: boolean): Tensor {
  let value = asContiguous(x);
  for (const step of steps) {
    const next = run(op, value, step, back);
    if (value !== x) value.storage.free();
    value = next;
  }
  return value;
}

/** x with each step applied. The last dim comes first, as in PyTorch. */
function resampled(x: Tensor, steps: readonly Resampling[]): Tensor {
  return record("interpolate", chain("interpolate", x, steps, false), [x], [], (g) => [adjoint(g, steps)]);
}

/** The gradient of x: each g times its weight, added to the old elements it came from, in order. */
function adjoint(g: Tensor, steps: readonly Resampling[]): Tensor {
  const out = chain("interpolateGrad", g, [...steps].reverse(), true);
  return record("interpolateGrad", out, [g], [], (gg) => [resampled(gg, steps)]);
}

/** A number for each dim after the channels, from a single one or a list. */
function perDim(name: string, x: Tensor, value: number | readonly number[]): readonly number[] {
  const list = typeof value === "number" ? x.shape.slice(2).map(() => value) : value;
  if (Array.isArray(list) && list.length === x.ndim - 2) return list;
  const problem = `expected ${name} to be a number or ${x.ndim - 2} of them for input ${formatShape(x.shape)}`;
  throw new ShapeError("interpolate", `${problem}, got ${Array.isArray(list) ? formatShape(list) : String(value)}`);
}

/** The new sizes, and the factors that give the places (null: the sizes do). */
function target(
  x: Tensor,
  { size, scaleFactor, recomputeScaleFactor }: Wanted,
): { sizes: readonly number[]; factors: readonly number[] | null } {
  if ((size === null) === (scaleFactor === null)) {
    const got = size === null ? "neither" : "both";
    throw new ValueError("interpolate", `expected either size or scaleFactor, got ${got}`);
  }
  if (recomputeScaleFactor && size !== null) {
    throw new ValueError("interpolate", "expected recomputeScaleFactor beside scaleFactor only, got it beside size");
  }
  const factors = scaleFactor === null ? null : perDim("scaleFactor", x, scaleFactor);
  const sizes = factors?.map((f, i) => Math.floor(x.shape[i + 2]! * f)) ?? perDim("size", x, size!);
  if (!sizes.every((n) => Number.isInteger(n) && n > 0)) {
    throw new ValueError("interpolate", `expected new sizes of 1 or more, got ${formatShape(sizes)}`);
  }
  return { sizes, factors: recomputeScaleFactor ? null : factors };
}

/** The number of dims that a mode takes, batch and channels included. */
const NDIMS: Readonly<Record<InterpolateMode, readonly number[]>> = {
  nearest: [3, 4, 5],
  linear: [3],
  bilinear: [4],
  trilinear: [5],
};

const FORMS = ["[N, C, L]", "[N, C, H, W]", "[N, C, D, H, W]"];

function checkInput(x: Tensor, mode: InterpolateMode, align: boolean | null): void {
  if (!NDIMS[mode].includes(x.ndim) || x.shape.slice(1).includes(0)) {
    const forms = NDIMS[mode].map((ndim) => FORMS[ndim - 3]).join(" or ");
    const problem = `expected input ${forms}, none of them 0 but N, in mode "${mode}"`;
    throw new ShapeError("interpolate", `${problem}, got ${formatShape(x.shape)}`);
  }
  if (mode !== "nearest")
    realKernels("interpolate", x.dtype); // refuses other types
  else if (align !== null) {
    throw new ValueError("interpolate", `expected no alignCorners in mode "nearest", got ${align}`);
  }
}

/**
 * x resized along all dims but the first two, as torch.nn.functional.interpolate, with PyTorch's arithmetic of places.
 * Give either `size` or `scaleFactor`. Mode "nearest" takes [N, C, L], [N, C, H, W] and [N, C, D, H, W] of any dtype,
 * "linear", "bilinear" and "trilinear" take floats of 3, 4 and 5 dims.
 * @returns a copy
 * @throws ValueError for options that contradict each other, ShapeError for another number of dims
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html
 * @example
 * ```ts
 * import { F, rand, tensor } from "simdgrad";
 * F.interpolate(tensor([[[1, 2]]]), { scaleFactor: 2 }); // [[[1, 1, 2, 2]]]
 * F.interpolate(tensor([[[1, 2]]]), { size: 3, mode: "linear", alignCorners: true }); // [[[1, 1.5, 2]]]
 * F.interpolate(rand([4, 3, 218, 178]), { size: [64, 64], mode: "bilinear" }).shape; // [4, 3, 64, 64]
 * ```
 */
export const interpolate = define(
  "interpolate",
  { input: tensorKind, ...RESIZE, antialias: alwaysFalse("Blur the input first") },
  (
    input: Tensor,
    size: Size | null = null,
    scaleFactor: Size | null = null,
    mode: InterpolateMode = "nearest",
    alignCorners: boolean | null = null,
    recomputeScaleFactor: boolean | null = null,
    _antialias: boolean = false,
  ): Tensor => resize(input, mode, alignCorners, { size, scaleFactor, recomputeScaleFactor }),
);

function resize(x: Tensor, mode: InterpolateMode, alignCorners: boolean | null, wanted: Wanted): Tensor {
  checkInput(x, mode, alignCorners);
  const { sizes, factors } = target(x, wanted);
  const steps = sizes.map((count, i) => {
    const factor = factors === null ? null : factors[i]!;
    if (mode === "nearest") return nearestAlong(x, i + 2, count, factor);
    return linearAlong(x, i + 2, count, factor, alignCorners ?? false);
  });
  const busy = steps.reverse().filter((step) => !idle(step));
  return busy.length === 0 ? clone(x) : resampled(x, busy);
}
