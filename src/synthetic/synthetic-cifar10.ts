import { ValueError } from "../base/errors.js";
import type { Image } from "../data/images/crop-flip-pad.js";
import { ImageSet, type ImageSetOptions, type LabelledImages } from "../data/sets/image-set.js";
import type { Tensor } from "../methods.js";
import { Dice, STREAMS } from "./painting/dice.js";
import { drawScene, SCENE_SIZE, SUBJECTS } from "./scenes/draw-scene.js";
import { checkSeed, checkSize } from "./synthetic-options.js";

/** Options of {@link syntheticCifar10}. */
export interface SyntheticCifar10Options<T, L> extends ImageSetOptions<T, L> {
  /** The training part (true; 5,000 pictures by default) or the test part (1,000 by default). */
  train?: boolean;
  /** The number of pictures. A larger size adds pictures and changes none. */
  size?: number;
  /** The seed of the drawings: an integer in [0, 2^32), 0 by default. */
  seed?: number;
}

const CLASSES: readonly string[] = Object.keys(SUBJECTS);
/** The most pictures: they take 1.5 GB. */
const MOST = 500_000;
const PIXELS = SCENE_SIZE * SCENE_SIZE;

/** The data set that {@link syntheticCifar10} returns: drawings with the interface of Cifar10. */
export class SyntheticCifar10<T = Tensor, L = number> extends ImageSet<T, L> {
  /** @internal */
  constructor(
    images: LabelledImages,
    options: ImageSetOptions<T, L>,
    /** Says that these are drawings, and of which seed and part. */
    readonly description: string,
  ) {
    super(images, options);
  }

  override toString(): string {
    return `SyntheticCifar10(${this.length} of ${this.description})`;
  }
}

/**
 * A stand-in for CIFAR-10 where its files are missing: scenes of 32 × 32 pixels with CIFAR-10's ten classes, which this
 * library draws from a seed. They have the same bytes on every machine, and need no file, no network and no draw from
 * the default generator. All are drawn at once: 6,000 take about a second.
 *
 * They are drawings, not photographs. A net that learns them shows that it trains; it shows nothing about CIFAR-10.
 * After two epochs the tutorial's net classifies about 70 % of them correctly, a linear classifier about 40 %. Never
 * report numbers on them as numbers on CIFAR-10.
 *
 * A picture shows an object of its class in a place that suits it. Size, pose, side and light vary, the view moves by
 * up to 5 pixels in each direction, and colours say little, because most pictures have their channels permuted. Each
 * block of ten labels is a permutation of the classes.
 *
 * @throws ValueError for a seed or size out of range
 * @see https://www.cs.toronto.edu/~kriz/cifar.html for the real images
 * @example
 * ```ts
 * import { DataLoader } from "simdgrad/data";
 * import { syntheticCifar10 } from "simdgrad/synthetic";
 * const trainset = syntheticCifar10({ train: true, size: 40 });
 * trainset.description; // "synthetic scenes drawn from seed 0 in place of CIFAR-10 (train)"
 * for (const [images, labels] of new DataLoader(trainset, { batchSize: 4, shuffle: true })) {
 *   images.shape; // [4, 3, 32, 32]
 *   Array.from(labels.toTypedArray(), (label) => trainset.classes[label]);
 * }
 * ```
 */
export function syntheticCifar10<L = number>(
  options: SyntheticCifar10Options<Image, L> & { transform: null },
): SyntheticCifar10<Image, L>;
export function syntheticCifar10<T = Tensor, L = number>(
  options?: SyntheticCifar10Options<T, L>,
): SyntheticCifar10<T, L>;
export function syntheticCifar10<T, L>(options: SyntheticCifar10Options<T, L> = {}): SyntheticCifar10<T, L> {
  const { train = true, seed = 0, size = train ? 5000 : 1000 } = options;
  if (typeof train !== "boolean")
    throw new ValueError("syntheticCifar10", `expected train true or false, got ${train}`);
  checkSeed("syntheticCifar10", seed);
  checkSize("syntheticCifar10", size, MOST);
  const part = train ? "train" : "test";
  const description = `synthetic scenes drawn from seed ${seed} in place of CIFAR-10 (${part})`;
  return new SyntheticCifar10(drawScenes(seed, train, size), options, description);
}

function drawScenes(seed: number, train: boolean, size: number): LabelledImages {
  const targets = labels(seed, train ? STREAMS.cifarTrainLabels : STREAMS.cifarTestLabels, size);
  const data = new Uint8Array(size * 3 * PIXELS);
  for (let i = 0; i < size; i++) {
    const dice = new Dice(seed, train ? STREAMS.cifarTrain : STREAMS.cifarTest, i);
    const scene = drawScene(dice, CLASSES[targets[i]!]!);
    const planes = data.subarray(i * scene.length, (i + 1) * scene.length);
    for (let c = 0; c < 3; c++) {
      for (let k = 0; k < PIXELS; k++) planes[c * PIXELS + k] = scene[3 * k + c]!;
    }
  }
  return { data, targets, classes: CLASSES, channels: 3, height: SCENE_SIZE, width: SCENE_SIZE };
}

/** Labels in blocks of ten; each block is a permutation of the classes. */
function labels(seed: number, stream: number, length: number): Int32Array {
  const n = CLASSES.length;
  const blocks = Array.from({ length: Math.ceil(length / n) }, (_, i) => new Dice(seed, stream, i).permutation(n));
  return Int32Array.from(blocks.flat().slice(0, length));
}
