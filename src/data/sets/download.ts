import { md5 } from "@noble/hashes/legacy.js";
import { FileError } from "../../base/errors.js";
import { downloadTarget, type PartialDownload } from "../../platform/download-target.js";
import type { Source } from "../../platform/files.js";
import { chunksOf, RequestError, request } from "../../platform/http.js";

/** How far a download is. */
export interface DownloadProgress {
  /** Bytes that are there. */
  loaded: number;
  /** Bytes of the whole file, where the server says. */
  total: number | undefined;
  url: string;
}

/** Options of downloads. */
export interface DownloadOptions {
  /** Where to get the archive instead of the data set's own site. */
  url?: string | URL;
  /** The md5 of the archive, where it is another one than the data set's. */
  md5?: string;
  /** Is told how far it is. */
  onProgress?: (progress: DownloadProgress) => void;
  /** How often to try again when the connection breaks (3). What has come stays. */
  retries?: number;
  /** Milliseconds before the first new try, twice as many before each further one (500). */
  retryDelay?: number;
  /** Ends the download; what has come stays. */
  signal?: AbortSignal;
}

/** A file to download: its name on disk, its address and its checksum. */
type Remote = { name: string; url: string; md5: string };

type Job = Omit<DownloadOptions, "url"> & { op: string; url: string; md5: string };

/**
 * A file in `folder`, which is downloaded unless it is there: into a file beside it (`.part`) that the next call goes on
 * with, and that takes its name once its checksum is right. In browsers the page's cache takes the folder's place.
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
    .catch(() => {}) // that caller has the error
    .then(() => fetchOnce(op, folder, { ...remote, url }, options));
  running.set(key, turn);
  try {
    return await turn;
  } finally {
    if (running.get(key) === turn) running.delete(key);
  }
}

/** Downloads under way: who asks for the same file meanwhile waits, and finds it there. */
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

/** Fetches a file whole; one with a wrong checksum is thrown away. */
async function download(job: Job, part: PartialDownload): Promise<void> {
  const resumed = part.size > 0;
  let sum = await fetchAll(job, part);
  if (sum !== job.md5 && resumed) {
    await part.clear(); // what was there may have been of another file
    sum = await fetchAll(job, part);
  }
  if (sum === job.md5) return part.finish();
  const { size } = part;
  await part.drop();
  const problem = `expected a file with md5 ${job.md5} at ${job.url}, got ${size} bytes with md5 ${sum}`;
  throw new FileError(job.op, problem, "It was not kept. Try again later, or name another url");
}

/** Fetches what is missing, with new tries where the connection breaks. Returns the md5 of it all. */
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

/** What has come is not lost. */
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
      await part.clear(); // the server knows no ranges, and starts from the beginning
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
