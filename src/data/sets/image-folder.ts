import { FileError } from "../../base/errors.js";
import type { Tensor } from "../../methods.js";
import { isFolder, joinPath, listFolder, type Source } from "../../platform/files.js";
import type { Image } from "../images/crop-flip-pad.js";
import { toTensor } from "../images/transforms.js";
import { checkSampleIndex, type Dataset } from "../loading/dataset.js";
import { LazyImages } from "./lazy-images.js";

/** Options of {@link ImageFolder.open}. */
export interface ImageFolderOptions<X = Tensor, Y = number> {
  /** The folder that holds a folder for each class. */
  root?: string;
  /** The files themselves, instead of `root`: what a user chose in a browser (`<input type="file" webkitdirectory>`). */
  source?: Iterable<File>;
  /** What becomes of an image, whose channels are three; null leaves it as it is. `toTensor()` when left out. */
  transform?: ((image: Image) => X) | null;
  /** What becomes of the number of a class; by default it stays a number. */
  targetTransform?: (label: number) => Y;
}

const OP = "ImageFolder.open";
const PICTURE = /\.(?:jpe?g|png)$/i;
const UNKNOWN_PICTURE = /\.(?:ppm|bmp|pgm|tiff?|webp)$/i;

/** A file at a path inside of the root, whose parts are cut by "/". */
type Entry = { path: string; source: Source };

/**
 * Images in folders, one for each class, as torchvision.datasets.ImageFolder: classes, folders and files in the order of
 * their names, folders inside of a class's folder included. JPEG and PNG. Images are read when they are asked for, those of the
 * next batch while a `for await` loop works on the last.
 *
 * @typeParam X an image, transformed
 * @typeParam Y its class, transformed
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
  /** How many images. */
  readonly length: number;
  /** The class of each image, an index of `classes`. */
  readonly targets: Int32Array;
  private readonly images: LazyImages;

  private constructor(
    /** The names of the classes. */
    readonly classes: readonly string[],
    private readonly entries: readonly Entry[],
    private readonly transform: (image: Image) => X,
    private readonly targetTransform: (label: number) => Y,
  ) {
    this.length = entries.length;
    const numbers = new Map(classes.map((name, i) => [name, i]));
    this.targets = Int32Array.from(entries, ({ path }) => numbers.get(classOf(path))!);
    this.images = new LazyImages("ImageFolder", {
      length: entries.length,
      source: (index) => entries[index]!.source,
      name: (index) => nameOf(entries[index]!),
    });
  }

  /**
   * Lists the folders.
   * @throws FileError for a root without class folders, classes without images, and pictures of other formats
   */
  static open<Y = number>(options: ImageFolderOptions<Image, Y> & { transform: null }): Promise<ImageFolder<Image, Y>>;
  static open<X = Tensor, Y = number>(options?: ImageFolderOptions<X, Y>): Promise<ImageFolder<X, Y>>;
  static async open(options: ImageFolderOptions<unknown, unknown> = {}): Promise<ImageFolder<unknown, unknown>> {
    const { root = "data", source, transform = toTensor(), targetTransform = same } = options;
    const [classes, files] = source === undefined ? await findInFolder(root) : findAmongFiles(source);
    const place = source === undefined ? root : "the files given";
    if (classes.length === 0) throw new FileError(OP, `expected a folder for each class in ${place}, got none`);
    const unknown = files.find(({ path }) => UNKNOWN_PICTURE.test(path));
    if (unknown !== undefined) {
      throw new FileError(
        OP,
        `expected JPEGs and PNGs in ${place}, got ${nameOf(unknown)}`,
        "Convert it, or leave it out",
      );
    }
    const pictures = files.filter(({ path }) => PICTURE.test(path));
    const seen = new Set(pictures.map(({ path }) => classOf(path)));
    const empty = classes.filter((name) => !seen.has(name));
    if (empty.length > 0) {
      throw new FileError(OP, `expected JPEGs or PNGs for every class in ${place}, got none for ${empty.join(", ")}`);
    }
    return new ImageFolder(classes, pictures, transform ?? same, targetTransform);
  }

  /** The path of an image inside of the root. */
  path(index: number): string {
    checkSampleIndex("ImageFolder.path", index, this.length);
    return this.entries[index]!.path;
  }

  /** An image before the transform. */
  image(index: number): Promise<Image> {
    return this.images.image(index);
  }

  /** An image and its class, after their transforms. */
  async get(index: number): Promise<[image: X, label: Y]> {
    const image = await this.image(index);
    return [this.transform(image), this.targetTransform(this.targets[index]!)];
  }

  /** Begins to read files that will be asked for. */
  prefetch(indices: readonly number[]): void {
    this.images.prefetch(indices);
  }

  toString(): string {
    return `ImageFolder(${this.length} images of ${this.classes.length} classes)`;
  }
}

const same = <T>(x: T): T => x;
const nameOf = ({ path, source }: Entry): string => (typeof source === "string" ? source : path);
const classOf = (path: string): string => path.slice(0, path.indexOf("/"));
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

/** Class after class, folder after folder, name after name, as torchvision's walk. */
function inOrder(files: readonly Entry[]): Entry[] {
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...files].sort(
    (a, b) =>
      compare(classOf(a.path), classOf(b.path)) ||
      compare(folderOf(a.path), folderOf(b.path)) ||
      compare(a.path, b.path),
  );
}

async function findInFolder(root: string): Promise<[classes: string[], files: Entry[]]> {
  const classes: string[] = [];
  for (const name of (await listFolder(OP, root)).sort()) if (await isFolder(joinPath(root, name))) classes.push(name);
  const files: Entry[] = [];
  for (const name of classes) await walk(root, name, files);
  return [classes, inOrder(files)];
}

/** All files below a folder. Names of pictures are taken for files, so that there is no call of the system for each. */
async function walk(root: string, folder: string, files: Entry[]): Promise<void> {
  for (const name of await listFolder(OP, joinPath(root, folder))) {
    const path = `${folder}/${name}`;
    const source = joinPath(root, path);
    if (!PICTURE.test(name) && (await isFolder(source))) await walk(root, path, files);
    else files.push({ path, source });
  }
}

/** The first part of a chosen file's path is the folder that was chosen. */
function findAmongFiles(chosen: Iterable<File>): [classes: string[], files: Entry[]] {
  const all = Array.from(chosen, (file) => ({
    path: file.webkitRelativePath.split("/").slice(1).join("/"),
    source: file,
  }));
  const files = inOrder(all.filter(({ path }) => path.includes("/")));
  return [[...new Set(files.map(({ path }) => classOf(path)))], files];
}
