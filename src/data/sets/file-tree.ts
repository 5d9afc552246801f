import { exists, isFolder, joinPath, listFolder, readSource, type Source } from "../../platform/files.js";

/**
 * The files of a data set by path, wherever they are: in a folder on disk, among files that a user chose, in an
 * archive. Paths use "/", are relative to the root of the tree, and "" is the root itself.
 */
export interface FileTree {
  /** Whether a file or folder is there. */
  has(path: string): Promise<boolean>;
  isFolder(path: string): Promise<boolean>;
  /** The names in a folder, in no particular order. */
  list(folder: string): Promise<readonly string[]>;
  /** Where the bytes of a file are. */
  source(path: string): Source;
  /** What errors call a file or folder. */
  nameOf(path: string): string;
}

/** The bytes of a file, and its name for errors. */
export type NamedBytes = { name: string; bytes: Uint8Array };

/** A path from a folder and a name in it. */
export const inFolder = (folder: string, name: string): string => (folder === "" ? name : `${folder}/${name}`);

/** The last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The files below a folder on disk. In browsers it is empty. */
export function diskTree(op: string, root: string): FileTree {
  const at = (path: string): string => (path === "" ? root : joinPath(root, path));
  return {
    has: (path) => exists(at(path)),
    isFolder: (path) => isFolder(at(path)),
    list: (folder) => listFolder(op, at(folder)),
    source: at,
    nameOf: at,
  };
}

/**
 * A tree of sources. Of two with the same path the first counts.
 * @param place what errors call the tree
 * @param nameOf what errors call a file
 */
export function memoryTree(
  place: string,
  files: Iterable<readonly [path: string, source: Source]>,
  nameOf: (path: string) => string = (path) => path,
): FileTree {
  const sources = new Map<string, Source>();
  const folders = new Map<string, Set<string>>([["", new Set()]]);
  for (const [path, source] of files) {
    if (!sources.has(path)) sources.set(path, source);
    addToFolders(folders, path);
  }
  return {
    has: async (path) => sources.has(path) || folders.has(path),
    isFolder: async (path) => folders.has(path),
    list: async (folder) => [...(folders.get(folder) ?? [])],
    source: (path) => sources.get(path)!,
    nameOf(path) {
      if (path === "") return place;
      const source = sources.get(path);
      return typeof source === "string" ? source : nameOf(path);
    },
  };
}

/** Adds a file's name to its folder, and each folder's name to its parent. */
function addToFolders(folders: Map<string, Set<string>>, path: string): void {
  for (let child = path; child !== ""; ) {
    const parent = child.slice(0, Math.max(child.lastIndexOf("/"), 0));
    const names = folders.get(parent) ?? new Set();
    folders.set(parent, names.add(baseName(child)));
    child = parent;
  }
}

/**
 * The files that a user chose in a browser.
 * @param pathOf maps a file's own path to its path in the tree; undefined leaves the file out. The own path begins with
 * the chosen folder, or is the file's name where the user chose single files
 */
export function chosenTree(files: Iterable<File>, pathOf: (path: string) => string | undefined): FileTree {
  const entries = Array.from(files).flatMap((file): [string, File][] => {
    const path = pathOf(file.webkitRelativePath || file.name);
    return path === undefined ? [] : [[path, file]];
  });
  return memoryTree("the files given", entries);
}

/** Reads a file whole. */
export async function readFile(op: string, tree: FileTree, path: string): Promise<NamedBytes> {
  return { name: tree.nameOf(path), bytes: await readSource(op, tree.source(path)) };
}
