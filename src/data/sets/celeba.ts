import { FileError, ValueError } from "../../base/errors.js";
import type { Tensor } from "../../methods.js";
import { tensor } from "../../ops/layout/factories.js";
import { compose } from "../images/compose.js";
import type { Image } from "../images/crop-flip-pad.js";
import { resize, toTensor } from "../images/transforms.js";
import { checkSampleIndex, type Dataset } from "../loading/dataset.js";
import { findCelebA, OP, PARTITION } from "./celeba-files.js";
import {
  type AttributeList,
  alignPartition,
  checkFolder,
  parseAttributes,
  parsePartition,
  SPLITS,
} from "./celeba-lists.js";
import { inFolder, readFile } from "./file-tree.js";
import { LazyImages } from "./lazy-images.js";
import { checkSetOptions } from "./set-options.js";

/** A part of CelebA: train (162,770 images), valid (19,867), test (19,962), or all of them. */
export type CelebASplit = (typeof SPLITS)[number] | "all";

/** Options of {@link CelebA.open}. */
export interface CelebAOptions<X = Tensor, Y = Tensor> {
  /** The folder with img_align_celeba/ and the two lists, or with a folder celeba/ that holds them ("data"). */
  root?: string;
  /** Instead of `root`: the files that a user chose in a browser (`<input type="file" webkitdirectory>`). */
  source?: Iterable<File>;
  /** The part to open ("train"). */
  split?: CelebASplit;
  /** The height and width of the default transform's tensors (256). */
  size?: number;
  /**
   * Makes X of an image (218 × 178 × 3); null leaves the image. By default `resize([size, size])`, then `toTensor()`,
   * which gives a tensor `[3, size, size]` with numbers in [0, 1].
   */
  transform?: ((image: Image) => X) | null;
  /** Makes Y of the attributes, a float32 tensor `[40]` of zeros and ones; by default that tensor. */
  targetTransform?: (attributes: Tensor) => Y;
}

/**
 * CelebA: faces of celebrities with 40 attributes each, from files on disk or chosen by a user.
 *
 * An image is read when it is needed; a `for await` loop reads the files of the next batch while its body works on the
 * last one. In memory are the names and attributes (about 3 MB) and at most a batch of files. A grey image has three
 * equal channels.
 *
 * @typeParam X a transformed image
 * @typeParam Y its transformed attributes
 * @see https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html
 * @see https://pytorch.org/vision/0.14/generated/torchvision.datasets.CelebA.html
 * @example
 * ```ts no-run
 * import { CelebA, DataLoader } from "simdgrad/data";
 * const trainset = await CelebA.open({ root: "data", split: "train" });
 * for await (const [images, attributes] of new DataLoader(trainset, { batchSize: 4, shuffle: true })) {
 *   images.shape; // [4, 3, 256, 256]
 *   attributes.shape; // [4, 40]
 * }
 * ```
 */
export class CelebA<X = Tensor, Y = Tensor> implements Dataset<[image: X, attributes: Y]> {
  /** The number of images. */
  readonly length: number;
  /** The attributes' names: "5_o_Clock_Shadow" to "Young". */
  readonly attributes: readonly string[];

  private constructor(
    readonly split: CelebASplit,
    private readonly folder: string,
    private readonly images: LazyImages,
    private readonly list: AttributeList,
    private readonly transform: (image: Image) => X,
    private readonly targetTransform: (attributes: Tensor) => Y,
  ) {
    this.length = list.names.length;
    this.attributes = list.attributes;
  }

  /**
   * Reads the lists and compares them with each other and with the folder.
   * @throws FileError for missing files (it says where to get CelebA), a damaged list, or lists and a folder that
   * disagree
   * @throws ValueError for an unknown split
   */
  static open<Y = Tensor>(options: CelebAOptions<Image, Y> & { transform: null }): Promise<CelebA<Image, Y>>;
  static open<X = Tensor, Y = Tensor>(options?: CelebAOptions<X, Y>): Promise<CelebA<X, Y>>;
  static async open(...args: [options?: CelebAOptions<unknown, unknown>]): Promise<CelebA<unknown, unknown>> {
    checkSetOptions(OP, args, ["root", "source", "transform", "targetTransform", "split", "size"]);
    const [options = {}] = args;
    const { root = "data", source, split = "train", size = 256 } = options;
    const { transform = compose([resize([size, size]), toTensor()]), targetTransform = same } = options;
    if (split !== "all" && !SPLITS.includes(split)) {
      throw new ValueError(OP, `expected split "train", "valid", "test" or "all", got ${JSON.stringify(split)}`);
    }
    const files = await findCelebA(root, source);
    const { tree, images } = files;
    const list = parseAttributes((await readFile(OP, tree, files.attributes)).bytes);
    const parts = alignPartition(list, parsePartition((await readFile(OP, tree, files.partition)).bytes));
    checkFolder(list, files);
    const rows = rowsOf(split, parts);
    const names = list.names.pick(rows);
    const part = { names, attributes: list.attributes, values: list.values.pick(rows) };
    const paths = { length: names.length, at: (index: number) => inFolder(images, names.at(index)) };
    const pictures = new LazyImages("CelebA", tree, paths);
    return new CelebA(split, tree.nameOf(images), pictures, part, transform ?? same, targetTransform);
  }

  /** The file name of an image. */
  name(index: number): string {
    checkSampleIndex("CelebA.name", index, this.length);
    return this.list.names.at(index);
  }

  /** An image before the transform. */
  image(index: number): Promise<Image> {
    return this.images.image(index);
  }

  /** The attributes of an image: zeros and ones in the order of the names. */
  target(index: number): Float32Array<ArrayBuffer> {
    checkSampleIndex("CelebA.target", index, this.length);
    return this.list.values.row(index);
  }

  /** A transformed image and its transformed attributes. */
  async get(index: number): Promise<[image: X, attributes: Y]> {
    const image = await this.image(index);
    return [this.transform(image), this.targetTransform(tensor(this.target(index)))];
  }

  /** Begins to read the files of these images. */
  prefetch(indices: readonly number[]): void {
    this.images.prefetch(indices);
  }

  toString(): string {
    return `CelebA(${this.length} images of ${this.folder}, split ${this.split})`;
  }
}

const same = <T>(x: T): T => x;

/** The rows of a part, in their order. */
function rowsOf(split: CelebASplit, parts: Uint8Array): Uint32Array {
  const wanted = split === "all" ? -1 : SPLITS.indexOf(split);
  const rows = Uint32Array.from(parts.keys()).filter((row) => split === "all" || parts[row] === wanted);
  if (rows.length > 0) return rows;
  const counts = SPLITS.map((name, i) => `${parts.reduce((sum, part) => sum + (part === i ? 1 : 0), 0)} of ${name}`);
  throw new FileError(OP, `expected images of split "${split}", got ${counts.join(", ")} in ${PARTITION}`);
}
