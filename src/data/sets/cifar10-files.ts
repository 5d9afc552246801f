import { FileError } from "../../base/errors.js";
import { exists, joinPath, listFolder, openSource, readSource, type Source } from "../../platform/files.js";
import { isArchive, readArchive } from "./archive.js";

/**
 * Where CIFAR-10 is, for hosts without folders (and others): its archive (.tar.gz), the files that a user chose (batches or
 * the archive), or sources by the names of the batches.
 */
export type Cifar10Source = Source | Iterable<File> | Readonly<Record<string, Source>>;

/** The names of the batches of a version. */
export type Version = { kind: "binary" | "python"; train: readonly string[]; test: readonly string[] };

const NUMBERS = [1, 2, 3, 4, 5];
export const VERSIONS: readonly Version[] = [
  { kind: "binary", train: NUMBERS.map((i) => `data_batch_${i}.bin`), test: ["test_batch.bin"] },
  { kind: "python", train: NUMBERS.map((i) => `data_batch_${i}`), test: ["test_batch"] },
];

/** The batches that were found, in order, still as files. */
export type Found = { kind: Version["kind"]; batches: { name: string; bytes: Uint8Array }[] };

type Named = { name: string; source: Source };

const FOLDERS = ["", "cifar-10-batches-bin", "cifar-10-batches-py"];
const ARCHIVE = /\.(?:tar|tar\.gz|tgz)$/;
const OFFICIAL = ["cifar-10-binary.tar.gz", "cifar-10-python.tar.gz"];

const isSource = (source: Cifar10Source): source is Source =>
  typeof source === "string" ||
  source instanceof URL ||
  source instanceof Blob ||
  source instanceof ArrayBuffer ||
  source instanceof Uint8Array;

/**
 * The batches in a folder on disk, or undefined where there is no sign of them.
 * @param strict whether a part of them is an error
 */
export async function findInRoot(
  op: string,
  root: string,
  train: boolean,
  strict: boolean,
): Promise<Found | undefined> {
  const incomplete: string[] = [];
  for (const folder of FOLDERS) {
    const path = joinPath(root, folder);
    if (!(await exists(path))) continue;
    const files = (await listFolder(op, path)).map((name) => ({ name, source: joinPath(path, name) }));
    const found = await findBatches(op, files, train);
    if (found !== undefined) return found;
    incomplete.push(...missing(files, train).map((problem) => `${problem} in ${path}`));
  }
  for (const name of OFFICIAL) {
    const path = joinPath(root, name);
    if (await exists(path)) return findInArchive(op, path, train);
  }
  if (strict && incomplete.length > 0) throw new FileError(op, `expected all batches, got ${incomplete.join("; ")}`);
  return undefined;
}

/** The batches in what a caller gave. */
export async function findInSource(op: string, source: Cifar10Source, train: boolean): Promise<Found> {
  if (isSource(source)) return findInArchive(op, source, train);
  if (typeof source !== "object" || source === null) {
    const expected = "an archive (Blob, bytes, URL, path), chosen files, or sources by name";
    throw new FileError(op, `expected ${expected}, got ${String(source)}`);
  }
  const files: Named[] =
    Symbol.iterator in source
      ? [...(source as Iterable<File>)].map((file) => ({ name: file.name, source: file }))
      : Object.entries(source).map(([name, one]) => ({ name, source: one }));
  const found = await findBatches(op, files, train);
  if (found !== undefined) return found;
  const archives = files.filter(({ name }) => ARCHIVE.test(name));
  if (archives.length === 1) return findInArchive(op, archives[0]!.source, train);
  throw lacking(op, "the files given", files, train);
}

/** Reads the batches of the first version that is complete. */
async function findBatches(op: string, files: readonly Named[], train: boolean): Promise<Found | undefined> {
  for (const version of VERSIONS) {
    const names = train ? version.train : version.test;
    const chosen = names.map((name) => files.find((file) => file.name === name));
    if (chosen.includes(undefined)) continue;
    const batches: Found["batches"] = [];
    for (const { source } of chosen as Named[]) {
      const name = typeof source === "string" ? source : names[batches.length]!;
      batches.push({ name, bytes: await readSource(op, source) });
    }
    return { kind: version.kind, batches };
  }
  return undefined;
}

async function findInArchive(op: string, source: Source, train: boolean): Promise<Found> {
  const reader = await openSource(op, source);
  try {
    if (!(await isArchive(reader))) {
      throw new FileError(op, `expected CIFAR-10's .tar.gz (or .tar), got something else in ${reader.name}`);
    }
    const names = VERSIONS.flatMap((version) => (train ? version.train : version.test));
    const files = await readArchive(op, reader, (name) => names.includes(name));
    const named = [...files].map(([name, bytes]) => ({ name, source: bytes }));
    const found = await findBatches(op, named, train);
    if (found === undefined) throw lacking(op, reader.name, named, train);
    const batches = found.batches.map(({ name, bytes }) => ({ name: `${name} of ${reader.name}`, bytes }));
    return { ...found, batches };
  } finally {
    await reader.close();
  }
}

/** What each version lacks, where some of its files are there. */
function missing(files: readonly Named[], train: boolean): string[] {
  return VERSIONS.flatMap((version) => {
    const names = train ? version.train : version.test;
    const there = names.filter((name) => files.some((file) => file.name === name));
    const lost = names.filter((name) => !there.includes(name));
    return there.length === 0 ? [] : [`${there.join(", ")} but not ${lost.join(", ")}`];
  });
}

function lacking(op: string, place: string, files: readonly Named[], train: boolean): FileError {
  const [problem] = missing(files, train);
  const expected = VERSIONS.map((version) => (train ? version.train : version.test).join(", ")).join(" (or ");
  const got = problem ?? (files.map(({ name }) => name).join(", ") || "none of them");
  return new FileError(op, `expected ${expected}) in ${place}, got ${got}`);
}
