import { Generator, getRngState, rand, type Tensor, tensor } from "simdgrad";
import * as data from "simdgrad/data";
import * as io from "simdgrad/io";
import { describe, expect, it } from "vitest";
import type { Sample } from "../../support/calls.js";
import { callOf, type Named, walk } from "../../support/walk.js";

const generator = (): Generator => new Generator().manualSeed(1);
const set = (): data.TensorDataset<[Tensor]> => new data.TensorDataset(rand(6, 2));
const samples: readonly (readonly [number, string])[] = [
  [1, "a"],
  [2, "b"],
  [3, "c"],
];
const bytes = await io.toNpy(tensor([1, 2]));
const zip = await io.toNpz({ a: tensor([1, 2]) });
const file = await io.toBytes({ a: 1 });
const safe = await io.toSafetensors({ a: tensor([1, 2]) });

/** One right call for each name, as in test/support/calls.ts. */
const CALLS: Readonly<Record<string, () => Sample>> = {
  DataLoader: () => ({
    dataset: samples,
    batchSize: 2,
    shuffle: null,
    sampler: [0, 2],
    batchSampler: null,
    $: { dropLast: true, generator: generator(), numWorkers: 0, pinMemory: false },
    $takes: ["an array"],
  }),
  RandomSampler: () => ({
    dataSource: samples,
    replacement: true,
    numSamples: 2,
    generator: generator(),
    $takes: ["an array", "a word", "a function"].slice(0, 1),
  }),
  SequentialSampler: () => ({ dataSource: samples, $takes: ["an array"] }),
  SubsetRandomSampler: () => ({ indices: [1, 2], generator: generator(), $takes: ["an array"] }),
  WeightedRandomSampler: () => ({ weights: [1, 2], numSamples: 1, replacement: false, generator: generator() }),
  BatchSampler: () => ({ sampler: [1, 2], batchSize: 2, dropLast: true, $takes: ["an array"] }),
  Subset: () => ({ dataset: samples, indices: [1], $positional: true, $takes: ["an array"] }),
  ConcatDataset: () => ({ datasets: [samples, samples], $positional: true, $takes: ["an array"] }),
  ChainDataset: () => ({ datasets: [samples], $positional: true, $takes: ["an array"] }),
  randomSplit: () => ({ dataset: samples, lengths: [2, 1], generator: generator(), $takes: [] }),
  compose: () => ({ transforms: [data.toTensor()], $positional: true }),
  toTensor: () => ({}),
  normalize: () => ({ mean: [0], std: [1], inplace: false }),
  resize: () => ({ size: 3, $: { maxSize: 5 } }),
  centerCrop: () => ({ size: 3 }),
  randomCrop: () => ({ size: 3, padding: 1, padIfNeeded: true, fill: 3, paddingMode: "edge" }),
  randomHorizontalFlip: () => ({ p: 0.3 }),
  makeMoons: () => ({ nSamples: 6, $: { shuffle: true, noise: 0.1, randomState: 3 } }),
  trainTestSplit: () => ({
    X: [1, 2, 3, 4],
    y: [1, 2, 3, 4],
    $: { testSize: 2, randomState: 3, shuffle: true },
    $takes: ["an array"],
  }),
  loadNpy: () => ({ source: bytes, $positional: true, $takes: ["a word"] }),
  loadNpz: () => ({ source: zip, $positional: true }),
  load: () => ({ source: file, $positional: true }),
  loadSafetensors: () => ({ source: safe, $positional: true }),
  safetensorsMetadata: () => ({ source: safe, $positional: true }),
  toNpy: () => ({ x: tensor([1]), $positional: true }),
  toNpz: () => ({ tensors: { a: tensor([1]) }, $positional: true }),
  toBytes: () => ({ value: { a: 1 }, $positional: true, $takes: ["a word", "an array"].slice(0, 1) }),
  toSafetensors: () => ({ tensors: { a: tensor([1]) }, $: { metadata: { a: "b" } }, $positional: true }),
};

/** Not in the walk yet: they open files or folders, or decode pictures, and have tests of their own. */
const ELSEWHERE = new Set([
  ...["CelebA", "Cifar10", "ImageFolder", "ImageSet", "RandomState", "TensorDataset", "defaultCollate"],
  ...["decodeImage", "decodeJpeg", "decodePng", "encodePng"],
  ...["save", "saveNpy", "saveNpz", "saveSafetensors", "saveCheckpoint", "loadCheckpoint"],
]);

describe("the public calls of simdgrad/data and simdgrad/io", () => {
  const exported = [...Object.entries(data), ...Object.entries(io)].filter(([, value]) => typeof value === "function");

  it("are in the table, or have tests of their own", () => {
    const names = exported.map(([name]) => name);
    expect(names.filter((name) => !(name in CALLS) && !ELSEWHERE.has(name))).toEqual([]);
    expect([...Object.keys(CALLS), ...ELSEWHERE].filter((name) => !names.includes(name))).toEqual([]);
  });

  walk(exported.flatMap(([name, value]): Named[] => (name in CALLS ? [[name, callOf(value), CALLS[name]!]] : [])));

  it.each<[string, () => unknown]>([
    ["Cifar10.open", () => Reflect.apply(data.Cifar10.open, data.Cifar10, [{ rooot: "x" }])],
    ["CelebA.open", () => Reflect.apply(data.CelebA.open, data.CelebA, [{ spilt: "train" }])],
    ["ImageFolder.open", () => Reflect.apply(data.ImageFolder.open, data.ImageFolder, [{ root: 3 }])],
    ["Cifar10.open", () => Reflect.apply(data.Cifar10.open, data.Cifar10, ["data"])],
    ["RandomState.normal", async () => Reflect.apply(new data.RandomState(1).normal, new data.RandomState(1), ["a"])],
    ["RandomState.permutation", async () => Reflect.apply(new data.RandomState(1).permutation, null, [null])],
  ])("%s refuses what it does not know", async (op, call) => {
    await expect(call()).rejects.toThrow(`${op}: expected `);
  });

  it("draws nothing when it refuses", () => {
    const whole = set();
    const before = getRngState();
    expect(() => new data.DataLoader(whole, { batch_size: 2 } as object)).toThrow("Use batchSize");
    expect(() => new data.DataLoader(samples, { numWorkers: 2 } as object)).toThrow("There are no workers");
    expect(getRngState()).toEqual(before);
  });
});
