/** Reads and writes the files of one target, and records their hashes. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** Hashes of contents by path from the root; null for a missing file. */
type Hashes = Record<string, string | null>;

/** The files that a target has read and written. */
export type Recorded = { inputs: Hashes; outputs: Hashes };

const hashOf = (data: Uint8Array | string): string => createHash("sha256").update(data).digest("hex").slice(0, 32);

function contentOf(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

/** Whether every file still has its recorded content. */
export function areUnchanged(root: string, hashes: Hashes): boolean {
  return Object.entries(hashes).every(([path, hash]) => {
    const content = contentOf(join(root, path));
    return (content === null ? null : hashOf(content)) === hash;
  });
}

export class Io {
  private readonly inputs: Hashes = {};
  private readonly outputs: Hashes = {};

  constructor(readonly root: string) {}

  /** The path from the root, with "/" on every system. */
  private local(path: string): string {
    return relative(this.root, resolve(this.root, path)).replaceAll("\\", "/");
  }

  /**
   * The content of a file, or null. A missing file is recorded too, so that the target is made again once it exists.
   */
  find(path: string): Buffer | null {
    const content = contentOf(resolve(this.root, path));
    this.inputs[this.local(path)] = content === null ? null : hashOf(content);
    return content;
  }

  /** The content of a file. */
  read(path: string): Buffer {
    const content = this.find(path);
    if (content === null) throw new Error(`${path} is missing`);
    return content;
  }

  /** Writes a file atomically: no reader sees half of it. */
  write(path: string, data: Uint8Array | string): void {
    const target = resolve(this.root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(`${target}.part`, data);
    renameSync(`${target}.part`, target);
    this.outputs[this.local(path)] = hashOf(data);
  }

  /** Records a file that another program wrote. */
  wrote(path: string): void {
    this.outputs[this.local(path)] = hashOf(readFileSync(resolve(this.root, path)));
  }

  /** The record of all files so far. */
  record(): Recorded {
    return { inputs: this.inputs, outputs: this.outputs };
  }

  /** Adds the record of another thread. */
  add({ inputs, outputs }: Recorded): void {
    Object.assign(this.inputs, inputs);
    Object.assign(this.outputs, outputs);
  }
}
