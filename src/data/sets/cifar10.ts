import { FileError } from "../../base/errors.js";
import type { Tensor } from "../../methods.js";
import type { Image } from "../images/crop-flip-pad.js";
import { type Cifar10Source, type Cifar10Version, cifar10Files, REMOTE } from "./cifar10-files.js";
import { type Batch, CLASSES, joinBatches, readBinaryBatch } from "./cifar10-format.js";
import { readPythonBatch } from "./cifar10-python.js";
import { type DownloadOptions, downloadOnce } from "./download.js";
import { findGiven, findOnDisk, type Match, readFiles } from "./find-files.js";
import { ImageSet, type ImageSetOptions } from "./image-set.js";
import { checkSetOptions } from "./set-options.js";

const OP = "Cifar10.open";

/** Options of {@link Cifar10.open}. */
export interface Cifar10Options<T, L> extends ImageSetOptions<T, L> {
  /** The folder that holds the files, the folder that the archive unpacks to, or the archive ("data"). */
  root?: string;
  /** Instead of `root`: the files that a user chose in a browser, or the archive, or its URL. */
  source?: Cifar10Source;
  /** The 50,000 training images (true) or the 10,000 test images. */
  train?: boolean;
  /** Whether (false) and how to download the archive (170 MB) where the files are missing. */
  download?: boolean | DownloadOptions;
}

/**
 * CIFAR-10: 32 × 32 colour images of ten classes, as torchvision.datasets.CIFAR10. A sample is an image and its class:
 * by default a tensor `[3, 32, 32]` with numbers in [−1, 1], and a number from 0 to 9.
 *
 * @see https://www.cs.toronto.edu/~kriz/cifar.html
 * @see https://pytorch.org/vision/0.14/generated/torchvision.datasets.CIFAR10.html
 */
export class Cifar10<T = Tensor, L = number> extends ImageSet<T, L> {
  /**
   * Reads the data set from `root` or `source`: from the files of the binary or the Python version, or from the .tar.gz
   * of either. The files may hold fewer images than the original.
   *
   * @throws FileError for files that are missing, damaged, or not CIFAR-10
   * @example
   * ```ts no-run
   * import { Cifar10, DataLoader } from "simdgrad/data";
   * const trainset = await Cifar10.open({ root: "data", train: true, download: true });
   * for (const [images, labels] of new DataLoader(trainset, { batchSize: 4, shuffle: true })) {
   *   images.shape; // [4, 3, 32, 32]
   *   labels.shape; // [4]
   * }
   * ```
   */
  static async open<L = number>(options: Cifar10Options<Image, L> & { transform: null }): Promise<Cifar10<Image, L>>;
  static async open<T = Tensor, L = number>(options?: Cifar10Options<T, L>): Promise<Cifar10<T, L>>;
  static async open<T, L>(...args: [options?: Cifar10Options<T, L>]): Promise<Cifar10<T, L>> {
    checkSetOptions("Cifar10.open", args, ["root", "source", "transform", "targetTransform", "train", "download"]);
    const [options = {}] = args;
    const { data, targets } = joinBatches(await read(await find(options)));
    const images = { data, targets, classes: CLASSES, channels: 3, height: 32, width: 32 };
    return new Cifar10<T, L>(images, options);
  }
}

async function find<T, L>({
  root = "data",
  source,
  train = true,
  download = false,
}: Cifar10Options<T, L>): Promise<Match<Cifar10Version>> {
  const wanted = cifar10Files(OP, train);
  if (source !== undefined) return findGiven(wanted, source);
  const { found, incomplete } = await findOnDisk(wanted, root);
  if (found !== undefined) return found;
  if (download !== false) {
    return findGiven(wanted, await downloadOnce(OP, root, REMOTE, download === true ? {} : download));
  }
  if (incomplete.length > 0) throw new FileError(OP, `expected all batches, got ${incomplete.join("; ")}`);
  const [binary, python] = wanted.versions.map(({ folder }) => folder);
  const problem = `expected CIFAR-10 in ${root} (${binary}, ${python}, or ${REMOTE.name}), got none of it`;
  throw new FileError(OP, problem, `Pass download: true, or put ${REMOTE.url} there`);
}

async function read(found: Match<Cifar10Version>): Promise<Batch[]> {
  const readBatch = found.version.kind === "binary" ? readBinaryBatch : readPythonBatch;
  const batches: Batch[] = [];
  for await (const { name, bytes } of readFiles(OP, found)) batches.push(readBatch(OP, name, bytes));
  return batches;
}
