import { createHash } from "node:crypto";
import { getRngState } from "simdgrad";
import { DataLoader, type Image, normalize, toTensor } from "simdgrad/data";
import { syntheticCifar10 } from "simdgrad/synthetic";
import { describe, expect, it } from "vitest";

const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const NAMES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

describe("syntheticCifar10", () => {
  it("draws the recorded bytes", () => {
    expect(digest(syntheticCifar10({ size: 100 }).data)).toBe(
      "66a2e7cbb4021cf243a88ce35e65c3a7e22222e576dbadbf4f2775e16db109fc",
    );
    expect(digest(syntheticCifar10({ train: false, size: 100, seed: 7 }).data)).toBe(
      "533b41eed0507a6329ded782d005a867d209bb3411b59d41b7cce8d9043181fe",
    );
  });

  it("draws a picture the same in any order and any size of the set", () => {
    const all = syntheticCifar10({ size: 60, seed: 3 });
    const some = syntheticCifar10({ size: 41, seed: 3 });
    for (const i of [40, 0, 17, 0, 39]) {
      expect(digest(some.image(i).data as Uint8Array)).toBe(digest(all.image(i).data as Uint8Array));
    }
    expect(some.data).toEqual(all.data.subarray(0, 41 * 3072));
    expect(some.targets).toEqual(all.targets.slice(0, 41));
  });

  it("has other pictures for training and testing, and for other seeds, and none twice", () => {
    const sets = [0, 1, 2 ** 32 - 1].flatMap((seed) =>
      [true, false].map((train) => syntheticCifar10({ train, seed, size: 50 })),
    );
    const pictures = sets.flatMap((set) =>
      Array.from({ length: set.length }, (_, i) => digest(set.image(i).data as Uint8Array)),
    );
    expect(new Set(pictures).size).toBe(300);
    expect(new Set(sets.map((set) => set.targets.join())).size).toBe(6);
  });

  it("has CIFAR-10's classes, each as often", () => {
    const [train, test] = [syntheticCifar10(), syntheticCifar10({ train: false })];
    expect([train.length, test.length]).toEqual([5000, 1000]);
    expect(train.classes).toEqual(NAMES);
    for (const set of [train, test]) {
      const counts = NAMES.map((_, label) => set.targets.filter((target) => target === label).length);
      expect(counts).toEqual(NAMES.map(() => set.length / 10));
    }
  });

  it("says that it is synthetic", () => {
    const set = syntheticCifar10({ train: false, size: 3, seed: 5 });
    expect(set.description).toBe("synthetic scenes drawn from seed 5 in place of CIFAR-10 (test)");
    expect(String(set)).toBe(`SyntheticCifar10(3 of ${set.description})`);
  });

  it("has CIFAR-10's interface: planes of bytes, and samples normalised as the tutorial does", () => {
    const set = syntheticCifar10({ size: 20 });
    const [x, label] = set.get(12);
    expect([x.shape, x.dtype, label]).toEqual([[3, 32, 32], "float32", set.targets[12]]);
    expect(x.toTypedArray()).toEqual(normalize([0.5], [0.5])(toTensor()(set.image(12))).toTypedArray());
    expect(set.image(12).data[(5 * 32 + 6) * 3 + 2]).toBe(set.data[12 * 3072 + 2 * 1024 + 5 * 32 + 6]);
    for (const [images, labels] of new DataLoader(set, { batchSize: 20 })) {
      expect([images.shape, labels.dtype]).toEqual([[20, 3, 32, 32], "int32"]);
      expect(images.select(0, 12).toTypedArray()).toEqual(x.toTypedArray());
      expect(labels.toTypedArray()).toEqual(set.targets);
    }
  });

  it("takes transforms of its own", () => {
    const area = ({ height, width, channels }: Image): number => height * width * channels;
    const set = syntheticCifar10({ size: 10, transform: area, targetTransform: (label) => NAMES[label]! });
    expect(set.get(4)).toEqual([3072, NAMES[set.targets[4]!]]);
    expect(syntheticCifar10({ size: 10, transform: null }).get(0)[0].width).toBe(32);
  });

  it("draws nothing from the default generator", () => {
    const before = getRngState();
    const set = syntheticCifar10({ size: 30 });
    expect(set.data.length).toBe(30 * 3072);
    set.get(0);
    expect(getRngState()).toEqual(before);
  });

  it("has pictures with contrast, in the whole range", () => {
    const { data } = syntheticCifar10({ size: 200 });
    const x = normalize([0], [1])(toTensor()({ data, height: 600, width: 1024, channels: 1 }));
    expect(x.mean().item()).toBeCloseTo(0.5, 1);
    expect(x.std().item()).toBeGreaterThan(0.25);
    expect([x.min().item(), x.max().item()]).toEqual([0, 1]);
  });

  it("refuses bad options and indices", () => {
    expect(() => syntheticCifar10({ seed: -1 })).toThrow(
      "syntheticCifar10: expected a seed that is an integer from 0 to 2^32 - 1, got -1",
    );
    expect(() => syntheticCifar10({ seed: 0.5 })).toThrow(/got 0.5/);
    expect(() => syntheticCifar10({ size: 0 })).toThrow("syntheticCifar10: expected a size from 1 to 500000, got 0");
    expect(() => syntheticCifar10({ size: Number.NaN })).toThrow(/got NaN/);
    expect(() => syntheticCifar10({ train: "yes" as never })).toThrow(/expected train true or false, got yes/);
    const set = syntheticCifar10({ size: 10 });
    for (const index of [-1, 10, 0.5])
      expect(() => set.get(index)).toThrow(`expected an index in [0, 9], got ${index}`);
    expect(() => set.getBatch!([0, 10])).toThrow(/got 10/);
  });
});
