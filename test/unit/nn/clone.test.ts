import { F, nn, ones, rand, type Tensor, tensor, zeros } from "simdgrad";
import { describe, expect, it } from "vitest";

class Net extends nn.Module {
  fc = new nn.Linear(2, 2);
  norm = new nn.BatchNorm1d(2);
  tied = this.fc.weight;
  shared = this.fc;
  activation = F.relu;
  sizes = [1, { two: 2 }];
  table = new Map([["mean", ones(2)]]);
  kinds = new Set(["a"]);
  bytes = new Uint8Array([1, 2]);
  limit: number | null = null;

  forward(x: Tensor): Tensor {
    return this.norm.forward(this.fc.forward(x));
  }
}

describe("clone", () => {
  it("copies parameters, buffers and fields, and shares what was shared", () => {
    const net = new Net();
    net.fc.bias!.requiresGrad = false;
    net.norm.eval();
    net
      .forward(rand([3, 2]))
      .sum()
      .backward();
    const copy = net.clone();
    expect(copy).toBeInstanceOf(Net);
    expect(String(copy)).toBe(String(net));
    expect(Object.keys(copy.stateDict())).toEqual(Object.keys(net.stateDict()));
    expect(copy.tied).toBe(copy.fc.weight);
    expect(copy.shared).toBe(copy.fc);
    expect([copy.fc.weight.grad, copy.fc.bias!.requiresGrad]).toEqual([null, false]);
    expect([copy.training, copy.norm.training]).toEqual([true, false]);
    expect(copy.activation).toBe(F.relu);
    expect([copy.sizes, copy.kinds, copy.bytes, copy.limit]).toEqual([net.sizes, net.kinds, net.bytes, null]);
    expect([copy.sizes === net.sizes, copy.sizes[1] === net.sizes[1]]).toEqual([false, false]);
    expect(copy.table.get("mean")!.toArray()).toEqual([1, 1]);
    const x = rand([3, 2]);
    const before = net.forward(x).toArray();
    expect(copy.forward(x).toArray()).toEqual(before);
    for (const value of Object.values(copy.stateDict())) value.fill_(7);
    Object.assign(copy.norm, { runningMean: zeros(2) });
    expect(copy.stateDict()["norm.running_mean"]!.toArray()).toEqual([0, 0]);
    expect(net.forward(x).toArray()).toEqual(before);
  });

  it("copies containers and hooks, which are independent of the original's", () => {
    const net = new nn.Sequential(new nn.Linear(1, 1), new nn.ModuleList([new nn.ReLU()]).get(0));
    let calls = 0;
    const handle = net.registerForwardHook(() => void calls++);
    const copy = net.clone();
    handle.remove();
    copy.forward(ones(1, 1));
    net.forward(ones(1, 1));
    expect(calls).toBe(1);
    copy.append(new nn.ReLU());
    expect([net.length, copy.length, copy.get(0) === net.get(0)]).toEqual([2, 3, false]);
    const dict = new nn.ModuleDict({ b: new nn.ReLU(), a: new nn.ParameterList([ones(1)]) }).clone();
    expect([[...dict.keys()], Object.keys(dict.stateDict())]).toEqual([["b", "a"], ["a.0"]]);
  });

  it("refuses what it cannot copy", () => {
    class Private extends nn.Module {
      #scale = 2;
      forward(x: Tensor): Tensor {
        return x.mul(this.#scale);
      }
    }
    class Arrow extends nn.Module {
      forward = (x: Tensor): Tensor => x;
    }
    class Other extends nn.Module {
      source: unknown = new URL("https://pytorch.org");
      forward(x: Tensor): Tensor {
        return x;
      }
    }
    class Graph extends nn.Module {
      kept = tensor([1], { requiresGrad: true }).mul(2);
      forward(x: Tensor): Tensor {
        return x;
      }
    }
    expect(() => new nn.Sequential(new Private()).clone()).toThrow(
      "Private.clone: expected a class whose fields can be copied, got private #members in Private",
    );
    expect(() => new Arrow().clone()).toThrow(
      "Arrow.clone: expected a forward that is a method, got one that is a field",
    );
    expect(() => new Other().clone()).toThrow(/^Other.source: expected numbers, .* got an object of URL/);
    expect(() => new Graph().clone()).toThrow("Graph.kept: expected a leaf, got the result of an operation");
  });

  it("is possible for every layer", () => {
    const classes = Object.values(nn).filter(
      (value) => typeof value === "function" && value.prototype instanceof nn.Module,
    );
    expect(classes.filter((type) => /\.#[a-z]/.test(String(type))).map(String)).toEqual([]);
  });
});
