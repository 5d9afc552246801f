// The parts of Node's modules that are used here. They are loaded at run time: a static import of node:fs would end up
// in bundles for browsers.

/** An open file. */
export type NodeFile = {
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  write(from: Uint8Array, offset: number, length: number): Promise<{ bytesWritten: number }>;
  stat(): Promise<{ size: number; isDirectory(): boolean }>;
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
};

/** node:fs/promises. */
export type NodeFiles = {
  open(path: string, flags: string): Promise<NodeFile>;
  stat(path: string): Promise<{ size: number; mtimeMs: number; isDirectory(): boolean; isFile(): boolean }>;
  realpath(path: string): Promise<string>;
  readdir(path: string): Promise<string[]>;
  mkdir(path: string, options: { recursive: true }): Promise<unknown>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { force: true }): Promise<void>;
};

type NodePaths = { join(...parts: string[]): string; dirname(path: string): string; basename(path: string): string };
type NodeUrls = { fileURLToPath(url: URL): string };
type Process = {
  pid: number;
  uptime(): number;
  kill(pid: number, signal: 0): true;
  getBuiltinModule?: (name: string) => unknown;
};

const host = (globalThis as { process?: Process }).process;

/** One of Node's modules, or undefined elsewhere. */
export function builtin<T>(name: string): T | undefined {
  return host?.getBuiltinModule?.(name) as T | undefined;
}

/** Whether a process exists: signal 0 only checks that, and sends nothing. */
function isAlive(process: Process, pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // it exists, but is another user's
  }
}

/** The modules and numbers that a host with files has. */
type Node = {
  files: NodeFiles;
  paths: NodePaths;
  urls: NodeUrls;
  pid: number;
  /** When this process started, in milliseconds. */
  started: number;
  isAlive(pid: number): boolean;
};

/** Node's modules for files, or undefined where there are no files: in browsers. */
export const node: Node | undefined = (() => {
  const [files, paths, urls] = [
    builtin<NodeFiles>("node:fs/promises"),
    builtin<NodePaths>("node:path"),
    builtin<NodeUrls>("node:url"),
  ];
  if (!(files && paths && urls && host)) return undefined;
  const started = Date.now() - 1000 * host.uptime();
  return { files, paths, urls, pid: host.pid, started, isAlive: (pid) => isAlive(host, pid) };
})();
