/** The images of examples 3 and 4: the real data sets if present, else drawn images. `source` always says which. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Tensor } from "simdgrad";
import { CelebA, Cifar10, type Dataset } from "simdgrad/data";
import { syntheticCifar10, syntheticFaces } from "simdgrad/synthetic";

export type DataOptions = {
  /** The folder with the data sets (null: none); the environment variable SIMDGRAD_DATA when left out. */
  data?: string | null;
  /** Download CIFAR-10 from its website into that folder ("data" when none is named). */
  download?: boolean;
  /** Draw images if the folder lacks the data set, instead of throwing. */
  optional?: boolean;
};

/** A data set for training, one for testing, and a line that says what they are. */
type Sets<T> = { train: T; test: T; source: string };

/** The folder, and whether the user named it: then it is an error if the data set is missing. */
function folder({ data, download, optional }: DataOptions): { root: string | undefined; named: boolean } {
  const around = process.env.SIMDGRAD_DATA || undefined;
  if (download) return { root: data ?? around ?? "data", named: true };
  if (data === undefined) return { root: around, named: false };
  return { root: data ?? undefined, named: !optional };
}

const count = (n: number): string => n.toLocaleString("en-US");

const holds = (root: string, names: readonly string[]): boolean => names.some((name) => existsSync(join(root, name)));

/** Images with one label each: CIFAR-10 or drawn scenes. */
export type Images = Dataset<[image: Tensor, label: number]> & {
  readonly classes: readonly string[];
  readonly targets: Int32Array;
};

const CIFAR = ["cifar-10-batches-bin", "cifar-10-batches-py", "cifar-10-binary.tar.gz", "cifar-10-python.tar.gz"];

/** CIFAR-10, or ten classes of drawn scenes. */
export async function openCifar10(options: DataOptions): Promise<Sets<Images>> {
  const { root, named } = folder(options);
  if (root !== undefined && (named || holds(root, CIFAR))) {
    const download = options.download ?? false;
    const [train, test] = [
      await Cifar10.open({ root, train: true, download }),
      await Cifar10.open({ root, train: false, download }),
    ];
    const source = `CIFAR-10 from ${root}: ${count(train.length)} images to train, ${count(test.length)} to test`;
    return { train, test, source };
  }
  const [train, test] = [syntheticCifar10({ train: true }), syntheticCifar10({ train: false })];
  const source = `drawn scenes in place of CIFAR-10: ${count(train.length)} to train, ${count(test.length)} to test\n(for the real images: --data DIR, or --download)`;
  return { train, test, source };
}

/** Images with many labels each: CelebA or drawn faces. */
export type Faces = Dataset<[image: Tensor, attributes: Tensor]> & { readonly attributes: readonly string[] };

/** CelebA, or drawn faces. */
export async function openCelebA(options: DataOptions): Promise<Sets<Faces>> {
  const { root, named } = folder(options);
  if (root !== undefined && (named || holds(root, ["img_align_celeba", "celeba"]))) {
    const [train, test] = [await CelebA.open({ root, split: "train" }), await CelebA.open({ root, split: "test" })];
    const source = `CelebA from ${root}: ${count(train.length)} faces to train, ${count(test.length)} to test`;
    return { train, test, source };
  }
  const [train, test] = [syntheticFaces({ split: "train" }), syntheticFaces({ split: "test" })];
  const source = `drawn faces in place of CelebA: ${count(train.length)} to train, ${count(test.length)} to test\n(for the real ones: --data DIR)`;
  return { train, test, source };
}
