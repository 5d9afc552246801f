import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { checkOptionNames } from "../../base/options.js";
import { sealed, shown } from "../../base/signature.js";
import { scope } from "../../memory.js";
import { Tensor } from "../../methods.js";
import { cat, stack } from "../../ops/index/slice.js";
import { full } from "../../ops/layout/factories.js";
import { noGrad } from "../../tensor/mode.js";
import { checkRange } from "../drawing/chart-data.js";

/** Options of {@link makeGrid}, as torchvision's. */
export type MakeGridOptions = {
  /** Images in a row (8). */
  nrow?: number;
  /** Pixels between images (2). */
  padding?: number;
  /** Maps the numbers to [0, 1] (false). */
  normalize?: boolean;
  /** The numbers that become 0 and 1; the smallest and the largest when left out. */
  valueRange?: readonly [low: number, high: number];
  /** Maps each image by its own smallest and largest number (false). */
  scaleEach?: boolean;
  /** The number between images (0). */
  padValue?: number;
};

/** The images as [N, C, H, W]; one channel becomes three. */
function batchOf(images: Tensor | readonly Tensor[]): Tensor {
  const op = "makeGrid";
  const all =
    images instanceof Tensor ? images : Array.isArray(images) && images.length > 0 ? stack([...images]) : undefined;
  if (all === undefined) {
    const got = Array.isArray(images) ? "an empty list" : shown(images);
    throw new ValueError(op, `expected a tensor or a list of tensors, got ${got}`);
  }
  if (all.ndim < 2 || all.ndim > 4 || all.numel === 0) {
    throw new ShapeError(op, `expected images [N, C, H, W], [C, H, W] or [H, W], got ${formatShape(all.shape)}`);
  }
  let batch = all;
  while (batch.ndim < 4) batch = batch.unsqueeze(0);
  return batch.shape[1] === 1 ? cat([batch, batch, batch], 1) : batch;
}

/** (x − low) / (high − low), with x clamped to the range. */
function stretched(x: Tensor, range: readonly [number, number] | undefined): Tensor {
  const [low, high] = range ?? [x.min().item(), x.max().item()];
  return x
    .clamp(low, high)
    .sub(low)
    .div(Math.max(high - low, 1e-5));
}

/**
 * Joins images into one, row by row, as torchvision.utils.make_grid. Grey images get three equal channels; a single
 * image gets no border.
 *
 * @param images a tensor [N, C, H, W], or a list of tensors of one shape
 * @param options as torchvision's, with its defaults
 * @returns a tensor [C, H, W] that needs no gradient
 * @throws ShapeError for other shapes, ValueError for invalid options
 * @see https://pytorch.org/vision/0.14/generated/torchvision.utils.make_grid.html
 * @example
 * ```ts
 * import { rand } from "simdgrad";
 * import { makeGrid } from "simdgrad/viz";
 * makeGrid(rand([10, 3, 32, 32]), { nrow: 5 }).shape; // [3, 70, 172]
 * ```
 */
export const makeGrid = sealed(
  "makeGrid",
  2,
  (images: Tensor | readonly Tensor[], options: MakeGridOptions = {}): Tensor => {
    const op = "makeGrid";
    const names = {
      nrow: true,
      padding: true,
      normalize: true,
      valueRange: true,
      scaleEach: true,
      padValue: true,
    } as const;
    checkOptionNames<MakeGridOptions>(op, options, names);
    const { nrow = 8, padding = 2, normalize = false, valueRange, scaleEach = false, padValue = 0 } = options;
    if (!(Number.isInteger(nrow) && nrow >= 1)) throw new ValueError(op, `expected nrow of at least 1, got ${nrow}`);
    if (!(Number.isInteger(padding) && padding >= 0)) {
      throw new ValueError(op, `expected padding of at least 0, got ${padding}`);
    }
    if (valueRange !== undefined) checkRange(op, "valueRange", valueRange);
    return scope(() =>
      noGrad(() => {
        let batch = batchOf(images);
        if (normalize) {
          batch = scaleEach
            ? stack(batch.unbind(0).map((one) => stretched(one, valueRange)))
            : stretched(batch, valueRange);
        }
        return batch.shape[0] === 1 ? batch.squeeze(0).clone() : tiled(batch, nrow, padding, padValue);
      }),
    );
  },
);

function tiled(batch: Tensor, nrow: number, padding: number, padValue: number): Tensor {
  const [count, channels, innerHeight, innerWidth] = batch.shape as [number, number, number, number];
  const columns = Math.min(nrow, count);
  const rows = Math.ceil(count / columns);
  const [height, width] = [innerHeight + padding, innerWidth + padding];
  const grid = full([channels, height * rows + padding, width * columns + padding], padValue, { dtype: batch.dtype });
  for (let k = 0; k < count; k++) {
    const [y, x] = [Math.floor(k / columns) * height + padding, (k % columns) * width + padding];
    grid.narrow(1, y, innerHeight).narrow(2, x, innerWidth).copy_(batch.select(0, k));
  }
  return grid;
}
