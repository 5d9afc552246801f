import { formatShape, ShapeError } from "../../base/errors.js";
import { checkArguments } from "../../base/signature.js";
import type { Tensor } from "../../methods.js";
import { tensor } from "../../ops/layout/factories.js";
import { tensorList } from "../../tensor/kinds.js";
import { type Collated, checkSampleIndex, type Dataset } from "../loading/dataset.js";

/**
 * Tensors side by side: sample i is row i of each tensor, as a view. As torch.utils.data.TensorDataset.
 *
 * @param tensors one or more tensors `[n, …]` of equal first size
 * @throws ShapeError unless their first sizes are equal
 * @see https://pytorch.org/docs/stable/data.html#torch.utils.data.TensorDataset
 * @example
 * ```ts
 * import { rand, randint } from "simdgrad";
 * import { DataLoader, TensorDataset } from "simdgrad/data";
 * const dataset = new TensorDataset(rand(100, 3), randint(10, [100]));
 * for (const [x, label] of new DataLoader(dataset, { batchSize: 20, shuffle: true })) {
 *   x.shape; // [20, 3]
 *   label.shape; // [20]
 * }
 * ```
 */
export class TensorDataset<T extends readonly [Tensor, ...Tensor[]]> implements Dataset<{ [K in keyof T]: Tensor }> {
  readonly length: number;
  readonly tensors: T;

  constructor(...tensors: T) {
    checkArguments("TensorDataset", { tensors: tensorList }, [tensors]);
    if (tensors.length === 0 || tensors.some((x) => x.ndim === 0 || x.shape[0] !== tensors[0].shape[0])) {
      const got = tensors.map((x) => formatShape(x.shape)).join(", ") || "no tensor";
      throw new ShapeError("TensorDataset", `expected tensors of equal first size, got ${got}`);
    }
    this.tensors = tensors;
    this.length = tensors[0].size(0);
  }

  /** Row `index` of every tensor, as views. */
  get(index: number): { [K in keyof T]: Tensor } {
    checkSampleIndex("TensorDataset.get", index, this.length);
    return this.each((x) => x.select(0, index));
  }

  /** Copies of the rows at `indices` of every tensor, stacked. */
  getBatch(indices: readonly number[]): Collated<{ [K in keyof T]: Tensor }> {
    for (const index of indices) checkSampleIndex("TensorDataset.getBatch", index, this.length);
    const at = tensor(Int32Array.from(indices));
    return this.each((x) => x.indexSelect(0, at)) as Collated<{ [K in keyof T]: Tensor }>;
  }

  private each(part: (x: Tensor) => Tensor): { [K in keyof T]: Tensor } {
    return this.tensors.map(part) as { [K in keyof T]: Tensor };
  }
}
