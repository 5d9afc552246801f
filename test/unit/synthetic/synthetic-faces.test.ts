import { createHash } from "node:crypto";
import { getRngState } from "simdgrad";
import { DataLoader, type Image } from "simdgrad/data";
import { syntheticFaces } from "simdgrad/synthetic";
import { describe, expect, it } from "vitest";
import { ATTRIBUTES, type Attribute, drawTraits, type Traits } from "../../../src/synthetic/faces/attributes.js";
import { drawFace } from "../../../src/synthetic/faces/draw-face.js";
import { Dice, STREAMS } from "../../../src/synthetic/painting/dice.js";

const digest = (bytes: Uint8Array | Uint8ClampedArray): string => createHash("sha256").update(bytes).digest("hex");
const drawn = (traits: Traits, index = 0): Uint8Array => drawFace(new Dice(0, STREAMS.facesTest, index), traits);
const people = Array.from({ length: 5000 }, (_, i) => drawTraits(new Dice(1, STREAMS.facesTrain, i)));

/** How often CelebA's 202,599 faces have each attribute. */
const CELEBA = [
  0.111, 0.267, 0.513, 0.205, 0.022, 0.152, 0.241, 0.235, 0.239, 0.148, 0.051, 0.205, 0.142, 0.058, 0.047, 0.065, 0.063,
  0.042, 0.387, 0.455, 0.417, 0.483, 0.042, 0.115, 0.835, 0.284, 0.043, 0.277, 0.08, 0.066, 0.057, 0.482, 0.208, 0.32,
  0.189, 0.048, 0.472, 0.123, 0.073, 0.774,
];

describe("syntheticFaces", () => {
  it("draws the recorded bytes", () => {
    const faces = syntheticFaces({ size: 20 });
    const all = createHash("sha256");
    for (let i = 0; i < 20; i++) all.update(faces.image(i).data).update(Uint8Array.from(faces.target(i)));
    expect(all.digest("hex")).toBe("5adb5224bb32c0a505dd135647b82d05ea4623d6486c6eb58c58d31b129a504b");
  });

  it("draws a face the same in any order and any size of the set", () => {
    const [all, some] = [syntheticFaces({ size: 9, seed: 4 }), syntheticFaces({ size: 6, seed: 4 })];
    for (const i of [5, 0, 3, 5]) {
      expect(digest(some.image(i).data)).toBe(digest(all.image(i).data));
      expect(some.target(i)).toEqual(all.target(i));
    }
  });

  it("has other faces in every split and for other seeds", () => {
    const sets = [0, 1].flatMap((seed) =>
      (["train", "valid", "test"] as const).map((split) => syntheticFaces({ split, seed, size: 3 })),
    );
    const faces = sets.flatMap((set) => [0, 1, 2].map((i) => digest(set.image(i).data)));
    expect(new Set(faces).size).toBe(18);
    const sizes = (["train", "valid", "test"] as const).map((split) => syntheticFaces({ split }).length);
    expect(sizes).toEqual([2000, 500, 500]);
  });

  it("says that it is synthetic", () => {
    const set = syntheticFaces({ split: "valid", seed: 2 });
    expect(set.description).toBe("synthetic faces drawn from seed 2 in place of CelebA (valid)");
    expect(String(set)).toBe(`SyntheticFaces(500 of ${set.description})`);
  });

  it("gives images of [0, 1] and float32 attributes, in batches too", () => {
    const set = syntheticFaces({ size: 4 });
    const [image, attributes] = set.get(2);
    expect([image.shape, image.dtype]).toEqual([[3, 256, 256], "float32"]);
    expect([image.min().item() >= 0, image.max().item() <= 1]).toEqual([true, true]);
    expect(attributes.toTypedArray()).toEqual(set.target(2));
    const bytes = set.image(2).data;
    expect(image.select(0, 1).select(0, 100).select(0, 77).item()).toBe(
      Math.fround(bytes[(100 * 256 + 77) * 3 + 1]! / 255),
    );
    for (const [x, y] of new DataLoader(set, { batchSize: 4 })) {
      expect([x.shape, y.shape, y.dtype]).toEqual([[4, 3, 256, 256], [4, 40], "float32"]);
    }
  });

  it("takes transforms of its own", () => {
    const area = ({ height, width }: Image): number => height * width;
    const set = syntheticFaces({ size: 1, transform: area, targetTransform: (y) => y.sum().item() });
    const ones = set.target(0).filter((x) => x === 1).length;
    expect(set.get(0)).toEqual([65536, ones]);
    expect(syntheticFaces({ size: 1, transform: null }).get(0)[0]).toEqual(set.image(0));
  });

  it("draws nothing from the default generator", () => {
    const before = getRngState();
    syntheticFaces({ size: 2 }).get(1);
    expect(getRngState()).toEqual(before);
  });

  it("refuses bad options and indices", () => {
    expect(() => syntheticFaces({ split: "all" as never })).toThrow(
      'syntheticFaces: expected split "train", "valid" or "test", got all',
    );
    expect(() => syntheticFaces({ split: "toString" as never })).toThrow(/got toString/);
    expect(() => syntheticFaces({ seed: 2 ** 32 })).toThrow(/expected a seed/);
    expect(() => syntheticFaces({ size: -1 })).toThrow(/expected a size from 1/);
    const set = syntheticFaces({ size: 3 });
    for (const index of [-1, 3, 1.5]) expect(() => set.get(index)).toThrow(`expected an index in [0, 2], got ${index}`);
  });
});

describe("the attributes", () => {
  it("are CelebA's, about as often", () => {
    expect(syntheticFaces().attributes).toEqual(ATTRIBUTES);
    expect(new Set(ATTRIBUTES).size).toBe(40);
    expect([...ATTRIBUTES].sort()).toEqual([...ATTRIBUTES]);
    const far = ATTRIBUTES.map((name, i) => {
      const share = people.filter((traits) => traits[name]).length / people.length;
      return `${name}: ${share} for ${CELEBA[i]}`;
    }).filter((_, i) => {
      const share = people.filter((traits) => traits[ATTRIBUTES[i]!]).length / people.length;
      return Math.abs(share - CELEBA[i]!) > 0.02 + 0.1 * CELEBA[i]!;
    });
    expect(far).toEqual([]);
  });

  const NEVER: readonly (readonly [Attribute, ...Attribute[]])[] = [
    ["Bald", "Black_Hair", "Blond_Hair", "Brown_Hair", "Gray_Hair", "Straight_Hair", "Wavy_Hair", "Bangs"],
    ["Bald", "Receding_Hairline", "Wearing_Hat"],
    ["Black_Hair", "Blond_Hair", "Brown_Hair", "Gray_Hair"],
    ["Blond_Hair", "Brown_Hair", "Gray_Hair"],
    ["Brown_Hair", "Gray_Hair"],
    ["Straight_Hair", "Wavy_Hair"],
    ["Wearing_Hat", "Bangs", "Receding_Hairline"],
    ["Receding_Hairline", "Bangs"],
    ["No_Beard", "Goatee", "Mustache", "Sideburns"],
    ["Chubby", "Oval_Face"],
    ["Big_Nose", "Pointy_Nose"],
  ];
  it.each(NEVER)("%s goes without what it excludes", (name, ...others) => {
    const having = people.filter((traits) => traits[name]);
    expect(having.length).toBeGreaterThan(50);
    for (const traits of having) expect(others.filter((other) => traits[other])).toEqual([]);
  });

  it("of men are of men only", () => {
    const women = people.filter((traits) => !traits.Male);
    for (const traits of women) {
      expect(traits.No_Beard).toBe(true);
      expect(traits.Bald || traits["5_o_Clock_Shadow"] || traits.Wearing_Necktie).toBe(false);
    }
  });

  const drawings = new Map<string, Uint8Array>();
  /** The drawing of a person. Many attributes compare with the same person, so it is drawn only twice (same bytes). */
  function drawnTwice(traits: Traits): Uint8Array {
    const key = JSON.stringify(traits);
    const known = drawings.get(key);
    if (known !== undefined) return known;
    const drawing = drawn(traits);
    expect(digest(drawn(traits))).toBe(digest(drawing));
    drawings.set(key, drawing);
    return drawing;
  }

  it.each(ATTRIBUTES)("%s changes what is drawn", (name) => {
    const plain = Object.fromEntries(ATTRIBUTES.map((other) => [other, false])) as Traits;
    const beards = ["Goatee", "Mustache", "Sideburns"].includes(name);
    const without: Traits = { ...plain, Male: true, No_Beard: !beards, Goatee: name !== "Goatee" && beards };
    if (name === "Goatee") without.Mustache = true;
    const [before, after] = [drawnTwice(without), drawn({ ...without, [name]: !without[name] })];
    let changed = 0;
    for (let i = 0; i < before.length; i += 3) if (Math.abs(before[i]! - after[i]!) > 3) changed++;
    expect(changed).toBeGreaterThan(150);
  });
});
