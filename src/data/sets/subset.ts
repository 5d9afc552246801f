import { ValueError } from "../../base/errors.js";
import { type ArgumentsOf, checkArguments, define, numberList } from "../../base/signature.js";
import { defaultGenerator, type Generator } from "../../random/generator.js";
import { type Collated, checkSampleIndex, type Dataset, type MapDataset, mapStyle } from "../loading/dataset.js";
import { DRAWN, datasetKind, iterableKind } from "../loading/loading-kinds.js";

/**
 * The samples of a data set at the given indices, in their order, as torch.utils.data.Subset.
 * @see https://pytorch.org/docs/stable/data.html#torch.utils.data.Subset
 * @example
 * ```ts
 * import { Subset } from "simdgrad/data";
 * new Subset(["a", "b", "c", "d"], [3, 1]).get(0); // "d"
 * ```
 */
export class Subset<T> implements Dataset<T> {
  readonly dataset: Dataset<T>;
  readonly indices: readonly number[];
  readonly getBatch: ((indices: readonly number[]) => Collated<T> | Promise<Collated<T>>) | undefined;
  readonly prefetch: ((indices: readonly number[]) => void) | undefined;

  constructor(...args: [dataset: MapDataset<T>, indices: Iterable<number>]) {
    checkArguments("Subset", { dataset: datasetKind, indices: iterableKind }, args);
    const [dataset, indices] = args;
    const whole = mapStyle("Subset", dataset);
    this.dataset = whole;
    this.indices = [...indices];
    for (const index of this.indices) checkSampleIndex("Subset", index, whole.length);
    const { getBatch, prefetch } = whole;
    if (getBatch !== undefined) this.getBatch = (at) => getBatch.call(whole, this.inWhole("getBatch", at));
    if (prefetch !== undefined) this.prefetch = (at) => prefetch.call(whole, this.inWhole("prefetch", at));
  }

  get length(): number {
    return this.indices.length;
  }

  get(index: number): T | Promise<T> {
    return this.dataset.get(this.inWhole("get", [index])[0]!);
  }

  /** Converts indices of this part to indices of the whole. */
  private inWhole(method: string, at: readonly number[]): number[] {
    return at.map((index) => {
      checkSampleIndex(`Subset.${method}`, index, this.length);
      return this.indices[index]!;
    });
  }
}

/** Options of {@link randomSplit}. */
export interface RandomSplitOptions {
  /** The generator to draw from; the default generator when left out. */
  generator?: Generator;
}

/**
 * Splits a data set at random into parts that do not overlap, as torch.utils.data.random_split.
 *
 * @param dataset the data set to split
 * @param lengths the size of each part; or shares that add up to 1: sizes are rounded down, and the first parts get one
 * of the remaining samples each
 * @throws ValueError unless the sizes add up to the size of the data set
 * @see https://pytorch.org/docs/stable/data.html#torch.utils.data.random_split
 * @example
 * ```ts
 * import { Generator } from "simdgrad";
 * import { randomSplit } from "simdgrad/data";
 * const samples = Array.from({ length: 30 }, (_, i) => i);
 * const [train, valid] = randomSplit(samples, [0.8, 0.2], { generator: new Generator().manualSeed(42) });
 * train.length; // 24
 * ```
 */
export function randomSplit<T, const L extends readonly number[]>(
  ...args:
    | [dataset: MapDataset<T>, lengths: L, generator?: Generator | null]
    | [dataset: MapDataset<T>, lengths: L, options: RandomSplitOptions]
): { -readonly [K in keyof L]: Subset<T> };
export function randomSplit<T>(
  ...args: [dataset: MapDataset<T>, lengths: readonly number[], last?: Generator | null | RandomSplitOptions]
): Subset<T>[] {
  const { dataset, lengths, generator } = randomSplitCall(...(args as ArgumentsOf<typeof randomSplitCall>));
  return split(dataset as MapDataset<T>, lengths, generator);
}

const randomSplitCall = define(
  "randomSplit",
  { dataset: datasetKind, lengths: numberList, ...DRAWN },
  (dataset: object, lengths: readonly number[], generator: Generator | null = null) => ({
    dataset,
    lengths,
    generator: generator ?? defaultGenerator,
  }),
);

function split<T>(dataset: MapDataset<T>, lengths: readonly number[], generator: Generator): Subset<T>[] {
  const whole = mapStyle("randomSplit", dataset);
  const sizes = sizesOf(lengths, whole.length);
  const order = generator.permutation(whole.length);
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return new Subset(whole, order.subarray(start - size, start));
  });
}

/** The sizes of the parts, from sizes or from shares. */
function sizesOf(lengths: readonly number[], whole: number): number[] {
  const total = lengths.reduce((a, b) => a + b, 0);
  const sizes = total <= 1 && 1 - total <= 1e-9 ? fromShares(lengths, whole) : [...lengths];
  const sum = sizes.reduce((a, b) => a + b, 0);
  if (sum !== whole || !sizes.every((size) => Number.isInteger(size) && size >= 0)) {
    const got = `[${lengths.join(", ")}], which add up to ${total}`;
    throw new ValueError(
      "randomSplit",
      `expected sizes that add up to ${whole}, or shares that add up to 1, got ${got}`,
    );
  }
  return sizes;
}

function fromShares(shares: readonly number[], whole: number): number[] {
  const wrong = shares.find((share) => !(share >= 0 && share <= 1));
  if (wrong !== undefined) throw new ValueError("randomSplit", `expected shares between 0 and 1, got ${wrong}`);
  const sizes = shares.map((share) => Math.floor(whole * share));
  const left = whole - sizes.reduce((a, b) => a + b, 0);
  for (let i = 0; i < left; i++) sizes[i % sizes.length]!++;
  return sizes;
}
