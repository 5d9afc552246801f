import { FileError } from "../base/errors.js";
import { writeAtomic } from "../platform/files.js";

/**
 * Where a file is written: a path, or (in browsers too) a stream, such as FileSystemFileHandle.createWritable()
 * returns.
 */
export type Target = string | WritableStream<Uint8Array>;

/** Writes parts to a path, all or nothing, or to a stream. */
export async function writeParts(
  op: string,
  target: Target,
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  if (typeof target === "string") return writeAtomic(op, target, parts);
  if (!(target instanceof WritableStream))
    throw new FileError(op, `expected a path or a WritableStream, got ${String(target)}`);
  if (target.locked) throw new FileError(op, "expected a stream that is free, got one that has a writer");
  const writer = target.getWriter();
  try {
    for await (const part of parts) await writer.write(part);
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => {});
    throw error;
  }
}

/** All parts in one array. */
export async function collect(
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const list: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of parts) list.push(new Uint8Array(part));
  return new Uint8Array(await new Blob(list).arrayBuffer());
}
