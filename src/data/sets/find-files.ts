import { FileError } from "../../base/errors.js";
import { shown } from "../../base/signature.js";
import type { Source } from "../../platform/files.js";
import { archiveTree } from "./archive.js";
import { baseName, diskTree, type FileTree, inFolder, memoryTree, type NamedBytes, readFile } from "./file-tree.js";

/** A form in which a data set is published: files of one folder, or an archive of them. */
export type Version = {
  /** Their names, in the order in which they are read. A folder of files counts as one. */
  readonly files: readonly string[];
  /** A folder below the root that may hold them; the root itself may too. */
  readonly folder: string;
  /** The name of the archive (.tar.gz) that holds them. */
  readonly archive?: string;
};

/** The versions to look for; for errors, the function that the user called and the data set's name. */
export type Wanted<V extends Version> = { op: string; dataset: string; versions: readonly V[] };

/** Which files of a version a folder of a tree has. */
export type Match<V extends Version> = {
  version: V;
  tree: FileTree;
  folder: string;
  there: string[];
  missing: string[];
};

/** Files by name, a browser's list of files, or an archive. */
export type GivenFiles = Source | Iterable<File> | Readonly<Record<string, Source>>;

const ARCHIVE = /\.(?:tar|tar\.gz|tgz)$/;

/** Compares every version with the root of a tree and with every folder that a version names. */
export async function matchVersions<V extends Version>(tree: FileTree, versions: readonly V[]): Promise<Match<V>[]> {
  const matches: Match<V>[] = [];
  for (const folder of new Set(["", ...versions.map((version) => version.folder)])) {
    if (!(await tree.has(folder))) continue;
    const names = new Set(await tree.list(folder));
    for (const version of versions) {
      const there = version.files.filter((name) => names.has(name));
      const missing = version.files.filter((name) => !names.has(name));
      matches.push({ version, tree, folder, there, missing });
    }
  }
  return matches;
}

/** The first match without missing files. */
const completeOf = <V extends Version>(matches: readonly Match<V>[]): Match<V> | undefined =>
  matches.find(({ missing }) => missing.length === 0);

/**
 * Looks for a version below a folder on disk: first for its files, then for its archive.
 * @returns the match; where there is none, a text for each folder that has some of the files but not all
 */
export async function findOnDisk<V extends Version>(
  wanted: Wanted<V>,
  root: string,
): Promise<{ found: Match<V> | undefined; incomplete: string[] }> {
  const { op, versions } = wanted;
  const tree = diskTree(op, root);
  const matches = await matchVersions(tree, versions);
  const whole = completeOf(matches);
  if (whole !== undefined) return { found: whole, incomplete: [] };
  for (const { archive } of versions) {
    if (archive === undefined || !(await tree.has(archive))) continue;
    return { found: await findInArchive(wanted, tree.source(archive)), incomplete: [] };
  }
  const some = matches.filter(({ there }) => there.length > 0);
  return { found: undefined, incomplete: some.map((match) => `${shortage(match)} in ${tree.nameOf(match.folder)}`) };
}

/** Looks for a version in an archive, or in files by name, one of which may be the archive. */
export async function findGiven<V extends Version>(wanted: Wanted<V>, given: GivenFiles): Promise<Match<V>> {
  if (isSource(given)) return findInArchive(wanted, given);
  if (typeof given !== "object" || given === null) {
    const expected = "an archive (Blob, bytes, URL, path), chosen files, or sources by name";
    throw new FileError(wanted.op, `expected ${expected}, got ${shown(given)}`);
  }
  const files: (readonly [name: string, source: Source])[] = isIterable(given)
    ? Array.from(given, (file) => [file.name, file])
    : Object.entries(given);
  const tree = memoryTree(
    "the files given",
    files.map(([name, source]) => [baseName(name), source]),
  );
  const matches = await matchVersions(tree, wanted.versions);
  const whole = completeOf(matches);
  if (whole !== undefined) return whole;
  const archives = files.filter(([name]) => ARCHIVE.test(name));
  if (archives.length === 1) return findInArchive(wanted, archives[0]![1]);
  throw incomplete(wanted, tree, matches, await tree.list(""));
}

async function findInArchive<V extends Version>(wanted: Wanted<V>, source: Source): Promise<Match<V>> {
  const { op, dataset, versions } = wanted;
  const names = new Set(versions.flatMap(({ files }) => files));
  const tree = await archiveTree(op, dataset, source, (name) => names.has(name));
  const matches = await matchVersions(tree, versions);
  const whole = completeOf(matches);
  if (whole === undefined) throw incomplete(wanted, tree, matches, await tree.list(""));
  return whole;
}

/** Reads the files of a version in order. Only one is in memory at a time, unless the caller keeps them. */
export async function* readFiles<V extends Version>(op: string, found: Match<V>): AsyncGenerator<NamedBytes> {
  const { version, tree, folder } = found;
  for (const name of version.files) yield await readFile(op, tree, inFolder(folder, name));
}

const isSource = (given: GivenFiles): given is Source =>
  typeof given === "string" ||
  given instanceof URL ||
  given instanceof Blob ||
  given instanceof ArrayBuffer ||
  given instanceof Uint8Array;

const isIterable = (given: object): given is Iterable<File> => Symbol.iterator in given;

const shortage = ({ there, missing }: Match<Version>): string => `${there.join(", ")} but not ${missing.join(", ")}`;

function incomplete<V extends Version>(
  { op, versions }: Wanted<V>,
  tree: FileTree,
  matches: readonly Match<V>[],
  names: readonly string[],
): FileError {
  const some = matches.find(({ there }) => there.length > 0);
  const [first, ...others] = versions.map(({ files }) => files.join(", "));
  const expected = `${first}${others.map((files) => ` (or ${files})`).join("")}`;
  const got = some === undefined ? names.join(", ") || "none of them" : shortage(some);
  return new FileError(op, `expected ${expected} in ${tree.nameOf("")}, got ${got}`);
}
