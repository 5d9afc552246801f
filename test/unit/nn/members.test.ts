import { nn, ones, type Tensor, tensor } from "simdgrad";
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
