import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FileError, manualSeed, memory, ValueError } from "simdgrad";
import { CelebA, DataLoader, type Image, randomSplit } from "simdgrad/data";
import { beforeEach, describe, expect, it } from "vitest";
import { ReadAhead } from "../../../src/data/loading/read-ahead.js";
import { goldenJson, goldenPath, temporaryFolder } from "../../support/files.js";

const golden: Record<string, { size: number[]; rgb: string; resized: string }> = goldenJson("pictures.json");
const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, "base64"));

// A CelebA of eight pictures: six to train with, one to validate, one to test.
const PICTURES = ["411", "440", "baseline-420", "baseline-444", "exif", "grey", "progressive-420", "restart"];
const ATTRIBUTES = Array.from({ length: 40 }, (_, i) => `Attribute_${i}`);
const NAMES = PICTURES.map((_, i) => `${String(i + 1).padStart(6, "0")}.jpg`);
const PARTS = [0, 0, 1, 0, 0, 2, 0, 0];
const TRAIN = [0, 1, 3, 4, 6, 7];
const value = (row: number, column: number): number => ((row * 7 + column * column) % 3 === 0 ? 1 : -1);
const rowOf = (name: string, row: number): string =>
  `${name} ${ATTRIBUTES.map((_, column) => String(value(row, column)).padStart(2)).join(" ")}`;
const target = (row: number): number[] => ATTRIBUTES.map((_, column) => (value(row, column) + 1) / 2);

type Lists = { attributes: string[]; partition: string[] };
const lists = (names: readonly string[] = NAMES): Lists => ({
  attributes: [`${names.length}`, `${ATTRIBUTES.join(" ")} `, ...names.map(rowOf)],
  partition: names.map((name, i) => `${name} ${PARTS[i % PARTS.length]}`),
});

const temporary = temporaryFolder();
const root = join(temporary, "data");
const images = join(root, "img_align_celeba");
const write = ({ attributes, partition }: Lists, end = "\n"): void => {
  writeFileSync(join(root, "list_attr_celeba.txt"), attributes.join(end) + end);
  writeFileSync(join(root, "list_eval_partition.txt"), partition.join(end) + end);
};
const picture = (i: number): string => goldenPath(`pictures/${PICTURES[i]}.jpg`);

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(images, { recursive: true });
  NAMES.forEach((name, i) => {
    copyFileSync(picture(i), join(images, name));
  });
  write(lists());
});

/** The result of torchvision's Resize(12) and ToTensor. */
function resized(i: number): Float32Array {
  const pixels = bytes(golden[`${PICTURES[i]}.jpg`]!.resized);
  return Float32Array.from(pixels, (_, k) => pixels[(k % 144) * 3 + Math.floor(k / 144)]! / 255);
}

const rowsOf = async (data: CelebA<unknown, unknown>): Promise<string[]> =>
  Array.from({ length: data.length }, (_, i) => data.name(i));

describe("CelebA", () => {
  it("gives the pictures as torchvision does, and the attributes as zeros and ones", async () => {
    const data = await CelebA.open({ root, size: 12 });
    expect([data.length, data.attributes]).toEqual([6, ATTRIBUTES]);
    const [x, y] = await data.get(2);
    expect([x.dtype, x.shape, y.dtype, y.shape]).toEqual(["float32", [3, 12, 12], "float32", [40]]);
    expect(x.toTypedArray()).toEqual(resized(3));
    expect(y.tolist()).toEqual(target(3));
    expect([...data.target(5)]).toEqual(target(7));
    const { size, rgb } = golden["grey.jpg"]!;
    const grey = await (await CelebA.open({ root, split: "test" })).image(0);
    expect(grey).toEqual({ height: size[0], width: size[1], channels: 3, data: bytes(rgb) });
    expect(String(data)).toBe(`CelebA(6 images of ${images}, split train)`);
  });

  it("makes images of 256 × 256 unless told otherwise, and applies transforms", async () => {
    const [x] = await (await CelebA.open({ root })).get(0);
    expect(x.shape).toEqual([3, 256, 256]);
    const plain = await CelebA.open({ root, transform: null, targetTransform: (y) => y.sum().item() });
    const [image, sum]: [Image, number] = await plain.get(1);
    expect([image.height, image.width, image.channels]).toEqual([37, 45, 3]);
    expect(sum).toBe(target(1).reduce((a, b) => a + b));
    const widths = await CelebA.open({ root, transform: ({ width }) => width });
    expect((await widths.get(0))[0]).toBe(45);
  });

  it("cuts splits", async () => {
    const rows = async (split: "train" | "valid" | "test" | "all") => rowsOf(await CelebA.open({ root, split }));
    expect(await rows("train")).toEqual(TRAIN.map((i) => NAMES[i]));
    expect(await rows("valid")).toEqual([NAMES[2]]);
    expect(await rows("test")).toEqual([NAMES[5]]);
    expect(await rows("all")).toEqual(NAMES);
  });

  it("is loaded in PyTorch's order, read ahead, and frees what it made", async () => {
    const data = await CelebA.open({ root, size: 12 });
    memory({ debug: true });
    const held: number[] = [];
    for (const seed of [0, 1]) {
      manualSeed(seed);
      const order = Array.from(new DataLoader(TRAIN, { batchSize: 4, shuffle: true }), (rows) => rows.tolist()).flat();
      manualSeed(seed);
      const seen: [Float32Array, unknown][] = [];
      for await (const [x, y] of new DataLoader(data, { batchSize: 4, shuffle: true })) {
        held.push(memory().sites.length);
        for (let i = 0; i < x.size(0); i++)
          seen.push([x.select(0, i).toTypedArray() as Float32Array, y.select(0, i).tolist()]);
      }
      expect(seen).toEqual(order.map((row) => [resized(row as number), target(row as number)]));
    }
    expect(held.slice(2)).toEqual(held.slice(0, 2));
    expect(memory().sites).toEqual([]);
    memory({ debug: false });
  });

  it("is cut into parts that read ahead too", async () => {
    const whole = await CelebA.open({ root, size: 12, split: "all" });
    const [part] = randomSplit(whole, [5, 3]);
    let sum = 0;
    for await (const [, y] of new DataLoader(part!, { batchSize: 2 })) sum += y.sum().item();
    expect(sum).toBe(part!.indices.flatMap(target).reduce((a, b) => a + b));
  });

  it("is found where torchvision puts it, and among files that a user chose", async () => {
    const file = (name: string, path: string, bits: Uint8Array<ArrayBuffer>): File =>
      Object.defineProperty(new File([bits], name), "webkitRelativePath", { value: path });
    const read = (path: string): Uint8Array<ArrayBuffer> => Uint8Array.from(readFileSync(join(root, path)));
    const chosen = ["list_attr_celeba.txt", "list_eval_partition.txt"].map((name) =>
      file(name, `x/${name}`, read(name)),
    );
    const pictures = NAMES.map((name) => file(name, `x/img_align_celeba/${name}`, read(`img_align_celeba/${name}`)));
    const other = file("other.jpg", "x/more/other.jpg", new Uint8Array(1));
    const flat = [...chosen, ...pictures].map((one) => file(one.name, "", read(join(one.webkitRelativePath.slice(2)))));
    const inner = join(temporary, "torchvision");
    mkdirSync(inner, { recursive: true });
    const sources = {
      folder: { source: [...chosen, other, ...pictures] },
      flat: { source: flat },
      inner: { root: inner },
    };
    const expected = await (await CelebA.open({ root, size: 12 })).get(3);
    renameSync(root, join(inner, "celeba"));
    for (const options of Object.values(sources)) {
      const data = await CelebA.open({ ...options, size: 12 });
      const [x, y] = await data.get(3);
      expect(x.toTypedArray()).toEqual(expected[0].toTypedArray());
      expect(y.tolist()).toEqual(expected[1].tolist());
    }
    rmSync(inner, { recursive: true });
    const some = CelebA.open({ source: pictures });
    await expect(some).rejects.toThrow(
      "in the files given, got no list_attr_celeba.txt, no list_eval_partition.txt. Download",
    );
  });

  it("takes any names, any order of the partition, lines that end in CR LF, and other files beside the images", async () => {
    const names = NAMES.map((_, i) => `Gesicht-ä${10 - i}.jpeg`);
    NAMES.forEach((name, i) => {
      renameSync(join(images, name), join(images, names[i]!));
    });
    writeFileSync(join(images, ".DS_Store"), "");
    writeFileSync(join(images, "notes.txt"), "");
    const { attributes, partition } = lists(names);
    write({ attributes, partition: partition.reverse() }, "\r\n");
    const data = await CelebA.open({ root, size: 12 });
    expect(await rowsOf(data)).toEqual(TRAIN.map((i) => names[i]));
    const [x, y] = await data.get(4);
    expect(x.toTypedArray()).toEqual(resized(6));
    expect(y.tolist()).toEqual(target(6));
  });

  it("checks options and indices", async () => {
    const split: string = "training";
    await expect(CelebA.open({ root, split: split as "train" })).rejects.toThrow(
      new ValueError("CelebA.open", 'expected split "train", "valid", "test" or "all", got "training"'),
    );
    const data = await CelebA.open({ root });
    await expect(data.get(6)).rejects.toThrow("CelebA.image: expected an index in [0, 5], got 6");
    expect(() => data.target(-1)).toThrow("CelebA.target: expected an index in [0, 5], got -1");
    expect(() => data.prefetch([0, 9])).toThrow("got 9");
  });
});

describe("CelebA.open refuses", () => {
  const list = (change: (lines: Lists) => void): void => {
    const all = lists();
    change(all);
    write(all);
  };
  const cases: Record<string, [change: () => void, message: string]> = {
    "a count that is not the number of lines": [
      () => list(({ attributes }) => attributes.splice(0, 1, "9")),
      "list_attr_celeba.txt: expected the 9 images that line 1 announces, got lines for 8. Download the list again, or",
    ],
    "too many lines": [
      () => list(({ attributes }) => attributes.splice(0, 1, "5")),
      "expected the 5 images that line 1 announces, got lines for 8",
    ],
    "a first line that is no number": [
      () => list(({ attributes }) => attributes.shift()),
      'list_attr_celeba.txt, line 1: expected the number of images, got "Attribute_0 Attribute_1',
    ],
    "an empty list": [
      () => list(({ attributes }) => attributes.splice(0)),
      'list_attr_celeba.txt, line 1: expected the number of images, got ""',
    ],
    "a line with too few values": [
      () => list(({ attributes }) => attributes.splice(4, 1, attributes[4]!.slice(0, -3))),
      "list_attr_celeba.txt, line 5: expected a value for each of the 40 attributes that line 2 names, got 39 for 000003.jpg",
    ],
    "a line with too many": [
      () => list(({ attributes }) => attributes.splice(9, 1, `${attributes[9]} 1`)),
      "line 10: expected a value for each of the 40 attributes that line 2 names, got 41 for 000008.jpg",
    ],
    "another value": [
      () => list(({ attributes }) => attributes.splice(2, 1, attributes[2]!.replace(" 1", " 0"))),
      "list_attr_celeba.txt, line 3: expected 1 or -1 for Attribute_0, got 0",
    ],
    "an unknown part": [
      () => list(({ partition }) => partition.splice(1, 1, "000002.jpg 3")),
      'list_eval_partition.txt, line 2: expected a name and 0, 1 or 2, got "3"',
    ],
    "a line without a part": [
      () => list(({ partition }) => partition.splice(7, 1, "000008.jpg")),
      "list_eval_partition.txt, line 8: expected a name and 0, 1 or 2",
    ],
    "a partition that names other images": [
      () => list(({ partition }) => partition.splice(0, 3, "a.jpg 0", "b.jpg 0")),
      "expected list_attr_celeba.txt and list_eval_partition.txt to name the same images, got 3 that only " +
        "list_attr_celeba.txt has (000001.jpg, 000002.jpg, 000003.jpg) and 2 that only list_eval_partition.txt has (a.jpg, b.jpg)",
    ],
    "a name that stands there twice": [
      () => list(({ partition }) => partition.push("000004.jpg 0")),
      "list_eval_partition.txt: expected every image once, got 000004.jpg twice",
    ],
    "an attribute list with a name twice": [
      () => {
        const names = [...NAMES, NAMES[1]!];
        write(lists(names));
      },
      "list_attr_celeba.txt: expected every image once, got 000002.jpg twice",
    ],
    "images that are missing": [
      () => NAMES.slice(2, 6).map((name) => rmSync(join(images, name))),
      `expected list_attr_celeba.txt and ${images} to name the same images, got 4 that only list_attr_celeba.txt has ` +
        "(000003.jpg, 000004.jpg, 000005.jpg, …). Unpack",
    ],
    "images that are no part of the list": [
      () => copyFileSync(picture(0), join(images, "1.JPG")),
      `got 1 that only ${images} has (1.JPG)`,
    ],
    "a split without images": [
      () => list(({ partition }) => partition.splice(0, 8, ...NAMES.map((name) => `${name} 2`))),
      'expected images of split "train", got 0 of train, 0 of valid, 8 of test in list_eval_partition.txt',
    ],
    "a missing folder": [
      () => rmSync(images, { recursive: true }),
      "CelebA.open: expected img_align_celeba/ with the JPEGs, list_attr_celeba.txt and list_eval_partition.txt in " +
        `${root}, got no img_align_celeba. Download "Align&Cropped Images", "Attributes Annotations" and ` +
        '"Train/Val/Test Partitions" from https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html, which asks you to agree',
    ],
    "a missing root": [
      () => rmSync(root, { recursive: true }),
      `in ${root}, got no img_align_celeba, no list_attr_celeba.txt, no list_eval_partition.txt. Download`,
    ],
  };
  it.each(Object.entries(cases))("%s", async (_, [change, message]) => {
    change();
    const opened = CelebA.open({ root });
    await expect(opened).rejects.toThrow(FileError);
    await expect(opened).rejects.toThrow(message);
  });

  it("at the image itself what is no JPEG, is cut short or has gone since", async () => {
    writeFileSync(join(images, NAMES[0]!), "<!doctype html><title>Log in</title>");
    writeFileSync(join(images, NAMES[1]!), readFileSync(picture(1)).subarray(0, 900));
    const data = await CelebA.open({ root });
    rmSync(join(images, NAMES[3]!));
    const html = `expected a JPEG or PNG, got ${images}/000001.jpg, which begins with the bytes 3c 21 64 6f 63 74 79 70: it is a web page`;
    await expect(data.get(0)).rejects.toThrow(html);
    await expect(data.get(1)).rejects.toThrow(`cannot decode ${images}/000002.jpg: it is cut short after 900 bytes`);
    const load = async (): Promise<number> => {
      let batches = 0;
      for await (const batch of new DataLoader(data, { batchSize: 2, sampler: [4, 5, 2, 3] })) batches += batch.length;
      return batches;
    };
    const before = memory().bytesInUse;
    await expect(load()).rejects.toThrow(`cannot read ${join(images, NAMES[3]!)}: there is no such file`);
    expect(memory().bytesInUse).toBeLessThanOrEqual(before); // the collector may free what other tests left
  });
});

describe("ReadAhead", () => {
  /** Files of 10 bytes; the test decides when a read ends. */
  class Disk {
    readonly begun: number[] = [];
    private readonly ends = new Map<number, () => void>();
    read = (key: number): Promise<Uint8Array> => {
      this.begun.push(key);
      return new Promise((resolve) => this.ends.set(key, () => resolve(new Uint8Array(10).fill(key))));
    };
    async finish(...keys: number[]): Promise<void> {
      for (const key of keys) this.ends.get(key)!();
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  it("reads a few files at once, no more bytes than allowed, and goes on as they are taken", async () => {
    const disk = new Disk();
    const ahead = new ReadAhead(disk.read, { atOnce: 2, bytes: 30 });
    ahead.want([1, 2, 3, 4, 5, 6, 7]);
    expect(disk.begun).toEqual([1, 2]);
    await disk.finish(2, 1);
    expect([disk.begun, ahead.heldBytes]).toEqual([[1, 2, 3, 4], 20]);
    await disk.finish(3, 4);
    expect([disk.begun, ahead.heldBytes]).toEqual([[1, 2, 3, 4], 40]);
    expect((await ahead.take(1))[0]).toBe(1);
    expect([disk.begun, ahead.heldBytes]).toEqual([[1, 2, 3, 4], 30]);
    expect((await ahead.take(2))[0]).toBe(2);
    expect([disk.begun, ahead.heldBytes]).toEqual([[1, 2, 3, 4, 5, 6], 20]);
    const last = ahead.take(7); // not read ahead: the read starts at once
    expect(disk.begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
    await disk.finish(5, 6, 7);
    expect((await last)[0]).toBe(7);
    for (const key of [3, 4, 5, 6]) expect((await ahead.take(key))[0]).toBe(key);
    expect([disk.begun.length, ahead.heldBytes]).toEqual([7, 0]);
  });

  it("forgets what is no longer wanted, also when it arrives later, and gives twice what is asked for twice", async () => {
    const disk = new Disk();
    const ahead = new ReadAhead(disk.read, { atOnce: 2, bytes: 100 });
    ahead.want([1, 2, 3]);
    await disk.finish(1);
    ahead.want([1, 4]);
    await disk.finish(2, 3);
    expect([disk.begun, ahead.heldBytes]).toEqual([[1, 2, 3, 4], 10]);
    await disk.finish(4);
    expect(ahead.heldBytes).toBe(20);
    const again = [ahead.take(1), ahead.take(1)];
    await disk.finish(1);
    expect((await Promise.all(again)).map(([first]) => first)).toEqual([1, 1]);
    ahead.want([]);
    expect(ahead.heldBytes).toBe(0);
  });

  it("hands a failure to whoever takes the file", async () => {
    const ahead = new ReadAhead(async (key) => {
      if (key === 2) throw new Error("gone");
      return new Uint8Array(1);
    });
    ahead.want([1, 2, 3]);
    await new Promise((resolve) => setTimeout(resolve));
    expect(ahead.heldBytes).toBe(2);
    await expect(ahead.take(2)).rejects.toThrow("gone");
    expect((await ahead.take(3)).length).toBe(1);
  });
});
