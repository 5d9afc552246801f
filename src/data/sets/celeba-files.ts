import { FileError } from "../../base/errors.js";
import { baseName, chosenTree, diskTree, type FileTree, inFolder } from "./file-tree.js";
import { type Match, matchVersions, type Version } from "./find-files.js";

export const OP = "CelebA.open";
export const ATTRIBUTES = "list_attr_celeba.txt";
export const PARTITION = "list_eval_partition.txt";
const IMAGES = "img_align_celeba";
const HOME = "https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html";

/** A folder of images and two lists; torchvision keeps them in a folder `celeba`. */
const VERSION: Version = { files: [IMAGES, ATTRIBUTES, PARTITION], folder: "celeba" };

/** CelebA in a tree: the paths of its parts, and the file names of the images. */
export type CelebAFiles = {
  tree: FileTree;
  images: string;
  names: readonly string[];
  attributes: string;
  partition: string;
};

/**
 * Finds CelebA below a folder, or among the files that a user chose.
 * @throws FileError that says what is missing and where to get it
 */
export async function findCelebA(root: string, chosen: Iterable<File> | undefined): Promise<CelebAFiles> {
  const tree = chosen === undefined ? diskTree(OP, root) : chosenTree(chosen, pathOf);
  const matches = await matchVersions(tree, [VERSION]);
  matches.sort((a, b) => a.missing.length - b.missing.length);
  const [best] = matches;
  if (best === undefined || best.missing.length > 0) throw missing(tree, best);
  const images = inFolder(best.folder, IMAGES);
  return {
    tree,
    images,
    names: await tree.list(images),
    attributes: inFolder(best.folder, ATTRIBUTES),
    partition: inFolder(best.folder, PARTITION),
  };
}

/**
 * Where a chosen file belongs: lists are known by name, images by their folder unless the user chose them one by one.
 */
function pathOf(path: string): string | undefined {
  const name = baseName(path);
  if (name === ATTRIBUTES || name === PARTITION) return name;
  const folders = path.split("/").slice(0, -1);
  return folders.length === 0 || folders.at(-1) === IMAGES ? inFolder(IMAGES, name) : undefined;
}

function missing(tree: FileTree, best: Match<Version> | undefined): FileError {
  const expected = `${IMAGES}/ with the JPEGs, ${ATTRIBUTES} and ${PARTITION}`;
  const hint = `Download "Align&Cropped Images", "Attributes Annotations" and "Train/Val/Test Partitions" from ${HOME}, which asks you to agree to its terms, and put these three in one folder; syntheticFaces needs no files`;
  const got = `no ${(best?.missing ?? VERSION.files).join(", no ")}`;
  return new FileError(OP, `expected ${expected} in ${tree.nameOf(best?.folder ?? "")}, got ${got}`, hint);
}
