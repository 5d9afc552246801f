import { nn, ones, rand, type Tensor, tensor, zeros } from "simdgrad";
import { describe, expect, it } from "vitest";

class Net extends nn.Module {
  list = new nn.ParameterList([ones(2, 3), zeros(1)]);
  dict = new nn.ParameterDict({ b: tensor([1]), a: zeros(2) });
  none = new nn.ParameterList();
  choices = new nn.ModuleDict<nn.Module>({ z: new nn.Linear(1, 1), a: new nn.ReLU() });

  forward(x: Tensor): Tensor {
    return x.mul(this.list.get(0)).add(this.list.get(-1)).mul(this.dict.get("b"));
  }
}

describe("containers of parameters and modules", () => {
  it("have PyTorch's keys, in its order", () => {
    const net = new Net();
    const keys = ["list.0", "list.1", "dict.a", "dict.b", "choices.z.weight", "choices.z.bias"];
    expect(Object.keys(net.stateDict())).toEqual(keys);
    expect(net.namedParameters().map(([name]) => name)).toEqual(keys);
    net
      .forward(rand([2, 3]))
      .sum()
      .backward();
    expect(net.list.get(1).grad!.shape).toEqual([1]);
    expect(net.double().dict.get("b").dtype).toBe("float64");
    net.loadStateDict({ ...net.stateDict(), "dict.b": tensor([7]) });
    expect(net.dict.get("b").toArray()).toEqual([7]);
  });

  it("print as in PyTorch", () => {
    const net = new Net();
    net.dict.set("c", zeros([2, 2], { dtype: "float64" }));
    expect(String(net)).toBe(`Net(
  (list): ParameterList(
      (0): Parameter containing: [torch.float32 of size 2x3]
      (1): Parameter containing: [torch.float32 of size 1]
  )
  (dict): ParameterDict(
      (a): Parameter containing: [torch.FloatTensor of size 2]
      (b): Parameter containing: [torch.FloatTensor of size 1]
      (c): Parameter containing: [torch.DoubleTensor of size 2x2]
  )
  (none): ParameterList()
  (choices): ModuleDict(
    (z): Linear(in_features=1, out_features=1, bias=True)
    (a): ReLU()
  )
)`);
    expect(String(new nn.ParameterList([zeros(2)]))).toBe(
      "ParameterList(  (0): Parameter containing: [torch.float32 of size 2])",
    );
  });

  it("change as lists and dicts do", () => {
    const list = new nn.ParameterList([zeros(1)]).append(ones(2)).extend([ones(3)]);
    const own = new nn.Parameter(ones(4));
    expect(list.set(-1, own).get(2)).toBe(own);
    expect([...list].map(({ shape }) => shape[0])).toEqual([1, 2, 4]);
    const dict = new nn.ParameterDict(new Map([["b", own]])).update([["a", zeros(1)]]);
    expect([...dict]).toEqual(["b", "a"]);
    expect(dict.pop("b")).toBe(own);
    expect([dict.length, dict.has("b"), dict.has("a")]).toEqual([1, false, true]);
    expect([...dict.items()].map(([name, value]) => [name, value.numel])).toEqual([["a", 1]]);
    expect([...dict.values()].length).toBe(1);
    dict.clear();
    expect(dict.parameters()).toEqual([]);
    const relu = new nn.ReLU();
    const modules = new nn.ModuleDict([["one", relu]]).update({ two: new nn.ReLU() });
    expect([...modules]).toEqual(["one", "two"]);
    expect(modules.pop("one")).toBe(relu);
    expect([modules.length, modules.has("one"), modules.has("two")]).toEqual([1, false, true]);
    expect([...modules.values(), ...modules.items()].length).toBe(2);
    modules.clear();
    expect(modules.children()).toEqual([]);
  });

  it("refuse what does not fit", () => {
    const list = new nn.ParameterList([zeros(1)]);
    expect(() => list.get(1)).toThrow("ParameterList.get: expected a position below 1, got 1");
    expect(() => list.set(-2, zeros(1))).toThrow("ParameterList.set: expected a position below 1, got -2");
    expect(() => Reflect.apply(list.append, list, [3])).toThrow("ParameterList: expected a tensor at 1, got number");
    expect(() => list.forward()).toThrow("ParameterList: has no forward. Use its parameters");
    const dict = new nn.ParameterDict({ a: zeros(1) });
    expect(() => dict.get("b")).toThrow("ParameterDict.get: expected one of a, got b");
    expect(() => dict.set("a.b", zeros(1))).toThrow('ParameterDict: expected a name without dots, got "a.b"');
    expect(() => dict.forward()).toThrow("ParameterDict: has no forward. Use its parameters");
    const modules = new nn.ModuleDict({ a: new nn.ReLU() });
    expect(() => modules.get("b")).toThrow("ModuleDict.get: expected one of a, got b");
    expect(() => modules.set("", new nn.ReLU())).toThrow('ModuleDict.set: expected a name without dots, got ""');
    expect(() => Reflect.apply(modules.set, modules, ["f", Math.abs])).toThrow(
      "ModuleDict.set: expected module to be a module, got a function",
    );
    expect(() => modules.forward()).toThrow("ModuleDict: has no forward. Call the module that get(name) gives");
  });
});

describe("layers of shapes", () => {
  it("move elements", () => {
    expect(new nn.Unflatten(1, [2, -1]).forward(zeros(3, 8)).shape).toEqual([3, 2, 4]);
    const x = rand([1, 4, 2, 3]);
    const shuffled = new nn.PixelShuffle(2).forward(x);
    expect(shuffled.shape).toEqual([1, 1, 4, 6]);
    expect(new nn.PixelUnshuffle(2).forward(shuffled).toArray()).toEqual(x.toArray());
    expect(new nn.CosineSimilarity(0).forward(tensor([3, 0]), tensor([5, 0])).item()).toBe(1);
  });

  it("print as in PyTorch", () => {
    const layers = [
      new nn.Unflatten(1, [2, 3]),
      new nn.Unflatten(0, [4]),
      new nn.PixelShuffle(3),
      new nn.PixelUnshuffle(2),
      new nn.CosineSimilarity(),
    ];
    expect(layers.map(String)).toEqual([
      "Unflatten(dim=1, unflattened_size=(2, 3))",
      "Unflatten(dim=0, unflattened_size=(4,))",
      "PixelShuffle(upscale_factor=3)",
      "PixelUnshuffle(downscale_factor=2)",
      "CosineSimilarity()",
    ]);
  });
});
