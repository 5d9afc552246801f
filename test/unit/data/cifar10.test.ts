import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { manualSeed, nn, rand, setDefaultDtype, type Tensor } from "simdgrad";
import {
  Cifar10,
  DataLoader,
  defaultCollate,
  type Image,
  ImageSet,
  normalize,
  toTensor,
  transforms,
} from "simdgrad/data";
import { beforeAll, describe, expect, it } from "vitest";
import { cifarFiles, gzip, tarOf } from "../../support/cifar.js";
import { goldenJson, temporaryFolder } from "../../support/files.js";

const home = temporaryFolder();

const files = cifarFiles(3);
let tar: Uint8Array<ArrayBuffer>;
let archive: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  tar = await tarOf(files, "cifar-10-batches-bin");
  archive = await gzip(tar);
});

/** A folder with some files in it. */
function folder(name: string, content: Record<string, Uint8Array>): string {
  const path = join(home, name);
  mkdirSync(path, { recursive: true });
  for (const [file, bytes] of Object.entries(content)) writeFileSync(join(path, file), bytes);
  return path;
}

const fileOf = (name: string, bytes: Uint8Array<ArrayBuffer>): File => new File([bytes], name);

/** The images are those of the files, in order. */
function expectAll(set: Cifar10<unknown, unknown>, train: boolean): void {
  const names = train ? [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`) : ["test_batch.bin"];
  expect(set.length).toBe(3 * names.length);
  names.forEach((name, b) => {
    for (let i = 0; i < 3; i++) {
      const record = files[name]!.subarray(i * 3073, (i + 1) * 3073);
      expect(set.targets[3 * b + i]).toBe(record[0]);
      expect(Buffer.compare(set.data.subarray((3 * b + i) * 3072, (3 * b + i + 1) * 3072), record.subarray(1))).toBe(0);
    }
  });
}

describe("Cifar10 finds its files", () => {
  it("in the root, in the folder that the archive makes, and in the archive", async () => {
    const roots = [
      folder("plain", files),
      join(folder("unpacked/cifar-10-batches-bin", files), ".."),
      folder("packed", { "cifar-10-binary.tar.gz": archive }),
    ];
    for (const root of roots) {
      expectAll(await Cifar10.open({ root }), true);
      expectAll(await Cifar10.open({ root, train: false }), false);
    }
  });

  it("in what a browser has: a Blob, bytes, chosen files, sources by name", async () => {
    const chosen = Object.entries(files).map(([name, bytes]) => fileOf(name, bytes));
    const sources = [new Blob([archive]), archive, archive.buffer, tar, chosen, new Set(chosen), files];
    for (const source of [...sources, [fileOf("mine.tgz", archive)]]) {
      expectAll(await Cifar10.open({ source }), true);
      expectAll(await Cifar10.open({ source, train: false }), false);
    }
  });

  it.each<[string, () => Record<string, unknown>, string]>([
    [
      "nothing",
      () => ({ root: folder("empty", {}) }),
      "empty (cifar-10-batches-bin, cifar-10-batches-py, or cifar-10-binary.tar.gz), got none of it. Pass download: true",
    ],
    ["no folder", () => ({ root: join(home, "nowhere") }), "Cifar10.open: expected CIFAR-10 in"],
    [
      "a part of the batches",
      () => ({
        root: folder("part", {
          "data_batch_1.bin": files["data_batch_1.bin"]!,
          "data_batch_3.bin": files["data_batch_3.bin"]!,
        }),
      }),
      "expected all batches, got data_batch_1.bin, data_batch_3.bin but not data_batch_2.bin, data_batch_4.bin, data_batch_5.bin in ",
    ],
    [
      "chosen files without batches",
      () => ({ source: [fileOf("a.txt", archive)] }),
      "expected data_batch_1.bin, data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin (or data_batch_1, data_batch_2, data_batch_3, data_batch_4, data_batch_5) in the files given, got a.txt",
    ],
    [
      "a cut batch",
      () => ({ train: false, source: { "test_batch.bin": new Uint8Array(3073 * 2 - 1) } }),
      "expected a whole number of records of 3073 bytes (10000 make 30730000) in test_batch.bin, got 6145 bytes",
    ],
    [
      "an empty batch",
      () => ({ train: false, source: { "test_batch.bin": new Uint8Array(0) } }),
      "in test_batch.bin, got 0 bytes",
    ],
    [
      "a wrong label",
      () => ({ train: false, source: { "test_batch.bin": new Uint8Array(3073 * 2).fill(10, 3073) } }),
      "expected labels from 0 to 9 in test_batch.bin, got 10 for image 1",
    ],
    [
      "an archive cut short",
      () => ({ source: archive.slice(0, archive.length >> 1) }),
      "cannot unpack bytes in memory: it is cut short or damaged",
    ],
    [
      "a damaged archive",
      () => ({ source: archive.map((byte, i) => (i === archive.length >> 1 ? byte ^ 255 : byte)) }),
      "it is cut short or damaged",
    ],
    [
      "a tar cut short",
      () => ({ source: tar.slice(0, 5000) }),
      "Cifar10.open: cannot unpack bytes in memory: it is cut short or damaged (Tar archive is truncated.)",
    ],
    [
      "something else",
      () => ({ source: new Blob(["hello"]) }),
      "expected CIFAR-10's .tar.gz (or .tar), got something else in a Blob",
    ],
    [
      "a wrong source",
      () => ({ source: 5 }),
      "Cifar10.open: expected an archive (Blob, bytes, URL, path), chosen files, or sources by name, got 5",
    ],
  ])("or says what is wrong: %s", async (_, options, message) => {
    await expect(Cifar10.open(options())).rejects.toThrow(message);
    await expect(Cifar10.open(options())).rejects.toMatchObject({ name: "FileError" });
  });

  it("says which batches an archive lacks", async () => {
    const { "test_batch.bin": _, ...rest } = files;
    const source = new File([await gzip(await tarOf(rest, "x"))], "mine.tar.gz");
    await expect(Cifar10.open({ source, train: false })).rejects.toThrow(
      "expected test_batch.bin (or test_batch) in mine.tar.gz, got none of them",
    );
  });
});

describe("Cifar10's samples", () => {
  it("are tensors in [-1, 1] and int32 classes, as toTensor and normalize make them", async () => {
    const set = await Cifar10.open({ source: files });
    const slow = transforms.compose([toTensor(), normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5])]);
    const other = await Cifar10.open({ source: files, transform: slow });
    expect(other.getBatch).toBeUndefined();
    for (const dtype of ["float32", "float64"] as const) {
      setDefaultDtype(dtype);
      try {
        const singly = new DataLoader(set, { batchSize: 4, collate: (samples) => defaultCollate(samples) });
        const expected = [...new DataLoader(other, { batchSize: 4, collate: numbers })];
        expect([...new DataLoader(set, { batchSize: 4, collate: numbers })]).toEqual(expected);
        const whole: unknown[] = [];
        for (const [x, y] of new DataLoader(set, { batchSize: 4 })) {
          expect([x.dtype, y.dtype, x.shape]).toEqual([dtype, "int32", [y.numel, 3, 32, 32]]);
          whole.push([x.toTypedArray(), y.toTypedArray()]);
        }
        const single: unknown[] = [];
        for (const [x, y] of singly) single.push([x.toTypedArray(), y.toTypedArray()]);
        expect(whole).toEqual(single);
        expect(whole.length).toBe(expected.length);
      } finally {
        setDefaultDtype("float32");
      }
    }
    const [x, label] = set.get(4);
    expect(x.toTypedArray()).toEqual(slow(set.image(4)).toTypedArray());
    expect([x.shape, label, set.classes[3]]).toEqual([[3, 32, 32], set.targets[4], "cat"]);
    expect(() => set.get(15)).toThrow("ImageSet.get: expected an index in [0, 14], got 15");
    expect(() => set.getBatch!([0, -1])).toThrow("ImageSet.getBatch: expected an index in [0, 14], got -1");
  });

  it("are raw images and other labels where asked for", async () => {
    const set = await Cifar10.open({
      source: files,
      train: false,
      transform: null,
      targetTransform: (c) => `class ${c}`,
    });
    const [image, label]: [Image, string] = set.get(1);
    expect(label).toBe(`class ${set.targets[1]}`);
    const planes = set.data.subarray(3072, 6144);
    expect(image.data[(5 * 32 + 7) * 3 + 2]).toBe(planes[2 * 1024 + 5 * 32 + 7]);
    expect([image.height, image.width, image.channels]).toEqual([32, 32, 3]);
    const { classes } = set;
    const wrong = { data: new Uint8Array(5), targets: new Int32Array(1), classes, channels: 3, height: 1, width: 2 };
    expect(() => new ImageSet(wrong)).toThrow("expected 1 images of 3 × 1 × 2 bytes, one for each label, got 5 bytes");
  });
});

describe("Cifar10 reads the Python version", () => {
  const golden = goldenJson("cifar10-python.json");
  const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, "base64"));
  const NAMES = ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"];

  it.each(Object.keys(golden.pickles))("as pickled by %s", async (name) => {
    const pickled = bytes(golden.pickles[name]);
    const test = await Cifar10.open({ source: { test_batch: pickled }, train: false });
    expect([...test.targets]).toEqual(golden.labels);
    expect(Buffer.compare(test.data, bytes(golden.data))).toBe(0);
    const all = Object.fromEntries(NAMES.map((batch) => [batch, pickled]));
    const root = folder(`python ${name}/cifar-10-batches-py`, all);
    const source = await gzip(await tarOf(all, "cifar-10-batches-py"));
    for (const set of [await Cifar10.open({ root: join(root, "..") }), await Cifar10.open({ source })]) {
      expect([...set.targets]).toEqual(NAMES.flatMap(() => golden.labels));
    }
  });

  it.each([
    ["shape", "expected data of u1 [2, 3072], by the labels, in test_batch, got u1 [2, 100]"],
    ["dtype", "in test_batch, got i4 [2, 3072]"],
    ["order", "in test_batch, got columns of u1 [2, 3072]"],
    ["fewer labels", "expected data of u1 [1, 3072], by the labels, in test_batch, got u1 [2, 3072]"],
    ["no data", "expected a dict with a list of labels and an array of data in test_batch, got a dict of labels"],
    ["no dict", "in test_batch, got something else"],
    ["label", "expected labels from 0 to 9 in test_batch, got 10 for image 1"],
    ["evil", "test_batch: it asks for os.system, which is not built from files"],
  ])("and refuses another %s", async (name, message) => {
    const opened = Cifar10.open({ source: { test_batch: bytes(golden.bad[name]) }, train: false });
    await expect(opened).rejects.toThrow(message);
  });

  it("and does not write out keys and labels that double 40 times", async () => {
    const nested = `]${"2\x86".repeat(40)}`;
    const open = (pickle: string) =>
      Cifar10.open({ source: { test_batch: Uint8Array.from(pickle, (c) => c.charCodeAt(0)) }, train: false });
    await expect(open(`\x80\x02}${nested}\x85K\x01s.`)).rejects.toThrow("got a dict of a Tuple");
    await expect(open(`\x80\x02cnumpy\ndtype\n${nested}\x85R.`)).rejects.toThrow("got something else");
  });

  it("and refuses what is cut short at any byte", async () => {
    const whole = bytes(golden.pickles["python 2"]);
    for (let length = 0; length < whole.length; length += length < 250 || length > 6350 ? 1 : 613) {
      const opened = Cifar10.open({ source: { test_batch: whole.slice(0, length) }, train: false });
      await expect(opened).rejects.toMatchObject({ name: "FileError" });
    }
  });
});

/** A batch as plain numbers. */
const numbers = (samples: [Tensor, number][]): unknown => samples.map(([x, y]) => [x.toTypedArray(), y]);

const real = process.env.SIMDGRAD_DATA;
describe.skipIf(real === undefined)(
  "the real CIFAR-10 (where SIMDGRAD_DATA says; without it these tests are skipped)",
  () => {
    it("has the tutorial's first test images", async () => {
      const set = await Cifar10.open({ root: real!, train: false });
      const names = [0, 1, 2, 3].map((i) => set.classes[set.get(i)[1]]);
      expect(names).toEqual(["cat", "ship", "ship", "airplane"]);
    });

    it("comes in the reference run's order", async () => {
      const golden = goldenJson("cifar10-labels.json");
      const set = await Cifar10.open({ root: real! });
      manualSeed(0);
      for (const layer of [[6, 3, 5, 5], [6], [16, 6, 5, 5], [16]]) rand(layer);
      new nn.Linear(400, 120);
      new nn.Linear(120, 84);
      new nn.Linear(84, 10);
      const labels: number[] = [];
      for (const [, y] of new DataLoader(set, { batchSize: 4, shuffle: true })) {
        labels.push(...y.toTypedArray());
        if (labels.length >= 4 * golden.length) break;
      }
      expect(labels).toEqual(golden.flat());
    });
  },
);
