import { nn, ones, rand, type Tensor, zeros } from "simdgrad";
import { describe, expect, it } from "vitest";

class Shared extends nn.Module {
  a = new nn.Linear(1, 1);
  b = this.a;
  w = this.a.weight;
  mean = this.registerBuffer("mean", zeros(1), false);
  steps = this.registerBuffer("steps", zeros(1), { persistent: true });

  forward(x: Tensor): Tensor {
    return this.a.forward(x);
  }
}

describe("methods of Module", () => {
  it("list shared modules and parameters as PyTorch does", () => {
    const net = new Shared();
    expect(Object.keys(net.stateDict())).toEqual(["w", "steps", "a.weight", "a.bias", "b.weight", "b.bias"]);
    expect(net.namedParameters().map(([name]) => name)).toEqual(["w", "a.bias"]);
    expect(net.namedChildren().map(([name]) => name)).toEqual(["a"]);
    expect(String(net)).toMatch(/\(a\): Linear.*\n {2}\(b\): Linear/);
    expect(net.loadStateDict(net.stateDict())).toEqual({ missingKeys: [], unexpectedKeys: [] });
    expect(new nn.Sequential(net.a, net.a).forward(ones(1, 1)).shape).toEqual([1, 1]);
  });

  it("take PyTorch's arguments by position and by keyword", () => {
    const net = new Shared();
    expect(net.namedParameters("x", false).map(([name]) => name)).toEqual(["x.w"]);
    expect(net.namedBuffers({ prefix: "x" }).map(([name]) => name)).toEqual(["x.mean", "x.steps"]);
    expect([net.parameters({ recurse: false }).length, net.buffers(false).length]).toEqual([1, 2]);
    expect([net.train(false).training, net.train({ mode: true }).training]).toEqual([false, true]);
    expect(net.requiresGrad_({ requiresGrad: false }).a.weight.requiresGrad).toBe(false);
    expect(net.loadStateDict({}, false).missingKeys.length).toBe(6);
    net.requiresGrad_();
    net.forward(ones(1, 1)).sum().backward();
    net.zeroGrad(false);
    expect(net.w.grad!.toArray()).toEqual([[0]]);
    net.zeroGrad();
    expect(net.w.grad).toBe(null);
  });

  it("refuse wrong kinds, unknown keywords and an argument too many, before any effect", () => {
    const net = new Shared();
    const refuse = (method: string, args: unknown[], text: string): void => {
      expect(() => Reflect.apply(Reflect.get(net, method), net, args)).toThrow(text);
    };
    refuse("registerForwardHook", [3], "registerForwardHook: expected hook to be a function, got 3");
    refuse("registerForwardPreHook", [], "registerForwardPreHook: expected registerForwardPreHook(hook), got no hook");
    refuse("registerFullBackwardHook", [null], "expected hook to be a function, got null");
    refuse("registerBuffer", [3, zeros(1)], "registerBuffer: expected name to be a text, got 3");
    refuse("registerBuffer", ["x", 3], "registerBuffer: expected a tensor or null as tensor, got 3");
    refuse("registerBuffer", ["x", zeros(1), 1], "registerBuffer: expected persistent to be true or false, got 1");
    refuse("registerBuffer", ["x", zeros(1), { persist: true }], "got persist");
    refuse("registerBuffer", ["a.b", zeros(1)], 'Shared.registerBuffer: expected a name without dots, got "a.b"');
    refuse("registerBuffer", ["w", zeros(1)], 'expected a name that is free, got "w", which the module has already');
    refuse("registerModule", ["x", zeros(1)], "registerModule: expected module to be a module or null");
    refuse("registerParameter", ["x", zeros(1)], "registerParameter: expected param to be a Parameter or null");
    refuse("registerParameter", ["x", zeros(1)], "Write new nn.Parameter(tensor)");
    refuse("train", [1], "train: expected mode to be true or false, got 1");
    refuse("eval", [true], "eval: expected eval(), got 1 arguments");
    refuse("requiresGrad_", ["no"], 'requiresGrad_: expected requiresGrad to be true or false, got "no"');
    refuse("to", ["cheese"], 'to: expected "float32" or "float64" as dtype, got "cheese"');
    refuse("to", ["int32"], 'to: expected "float32" or "float64" as dtype, got "int32"');
    refuse("double", ["float32"], "double: expected double(), got 1 arguments");
    refuse("getSubmodule", [3], "getSubmodule: expected target to be a text, got 3");
    refuse("getParameter", [], "getParameter: expected getParameter(target), got no target");
    refuse("parameters", [{ recursive: false }], "parameters: expected parameters(recurse), got recursive");
    refuse("modules", [1], "modules: expected modules(), got 1 arguments");
    refuse("stateDict", ["x"], "stateDict: expected stateDict(), got 1 arguments");
    refuse("loadStateDict", [3], "loadStateDict: expected stateDict to be an object of tensors by name, got 3");
    refuse("loadStateDict", [net.stateDict(), { strikt: false }], "got strikt. Use strict");
    refuse("apply", [3], "apply: expected fn to be a function, got 3");
    refuse("zeroGrad", [0], "zeroGrad: expected setToNone to be true or false, got 0");
    expect([net.training, net.w.requiresGrad, net.w.dtype, net.buffers().length]).toEqual([true, true, "float32", 2]);
    expect(net.forward(rand([2, 1])).shape).toEqual([2, 1]);
  });
});
