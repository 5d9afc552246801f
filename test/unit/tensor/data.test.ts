import { memory, nn, ones, rand, scope, tensor, zeros } from "simdgrad";
import { describe, expect, it } from "vitest";

describe("Tensor.data", () => {
  it("is the same data without history", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const { data } = x.mul(3);
    expect([data.requiresGrad, data.toArray()]).toEqual([false, [3, 6]]);
    x.data.mul_(tensor(5));
    expect(x.toArray()).toEqual([5, 10]);
  });

  it("takes the memory, shape and type of what is assigned, as PyTorch does", () => {
    const x = zeros([2], { requiresGrad: true });
    const from = ones([3], { dtype: "float64" });
    x.data = from;
    expect([x.shape, x.dtype, x.requiresGrad, x.isLeaf]).toEqual([[3], "float64", true, true]);
    from.fill_(7);
    expect(x.toArray()).toEqual([7, 7, 7]);
  });

  it("trains in a loop of scopes without a leak", () => {
    const layer = new nn.Linear(3, 1);
    const x = rand([4, 3]);
    const step = (): void =>
      scope(() => {
        layer.zeroGrad();
        layer.forward(x).sum().backward();
        for (const p of layer.parameters()) p.data = p.data.sub(p.grad!.mul(0.5));
      });
    step();
    const before = memory().bytesInUse;
    const weight = layer.weight.toArray();
    for (let i = 0; i < 10; i++) step();
    expect(memory().bytesInUse).toBe(before);
    expect(layer.weight.toArray()).not.toEqual(weight);
    expect(layer.stateDict().weight!.toArray()).toEqual(layer.weight.toArray());
  });

  it("comes back across a swap in one scope", () => {
    const layer = new nn.Linear(2, 1);
    const before = layer.weight.toArray();
    scope(() => {
      const backup = layer.weight.data;
      layer.weight.data = zeros([1, 2]);
      expect(layer.weight.toArray()).toEqual([[0, 0]]);
      layer.weight.data = backup;
    });
    expect(layer.weight.toArray()).toEqual(before);
  });

  it("refuses what has no place, before anything changes", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = x.mul(2);
    y.sum().backward();
    const assign = (target: object, data: unknown) => (): unknown => Object.assign(target, { data });
    expect(assign(x, 3)).toThrow("data: expected a tensor as data, got 3");
    expect(assign(x, null)).toThrow("data: expected a tensor as data, got null");
    expect(assign(x, tensor([1, 2], { dtype: "int32" }))).toThrow(
      "data: expected a float32 or float64 tensor where a gradient is needed, got int32",
    );
    expect(assign(x, zeros(3))).toThrow("data: expected shape [2], of the gradient, got [3]. Set grad to null first");
    expect(assign(x, zeros([2], { dtype: "float64" }))).toThrow("data: expected float32, of the gradient, got float64");
    expect(assign(y, zeros(3))).toThrow("data: expected shape [2], that the operation computed, got [3]");
    expect(assign(zeros(2, 3), rand([3, 2]).T)).toThrow("data: expected a row-major tensor");
    expect(x.toArray()).toEqual([1, 2]);
  });

  it("is noticed by a backward that needs the old values", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = x.mul(x);
    x.data = zeros(2);
    expect(() => y.sum().backward()).toThrow(/was written in place/);
  });
});
