import { md5 } from "@noble/hashes/legacy.js";
import { FileError } from "../../base/errors.js";
import { downloadTarget, type PartialDownload } from "../../platform/download-target.js";
import type { Source } from "../../platform/files.js";
import { chunksOf, RequestError, request } from "../../platform/http.js";

/** The progress of a download. */
export interface DownloadProgress {
  /** Bytes received, in this call and in earlier ones. */
  loaded: number;
  /** Bytes of the whole file, where the server tells it. */
  total: number | undefined;
  url: string;
}

/** Options of the `download` of a data set. */
export interface DownloadOptions {
  /** The address of the archive, instead of the data set's own site. */
  url?: string | URL;
  /** The md5 of the archive at `url`, where it differs from the data set's. */
  md5?: string;
  /** Called with the progress after every chunk. */
  onProgress?: (progress: DownloadProgress) => void;
  /** How often to try again when the connection breaks (3). The bytes received are kept. */
  retries?: number;
  /** Milliseconds before the first retry (500); doubled before each further one. */
  retryDelay?: number;
  /** Aborts the download; the bytes received are kept. */
  signal?: AbortSignal;
}

/** A file to download: its name on disk, its address and its md5. */
type Remote = { name: string; url: string; md5: string };

type Job = Omit<DownloadOptions, "url"> & { op: string; url: string; md5: string };

/**
 * Downloads a file to `folder` unless it is there. The bytes go to a file with the ending `.part`, which a later call
 * continues, and which is renamed once its md5 is right. In browsers the page's cache takes the place of the folder.
 *
 * @param op the function that the user called, for errors
 */
export async function downloadOnce(
  op: string,
  folder: string,
  remote: Remote,
  options: DownloadOptions,
): Promise<Source> {
  const url = String(options.url ?? remote.url);
  const key = JSON.stringify([folder, remote.name, url]);
  const turn = (running.get(key) ?? Promise.resolve())
    .catch(() => {}) // the first caller got the error
    .then(() => fetchOnce(op, folder, { ...remote, url }, options));
  running.set(key, turn);
  try {
    return await turn;
  } finally {
    if (running.get(key) === turn) running.delete(key);
  }
}

/** Running downloads: a second call for the same file waits, and then finds it. */
const running = new Map<string, Promise<unknown>>();

async function fetchOnce(
  op: string,
  folder: string,
  { name, url, md5: expected }: Remote,
  options: DownloadOptions,
): Promise<Source> {
  const target = await downloadTarget(op, folder, name, url);
  const there = await target.find();
  if (there !== undefined) return there;
  const part = await target.part();
  try {
    await download({ ...options, op, url, md5: (options.md5 ?? expected).toLowerCase() }, part);
  } finally {
    await part.close();
  }
  return (await target.find())!;
}

/** Downloads a file; deletes it if its md5 is wrong. */
async function download(job: Job, part: PartialDownload): Promise<void> {
  const resumed = part.size > 0;
  let sum = await fetchAll(job, part);
  if (sum !== job.md5 && resumed) {
    await part.clear(); // the old bytes may belong to another file: start again
    sum = await fetchAll(job, part);
  }
  if (sum === job.md5) return part.finish();
  const { size } = part;
  await part.drop();
  const problem = `expected a file with md5 ${job.md5} at ${job.url}, got ${size} bytes with md5 ${sum}`;
  throw new FileError(job.op, problem, "It was not kept. Try again later, or name another url");
}

/** Downloads the missing bytes, with retries when the connection breaks. Returns the md5 of the whole file. */
async function fetchAll(job: Job, part: PartialDownload): Promise<string> {
  const { retries = 3, retryDelay = 500 } = job;
  for (let tries = 0; ; tries++) {
    try {
      return await fetchRest(job, part);
    } catch (error) {
      if (!(error instanceof RequestError && error.retry) || tries >= retries) throw withHint(error, part);
      await new Promise((resolve) => setTimeout(resolve, retryDelay * 2 ** tries));
    }
  }
}

/** Adds to an error how many bytes are kept. */
function withHint(error: unknown, part: PartialDownload): unknown {
  if (!(error instanceof RequestError && error.retry) || part.size === 0) return error;
  return new FileError(error.op, error.problem, `${part.size} bytes are kept: the next try goes on from there`);
}

async function fetchRest({ op, url, signal, onProgress }: Job, part: PartialDownload): Promise<string> {
  let hash = md5.create();
  for await (const chunk of part.bytes()) hash.update(chunk);
  const answer = await request(op, url, part.size, signal);
  if (answer !== null) {
    if (answer.from !== part.size) {
      if (answer.from !== 0)
        throw new FileError(op, `expected bytes from ${part.size} on of ${url}, got ${answer.from}`);
      await part.clear(); // the server supports no ranges: it sends the whole file
      hash = md5.create();
    }
    onProgress?.({ loaded: part.size, total: answer.total, url });
    for await (const chunk of chunksOf(op, url, answer, signal)) {
      await part.append(chunk);
      hash.update(chunk);
      onProgress?.({ loaded: part.size, total: answer.total, url });
    }
  }
  return Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
