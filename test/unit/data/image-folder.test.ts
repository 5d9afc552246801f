import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { FileError, memory } from "simdgrad";
import { DataLoader, decodeImage, ImageFolder, toTensor } from "simdgrad/data";
import { beforeEach, describe, expect, it } from "vitest";
import { goldenJson, goldenPath, temporaryFolder } from "../../support/files.js";

const golden: { tree: string[]; classes: string[]; samples: [string, number][] } = goldenJson("image-folder.json");
const [JPEG, PNG] = [goldenPath("pictures/baseline-420.jpg"), goldenPath("pictures/grey.png")];
const temporary = temporaryFolder();
const root = join(temporary, "pets");
const fileOf = (path: string): string => (path.endsWith(".png") ? PNG : JPEG);
const put = (path: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  copyFileSync(fileOf(path), join(root, path));
};

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  golden.tree.forEach(put);
});

const samplesOf = (data: ImageFolder<unknown, unknown>): [string, number][] =>
  Array.from(data.targets, (label, i) => [data.path(i), label]);

describe("ImageFolder", () => {
  it("finds classes and images in torchvision's order", async () => {
    const data = await ImageFolder.open({ root });
    expect(data.classes).toEqual(golden.classes);
    expect(samplesOf(data)).toEqual(golden.samples);
    expect(String(data)).toBe(`ImageFolder(${golden.samples.length} images of 4 classes)`);
  });

  it("finds the same among the files of a folder that a user chose", async () => {
    const chosen = golden.tree.map((path) => {
      const file = new File([Uint8Array.from(readFileSync(fileOf(path)))], path.slice(path.lastIndexOf("/") + 1));
      return Object.defineProperty(file, "webkitRelativePath", { value: `pets/${path}` });
    });
    const data = await ImageFolder.open({ source: chosen.reverse(), transform: null });
    expect([data.classes, samplesOf(data)]).toEqual([golden.classes, golden.samples]);
    expect(await data.get(0)).toEqual([decodeImage(readFileSync(JPEG)), 0]);
  });

  it("is loaded: images with three channels, labels as int32, nothing left behind", async () => {
    const data = await ImageFolder.open({ root, targetTransform: (label) => label * 10 });
    const expected = toTensor()(await data.image(3)).tolist();
    const before = memory().bytesInUse;
    const labels: unknown[] = [];
    for await (const [images, targets] of new DataLoader(data, { batchSize: 3 })) {
      if (labels.length === 3) expect(images.select(0, 0).tolist()).toEqual(expected);
      expect([images.shape.slice(1), images.dtype, targets.dtype]).toEqual([[3, 37, 45], "float32", "int32"]);
      labels.push(...[targets.tolist()].flat());
    }
    expect(labels).toEqual(golden.samples.map(([, label]) => label * 10));
    expect(memory().bytesInUse).toBeLessThanOrEqual(before); // the collector may free what other tests left
  });

  it("refuses what is no such folder", async () => {
    const refused = async (message: string, options = { root }): Promise<void> => {
      await expect(ImageFolder.open(options)).rejects.toThrow(FileError);
      await expect(ImageFolder.open(options)).rejects.toThrow(message);
    };
    await refused(`ImageFolder.open: cannot list ${root}x: there is no such file or folder`, { root: `${root}x` });
    await refused(`expected a folder for each class in ${join(root, "ant")}, got none`, { root: join(root, "ant") });
    mkdirSync(join(root, "eel"));
    writeFileSync(join(root, "eel", "notes.txt"), "");
    await refused(`expected JPEGs or PNGs for every class in ${root}, got none for eel`);
    writeFileSync(join(root, "eel", "1.webp"), "");
    await refused(`expected JPEGs and PNGs in ${root}, got ${join(root, "eel", "1.webp")}. Convert it`);
    rmSync(join(root, "eel"), { recursive: true });
    writeFileSync(join(root, "Cat", "9.jpg"), "GIF89a");
    const data = await ImageFolder.open({ root });
    await expect(data.get(1)).rejects.toThrow(
      `got ${join(root, "Cat/9.jpg")}, which begins with the bytes 47 49 46 38`,
    );
    await expect(data.get(99)).rejects.toThrow("ImageFolder.image: expected an index in [0, 11], got 99");
    await expect(ImageFolder.open({ source: [] })).rejects.toThrow("in the files given, got none");
  });
});
