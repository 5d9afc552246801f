import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import { anyNumber, boolean, define, orNull } from "../../base/signature.js";
import { launch } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { tensorKind } from "../../tensor/kinds.js";
import { checkInPlace } from "../../tensor/record.js";
import type { Tensor } from "../../tensor/tensor.js";
import { asContiguous, contiguous, detach, writeElements } from "../layout/copy.js";
import { reshape, transpose } from "../layout/views.js";
import { checkOneDtype } from "../matmul/product.js";
import {
  type Affine,
  givenStatistics,
  type Layout,
  standardize,
  standardizeGiven,
  statisticsOf,
} from "./standardize.js";

type Running = readonly [mean: Tensor | null, variance: Tensor | null];

const RUNNING = { runningMean: orNull(tensorKind), runningVar: orNull(tensorKind) } as const;

/** The kinds of weight and bias. */
export const AFFINE = { weight: orNull(tensorKind), bias: orNull(tensorKind) } as const;

/** Throws unless the tensor x is a float and the given ones are of its dtype and of `shape`. */
export function checkNormOperands(
  op: string,
  x: Tensor,
  shape: readonly number[],
  [weight, bias]: Affine,
  [runningMean, runningVar]: Running = [null, null],
): void {
  realKernels(op, x.dtype);
  const operands: Tensor[] = [x];
  for (const [name, value] of Object.entries({ weight, bias, runningMean, runningVar })) {
    if (value === null) continue;
    if (value.ndim !== shape.length || shape.some((size, i) => size !== value.shape[i])) {
      const want = formatShape(shape);
      const input = formatShape(x.shape);
      throw new ShapeError(op, `expected ${name} of shape ${want} for input ${input}, got ${formatShape(value.shape)}`);
    }
    operands.push(value);
  }
  checkOneDtype(op, operands);
}

/** Throws unless x has at least `least` dims, the second of which are the channels. */
export function checkChannelDim(op: string, x: Tensor, least: number): void {
  if (x.ndim >= least) return;
  throw new ShapeError(op, `expected input [N, C, …] of at least ${least} dims, got ${formatShape(x.shape)}`);
}

/** Throws if running statistics are to be used and missing, or to be written in place where the graph would miss it. */
function checkRunning(op: string, [mean, variance]: Running, own: boolean, option: string): void {
  if (!own && !(mean && variance)) {
    throw new ValueError(op, `expected runningMean and runningVar, which ${option} uses, got none`);
  }
  if (own) for (const running of [mean, variance]) if (running) checkInPlace(op, running);
}

/**
 * running = (1 − momentum) · running + momentum · new, where new is the mean over `copies` statistics of n elements for
 * each channel.
 */
function track(op: string, running: Running, statistics: Tensor, momentum: number, n: number, copies: number): void {
  running.forEach((target, which) => {
    if (!target) return;
    const row = asContiguous(target);
    const channels = target.numel;
    const kernel = realKernels(op, target.dtype).track;
    launch(kernel, channels, row.ptr, statistics.ptr, momentum, which, n, copies, channels);
    if (row === target) target.storage.version++;
    else writeElements(target, row);
  });
}

/** x as [images, channels, length]. Where that length is 1, the images become the length: [1, channels, images]. */
function arranged(x: Tensor): { seen: Tensor; images: number; length: number; back: (y: Tensor) => Tensor } {
  const [images, channels] = [x.shape[0]!, x.shape[1]!];
  const length = sizeOf(x.shape.slice(2));
  if (length !== 1 || images === 0) {
    const seen = reshape(x, [images, channels, length]);
    return { seen, images, length, back: (y) => reshape(y, x.shape) };
  }
  const columns = transpose(reshape(x, [images, channels]), 0, 1);
  const back = (y: Tensor): Tensor => contiguous(transpose(reshape(y, [channels, images]), 0, 1));
  return {
    seen: reshape(columns, [1, channels, images]),
    images: 1,
    length: images,
    back: (y) => reshape(back(y), x.shape),
  };
}

/** Batch norm and instance norm with running statistics. */
function withRunning(op: string, x: Tensor, [mean, variance]: Running, affine: Affine, eps: number): Tensor {
  const { seen, images, length, back } = arranged(x);
  const layout: Layout = { images, channels: x.shape[1]!, length, share: 0 };
  return back(standardizeGiven(op, seen, givenStatistics(op, mean!, variance!, eps), layout, affine));
}

/**
 * Normalises each channel over batch and places, as torch.nn.functional.batch_norm:
 *
 * out = (x − mean) / √(variance + eps) · weight + bias
 *
 * In training mean and variance are those of x, and the running ones change in place: running = (1 − momentum) ·
 * running + momentum · new, where the new variance is divided by n − 1. Otherwise the running ones are used.
 *
 * @param input [N, C] or [N, C, …], float32 or float64
 * @param runningMean [C], or null in training
 * @param runningVar [C], or null in training
 * @param weight [C], factors of the normalised values; 1 when left out or null
 * @param bias [C], added to the products; 0 when left out or null
 * @param training whether to normalise with the input's own statistics and to track them
 * @param momentum the weight of new statistics in the running ones
 * @param eps added to the variance
 * @returns the shape of x
 * @throws ShapeError when sizes do not meet, ValueError for one value per channel in training, DtypeError when dtypes
 * differ
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.batch_norm.html
 * @example
 * ```ts
 * import { F, ones, tensor, zeros } from "simdgrad";
 * const mean = zeros([1]);
 * F.batchNorm(tensor([[1], [3]]), mean, ones([1]), { training: true }); // [[-1.0000], [1.0000]]
 * mean; // [0.2000]
 * ```
 */
export const batchNorm = define(
  "batchNorm",
  { input: tensorKind, ...RUNNING, ...AFFINE, training: boolean, momentum: anyNumber, eps: anyNumber },
  (
    input: Tensor,
    runningMean: Tensor | null,
    runningVar: Tensor | null,
    weight: Tensor | null = null,
    bias: Tensor | null = null,
    training: boolean = false,
    momentum: number = 0.1,
    eps: number = 1e-5,
  ): Tensor => normalizeBatch(input, [runningMean, runningVar], [weight, bias], training, momentum, eps),
);

function normalizeBatch(
  x: Tensor,
  running: Running,
  affine: Affine,
  training: boolean,
  momentum: number,
  eps: number,
): Tensor {
  const op = "batchNorm";
  checkChannelDim(op, x, 2);
  const channels = x.shape[1]!;
  checkNormOperands(op, x, [channels], affine, running);
  checkRunning(op, running, training, "training: false");
  if (!training) return withRunning(op, x, running, affine, eps);
  const count = x.shape[0]! * sizeOf(x.shape.slice(2));
  if (count === 1) {
    const got = formatShape(x.shape);
    throw new ValueError(op, `expected more than 1 value per channel when training, got input ${got}`);
  }
  const { seen, images, length, back } = arranged(x);
  const layout: Layout = { images, channels, length, share: 0 };
  const statistics = statisticsOf(op, detach(seen), layout, eps, 0);
  const out = back(standardize(op, seen, statistics, layout, affine));
  if (x.numel > 0) track(op, running, statistics, momentum, count, 1);
  return out;
}

/**
 * Normalises each channel of each image over its places, as torch.nn.functional.instance_norm. Running statistics, if
 * given, move towards the mean over the images; with `useInputStats: false` they are used instead.
 *
 * @param input [N, C, L] or [N, C, H, W] …, float32 or float64
 * @param runningMean [C], or null
 * @param runningVar [C], or null
 * @param weight [C], factors of the normalised values; 1 when left out or null
 * @param bias [C], added to the products; 0 when left out or null
 * @param useInputStats whether to normalise with the input's own statistics, or with the running ones
 * @param momentum the weight of new statistics in the running ones
 * @param eps added to the variance
 * @returns the shape of x
 * @throws ShapeError when sizes do not meet, ValueError for one place in a channel, DtypeError when dtypes differ
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.instance_norm.html
 * @example
 * ```ts
 * import { F, tensor } from "simdgrad";
 * F.instanceNorm(tensor([[[1, 3], [10, 30]]])); // [[[-1.0000, 1.0000], [-1.0000, 1.0000]]]
 * ```
 */
export const instanceNorm = define(
  "instanceNorm",
  { input: tensorKind, ...RUNNING, ...AFFINE, useInputStats: boolean, momentum: anyNumber, eps: anyNumber },
  (
    input: Tensor,
    runningMean: Tensor | null = null,
    runningVar: Tensor | null = null,
    weight: Tensor | null = null,
    bias: Tensor | null = null,
    useInputStats: boolean = true,
    momentum: number = 0.1,
    eps: number = 1e-5,
  ): Tensor => normalizeInstances(input, [runningMean, runningVar], [weight, bias], useInputStats, momentum, eps),
);

function normalizeInstances(
  x: Tensor,
  running: Running,
  affine: Affine,
  useInputStats: boolean,
  momentum: number,
  eps: number,
): Tensor {
  const op = "instanceNorm";
  checkChannelDim(op, x, 3);
  const [images, channels] = [x.shape[0]!, x.shape[1]!];
  checkNormOperands(op, x, [channels], affine, running);
  checkRunning(op, running, useInputStats, "useInputStats: false");
  if (!useInputStats) return withRunning(op, x, running, affine, eps);
  const length = sizeOf(x.shape.slice(2));
  if (length === 1) {
    const got = formatShape(x.shape);
    throw new ValueError(op, `expected more than 1 place per channel when training, got input ${got}`);
  }
  const layout: Layout = { images, channels, length, share: 1 };
  const seen = reshape(x, [images, channels, length]);
  const statistics = statisticsOf(op, detach(seen), layout, eps, 0);
  const out = reshape(standardize(op, seen, statistics, layout, affine), x.shape);
  if (x.numel > 0) track(op, running, statistics, momentum, length, images);
  return out;
}
