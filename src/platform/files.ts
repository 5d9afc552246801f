import { FileError } from "../base/errors.js";
import { type NodeFile, node } from "./node.js";

/**
 * Where bytes are read from: the path of a file (in browsers: an address relative to the page), a URL, a File or Blob
 * that a user chose, or bytes in memory.
 */
export type Source = string | URL | Blob | ArrayBuffer | Uint8Array;

/** Bytes that can be read in any order. Close it when done. */
export type Reader = {
  /** A name for errors. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Exactly `length` bytes. Throws a FileError when there are fewer. */
  read(from: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
};

/** What the codes of failed system calls mean, and what to do. */
const REASONS: Record<string, readonly [problem: string, hint: string]> = {
  ENOENT: ["there is no such file or folder", "Check the path"],
  EACCES: ["access is denied", "Check the permissions"],
  EPERM: ["access is denied", "Check the permissions"],
  EROFS: ["the file system is read-only", "Choose another folder"],
  ENOSPC: ["the disk is full", "Free space and try again; what was there before is still there"],
  EDQUOT: ["the quota of the disk is used up", "Free space and try again; what was there before is still there"],
  EISDIR: ["it is a folder", "Name a file"],
  ENOTDIR: ["a part of the path is no folder", "Check the path"],
  EMFILE: ["too many files are open", "Close some"],
};

/** A failed system call, as an error of this library. */
export function fileError(op: string, verb: string, path: string, error: unknown): FileError {
  if (error instanceof FileError) return error;
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  const [problem, hint] = REASONS[code] ?? [error instanceof Error ? error.message : String(error), undefined];
  return new FileError(op, `cannot ${verb} ${path}: ${problem}`, hint);
}

const short = (op: string, name: string, from: number, length: number, size: number): FileError =>
  new FileError(op, `expected ${length} bytes at ${from} of ${name}, which has ${size}: it is cut short`);

function bytesReader(op: string, bytes: Uint8Array, name: string): Reader {
  return {
    name,
    size: bytes.length,
    read: async (from, length) => {
      if (from + length > bytes.length) throw short(op, name, from, length, bytes.length);
      return new Uint8Array(bytes.subarray(from, from + length));
    },
    close: async () => {},
  };
}

function blobReader(op: string, blob: Blob): Reader {
  const name = "name" in blob && typeof blob.name === "string" ? blob.name : "a Blob";
  return {
    name,
    size: blob.size,
    read: async (from, length) => {
      if (from + length > blob.size) throw short(op, name, from, length, blob.size);
      try {
        return new Uint8Array(await blob.slice(from, from + length).arrayBuffer());
      } catch (error) {
        throw fileError(op, "read", name, error);
      }
    },
    close: async () => {},
  };
}

/** Reads from an open file until `into` is full or the file ends. */
async function fill(file: NodeFile, into: Uint8Array, from: number): Promise<number> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await file.read(into, done, into.length - done, from + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

async function pathReader(op: string, path: string): Promise<Reader> {
  let file: NodeFile;
  let size: number;
  try {
    file = await node!.files.open(path, "r");
  } catch (error) {
    throw fileError(op, "read", path, error);
  }
  try {
    const stat = await file.stat();
    if (stat.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    size = stat.size;
  } catch (error) {
    await file.close();
    throw fileError(op, "read", path, error);
  }
  return {
    name: path,
    size,
    read: async (from, length) => {
      if (from + length > size) throw short(op, path, from, length, size);
      const bytes = new Uint8Array(length);
      let done: number;
      try {
        done = await fill(file, bytes, from);
      } catch (error) {
        throw fileError(op, "read", path, error);
      }
      if (done < length) throw short(op, path, from, length, from + done);
      return bytes;
    },
    close: () => file.close(),
  };
}

async function fetched(op: string, address: string): Promise<Reader> {
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`the server says ${response.status}`);
    return bytesReader(op, new Uint8Array(await response.arrayBuffer()), address);
  } catch (error) {
    throw new FileError(op, `cannot fetch ${address}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Opens a source for reading at any place.
 * @param op the function that the user called, for errors
 */
export async function openSource(op: string, source: Source): Promise<Reader> {
  if (source instanceof Uint8Array) return bytesReader(op, source, "bytes in memory");
  if (source instanceof ArrayBuffer) return bytesReader(op, new Uint8Array(source), "bytes in memory");
  if (source instanceof Blob) return blobReader(op, source);
  if (source instanceof URL) {
    if (source.protocol === "file:" && node) return pathReader(op, node.urls.fileURLToPath(source));
    return fetched(op, source.href);
  }
  if (typeof source === "string") return node ? pathReader(op, source) : fetched(op, source);
  throw new FileError(op, `expected a path, a URL, a File or Blob, or bytes, got ${String(source)}`);
}

/** All bytes of a source. */
export async function readSource(op: string, source: Source): Promise<Uint8Array<ArrayBuffer>> {
  const reader = await openSource(op, source);
  try {
    return await reader.read(0, reader.size);
  } finally {
    await reader.close();
  }
}

/** Node's modules; throws in browsers, where programs have no files of their own. */
function needNode(op: string, path: string): NonNullable<typeof node> {
  if (node) return node;
  throw new FileError(op, `expected a host with files for ${path}, got a browser`, "Use bytes, a Blob or a URL there");
}

/** Parts of a path as one. */
export function joinPath(...parts: string[]): string {
  return node ? node.paths.join(...parts) : parts.join("/");
}

/** Whether a file or folder is there. False in browsers. */
export async function exists(path: string): Promise<boolean> {
  try {
    await node?.files.stat(path);
    return node !== undefined;
  } catch {
    return false;
  }
}

/** Whether a path leads to a folder. False in browsers. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await node?.files.stat(path))?.isDirectory() ?? false;
  } catch {
    return false;
  }
}

/** The names in a folder, in no particular order. */
export async function listFolder(op: string, path: string): Promise<string[]> {
  try {
    return await needNode(op, path).files.readdir(path);
  } catch (error) {
    throw fileError(op, "list", path, error);
  }
}

let writes = 0;

/**
 * Writes a file so that at any moment either the old one or the whole new one is there, even if the process or the
 * machine stops: bytes go to a temporary file beside it, which is flushed and then renamed. If that fails the old file
 * stays.
 */
export async function writeAtomic(
  op: string,
  path: string,
  parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const { files, paths } = needNode(op, path);
  const place = await placeOf(op, path);
  await removeLeftovers(place);
  let temporary = "";
  let file: NodeFile | undefined;
  try {
    [temporary, file] = await openBeside(place);
    for await (const part of parts) {
      for (let done = 0; done < part.length; ) {
        done += (await file.write(part, done, part.length - done)).bytesWritten;
      }
    }
    await file.sync();
    await file.close();
    file = undefined;
    await files.rename(temporary, place);
  } catch (error) {
    await file?.close().catch(() => {});
    if (temporary !== "") await files.rm(temporary, { force: true }).catch(() => {});
    throw isSystemError(error) ? fileError(op, "write", path, error) : error;
  }
  await syncFolder(paths.dirname(place));
}

/**
 * The file that a path leads to, through links. Throws for devices and pipes: the rename would replace them by a file.
 */
async function placeOf(op: string, path: string): Promise<string> {
  const { files } = node!;
  const there = await files.stat(path).catch(() => undefined);
  if (there === undefined) return path;
  if (there.isFile() || there.isDirectory()) return files.realpath(path).catch(() => path);
  throw new FileError(op, `cannot write ${path}: it is no file`, "Name a file, or pass a WritableStream");
}

/** A temporary file beside another, under a name that no thread of this process uses. */
async function openBeside(path: string): Promise<[temporary: string, file: NodeFile]> {
  const { files, pid } = node!;
  for (;;) {
    const temporary = `${path}.${pid}-${writes++}.tmp`;
    try {
      return [temporary, await files.open(temporary, "wx")];
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}

/** Removes the temporary files of processes that were killed while they wrote this file. */
async function removeLeftovers(path: string): Promise<void> {
  const { files, paths, pid, isAlive } = node!;
  const folder = paths.dirname(path);
  const name = paths.basename(path);
  for (const other of await files.readdir(folder).catch(() => [])) {
    const writer = other.startsWith(`${name}.`) && /^(\d+)-\d+\.tmp$/.exec(other.slice(name.length + 1))?.[1];
    if (!writer) continue;
    const leftover = paths.join(folder, other);
    const dead = Number(writer) === pid ? await isOlder(leftover) : !isAlive(Number(writer));
    if (dead) await files.rm(leftover, { force: true }).catch(() => {});
  }
}

/** Whether a file was last written before this process started: in containers all processes may have the same id. */
async function isOlder(path: string): Promise<boolean> {
  const { files, started } = node!;
  return ((await files.stat(path).catch(() => undefined))?.mtimeMs ?? started) < started;
}

/** Errors of the system have codes. Errors of the code that makes the parts have none, and pass unchanged. */
const isSystemError = (error: unknown): boolean => error instanceof Error && "code" in error;

/**
 * Flushes a folder, so that a rename in it survives a crash. Some systems cannot open folders: there nothing is done.
 */
async function syncFolder(path: string): Promise<void> {
  const folder = await node!.files.open(path, "r").catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
