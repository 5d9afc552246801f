import { ValueError } from "../base/errors.js";
import type { Image } from "../data/images/crop-flip-pad.js";
import { toTensor } from "../data/images/transforms.js";
import { checkSampleIndex, type Dataset } from "../data/loading/dataset.js";
import type { Tensor } from "../methods.js";
import { tensor } from "../ops/layout/factories.js";
import { ATTRIBUTES, drawTraits, type Traits } from "./faces/attributes.js";
import { drawFace, FACE_SIZE } from "./faces/draw-face.js";
import { Dice, STREAM_LENGTH, STREAMS } from "./painting/dice.js";
import { checkSeed, checkSize } from "./synthetic-options.js";

/** A part of the drawn faces. */
export type SyntheticFacesSplit = "train" | "valid" | "test";

const SPLITS: Readonly<Record<SyntheticFacesSplit, { stream: number; size: number }>> = {
  train: { stream: STREAMS.facesTrain, size: 2000 },
  valid: { stream: STREAMS.facesValid, size: 500 },
  test: { stream: STREAMS.facesTest, size: 500 },
};

/** Options of {@link syntheticFaces}. */
export interface SyntheticFacesOptions<X = Tensor, Y = Tensor> {
  /** "train" (2,000 faces unless `size` says otherwise), "valid" or "test" (500 each). */
  split?: SyntheticFacesSplit;
  /** How many faces. The first ones of a seed are the same whatever the size. */
  size?: number;
  /** Which faces: an integer of [0, 2^32), 0 by default. */
  seed?: number;
  /** What becomes of a face; null leaves it as it is. By default a tensor [3, 256, 256] with numbers of [0, 1]. */
  transform?: ((image: Image) => X) | null;
  /** What becomes of its attributes, a float32 tensor [40] of zeros and ones. */
  targetTransform?: (attributes: Tensor) => Y;
}

/** What {@link syntheticFaces} returns: drawings with the interface of CelebA. */
export class SyntheticFaces<X = Tensor, Y = Tensor> implements Dataset<[image: X, attributes: Y]> {
  /** Says what this is: drawings, not photographs. */
  readonly description: string;
  /** The names of CelebA's 40 attributes, in its order. */
  readonly attributes: readonly string[] = ATTRIBUTES;
  private readonly stream: number;

  /** @internal */
  constructor(
    split: SyntheticFacesSplit,
    private readonly seed: number,
    readonly length: number,
    private readonly transform: (image: Image) => X,
    private readonly targetTransform: (attributes: Tensor) => Y,
  ) {
    this.description = `synthetic faces drawn from seed ${seed} in place of CelebA (${split})`;
    this.stream = SPLITS[split].stream;
  }

  /** A face before the transform, drawn anew at every call: a set of any size holds none of its pixels. */
  image(index: number): Image {
    const [dice, traits] = this.traitsOf(index);
    return { data: drawFace(dice, traits), height: FACE_SIZE, width: FACE_SIZE, channels: 3 };
  }

  /** The attributes of a face, 0 or 1, in the order of `attributes`. */
  target(index: number): Float32Array<ArrayBuffer> {
    const [, traits] = this.traitsOf(index);
    return Float32Array.from(ATTRIBUTES, (name) => (traits[name] ? 1 : 0));
  }

  /** A face and its attributes, after their transforms. */
  get(index: number): [image: X, attributes: Y] {
    return [this.transform(this.image(index)), this.targetTransform(tensor(this.target(index)))];
  }

  toString(): string {
    return `SyntheticFaces(${this.length} of ${this.description})`;
  }

  /** The attributes come first from a face's dice; the drawing goes on from there. */
  private traitsOf(index: number): [dice: Dice, traits: Traits] {
    checkSampleIndex("syntheticFaces", index, this.length);
    const dice = new Dice(this.seed, this.stream, index);
    return [dice, drawTraits(dice)];
  }
}

/**
 * A stand-in for CelebA where its files are missing: faces of 256 × 256 pixels that show CelebA's 40 attributes, drawn by
 * this library from a seed. The same bytes on every machine; no file, no network, and no draw from the default generator.
 *
 * They are drawings of nobody, not photographs. A net that learns them has shown that it trains, and nothing about CelebA or
 * about people. Never report numbers on them as numbers on CelebA.
 *
 * Each attribute changes what is drawn, about as often as CelebA's is seen, and none contradicts another: a bald head has
 * no hair colour, No_Beard no goatee, a hat hides hairline and bangs; without No_Beard, goatee, mustache and sideburns
 * there is a full beard. What is no shape in CelebA is a convention here:
 *
 * - Attractive: an even face with a sheen on the forehead; without it spots on the skin, and one eye higher than the other
 * - Young: no lines on the forehead, beside the eyes and from nose to mouth
 * - Male: a broad jaw and chin, a thick neck, broad shoulders, mostly short hair
 * - High_Cheekbones: light on the cheekbones, a shadow below; Heavy_Makeup: coloured lids, long lashes
 * - Chubby: a wide head and neck; Double_Chin: a fold below the chin; Oval_Face: a long and narrow head
 * - Bags_Under_Eyes: a dark crescent; Pale_Skin: nearly white; Blurry: the whole picture out of focus
 *
 * @throws ValueError for a split, seed or size out of range
 * @see https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html for the real ones
 * @example
 * ```ts
 * import { DataLoader } from "simdgrad/data";
 * import { syntheticFaces } from "simdgrad/synthetic";
 * const faces = syntheticFaces({ split: "train", size: 8 });
 * faces.description; // "synthetic faces drawn from seed 0 in place of CelebA (train)"
 * for (const [images, attributes] of new DataLoader(faces, { batchSize: 4, shuffle: true })) {
 *   images.shape; // [4, 3, 256, 256]
 *   attributes.shape; // [4, 40], float32
 * }
 * ```
 */
export function syntheticFaces<Y = Tensor>(
  options: SyntheticFacesOptions<Image, Y> & { transform: null },
): SyntheticFaces<Image, Y>;
export function syntheticFaces<X = Tensor, Y = Tensor>(options?: SyntheticFacesOptions<X, Y>): SyntheticFaces<X, Y>;
export function syntheticFaces(
  options: SyntheticFacesOptions<unknown, unknown> = {},
): SyntheticFaces<unknown, unknown> {
  const { split = "train", seed = 0, transform = toTensor(), targetTransform = same } = options;
  if (!Object.hasOwn(SPLITS, split)) {
    throw new ValueError("syntheticFaces", `expected split "train", "valid" or "test", got ${String(split)}`);
  }
  const { size = SPLITS[split].size } = options;
  checkSeed("syntheticFaces", seed);
  checkSize("syntheticFaces", size, STREAM_LENGTH);
  return new SyntheticFaces(split, seed, size, transform ?? same, targetTransform);
}

const same = (value: unknown): unknown => value;
