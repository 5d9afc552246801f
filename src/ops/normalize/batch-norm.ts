import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import { launch } from "../../runtime/launch.js";
import { checkTensor } from "../../tensor/check.js";
import { realKernels } from "../../tensor/dispatch.js";
import { checkInPlace } from "../../tensor/record.js";
import type { Tensor } from "../../tensor/tensor.js";
import { asContiguous, contiguous, detach, writeElements } from "../layout/copy.js";
import { reshape, transpose } from "../layout/views.js";
import { checkOneDtype } from "../matmul/product.js";
import { givenStatistics, type Layout, standardize, standardizeGiven, statisticsOf } from "./standardize.js";

/** Options of all normalisations. */
export type AffineOptions = {
  /** Factors of the normalised values; 1 when left out. */
  weight?: Tensor | null;
  /** Added to the products; 0 when left out. */
  bias?: Tensor | null;
  /** Added to the variance (1e-5). */
  eps?: number;
};

/** Options of {@link batchNorm}. */
export type BatchNormOptions = AffineOptions & {
  /** Whether to normalise with the input's own statistics and to track them (false). */
  training?: boolean;
  /** The weight of new statistics in the running ones (0.1). */
  momentum?: number;
};

/** Options of {@link instanceNorm}. */
export type InstanceNormOptions = AffineOptions & {
  /** Whether to normalise with the input's own statistics (true), or with the running ones. */
  useInputStats?: boolean;
  /** The weight of new statistics in the running ones (0.1). */
  momentum?: number;
};

type Running = readonly [mean: Tensor | null | undefined, variance: Tensor | null | undefined];

/** Throws unless the tensor x is a float and the given ones are tensors of its dtype and of `shape`. */
export function checkNormOperands(
  op: string,
  x: Tensor,
  shape: readonly number[],
  given: Readonly<Record<string, Tensor | null | undefined>>,
): void {
  realKernels(op, x.dtype);
  const operands: Tensor[] = [x];
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue;
    checkTensor(op, name, value);
    if (value.ndim !== shape.length || shape.some((size, i) => size !== value.shape[i])) {
      const want = formatShape(shape);
      const input = formatShape(x.shape);
      throw new ShapeError(op, `expected ${name} of shape ${want} for input ${input}, got ${formatShape(value.shape)}`);
    }
    operands.push(value);
  }
  checkOneDtype(op, operands);
}

/** Throws unless x is a tensor of at least `least` dims, the second of which are the channels. */
export function checkChannelDim(op: string, x: Tensor, least: number): void {
  checkTensor(op, "input", x);
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
function withRunning(op: string, x: Tensor, [mean, variance]: Running, options: AffineOptions): Tensor {
  const { weight = null, bias = null, eps = 1e-5 } = options;
  const { seen, images, length, back } = arranged(x);
  const layout: Layout = { images, channels: x.shape[1]!, length, share: 0 };
  return back(standardizeGiven(op, seen, givenStatistics(op, mean!, variance!, eps), layout, [weight, bias]));
}

/**
 * Normalises each channel over batch and places, as torch.nn.functional.batch_norm:
 *
 * out = (x − mean) / √(variance + eps) · weight + bias
 *
 * In training mean and variance are those of x, and the running ones change in place: running = (1 − momentum) ·
 * running + momentum · new, where the new variance is divided by n − 1. Otherwise the running ones are used.
 *
 * @param x [N, C] or [N, C, …], float32 or float64
 * @param runningMean [C], or null in training
 * @param runningVar [C], or null in training
 * @param options weight and bias [C]; training, momentum, eps
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
export function batchNorm(
  x: Tensor,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  options: BatchNormOptions = {},
): Tensor {
  const op = "batchNorm";
  const { weight = null, bias = null, eps = 1e-5, training = false, momentum = 0.1 } = options;
  checkChannelDim(op, x, 2);
  const channels = x.shape[1]!;
  checkNormOperands(op, x, [channels], { weight, bias, runningMean, runningVar });
  const running: Running = [runningMean, runningVar];
  checkRunning(op, running, training, "training: false");
  if (!training) return withRunning(op, x, running, options);
  const count = x.shape[0]! * sizeOf(x.shape.slice(2));
  if (count === 1) {
    const got = formatShape(x.shape);
    throw new ValueError(op, `expected more than 1 value per channel when training, got input ${got}`);
  }
  const { seen, images, length, back } = arranged(x);
  const layout: Layout = { images, channels, length, share: 0 };
  const statistics = statisticsOf(op, detach(seen), layout, eps, 0);
  const out = back(standardize(op, seen, statistics, layout, [weight, bias]));
  if (x.numel > 0) track(op, running, statistics, momentum, count, 1);
  return out;
}

/**
 * Normalises each channel of each image over its places, as torch.nn.functional.instance_norm. Running statistics, if
 * given, move towards the mean over the images; with `useInputStats: false` they are used instead.
 *
 * @param x [N, C, L] or [N, C, H, W] …, float32 or float64
 * @param runningMean [C], or null
 * @param runningVar [C], or null
 * @param options weight and bias [C]; useInputStats, momentum, eps
 * @returns the shape of x
 * @throws ShapeError when sizes do not meet, ValueError for one place in a channel, DtypeError when dtypes differ
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.instance_norm.html
 * @example
 * ```ts
 * import { F, tensor } from "simdgrad";
 * F.instanceNorm(tensor([[[1, 3], [10, 30]]])); // [[[-1.0000, 1.0000], [-1.0000, 1.0000]]]
 * ```
 */
export function instanceNorm(
  x: Tensor,
  runningMean: Tensor | null = null,
  runningVar: Tensor | null = null,
  options: InstanceNormOptions = {},
): Tensor {
  const op = "instanceNorm";
  const { weight = null, bias = null, eps = 1e-5, useInputStats = true, momentum = 0.1 } = options;
  checkChannelDim(op, x, 3);
  const [images, channels] = [x.shape[0]!, x.shape[1]!];
  checkNormOperands(op, x, [channels], { weight, bias, runningMean, runningVar });
  const running: Running = [runningMean, runningVar];
  checkRunning(op, running, useInputStats, "useInputStats: false");
  if (!useInputStats) return withRunning(op, x, running, options);
  const length = sizeOf(x.shape.slice(2));
  if (length === 1) {
    const got = formatShape(x.shape);
    throw new ValueError(op, `expected more than 1 place per channel when training, got input ${got}`);
  }
  const layout: Layout = { images, channels, length, share: 1 };
  const seen = reshape(x, [images, channels, length]);
  const statistics = statisticsOf(op, detach(seen), layout, eps, 0);
  const out = reshape(standardize(op, seen, statistics, layout, [weight, bias]), x.shape);
  if (x.numel > 0) track(op, running, statistics, momentum, length, images);
  return out;
}
