import { FileError } from "../base/errors.js";
import type { Kind } from "../base/signature.js";
import type { Tensor } from "../methods.js";
import { type Source, writeAtomic } from "../platform/files.js";

/**
 * Where a file is written: a path, or (in browsers too) a stream, such as FileSystemFileHandle.createWritable()
 * returns.
 */
export type Target = string | WritableStream<Uint8Array>;

export const targetKind: Kind<Target> = {
  expected: "a path or a WritableStream",
  fits: (value): value is Target => typeof value === "string" || value instanceof WritableStream,
};

export const sourceKind: Kind<Source> = {
  expected: "a path, a URL, a Blob or bytes",
  fits: (value): value is Source =>
    typeof value === "string" ||
    value instanceof URL ||
    value instanceof Blob ||
    value instanceof ArrayBuffer ||
    value instanceof Uint8Array,
};

/** Tensors by name. The values are for the operation to check. */
export const namedTensors: Kind<Readonly<Record<string, Tensor>>> = {
  expected: "an object of tensors",
  fits: (value): value is Readonly<Record<string, Tensor>> =>
    typeof value === "object" && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value)),
};

/** Anything: what cannot be saved is for the writer to refuse, with its place. */
export const anything: Kind<unknown> = { expected: "a value", fits: (value): value is unknown => value !== undefined };

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
