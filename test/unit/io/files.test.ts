import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { FileError, memory, zeros } from "simdgrad";
import { load, save, toBytes } from "simdgrad/io";
import { describe, expect, it } from "vitest";
import { exists, listFolder, openSource, readSource, writeAtomic } from "../../../src/platform/files.js";
import { temporaryFolder } from "../../support/files.js";

const folder = temporaryFolder();
const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);

describe("a source", () => {
  const path = join(folder, "source.bin");
  writeFileSync(path, bytes);
  const sources = { path, url: pathToFileURL(path), blob: new Blob([bytes]), array: bytes, buffer: bytes.buffer };

  for (const [name, source] of Object.entries(sources)) {
    it(`gives the bytes asked for and no others: ${name}`, async () => {
      const reader = await openSource("load", source);
      expect(reader.size).toBe(1000);
      expect(await reader.read(10, 5)).toEqual(bytes.slice(10, 15));
      expect(await reader.read(1000, 0)).toEqual(new Uint8Array());
      await expect(reader.read(996, 5)).rejects.toThrow(
        /^load: expected 5 bytes at 996 of .*, which has 1000: it is cut short/,
      );
      await reader.close();
      expect(await readSource("load", source)).toEqual(bytes);
    });
  }

  it("is fetched from an address", async () => {
    const server = createServer((request, response) => {
      response.statusCode = request.url === "/net.bin" ? 200 : 404;
      response.end(bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect(await readSource("load", new URL(`${address}/net.bin`))).toEqual(bytes);
      await expect(load(new URL(`${address}/none`))).rejects.toThrow(
        `load: cannot fetch ${address}/none: the server says 404`,
      );
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    await expect(load(new URL(`${address}/net.bin`))).rejects.toThrow(`load: cannot fetch ${address}/net.bin: `);
  });

  it("that is not there is refused by name", async () => {
    const missing = join(folder, "missing.bin");
    await expect(openSource("load", missing)).rejects.toThrow(
      new FileError("load", `cannot read ${missing}: there is no such file or folder`, "Check the path"),
    );
    await expect(openSource("load", folder)).rejects.toThrow("it is a folder");
    await expect(listFolder("open", missing)).rejects.toThrow(FileError);
    expect([await exists(path), await exists(missing)]).toEqual([true, false]);
  });
});

describe("a stream as a target", () => {
  it("gets the bytes that a path would get, and is closed", async () => {
    const parts: Uint8Array[] = [];
    let closed = false;
    const stream = new WritableStream<Uint8Array>({
      write: (part) => void parts.push(part),
      close: () => {
        closed = true;
      },
    });
    await save({ a: zeros([3]) }, stream);
    expect(closed).toBe(true);
    expect(new Uint8Array(Buffer.concat(parts))).toEqual(await toBytes({ a: zeros([3]) }));
  });

  it("is aborted when a part fails", async () => {
    const x = zeros([1 << 20]);
    let aborted: unknown;
    const stream = new WritableStream<Uint8Array>({
      write: () => x.free(),
      abort: (reason) => {
        aborted = reason;
      },
    });
    const error = await save({ x }, stream).catch((e: unknown) => e);
    expect(String(error)).toMatch(/freed/);
    expect(aborted).toBe(error);
  });

  it("that stops early leaves nothing of a tensor in memory", async () => {
    const x = zeros([1000, 2000]).t();
    await toBytes({ x }); // allocates everything that stays
    const before = memory().bytesInUse;
    let written = 0;
    const stream = new WritableStream<Uint8Array>({
      write: (part) => {
        written += part.length;
        return written > 3e6 ? Promise.reject(new RangeError("no room")) : undefined;
      },
    });
    await expect(save({ x }, stream)).rejects.toThrow(new RangeError("no room"));
    expect(memory().bytesInUse).toBeLessThanOrEqual(before); // the collector may free what other tests left
    expect(x.shape).toEqual([2000, 1000]);
  });

  it("that somebody writes to is refused", async () => {
    const stream = new WritableStream<Uint8Array>();
    stream.getWriter();
    await expect(save({ a: 1 }, stream)).rejects.toThrow(
      "save: expected a stream that is free, got one that has a writer",
    );
  });

  it("fails as it says itself; what is no target is refused", async () => {
    const stream = new WritableStream<Uint8Array>({ write: () => Promise.reject(new RangeError("no room")) });
    await expect(save({ a: 1 }, stream)).rejects.toThrow(new RangeError("no room"));
    await expect(save({ a: 1 }, 3 as unknown as string)).rejects.toThrow(
      "save: expected target to be a path or a WritableStream, got 3",
    );
  });
});

describe("writeAtomic", () => {
  const path = join(folder, "target.bin");
  const others = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".tmp"));

  it("replaces the whole file", async () => {
    await writeAtomic("save", path, [bytes]);
    await writeAtomic("save", path, [bytes.subarray(0, 3), bytes.subarray(3, 10)]);
    expect(new Uint8Array(readFileSync(path))).toEqual(bytes.slice(0, 10));
    expect(others()).toEqual([]);
  });

  it("writes the file that a link leads to, and no device or pipe", async () => {
    const link = join(folder, "link.bin");
    symlinkSync("target.bin", link);
    await writeAtomic("save", link, [bytes.subarray(0, 10)]);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(new Uint8Array(readFileSync(path))).toEqual(bytes.slice(0, 10));
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    await expect(writeAtomic("save", pipe, [bytes])).rejects.toThrow(
      `save: cannot write ${pipe}: it is no file. Name a file, or pass a WritableStream`,
    );
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });

  it("removes what an earlier process of the same number left, as in containers, but nothing of another thread", async () => {
    const names = Array.from({ length: 1000 }, (_, i) => `target.bin.${process.pid}-${i}.tmp`);
    for (const name of names) writeFileSync(join(folder, name), "");
    for (const name of names.slice(1)) utimesSync(join(folder, name), 1e9, 1e9);
    await writeAtomic("save", path, [bytes.subarray(0, 10)]);
    expect(others()).toEqual(names.slice(0, 1));
    for (const name of names) writeFileSync(join(folder, name), "");
    await writeAtomic("save", path, [bytes.subarray(0, 10)]);
    expect(others().length).toBe(1000);
    for (const name of names) rmSync(join(folder, name));
  });

  it("leaves the old file and no other when the parts fail", async () => {
    const failing = function* (): Generator<Uint8Array> {
      yield bytes;
      throw new RangeError("no more");
    };
    await expect(writeAtomic("save", path, failing())).rejects.toThrow(new RangeError("no more"));
    expect(readFileSync(path).length).toBe(10);
    expect(others()).toEqual([]);
  });

  it("says where it cannot write", async () => {
    const nowhere = join(folder, "no", "where.bin");
    await expect(writeAtomic("save", nowhere, [bytes])).rejects.toThrow(
      `save: cannot write ${nowhere}: there is no such file or folder. Check the path`,
    );
  });

  it("leaves the old file and no other when the disk is full, as the system says", async () => {
    const full = function* (): Generator<Uint8Array> {
      yield bytes;
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    };
    await expect(writeAtomic("save", path, full())).rejects.toThrow(
      new FileError(
        "save",
        `cannot write ${path}: the disk is full`,
        "Free space and try again; what was there before is still there",
      ).message,
    );
    expect(readFileSync(path).length).toBe(10);
    expect(others()).toEqual([]);
  });

  /** Runs `body` in a small file system in memory; on some hosts only root can make one. */
  async function inSmallDisk(skip: (why: string) => never, body: (folder: string) => Promise<void>): Promise<void> {
    const disk = mkdtempSync(join(tmpdir(), "simdgrad-disk-"));
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", disk], { stdio: "ignore" });
    } catch {
      rmSync(disk, { recursive: true });
      skip("this user cannot mount a small disk: only the injected fault was tested");
    }
    try {
      await body(disk);
    } finally {
      execFileSync("umount", [disk]);
      rmSync(disk, { recursive: true });
    }
  }

  it("leaves the old file and no other on a disk that is full", async ({ skip }) => {
    await inSmallDisk(skip, async (disk) => {
      const target = join(disk, "net.pth");
      await save({ epoch: 1 }, target);
      const large = zeros([1 << 16]);
      await expect(save({ large }, target)).rejects.toThrow(`save: cannot write ${target}: the disk is full`);
      expect(await load(target)).toEqual({ epoch: 1 });
      expect(readdirSync(disk)).toEqual(["net.pth"]);
    });
  });

  it("says that a disk is read-only", async ({ skip }) => {
    await inSmallDisk(skip, async (disk) => {
      execFileSync("mount", ["-o", "remount,ro", disk]);
      const target = join(disk, "net.pth");
      await expect(save({ epoch: 1 }, target)).rejects.toThrow(
        `save: cannot write ${target}: the file system is read-only. Choose another folder`,
      );
    });
  });

  it("says that access is denied", async ({ skip }) => {
    if (process.getuid?.() === 0) skip("the superuser is denied nothing");
    const closed = join(folder, "closed");
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    const target = join(closed, "net.pth");
    await expect(save({ epoch: 1 }, target)).rejects.toThrow(`save: cannot write ${target}: access is denied`);
  });
});
