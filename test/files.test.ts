import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { FileError } from "simdgrad";
import { afterAll, describe, expect, it } from "vitest";
import { exists, listFolder, openSource, readSource, writeAtomic } from "../src/platform/files.js";

const folder = mkdtempSync(join(tmpdir(), "simdgrad-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
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

describe("writeAtomic", () => {
  const path = join(folder, "target.bin");
  const others = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".tmp"));

  it("replaces the whole file", async () => {
    await writeAtomic("save", path, [bytes]);
    await writeAtomic("save", path, [bytes.subarray(0, 3), bytes.subarray(3, 10)]);
    expect(new Uint8Array(readFileSync(path))).toEqual(bytes.slice(0, 10));
    expect(others()).toEqual([]);
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
});
