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
  /** The part: "train" (the default; 2,000 faces by default), "valid" or "test" (500 each by default). */
  split?: SyntheticFacesSplit;
  /** The number of faces. A larger size adds faces and changes none. */
  size?: number;
  /** The seed of the drawings: an integer in [0, 2^32), 0 by default. */
  seed?: number;
  /** Makes X of a face; null leaves the image. By default `toTensor()`: `[3, 256, 256]` with numbers in [0, 1]. */
  transform?: ((image: Image) => X) | null;
  /** Makes Y of the attributes, a float32 tensor `[40]` of zeros and ones; by default that tensor. */
  targetTransform?: (attributes: Tensor) => Y;
}

/** The data set that {@link syntheticFaces} returns: drawings with the interface of CelebA. */
export class SyntheticFaces<X = Tensor, Y = Tensor> implements Dataset<[image: X, attributes: Y]> {
  /** Says that these are drawings, and of which seed and part. */
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

  /** A face before the transform. Every call draws it again: the set keeps no pixels. */
  image(index: number): Image {
    const [dice, traits] = this.traitsOf(index);
    return { data: drawFace(dice, traits), height: FACE_SIZE, width: FACE_SIZE, channels: 3 };
  }

  /** The attributes of a face: zeros and ones, in the order of `attributes`. */
  target(index: number): Float32Array<ArrayBuffer> {
    const [, traits] = this.traitsOf(index);
    return Float32Array.from(ATTRIBUTES, (name) => (traits[name] ? 1 : 0));
  }

  /** A transformed face and its transformed attributes. */
  get(index: number): [image: X, attributes: Y] {
    return [this.transform(this.image(index)), this.targetTransform(tensor(this.target(index)))];
  }

  toString(): string {
    return `SyntheticFaces(${this.length} of ${this.description})`;
  }

  /** Draws the attributes from a face's dice; the drawing then uses the same dice. */
  private traitsOf(index: number): [dice: Dice, traits: Traits] {
    checkSampleIndex("syntheticFaces", index, this.length);
    const dice = new Dice(this.seed, this.stream, index);
    return [dice, drawTraits(dice)];
  }
}

/**
 * A stand-in for CelebA where its files are missing: faces of 256 × 256 pixels that show CelebA's 40 attributes, which
 * this library draws from a seed. They have the same bytes on every machine, and need no file, no network and no draw
 * from the default generator.
 *
 * They are drawings of nobody, not photographs. A net that learns them shows that it trains; it shows nothing about
 * CelebA or about people. Never report numbers on them as numbers on CelebA.
 *
 * Each attribute is about as frequent as in CelebA, and changes the drawing. None contradicts another: a bald head has
 * no hair colour, a face with No_Beard has no goatee, a hat hides hairline and bangs. A face without No_Beard, goatee,
 * mustache and sideburns has a full beard. Attributes that are not simple shapes are drawn by these conventions:
 *
 * - Attractive: an even face with a sheen on the forehead; without it, spots on the skin and one eye higher than the
 *   other
 * - Young: no lines on the forehead, beside the eyes or from nose to mouth
 * - Male: a broad jaw and chin, a thick neck, broad shoulders, mostly short hair
 * - High_Cheekbones: light on the cheekbones, a shadow below; Heavy_Makeup: coloured lids, long lashes
 * - Chubby: a wide head and neck; Double_Chin: a fold below the chin; Oval_Face: a long and narrow head
 * - Bags_Under_Eyes: a dark crescent; Pale_Skin: nearly white; Blurry: the whole picture is blurred
 *
 * @throws ValueError for a split, seed or size out of range
 * @see https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html for the real images
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
