import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { arange, FileError, memory, nn, SimdgradError, scope, type Tensor, tensor, zeros } from "simdgrad";
import {
  load,
  loadNpy,
  loadNpz,
  loadSafetensors,
  safetensorsMetadata,
  saveNpy,
  saveNpz,
  saveSafetensors,
  toBytes,
  toNpy,
  toNpz,
  toSafetensors,
} from "simdgrad/io";
import { describe, expect, it } from "vitest";
import golden from "../../golden/arrays.json" with { type: "json" };
import { goldenPath, temporaryFolder } from "../../support/files.js";

const folder = temporaryFolder();
const fixture = (name: string): string => goldenPath(`arrays/${name}`);
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(fixture(name)));

const decimal = (text: string): number => Number(text.replace("inf", "Infinity"));
const show = (x: Tensor) => ({ dtype: x.dtype, shape: [...x.shape], data: [...x.toTypedArray()] });
const expected = (name: keyof typeof golden) => ({ ...golden[name], data: golden[name].data.map(decimal) });

describe("files of numpy.save", () => {
  for (const name of Object.keys(golden) as (keyof typeof golden)[]) {
    it(`load with NumPy's values: ${name}`, async () => {
      expect(show(await loadNpy(fixture(`${name}.npy`)))).toEqual(expected(name));
    });
  }

  it("of versions 2 and 3 load", async () => {
    expect(show(await loadNpy(fixture("version2.npy")))).toEqual(expected("f4"));
    expect(show(await loadNpy(fixture("version3.npy")))).toEqual(expected("f4"));
  });

  // Files in the form that simdgrad writes give the same bytes again.
  const same = ["f4", "f8", "i4", "u1", "b1", "fortran", "scalar", "empty", "row"];
  it.each(same)("are written to the byte: %s", async (name) => {
    const bytes = bytesOf(`${name}.npy`);
    expect(await toNpy(await loadNpy(bytes))).toEqual(bytes);
  });

  it("in files are the bytes in memory; strided tensors are written by their values", async () => {
    const path = join(folder, "x.npy");
    const x = arange(24, { dtype: "float64" }).view(2, 3, 4).transpose(0, 1).narrow(2, 1, 2);
    await saveNpy(x, path);
    expect(new Uint8Array(await readFile(path))).toEqual(await toNpy(x));
    expect((await loadNpy(path)).tolist()).toEqual(x.tolist());
  });

  it("are refused with what they hold", async () => {
    const refused: [string, string][] = [
      [
        "complex",
        "expected elements of b1, u1, i1, u2, i2, f2, u4, i4, f4, u8, i8, f8, got '<c16'. Convert it with astype",
      ],
      [
        "text",
        "expected elements of b1, u1, i1, u2, i2, f2, u4, i4, f4, u8, i8, f8, got '<U2'. Convert it with astype",
      ],
      ["object", "expected an array of numbers, got one of pickled objects. Only numbers and booleans are read"],
      ["records", "expected an array of numbers, got one of records. Save each field by itself"],
      ["too-large", "expected integers that int32 holds, got 2147483648 at element 0"],
    ];
    for (const [name, text] of refused) {
      const path = fixture(`${name}.npy`);
      await expect(loadNpy(path)).rejects.toThrow(`loadNpy: ${path}: ${text}`);
    }
    await expect(loadNpy(fixture("plain.npz"))).rejects.toThrow("got another format. Is it a .npz? Use loadNpz");
  });

  /** A file of version 1 with this header and so many bytes of data. */
  const withHeader = (header: string, data = 0): Uint8Array => {
    const length = [header.length & 255, header.length >> 8];
    const bytes = [0x93, ...Buffer.from("NUMPY"), 1, 0, ...length, ...Buffer.from(header, "latin1")];
    return Uint8Array.from([...bytes, ...new Array<number>(data).fill(0)]);
  };

  it("may have their header in another order, with Python 2's numbers", async () => {
    const x = await loadNpy(withHeader("{'shape': (2L, 1L), 'fortran_order': False, 'descr': '<f4'}\n", 8));
    expect(x.shape).toEqual([2, 1]);
  });

  it.each([
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (exec('1'),), }", 4, /not as NumPy writes it/],
    ["{'descr': '<f4', 'fortran_order': False, }", 4, /expected descr, fortran_order and shape/],
    ["{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (), }", 4, /says descr twice/],
    ["{'descr': '<f4', 'fortran_order': 'True', 'shape': (1,), }", 4, /expected descr, fortran_order and shape/],
    ["{'descr': '|f4', 'fortran_order': False, 'shape': (1,), }", 4, /expected elements of .*, got '\|f4'/],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (1), }", 4, /expected a shape, got \(1\)/],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (1,,), }", 4, /expected a shape, got \(1,,\)/],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", 4, /expected a shape/],
    [
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296,), }",
      4,
      /expected 17179869184 bytes of data, got 4/,
    ],
    [
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
      5,
      /expected 4 bytes of data, got 5\. Several arrays/,
    ],
    ["[1]", 4, /its header is no dict/],
  ])("are refused with a header of %s", async (header, data, text) => {
    await expect(loadNpy(withHeader(`${header}\n`, data))).rejects.toThrow(text);
  });
});

describe("files of numpy.savez", () => {
  it("load, compressed or not", async () => {
    const plain = await loadNpz(fixture("plain.npz"));
    expect(Object.keys(plain)).toEqual(["x", "naïve/y"]);
    expect(show(plain.x!)).toEqual(expected("f4"));
    expect(show(plain["naïve/y"]!)).toEqual(expected("i8"));
    const { zeros: none, x } = await loadNpz(fixture("compressed.npz"));
    expect(none!.abs().sum().item()).toBe(0);
    expect(show(x!)).toEqual(expected("fortran"));
  });

  it("come back the same, to the byte", async () => {
    const arrays = { x: tensor([[1, 2.5]]), labels: tensor([1, -1], { dtype: "int32" }), none: zeros([0, 2]) };
    const path = join(folder, "x.npz");
    await saveNpz(arrays, path);
    const bytes = new Uint8Array(await readFile(path));
    const back = await loadNpz(path);
    expect(Object.entries(back).map(([name, x]) => [name, show(x)])).toEqual(
      Object.entries(arrays).map(([name, x]) => [name, show(x)]),
    );
    expect(await toNpz(back)).toEqual(bytes);
  });

  it("have their checksums compared, and hold .npy files only", async () => {
    const bytes = await toNpz({ x: tensor([1, 2, 3]) });
    bytes[Buffer.from(bytes).indexOf(Buffer.from(new Float32Array([1, 2, 3]).buffer))]! ^= 1;
    await expect(loadNpz(bytes)).rejects.toThrow(/loadNpz: bytes in memory: x\.npy is cut short or corrupt/);
    await expect(loadNpz(goldenPath("pth/plain.pth"))).rejects.toThrow(
      /expected \.npy files in it, got plain\/data\.pkl/,
    );
    await expect(loadNpz(fixture("f4.npy"))).rejects.toThrow("Use loadNpy for .npy files");
  });
});

describe("files of safetensors", () => {
  it("load in every dtype", async () => {
    const loaded = await loadSafetensors(fixture("dtypes.safetensors"));
    const values = Object.entries(loaded).map(([name, x]) => [name, [x.dtype, x.shape, [...x.toTypedArray()]]]);
    expect(Object.fromEntries(values)).toEqual({
      float32: ["float32", [2], [1.5, -2]],
      float64: ["float64", [1, 1], [0.1]],
      half: ["float32", [2], [1.5, -65504]],
      bfloat16: ["float32", [2], [1.5, -2]],
      int64: ["int32", [2], [-1, 2 ** 31 - 1]],
      int16: ["int32", [1], [-300]],
      uint8: ["uint8", [3], [0, 128, 255]],
      bool: ["bool", [2], [1, 0]],
      scalar: ["float32", [], [2.5]],
      empty: ["float32", [0, 3], []],
    });
  });

  it("are written as the reference implementation writes them, to the byte", async () => {
    const bytes = bytesOf("own.safetensors");
    const loaded = await loadSafetensors(bytes);
    expect(loaded.b!.tolist()).toEqual([[1, 2], [3, 4]]); // biome-ignore format: a matrix
    expect(await safetensorsMetadata(bytes)).toEqual({ format: "pt" });
    const path = join(folder, "own.safetensors");
    await saveSafetensors(loaded, path, { metadata: { format: "pt" } });
    expect(new Uint8Array(await readFile(path))).toEqual(bytes);
    const turned = Object.fromEntries(Object.entries(loaded).reverse());
    expect(await toSafetensors(turned, { metadata: { format: "pt" } })).toEqual(bytes);
  });

  it("hold state dicts, and strided tensors by their values", async () => {
    const [net, other] = [new nn.Linear(3, 2), new nn.Linear(3, 2)];
    other.loadStateDict(await loadSafetensors(await toSafetensors(net.stateDict())));
    expect(other.weight.tolist()).toEqual(net.weight.tolist());
    const x = arange(6).view(2, 3).t();
    const before = memory().bytesInUse;
    const bytes = await toSafetensors({ x });
    expect(memory().bytesInUse).toBeLessThanOrEqual(before); // the collector may free what other tests left
    expect((await loadSafetensors(bytes)).x!.tolist()).toEqual(x.tolist());
  });

  it("refuse what is no tensor, before anything is written", async () => {
    const path = join(folder, "kept.safetensors");
    await saveSafetensors({}, path);
    const bad = { epoch: 3 } as unknown as Record<string, Tensor>;
    await expect(saveSafetensors(bad, path)).rejects.toThrow(
      "saveSafetensors: expected tensors, got number as epoch. Numbers and texts may go into metadata",
    );
    await expect(saveSafetensors({ __metadata__: tensor(1) }, path)).rejects.toThrow("Pass { metadata }");
    const freed = tensor([1]);
    freed.free();
    await expect(saveSafetensors({ freed }, path)).rejects.toThrow(/freed/);
    expect(await loadSafetensors(path)).toEqual({});
  });

  /** A file with this header and so many bytes of data. */
  const withHeader = (header: string, data: number): Uint8Array => {
    const json = Buffer.from(header);
    const bytes = new Uint8Array(8 + json.length + data);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
    bytes.set(json, 8);
    return bytes;
  };
  const entry = (begin: number, end: number, shape = [(end - begin) / 4], dtype = "F32"): string =>
    JSON.stringify({ dtype, shape, data_offsets: [begin, end] });

  it.each([
    [`{"a":${entry(0, 8)},"b":${entry(4, 12)}}`, 12, /b overlaps another tensor at byte 4/],
    [`{"a":${entry(0, 8)},"b":${entry(12, 16)}}`, 16, /bytes 8 to 12 of the data belong to no tensor/],
    [`{"a":${entry(4, 8)}}`, 8, /bytes 0 to 4 of the data belong to no tensor/],
    [`{"a":${entry(0, 8)}}`, 12, /expected 8 bytes of data, got 12: it is too long/],
    [`{"a":${entry(0, 8)}}`, 4, /expected 8 bytes of data, got 4: it is cut short/],
    [`{"a":${entry(0, 4)},"a":${entry(0, 4)}}`, 4, /has the key "a" twice/],
    [`{"a":${entry(0, 4)},"\\u0061":${entry(0, 4)}}`, 4, /has the key "a" twice/],
    [`{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4, /has the key "dtype" twice/],
    [`{"a":${entry(0, 4, [4], "F8_E4M3")}}`, 4, /expected a dtype of .* for a, got F8_E4M3/],
    [`{"a":${entry(0, 4, [4], "constructor")}}`, 4, /expected a dtype of .* for a, got constructor/],
    [`{"a":${entry(0, 8, [3])}}`, 8, /expected 12 bytes of a \(F32, \[3\]\), got 8/],
    [`{"a":${entry(8, 0, [-2])}}`, 8, /expected dtype, shape and data_offsets of a/],
    [`{"a":${entry(0, 8, [2 ** 53])}}`, 8, /expected dtype, shape and data_offsets of a/],
    [`{"a":5}`, 0, /expected dtype, shape and data_offsets of a, got 5/],
    [`{"__metadata__":{"a":1}}`, 0, /expected texts in __metadata__/],
    [`{"a":{"b":{"c":{}}}}`, 0, /nested deeper than the format says/],
    [` {}`, 0, /does not start with \{/],
    [`{"a"`, 0, /is no JSON/],
    [`{"a`, 0, /is no JSON/],
    [`{}{}`, 0, /is no JSON/],
  ])("are refused with a header of %s", async (header, data, text) => {
    const error = await loadSafetensors(withHeader(header, data)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(FileError);
    expect(String(error)).toMatch(text);
  });

  it("are refused when their header is longer than the file or the format allows", async () => {
    const bytes = withHeader("{}", 0);
    new DataView(bytes.buffer).setBigUint64(0, 100_000_001n, true);
    await expect(loadSafetensors(bytes)).rejects.toThrow(/got one with a header of 100000001 bytes/);
    new DataView(bytes.buffer).setBigUint64(0, 3n, true);
    await expect(loadSafetensors(bytes)).rejects.toThrow(/expected a header of 3 bytes: it is cut short/);
    await expect(loadSafetensors(new Uint8Array(3))).rejects.toThrow(/expected a \.safetensors file, got 3 bytes/);
    const latin1 = withHeader('{"a":1}', 0);
    latin1[10] = 0xff;
    await expect(loadSafetensors(latin1)).rejects.toThrow(/its header is not UTF-8/);
  });

  it("give names such as __proto__ as their own", async () => {
    const loaded = await loadSafetensors(withHeader(`{"__proto__":${entry(0, 4)}}`, 4));
    expect(Object.keys(loaded)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(loaded)).toBe(Object.prototype);
  });
});

describe("tensors larger than what is read at once", () => {
  const n = 5_000_000;
  const last = (y: Tensor): number[] => [y.numel, y.select(0, 4_194_304).item(), y.select(0, n - 1).item()];
  const expected = [n, 4_194_304, n - 1];

  it("load in parts, in every format", async () => {
    using _step = scope();
    const x = arange(n, { dtype: "float32" });
    expect(last(((await load(await toBytes({ x }))) as { x: Tensor }).x)).toEqual(expected);
    expect(last((await loadSafetensors(await toSafetensors({ x }))).x!)).toEqual(expected);
    expect(last((await loadNpz(await toNpz({ x }))).x!)).toEqual(expected);
    const bytes = await toNpy(x);
    expect(last(await loadNpy(bytes))).toEqual(expected);
    const swapped = Buffer.from(bytes);
    swapped.subarray(128).swap32();
    swapped.write("'>f4'", swapped.indexOf("'<f4'"));
    expect(last(await loadNpy(new Uint8Array(swapped)))).toEqual(expected);
  });
});

describe("a broken file", () => {
  const cases = [
    ["f4.npy", loadNpy],
    ["big-i8.npy", loadNpy],
    ["plain.npz", loadNpz],
    ["compressed.npz", loadNpz],
    ["own.safetensors", loadSafetensors],
  ] as const;

  for (const [name, load] of cases) {
    const bytes = bytesOf(name);

    it(`is refused when it is cut short: ${name}`, async () => {
      for (let n = 0; n < bytes.length; n++) {
        const error = await load(bytes.slice(0, n)).catch((e: unknown) => e);
        expect(error, `${n} bytes`).toBeInstanceOf(FileError);
      }
    });

    it(`gives an error or a value when bytes are flipped: ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
          const broken = bytes.slice();
          broken[at]! ^= flip;
          const before = memory().bytesInUse;
          using step = scope();
          const found = await load(broken).catch((e: unknown) => e);
          if (found instanceof Error) {
            expect(found).toBeInstanceOf(SimdgradError);
            expect(memory().bytesInUse).toBeLessThanOrEqual(before); // the collector may free what other tests left
          }
          step.close();
        }),
        { numRuns: 300 },
      );
    });
  }
});
