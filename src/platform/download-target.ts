import { exists, fileError, joinPath, openSource, type Source } from "./files.js";
import { type NodeFile, node } from "./node.js";
import { streamOf } from "./stream.js";

/** A download under way: the bytes so far, in a file that a later run continues, or in memory. */
export type PartialDownload = {
  /** The number of bytes so far. */
  readonly size: number;
  /** The bytes so far. */
  bytes(): AsyncIterable<Uint8Array<ArrayBuffer>>;
  append(chunk: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Removes all bytes, to start anew. */
  clear(): Promise<void>;
  /** Makes the bytes, which are complete, the file. */
  finish(): Promise<void>;
  /** Deletes the bytes for good. */
  drop(): Promise<void>;
  /** Stops for now; the bytes stay. */
  close(): Promise<void>;
};

/** A download into `<path>.part`, which takes the name `path` at the end. */
async function partFile(op: string, path: string): Promise<PartialDownload> {
  const { files, paths } = node!;
  const temporary = `${path}.part`;
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw fileError(op, "write", temporary, error);
    }
  };
  await guarded(() => files.mkdir(paths.dirname(path), { recursive: true }));
  const file: NodeFile = await guarded(() => files.open(temporary, "a"));
  let { size } = await guarded(() => file.stat());
  return {
    get size() {
      return size;
    },
    async *bytes() {
      const reader = await openSource(op, temporary);
      try {
        const stream = streamOf(reader).getReader();
        for (let next = await stream.read(); !next.done; next = await stream.read()) yield next.value;
      } finally {
        await reader.close();
      }
    },
    append: (chunk) =>
      guarded(async () => {
        for (let done = 0; done < chunk.length; ) {
          done += (await file.write(chunk, done, chunk.length - done)).bytesWritten;
        }
        size += chunk.length;
      }),
    clear: () =>
      guarded(async () => {
        await file.truncate(0);
        size = 0;
      }),
    finish: () =>
      guarded(async () => {
        await file.sync();
        await files.rename(temporary, path);
      }),
    drop: () => guarded(() => files.rm(temporary, { force: true })),
    close: () => guarded(() => file.close()),
  };
}

/** The place where a download is stored, with what an earlier one left there. */
type DownloadTarget = {
  /** The complete file, if it exists. */
  find(): Promise<Source | undefined>;
  /** The download under way. */
  part(): Promise<PartialDownload>;
};

/** A file in a folder; in browsers an entry of the page's cache, or memory where there is no cache. */
export async function downloadTarget(op: string, folder: string, name: string, url: string): Promise<DownloadTarget> {
  if (node) {
    const path = joinPath(folder, name);
    return { find: async () => ((await exists(path)) ? path : undefined), part: () => partFile(op, path) };
  }
  const cache = typeof caches === "undefined" ? undefined : await caches.open("simdgrad");
  let whole: Blob | undefined;
  return {
    find: async () => whole ?? (await cache?.match(url))?.blob(),
    part: async () =>
      partInMemory(async (blob) => {
        whole = blob;
        await cache?.put(url, new Response(blob)).catch(() => {}); // a full cache only makes the next run download again
      }),
  };
}

/** A download into memory, for hosts without files. */
function partInMemory(done: (whole: Blob) => Promise<void>): PartialDownload {
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  return {
    get size() {
      return chunks.reduce((n, chunk) => n + chunk.length, 0);
    },
    async *bytes() {
      yield* chunks;
    },
    append: async (chunk) => {
      chunks.push(chunk);
    },
    clear: async () => {
      chunks = [];
    },
    finish: () => done(new Blob(chunks)),
    drop: async () => {
      chunks = [];
    },
    close: async () => {},
  };
}
