import { type TarHeader, unpackTar } from "modern-tar";
import { FileError } from "../../base/errors.js";
import type { Reader } from "../../platform/files.js";
import { gunzip, streamOf } from "../../platform/stream.js";

const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;
const isTar = (head: Uint8Array): boolean => new TextDecoder("latin1").decode(head.subarray(257, 262)) === "ustar";

/** Whether the bytes begin as a .tar or a .tar.gz does. */
export async function isArchive(reader: Reader): Promise<boolean> {
  const head = await reader.read(0, Math.min(reader.size, 262));
  return isGzip(head) || isTar(head);
}

/**
 * The files of a .tar or .tar.gz that are wanted, by their names without folders. The archive is read as a stream, to its end,
 * so that a damaged one is noticed.
 */
export async function readArchive(
  op: string,
  reader: Reader,
  wanted: (name: string) => boolean,
): Promise<Map<string, Uint8Array>> {
  const packed = isGzip(await reader.read(0, Math.min(reader.size, 2)));
  const bytes = packed ? gunzip(op, reader.name, streamOf(reader)) : streamOf(reader);
  try {
    const filter = ({ name, type }: TarHeader): boolean => type === "file" && wanted(nameIn(name));
    const entries = await unpackTar(bytes, { strict: true, filter });
    return new Map(entries.flatMap(({ header, data }) => (data === undefined ? [] : [[nameIn(header.name), data]])));
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

/** A path without its folders. */
const nameIn = (path: string): string => path.split("/").pop()!;
