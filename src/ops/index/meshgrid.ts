import { formatShape, ShapeError } from "../../base/errors.js";
import { defineSpread, oneOf } from "../../base/signature.js";
import { tensorKind, tensorList } from "../../tensor/kinds.js";
import type { Tensor } from "../../tensor/tensor.js";
import { transpose, view } from "../layout/views.js";
import { expand } from "../pointwise/broadcast.js";

/** Options of {@link meshgrid}. */
export type MeshgridOptions = {
  /** "ij" (the default): the first tensor runs along dim 0. "xy": it runs along dim 1, as in plots. */
  indexing?: "ij" | "xy";
};

/**
 * The coordinates of the grid that vectors span, a tensor of the grid's shape for each, as torch.meshgrid.
 * @param tensors vectors or scalars
 * @throws ShapeError for a tensor of more dims
 * @see https://pytorch.org/docs/stable/generated/torch.meshgrid.html
 * @example
 * ```ts
 * import { linspace, meshgrid, stack } from "simdgrad";
 * const [x, y] = meshgrid([linspace(-2, 3, 50), linspace(-1, 2, 40)], { indexing: "xy" });
 * stack([x!.flatten(), y!.flatten()], 1).shape; // [2000, 2], the points of a decision surface
 * ```
 */
export const meshgrid = defineSpread(
  "meshgrid",
  { tensors: tensorList },
  tensorKind.fits,
  (tensors: readonly Tensor[], options: MeshgridOptions = {}): Tensor[] => {
    const { indexing = "ij" } = options;
    const long = tensors.find((x) => x.ndim > 1);
    if (long !== undefined) throw new ShapeError("meshgrid", `expected vectors, got shape ${formatShape(long.shape)}`);
    const sizes = tensors.map((x) => x.numel);
    const grids = tensors.map((x, i) => {
      const along = sizes.map((size, dim) => (dim === i ? size : 1));
      return expand(view(x, along), sizes);
    });
    return indexing === "xy" && grids.length > 1 ? grids.map((grid) => transpose(grid, 0, 1)) : grids;
  },
  { indexing: oneOf("ij", "xy") },
);
