import { exists, fileError, joinPath, openSource, type Source } from "./files.js";
import { type NodeFile, node } from "./node.js";
import { streamOf } from "./stream.js";

/** Bytes that arrive over time, until they are whole: in a file that a later run finds again, or in memory. */
export type PartialDownload = {
  /** How many there are. */
  readonly size: number;
  /** Those that there are. */
  bytes(): AsyncIterable<Uint8Array<ArrayBuffer>>;
  append(chunk: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Forgets them and starts anew. */
  clear(): Promise<void>;
  /** They are whole: makes them the file. */
  finish(): Promise<void>;
  /** Throws them away. */
  drop(): Promise<void>;
  /** Stops for now; what is there stays. */
  close(): Promise<void>;
};

/** The bytes of a file to be, in another beside it with the ending `.part`. */
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

/** Where a download goes, and what an earlier one has left there. */
type DownloadTarget = {
  /** The whole file, if it is there. */
  find(): Promise<Source | undefined>;
  /** The file to be. */
  part(): Promise<PartialDownload>;
};

/** A file in a folder; in browsers an entry of the page's cache, or where there is none, memory. */
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
        await cache?.put(url, new Response(blob)).catch(() => {}); // a full cache costs the next download, not this one
      }),
  };
}

/** Bytes in memory, for hosts without files. */
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
