import { defineFunction, grad, keep, memory, nn, noGrad, optim, scope, type Tensor, tensor, zeros } from "simdgrad";
import { describe, expect, it } from "vitest";

const leaf = (values: number[] | number[][]): Tensor => tensor(values, { requiresGrad: true });

describe("gradients own their memory", () => {
  it("with createGraph: leaves share none, and dropping one leaves the other", () => {
    const [x, y] = [leaf([1, 2]), leaf([3, 4])];
    const start = tensor([1, 1]);
    x.add(y).backward(start, { createGraph: true });
    expect(x.grad!.storage).not.toBe(y.grad!.storage);
    expect(x.grad!.storage).not.toBe(start.storage);
    x.dropGradient();
    expect(y.grad!.toArray()).toEqual([1, 1]);
  });

  it("with createGraph: they survive scopes and accumulate", () => {
    const x = leaf([1, 2]);
    for (let i = 0; i < 2; i++) scope(() => x.mul(x).sum().backward({ createGraph: true }));
    expect(x.grad!.toArray()).toEqual([4, 8]);
  });

  it("survive scopes when assigned, and are accumulated into through any strides", () => {
    const x = leaf([
      [1, 2],
      [3, 4],
    ]);
    const given = tensor([
      [10, 20],
      [30, 40],
    ]).t();
    x.grad = given;
    x.mul(1).sum().backward();
    expect(x.grad.toArray()).toEqual([
      [11, 31],
      [21, 41],
    ]);
    expect(x.grad).toBe(given);
    new optim.SGD([x], { lr: 1 }).zeroGrad({ setToNone: false });
    expect(given.toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    scope(() => {
      x.grad = zeros(2, 2).add(3);
    });
    expect(x.grad.toArray()).toEqual([
      [3, 3],
      [3, 3],
    ]);
  });

  it("refuse another shape or dtype, which would be read beyond its end", () => {
    const x = leaf([1, 2]);
    const assign = (to: Tensor) => () => {
      x.grad = to;
    };
    expect(assign(tensor([1]))).toThrow("grad: expected a gradient of [2], got [1]");
    expect(assign(zeros([2], { dtype: "float64" }))).toThrow("grad: expected a gradient of dtype float32, got float64");
    expect(x.grad).toBeNull();
  });

  it("that another tensor has too are not freed by the first that drops them", () => {
    const [worker, shared] = [leaf([1, 2]), leaf([1, 2])];
    shared.mul(3).sum().backward();
    worker.grad = shared.grad;
    scope(() => worker.dropGradient());
    expect(shared.grad!.toArray()).toEqual([3, 3]);
  });

  it("of tensors that retain theirs end with them: a loop holds no more bytes", () => {
    const x = leaf([1, 2]);
    const step = (): void =>
      scope(() => {
        const y = x.mul(3);
        y.retainGrad();
        y.mul(y).sum().backward();
        expect(y.grad!.toArray()).toEqual([6, 12]);
        x.dropGradient();
      });
    step();
    const before = memory().bytesInUse;
    for (let i = 0; i < 10; i++) step();
    expect(memory().bytesInUse).toBe(before);
  });

  it("leave nothing behind after grad()", () => {
    const x = leaf([1, 2]);
    const loss = x.mul(x).sum();
    const before = memory().bytesInUse;
    for (let i = 0; i < 10; i++) grad(loss, x, { retainGraph: true })[0]!.free();
    expect(memory().bytesInUse).toBe(before);
  });
});

describe("what forward saw decides", () => {
  it("data that was exchanged since is noticed", () => {
    const x = leaf([1, 2]);
    const loss = x.mul(x).sum();
    x.setData(tensor([5, 6]));
    expect(() => loss.backward()).toThrow(/mul needs the value .* written in place 1 times since/);
    const layer = new nn.Linear(2, 1);
    const y = layer.forward(leaf([[1, 2]]));
    layer.double();
    expect(() => y.backward()).toThrow(/linear needs the value/);
  });

  const w = (): Tensor =>
    tensor([
      [5, 6],
      [7, 8],
    ]);

  it("a weight that is thawed between forward and backward gets no gradient, and the others the right one", () => {
    const [x, weight] = [leaf([[1, 2]]), w()];
    const loss = x.matmul(weight).sum();
    weight.requiresGrad = true;
    loss.backward();
    expect(weight.grad).toBeNull();
    expect(x.grad!.toArray()).toEqual([[11, 15]]);
  });

  it("a weight that is frozen between forward and backward gets none either", () => {
    const [x, weight] = [leaf([[1, 2]]), w()];
    weight.requiresGrad = true;
    const loss = x.matmul(weight).sum();
    weight.requiresGrad = false;
    loss.backward();
    expect(weight.grad).toBeNull();
  });
});

describe("user-defined functions", () => {
  it("have outputs of whole numbers that need no gradient, and errors for a backward that returns nothing", () => {
    const both = defineFunction({
      name: "both",
      forward: (_, x: Tensor) => [x.mul(2), x.argmax()],
      backward: (_, g) => g.mul(2),
    });
    const x = leaf([1, 3]);
    const [twice, at] = both(x);
    expect([twice!.requiresGrad, at!.requiresGrad, at!.item()]).toEqual([true, false, 1]);
    twice!.sum().backward();
    expect(x.grad!.toArray()).toEqual([2, 2]);
    const nothing = defineFunction({
      name: "nothing",
      forward: (_, y: Tensor) => y.mul(1),
      backward: (): null => JSON.parse("{}").none,
    });
    expect(() => nothing(x).sum().backward()).toThrow(/^backward of nothing: .* 1 tensor inputs, got 0/);
  });
});

describe("the number of elements that are not 0", () => {
  it("is in the graph and has no gradient, as in PyTorch", () => {
    const x = tensor([0, 2, 3], { requiresGrad: true });
    const count = x.norm(0);
    expect([count.item(), count.requiresGrad]).toEqual([2, true]);
    count.backward();
    expect(x.grad).toBeNull();
  });
});

describe("hooks", () => {
  it("may remove themselves: the others are still called", () => {
    const x = leaf([1]);
    const y = x.mul(2);
    const calls: number[] = [];
    const once = y.registerHook(() => {
      calls.push(1);
      once.remove();
    });
    y.registerHook(() => {
      calls.push(2);
    });
    y.backward(null, { retainGraph: true });
    y.backward();
    expect(calls).toEqual([1, 2, 2]);
  });

  it("may not change the dtype", () => {
    const x = leaf([1]);
    x.registerHook((g) => g.double());
    expect(() => x.mul(2).backward()).toThrow(/registerHook: expected .* float32, got \[1\] and float64/);
    expect(x.grad).toBeNull();
  });
});

describe("hooks of leaves", () => {
  it("are not recorded unless createGraph asks for it", () => {
    const [x, factor] = [leaf([2]), leaf([5])];
    x.registerHook((g) => g.mul(factor));
    x.mul(3).sum().backward();
    expect([x.grad!.toArray(), x.grad!.requiresGrad]).toEqual([[15], false]);
    x.dropGradient();
    x.mul(3).sum().backward({ createGraph: true });
    expect(x.grad!.requiresGrad).toBe(true);
  });

  it("leave nothing behind", () => {
    const x = leaf([2]);
    x.registerHook((g) => g.mul(2).add(1));
    const run = (): void => {
      const loss = x.mul(3);
      loss.backward();
      loss.free();
      x.dropGradient();
    };
    run();
    const before = memory().bytesInUse;
    run();
    expect(memory().bytesInUse).toBe(before);
  });
});

describe("scopes", () => {
  it("end those that were opened inside and never closed, and let results out of them", () => {
    const open = scope();
    const [a, b] = scope(() => {
      const first = tensor([1]);
      scope();
      return [first, tensor([2])];
    });
    expect([a!.toArray(), b!.toArray()]).toEqual([[1], [2]]);
    open.close();
    expect(a!.storage.freed).toBe(true);
    expect(tensor([3]).storage.owner).toBeNull();
  });
});

describe("what outlives scopes", () => {
  it("results in sets, maps and circles", () => {
    type Circle = { self?: Circle; x: Tensor };
    const results = scope(() => {
      const circle: Circle = { x: tensor([1]) };
      circle.self = circle;
      return { circle, set: new Set([tensor([2])]), map: new Map([["three", tensor([3])]]) };
    });
    expect([results.circle.x, ...results.set, ...results.map.values()].map((x) => x.item())).toEqual([1, 2, 3]);
  });

  it("a gradient that was kept, when its tensor drops it", () => {
    const x = leaf([1]);
    const kept = scope(() => {
      x.mul(2).backward();
      const g = keep(x.grad!);
      x.dropGradient();
      return { at: () => g.item() };
    });
    expect(kept.at()).toBe(2);
  });
});

describe("an optimizer's own state dict", () => {
  it("can be loaded again", () => {
    const model = new nn.Linear(2, 1);
    const optimizer = new optim.Adam(model.parameters());
    model
      .forward(tensor([[1, 2]]))
      .sum()
      .backward();
    optimizer.step();
    const state = optimizer.stateDict();
    const before = (state.state["0"]!.exp_avg as Tensor).toArray();
    optimizer.loadStateDict(state);
    optimizer.loadStateDict(state);
    expect((optimizer.stateDict().state["0"]!.exp_avg as Tensor).toArray()).toEqual(before);
    noGrad(() => optimizer.step());
  });
});

describe("gradients that nobody asked for", () => {
  it("are not computed by grad, nor by backward with inputs", () => {
    let calls = 0;
    const counted = defineFunction({
      name: "counted",
      forward: (_context, x: Tensor) => x.mul(2),
      backward: (_context, g) => {
        calls++;
        return [g.mul(2)];
      },
    });
    const [x, w] = [leaf([1, 2]), leaf([3, 4])];
    const y = x.mul(counted(w)).sum();
    expect(grad(y, x, { retainGraph: true })[0]!.toArray()).toEqual([6, 8]);
    y.backward(null, { inputs: [x], retainGraph: true });
    expect(calls).toBe(0);
    expect(x.grad!.toArray()).toEqual([6, 8]);
    expect(w.grad).toBeNull();
    expect(grad(y, w)[0]!.toArray()).toEqual([2, 4]);
    expect(calls).toBe(1);
  });
});
