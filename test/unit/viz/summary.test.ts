import {
  bernoulli,
  einsum,
  F,
  Generator,
  getRngState,
  memory,
  nn,
  noGrad,
  rand,
  randn,
  randperm,
  scope,
  type Tensor,
  tensor,
  ValueError,
  zeros,
} from "simdgrad";
import { buildGraph, summary } from "simdgrad/viz";
import { describe, expect, it } from "vitest";
import { variants } from "../../../examples/02-regression.js";
import { Net as LeNet } from "../../../examples/03-single-label.js";
import { Net as CelebANet, memoryNeeded } from "../../../examples/04-multi-label.js";
import { withShapesOnly } from "../../../src/runtime/shape-only.js";

describe("summary", () => {
  it("prints a table", () => {
    expect(String(summary(new LeNet(), [4, 3, 32, 32]))).toBe(`\
module              output           parameters  multiply-adds
──────────────────────────────────────────────────────────────
Net                 [4, 10]
├─ conv1: Conv2d    [4, 6, 28, 28]          456      1,411,200
├─ pool: MaxPool2d  [4, 6, 14, 14]
├─ conv2: Conv2d    [4, 16, 10, 10]       2,416        960,000
├─ pool: MaxPool2d  [4, 16, 5, 5]
├─ fc1: Linear      [4, 120]             48,120        192,000
├─ fc2: Linear      [4, 84]              10,164         40,320
└─ fc3: Linear      [4, 10]                 850          3,360
──────────────────────────────────────────────────────────────
parameters     62,006 (62,006 trained, 0 frozen)
multiply-adds  2.61 million in one forward (two FLOPs each; matrix products and convolutions)
memory         input 48.00 KiB, parameters 242.21 KiB, activations 252.78 KiB
training       SGD 932.20 KiB, with momentum 1.15 MiB, Adam 1.38 MiB (estimated peak)`);
  });

  it("knows the tutorial's models", () => {
    const moons = new nn.Sequential({
      lin1: new nn.Linear(2, 2),
      BentID1: new nn.BentIdentity(),
      lin2: new nn.Linear(2, 1),
      sigmoid: new nn.Sigmoid(),
    }).double();
    const found = summary(moons, [640, 2]);
    expect([found.parameters, found.multiplyAdds]).toEqual([9, 640 * 4 + 640 * 2]);
    expect(found.rows.map(({ path, outputShapes }) => [path, ...outputShapes])).toEqual([
      ["", [640, 1]],
      ["lin1", [640, 2]],
      ["BentID1", [640, 2]],
      ["lin2", [640, 1]],
      ["sigmoid", [640, 1]],
    ]);
    expect(found.bytes).toMatchObject({ inputs: 640 * 2 * 8, parameters: 9 * 8, activations: 640 * 6 * 8 });
    const counts = Object.values(variants).map((make) => summary(make(), [12, 1]).parameters);
    expect(counts).toEqual([2, 2, 3, 2, 3, 2]);
  });

  it("tells what 104,585,128 parameters will need, without memory for anything else", () => {
    const model = new CelebANet();
    const before = memory();
    const found = summary(model, [4, 3, 256, 256]);
    const after = memory();
    expect([after.bytesInUse, after.peakBytes, after.bytesReserved]).toEqual([
      before.bytesInUse,
      before.peakBytes,
      before.bytesReserved,
    ]);
    expect(found.parameters).toBe(104_585_128);
    const shapes = found.rows.filter(({ name }) => name !== "Sequential").map(({ outputShapes }) => outputShapes[0]);
    expect(shapes).toEqual([
      [4, 40],
      [4, 64, 254, 254],
      [4, 64, 127, 127],
      [4, 64, 127, 127],
      [4, 128, 125, 125],
      [4, 128, 62, 62],
      [4, 128, 62, 62],
      [4, 256, 60, 60],
      [4, 256, 30, 30],
      [4, 256, 30, 30],
      [4, 512, 28, 28],
      [4, 512, 14, 14],
      [4, 512, 14, 14],
      [4, 512, 14, 14],
      [4, 1024],
      [4, 256],
      [4, 40],
    ]);
    const convolutions = [3 * 64 * 254 ** 2, 64 * 128 * 125 ** 2, 128 * 256 * 60 ** 2, 256 * 512 * 28 ** 2].map(
      (n) => n * 9,
    );
    const products = [...convolutions, 512 * 14 * 14 * 1024, 1024 * 256, 256 * 40].map((n) => 4 * n);
    expect(found.multiplyAdds).toBe(products.reduce((a, b) => a + b));
    expect(found.bytes.training.adam / memoryNeeded(model, 4)).toBeCloseTo(1, 2);
    for (const parameter of model.parameters()) parameter.free();
  });

  it("counts the multiply-adds of every kind of product", () => {
    const of = (model: nn.Module, ...inputs: number[][]): number => summary(model, inputs).multiplyAdds;
    expect(of(new nn.Linear(7, 5), [2, 3, 7])).toBe(2 * 3 * 7 * 5);
    expect(of(new nn.Conv2d(4, 6, [3, 5], { groups: 2, padding: 1, stride: 2 }), [2, 4, 9, 11])).toBe(
      2 * 6 * 5 * 5 * 2 * 15,
    );
    expect(of(new nn.Conv1d(3, 5, 4), [2, 3, 10])).toBe(2 * 5 * 7 * 3 * 4);
    expect(of(new nn.ConvTranspose2d(3, 5, 2), [2, 3, 4, 4])).toBe(2 * 3 * 16 * 5 * 4);
    class Attention extends nn.Module {
      q = new nn.Linear(8, 8, { bias: false });
      forward(x: Tensor): Tensor {
        const q = this.q.forward(x);
        return q.matmul(x.transpose(1, 2)).softmax(-1).matmul(x);
      }
    }
    const found = summary(new Attention(), [2, 5, 8]);
    expect(found.rows.map(({ multiplyAdds }) => multiplyAdds)).toEqual([2 * (2 * 5 * 5 * 8), 2 * 5 * 8 * 8]);
    class Vectors extends nn.Module {
      forward(x: Tensor, y: Tensor): Tensor {
        return x
          .matmul(y)
          .add(x.dot(y))
          .add(einsum("i,i->", x, y))
          .add(y.outer(x).mv(x));
      }
    }
    expect(of(new Vectors(), [7], [7])).toBe(7 + 7 + 7 + 7 * 7);
  });

  it("counts shared and frozen parameters, calls that come again, and modules that none reached", () => {
    class Shares extends nn.Module {
      a = new nn.Linear(4, 4);
      b = new nn.Linear(4, 4);
      list = new nn.ModuleList([new nn.Linear(4, 4)]);
      spare = new nn.Linear(9, 9);
      scale = new nn.Parameter(zeros([4]));
      constructor() {
        super();
        this.b.weight = this.a.weight;
        this.a.bias!.requiresGrad = false;
      }
      forward(x: Tensor): Tensor {
        return this.list
          .get(0)
          .forward(this.b.forward(this.a.forward(this.a.forward(x))))
          .mul(this.scale);
      }
    }
    const found = summary(new Shares(), [3, 4]);
    expect(found.parameters).toBe(20 + 4 + 20 + 90 + 4);
    expect([found.trainable, found.frozen]).toEqual([134, 4]);
    expect(found.rows.map(({ path, parameters, shared }) => [path, parameters, shared])).toEqual([
      ["", 4, false],
      ["a", 20, false],
      ["a", 0, true],
      ["b", 4, false],
      ["list.0", 20, false],
    ]);
    expect(found.unused).toEqual(["spare"]);
    expect(String(found)).toContain("not called     spare");
    expect(String(found)).toContain("(shared)");
    expect(String(summary(new Shares(), [3, 4], { depth: 0 }))).toContain(
      "(4 deeper calls are not shown, but counted)",
    );
  });

  it("takes several inputs, of types of their own", () => {
    class Two extends nn.Module {
      words = new nn.Embedding(10, 4);
      forward(ids: Tensor, x: Tensor): Tensor {
        return this.words.forward(ids).sum(1).add(x);
      }
    }
    const found = summary(
      new Two(),
      [
        [2, 5],
        [2, 4],
      ],
      { dtype: ["int32", "float32"] },
    );
    expect(found.rows[0]!.inputShapes).toEqual([
      [2, 5],
      [2, 4],
    ]);
    expect(found.bytes.inputs).toBe(4 * 18);
    expect(summary(new Two(), [zeros([2, 5], { dtype: "int32" }), [2, 4]]).multiplyAdds).toBe(0);
    expect(summary(new nn.Linear(2, 1), rand([3, 2])).rows[0]!.outputShapes).toEqual([[3, 1]]);
  });

  it("estimates the memory of a training step", () => {
    const model = new nn.Sequential(
      new nn.Conv2d(3, 16, 3),
      new nn.BatchNorm2d(16),
      new nn.ReLU(),
      new nn.Flatten(),
      new nn.Linear(16 * 30 * 30, 200),
    );
    const { bytes } = summary(model, [32, 3, 32, 32]);
    const step = (): void =>
      scope(() => {
        const before = memory().bytesInUse;
        const y = model.forward(rand([32, 3, 32, 32]));
        const kept = memory().bytesInUse - before;
        // rounded up to blocks, and the input is counted apart
        expect(kept / (bytes.activations + bytes.inputs)).toBeGreaterThan(0.99);
        expect(kept / (bytes.activations + bytes.inputs)).toBeLessThan(1.05);
        y.sum().backward();
      });
    scope(() => model.forward(rand([32, 3, 32, 32]))); // allocates the workspace of kernels, which stays
    step();
  });

  it("leaves everything as it was", () => {
    class Draws extends nn.Module {
      bn = new nn.BatchNorm1d(3);
      drop = new nn.Dropout(0.5);
      count = 0;
      forward(x: Tensor): Tensor {
        this.count++;
        return this.drop.forward(this.bn.forward(x)).add(rand([3]));
      }
    }
    const model = new Draws();
    model.bn.eval();
    const state = (): unknown => [
      [...getRngState()],
      model.buffers().map((buffer) => [buffer.toArray(), buffer.storage.version]),
      model.modules().map(({ training }) => training),
      memory().bytesInUse,
    ];
    const x = rand([4, 3], { requiresGrad: true });
    const loss = model.forward(x).sum();
    const before = state();
    summary(model, [4, 3]);
    noGrad(() => summary(model, [4, 3], { training: false }));
    expect(state()).toEqual(before);
    loss.backward(); // the graph from before still works
    expect(x.grad).not.toBeNull();
  });

  it("names the module and the shape when a forward throws", () => {
    const model = new nn.Sequential({ body: new nn.Sequential({ a: new nn.Linear(3, 4), b: new nn.Linear(5, 6) }) });
    const bytes = memory().bytesInUse;
    expect(() => summary(model, [2, 3])).toThrow(
      "summary: the forward of (body.b: Linear) failed on input [2, 4]: Linear(5, 6): expected input [*, 5], got [2, 4]",
    );
    expect(memory().bytesInUse).toBe(bytes);
    model.forward = (x) => F.relu(x).mul(x.max().item());
    expect(() => summary(model, [2, 3])).toThrow(
      "item: expected a tensor with values, got one of a run on shapes alone (made by max), which has none. A summary runs the model on shapes alone, before there are values",
    );
    const broken = new (class Broken extends nn.Module {
      forward(_: Tensor): Tensor {
        throw new TypeError("no idea");
      }
    })();
    expect(() => summary(broken, [1])).toThrow("summary: the forward of (Broken) failed on input [1]: no idea");
    expect(broken.training).toBe(true);
  });

  it("follows a forward that catches an error from inside", () => {
    class Tries extends nn.Module {
      wide = new nn.Linear(9, 2);
      narrow = new nn.Linear(3, 2);
      forward(x: Tensor): Tensor {
        try {
          return this.wide.forward(x);
        } catch {
          return this.narrow.forward(x);
        }
      }
    }
    const { rows, multiplyAdds } = summary(new Tries(), [2, 3]);
    expect(rows.map(({ path, outputShapes }) => [path, ...outputShapes])).toEqual([
      ["", [2, 2]],
      ["wide"],
      ["narrow", [2, 2]],
    ]);
    expect([multiplyAdds, rows[0]!.multiplyAdds, rows[2]!.multiplyAdds]).toEqual([12, 0, 12]);
  });

  it("refuses what is no shape", () => {
    const model = new nn.Linear(1, 1);
    expect(() => summary(model, "1" as unknown as number[])).toThrow(
      'summary: expected a shape such as [4, 3, 32, 32], or a list of shapes, got "1"',
    );
    expect(() => summary(model, [-1, 1])).toThrow("summary: expected sizes");
    expect(() => summary(model, [1, 1], { dtypes: "int32" } as object)).toThrow(
      "summary: expected options of dtype, training, depth, got dtypes",
    );
    expect(() => summary({} as nn.Module, [1])).toThrow(ValueError);
    for (const depth of [-1, 1.5, Number.NaN]) {
      expect(() => summary(model, [1, 1], { depth })).toThrow(
        `summary: expected depth as a whole number of at least 0, got ${depth}`,
      );
    }
  });

  it("says how to give a type when an input has another", () => {
    const model = new nn.Sequential(new nn.Embedding(10, 3), new nn.Flatten(), new nn.Linear(12, 2));
    expect(() => summary(model, [2, 4])).toThrow(
      'embedding: expected int32 indices, got float32. Convert them with .int(). Inputs of another type than the parameters are told by { dtype: "int32" }',
    );
    expect(summary(model, [2, 4], { dtype: "int32" }).parameters).toBe(56);
    expect(`${summary(new nn.Sequential(new nn.Linear(1, 1)), [1, 1], { depth: 0 })}`).toContain(
      "(1 deeper call is not shown, but counted)",
    );
  });
});

describe("a run on shapes alone", () => {
  it("has tensors with shapes and no values", () => {
    const x = tensor([1, 2, 3]);
    const y = withShapesOnly(() => {
      const sum = x.add(1);
      expect(() => sum.toArray()).toThrow(
        "expected a tensor with values, got one of a run on shapes alone (made by add)",
      );
      expect(() => sum.gt(0).any().item()).toThrow("which has none");
      expect(() => x.equal(sum)).toThrow("which has none");
      expect(() => sum.bool().nonzero()).toThrow("which has none");
      expect(x.toArray()).toEqual([1, 2, 3]); // existing values can be read
      return sum;
    });
    expect([y.shape, y.dtype, y.numel]).toEqual([[3], "float32", 3]);
    expect(() => y.add(1)).toThrow("expected a tensor with values"); // nothing can compute with it after the run
    y.free();
    expect(() => y.ptr).toThrow("expected a live tensor");
  });

  it("writes nothing into what was there, and takes no memory", () => {
    const x = tensor([1, 2, 3]);
    const { bytesInUse } = memory();
    withShapesOnly(() => {
      noGrad(() => x.add_(1).mul_(zeros([3])));
      zeros([1 << 20, 1 << 10]).add(1);
      nn.init.normal_(x);
      nn.init.uniform_(x);
      F.dropout(zeros([3]), 0.5, true);
    });
    expect(x.toArray()).toEqual([1, 2, 3]);
    expect(memory().bytesInUse).toBe(bytesInUse);
  });

  it("draws nothing, from a generator of the model's own neither", () => {
    const generator = new Generator().manualSeed(1);
    const before = generator.getState();
    const order = withShapesOnly(() => {
      bernoulli(tensor([0.5, 0.5]), { generator });
      randn([3], { generator });
      return randperm(5, { generator });
    });
    expect(order.shape).toEqual([5]);
    expect(generator.getState()).toEqual(before);
  });

  it("leaves no gradient and no trace on inputs", () => {
    class Odd extends nn.Module {
      fc = new nn.Linear(2, 1);
      forward(x: Tensor): Tensor {
        const loss = this.fc.forward(x.mul_(2)).sum();
        loss.backward();
        return loss;
      }
    }
    const [model, x] = [new Odd(), rand([3, 2])];
    const outside = x.mul(model.fc.weight);
    summary(model, x);
    expect(model.fc.weight.grad).toBeNull();
    outside.sum().backward(); // an x.mul_ on real values would make this throw
    expect(model.fc.weight.grad!.shape).toEqual([1, 2]);
  });

  it("gives a model no parameters without values", () => {
    class Lazy extends nn.Module {
      fc: nn.Linear | undefined;
      forward(x: Tensor): Tensor {
        this.fc ??= new nn.Linear(x.shape[1]!, 1);
        return this.fc.forward(x);
      }
    }
    class Converting extends nn.Module {
      fc = new nn.Linear(2, 1);
      forward(x: Tensor): Tensor {
        return this.fc.double().forward(x.double());
      }
    }
    const [lazy, converting] = [new Lazy(), new Converting()];
    for (const model of [lazy, converting]) expect(() => summary(model, [3, 2])).toThrow(/shapes alone/);
    expect(lazy.fc).toBeUndefined();
    expect(converting.fc.weight.dtype).toBe("float32");
    expect(buildGraph(lazy, rand([3, 2])).dot).toMatch(/linear/i); // with real values
    expect(lazy.forward(rand([3, 2])).toArray()).toHaveLength(3);
    summary(lazy, [3, 2]);
  });

  it("ends also when it throws", () => {
    expect(() => withShapesOnly(() => zeros([2]).view(3))).toThrow("view");
    expect(zeros([2]).toArray()).toEqual([0, 0]);
  });
});
