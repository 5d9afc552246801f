import {
  arange,
  F,
  Generator,
  getRngState,
  manualSeed,
  memory,
  ones,
  rand,
  scope,
  setRngState,
  type Tensor,
  tensor,
  zeros,
} from "simdgrad";
import {
  BatchSampler,
  ChainDataset,
  ConcatDataset,
  DataLoader,
  type DataLoaderOptions,
  type Dataset,
  defaultCollate,
  type LoaderState,
  RandomSampler,
  randomSplit,
  SequentialSampler,
  Subset,
  SubsetRandomSampler,
  TensorDataset,
  WeightedRandomSampler,
} from "simdgrad/data";
import { describe, expect, it } from "vitest";
import { currentScope } from "../../../src/runtime/scope.js";
import { goldenJson } from "../../support/files.js";

const read = (name: string) => goldenJson(`${name}.json`);
const golden = read("loader");
const rng = read("rng");
const seeds = Object.keys(golden);
const WEIGHTS = [0.1, 0.9, 0.4, 0.7, 3.0, 0.6, 0, 2];
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const seeded = (seed: number): Generator => new Generator().manualSeed(seed);
const draw = (generator?: Generator): number[] =>
  scope(() => [...rand([2], generator === undefined ? {} : { generator }).toTypedArray()]);
const list = (batch: Tensor | number): unknown => (typeof batch === "number" ? batch : batch.tolist());

/** The operations that made the tensors which a function does not free. */
function survivors(body: () => unknown): string[] {
  memory({ debug: true });
  try {
    body();
    return memory().sites.map(({ label }) => label);
  } finally {
    memory({ debug: false });
  }
}

async function survivorsAsync(body: () => Promise<void>): Promise<string[]> {
  memory({ debug: true });
  try {
    await body();
    return memory().sites.map(({ label }) => label);
  } finally {
    memory({ debug: false });
  }
}

type Options = DataLoaderOptions<number, Tensor>;
type Golden = { passes: [unknown, number][][]; after: number[]; own: number[] | null };

describe.each(seeds)("from seed %s as PyTorch", (text) => {
  const seed = Number(text);
  const expected = golden[text];

  it("randomSplit cuts", () => {
    const split = (n: number, lengths: number[]) =>
      randomSplit(range(n), lengths, { generator: seeded(seed) }).map((part) => part.indices);
    expect(split(10, [3, 7])).toEqual(expected.split_counts);
    expect(split(30, [0.3, 0.3, 0.4])).toEqual(expected.split_shares);
    expect(split(11, [0.25, 0.25, 0.5])).toEqual(expected.split_rest);
    const [train, valid] = randomSplit(range(10), [3, 7]); // the type is a pair
    expect([train.length, valid.length]).toEqual([3, 7]);
  });

  it("samplers draw", () => {
    expect([...new SubsetRandomSampler([5, 3, 9, 11, 2], { generator: seeded(seed) })]).toEqual(expected.subset);
    const weighted = (n: number, replacement = true) => [
      ...new WeightedRandomSampler(WEIGHTS, n, { replacement, generator: seeded(seed) }),
    ];
    expect(weighted(12)).toEqual(expected.weighted);
    expect(weighted(6, false)).toEqual(expected.weighted_once);
    expect(weighted(1)).toEqual(expected.weighted_one);
  });

  const cases: Record<string, (own: Generator) => [Options, stop?: number]> = {
    plain: () => [{ batchSize: 4 }],
    shuffle: () => [{ batchSize: 4, shuffle: true }],
    drop_last: () => [{ batchSize: 4, shuffle: true, dropLast: true }],
    own: (generator) => [{ batchSize: 4, shuffle: true, generator }],
    own_even: (generator) => [{ batchSize: 5, shuffle: true, generator }],
    own_left: (generator) => [{ batchSize: 5, shuffle: true, generator }, 2],
    own_left_even: (generator) => [{ batchSize: 5, shuffle: true, generator }, 1],
    own_drop: (generator) => [{ batchSize: 4, shuffle: true, dropLast: true, generator }],
    left: () => [{ batchSize: 3, shuffle: true }, 1],
    single: () => [{ batchSize: null, shuffle: true } as Options],
    replaced: (generator) => {
      const sampler = new RandomSampler(range(10), { replacement: true, numSamples: 40, generator });
      return [{ batchSize: 16, sampler, generator }];
    },
    batches: (generator) => {
      const batchSampler = new BatchSampler(new RandomSampler(range(10), { generator }), 3, false);
      return [{ batchSampler, generator }];
    },
    weighted: () => [{ batchSize: 4, sampler: new WeightedRandomSampler(WEIGHTS, 10) }],
  };

  it.each(Object.keys(expected.loaders))("DataLoader gives batches and leaves the generators: %s", (name) => {
    const own = seeded(seed + 100);
    const [options, stop] = cases[name]!(own);
    const { passes, after, own: ownAfter }: Golden = expected.loaders[name];
    manualSeed(seed);
    const loader = new DataLoader(range(10), options);
    for (const batches of passes) {
      const got: unknown[] = [];
      for (const batch of loader) {
        got.push([list(batch), rand(1).item()]);
        if (got.length === stop) break;
      }
      expect(got).toEqual(batches);
    }
    expect(draw()).toEqual(after);
    if (ownAfter !== null) expect(draw(own)).toEqual(ownAfter);
  });

  it.each([
    ["whole", false],
    ["drop_last", true],
  ])("DataLoader cuts iterables: %s", async (name, dropLast) => {
    manualSeed(seed);
    const loader = new DataLoader(new Set(range(7)), { batchSize: 3, dropLast });
    const first: unknown[] = [];
    for (const batch of loader) first.push(batch.tolist());
    const second: unknown[] = [];
    for await (const batch of loader) second.push(batch.tolist());
    expect([first, second]).toEqual(expected.streams[name].passes);
    expect(draw()).toEqual(expected.streams[name].after);
  });
});

it("DataLoader gives the reference run's batches", () => {
  manualSeed(0);
  const loader = new DataLoader(range(10), { batchSize: 4, shuffle: true });
  const passes = [0, 1].map(() => {
    const batches: unknown[] = [];
    for (const batch of loader) batches.push(batch.tolist());
    return batches;
  });
  expect(passes).toEqual(rng.dataloader_shuffle_10_b4_two_epochs);
  expect(draw()).toEqual(rng.rand_after);
});

describe("defaultCollate", () => {
  it("stacks tensors, puts integers and booleans in tensors, goes through arrays and objects", () => {
    const sample = (i: number) => ({
      x: tensor([i, i + 0.5]),
      pair: [i, i % 2 === 0] as [number, boolean],
      name: `s${i}`,
      bytes: Uint8Array.of(i, 255),
    });
    const batch = defaultCollate([sample(1), sample(2), sample(3)]);
    expect(batch.x.tolist()).toEqual([1, 2, 3].map((i) => [i, i + 0.5]));
    expect([batch.pair[0].dtype, batch.pair[0].tolist()]).toEqual(["int32", [1, 2, 3]]);
    expect([batch.pair[1].dtype, batch.pair[1].tolist()]).toEqual(["bool", [0, 1, 0]]);
    expect(batch.name).toEqual(["s1", "s2", "s3"]);
    expect([batch.bytes.dtype, batch.bytes.shape]).toEqual(["uint8", [3, 2]]);
  });

  it.each<[unknown[], string]>([
    [[], "defaultCollate: expected at least one sample, got none"],
    [[1, 0.5], "expected numbers that are int32 integers, got 0.5 in sample 1. Make it a tensor in the data set"],
    [[2 ** 31], "got 2147483648 in sample 0"],
    [[1, "a"], "expected samples of one structure, got a number in sample 0 and a string in sample 1"],
    [
      [
        [1, [2]],
        [1, [[2]]],
      ],
      "got a number in field 1.0 of sample 0 and an array in field 1.0 of sample 1",
    ],
    [
      [null],
      "expected tensors, integers, booleans, strings, typed arrays, arrays or plain objects of these, got object",
    ],
    [[{ a: new Date(0) }], "got a Date in field a of sample 0"],
    [[undefined], "got undefined in sample 0"],
    [[[1], [1, 2]], "expected arrays of one length in a batch, got lengths 1 in sample 0 and 2 in sample 1"],
    [[{ a: 1 }, { b: 1 }], "expected objects of the same keys in a batch, got { a } in sample 0 and { b } in sample 1"],
    [[zeros(2), zeros(3)], "expected tensors of one shape in a batch, got [2] in sample 0 and [3] in sample 1"],
  ])("refuses %j", (samples, message) => {
    expect(() => defaultCollate(samples)).toThrow(message);
  });
});

/** A data set whose samples come after a turn of the event loop. It records the requests. */
class Slow implements Dataset<Tensor> {
  readonly length = 10;
  readonly log: string[] = [];
  get(index: number): Promise<Tensor> {
    this.log.push(`get ${index}`);
    return new Promise((resolve) => setTimeout(() => resolve(tensor([index])), 0));
  }
  prefetch(indices: readonly number[]): void {
    this.log.push(`prefetch ${indices}`);
  }
}

describe("DataLoader", () => {
  it("takes whole batches from a TensorDataset that equal those of its samples", () => {
    const data = new TensorDataset(rand(11, 3, 2), arange(11, { dtype: "float64" }), ones([11]).int());
    for (const dataset of [data, new Subset(data, [10, 2, 2, 5]), randomSplit(data, [0.5, 0.5])[0]!]) {
      const whole = new DataLoader(dataset, { batchSize: 3 });
      const single = new DataLoader(dataset, { batchSize: 3, collate: (samples) => defaultCollate(samples) });
      const other = single[Symbol.iterator]();
      for (const batch of whole) {
        const expected = other.next().value!;
        batch.forEach((x, i) => {
          expect([x.dtype, x.shape]).toEqual([expected[i]!.dtype, expected[i]!.shape]);
          expect(x.toTypedArray()).toEqual(expected[i]!.toTypedArray());
        });
      }
      expect(other.next().done).toBe(true);
    }
  });

  it("frees what a batch and the body made: at the next batch, on break, return and throw", () => {
    const loader = new DataLoader(new TensorDataset(rand(9, 4)), { batchSize: 2 });
    const held: number[] = [];
    expect(
      survivors(() => {
        for (const [x] of loader) {
          x.mul(2).sum();
          held.push(memory().sites.length);
        }
      }),
    ).toEqual([]);
    expect(new Set(held).size).toBe(1);
    const leave = (): Tensor => {
      for (const [x] of loader) return x;
      throw new Error("no batch");
    };
    const fail = (): void => {
      for (const [x] of loader) throw new Error(`stop ${x.add(1).numel}`);
    };
    expect(
      survivors(() => {
        for (const [x] of loader) if (x.mul(2).numel > 0) break;
        expect(() => leave().toTypedArray()).toThrow("whose memory was freed");
        expect(fail).toThrow("stop 8");
      }),
    ).toEqual([]);
  });

  it("nests, and lives in scopes", async () => {
    const data = new TensorDataset(rand(6, 2));
    const [outer, inner] = [new DataLoader(data, { batchSize: 3 }), new DataLoader(data, { batchSize: 2 })];
    const shapes: unknown[] = [];
    const around = (): Tensor =>
      scope(() => {
        const mine = ones([1]);
        for (const [x] of outer) {
          const whole = x.mul(2);
          for (const [y] of inner) shapes.push(y.shape);
          shapes.push(whole.sum().shape, x.shape);
        }
        return mine;
      });
    expect(survivors(around)).toEqual(["ones"]);
    expect(shapes).toEqual([1, 2].flatMap(() => [[2, 2], [2, 2], [2, 2], [], [3, 2]]));
    const left = await survivorsAsync(async () => {
      for await (const [x] of outer) for await (const [y] of inner) expect(x.sub(1).numel).toBe(y.numel + 2);
    });
    expect(left).toEqual([]);
  });

  it("gives samples as they are without batches, and to a collate of their own", () => {
    const data: [number, string][] = [
      [1, "a"],
      [2, "b"],
    ];
    const plain = new DataLoader<[number, string], [number, string]>(data, { batchSize: null });
    expect([...plain]).toEqual(data);
    expect(plain.length).toBe(2);
    const upper = new DataLoader(data, { batchSize: null, collate: ([, name]) => name.toUpperCase() });
    expect([...upper]).toEqual(["A", "B"]);
    const joined = new DataLoader(data, { batchSize: 2, collate: (pairs) => pairs.map(([, name]) => name).join("") });
    expect([...joined]).toEqual(["ab"]);
  });

  it("counts its batches", () => {
    const of = (options: Options, data: Iterable<number> | number[] = range(10)) =>
      new DataLoader(data, options).length;
    expect([of({}), of({ batchSize: 4 }), of({ batchSize: 4, dropLast: true })]).toEqual([10, 3, 2]);
    expect(of({ batchSampler: [[1], [2, 3]] })).toBe(2);
    expect(of({ sampler: new SequentialSampler([1, 2, 3]), batchSize: 2 })).toBe(2);
    expect(() => of({ batchSize: 2 }, new Set([1]))).toThrow("DataLoader.length: expected a data set");
  });

  it("asks an asynchronous data set for the next batch while the body works on the last", async () => {
    const data = new Slow();
    const loader = new DataLoader(data, { batchSize: 4 });
    const left = await survivorsAsync(async () => {
      for await (const x of loader) data.log.push(`body ${x.tolist()}`);
    });
    expect(left).toEqual([]);
    const gets = (...indices: number[]) => indices.map((i) => `get ${i}`);
    expect(data.log).toEqual([
      ...["prefetch 0,1,2,3", ...gets(0, 1, 2, 3), "prefetch 4,5,6,7", "body 0,1,2,3"],
      ...[...gets(4, 5, 6, 7), "prefetch 8,9", "body 4,5,6,7"],
      ...[...gets(8, 9), "body 8,9"],
    ]);
    const fail = async () => {
      for await (const x of loader) throw new Error(`stop ${x.add(1).numel}`);
    };
    const leftEarly = await survivorsAsync(async () => {
      for await (const x of loader) if (x.numel > 0) break;
      await expect(fail()).rejects.toThrow("stop 4");
    });
    expect(leftEarly).toEqual([]);
  });

  it("takes async iterables and parts of data sets", async () => {
    async function* numbers() {
      yield* [1, 2, 3];
    }
    const got: unknown[] = [];
    for await (const batch of new DataLoader(new ChainDataset([numbers(), [4]]), { batchSize: 3 }))
      got.push(list(batch));
    expect(got).toEqual([[1, 2, 3], [4]]);
    const both = new ConcatDataset<Tensor>([new Slow(), new Subset(new Slow(), [9, 8])]);
    const batches: unknown[] = [];
    for await (const batch of new DataLoader(both, { batchSize: 6 })) batches.push(batch.flatten().tolist());
    expect(batches).toEqual([range(6), [6, 7, 8, 9, 9, 8]]);
    expect((both.datasets[1] as Subset<Tensor>).dataset).toMatchObject({
      log: expect.arrayContaining(["prefetch 9,8"]),
    });
  });

  it("ends a generator that it does not finish", () => {
    let ended = 0;
    const source = {
      *[Symbol.iterator]() {
        try {
          for (let i = 0; ; i++) yield i;
        } finally {
          ended++;
        }
      },
    };
    for (const batch of new DataLoader(source, { batchSize: 2 })) if (batch.numel > 0) break;
    expect(ended).toBe(1);
  });

  it("gives the error of a generator that does not end well, and forgets its own place", async () => {
    const source = {
      async *[Symbol.asyncIterator]() {
        try {
          for (let i = 0; ; i++) yield i;
        } finally {
          await Promise.reject(new Error("cannot close"));
        }
      },
    };
    const loader = new DataLoader(source, { batchSize: 2 });
    const run = async () => {
      for await (const batch of loader) if (batch.numel > 0) break;
    };
    await expect(run()).rejects.toThrow("cannot close");
    expect(loader.stateDict().position).toBe(0);
  });

  it("leaves no scope open when samples to be left out cannot be had", () => {
    const source = {
      *[Symbol.iterator]() {
        yield 1;
        throw new Error("no more");
      },
    };
    const loader = new DataLoader(source, { batchSize: 1 });
    loader.loadStateDict({ position: 3, order: null, length: null, batchSize: 1 });
    const around = currentScope();
    expect(() => [...loader]).toThrow("no more");
    expect(currentScope()).toBe(around);
  });

  it("refuses promises in a synchronous loop", async () => {
    const run = (loader: Iterable<unknown>) => () => {
      for (const _ of loader);
    };
    expect(run(new DataLoader(new Slow()))).toThrow(
      "DataLoader: expected a sample, got a promise, in a synchronous loop. Use for await",
    );
    async function* numbers() {
      yield 1;
    }
    expect(run(new DataLoader(numbers()))).toThrow(
      "got one that is asynchronous, in a synchronous loop. Use for await",
    );
    const failing: Dataset<number> = { length: 1, get: () => Promise.reject(new Error("unheard")) };
    expect(run(new DataLoader(failing))).toThrow("Use for await");
    await new Promise((resolve) => setTimeout(resolve, 1)); // an unhandled rejection would fail the run
  });

  it("names what is wrong with samples and stays usable", () => {
    const shapes = [zeros(2), zeros(2), zeros(3)];
    const loader = new DataLoader(shapes, { batchSize: 3, sampler: [2, 0, 1] });
    const run = () => {
      for (const x of loader) expect(x.shape).toEqual([3, 2]);
    };
    const got = "got [3] in the sample at index 2 and [2] in the sample at index 0. Bring them";
    const refused = () => expect(run).toThrow(`DataLoader: expected tensors of one shape in a batch, ${got}`);
    expect(survivors(refused)).toEqual([]);
    shapes[2] = zeros(2);
    run();
    const outside = new DataLoader([1, 2], { sampler: [0, 2] });
    expect(() => [...outside]).toThrow("DataLoader: expected indices in [0, 1] from the sampler, got 2");
    expect(() => new TensorDataset(zeros(2)).get(2)).toThrow("TensorDataset.get: expected an index in [0, 1], got 2");
    expect(() => new Subset([1, 2], [2])).toThrow("Subset: expected an index in [0, 1], got 2");
    expect(() => new ConcatDataset([[1], [2]]).get(-1)).toThrow("expected an index in [0, 1], got -1");
    const long = {
      length: 1,
      *[Symbol.iterator]() {
        yield* [0, 1];
      },
    };
    expect(() => [...new DataLoader([1, 2], { sampler: long })]).toThrow(
      "expected the sampler to end after its length, 1",
    );
  });

  it("says what does not fit in memory, and goes on with what does", () => {
    const huge = zeros([1]).expand([2 ** 29 - 1]);
    const data: Dataset<Tensor> = { length: 4, get: (i) => (i === 1 ? huge : tensor([i])) };
    const loader = new DataLoader(data, { batchSize: 3, sampler: [1, 1, 1] });
    expect(survivors(() => expect(() => [...loader]).toThrow("GiB"))).toEqual([]);
    for (const x of new DataLoader(data, { sampler: [2] })) expect(x.tolist()).toEqual([[2]]);
  });

  it("refuses options that contradict each other", () => {
    const make =
      (options: Options, data: Iterable<number> = [1]) =>
      () =>
        new DataLoader(data, options);
    expect(make({ batchSize: 0 })).toThrow(
      "DataLoader: expected batchSize to be a whole number of at least 1 or null, got 0",
    );
    expect(make({ sampler: [0], shuffle: true })).toThrow("expected sampler or shuffle, got both");
    expect(make({ batchSampler: [[0]], batchSize: 2 })).toThrow("expected batchSampler alone");
    expect(make({ batchSize: null, dropLast: true } as Options)).toThrow("expected batches for dropLast");
    expect(make({ shuffle: true }, new Set([1]))).toThrow("expected no shuffle for an iterable data set");
    expect(make({ sampler: [0] }, new Set([1]))).toThrow("expected no sampler for an iterable data set");
    expect(() => new DataLoader(5 as never)).toThrow(
      "DataLoader: expected dataset to be a data set (length and get(index), an array, or an iterable), got 5",
    );
    expect(() => new TensorDataset(zeros(2), zeros(3))).toThrow("expected tensors of equal first size, got [2], [3]");
    expect(() => new BatchSampler([1], 0, false)).toThrow(
      "BatchSampler: expected batchSize to be a whole number of at least 1, got 0",
    );
    expect(() => new WeightedRandomSampler([1, -1], 2)).toThrow("finite and not negative, got -1");
    expect(() => new WeightedRandomSampler([0, 0], 2)).toThrow("expected a weight above 0, got [0, 0]");
    expect(() => new WeightedRandomSampler([1, 0], 2, { replacement: false })).toThrow("of at most 1, the indices");
    expect(() => randomSplit([1, 2], [3])).toThrow(
      "expected sizes that add up to 2, or shares that add up to 1, got [3]",
    );
    expect(() => randomSplit([1, 2], [1.5, -0.5])).toThrow("expected shares between 0 and 1, got 1.5");
  });
});

describe("DataLoader's state", () => {
  /** Two passes whose body draws from the default generator; `interrupt` may replace the loader after a batch. */
  function run(
    make: () => DataLoader<number, Tensor>,
    interrupt?: (step: number, loader: DataLoader<number, Tensor>) => boolean,
  ) {
    manualSeed(7);
    let loader = make();
    const log: unknown[] = [];
    let step = 0;
    for (let pass = 0; pass < 2; ) {
      let saved: { loader: LoaderState; rng: Uint8Array } | undefined;
      for (const x of loader) {
        log.push([pass, x.tolist(), F.dropout(ones([4]), 0.5).tolist()]);
        if (interrupt?.(step++, loader)) {
          const state = loader.stateDict();
          const order = state.order && {
            indices: state.order.indices.clone().keep(),
            sizes: state.order.sizes.clone().keep(),
          };
          saved = { loader: { ...state, order }, rng: getRngState() };
          break;
        }
      }
      if (saved === undefined) {
        pass++;
        continue;
      }
      draw(); // the killed program had drawn once more
      loader = make();
      loader.loadStateDict(saved.loader);
      setRngState(saved.rng);
    }
    return { log, after: draw() };
  }

  const sources: Record<string, () => DataLoader<number, Tensor>> = {
    "in order": () => new DataLoader(range(10), { batchSize: 4 }),
    shuffled: () => new DataLoader(range(10), { batchSize: 4, shuffle: true }),
    "shuffled, dropLast": () => new DataLoader(range(10), { batchSize: 3, shuffle: true, dropLast: true }),
    "without batches of its own": () => new DataLoader(range(10), { batchSampler: [[1, 2, 3], [4], [9, 9]] }),
    "weighted, even": () => new DataLoader(range(8), { batchSize: 5, sampler: new WeightedRandomSampler(WEIGHTS, 10) }),
    "an iterable": () => new DataLoader(new Set(range(10)), { batchSize: 4 }),
    "an iterable that draws": () =>
      new DataLoader(
        {
          *[Symbol.iterator]() {
            for (const i of range(7)) yield rand(1).item() < 2 ? i : -1;
          },
        },
        { batchSize: 2 },
      ),
    "a sampler without length": () => new DataLoader(range(10), { batchSize: 4, sampler: new Set(range(10)) }),
  };

  it.each(Object.keys(sources))("taken after any batch goes on as if nothing had happened: %s", (name) => {
    const whole = run(sources[name]!);
    for (let at = 0; at < whole.log.length; at++) {
      expect(run(sources[name]!, (step) => step === at)).toEqual(whole);
    }
    expect(run(sources[name]!, () => true)).toEqual(whole);
  });

  it("holds with a generator of the loader's own, which draws once more when a pass ends", () => {
    let generator = seeded(3);
    const make = () => new DataLoader(range(10), { batchSize: 5, shuffle: true, generator });
    const whole = run(make);
    const end = draw(generator);
    for (let at = 0; at < 4; at++) {
      generator = seeded(3);
      expect(run(make, (step) => step === at)).toEqual(whole);
      expect(draw(generator)).toEqual(end);
    }
  });

  it("holds with it after a last batch that is not full, for which it has drawn already", () => {
    for (const dropLast of [false, true]) {
      let generator = seeded(3);
      const make = () => new DataLoader(range(9), { batchSize: 4, shuffle: true, dropLast, generator });
      const whole = run(make);
      const end = draw(generator);
      for (let at = 0; at < whole.log.length; at++) {
        generator = seeded(3);
        expect(run(make, (step) => step === at)).toEqual(whole);
        expect(draw(generator)).toEqual(end);
      }
    }
  });

  it("taken between passes starts the next one, and can be taken over before it has begun", () => {
    manualSeed(1);
    const loader = new DataLoader(range(6), { batchSize: 2, shuffle: true });
    for (const _ of loader);
    const state = loader.stateDict();
    expect(state).toEqual({ position: 0, order: null, length: 6, batchSize: 2 });
    const rngState = getRngState();
    const next = [...loader].length;
    setRngState(rngState);
    const other = new DataLoader(range(6), { batchSize: 2, shuffle: true });
    other.loadStateDict(state);
    expect(other.stateDict()).toEqual(state);
    expect([...other].length).toBe(next);
  });

  it("is that of the loop around, once a loop inside has ended", () => {
    const loader = new DataLoader(range(6), { batchSize: 2 });
    for (const _ of loader) {
      for (const _ of loader);
      expect(loader.stateDict().position).toBe(1);
      break;
    }
    expect(loader.stateDict().position).toBe(0);
  });

  it("goes through for await", async () => {
    const loader = new DataLoader(new Slow(), { batchSize: 4, shuffle: true });
    const rest: unknown[] = [];
    const resumed = new DataLoader(new Slow(), { batchSize: 4, shuffle: true });
    const all: unknown[] = [];
    for await (const x of loader) {
      all.push(x.tolist());
      if (all.length === 1) resumed.loadStateDict(loader.stateDict());
    }
    for await (const x of resumed) rest.push(x.tolist());
    expect(rest).toEqual(all.slice(1));
  });

  it("refuses states that do not fit, and keeps its own", () => {
    const loader = new DataLoader(range(6), { batchSize: 2 });
    const order = { indices: tensor(Int32Array.of(0, 1, 2)), sizes: tensor(Int32Array.of(2, 1)) };
    const load = (state: Partial<LoaderState>) => () =>
      loader.loadStateDict({ position: 1, order, length: 6, batchSize: 2, ...state });
    expect(load({ length: 7 })).toThrow("expected the state of a loader with length 6, got one with length 7");
    expect(load({ batchSize: 3 })).toThrow("with batchSize 2, got one with batchSize 3");
    expect(load({ position: -1 })).toThrow("expected a position of 0 or more, got -1");
    expect(load({ position: 3 })).toThrow("expected the order of 3 batches or more, got 2 batches of 3 indices");
    expect(load({ order: null })).toThrow("expected an order at position 1");
    expect(load({ order: { ...order, indices: tensor(Int32Array.of(0, 7, 2)) } })).toThrow(
      "DataLoader.loadStateDict: expected indices in [0, 5] in the order, got 7",
    );
    expect(load({ order: { ...order, sizes: zeros(2) } })).toThrow("order.sizes to be an int32 tensor with one dim");
    expect([...loader].length).toBe(3);
  });
});
