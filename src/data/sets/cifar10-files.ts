import type { GivenFiles, Version, Wanted } from "./find-files.js";

/**
 * CIFAR-10 without a folder on disk: the archive (.tar.gz), the files that a user chose (batches or the archive), or
 * the sources of the batches by name.
 */
export type Cifar10Source = GivenFiles;

/** A version of CIFAR-10, whose files are batches of images. */
export type Cifar10Version = Version & { readonly kind: "binary" | "python" };

/** The archive of the binary version, on the data set's own page: https://www.cs.toronto.edu/~kriz/cifar.html */
export const REMOTE = {
  name: "cifar-10-binary.tar.gz",
  url: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
  md5: "c32a1d4ab5d03f1284b67883e8d87530",
};

/** The files of both versions. */
export function cifar10Files(op: string, train: boolean): Wanted<Cifar10Version> {
  const names = train ? [1, 2, 3, 4, 5].map((i) => `data_batch_${i}`) : ["test_batch"];
  const binary = { folder: "cifar-10-batches-bin", archive: REMOTE.name, files: names.map((name) => `${name}.bin`) };
  const python = { folder: "cifar-10-batches-py", archive: "cifar-10-python.tar.gz", files: names };
  return {
    op,
    dataset: "CIFAR-10",
    versions: [
      { kind: "binary", ...binary },
      { kind: "python", ...python },
    ],
  };
}
