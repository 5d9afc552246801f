import { detectAnomaly, memory, nn, noGrad, ones, scope, type Tensor, tensor, zeros } from "simdgrad";
import { describe, expect, it } from "vitest";

const keys = (module: nn.Module): string[] => Object.keys(module.stateDict());
const names = (module: nn.Module): string[] => module.namedChildren().map(([name]) => name);

class Headed extends nn.Sequential {
  head: nn.Linear;
  scale: nn.Parameter;

  constructor() {
    super(new nn.Linear(2, 3), new nn.ReLU());
    this.head = new nn.Linear(3, 1);
    this.scale = new nn.Parameter(ones(1));
  }
}

class HeadedList extends nn.ModuleList {
  head = new nn.Linear(1, 1);
}

class HeadedDict extends nn.ModuleDict {
  head = new nn.Linear(1, 1);
}

describe("subclasses of containers", () => {
  it("have PyTorch's keys for fields of Sequential, which runs them", () => {
    const net = new Headed();
    expect(keys(net)).toEqual(["scale", "0.weight", "0.bias", "head.weight", "head.bias"]);
    expect(net.length).toBe(3);
    expect(net.get(-1)).toBe(net.head);
    expect(net.forward(ones(5, 2)).shape).toEqual([5, 1]);
    net.forward(ones(5, 2)).sum().backward();
    expect(net.head.weight.grad?.shape).toEqual([1, 3]);
    expect(names(net.append(new nn.Linear(1, 1)))).toEqual(["0", "1", "head", "3"]);
    expect(() => net.insert(1, new nn.ReLU())).toThrow(
      "Headed.insert: expected modules that are numbered from 0, got one named head",
    );
    expect(net.slice(1, 3).toString()).toBe(
      "Sequential(\n  (1): ReLU()\n  (head): Linear(in_features=3, out_features=1, bias=True)\n)",
    );
    net.pop(0);
    expect([names(net), net.head]).toEqual([["0", "1", "2"], undefined]);
  });

  it("have PyTorch's keys for fields of ModuleList", () => {
    const list = new HeadedList([new nn.Linear(1, 1), new nn.ReLU()]);
    expect([...list].length).toBe(3);
    expect(names(list)).toEqual(["0", "1", "head"]);
    expect(() => list.get(-1)).toThrow(
      "ModuleList.get: expected the position of a module in the list, got -1, where the property head stands. Use the property head",
    );
    expect(names(list.extend([new nn.ReLU(), new nn.ReLU()]))).toEqual(["0", "1", "head", "3", "4"]);
    list.pop(0);
    expect(names(list)).toEqual(["0", "1", "2", "3"]);
  });

  it("have PyTorch's keys for fields of ModuleDict and the containers of parameters", () => {
    const dict = new HeadedDict({ a: new nn.ReLU() });
    expect([dict.length, [...dict.keys()], dict.has("head")]).toEqual([2, ["a", "head"], true]);
    expect(keys(dict)).toEqual(["head.weight", "head.bias"]);
    const head = new nn.Linear(1, 1);
    expect(dict.set("head", head).head).toBe(head);
    dict.pop("head");
    expect([...dict]).toEqual(["a"]);
    class Parameters extends nn.ParameterList {
      extra = new nn.Parameter(ones(1));
    }
    class Named extends nn.ParameterDict {
      extra = new nn.Parameter(ones(1));
    }
    const list = new Parameters([ones(1)]);
    expect([list.length, keys(list), [...list].length]).toEqual([1, ["0", "extra"], 1]);
    const named = new Named({ a: ones(1) });
    expect([keys(named), [...named.keys()]]).toEqual([["a", "extra"], ["a"]]);
  });
});

class Arrow extends nn.Module {
  fc = new nn.Linear(2, 2);
  forward = (x: Tensor): Tensor => this.fc.forward(x);
}

class Twice extends nn.Module {
  inner = new Arrow();
  forward = (x: Tensor): Tensor => this.inner.forward(this.inner.forward(x));
}

describe("a forward that is a field", () => {
  it("runs hooks", () => {
    const net = new Arrow();
    const seen: string[] = [];
    net.registerForwardPreHook(() => void seen.push("before"));
    net.registerForwardHook((_, __, out) => {
      seen.push("after");
      return out.mul(0);
    });
    expect(net.forward(ones(1, 2)).abs().toArray()).toEqual([[0, 0]]);
    expect(seen).toEqual(["before", "after"]);
    expect(net.parameters().length).toBe(2);
  });

  it("is named by detectAnomaly", () => {
    const net = new Twice();
    noGrad(() => net.parameters()[0]!.fill_(3e38));
    expect(() => detectAnomaly(() => net.forward(tensor([[100, 100]])))).toThrow(/Twice > inner: Arrow > fc: Linear/);
  });

  it("is missed by name", () => {
    class None extends nn.Module {
      declare forward: () => Tensor;
    }
    expect(() => new None().forward()).toThrow("None: expected a class that defines forward, got none");
  });

  it("runs hooks once when a wrapper of the user's calls the one before", () => {
    const net = new Arrow();
    const before = net.forward;
    net.forward = (x) => before(x).mul(2);
    let calls = 0;
    net.registerForwardHook(() => void calls++);
    net.forward(ones(1, 2));
    expect(calls).toBe(1);
  });
});

describe("properties that were parameters, modules or buffers", () => {
  it("refuse a plain tensor or another value, as PyTorch does", () => {
    const layer = new nn.Linear(2, 1);
    const optimized = layer.parameters();
    Object.assign(layer, { weight: zeros(1, 2) });
    const message =
      "Linear.weight: expected a Parameter or null, got a tensor that is no Parameter. Write new nn.Parameter(tensor), or noGrad(() => parameter.copy_(tensor)) to change the values";
    expect(() => layer.parameters()).toThrow(message);
    expect(() => layer.stateDict()).toThrow(message);
    expect(() => layer.forward(ones(1, 2))).toThrow(message);
    expect(() => new nn.Sequential(layer).forward(ones(1, 2))).toThrow(message);
    layer.weight = new nn.Parameter(zeros(1, 2));
    expect(layer.parameters()).toEqual([layer.weight, optimized[1]]);
    layer.bias = null;
    expect(keys(layer)).toEqual(["weight"]);
    expect(layer.forward(ones(1, 2)).toArray()).toEqual([[0]]);
    layer.bias = new nn.Parameter(ones(1));
    expect(keys(layer)).toEqual(["weight", "bias"]);
    const net = new Arrow();
    net.parameters();
    Object.assign(net, { fc: 3 });
    expect(() => net.parameters()).toThrow("Arrow.fc: expected a module or null, got number");
    Object.assign(net, { fc: null });
    expect(names(net)).toEqual([]);
  });

  it("refuse a tensor in place of a parameter that the first forward saw", () => {
    const layer = new nn.Linear(2, 1);
    layer.forward(ones(1, 2));
    Object.assign(layer, { bias: zeros(1) });
    expect(() => layer.forward(ones(1, 2))).toThrow("Linear.bias: expected a Parameter or null");
  });

  it("refuse a tensor in place of a parameter that a layer's constructor made", () => {
    const layers = [
      new nn.Linear(2, 2),
      new nn.Conv1d(1, 1, 1),
      new nn.ConvTranspose2d(1, 1, 1),
      new nn.BatchNorm1d(2),
      new nn.InstanceNorm1d(2, { affine: true }),
      new nn.LayerNorm(2),
      new nn.GroupNorm(1, 2),
      new nn.Embedding(2, 2),
      new nn.PReLU(),
    ];
    for (const layer of layers) {
      Object.assign(layer, { weight: ones(2) });
      expect(() => layer.parameters()).toThrow(/\.weight: expected a Parameter or null/);
    }
  });

  it("see fields of a layer's subclass, and its forward", () => {
    class Scaled extends nn.Linear {
      scale = new nn.Parameter(ones(1));
      act = new nn.ReLU();
      override forward = (x: Tensor): Tensor => x.mul(this.scale);
    }
    const layer = new Scaled(2, 1);
    let calls = 0;
    layer.registerForwardHook(() => void calls++);
    expect([keys(layer), names(layer)]).toEqual([["weight", "bias", "scale"], ["act"]]);
    layer.forward(ones(1, 2));
    expect(calls).toBe(1);
  });

  it("let a parameter take the place of a module", () => {
    const net = new Arrow();
    expect(net.parameters().length).toBe(2);
    const parameter = new nn.Parameter(ones(1));
    Object.assign(net, { fc: parameter });
    expect([net.parameters(), net.children()]).toEqual([[parameter], []]);
  });
});

class Mean extends nn.Module {
  runningMean = this.registerBuffer("running_mean", zeros(2));
  steps = this.registerBuffer("num_steps", tensor([0]));

  forward(x: Tensor): Tensor {
    this.runningMean = this.runningMean.add(x);
    return x.sub(this.runningMean);
  }
}

describe("buffers", () => {
  it("follow their properties", () => {
    const net = new Mean();
    net.runningMean = ones(2);
    expect(net.stateDict().running_mean!.toArray()).toEqual([1, 1]);
    net.steps = tensor([7]);
    expect(net.getBuffer("num_steps").item()).toBe(7);
    net.loadStateDict({ running_mean: tensor([3, 4]), num_steps: tensor([9]) });
    expect([net.runningMean.toArray(), net.steps.item()]).toEqual([[3, 4], 9]);
    expect(net.double().runningMean.dtype).toBe("float64");
    Object.assign(net, { steps: 3 });
    expect(() => net.buffers()).toThrow("Mean.steps: expected the tensor of buffer num_steps, or null, got number");
  });

  it("survive the scope of the forward that assigns them, and the old ones do not", () => {
    const net = new Mean();
    const step = (): void => scope(() => void net.forward(ones(2)));
    step();
    const before = memory().bytesInUse;
    for (let i = 0; i < 10; i++) step();
    expect(net.runningMean.toArray()).toEqual([11, 11]);
    expect(net.buffers()[0]).toBe(net.runningMean);
    expect(memory().bytesInUse).toBe(before);
  });

  it("may be null, which has no key", () => {
    class Lazy extends nn.Module {
      mean: Tensor | null = this.registerBuffer("mean", null);
      forward(x: Tensor): Tensor {
        return x;
      }
    }
    const net = new Lazy();
    expect([net.mean, keys(net), net.buffers()]).toEqual([null, [], []]);
    net.mean = ones(1);
    expect(keys(net)).toEqual(["mean"]);
    net.mean = null;
    expect(keys(net)).toEqual([]);
  });
});

describe("registerModule and registerParameter", () => {
  class Empty extends nn.Module {
    late: nn.Module | undefined;

    forward(x: Tensor): Tensor {
      return x;
    }
  }

  it("set properties, in the order of the calls", () => {
    const net = new Empty();
    const [a, b] = [new nn.Linear(1, 1), new nn.ReLU()];
    expect(net.registerModule("b", b)).toBe(b);
    net.registerModule("late", null);
    net.registerModule("a", a);
    net.registerModule("0", new nn.ReLU());
    net.registerParameter("none", null);
    const scale = net.registerParameter("scale", new nn.Parameter(ones(1)));
    expect(names(net)).toEqual(["b", "a", "0"]);
    expect(keys(net)).toEqual(["scale", "a.weight", "a.bias"]);
    net.late = new nn.Linear(1, 1);
    expect(names(net)).toEqual(["b", "late", "a", "0"]);
    Object.assign(net, { none: new nn.Parameter(ones(1)) });
    expect(keys(net).slice(0, 2)).toEqual(["none", "scale"]);
    expect(Object.entries(net).find(([name]) => name === "scale")?.[1]).toBe(scale);
    net.registerParameter("scale", new nn.Parameter(zeros(1)));
    expect(net.getParameter("scale").item()).toBe(0);
  });

  it("refuse names that are taken or have dots", () => {
    const layer = new nn.Linear(1, 1);
    expect(() => layer.registerModule("weight", new nn.ReLU())).toThrow(
      'Linear.registerModule: expected a name that is free, got "weight", which the module has already',
    );
    expect(() => layer.registerParameter("training", null)).toThrow("expected a name that is free");
    expect(() => layer.registerModule("forward", null)).toThrow("expected a name that is free");
    expect(() => layer.registerParameter("a.b", null)).toThrow(
      'Linear.registerParameter: expected a name without dots, got "a.b"',
    );
    expect(() => layer.registerParameter("", null)).toThrow('expected a name without dots, got ""');
  });
});
