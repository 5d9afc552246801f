/** Bad input: a clear error that names the user's call, and no change of values or memory. */
import {
  cat,
  F,
  full,
  getRngState,
  grad,
  keep,
  manualSeed,
  memory,
  nn,
  noGrad,
  ones,
  optim,
  rand,
  type Scope,
  scope,
  type Tensor,
  type TypedArray,
  tensor,
  ValueError,
  where,
  zeros,
} from "simdgrad";
import { DataLoader } from "simdgrad/data";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** Runs a call that must throw and checks that values, gradients and memory are as before. */
function refuses(call: () => unknown, text: string | RegExp, untouched: Tensor[] = []): void {
  const before = untouched.map((x) => [x.toArray(), x.grad?.toArray(), x.storage.version]);
  const bytes = memory().bytesInUse;
  expect(() => scope(() => void call())).toThrow(text);
  expect(untouched.map((x) => [x.toArray(), x.grad?.toArray(), x.storage.version])).toEqual(before);
  expect(memory().bytesInUse).toBe(bytes);
}

describe("bad input", () => {
  let outer: Scope;
  beforeEach(() => {
    outer = scope();
    manualSeed(0);
  });
  afterEach(() => outer.close());

  it("mismatched shapes", () => {
    const a = tensor([[1, 2, 3]]);
    const b = tensor([1, 2]);
    refuses(
      () => a.add(b),
      /^add: expected shapes that broadcast .* got \[1, 3\] and \[2\], which differ at dim 1 \(3 against 2\)/,
      [a, b],
    );
    refuses(() => a.matmul(b), /matmul: .*\[1, 3\].*\[2\]/, [a, b]);
    refuses(() => a.view(2, 2), /view: expected sizes that hold 3 elements, got \[2, 2\]/, [a]);
    refuses(() => noGrad(() => b.copy_(a)), /copy_: .*\[2\].*\[1, 3\]/, [a, b]);
    const layer = new nn.Linear(400, 120);
    refuses(() => layer.forward(zeros([4, 401])), "Linear(400, 120): expected input [*, 400], got [4, 401]");
    refuses(() => new nn.MSELoss().forward(zeros([4, 1]), zeros([4])), /MSELoss|mseLoss/);
  });

  it("sizes that are none", () => {
    const x = tensor([[1, 2, 3]]);
    refuses(() => x.expand(-1, 3, -1), "expand: expected a shape that [1, 3] broadcasts to, got [-1, 3, -1]");
    refuses(() => x.expand(1.5, 3), /^expand: .* got \[1.5, 3\]/);
    refuses(() => x.expand(Number.NaN, 3), /^expand: .* got \[NaN, 3\]/);
    refuses(() => x.repeat(1.5, 1), "repeat: expected repeats to be a list of whole numbers, got [1.5, 1]");
    refuses(
      () => x.repeatInterleave(0.5, 0),
      "repeatInterleave: expected repeats to be a whole number of at least 0, got 0.5",
    );
    refuses(() => x.split([-1, 2]), "split: expected sizes that are non-negative integers, got [-1, 2]");
    refuses(() => zeros([2 ** 31], { dtype: "uint8" }), /^zeros: expected fewer than 2\^31 elements/);
    expect(zeros([1e300, 1e300, 0]).numel).toBe(0);
    refuses(() => zeros([1e300, 1e300]), /^zeros: expected to fit 4 GiB/);
    tensor([[1, 2]])
      .expand(2, 2)
      .t()
      .clone(); // allocates the memory for sizes and strides
    const deep = zeros([2, ...new Array<number>(600).fill(1), 3]).transpose(0, -1);
    expect(deep.clone().shape).toEqual(deep.shape);
    refuses(
      () => where(deep.gt(0), deep, 1),
      /^shape: expected a tensor of fewer dims, got one whose sizes and strides are 2409 numbers/,
    );
    expect(zeros([300, 300]).sum().item()).toBe(0); // the heap still works
  });

  it("values of other kinds, from callers without types", () => {
    const x = tensor([1, 2]);
    const anything = <T>(value: unknown): T => value as T;
    refuses(() => manualSeed(0.5), "manualSeed: expected seed to be a whole number, got 0.5");
    expect(() => manualSeed(0.5)).toThrow(ValueError);
    refuses(() => x.add(anything<number>([1, 2])), "add: expected a tensor or a number as other, got [1, 2]. Make it");
    refuses(() => x.mul(anything<number>(undefined)), "mul: expected a tensor or a number as other, got undefined");
    refuses(
      () => x.to(anything("half")),
      'to: expected "float32", "float64", "int32", "uint8" or "bool" as dtype, got "half"',
    );
    refuses(
      () => tensor(anything<TypedArray>(new Int8Array(2))),
      "tensor: expected a dtype for the elements of a Int8Array",
    );
    expect(tensor(anything<TypedArray>(new Int8Array([1, -2])), { dtype: "int32" }).toArray()).toEqual([1, -2]);
    refuses(
      () => tensor(anything<TypedArray>(new BigInt64Array(2))),
      "tensor: expected a typed array of numbers, got a BigInt64Array",
    );
    refuses(() => tensor([1, 2, 3, 4], { shape: [2, 2] }), "tensor: expected a typed array beside shape");
    refuses(() => full(anything<number[]>(3), 1), "full: expected size to be a list of whole numbers, got 3");
    refuses(() => x.to(anything(undefined)), /^to: expected .* or "bool" as dtype, got undefined$/);
    refuses(() => new nn.Sequential(anything<nn.Module>(x)), "Sequential: expected a module at position 0, got object");
    refuses(
      () => new nn.Sequential(anything<nn.Module>(F.relu)),
      "Sequential: expected a module at position 0, got function",
    );
    const params = [tensor([1], { requiresGrad: true })];
    refuses(
      () => new optim.SGD(params, anything<{ lr: number }>({})),
      "SGD: expected a lr, or groups that each have their own, got none. Write { lr: 0.1 }",
    );
    refuses(
      () => new optim.Adam(params, anything<{ lr: number }>({ learningRate: 1 })),
      /^Adam: expected Adam\(params, lr, .* got learningRate/,
    );
    refuses(() => new optim.Adam(params, { lr: anything("0.1") }), 'Adam: expected lr to be a number, got "0.1"');
  });

  it("mismatched dtypes", () => {
    const layer = new nn.Linear(2, 2);
    refuses(
      () => layer.forward(zeros([1, 2], { dtype: "float64" })),
      "Linear(2, 2): expected input of the layer's dtype float32, got float64. Convert",
    );
    refuses(() => tensor([1, 2], { dtype: "int32", requiresGrad: true }), /float32 or float64 tensor, got int32/);
    refuses(() => tensor([1, 2], { dtype: "int32" }).mean(), /mean: .*int32/);
    refuses(() => F.crossEntropy(zeros([2, 3]), tensor([0.5, 1])), /int32/);
  });

  it("backward twice, and on a non-scalar", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = x.mul(x);
    refuses(() => y.backward(), /backward: expected a scalar to start from, got shape \[2\]\. Reduce it/, [x]);
    const loss = y.sum();
    loss.backward();
    refuses(
      () => loss.backward(),
      /backward: .* already went through \(at mul\)\. Call backward\(\{ retainGraph: true \}\)/,
      [x],
    );
  });

  it("a freed tensor", () => {
    let lost: Tensor = tensor(0);
    scope(() => {
      lost = rand([2]).mul(2);
    });
    refuses(
      () => lost.add(1),
      /^add: expected a live tensor as input, got one whose memory was freed: made by mul, .* return it from the scope$/,
    );
    expect(String(Object(lost)[Symbol.for("nodejs.util.inspect.custom")]())).toBe("tensor(freed, shape=[2])");
    const kept = keep(tensor([1]));
    kept.free();
    refuses(() => kept.item(), /expected a live tensor/);
  });

  it("a write in place that would break a gradient", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    refuses(() => w.add_(1), /^add_: expected a write in place under noGrad.* Write noGrad/, [w]);
    const loss = w.mul(w).sum();
    noGrad(() => w.add_(1));
    refuses(() => loss.backward(), /^backward: mul needs the value .* written in place 1 time/, [w]);
  });

  it("what is no tensor, from callers without types", () => {
    const x = tensor([[1, 2]]);
    const no = JSON.parse("null") as Tensor;
    const list = JSON.parse("[[1, 2]]") as Tensor;
    const layer = new nn.Linear(2, 2);
    refuses(() => x.matmul(no), "matmul: expected a tensor as other, got null", [x]);
    refuses(
      () => layer.forward(list),
      "Linear(2, 2): expected a tensor as input, got an array. Make it a tensor with tensor(…)",
    );
    refuses(
      () => F.crossEntropy(x, list),
      "crossEntropy: expected a tensor as target, got an array. Make it a tensor with tensor(…)",
      [x],
    );
    refuses(() => F.mseLoss(x, no), "mseLoss: expected a tensor as target, got null", [x]);
    refuses(() => cat([x, no]), "cat: expected a list of tensors as tensors, got an array", [x]);
  });

  it("a write in place to an expanded tensor", () => {
    const x = tensor([1]);
    const text =
      /expected a tensor whose elements have memory of their own, got an expanded one of shape \[3\]\. Clone/;
    refuses(() => x.expand(3).add_(1), text, [x]);
    refuses(() => x.expand(3).copy_(tensor([1, 2, 3])), text, [x]);
  });

  it("a loss fed the wrong range", () => {
    const target = tensor([1, 0]);
    refuses(() => new nn.BCELoss().forward(tensor([1.5, 0.5]), target), /\[0, 1\].*1\.5.*(sigmoid|BCEWithLogitsLoss)/);
    refuses(() => new nn.BCELoss().forward(tensor([Number.NaN, 0.5]), target), /NaN/i);
    const labels = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });
    const scores = tensor(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      { requiresGrad: true },
    );
    refuses(() => new nn.CrossEntropyLoss().forward(scores, labels(0, 3)), /3.*classes|classes.*3/, [scores]);
    refuses(() => new nn.CrossEntropyLoss().forward(scores, labels(-1, 0)), /-1/, [scores]);
    refuses(() => new nn.CrossEntropyLoss().forward(scores, labels(0, 1, 2)), /\[2, 3\].*\[3\]|\[3\].*\[2, 3\]/, [
      scores,
    ]);
  });

  it("a user's module that forgot its parameters", () => {
    class Forgetful extends nn.Module {
      layers = [new nn.Linear(2, 2)];
      forward(x: Tensor): Tensor {
        return x;
      }
    }
    class Empty extends nn.Module {
      forward(x: Tensor): Tensor {
        return x;
      }
    }
    expect(() => new optim.SGD(new Forgetful().parameters(), { lr: 0.1 })).toThrow(
      /Forgetful\.layers: .*nn\.ModuleList/,
    );
    expect(() => new optim.SGD(new Empty().parameters(), { lr: 0.1 })).toThrow(
      /^SGD: expected at least one parameter, got an empty list/,
    );
  });

  it("5 GiB asked", () => {
    const held = zeros([1 << 20]);
    refuses(
      () => zeros([5 * 2 ** 28]),
      /expected to fit 4 GiB .* got a request of 5\.00 GiB while .* are held; the largest: .*MiB by zeros/,
      [held],
    );
    refuses(() => rand([5 * 2 ** 28]), /5\.00 GiB/, [held]);
    expect(held.sum().item()).toBe(0);
  });

  it("gradients that do not exist", () => {
    const x = tensor([1], { requiresGrad: true });
    const y = tensor([1], { requiresGrad: true });
    refuses(() => grad(x.mul(2).sum(), y), /grad: expected inputs that the outputs depend on, got input 0/, [x, y]);
    refuses(
      () =>
        noGrad(() => x.mul(2))
          .sum()
          .backward(),
      /no recorded operation/,
      [x],
    );
  });
});

describe("options that a caller without types gets wrong", () => {
  const { Conv2d, ConvTranspose1d, Linear, BatchNorm2d, LayerNorm, GroupNorm, Embedding } = nn;
  const calls: [name: string, call: (options: object) => unknown, wrong: unknown, error: RegExp][] = [
    ["Conv2d", (o) => new Conv2d(3, 6, 5, o), { pading: 1 }, /Conv2d: expected Conv2d\(inChannels, .* Use padding$/],
    ["Conv2d", (o) => new Conv2d(3, 6, 5, o), { padding_mode: "reflect" }, /got padding_mode\. Use paddingMode$/],
    ["ConvTranspose1d", (o) => new ConvTranspose1d(3, 6, 5, o), { output_padding: 1 }, /Use outputPadding$/],
    [
      "conv2d",
      (o) => F.conv2d(ones([1, 1, 3, 3]), ones([1, 1, 3, 3]), null, o),
      { strides: 1 },
      /conv2d: expected conv2d\(input, weight, .* Use stride$/,
    ],
    ["Linear", (o) => new Linear(2, 3, o), 1, /Linear: expected bias to be true or false, got 1/],
    ["Linear", (o) => new Linear(2, 3, o), { device: "cpu" }, /Linear\(inFeatures, .*, dtype\), got device$/],
    ["BatchNorm2d", (o) => new BatchNorm2d(3, o), { track_running_stats: false }, /Use trackRunningStats$/],
    ["LayerNorm", (o) => new LayerNorm(3, o), "1e-5", /LayerNorm: expected eps to be a number, got "1e-5"/],
    ["GroupNorm", (o) => new GroupNorm(1, 3, o), [1e-5], /GroupNorm: expected eps to be a number, got \[0.00001\]/],
    ["Embedding", (o) => new Embedding(3, 2, o), { padding_idx: 0 }, /Use paddingIdx$/],
    ["DataLoader", (o) => new DataLoader([1, 2], o), { batch_size: 2 }, /got batch_size\. Use batchSize$/],
  ];
  for (const [name, call, wrong, error] of calls) {
    it(`are refused: ${name}, ${JSON.stringify(wrong)}`, () => {
      const before = getRngState();
      expect(() => call(wrong as object)).toThrow();
      let message = "";
      try {
        call(wrong as object);
      } catch (thrown) {
        message = String(thrown);
      }
      expect(message).toMatch(error);
      expect(getRngState()).toEqual(before); // nothing was drawn
    });
  }
});
