import { type TarHeader, unpackTar } from "modern-tar";
import { FileError } from "../../base/errors.js";
import { openSource, type Reader, type Source } from "../../platform/files.js";
import { gunzip, streamOf } from "../../platform/stream.js";
import { baseName, type FileTree, memoryTree } from "./file-tree.js";

const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;
const isTar = (head: Uint8Array): boolean => new TextDecoder("latin1").decode(head.subarray(257, 262)) === "ustar";

/**
 * The wanted files of a .tar or .tar.gz as a tree, by their names without folders.
 * @param dataset the archive's data set, for errors
 */
export async function archiveTree(
  op: string,
  dataset: string,
  source: Source,
  wanted: (name: string) => boolean,
): Promise<FileTree> {
  const reader = await openSource(op, source);
  try {
    if (!(await isArchive(reader))) {
      throw new FileError(op, `expected ${dataset}'s .tar.gz (or .tar), got something else in ${reader.name}`);
    }
    const files = await unpack(op, reader, wanted);
    return memoryTree(reader.name, files, (path) => `${path} of ${reader.name}`);
  } finally {
    await reader.close();
  }
}

async function isArchive(reader: Reader): Promise<boolean> {
  const head = await reader.read(0, Math.min(reader.size, 262));
  return isGzip(head) || isTar(head);
}

/** Reads the archive as a stream, to its end: damage after the wanted files is an error too. */
async function unpack(
  op: string,
  reader: Reader,
  wanted: (name: string) => boolean,
): Promise<[name: string, bytes: Uint8Array][]> {
  const packed = isGzip(await reader.read(0, Math.min(reader.size, 2)));
  const bytes = packed ? gunzip(op, reader.name, streamOf(reader)) : streamOf(reader);
  try {
    const filter = ({ name, type }: TarHeader): boolean => type === "file" && wanted(baseName(name));
    const entries = await unpackTar(bytes, { strict: true, filter });
    return entries.flatMap(({ header, data }) => (data === undefined ? [] : [[baseName(header.name), data]]));
  } catch (error) {
    if (error instanceof FileError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FileError(
      op,
      `cannot unpack ${reader.name}: it is cut short or damaged (${reason})`,
      "Get the file again",
    );
  }
}
