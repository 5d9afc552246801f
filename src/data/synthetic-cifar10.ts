import { getDefaultDtype } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { tensor } from "../ops/factories.js";
import { scope } from "../scope.js";
import type { Tensor } from "../tensor.js";
import { type Collated, checkSampleIndex, type Dataset } from "./dataset.js";
import type { Image } from "./image.js";
import { Dice, STREAMS } from "./synthetic/dice.js";
import { drawScene, SCENE_SIZE, SUBJECTS } from "./synthetic/scene.js";
import { checkSeed, checkSize } from "./synthetic-options.js";
import { normalize, toTensor } from "./transforms.js";

/** Options of {@link syntheticCifar10}. */
export interface SyntheticCifar10Options<X = Tensor, Y = number> {
  /** The part to train with (5,000 pictures unless `size` says otherwise), or the one to test with (1,000). */
  train?: boolean;
  /** How many pictures. The first ones of a seed are the same whatever the size. */
  size?: number;
  /** Which pictures: an integer of [0, 2^32), 0 by default. */
  seed?: number;
  /** What becomes of a picture; by default a tensor [3, 32, 32] with numbers of [-1, 1], as in PyTorch's tutorial. */
  transform?: (image: Image) => X;
  /** What becomes of a label; by default it stays a number. */
  targetTransform?: (label: number) => Y;
}

const CLASSES: readonly string[] = Object.keys(SUBJECTS);
const BYTES = SCENE_SIZE * SCENE_SIZE * 3;

/** What {@link syntheticCifar10} returns: drawings with the interface of CIFAR-10. */
export class SyntheticCifar10<X, Y> implements Dataset<[image: X, label: Y]> {
  /** Says what this is: drawings, not photographs. */
  readonly description: string;
  /** CIFAR-10's class names, in its order. */
  readonly classes: readonly string[] = CLASSES;
  /** The label of every picture, an index of `classes`. */
  readonly targets: readonly number[];
  /** Samples by number, stacked at once: with the default transforms only. */
  readonly getBatch: ((indices: readonly number[]) => Collated<[image: X, label: Y]>) | undefined;
  private readonly pixels: Uint8Array<ArrayBuffer>;
  private readonly drawn: Uint8Array;

  /** @internal */
  constructor(
    private readonly train: boolean,
    private readonly seed: number,
    readonly length: number,
    private readonly transform: (image: Image) => X,
    private readonly targetTransform: (label: number) => Y,
    batch?: (bytes: Uint8Array, labels: Int32Array) => Collated<[image: X, label: Y]>,
  ) {
    this.description = `synthetic scenes drawn from seed ${seed} in place of CIFAR-10 (${train ? "train" : "test"})`;
    this.targets = labels(seed, train ? STREAMS.cifarTrainLabels : STREAMS.cifarTestLabels, length);
    this.pixels = new Uint8Array(length * BYTES);
    this.drawn = new Uint8Array(length);
    this.getBatch = batch === undefined ? undefined : (indices) => batch(...this.gather(indices));
  }

  /** All pictures, one after the other: rows of pixels, red, green and blue. */
  get data(): Uint8Array<ArrayBuffer> {
    for (let i = 0; i < this.length; i++) this.bytesOf(i);
    return this.pixels;
  }

  /** A picture before the transform. */
  image(index: number): Image {
    checkSampleIndex("syntheticCifar10", index, this.length);
    return { data: this.bytesOf(index), height: SCENE_SIZE, width: SCENE_SIZE, channels: 3 };
  }

  /** A picture and its label, after their transforms. */
  get(index: number): [image: X, label: Y] {
    return [this.transform(this.image(index)), this.targetTransform(this.targets[index]!)];
  }

  toString(): string {
    return `SyntheticCifar10(${this.length} of ${this.description})`;
  }

  private gather(indices: readonly number[]): [bytes: Uint8Array, labels: Int32Array] {
    const bytes = new Uint8Array(indices.length * BYTES);
    indices.forEach((index, i) => {
      bytes.set(this.image(index).data, i * BYTES);
    });
    return [bytes, Int32Array.from(indices, (index) => this.targets[index]!)];
  }

  /** The bytes of a picture, drawn when they are first asked for. */
  private bytesOf(index: number): Uint8Array<ArrayBuffer> {
    const bytes = this.pixels.subarray(index * BYTES, (index + 1) * BYTES);
    if (this.drawn[index] === 0) {
      const dice = new Dice(this.seed, this.train ? STREAMS.cifarTrain : STREAMS.cifarTest, index);
      bytes.set(drawScene(dice, CLASSES[this.targets[index]!]!));
      this.drawn[index] = 1;
    }
    return bytes;
  }
}

/**
 * A stand-in for CIFAR-10 where its files are missing: scenes of 32 × 32 pixels with CIFAR-10's ten classes, drawn by
 * this library from a seed. The same bytes on every machine; no file, no network, and no draw from the default generator.
 *
 * They are drawings, not photographs. A net that learns them has shown that it trains, and nothing about CIFAR-10: the
 * tutorial's net gets about 70 % of them right after two epochs, a linear classifier about 42 %. Never report numbers on
 * them as numbers on CIFAR-10.
 *
 * A picture shows its class's thing in a place where it is often found, at any size, pose, side and light; colours say
 * little, for channels change places, and the view moves by up to 5 pixels either way. Every ten labels in a row
 * are a permutation of the classes.
 *
 * @throws ValueError for a seed or size out of range
 * @see https://www.cs.toronto.edu/~kriz/cifar.html for the real ones
 * @example
 * ```ts
 * import { DataLoader, syntheticCifar10 } from "simdgrad/data";
 * const trainset = syntheticCifar10({ train: true, size: 40 });
 * trainset.description; // "synthetic scenes drawn from seed 0 in place of CIFAR-10 (train)"
 * for (const [images, labels] of new DataLoader(trainset, { batchSize: 4, shuffle: true })) {
 *   images.shape; // [4, 3, 32, 32]
 *   Array.from(labels.toTypedArray(), (label) => trainset.classes[label]);
 * }
 * ```
 */
export function syntheticCifar10<X = Tensor, Y = number>(
  options?: SyntheticCifar10Options<X, Y>,
): SyntheticCifar10<X, Y>;
export function syntheticCifar10(
  options: SyntheticCifar10Options<unknown, unknown> = {},
): SyntheticCifar10<unknown, unknown> {
  const { train = true, seed = 0, transform, targetTransform } = options;
  const { size = train ? 5000 : 1000 } = options;
  checkSeed("syntheticCifar10", seed);
  checkSize("syntheticCifar10", size);
  if (typeof train !== "boolean")
    throw new ValueError("syntheticCifar10", `expected train true or false, got ${train}`);
  const plain = transform === undefined && targetTransform === undefined;
  const same = (label: number): unknown => label;
  return new SyntheticCifar10(
    train,
    seed,
    size,
    transform ?? defaultTransform(),
    targetTransform ?? same,
    plain ? defaultBatch : undefined,
  );
}

const HALF = [0.5, 0.5, 0.5];

function defaultTransform(): (image: Image) => Tensor {
  const [bytesToTensor, centre] = [toTensor(), normalize(HALF, HALF)];
  return (image) => scope(() => centre(bytesToTensor(image)));
}

/** What the default transforms and collating give, in one go. */
function defaultBatch(bytes: Uint8Array, labels: Int32Array): [images: Tensor, labels: Tensor] {
  const images = scope(() => {
    const shape = [labels.length, SCENE_SIZE, SCENE_SIZE, 3];
    const rows = tensor(bytes, { shape, dtype: "uint8" }).permute(0, 3, 1, 2).contiguous();
    return normalize(HALF, HALF)(rows.to(getDefaultDtype()).div(255));
  });
  return [images, tensor(labels)];
}

/** Ten labels after ten in random order. */
function labels(seed: number, stream: number, length: number): number[] {
  const n = CLASSES.length;
  const blocks = Array.from({ length: Math.ceil(length / n) }, (_, i) => new Dice(seed, stream, i).permutation(n));
  return blocks.flat().slice(0, length);
}
