import { makeMoons, type NestedNumbers, RandomSampler, RandomState, trainTestSplit } from "simdgrad/data";
import { describe, expect, it } from "vitest";
import { defaultGenerator, Generator, manualSeed } from "../../../src/random/generator.js";
import { goldenJson } from "../../support/files.js";

const read = (name: string) => goldenJson(`${name}.json`);
const draws = read("draws");
const rng = read("rng");

/** Equal within a few ulps: NumPy's logarithm, sine and cosine differ as much between machines. */
function expectClose(actual: NestedNumbers, expected: NestedNumbers): void {
  const flat = (x: NestedNumbers): number[] => (typeof x === "number" ? [x] : x.flatMap(flat));
  const a = flat(actual);
  const b = flat(expected);
  expect(a.length).toBe(b.length);
  a.forEach((x, i) => {
    expect(Math.abs(x - b[i]!)).toBeLessThanOrEqual(8 * Number.EPSILON * Math.max(1, Math.abs(b[i]!)));
  });
}

describe.each(Object.keys(draws.numpy))("RandomState(%s) draws as NumPy's", (seed) => {
  const golden = draws.numpy[seed];
  const fresh = () => new RandomState(Number(seed));

  it("uniforms and integers, exactly", () => {
    expect(fresh().randomSample([3, 2])).toEqual(golden.random_sample);
    expect(fresh().rand(3, 2)).toEqual(golden.random_sample);
    expect(fresh().uniform(-2, 3, 5)).toEqual(golden.uniform);
    expect(fresh().randint(-5, 17, 20)).toEqual(golden.randint);
    expect(fresh().randint(-(2 ** 50), 2 ** 50, 5)).toEqual(golden.randint_wide);
    const random = fresh();
    expect([random.randint(3, 4), random.randint(10), random.randint(2 ** 32)]).toEqual(golden.randint_one);
  });

  it("normals, keeping the second of each pair", () => {
    expectClose(fresh().normal(1, 2, 9), golden.normal);
    expectClose(
      fresh()
        .randn(9)
        .map((x) => 1 + 2 * x),
      golden.normal,
    );
    const random = fresh();
    const mixed = [random.normal(), random.standardNormal(), random.randomSample(), random.normal(3, 0.5)];
    expectClose(mixed, golden.normal_scalars);
  });

  it("orders and choices, exactly", () => {
    expect(fresh().permutation(23)).toEqual(golden.permutation);
    const rows = [0, 2, 4, 6, 8, 10].map((x) => [x, x + 1]);
    fresh().shuffle(rows);
    expect(rows).toEqual(golden.shuffle_rows);
    const typed = Int32Array.from({ length: 23 }, (_, i) => i);
    fresh().shuffle(typed);
    expect([...typed]).toEqual(golden.permutation);
    expect(fresh().choice(30, 8)).toEqual(golden.choice);
    expect(fresh().choice(30, 8, { replace: false })).toEqual(golden.choice_unique);
  });
});

describe("RandomState", () => {
  it("goes on from call to call as NumPy does", () => {
    const random = new RandomState(0);
    expect(random.randomSample(4)).toEqual(rng.np_random_sample_4);
    expectClose(random.normal(0, 1, 5), rng.np_normal_5);
    expect(random.permutation(10)).toEqual(rng.np_permutation_10);
    const order = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    random.shuffle(order);
    expect(order).toEqual(rng.np_shuffle_10);
  });

  it("differs from instance to instance without a seed", () => {
    expect(new RandomState().randomSample(4)).not.toEqual(new RandomState().randomSample(4));
  });

  it("leaves what it permutes alone and moves nothing in arrays of none or one", () => {
    const values = ["a", "b", "c", "d"];
    const permuted = new RandomState(3).permutation(values);
    expect(values).toEqual(["a", "b", "c", "d"]);
    expect([...permuted].sort()).toEqual(values);
    const random = new RandomState(0);
    expect([random.permutation(0), random.permutation(1)]).toEqual([[], [0]]);
    expect(random.randomSample()).toBe(rng.np_random_sample_4[0]);
  });

  it("says what a seed, a range or a size may be", () => {
    expect(() => new RandomState(-1)).toThrow("expected a seed that is an integer from 0 to 2^32 - 1, got -1");
    expect(() => new RandomState(0.5)).toThrow("got 0.5");
    expect(() => new RandomState(0).randint(3, 3)).toThrow("expected integers low < high, got low 3 and high 3");
    expect(() => new RandomState(0).normal(0, -1)).toThrow("expected scale ≥ 0, got -1");
    expect(() => new RandomState(0).randomSample([2, -1])).toThrow("got [2, -1]");
    expect(() => new RandomState(0).choice(3, 4, { replace: false })).toThrow("cannot take 4 of 3");
  });
});

describe("makeMoons", () => {
  it.each(Object.keys(draws.moons))("gives scikit-learn's points from seed %s", (seed) => {
    const golden = draws.moons[seed];
    const check = ([X, y]: [number[][], number[]], expected: { X: number[][]; y: number[] }) => {
      expectClose(X, expected.X);
      expect(y).toEqual(expected.y);
    };
    const randomState = Number(seed);
    check(makeMoons(11, { noise: 0.2, randomState }), golden.noisy_11);
    check(makeMoons(6, { randomState }), golden.clean_6);
    check(makeMoons(5, { randomState, shuffle: false, noise: 0.1 }), golden.ordered_5);
  });

  it("gives the reference run's points", () => {
    const [X, y] = makeMoons(10, { noise: 0.3, randomState: 0 });
    expectClose(X, rng["make_moons_10_noise0.3"].X);
    expect(y).toEqual(rng["make_moons_10_noise0.3"].y);
  });

  it("goes on drawing from a generator it is given", () => {
    const random = new RandomState(0);
    const [first] = makeMoons(10, { noise: 0.3, randomState: random });
    const [second] = makeMoons(10, { noise: 0.3, randomState: random });
    expectClose(first, rng["make_moons_10_noise0.3"].X);
    expect(second).not.toEqual(first);
  });

  it("refuses no points and negative noise", () => {
    expect(() => makeMoons(0)).toThrow("makeMoons: expected nSamples to be a whole number of at least 1, got 0");
    expect(() => makeMoons(4, { noise: -1 })).toThrow("makeMoons: expected noise ≥ 0, got -1");
  });
});

describe("trainTestSplit", () => {
  const rows = Array.from({ length: 23 }, (_, i) => i);
  const labels = rows.map((i) => (i * i) % 3);

  it.each(Object.keys(draws.splits))("splits as scikit-learn does from seed %s", (seed) => {
    const golden = draws.splits[seed];
    const randomState = Number(seed);
    expect(trainTestSplit(rows, labels, { randomState })).toEqual(golden.default);
    expect(trainTestSplit(rows, labels, { randomState, testSize: 0.2 })).toEqual(golden.share);
    expect(trainTestSplit(rows, labels, { randomState, testSize: 4, trainSize: 10 })).toEqual(golden.counts);
    expect(trainTestSplit(rows, labels, { randomState, trainSize: 0.55 })).toEqual(golden.train_share);
    expect(trainTestSplit(rows, labels, { randomState, testSize: 0.3, stratify: labels })).toEqual(golden.stratified);
    expect(trainTestSplit(rows, labels, { testSize: 0.2, shuffle: false })).toEqual(golden.in_order);
  });

  it("gives the reference split, each part an array of the input's own kind", () => {
    const { train, test } = rng["train_test_split_10_0.2_42"];
    const ten = rows.slice(0, 10);
    const nested = ten.map((i) => [i, -i]);
    const split = trainTestSplit(nested, Float64Array.from(ten), { testSize: 0.2, randomState: 42 });
    expect(split[0]).toEqual(train.map((i: number) => [i, -i]));
    expect(split[1]).toEqual(test.map((i: number) => [i, -i]));
    expect(split[2]).toEqual(Float64Array.from(train));
    expect(split[3]).toEqual(Float64Array.from(test));
  });

  it("says why sizes do not fit", () => {
    expect(() => trainTestSplit([1, 2], [1])).toThrow("got 2 rows and 1 labels");
    expect(() => trainTestSplit(rows, rows, { testSize: 1.5 })).toThrow(
      "share in (0, 1) or a number of rows from 1 to 22",
    );
    expect(() => trainTestSplit(rows, rows, { testSize: 20, trainSize: 10 })).toThrow("cannot give 10");
    expect(() => trainTestSplit([1], [1])).toThrow("1 rows cannot give 0 to train on");
    expect(() => trainTestSplit(rows, rows, { stratify: rows })).toThrow("stratify needs two rows or more");
    expect(() => trainTestSplit(rows, rows, { stratify: labels, shuffle: false })).toThrow("needs shuffle: true");
  });
});

describe("RandomSampler", () => {
  it.each([
    ["once", {}],
    ["fewer", { numSamples: 4 }],
    ["more", { numSamples: 17 }],
    ["again", { replacement: true, numSamples: 40 }],
  ])("draws a pass (%s) as PyTorch's, and leaves the generator where PyTorch's does", (name, options) => {
    const generator = new Generator().manualSeed(3);
    expect([...new RandomSampler({ length: 7 }, { ...options, generator })]).toEqual(draws.sampler[name].indices);
    const next = new Float32Array(1);
    generator.fillUniform(next);
    expect(next[0]).toBe(Math.fround(draws.sampler[name].next[0]));
  });

  it("gives a shuffling DataLoader's batches when its seed is drawn first", () => {
    manualSeed(0);
    const sampler = new RandomSampler({ length: 10 });
    const epochs = [0, 1].map(() => {
      defaultGenerator.random63();
      const order = [...sampler];
      return [order.slice(0, 4), order.slice(4, 8), order.slice(8)];
    });
    expect(epochs).toEqual(rng.dataloader_shuffle_10_b4_two_epochs);
    const after = new Float32Array(2);
    defaultGenerator.fillUniform(after);
    expect([...after]).toEqual(rng.rand_after);
  });

  it("gives nothing of nothing and refuses samples of nothing", () => {
    expect([...new RandomSampler([])]).toEqual([]);
    expect(() => new RandomSampler([], { numSamples: 3 })).toThrow("cannot draw 3 indices of 0 elements");
  });
});
