import {
  bernoulli,
  F,
  full,
  Generator,
  getRngState,
  manualSeed,
  memory,
  nn,
  noGrad,
  normal,
  rand,
  randint,
  randLike,
  randn,
  randnLike,
  randperm,
  setRngState,
  Tensor,
  tensor,
} from "simdgrad";
import { describe, expect, it } from "vitest";
import { bernoulli_, normal_, uniform_ } from "../../../src/random/fill.js";
import { defaultGenerator } from "../../../src/random/generator.js";
import { f32, f64 } from "../../../src/runtime/kernels.js";
import { expectBits } from "../../support/bytes.js";
import { goldenJson } from "../../support/files.js";

const read = (name: string) => goldenJson(`${name}.json`);
const draws = read("draws");
const rng = read("rng");
const seeds = Object.keys(draws.integers).map((seed): [string, bigint] => [seed, BigInt(seed)]);

type Float = "float32" | "float64";
const DTYPES: Float[] = ["float32", "float64"];

const values = (x: Tensor): number[] => [...x.toTypedArray()];
const rounded = (dtype: Float, list: number[]): number[] => (dtype === "float32" ? list.map(Math.fround) : list);
const empty = (n: number | number[], dtype: Float): Tensor => full([n].flat(), Number.NaN, { dtype });

/** Equal except for the last bits: PyTorch's logarithm, sine and cosine are those of its host. */
function expectClose(actual: Tensor, expected: number[], relative: number): void {
  const list = values(actual);
  expect(list.length).toBe(expected.length);
  const off = list.map((x, i) => Math.abs(x - expected[i]!) / Math.max(Math.abs(expected[i]!), 1e-2));
  expect(Math.max(0, ...off)).toBeLessThanOrEqual(relative);
}

describe.each(Object.keys(draws.streams).flatMap((seed) => DTYPES.map((dtype) => [seed, dtype] as const)))(
  "from seed %s, %s",
  (seed, dtype) => {
    const golden = draws.streams[seed][dtype];
    const each = (draw: (n: number) => Tensor, check: (x: Tensor, i: number) => void) => {
      manualSeed(BigInt(seed));
      draws.sizes.forEach((n: number, i: number) => {
        check(draw(n), i);
      });
    };

    it("draws PyTorch's uniforms exactly", () => {
      each(
        (n) => rand([n], { dtype }),
        (x, i) => expect(values(x)).toEqual(rounded(dtype, golden.rand[i])),
      );
      each(
        (n) => uniform_(empty(n, dtype), -0.37, 0.73),
        (x, i) => expect(values(x)).toEqual(rounded(dtype, golden.uniform[i])),
      );
      manualSeed(BigInt(seed));
      expect(values(rand([10, 100], { dtype })).slice(-4)).toEqual(rounded(dtype, golden.rand_1000_tail));
    });

    it("draws PyTorch's normals, one by one and in blocks", () => {
      const relative = dtype === "float32" ? 1e-6 : 1e-14;
      each(
        (n) => randn([n], { dtype }),
        (x, i) => expectClose(x, golden.randn[i], relative),
      );
      each(
        (n) => normal(0.3, 1.7, [n], { dtype }),
        (x, i) => expectClose(x, golden.normal[i], relative),
      );
      manualSeed(BigInt(seed));
      const tail = tensor(values(randn([1000], { dtype })).slice(-4), { dtype });
      expectClose(tail, golden.randn_1000_tail, relative);
    });

    it("tosses PyTorch's coins", () => {
      manualSeed(BigInt(seed));
      const p = Array.from({ length: 40 }, (_, i) => (i < 20 ? i / 39 : 1 - (39 - i) / 39));
      expect(values(bernoulli(tensor(p, { dtype })))).toEqual(golden.bernoulli);
      manualSeed(BigInt(seed));
      expect(values(bernoulli_(empty(40, dtype), 0.3))).toEqual(golden.bernoulli_p);
      manualSeed(BigInt(seed));
      expect(values(F.dropout(full([40], 1, { dtype }), 0.3))).toEqual(rounded(dtype, golden.dropout));
    });
  },
);

describe.each(seeds)("Generator seeded with %s", (key, seed) => {
  const golden = draws.integers[key];
  const fresh = () => new Generator().manualSeed(seed);

  it("draws PyTorch's integers and permutations", () => {
    const generator = fresh();
    expect([0, 1, 2, 17, 40].map((n) => [...generator.permutation(n)])).toEqual(golden.randperm);
    manualSeed(seed);
    expect([0, 1, 2, 17, 40].map((n) => values(randperm(n)))).toEqual(golden.randperm);
    expect(values(randint(-5, 17, [40], { generator: fresh() }))).toEqual(golden.randint);
    expect(values(randint(-(2 ** 31), 2 ** 31 - 1, [8], { generator: fresh() }))).toEqual(golden.randint_wide);
    expect(fresh().random63()).toBe(BigInt(golden.sampler_seed));
  });

  it("keeps its state in PyTorch's bytes", () => {
    const generator = fresh();
    for (let i = 0; i < 5; i++) generator.normal();
    const expected = Uint8Array.from(atob(golden.state), (char) => char.charCodeAt(0));
    const tail = generator.getState().slice(-expected.length);
    const at = expected.length - 32; // the cached normal, the only part that a logarithm computes
    const kept = new DataView(expected.buffer).getFloat64(at, true);
    expect(new DataView(tail.buffer).getFloat64(at, true) / kept).toBeCloseTo(1, 13);
    tail.set(expected.subarray(at, at + 8), at);
    expect(tail).toEqual(expected);
  });
});

describe("Generator", () => {
  it("goes on from a state it is given, the kept normal too", () => {
    const generator = new Generator().manualSeed(1);
    const seen = (from: Generator) => [from.normal(), from.normal(), from.uniform(), from.random32()];
    generator.normal();
    const state = generator.getState();
    const first = seen(generator);
    expect(seen(new Generator().setState(state))).toEqual(first);
    expect(generator.setState(state).initialSeed()).toBe(1n);
    expect(seen(generator)).toEqual(first);
    const fresh = new Generator().setState(new Generator().manualSeed(9).getState());
    expect(fresh.random32()).toBe(new Generator().manualSeed(9).random32());
  });

  it("fills in pieces what it fills at once", () => {
    const whole = new Float32Array(2000);
    new Generator().manualSeed(5).fillUniform(whole);
    const pieces = new Float32Array(2000);
    const generator = new Generator().manualSeed(5);
    for (const [from, to] of [
      [0, 0],
      [0, 1],
      [1, 624],
      [624, 1248],
      [1248, 2000],
    ]) {
      generator.fillUniform(pieces.subarray(from, to));
    }
    expect(pieces).toEqual(whole);
  });

  it.each([
    ["float32", Float32Array],
    ["float64", Float64Array],
  ] as const)("draws whole blocks by kernels as it draws number by number: %s", (dtype, Floats) => {
    for (const size of [1, 311, 312, 623, 624, 625, 1247, 1248, 3000, 40_001]) {
      for (const drawn of [0, 1, 300, 623, 624, 625]) {
        const [whole, single] = [new Generator().manualSeed(size), new Generator().manualSeed(size)];
        for (let i = 0; i < drawn; i++) expect(whole.random32()).toBe(single.random32());
        const want = new Floats(size);
        single.fillUniform(want);
        expectBits(rand([size], { dtype, generator: whole }).toTypedArray(), want);
        expectBits(whole.getState(), single.getState());
        const ones = bernoulli_(full([size], 7, { dtype }), 0.3, { generator: whole }).toTypedArray();
        const expected = Array.from(ones, () => (single.uniform() < 0.3 ? 1 : 0));
        expectBits(ones, new Floats(expected));
        expectBits(whole.getState(), single.getState());
      }
    }
  });

  it("draws ones and zeros of other types as of float64", () => {
    for (const dtype of ["int32", "bool"] as const) {
      const generator = new Generator().manualSeed(8);
      const ones = bernoulli_(full([2000], 1, { dtype }), 0.7, { generator: new Generator().manualSeed(8) });
      expect(Array.from(ones.toTypedArray())).toEqual(
        Array.from({ length: 2000 }, () => (generator.uniform() < 0.7 ? 1 : 0)),
      );
    }
  });

  it("forgets the kept normal when seeded", () => {
    const generator = new Generator().manualSeed(2);
    const first = generator.normal();
    expect(generator.manualSeed(2).normal()).toBe(first);
  });

  it("starts at PyTorch's default seed, the default one anywhere", () => {
    expect(new Generator().initialSeed()).toBe(67280421310721n);
    expect(new Generator().seed()).not.toBe(new Generator().seed());
  });

  it("takes seeds from -2^63 to 2^64 - 1", () => {
    expect(new Generator().manualSeed(-1).initialSeed()).toBe(2n ** 64n - 1n);
    for (const seed of [0.5, Number.NaN, 2n ** 64n, -(2n ** 63n) - 1n]) {
      expect(() => manualSeed(seed)).toThrow(
        /^manualSeed: expected (an integer from -2\^63 to 2\^64 - 1|seed to be a whole number), got/,
      );
    }
  });

  it("refuses states that are none", () => {
    expect(() => new Generator().setState(new Uint8Array(7))).toThrow("expected 5056 bytes from getState(), got 7");
    expect(() => new Generator().setState(new Uint8Array(5056))).toThrow("got 624 words, left 0, next 0");
  });

  it("saves and restores the default stream", () => {
    manualSeed(4);
    defaultGenerator.random32();
    const state = getRngState();
    const next = defaultGenerator.random32();
    setRngState(state);
    expect(defaultGenerator.random32()).toBe(next);
  });
});

describe("the reference run from seed 0", () => {
  const drawn = (draw: () => Tensor): number[] => {
    manualSeed(0);
    return values(draw());
  };

  it("gives rand and randn", () => {
    manualSeed(0);
    expect(values(rand([8]))).toEqual(rng.rand_f32_8);
    expectClose(randn([5], { generator: new Generator().manualSeed(0) }), rng.randn_f32_5, 1e-6);
    expectClose(randn([5, 8], { generator: new Generator().manualSeed(0) }), rng.randn_f32_40, 1e-6);
  });

  it("gives permutations, integers and dropout", () => {
    expect(drawn(() => randperm(10))).toEqual(rng.randperm_10);
    expect(values(randperm(1000)).slice(0, 20)).toEqual(rng.randperm_1000_head); // after the draws of the first one
    expect(drawn(() => randint(0, 10, [16]))).toEqual(rng.randint_0_10_x16);
    expect(drawn(() => new nn.Dropout(0.2).forward(full([64], 1)))).toEqual(rng["dropout_0.2_ones_64"]);
  });

  it("gives the start of Linear(5, 3), then Conv2d(3, 4, 3)", () => {
    manualSeed(0);
    const layer = (shape: number[], fanIn: number): [Tensor, Tensor] => [
      nn.init.kaimingUniform_(full(shape, 0), { a: Math.sqrt(5) }),
      nn.init.uniform_(full([shape[0]!], 0), -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn)),
    ];
    const [w1, b1] = layer([3, 5], 5);
    expect(values(w1)).toEqual(rng.linear_5_3.weight);
    expect(values(b1)).toEqual(rng.linear_5_3.bias);
    const [w2, b2] = layer([4, 3, 3, 3], 27);
    expect(values(w2)).toEqual(rng.conv_3_4_3.weight);
    expect(values(b2)).toEqual(rng.conv_3_4_3.bias);
  });
});

describe("factories that draw", () => {
  it("take dtype, generator, requiresGrad, and the likeness of a tensor", () => {
    const generator = new Generator().manualSeed(1);
    const before = getRngState();
    const x = rand([2, 3], { dtype: "float64", generator, requiresGrad: true });
    expect([x.shape, x.dtype, x.requiresGrad]).toEqual([[2, 3], "float64", true]);
    expect(getRngState()).toEqual(before);
    expect([randLike(x).dtype, randnLike(x, { dtype: "float32" }).dtype]).toEqual(["float64", "float32"]);
    expect(randint(10, [4], { dtype: "float32" }).dtype).toBe("float32");
    expect(rand([]).shape).toEqual([]);
    expect(values(rand([0, 3]))).toEqual([]);
    expect(values(randn([0]))).toEqual([]);
  });

  it("draw means and deviations element by element", () => {
    const standard = randn([2], { generator: new Generator().manualSeed(3), dtype: "float64" });
    const [a, b] = values(standard) as [number, number];
    const generator = () => ({ generator: new Generator().manualSeed(3) });
    const mean = tensor([[10], [20]], { dtype: "float64", requiresGrad: true });
    expect(values(normal(mean, 0.5, generator()))).toEqual([0.5 * a + 10, 0.5 * b + 20]);
    const std = tensor([2, 3], { dtype: "float64" });
    expect(values(normal(1, std, generator()))).toEqual([2 * a + 1, 3 * b + 1]);
    expect(normal(mean, std, generator()).shape).toEqual([2, 2]);
    expect(normal(mean, std).requiresGrad).toBe(false);
  });

  it("fill transposed and sliced tensors in the order of addresses, as PyTorch does", () => {
    const fresh = () => ({ generator: new Generator().manualSeed(5) });
    const whole = uniform_(empty([4, 5], "float32"), 0, 1, fresh());
    const base = empty([4, 5], "float32");
    uniform_(new Tensor(base.storage, [5, 4], "float32", [1, 5]), 0, 1, fresh());
    expect(values(base)).toEqual(values(whole));
    const rows = empty([4, 5], "float32");
    uniform_(new Tensor(rows.storage, [4, 2], "float32", [5, 1], 1), 0, 1, fresh());
    const kept = values(rows).filter((x) => !Number.isNaN(x));
    expect(kept).toEqual(values(whole).slice(0, 8));
    const normals = empty([4, 5], "float64");
    normal_(new Tensor(normals.storage, [5, 4], "float64", [1, 5]), 0, 1, fresh());
    const { generator } = fresh();
    expect(values(normals)).toEqual(Array.from({ length: 20 }, () => generator.normal()));
  });

  it("say what they expected", () => {
    expect(() => rand([2, -1])).toThrow("rand: expected sizes that are non-negative integers, got [2, -1]");
    expect(() => randn([2], { dtype: "int32" })).toThrow("randn: expected float32 or float64, got int32");
    expect(() => randint(3, 3, [1])).toThrow("randint: expected integers with");
    expect(() => randint(0, 300, [1], { dtype: "uint8" })).toThrow("0 <= low < high <= 256 for uint8");
    expect(() => normal(0, -1, [2])).toThrow("normal_: expected std >= 0, got -1");
    expect(() => bernoulli(tensor([0.5, 1.5]))).toThrow("bernoulli: expected probabilities in [0, 1], got 1.5");
    expect(() => randperm(300, { dtype: "uint8" })).toThrow("randperm: expected n that uint8 can hold, got 300");
    expect(() => uniform_(full([2], 0, { dtype: "int32" }))).toThrow("uniform_: expected a float32 or float64 tensor");
  });
});

describe("dropout", () => {
  it("passes its input on when there is nothing to drop, and drops all with p = 1", () => {
    const before = getRngState();
    const x = full([4], 2);
    const layer = new nn.Dropout(0.4);
    expect(F.dropout(x, 0)).toBe(x);
    expect(layer.eval().forward(x)).toBe(x);
    expect(values(F.dropout(x, 1))).toEqual([0, 0, 0, 0]);
    expect(getRngState()).toEqual(before);
    expect(layer.toString()).toBe("Dropout(p=0.4, inplace=False)");
  });

  it("lets the gradient through where the value went through", () => {
    const x = full([40], 2, { requiresGrad: true });
    const y = F.dropout(x, 0.3);
    y.sum().backward();
    expect(values(x.grad!)).toEqual(values(y).map((value) => value / 2));
  });

  it("refuses what is no probability", () => {
    expect(() => new nn.Dropout(1.5)).toThrow("Dropout: expected p to be a number in [0, 1], got 1.5");
    expect(() => F.dropout(full([2], 1), -0.1)).toThrow("dropout: expected p to be a number in [0, 1], got -0.1");
  });
});

describe.each(DTYPES)("the kernels that make distributions (%s)", (dtype) => {
  const kernels = dtype === "float32" ? f32() : f64();
  const uniforms = () => rand([16 * 7], { dtype, generator: new Generator().manualSeed(11) });

  it.each([0, 1, 3, 7])("give the same bits cut at block %i", (cut) => {
    const [whole, pieces] = [uniforms(), uniforms()];
    kernels.boxMuller(whole.ptr, 0, 7);
    kernels.boxMuller(pieces.ptr, cut, 7);
    kernels.boxMuller(pieces.ptr, 0, cut);
    expect(values(pieces)).toEqual(values(whole));
    kernels.scaleShift(whole.ptr, 0.3, -1.7, 0, 112);
    kernels.scaleShift(pieces.ptr, 0.3, -1.7, 16 * cut + 5, 112);
    kernels.scaleShift(pieces.ptr, 0.3, -1.7, 0, Math.min(16 * cut + 5, 112));
    expect(values(pieces)).toEqual(values(whole));
  });

  it("round scale · x + shift once", () => {
    const epsilon = dtype === "float32" ? 2 ** -23 : 2 ** -52;
    const x = full([1], 1 + epsilon, { dtype });
    kernels.scaleShift(x.ptr, 1 - epsilon, -1, 0, 1); // (1 + ε)(1 - ε) - 1, where rounding the product first gives 0
    expect(x.item()).toBe(-epsilon * epsilon);
  });
});

describe("nn.init", () => {
  describe.each(DTYPES)("%s", (dtype) => {
    const golden = draws.init[dtype];
    const { init } = nn;
    const of = (fill: (x: Tensor) => Tensor, shape: number[]): Tensor => {
      manualSeed(7);
      return fill(empty(shape, dtype));
    };

    it("draws PyTorch's uniforms exactly", () => {
      const check = (x: Tensor, expected: number[]) => expect(values(x)).toEqual(rounded(dtype, expected));
      check(
        of((w) => init.xavierUniform_(w, 1.5), [4, 6]),
        golden.xavierUniform,
      );
      check(
        of((w) => init.kaimingUniform_(w, { a: Math.sqrt(5) }), [4, 6]),
        golden.kaimingUniform,
      );
      check(
        of((w) => init.kaimingUniform_(w, { mode: "fan_out", nonlinearity: "relu" }), [4, 6]),
        golden.kaimingUniform_fan_out_relu,
      );
      check(
        of((w) => init.uniform_(w, -2, 3), [7]),
        golden.uniform,
      );
    });

    it("draws PyTorch's normals", () => {
      const relative = dtype === "float32" ? 1e-6 : 1e-14;
      expectClose(
        of((w) => init.xavierNormal_(w, 0.5), [4, 6]),
        golden.xavierNormal,
        relative,
      );
      expectClose(
        of((w) => init.kaimingNormal_(w), [2, 3, 2, 2]),
        golden.kaimingNormal_conv,
        relative,
      );
      expectClose(
        of((w) => init.normal_(w, 1, 2), [7]),
        golden.normal,
        relative,
      );
    });

    it("cuts normals off and makes matrices orthogonal, as PyTorch but for rounding", () => {
      const relative = dtype === "float32" ? 2e-5 : 1e-12;
      expectClose(
        of((w) => init.truncNormal_(w, 0.5, 2, -1, 1.5), [5, 6]),
        golden.truncNormal,
        relative,
      );
      expectClose(
        of((w) => init.orthogonal_(w, 2), [5, 3]),
        golden.orthogonal_tall,
        relative,
      );
      expectClose(
        of((w) => init.orthogonal_(w), [3, 5]),
        golden.orthogonal_wide,
        relative,
      );
    });
  });

  it("writes constants, ones, zeros and the identity, outside the graph", () => {
    const x = full([2, 3], 9, { requiresGrad: true });
    expect(nn.init.constant_(x, 4)).toBe(x);
    expect(values(x)).toEqual([4, 4, 4, 4, 4, 4]);
    expect(values(nn.init.eye_(x))).toEqual([1, 0, 0, 0, 1, 0]);
    expect(values(nn.init.ones_(x))).toEqual([1, 1, 1, 1, 1, 1]);
    expect(values(nn.init.zeros_(x))).toEqual([0, 0, 0, 0, 0, 0]);
    expect([x.isLeaf, x.requiresGrad]).toEqual([true, true]);
    expect(() => uniform_(x)).toThrow("uniform_: expected a write in place under noGrad");
    expect(noGrad(() => uniform_(x))).toBe(x);
  });

  it("leaves nothing behind in memory", () => {
    const x = full([4, 6], 0);
    const before = memory().bytesInUse;
    for (const fill of [nn.init.ones_, nn.init.eye_, nn.init.orthogonal_, nn.init.truncNormal_]) fill(x);
    normal_(new Tensor(x.storage, [3], "float32"));
    normal_(new Tensor(x.storage, [6, 4], "float32", [1, 6]));
    uniform_(new Tensor(x.storage, [4, 3], "float32", [6, 1]));
    expect(memory().bytesInUse).toBe(before);
  });

  it("knows gains and fans", () => {
    expect(nn.init.calculateGain("relu")).toBe(Math.SQRT2);
    expect(nn.init.calculateGain("leaky_relu")).toBe(Math.sqrt(2 / (1 + 0.01 * 0.01)));
    expect(nn.init.calculateGain("tanh")).toBe(5 / 3);
    expect(nn.init.calculateFanInAndFanOut(full([8, 3, 5, 5], 0))).toEqual([75, 200]);
    expect(() => nn.init.xavierUniform_(full([3], 0))).toThrow(
      "nn.init: expected a tensor of 2 dims or more, got shape [3]",
    );
  });
});
