import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { FileError, memory, nn, SimdgradError, scope, Tensor, tensor } from "simdgrad";
import { load, loadNpz, type Saveable, save, toBytes, toNpz } from "simdgrad/io";
import { describe, expect, it } from "vitest";
import golden from "../../golden/pth.json" with { type: "json" };
import { goldenPath, temporaryFolder } from "../../support/files.js";
import { shared, value } from "../../support/saved-value.js";

const folder = temporaryFolder();
const fixture = (name: string): string => goldenPath(`pth/${name}`);

const decimal = (value: number): string =>
  Number.isNaN(value) ? "nan" : Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf";

/** A loaded value in the form of test/golden/pth.py. */
function show(value: unknown): unknown {
  if (value instanceof Tensor) {
    return { dtype: value.dtype, shape: [...value.shape], data: [...value.toTypedArray()].map(decimal) };
  }
  if (value instanceof Set) return [...value].sort();
  if (Array.isArray(value)) return value.map(show);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, show(item)]));
}

/** Python's decimals in JavaScript's form. */
function normal(value: unknown, inData = false): unknown {
  if (Array.isArray(value)) return value.map((item) => normal(item, inData));
  if (typeof value === "string" && inData) return /nan|inf/.test(value) ? value : String(Number(value));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normal(item, key === "data")]));
}

describe("files of torch.save", () => {
  for (const [name, value] of Object.entries(golden)) {
    for (const format of ["pth", "legacy.pth"]) {
      it(`load with PyTorch's values: ${name}.${format}`, async () => {
        expect(show(await load(fixture(`${name}.${format}`)))).toEqual(normal(value));
      });
    }
  }

  it("load with the sums of their elements: the state dict of example 3, as PyTorch wrote it", async () => {
    const state = (await load(fixture("cifar_net.pth"))) as Record<string, Tensor>;
    const sums = Object.entries(state).map(([key, x]) => [key, [...x.shape], x.dtype, x.double().sum().item()]);
    const expected: [string, number[], number][] = [
      ["conv1.weight", [6, 3, 5, 5], -2.7574212799954694],
      ["conv1.bias", [6], 0.7074216492474079],
      ["conv2.weight", [16, 6, 5, 5], 7.869379030555137],
      ["conv2.bias", [16], 0.11147179990075529],
      ["fc1.weight", [120, 400], 25.939398586894562],
      ["fc1.bias", [120], 0.020429296389920637],
      ["fc2.weight", [84, 120], 6.099359471669686],
      ["fc2.bias", [84], 0.9820454474538565],
      ["fc3.weight", [10, 84], 1.1894861677519657],
      ["fc3.bias", [10], -0.09744430077262223],
    ];
    expect(sums).toEqual(expected.map(([key, shape, sum]) => [key, shape, "float32", expect.closeTo(sum, 12)]));
  });

  it("keep the memory that tensors share", async () => {
    const views = (await load(fixture("views.pth"))) as Record<string, Tensor>;
    expect(views.row!.storage).toBe(views.base!.storage);
    expect(views.transposed!.strides).toEqual([1, 4]);
    expect(views.expanded!.strides).toEqual([0, 0]);
  });

  it("are refused with what they hold", async () => {
    const refused: [string, RegExp][] = [
      [
        "module.pth",
        /it asks for torch\.nn\.modules\.container\.Sequential, which is not built from files\. Only tensors/,
      ],
      ["complex.pth", /it asks for torch\.ComplexFloatStorage, which is not built from files/],
      ["too-large.pth", /storage 0: expected integers that int32 holds, got 2147483648 at element 0/],
    ];
    for (const [name, text] of refused) {
      const error = await load(fixture(name)).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(FileError);
      expect(String(error)).toMatch(text);
    }
  });
});

describe("save", () => {
  it("comes back the same", async () => {
    const path = join(folder, "value.pth");
    await save(value, path);
    const back = (await load(path)) as typeof value;
    expect(show(back)).toEqual(show(value));
    expect(back.views[1]!.storage).toBe(back.model["fc.weight"].storage);
    expect(show(await load(await toBytes(value)))).toEqual(show(value));
  });

  it("keeps keys that are equal as texts apart, and long integers whole", async () => {
    const map = new Map<string | number, Saveable>([
      [1, "a number"],
      ["1", "a text"],
    ]);
    expect(await load(await toBytes(map))).toEqual(map);
    for (const bits of [2039n, 2040n, 2046n]) expect(await load(await toBytes([1n << bits]))).toEqual([1n << bits]);
  });

  it("writes the same bytes twice, and nothing of other parts of the memory", async () => {
    const alone = shared.narrow(0, 1, 1);
    expect(await toBytes(value)).toEqual(await toBytes(value));
    const back = (await load(await toBytes({ alone }))) as { alone: Tensor };
    expect(back.alone.storage.bytes).toBeLessThan(64);
  });

  it("refuses what the format does not hold, and leaves the old file", async () => {
    const path = join(folder, "kept.pth");
    await save({ a: 1 }, path);
    const cyclic: Record<string, Saveable> = {};
    cyclic.self = cyclic;
    const freed = tensor([1]);
    freed.free();
    const bad: [unknown, RegExp][] = [
      [new nn.Linear(1, 1), /save: expected tensors and plain data, got a Linear. Save model\.stateDict\(\)/],
      [{ a: [1, () => 1] }, /save: expected tensors and plain data, got a function at a\.1/],
      [cyclic, /a container that holds itself at self/],
      [{ freed }, /freed/],
    ];
    for (const [given, text] of bad) await expect(save(given as Saveable, path)).rejects.toThrow(text);
    expect(await load(path)).toEqual({ a: 1 });
  });
});

/** A pickle of these bytes in an archive as torch.save makes it. */
async function archiveOf(pickle: Uint8Array): Promise<Uint8Array> {
  const { zipParts } = await import("../../../src/io/zip-archive.js");
  const parts: Uint8Array[] = [];
  for await (const part of zipParts([{ path: "archive/data.pkl", size: pickle.length, parts: () => [pickle] }])) {
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

describe("a malicious file", () => {
  const attacks: Record<string, [pickle: string, error: RegExp]> = {
    "calls the system": [
      "\x80\x02cposix\nsystem\nX\x04\x00\x00\x00true\x85R.",
      /asks for posix\.system, which is not built/,
    ],
    "evaluates code": ["\x80\x02cbuiltins\neval\nX\x01\x00\x00\x001\x85R.", /asks for builtins\.eval/],
    "hides a name behind STACK_GLOBAL": ["\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93.", /asks for os\.system/],
    "uses INST": ["(S'true'\nios\nsystem\n.", /instruction 0x69/],
    "uses an extension": ["\x80\x02\x82\x01.", /instruction 0x82/],
    "claims a text of 4 GB": ["\x80\x02X\xff\xff\xff\xff.", /expected 4294967295 bytes/],
    "claims a number of 4 GB": ["\x80\x02\x8b\xff\xff\xff\x7f.", /a whole number, got one of 2147483647 bytes/],
    "nests lists deeply": [`\x80\x02${"]".repeat(100_000)}${"a".repeat(99_999)}.`, /1000 containers in each other/],
    "holds itself": ["\x80\x02]q\x00h\x00a.", /a container that holds itself/],
    "recalls what it never remembered": ["\x80\x02h\x07.", /recalls number 7/],
    "takes from an empty stack": ["\x80\x02R.", /takes what it has not put there/],
    "calls a storage": ["\x80\x02ctorch\nFloatStorage\n)R.", /calls what is no function/],
    "returns a function": ["\x80\x02ccollections\nOrderedDict\n.", /expected plain data, got a function/],
    "builds a tensor of nothing": ["\x80\x02ctorch._utils\n_rebuild_tensor_v2\n)R.", /got an odd tensor/],
    "names a device of lists that double 40 times": [
      `\x80\x02ctorch\ndevice\n]${"2\x862\x86".repeat(20)}\x85R.`,
      /got an odd device/,
    ],
    "makes a dict of a key without a value": [
      "\x80\x02ccollections\nOrderedDict\n]]K\x01aa\x85R.",
      /got an odd OrderedDict/,
    ],
    "sets attributes of a list": ["\x80\x02]}b.", /adds to what is no dict/],
  };
  for (const [name, [pickle, error]] of Object.entries(attacks)) {
    it(name, async () => {
      const found = await load(await archiveOf(latin1(pickle))).catch((e: unknown) => e);
      expect(found).toBeInstanceOf(FileError);
      expect(String(found)).toMatch(error);
    });
  }

  it("shares what doubles 40 times, instead of writing it out", async () => {
    const nested = await load(await archiveOf(latin1(`\x80\x02]${"2\x86".repeat(40)}.`)));
    expect((nested as unknown[])[0]).toBe((nested as unknown[])[1]);
  });

  it("names storages in lists that double 40 times, in the older format", async () => {
    const legacy = readFileSync(fixture("plain.legacy.pth"));
    const keys = latin1(`\x80\x02]]${"2\x86".repeat(40)}a.`);
    const end = legacy.lastIndexOf(latin1("\x80\x02]"));
    expect(end).toBeGreaterThan(0);
    const error = await load(new Uint8Array(Buffer.concat([legacy.subarray(0, end), keys]))).catch((e: unknown) => e);
    expect(String(error)).toMatch(/nothing refers to storage of key type object: it is corrupt/);
  });

  it("has a storage, or an entry, twice", async () => {
    const legacy = new Uint8Array(readFileSync(fixture("parameters.legacy.pth")));
    const keys = Buffer.from(legacy).lastIndexOf(latin1("\x80\x02]q\x00(X"));
    const length = legacy[keys + 7]!;
    legacy.copyWithin(keys + 11 + length + 7, keys + 11, keys + 11 + length); // the second key becomes the first
    await expect(load(legacy)).rejects.toThrow(/it has a storage twice/);
    const { zipParts } = await import("../../../src/io/zip-archive.js");
    const { collect } = await import("../../../src/io/target.js");
    const entries = ["data.pkl", "data.pkx"].map((name) => ({
      path: `a/${name}`,
      size: 1,
      parts: () => [latin1(".")],
    }));
    const bytes = Buffer.from(await collect(zipParts(entries)));
    for (let at = bytes.indexOf("pkx"); at >= 0; at = bytes.indexOf("pkx")) bytes.write("pkl", at);
    await expect(load(new Uint8Array(bytes))).rejects.toThrow(/it has the entry a\/data\.pkl twice/);
  });

  it("has entries that share their bytes", async () => {
    const bytes = Buffer.from(await toNpz({ a: tensor(new Float32Array(1000)) }));
    const [from, end] = [bytes.indexOf(latin1("PK\x01\x02")), bytes.indexOf(latin1("PK\x05\x06"))];
    const again = Buffer.from(bytes.subarray(from, end)); // the entry in the directory, with another name
    again[again.indexOf(latin1("a.npy"))] = 0x62;
    const tail = Buffer.from(bytes.subarray(end));
    tail.writeUInt16LE(2, 8);
    tail.writeUInt16LE(2, 10);
    tail.writeUInt32LE(2 * again.length, 12);
    const twice = new Uint8Array(Buffer.concat([bytes.subarray(0, end), again, tail]));
    await expect(loadNpz(twice)).rejects.toThrow(/its entries claim \d+ of \d+ bytes: they overlap/);
  });

  it("reaches beyond its storage", async () => {
    const bytes = await toBytes({ a: tensor([1, 2, 3]) });
    // The one-byte sizes of the pickle: 3 elements → 200.
    const at = Buffer.from(bytes).indexOf(latin1("J\x03\x00\x00\x00t"), 40);
    expect(at).toBeGreaterThan(0);
    const { zipParts, openZip } = await import("../../../src/io/zip-archive.js");
    const { openSource } = await import("../../../src/platform/files.js");
    const archive = await openZip("load", await openSource("load", bytes));
    const pickle = await archive.read("archive/data.pkl");
    pickle[Buffer.from(pickle).lastIndexOf(latin1("(J\x03\x00\x00\x00t")) + 2] = 200;
    const data = await archive.read("archive/data/0");
    const parts: Uint8Array[] = [];
    const entries = [
      { path: "archive/data.pkl", size: pickle.length, parts: () => [pickle] },
      { path: "archive/data/0", size: data.length, parts: () => [data] },
    ];
    for await (const part of zipParts(entries)) parts.push(part);
    await expect(load(new Uint8Array(Buffer.concat(parts)))).rejects.toThrow(/reaches element 199 of a storage of 3/);
  });
});

describe("a broken file", () => {
  const files = ["dtypes.pth", "dtypes.legacy.pth", "state.legacy.pth"].map(
    (name) => [name, new Uint8Array(readFileSync(fixture(name)))] as const,
  );

  /** Loading gives a value or an error of this library, and an error leaves no memory allocated. */
  async function survives(bytes: Uint8Array): Promise<void> {
    const before = memory().bytesInUse;
    using step = scope();
    const found = await load(bytes).catch((e: unknown) => e);
    if (found instanceof Error) {
      expect(found).toBeInstanceOf(SimdgradError);
      expect(memory().bytesInUse).toBeLessThanOrEqual(before); // the collector may free what other tests left
    }
    step.close();
    expect(memory().bytesInUse).toBeLessThanOrEqual(before); // the collector may free what other tests left
  }

  for (const [name, bytes] of files) {
    it(`is refused when it is cut short: ${name}`, async () => {
      for (let n = 0; n < bytes.length; n += n < 200 || n > bytes.length - 200 ? 1 : 17) {
        const error = await load(bytes.slice(0, n)).catch((e: unknown) => e);
        expect(error).toBeInstanceOf(FileError);
      }
    });

    it(`gives an error or a value when bytes are flipped: ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
          const broken = bytes.slice();
          broken[at]! ^= flip;
          await survives(broken);
        }),
        { numRuns: 300 },
      );
    });
  }

  it("has its checksum compared", async () => {
    const bytes = await toBytes({ a: tensor([1, 2, 3]) });
    const at = Buffer.from(bytes).indexOf(Buffer.from(new Float32Array([1, 2, 3]).buffer));
    bytes[at]! ^= 1;
    await expect(load(bytes)).rejects.toThrow(/archive\/data\/0 is cut short or corrupt/);
  });

  it("is named for what it is", async () => {
    const path = join(folder, "not.pth");
    const contents: [string | Uint8Array, RegExp][] = [
      ["", /not\.pth: expected a file of torch\.save, got an empty file/],
      ["hello", /got a file that starts with 68 65 6c 6c/],
      [Uint8Array.of(0x1f, 0x8b, 8, 0), /got a gzip file/],
      ["\x93NUMPY", /got a file that starts|got a \.npy file/],
    ];
    for (const [content, text] of contents) {
      writeFileSync(path, typeof content === "string" ? latin1(content) : content);
      await expect(load(path)).rejects.toThrow(text);
    }
    expect(existsSync(path)).toBe(true);
  });
});
