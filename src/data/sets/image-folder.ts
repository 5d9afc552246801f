import { FileError } from "../../base/errors.js";
import type { Tensor } from "../../methods.js";
import type { Image } from "../images/crop-flip-pad.js";
import { toTensor } from "../images/transforms.js";
import { checkSampleIndex, type Dataset } from "../loading/dataset.js";
import { chosenTree, diskTree, type FileTree, inFolder } from "./file-tree.js";
import { LazyImages } from "./lazy-images.js";
import { checkSetOptions } from "./set-options.js";

/** Options of {@link ImageFolder.open}. */
export interface ImageFolderOptions<X = Tensor, Y = number> {
  /** The folder that holds a folder for each class ("data"). */
  root?: string;
  /** Instead of `root`: the files that a user chose in a browser (`<input type="file" webkitdirectory>`). */
  source?: Iterable<File>;
  /** Makes X of an image, which has three channels; null leaves the image. By default `toTensor()`. */
  transform?: ((image: Image) => X) | null;
  /** Makes Y of the number of a class; by default that number. */
  targetTransform?: (label: number) => Y;
}

const OP = "ImageFolder.open";
const PICTURE = /\.(?:jpe?g|png)$/i;
const UNKNOWN_PICTURE = /\.(?:ppm|bmp|pgm|tiff?|webp)$/i;

/**
 * JPEGs and PNGs in folders, one folder for each class, as torchvision.datasets.ImageFolder: classes, folders and files
 * in the order of their names, including folders inside of a class's folder. An image is read when it is needed; a
 * `for await` loop reads the files of the next batch while its body works on the last one.
 *
 * @typeParam X a transformed image
 * @typeParam Y its transformed class
 * @see https://pytorch.org/vision/0.14/generated/torchvision.datasets.ImageFolder.html
 * @example
 * ```ts no-run
 * import { compose, DataLoader, ImageFolder, resize, toTensor } from "simdgrad/data";
 * const transform = compose([resize([64, 64]), toTensor()]);
 * const pets = await ImageFolder.open({ root: "pets", transform }); // pets/cat/1.jpg, pets/dog/2.png …
 * pets.classes; // ["cat", "dog"]
 * for await (const [images, labels] of new DataLoader(pets, { batchSize: 8, shuffle: true })) {
 *   images.shape; // [8, 3, 64, 64]
 *   labels.shape; // [8]
 * }
 * ```
 */
export class ImageFolder<X = Tensor, Y = number> implements Dataset<[image: X, label: Y]> {
  /** The number of images. */
  readonly length: number;
  /** The class of each image, an index of `classes`. */
  readonly targets: Int32Array;

  private constructor(
    /** The names of the classes. */
    readonly classes: readonly string[],
    private readonly paths: readonly string[],
    private readonly images: LazyImages,
    private readonly transform: (image: Image) => X,
    private readonly targetTransform: (label: number) => Y,
  ) {
    this.length = paths.length;
    const numbers = new Map(classes.map((name, i) => [name, i]));
    this.targets = Int32Array.from(paths, (path) => numbers.get(classOf(path))!);
  }

  /**
   * Lists the folders and their files.
   * @throws FileError for a root without folders, a class without images, or a picture of another format
   */
  static open<Y = number>(options: ImageFolderOptions<Image, Y> & { transform: null }): Promise<ImageFolder<Image, Y>>;
  static open<X = Tensor, Y = number>(options?: ImageFolderOptions<X, Y>): Promise<ImageFolder<X, Y>>;
  static async open(...args: [options?: ImageFolderOptions<unknown, unknown>]): Promise<ImageFolder<unknown, unknown>> {
    checkSetOptions(OP, args, ["root", "source", "transform", "targetTransform"]);
    const [options = {}] = args;
    const { root = "data", source, transform = toTensor(), targetTransform = same } = options;
    const tree = source === undefined ? diskTree(OP, root) : chosenTree(source, pathBelow);
    const place = tree.nameOf("");
    const { classes, files } = await findClasses(tree);
    if (classes.length === 0) throw new FileError(OP, `expected a folder for each class in ${place}, got none`);
    const unknown = files.find((path) => UNKNOWN_PICTURE.test(path));
    if (unknown !== undefined) {
      const problem = `expected JPEGs and PNGs in ${place}, got ${tree.nameOf(unknown)}`;
      throw new FileError(OP, problem, "Convert it, or leave it out");
    }
    const paths = files.filter((path) => PICTURE.test(path));
    const seen = new Set(paths.map(classOf));
    const empty = classes.filter((name) => !seen.has(name));
    if (empty.length > 0) {
      throw new FileError(OP, `expected JPEGs or PNGs for every class in ${place}, got none for ${empty.join(", ")}`);
    }
    const images = new LazyImages("ImageFolder", tree, { length: paths.length, at: (index) => paths[index]! });
    return new ImageFolder(classes, paths, images, transform ?? same, targetTransform);
  }

  /** The path of an image below the root. */
  path(index: number): string {
    checkSampleIndex("ImageFolder.path", index, this.length);
    return this.paths[index]!;
  }

  /** An image before the transform. */
  image(index: number): Promise<Image> {
    return this.images.image(index);
  }

  /** A transformed image and its transformed class. */
  async get(index: number): Promise<[image: X, label: Y]> {
    const image = await this.image(index);
    return [this.transform(image), this.targetTransform(this.targets[index]!)];
  }

  /** Begins to read the files of these images. */
  prefetch(indices: readonly number[]): void {
    this.images.prefetch(indices);
  }

  toString(): string {
    return `ImageFolder(${this.length} images of ${this.classes.length} classes)`;
  }
}

const same = <T>(x: T): T => x;
const classOf = (path: string): string => path.slice(0, path.indexOf("/"));
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

/**
 * A file's path below the chosen folder, which is its first part; undefined for a file outside of any class's folder.
 */
function pathBelow(path: string): string | undefined {
  const below = path.slice(path.indexOf("/") + 1);
  return path.includes("/") && below.includes("/") ? below : undefined;
}

/**
 * The classes, and all files below their folders, sorted by class, then by folder, then by name, as torchvision's walk.
 */
async function findClasses(tree: FileTree): Promise<{ classes: string[]; files: string[] }> {
  const classes: string[] = [];
  for (const name of [...(await tree.list(""))].sort()) if (await tree.isFolder(name)) classes.push(name);
  const files: string[] = [];
  for (const name of classes) await walk(tree, name, files);
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  files.sort((a, b) => compare(classOf(a), classOf(b)) || compare(folderOf(a), folderOf(b)) || compare(a, b));
  return { classes, files };
}

/**
 * Adds all files below a folder. A name with a picture's ending counts as a file: `isFolder` is a system call each
 * time.
 */
async function walk(tree: FileTree, folder: string, files: string[]): Promise<void> {
  for (const name of await tree.list(folder)) {
    const path = inFolder(folder, name);
    if (!PICTURE.test(name) && (await tree.isFolder(path))) await walk(tree, path, files);
    else files.push(path);
  }
}
