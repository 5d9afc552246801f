import type { Dtype } from "../../base/dtype.js";
import { launch, launchUnits } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { select } from "../index/slice.js";
import { asContiguous, cast } from "../layout/copy.js";
import { filled } from "../layout/factories.js";
import { reshape } from "../layout/views.js";
import { add, mul, neg } from "../pointwise/arithmetic.js";
import { expand, sum } from "../pointwise/broadcast.js";

// The operation behind all normalisations. A unit is a set of elements that share a mean and a variance.
//
// forward   y = (x - mean) / sqrt(variance + eps), out = y·weight + bias, with a weight and a bias per channel
// backward  dx = p(g·weight) / sqrt(variance + eps), where p(z) = z - mean(z) - y·mean(z·y) with means over the unit
//
// dx is an operation of its own, linear in g and in the weight.

/** x as [images, channels, length], and its units. */
export type Layout = {
  readonly images: number;
  readonly channels: number;
  readonly length: number;
  /** Neighbouring channels of one image that form a unit; 0: a unit is one channel of all images. */
  readonly share: number;
};

/** The shape of x. */
const shapeOf = ({ images, channels, length }: Layout): number[] => [images, channels, length];

/** The number of units. */
const unitsOf = ({ images, channels, share }: Layout): number => (share === 0 ? channels : (images * channels) / share);

/** The number of elements in a unit. */
const sizeOfUnit = ({ images, length, share }: Layout): number => length * (share === 0 ? images : share);

/** Whether neighbours in memory have different weights, which takes other kernels (assembly/normalize/rows.ts). */
const byRows = ({ length, share }: Layout): boolean => length === 1 && share > 0;

/**
 * Mean, 1 / sqrt(variance + eps) and variance of x, in float64: [units, 3].
 * @param flat the second number where variance + eps is 0
 */
export function statisticsOf(op: string, x: Tensor, layout: Layout, eps: number, flat: number): Tensor {
  const { images, channels, length, share } = layout;
  const out = empty(op, [unitsOf(layout), 3], "float64");
  const [segments, run, step] = share === 0 ? [images, length, channels * length] : [1, share * length, 0];
  const { moments } = realKernels(op, x.dtype);
  const cost = 2 * sizeOfUnit(layout);
  launchUnits(moments, unitsOf(layout), cost, out.ptr, asContiguous(x).ptr, eps, flat, segments, run, step);
  return out;
}

/** The same from a given mean and variance of each channel. */
export function givenStatistics(op: string, mean: Tensor, variance: Tensor, eps: number): Tensor {
  const out = empty(op, [mean.numel, 3], "float64");
  const { fixedMoments } = realKernels(op, mean.dtype);
  launch(fixedMoments, mean.numel, out.ptr, asContiguous(mean).ptr, asContiguous(variance).ptr, eps);
  return out;
}

/** A weight as the kernels of rows need it: filled with `value` where there is none. `free` frees what was made. */
function orFilled(op: string, weight: Tensor | null, n: number, value: number, dtype: Dtype) {
  if (weight !== null) return { data: asContiguous(weight), free: () => {} };
  const data = filled(op, [n], value, { dtype });
  return { data, free: () => data.storage.free() };
}

/** {@link standardize}, not recorded. */
function applied(op: string, x: Tensor, statistics: Tensor, layout: Layout, affine: Affine): Tensor {
  const { images, channels, length, share } = layout;
  const out = empty(op, x.shape, x.dtype);
  const kernels = realKernels(op, x.dtype);
  const data = asContiguous(x);
  const [weight, bias] = affine;
  if (byRows(layout)) {
    const [w, b] = [orFilled(op, weight, channels, 1, x.dtype), orFilled(op, bias, channels, 0, x.dtype)];
    const [units, period] = [unitsOf(layout), channels / share];
    const at = [out.ptr, data.ptr, statistics.ptr, w.data.ptr, b.data.ptr] as const;
    launchUnits(kernels.normalizeRows, units, share, ...at, share, period);
    for (const { free } of [w, b]) free();
    return out;
  }
  const [w, b] = affine.map((values) => (values === null ? 0 : asContiguous(values).ptr));
  const planes = images * channels;
  const at = [out.ptr, data.ptr, statistics.ptr, w!, b!] as const;
  launchUnits(kernels.normalizePlanes, planes, length, ...at, channels, length, share);
  return out;
}

/** A weight and a bias [channels]; null where there is none. */
export type Affine = readonly [weight: Tensor | null, bias: Tensor | null];

const PLAIN: Affine = [null, null];

const present = (tensors: readonly (Tensor | null)[]): Tensor[] => tensors.filter((tensor) => tensor !== null);

/** y·weight + bias, y = (x - mean) / sqrt(variance + eps), where mean and variance are functions of x. */
export function standardize(op: string, x: Tensor, statistics: Tensor, layout: Layout, affine: Affine): Tensor {
  const [weight, bias] = affine;
  const out = applied(op, x, statistics, layout, affine);
  return record(op, out, present([x, weight, bias]), present([x, statistics, weight]), (g, node) => {
    const [input, moments, factor = null] = node.saved;
    const at = weight === null ? 1 : 2;
    const wanted = [node.needs(0), weight !== null && node.needs(1), bias !== null && node.needs(at)] as const;
    const [dx, dw, db] = gradients(op, g, input!, moments!, layout, factor, wanted);
    return [dx, ...(weight === null ? [] : [dw]), ...(bias === null ? [] : [db])];
  });
}

type Wanted = readonly [x: boolean, weight: boolean, bias: boolean];
type Gradients = [x: Tensor | null, weight: Tensor | null, bias: Tensor | null];

/** The gradients of {@link standardize}. One call computes those that are wanted; each is recorded. */
function gradients(
  op: string,
  g: Tensor,
  x: Tensor,
  statistics: Tensor,
  layout: Layout,
  weight: Tensor | null,
  wanted: Wanted,
): Gradients {
  const name = `${op}Grad`;
  const run = byRows(layout) ? rowGradients : planeGradients;
  const [dx, dw, db] = run(name, g, x, statistics, layout, weight, wanted);
  if (dx !== null) recordInput(name, dx, g, x, statistics, layout, weight);
  if (dw !== null) recordWeight(name, dw, g, x, statistics, layout);
  if (db !== null) record(name, db, [g], [], (v) => [expand(reshape(v, [layout.channels, 1]), shapeOf(layout))]);
  return [dx, dw, db];
}

/** The gradients, not recorded, where neighbours have different weights: x is rows of `share` elements. */
function rowGradients(
  name: string,
  g: Tensor,
  x: Tensor,
  statistics: Tensor,
  layout: Layout,
  weight: Tensor | null,
  wanted: Wanted,
): Gradients {
  const { channels, share } = layout;
  const kernels = realKernels(name, x.dtype);
  const [from, data] = [asContiguous(g), asContiguous(x)];
  const [rows, period] = [unitsOf(layout), channels / share];
  const dx = wanted[0] ? empty(name, x.shape, x.dtype) : null;
  if (dx !== null) {
    const w = orFilled(name, weight, channels, 1, x.dtype);
    const at = [dx.ptr, from.ptr, data.ptr, statistics.ptr, w.data.ptr] as const;
    launchUnits(kernels.normalizeRowsGrad, rows, 3 * share, ...at, share, period);
    w.free();
  }
  if (!wanted[1] && !wanted[2]) return [dx, null, null];
  const [dw, db] = [empty(name, [channels], x.dtype), empty(name, [channels], x.dtype)];
  const at = [dw.ptr, db.ptr, from.ptr, data.ptr, statistics.ptr] as const;
  launchUnits(kernels.normalizeRowsWeights, channels, 2 * rows, ...at, rows, share, period);
  return [dx, dw, db].map((out, i) => (wanted[i] ? out : null)) as Gradients;
}

/** The gradients, not recorded, where a plane [length] has one weight: all follow from Σ g and Σ g·y of each plane. */
function planeGradients(
  name: string,
  g: Tensor,
  x: Tensor,
  statistics: Tensor,
  layout: Layout,
  weight: Tensor | null,
  wanted: Wanted,
): Gradients {
  const { images, channels, length, share } = layout;
  const kernels = realKernels(name, x.dtype);
  const [from, data] = [asContiguous(g), asContiguous(x)];
  const planes = images * channels;
  const sums = empty(name, [planes, 2], "float64");
  const of = [sums.ptr, from.ptr, data.ptr, statistics.ptr] as const;
  launchUnits(kernels.planeSums, planes, 2 * length, ...of, channels, length, share);
  const dx = wanted[0] ? empty(name, x.shape, x.dtype) : null;
  if (dx !== null) {
    const means = empty(name, [unitsOf(layout), 2], "float64");
    const w = weight === null ? 0 : asContiguous(weight).ptr;
    launch(kernels.unitMeans, unitsOf(layout), means.ptr, sums.ptr, w, images, channels, length, share);
    const at = [dx.ptr, from.ptr, data.ptr, statistics.ptr, means.ptr, w] as const;
    launchUnits(kernels.normalizePlanesGrad, planes, 2 * length, ...at, channels, length, share);
  }
  const channelSum = (which: number): Tensor => {
    const out = empty(name, [channels], x.dtype);
    launchUnits(kernels.channelSums, channels, images, out.ptr, sums.ptr, which, images, channels);
    return out;
  };
  return [dx, wanted[1] ? channelSum(1) : null, wanted[2] ? channelSum(0) : null];
}

/** The gradient of x alone. */
function inputGradient(op: string, g: Tensor, x: Tensor, statistics: Tensor, layout: Layout, weight: Tensor | null) {
  return gradients(op, g, x, statistics, layout, weight, [true, false, false])[0]!;
}

const perChannel = (weight: Tensor): Tensor => reshape(weight, [weight.numel, 1]);

/** Records dx = scale·p(g·weight), where scale is 1 / sqrt(variance + eps). */
function recordInput(
  name: string,
  dx: Tensor,
  g: Tensor,
  x: Tensor,
  statistics: Tensor,
  layout: Layout,
  weight: Tensor | null,
): void {
  const inputs = present([g, x, weight]);
  record(name, dx, inputs, present([g, x, statistics, weight]), (u, node) => {
    const [g0, x0, moments, w] = node.saved as [Tensor, Tensor, Tensor, Tensor?];
    const projected = inputGradient(name, u, x0, moments, layout, null);
    const dg = !node.needs(0) ? null : w === undefined ? projected : mul(projected, perChannel(w));
    const back = node.needs(1) ? byInput(name, u, projected, g0, x0, moments, layout, w) : null;
    if (w === undefined) return [dg, back];
    return [dg, back, node.needs(2) ? sum(mul(g0, projected), [0, 2]) : null];
  });
}

/** d/dx of Σ u·scale·p(a), where a = g·weight. `projected` is scale·p(u). Both scale and the y in p depend on x. */
function byInput(
  name: string,
  u: Tensor,
  projected: Tensor,
  g: Tensor,
  x: Tensor,
  statistics: Tensor,
  layout: Layout,
  weight?: Tensor,
): Tensor {
  const a = weight === undefined ? g : mul(g, perChannel(weight));
  const y = standardize(name, x, statistics, layout, PLAIN);
  const scale = scaleOf(name, x, statistics, layout);
  const z = add(mul(u, unitMean(mul(a, y), layout)), mul(a, unitMean(mul(u, y), layout)));
  const throughY = inputGradient(name, mul(z, scale), x, statistics, layout, null);
  return neg(add(throughY, mul(mul(y, scale), unitMean(mul(a, projected), layout))));
}

/** Records dw = Σ g·y. */
function recordWeight(name: string, dw: Tensor, g: Tensor, x: Tensor, statistics: Tensor, layout: Layout): void {
  record(name, dw, [g, x], [g, x, statistics], (v, node) => {
    const [g0, x0, moments] = node.saved as [Tensor, Tensor, Tensor];
    return [
      node.needs(0) ? standardize(name, x0, moments, layout, [v, null]) : null,
      node.needs(1) ? inputGradient(name, g0, x0, moments, layout, v) : null,
    ];
  });
}

/** [units] as [images, channels, length]: each unit's number at all of its elements. */
function spread(perUnit: Tensor, layout: Layout): Tensor {
  if (layout.share === 0) return expand(reshape(perUnit, [layout.channels, 1]), shapeOf(layout));
  const units = unitsOf(layout);
  return reshape(expand(reshape(perUnit, [units, 1]), [units, sizeOfUnit(layout)]), shapeOf(layout));
}

/** The mean of z over each unit, at all of its elements. */
function unitMean(z: Tensor, layout: Layout): Tensor {
  const units = unitsOf(layout);
  const sums = layout.share === 0 ? sum(z, [0, 2]) : sum(reshape(z, [units, sizeOfUnit(layout)]), 1);
  return spread(mul(sums, 1 / sizeOfUnit(layout)), layout);
}

/** 1 / sqrt(variance + eps) at each element, a function of x. */
function scaleOf(name: string, x: Tensor, statistics: Tensor, layout: Layout): Tensor {
  const out = cast(select(statistics, 1, 1), x.dtype);
  const recorded = record(name, out, [x], [x, statistics], (g, node) => {
    const [x0, moments] = node.saved as [Tensor, Tensor];
    const scale = scaleOf(name, x0, moments, layout);
    const y = standardize(name, x0, moments, layout, PLAIN);
    return [mul(mul(y, mul(scale, scale)), spread(mul(g, -1 / sizeOfUnit(layout)), layout))];
  });
  return spread(recorded, layout);
}

/** {@link standardize} with given statistics of each channel, which makes it linear in x. */
export function standardizeGiven(op: string, x: Tensor, statistics: Tensor, layout: Layout, affine: Affine): Tensor {
  const [weight, bias] = affine;
  const out = applied(op, x, statistics, layout, affine);
  return record(op, out, present([x, weight, bias]), present([x, statistics, weight]), (g, node) => {
    const [input, moments, factor] = node.saved as [Tensor, Tensor, Tensor?];
    const scale = perChannel(cast(select(moments, 1, 1), g.dtype));
    const dx = node.needs(0) ? mul(g, factor === undefined ? scale : mul(perChannel(factor), scale)) : null;
    const sums = (y: Tensor): Tensor => sum(y, [0, 2]);
    const normal = (): Tensor => standardizeGiven(op, input, moments, layout, PLAIN);
    const dw = weight === null ? [] : [node.needs(1) ? sums(mul(g, normal())) : null];
    const db = bias === null ? [] : [node.needs(weight === null ? 1 : 2) ? sums(g) : null];
    return [dx, ...dw, ...db];
  });
}
