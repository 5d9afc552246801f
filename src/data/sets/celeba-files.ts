import { FileError } from "../../base/errors.js";
import { exists, joinPath, listFolder, type Source } from "../../platform/files.js";

export const OP = "CelebA.open";
export const ATTRIBUTES = "list_attr_celeba.txt";
export const PARTITION = "list_eval_partition.txt";
const IMAGES = "img_align_celeba";
const HOME = "https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html";

/** Where the parts of CelebA are. */
export type CelebAFiles = {
  /** The folder of the images, for errors. */
  folder: string;
  /** What is in it. */
  names: readonly string[];
  image(name: string): Source;
  attributes: Source;
  partition: Source;
};

function missing(where: string, parts: readonly string[]): FileError {
  const expected = `${IMAGES}/ with the JPEGs, ${ATTRIBUTES} and ${PARTITION}`;
  const hint = `Download "Align&Cropped Images", "Attributes Annotations" and "Train/Val/Test Partitions" from ${HOME}, which asks you to agree to its terms, and put these three in one folder; syntheticFaces needs no files`;
  return new FileError(OP, `expected ${expected} in ${where}, got no ${parts.join(", no ")}`, hint);
}

/** Looks in the folder, and in the folder celeba inside of it, where torchvision has it. */
export async function findInFolder(root: string): Promise<CelebAFiles> {
  const inner = joinPath(root, "celeba");
  const home = (await exists(joinPath(root, IMAGES))) || !(await exists(inner)) ? root : inner;
  const parts = [IMAGES, ATTRIBUTES, PARTITION];
  const there = await Promise.all(parts.map((part) => exists(joinPath(home, part))));
  if (there.includes(false)) {
    throw missing(
      home,
      parts.filter((_, i) => !there[i]),
    );
  }
  const folder = joinPath(home, IMAGES);
  return {
    folder,
    names: await listFolder(OP, folder),
    image: (name) => joinPath(folder, name),
    attributes: joinPath(home, ATTRIBUTES),
    partition: joinPath(home, PARTITION),
  };
}

/** Takes the files that a user chose: a folder (whose files know their path), or the files alone. */
export function findAmongFiles(files: Iterable<File>): CelebAFiles {
  const images = new Map<string, File>();
  const lists = new Map<string, File>();
  for (const file of files) {
    const folders = (file.webkitRelativePath || `${IMAGES}/${file.name}`).split("/");
    if (file.name === ATTRIBUTES || file.name === PARTITION) lists.set(file.name, file);
    else if (folders.at(-2) === IMAGES) images.set(file.name, file);
  }
  const [attributes, partition] = [lists.get(ATTRIBUTES), lists.get(PARTITION)];
  if (images.size === 0 || attributes === undefined || partition === undefined) {
    const there: [string, boolean][] = [
      [IMAGES, images.size > 0],
      [ATTRIBUTES, attributes !== undefined],
      [PARTITION, partition !== undefined],
    ];
    throw missing(
      "the files given",
      there.flatMap(([part, found]) => (found ? [] : [part])),
    );
  }
  return { folder: IMAGES, names: [...images.keys()], image: (name) => images.get(name)!, attributes, partition };
}
