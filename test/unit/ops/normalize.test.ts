import {
  detectAnomaly,
  F,
  full,
  grad,
  manualSeed,
  nn,
  noGrad,
  ones,
  rand,
  scope,
  type Tensor,
  tensor,
  zeros,
} from "simdgrad";
import { describe, expect, it } from "vitest";
import { differences, read } from "../../support/evaluate.js";
import { goldenJson } from "../../support/files.js";

type Numbers = Readonly<Record<string, number[]>>;
type Layer = "BatchNorm1d" | "BatchNorm2d" | "InstanceNorm1d" | "InstanceNorm2d" | "LayerNorm" | "GroupNorm";
type Run = {
  layer: Layer;
  arguments: (number | number[])[];
  options: Readonly<Record<string, number | boolean | null>>;
  shape: number[];
  dtype: "float32" | "float64";
  seed: number;
  repr: string;
  keys: string[];
  steps: Numbers[];
};
const golden: { sgd: number; runs: Run[] } = goldenJson("normalize.json");

const camel = (name: string): string => name.replace(/_[a-z]/g, (part) => part[1]!.toUpperCase());

type Norm = InstanceType<(typeof nn)[Layer]>;

function made({ layer, arguments: args, options, dtype }: Run): Norm {
  const named = Object.fromEntries(Object.entries(options).map(([key, value]) => [camel(key), value]));
  return Reflect.construct(nn[layer], [...args, { ...named, dtype }]) as Norm;
}

/** The layers of test/golden/normalize.py. */
function step(layer: Norm, shape: number[], dtype: "float32" | "float64"): Record<string, Tensor> {
  const x = rand(shape, { dtype }).mul(3).sub(1).detach();
  x.requiresGrad = true;
  const weights = rand(shape, { dtype });
  const out = layer.forward(x);
  layer.zeroGrad();
  out.mul(weights).sum().backward();
  const grads = layer.namedParameters().map(([name, { grad }]): [string, Tensor] => [`${name}.grad`, grad!]);
  noGrad(() => {
    for (const parameter of layer.parameters()) parameter.sub_(parameter.grad!.mul(golden.sgd));
  });
  return { output: out, "input.grad": x.grad!, ...Object.fromEntries(grads), ...layer.stateDict() };
}

describe("normalising layers", () => {
  it.each(golden.runs)("$layer $arguments $options $shape $dtype trains and evaluates as PyTorch's", (run) => {
    manualSeed(run.seed);
    const layer = made(run);
    expect(layer.toString()).toBe(run.repr);
    expect(Object.keys(layer.stateDict())).toEqual(run.keys);
    const failed = run.steps.flatMap((want, i) => {
      if (i === run.steps.length - 1) layer.eval();
      const got = step(layer, run.shape, run.dtype);
      expect(Object.keys(got)).toEqual(Object.keys(want));
      // Sums of a few terms around 1, scaled by deviations down to 1/4.
      return Object.entries(want).flatMap(([name, values]) =>
        differences(read(got[name]!), values, name === "num_batches_tracked" ? 0 : 64, 1, false).map(
          (text) => `step ${i}, ${name}: ${text}`,
        ),
      );
    });
    expect(failed).toEqual([]);
  });

  it("start at weights 1, biases 0, mean 0, variance 1, and go back there", () => {
    const layer = new nn.BatchNorm1d(2);
    const start = { weight: [1, 1], bias: [0, 0], running_mean: [0, 0], running_var: [1, 1], num_batches_tracked: 0 };
    const state = (): unknown =>
      Object.fromEntries(Object.entries(layer.stateDict()).map(([key, value]) => [key, value.toArray()]));
    expect(state()).toEqual(start);
    const versions = [layer.runningMean!, layer.runningVar!, layer.numBatchesTracked!];
    const before = versions.map(({ storage }) => storage.version);
    layer.forward(rand([5, 2]));
    expect(versions.map(({ storage }, i) => storage.version - before[i]!)).toEqual([1, 1, 1]);
    noGrad(() => layer.weight!.fill_(3));
    layer.resetRunningStats();
    expect(state()).toEqual({ ...start, weight: [3, 3] });
    layer.resetParameters();
    expect(state()).toEqual(start);
    expect(layer.numBatchesTracked!.dtype).toBe("int32");
  });

  it("leave statistics alone when an input is refused, and in evaluation", () => {
    const layer = new nn.BatchNorm1d(2, { momentum: null });
    layer.forward(
      tensor([
        [1, 2],
        [3, 5],
      ]),
    );
    const state = (): unknown[] => Object.values(layer.stateDict()).map((value) => [...value.toTypedArray()]);
    const before = state();
    const refuse = (x: Tensor, error: string): void => {
      expect(() => layer.forward(x)).toThrow(error);
      expect(state()).toEqual(before);
    };
    refuse(ones([1, 2]), "batchNorm: expected more than 1 value per channel when training, got input [1, 2]");
    refuse(ones([2, 3]), "BatchNorm1d(2): expected input [N, 2] or [N, 2, L], got [2, 3]");
    refuse(ones([2]), "BatchNorm1d(2): expected input [N, 2] or [N, 2, L], got [2]");
    refuse(
      ones([2, 2], { dtype: "float64" }),
      "BatchNorm1d(2): expected input of the layer's dtype float32, got float64. Convert the input with .to(dtype), or the model with .double() or .float()",
    );
    layer.eval().forward(ones([1, 2]));
    expect(state()).toEqual(before);
    layer.train();
    const bad = tensor([
      [1, 2],
      [Number.NaN, 5],
    ]);
    expect(() => detectAnomaly(() => layer.forward(bad))).toThrow("detectAnomaly: expected finite values, got NaN");
    expect(state()).toEqual(before);
  });

  it("convert with their module", () => {
    const layer = new nn.BatchNorm2d(2).double();
    expect(Object.values(layer.stateDict()).map(({ dtype }) => dtype)).toEqual([
      ...new Array<string>(4).fill("float64"),
      "int32",
    ]);
    layer.forward(rand([2, 2, 3, 3], { dtype: "float64" }));
    expect(layer.numBatchesTracked!.item()).toBe(1);
    expect(layer.runningMean!.toArray()).not.toEqual([0, 0]);
  });

  it("refuse inputs and options by name", () => {
    expect(() => new nn.BatchNorm2d(3).forward(ones([2, 3, 4]))).toThrow(
      "BatchNorm2d(3): expected input [N, 3, H, W], got [2, 3, 4]",
    );
    expect(() => new nn.InstanceNorm1d(3).forward(ones([2, 4, 5]))).toThrow(
      "InstanceNorm1d(3): expected input [N, 3, L] or [3, L], got [2, 4, 5]",
    );
    expect(() => new nn.InstanceNorm2d(3).forward(ones([3, 1, 1]))).toThrow(
      "instanceNorm: expected more than 1 place per channel when training, got input [1, 3, 1, 1]",
    );
    expect(() => new nn.LayerNorm([2, 3]).forward(ones([2, 4]))).toThrow(
      "LayerNorm([2, 3]): expected input [*, 2, 3], got [2, 4]",
    );
    expect(() => new nn.LayerNorm(2).forward(ones([2], { dtype: "float64" }))).toThrow(
      "LayerNorm([2]): expected input of the layer's dtype float32, got float64",
    );
    expect(() => new nn.GroupNorm(2, 4).forward(ones([2, 3]))).toThrow(
      "GroupNorm(2, 4): expected input [N, 4, *], got [2, 3]",
    );
    expect(() => new nn.GroupNorm(2, 3)).toThrow("GroupNorm: expected groups that divide the 3 channels, got 2");
    expect(() => new nn.GroupNorm(1, -1)).toThrow(
      "GroupNorm: expected numChannels to be a whole number of at least 0, got -1",
    );
    expect(() => new nn.BatchNorm1d(1.5)).toThrow(
      "BatchNorm1d: expected numFeatures to be a whole number of at least 0, got 1.5",
    );
    expect(() => new nn.LayerNorm([])).toThrow("LayerNorm: expected the sizes of at least one dim, got []");
  });
});

describe("batchNorm", () => {
  it("writes running statistics wherever they lie, or refuses", () => {
    const x = tensor([
      [1, 10],
      [3, 30],
    ]);
    const [wide, narrow] = [zeros([4]), zeros([2])];
    const strided = wide.index("::2");
    F.batchNorm(x, strided, ones([2]), { training: true, momentum: 0.5 });
    F.batchNorm(x, narrow, null, { training: true, momentum: 0.5 });
    expect(narrow.toArray()).toEqual([1, 10]);
    expect(wide.toArray()).toEqual([1, 0, 10, 0]);
    const expanded = zeros([1]).expand([2]);
    expect(() => F.batchNorm(x, expanded, null, { training: true })).toThrow(
      "batchNorm: expected a tensor whose elements have memory of their own, got an expanded one of shape [2]",
    );
    expect(expanded.toArray()).toEqual([0, 0]);
  });

  it("gives gradients in evaluation though statistics move on", () => {
    const layer = new nn.BatchNorm1d(1).eval();
    const x = tensor([[1], [2]]);
    x.requiresGrad = true;
    const out = layer.forward(x);
    layer.train().forward(tensor([[100], [200]]));
    out.sum().backward();
    expect(x.grad!.toArray()).toEqual([[Math.fround(1 / Math.sqrt(1 + 1e-5))], [Math.fround(1 / Math.sqrt(1 + 1e-5))]]);
  });
});

/** The mean and 1 / √(variance + eps) of a few numbers, in float64. */
function moments(values: readonly number[], eps: number): [number, number] {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  return [mean, 1 / Math.sqrt(variance + eps)];
}

describe("normalisation of hard inputs", () => {
  const calls: [string, (x: Tensor) => Tensor][] = [
    ["batchNorm", (x) => F.batchNorm(x.view(1, 1, -1), null, null, { training: true })],
    ["batchNorm of columns", (x) => F.batchNorm(x.view(-1, 1), null, null, { training: true })],
    ["layerNorm", (x) => F.layerNorm(x.view(1, -1), x.numel)],
    ["layerNorm with weights", (x) => F.layerNorm(x.view(1, -1), x.numel, { weight: full([x.numel], 1) })],
    ["groupNorm", (x) => F.groupNorm(x.view(1, 2, -1), 1)],
    ["instanceNorm", (x) => F.instanceNorm(x.view(1, 1, -1))],
  ];

  it.each(calls)("%s keeps float32's digits at offsets of 1e4 and more", (_, op) => {
    for (const offset of [1e4, -1e6, 16777216]) {
      const unit = Math.max(1, Math.abs(offset) / 8388608) / 64;
      const x = tensor(Float32Array.from({ length: 2050 }, (__, i) => offset + ((i * 37) % 101) * unit));
      const values = [...x.toTypedArray()];
      const [mean, scale] = moments(values, 1e-5);
      const want = values.map((value) => (value - mean) * scale);
      expect(differences(read(op(x)), want, 8, 1, false)).toEqual([]);
    }
  });

  it.each(calls)("%s gives exact zeros for constants", (_, op) => {
    for (const value of [3, 0.1, -12345.678, 1e-20]) {
      const x = full([300], value);
      x.requiresGrad = true;
      const out = op(x);
      expect(new Set(out.toTypedArray())).toEqual(new Set([0]));
      const [dx] = grad(out.mul(0.5).sum(), [x]);
      expect(Math.max(...dx!.abs().toTypedArray())).toBe(0);
    }
  });

  it("leaves other channels alone when one is NaN", () => {
    const x = tensor([
      [
        [1, Number.NaN],
        [1, 3],
      ],
    ]);
    for (const out of [F.batchNorm(x, null, null, { training: true }), F.instanceNorm(x), F.groupNorm(x, 2)]) {
      expect([...out.toTypedArray()].map((value) => Math.round(value))).toEqual([Number.NaN, Number.NaN, -1, 1]);
    }
  });

  it("has third derivatives", () => {
    // Numbers from PyTorch's autograd on the formula; the row in test/cases/ tests second gradients.
    scope(() => {
      const x = tensor(
        [
          [0.5, -1, 2],
          [1.5, 0.25, -0.75],
        ],
        { dtype: "float64" },
      );
      x.requiresGrad = true;
      const formula = (y: Tensor): Tensor => {
        const d = y.sub(y.mean(1, { keepdim: true }));
        return d.div(d.mul(d).mean(1, { keepdim: true }).add(0.1).sqrt());
      };
      const third = (f: (y: Tensor) => Tensor): Tensor => {
        let g = f(x).pow(3).sum();
        for (const order of [1, 2, 3]) {
          const [dx] = grad(g, [x], { createGraph: true });
          g = dx!.mul(tensor([1, order, -0.5], { dtype: "float64" })).sum();
        }
        return g;
      };
      const want = third(formula).item();
      for (const f of [
        (y: Tensor) => F.layerNorm(y, 3, { eps: 0.1 }),
        (y: Tensor) => F.layerNorm(y, 3, { eps: 0.1, weight: ones([3], { dtype: "float64" }) }),
        (y: Tensor) => F.batchNorm(y.t(), null, null, { training: true, eps: 0.1 }).t(),
      ]) {
        expect(Math.abs(third(f).item() - want)).toBeLessThanOrEqual(1e-11 * Math.abs(want));
      }
    });
  });
});
