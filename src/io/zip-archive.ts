import { type Entry, type FileEntry, ZipReader, Reader as ZipSource, ZipWriter } from "@zip.js/zip.js";
import { FileError, SimdgradError } from "../base/errors.js";
import type { Reader } from "../platform/files.js";

// Zip archives by @zip.js/zip.js, in this thread. Written entries are not compressed.

/** A Reader in the form that zip.js reads. */
class Source extends ZipSource<Reader> {
  override size: number;

  constructor(readonly reader: Reader) {
    super(reader);
    this.size = reader.size;
  }

  override readUint8Array(index: number, length: number): Promise<Uint8Array> {
    return this.reader.read(index, Math.max(Math.min(length, this.size - index), 0));
  }
}

/** An archive that was opened. */
type Archive = {
  /** Bytes of each entry, by its path. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Passes the bytes of an entry to `take`, front to back. Throws at the end when the checksum differs. */
  parts(path: string, take: (part: Uint8Array, at: number) => void): Promise<void>;
  /** The bytes of an entry. Throws when the checksum differs. */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
};

/** Whether these are the first bytes of a zip archive. */
export const isZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);

/** The largest factor by which an entry may grow; one that claims more is refused before memory is allocated. */
const RATIO = 1100; // deflate gives at most 1032 to 1
const STORED = 0;

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export async function openZip(op: string, reader: Reader): Promise<Archive> {
  const { name } = reader;
  let entries: Entry[];
  try {
    entries = await new ZipReader(new Source(reader), { useWebWorkers: false }).getEntries();
  } catch (error) {
    throw error instanceof FileError
      ? error
      : new FileError(op, `${name}: expected a zip archive, got one that is cut short or corrupt (${reason(error)})`);
  }
  const files = new Map<string, FileEntry>();
  for (const entry of entries) {
    if (entry.directory) continue;
    if (files.has(entry.filename)) throw new FileError(op, `${name}: it has the entry ${entry.filename} twice`);
    files.set(entry.filename, entry);
  }
  const packed = [...files.values()].reduce((sum, entry) => sum + entry.compressedSize, 0);
  if (packed > reader.size) {
    throw new FileError(
      op,
      `${name}: its entries claim ${packed} of ${reader.size} bytes: they overlap, or it is cut short`,
    );
  }
  const parts = async (path: string, take: (part: Uint8Array, at: number) => void): Promise<void> => {
    const entry = files.get(path);
    if (entry === undefined) throw new FileError(op, `${name}: expected an entry ${path}, got none`);
    const { uncompressedSize: size, compressedSize: packed } = entry;
    const most = Math.min(packed, reader.size) * (entry.compressionMethod === STORED ? 1 : RATIO);
    if (size > most) throw new FileError(op, `${name}: ${path} claims ${size} bytes: it is corrupt`);
    const other = (got: string): FileError =>
      new FileError(op, `${name}: expected ${size} bytes of ${path}, got ${got}`);
    let at = 0;
    const into = new WritableStream<Uint8Array>({
      write(part) {
        if (at + part.length > size) throw other("more");
        take(part, at);
        at += part.length;
      },
    });
    try {
      await entry.getData(into, { checkSignature: true, useWebWorkers: false });
    } catch (error) {
      if (error instanceof SimdgradError) throw error;
      throw new FileError(op, `${name}: ${path} is cut short or corrupt (${reason(error)})`);
    }
    if (at !== size) throw other(String(at));
  };
  const sizes = new Map([...files].map(([path, entry]) => [path, entry.uncompressedSize]));
  return {
    sizes,
    parts,
    read: async (path) => {
      let bytes: Uint8Array<ArrayBuffer> | undefined;
      await parts(path, (part, at) => {
        bytes ??= new Uint8Array(sizes.get(path)!); // only after parts() has checked its size
        bytes.set(part, at);
      });
      return bytes ?? new Uint8Array();
    },
  };
}

/** An entry to be written: its bytes in parts, read when their turn comes. */
export type ZipEntry = { path: string; size: number; parts: () => Iterable<Uint8Array> };

/** Bytes before an entry's data: the local header, the name, and an extra field's own header. */
const HEADER = 30;
const EXTRA_HEADER = 4;

/** PyTorch's extra field, "FB": with as many bytes as align the data. */
const EXTRA = 0x4246;

/** An entry in the form that zip.js reads. Its size is known, so that zip.js leaves no room for larger sizes. */
class Parts extends ZipSource<ZipEntry> {
  override size: number;
  #iterator: Iterator<Uint8Array> | undefined;

  constructor(readonly entry: ZipEntry) {
    super(entry);
    this.size = entry.size;
  }

  override createReadable(): ReadableStream<Uint8Array> {
    const iterator = this.entry.parts()[Symbol.iterator]();
    this.#iterator = iterator;
    return new ReadableStream(
      {
        pull(controller) {
          const { value, done } = iterator.next();
          if (done) controller.close();
          else controller.enqueue(value);
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** Ends the parts, which may hold memory, at any point: zip.js does not when it stops early. */
  end(): void {
    this.#iterator?.return?.();
  }
}

/**
 * Yields the parts of an archive of uncompressed entries. No byte depends on the time or the machine.
 * @param align the data of each entry starts at a multiple of this many bytes
 */
export async function* zipParts(entries: Iterable<ZipEntry>, align = 1): AsyncGenerator<Uint8Array> {
  let written = 0;
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      written += chunk.length;
      controller.enqueue(chunk);
    },
  });
  const zip = new ZipWriter(writable, {
    level: 0,
    useWebWorkers: false,
    extendedTimestamp: false,
    lastModDate: new Date(1980, 0, 1),
    keepOrder: true,
  });
  let current: Parts | undefined;
  const producing = (async () => {
    try {
      for (const entry of entries) {
        const data = written + HEADER + new TextEncoder().encode(entry.path).length + EXTRA_HEADER;
        const extraField = align > 1 ? new Map([[EXTRA, new Uint8Array((align - (data % align)) % align)]]) : undefined;
        current = new Parts(entry);
        await zip.add(entry.path, current, extraField && { extraField });
      }
      await zip.close();
    } catch (error) {
      await writable.abort(error).catch(() => {});
      throw error;
    }
  })();
  producing.catch(() => {}); // awaited below
  const reader = readable.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
    current?.end();
  }
  await producing;
}
