import { F, gradcheck, gradgradcheck, nn, type Tensor, tensor } from "simdgrad";
import { describe, expect, it } from "vitest";
import { goldenJson } from "../../support/files.js";

type Value = number | string | Value[];
type LossCase = {
  fn: "mseLoss" | "l1Loss" | "smoothL1Loss" | "huberLoss" | "klDiv" | "nllLoss" | "crossEntropy" | "binaryCrossEntropy";
  dtype: "float32" | "float64";
  input: Value;
  inputShape: number[];
  target: Value;
  targetShape: number[];
  labels: boolean;
  options: Record<string, Value>;
  out: Value;
  outShape: number[];
  grad: Value;
  targetGrad?: Value;
};
type SoftmaxCase = {
  fn: "softmax" | "logSoftmax";
  dtype: "float32" | "float64";
  input: Value;
  inputShape: number[];
  dim: number;
  out: Value;
  grad: Value;
};
const golden: { losses: LossCase[]; softmaxes: SoftmaxCase[] } = goldenJson("loss.json");

/** Nested numbers (NaN and infinities as text, which JSON lacks) as a flat list. */
const flat = (value: Value): number[] => (Array.isArray(value) ? value.flatMap(flat) : [Number(value)]);
const shapeOf = (value: Value): number[] => (Array.isArray(value) ? [value.length, ...shapeOf(value[0]!)] : []);

function shaped(value: Value, shape: number[], dtype: "float32" | "float64" | "int32"): Tensor {
  return tensor(Float64Array.from(flat(value)), { shape, dtype });
}

const TOLERANCE = { float32: 3e-6, float64: 1e-13 };

/** Equal to PyTorch's, relative to 1 or to the expected value; NaN and infinities exactly. */
function differs(got: Tensor, want: Value, tolerance: number): string[] {
  const values = got.toTypedArray();
  const expected = flat(want);
  if (values.length !== expected.length) return [`${values.length} elements instead of ${expected.length}`];
  return expected.flatMap((x, i) => {
    const y = values[i]!;
    const same = Object.is(x, y) || Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(x));
    return same ? [] : [`${y} instead of ${x} at ${i}`];
  });
}

function optionsOf({ options, dtype }: LossCase): object {
  const entries = Object.entries(options).map(([name, value]) => {
    if (name !== "weight" && name !== "posWeight") return [name, value];
    return [name, shaped(value, shapeOf(value), dtype)];
  });
  return Object.fromEntries(entries);
}

/** The weights 1, 2, 3 … of the outputs, for the golden gradients. */
function backwardFrom(out: Tensor, dtype: "float32" | "float64"): void {
  out.backward(
    tensor(
      Float64Array.from({ length: out.numel }, (_, i) => i + 1),
      { shape: out.shape, dtype },
    ),
  );
}

describe("losses equal PyTorch's, and so do their gradients", () => {
  const names = new Set(golden.losses.map((row) => `${row.fn} ${row.dtype}`));
  it.each([...names])("%s", (name) => {
    const rows = golden.losses.filter((row) => `${row.fn} ${row.dtype}` === name);
    const failed = rows.flatMap((row) => {
      const x = shaped(row.input, row.inputShape, row.dtype);
      const y = shaped(row.target, row.targetShape, row.labels ? "int32" : row.dtype);
      x.requiresGrad = true;
      if (row.targetGrad !== undefined) y.requiresGrad = true;
      const out = F[row.fn](x, y, optionsOf(row));
      const tolerance = TOLERANCE[row.dtype];
      const problems = differs(out, row.out, tolerance).map((text) => `value ${text}`);
      expect(out.shape).toEqual(row.outShape);
      backwardFrom(out, row.dtype);
      problems.push(...differs(x.grad!, row.grad, tolerance).map((text) => `gradient ${text}`));
      if (row.targetGrad !== undefined) {
        problems.push(...differs(y.grad!, row.targetGrad, tolerance).map((text) => `target's gradient ${text}`));
      }
      return problems.map(
        (text) => `${JSON.stringify(row.options)} ${JSON.stringify(row.input).slice(0, 60)}: ${text}`,
      );
    });
    expect(failed).toEqual([]);
  });
});

describe("softmax and logSoftmax equal PyTorch's", () => {
  it.each(golden.softmaxes.map((row) => [`${row.fn} ${row.dtype} [${row.inputShape}] dim ${row.dim}`, row] as const))(
    "%s",
    (_, row) => {
      const x = shaped(row.input, row.inputShape, row.dtype);
      x.requiresGrad = true;
      const out = F[row.fn](x, row.dim);
      backwardFrom(out, row.dtype);
      expect(differs(out, row.out, TOLERANCE[row.dtype])).toEqual([]);
      const largest = Math.max(1, out.numel); // the largest incoming gradient: sums of them cancel
      expect(differs(x.grad!, row.grad, largest * TOLERANCE[row.dtype])).toEqual([]);
    },
  );
});

describe("gradients of any order", () => {
  const x = (values: number[], shape = [values.length]): Tensor =>
    tensor(Float64Array.from(values), { shape, requiresGrad: true });
  const probabilities = (): [Tensor, Tensor] => [x([0.2, 0.7, 0.4, 0.9, 0.55]), x([0.1, 0.8, 0.3, 0.6, 0.35])];
  const numbers = (): [Tensor, Tensor] => [x([0.2, -1.7, 1.4, 3.1, -0.55]), x([1.1, 0.8, -0.3, 2.8, -0.35])];
  const labels = tensor([2, 0, 1], { dtype: "int32" });
  const logits = (): Tensor => x([0.3, -1, 0.5, 2, 0.1, -0.4, 0.7, 0.2, -2], [3, 3]);
  const weight = tensor([0.5, 2, 1], { dtype: "float64" });

  const pairs: [string, () => [Tensor, Tensor], (x: Tensor, y: Tensor, reduction: F.Reduction) => Tensor][] = [
    ["mseLoss", numbers, (a, b, reduction) => F.mseLoss(a, b, { reduction })],
    ["l1Loss", numbers, (a, b, reduction) => F.l1Loss(a, b, { reduction })],
    ["smoothL1Loss", numbers, (a, b, reduction) => F.smoothL1Loss(a, b, { reduction, beta: 0.7 })],
    ["huberLoss", numbers, (a, b, reduction) => F.huberLoss(a, b, { reduction, delta: 0.7 })],
    ["binaryCrossEntropy", probabilities, (a, b, reduction) => F.binaryCrossEntropy(a, b, { reduction })],
    ["klDiv", probabilities, (a, b, reduction) => F.klDiv(a, b, { reduction })],
    ["klDiv logTarget", numbers, (a, b, reduction) => F.klDiv(a, b, { reduction, logTarget: true })],
    ["binaryCrossEntropyWithLogits", numbers, (a, b, reduction) => F.binaryCrossEntropyWithLogits(a, b, { reduction })],
  ];
  describe.each(["mean", "sum", "none"] as const)("%s", (reduction) => {
    it.each(pairs)("%s, by input and target", (_, inputs, loss) => {
      const [a, b] = inputs();
      const fn = (p: Tensor, q: Tensor): Tensor => loss(p, q, reduction);
      expect(gradcheck(fn, [a, b])).toBe(true);
      expect(gradgradcheck(fn, [a, b])).toBe(true);
    });

    it("binaryCrossEntropyWithLogits, by posWeight too", () => {
      const [a, b] = numbers();
      const fn = (p: Tensor, q: Tensor, w: Tensor): Tensor =>
        F.binaryCrossEntropyWithLogits(p, q, { reduction, posWeight: w });
      const posWeight = x([0.5, 2, 1, 3, 0.25]);
      expect(gradcheck(fn, [a, b, posWeight])).toBe(true);
      expect(gradgradcheck(fn, [a, b, posWeight])).toBe(true);
    });

    it.each([
      ["labels", (p: Tensor) => F.crossEntropy(p, labels, { reduction })],
      ["weights and smoothing", (p: Tensor) => F.crossEntropy(p, labels, { reduction, weight, labelSmoothing: 0.2 })],
      ["probabilities", (p: Tensor) => F.crossEntropy(p, F.softmax(logits().detach(), 1), { reduction, weight })],
    ])("crossEntropy with %s", (_, fn) => {
      expect(gradcheck(fn, logits())).toBe(true);
      expect(gradgradcheck(fn, logits())).toBe(true);
    });
  });

  it.each([0, 1])("softmax and logSoftmax along dim %d", (dim) => {
    for (const fn of [F.softmax, F.logSoftmax]) {
      expect(gradcheck((p) => fn(p, dim), logits())).toBe(true);
      expect(gradgradcheck((p) => fn(p, dim), logits())).toBe(true);
    }
  });
});

describe("modules", () => {
  const input = tensor([
    [0.2, 0.7],
    [0.4, 0.9],
  ]);
  const target = tensor([
    [0, 1],
    [1, 1],
  ]);
  const labels = tensor([1, 0], { dtype: "int32" });
  const weight = tensor([0.5, 2]);

  it.each([
    [new nn.MSELoss({ reduction: "sum" }), target, F.mseLoss(input, target, { reduction: "sum" })],
    [new nn.L1Loss(), target, F.l1Loss(input, target)],
    [new nn.SmoothL1Loss({ beta: 0.5 }), target, F.smoothL1Loss(input, target, { beta: 0.5 })],
    [new nn.HuberLoss({ delta: 0.5 }), target, F.huberLoss(input, target, { delta: 0.5 })],
    [new nn.KLDivLoss({ reduction: "batchmean" }), target, F.klDiv(input, target, { reduction: "batchmean" })],
    [new nn.BCELoss({ weight }), target, F.binaryCrossEntropy(input, target, { weight })],
    [
      new nn.BCEWithLogitsLoss({ weight, posWeight: weight }),
      target,
      F.binaryCrossEntropyWithLogits(input, target, { weight, posWeight: weight }),
    ],
    [
      new nn.CrossEntropyLoss({ weight, labelSmoothing: 0.1, ignoreIndex: 0 }),
      labels,
      F.crossEntropy(input, labels, { weight, labelSmoothing: 0.1, ignoreIndex: 0 }),
    ],
    [new nn.NLLLoss({ weight }), labels, F.nllLoss(input, labels, { weight })],
  ])("hand their options to the functions: %s", (module, y, want) => {
    expect(module.forward(input, y).toArray()).toEqual(want.toArray());
  });

  it("keep weights as buffers under PyTorch's names", () => {
    const criterion = new nn.BCEWithLogitsLoss({ weight, posWeight: weight });
    expect(Object.keys(criterion.stateDict())).toEqual(["weight", "pos_weight"]);
    criterion.double();
    expect(criterion.forward(input.double(), target.double()).dtype).toBe("float64");
    expect(Object.keys(new nn.CrossEntropyLoss().stateDict())).toEqual([]);
  });

  it("Softmax and LogSoftmax take the dim that PyTorch takes", () => {
    expect(new nn.Softmax(1).forward(input).toArray()).toEqual(F.softmax(input, 1).toArray());
    expect(new nn.LogSoftmax(-1).forward(input).toArray()).toEqual(F.logSoftmax(input, 1).toArray());
  });
});

describe("bad input", () => {
  const pair = tensor([0.5, 0.5]);
  const logits = tensor([
    [1, 2, 3],
    [1, 2, 3],
  ]);
  const int = (values: number[]): Tensor => tensor(values, { dtype: "int32" });
  const half = tensor([0.5, 0.5], { dtype: "float64" });

  it.each([
    [
      () => F.binaryCrossEntropy(tensor([[0.5, 1.5]]), tensor([[0, 1]])),
      "binaryCrossEntropy: expected input in [0, 1], got 1.5 at [0, 1]. Apply a sigmoid first, or use binaryCrossEntropyWithLogits (BCEWithLogitsLoss)",
    ],
    [() => F.binaryCrossEntropy(tensor([Number.NaN, 0.5]), pair), "got NaN at [0]"],
    [() => F.binaryCrossEntropy(tensor([0, 0, 0, 0, 0, 0, -0.1, 2]), tensor(new Float32Array(8))), "at [6]"],
    [() => F.binaryCrossEntropy(pair, tensor([0, 2])), "expected target in [0, 1], got 2 at [1]"],
    [
      () => F.mseLoss(tensor([[1], [2]]), tensor([1, 2])),
      "mseLoss: expected a target of the input's shape [2, 1], got [2]. Losses do not broadcast: reshape one of them with view, squeeze or unsqueeze",
    ],
    [
      () => F.l1Loss(pair, half),
      'expected a target of the input\'s dtype float32, got float64. Convert the target with .to("float32")',
    ],
    [() => F.mseLoss(int([1]), int([1])), "mseLoss: expected a float32 or float64 tensor, got int32"],
    [
      () => F.mseLoss(pair, pair, { reduction: "avg" as "mean" }),
      'expected reduction to be "mean", "sum" or "none", got "avg"',
    ],
    [
      () => F.binaryCrossEntropy(pair, pair, { weight: half }),
      "expected a weight of the input's dtype float32, got float64",
    ],
    [
      () => F.binaryCrossEntropy(pair, pair, { weight: tensor([[1], [1]]) }),
      "expected a weight that broadcasts to [2], got [2, 1]",
    ],
    [() => F.smoothL1Loss(pair, pair, { beta: -1 }), "smoothL1Loss: expected beta ≥ 0, got -1"],
    [() => F.huberLoss(pair, pair, { delta: 0 }), "huberLoss: expected delta > 0, got 0"],
    [
      () => F.crossEntropy(logits, int([0, 3])),
      "crossEntropy: expected labels in [0, 2] for 3 classes (or ignoreIndex -100), got 3 at [1]",
    ],
    [
      () => F.nllLoss(logits, int([-1, 0])),
      "nllLoss: expected labels in [0, 2] for 3 classes (or ignoreIndex -100), got -1 at [0]",
    ],
    [() => F.crossEntropy(logits, int([0, 1, 2])), "expected labels of shape [2] for input [2, 3], got [3]"],
    [
      () => F.crossEntropy(logits, pair),
      "crossEntropy: expected int32 labels of shape [2], got float32 of shape [2]. Convert labels with .int(); class probabilities, which crossEntropy also takes, have the shape and dtype of the input",
    ],
    [() => F.crossEntropy(logits, logits.double()), "expected probabilities of the input's dtype float32, got float64"],
    [() => F.crossEntropy(logits, int([0, 1]), { weight: pair }), "expected a weight for each of 3 classes, got [2]"],
    [() => F.crossEntropy(logits, int([0, 1]), { labelSmoothing: 2 }), "expected labelSmoothing in [0, 1], got 2"],
    [() => F.softmax(int([1]), 0), "softmax: expected a float32 or float64 tensor, got int32"],
    [() => F.softmax(logits, 2), "softmax: expected a dim in [-2, 1], got 2"],
    [() => new nn.Softmax(0.5), "Softmax: expected dim to be a whole number, got 0.5"],
  ])("%s", (make, message) => {
    expect(make).toThrow(message);
  });
});
