import { detectAnomaly, nn, noGrad, ones, type Tensor, tensor } from "simdgrad";
import { describe, expect, it } from "vitest";

class Scale extends nn.Module {
  factor = new nn.Parameter(tensor([2, 3]));
  steps = this.registerBuffer("num_steps", tensor([0]));

  forward(x: Tensor): Tensor {
    return x.mul(this.factor);
  }
}

class Net extends nn.Module {
  first = new Scale();
  rest = new nn.Sequential({ a: new Scale(), b: new Scale() });

  forward(x: Tensor): Tensor {
    return this.rest.forward(this.first.forward(x));
  }
}

describe("Module", () => {
  it("names parameters, buffers and modules as PyTorch does", () => {
    const net = new Net();
    expect(net.namedParameters().map(([name]) => name)).toEqual(["first.factor", "rest.a.factor", "rest.b.factor"]);
    expect(net.namedModules().map(([name]) => name)).toEqual(["", "first", "rest", "rest.a", "rest.b"]);
    expect(Object.keys(net.stateDict())).toEqual([
      "first.factor",
      "first.num_steps",
      "rest.a.factor",
      "rest.a.num_steps",
      "rest.b.factor",
      "rest.b.num_steps",
    ]);
    expect(net.forward(tensor([1, 1])).toArray()).toEqual([8, 27]);
    expect(String(net)).toBe(
      "Net(\n  (first): Scale()\n  (rest): Sequential(\n    (a): Scale()\n    (b): Scale()\n  )\n)",
    );
  });

  it("finds modules and parameters by path", () => {
    const net = new Net();
    expect(net.getSubmodule("")).toBe(net);
    expect(net.getSubmodule("rest.b")).toBe(net.rest.get("b"));
    expect(net.getParameter("first.factor")).toBe(net.first.factor);
    expect(net.getBuffer("rest.a.num_steps").item()).toBe(0);
    expect(() => net.getBuffer("rest.a.factor")).toThrow(
      'Net.getBuffer: expected the path of a buffer ("first.num_steps", "rest.a.num_steps", "rest.b.num_steps"), got "rest.a.factor"',
    );
    expect(() => net.getSubmodule("rest.c")).toThrow(
      'Net.getSubmodule: expected the path of a module ("", "first", "rest", "rest.a", "rest.b"), got "rest.c"',
    );
    expect(() => net.first.getParameter("steps")).toThrow(
      'Scale.getParameter: expected the path of a parameter ("factor"), got "steps"',
    );
  });

  it("counts a shared parameter once", () => {
    const shared = new Scale();
    expect(new nn.Sequential(shared, shared).parameters().length).toBe(1);
  });

  it("loads all or nothing, and shows both sides of a mismatch", () => {
    const net = new Scale();
    const good = { factor: tensor([5, 7]), num_steps: tensor([1]) };
    net.loadStateDict(good);
    expect(net.factor.toArray()).toEqual([5, 7]);
    expect(() => net.loadStateDict({ factor: tensor([1, 2, 3]), other: tensor(0) })).toThrow(
      "Scale.loadStateDict: expected the keys and shapes of this module, got\n" +
        "  - num_steps [1]: missing in the state dict\n" +
        "  + other []: not in the module\n" +
        "  ~ factor: module [2], state dict [3]",
    );
    expect(net.factor.toArray()).toEqual([5, 7]);
    expect(net.loadStateDict({ factor: tensor([1, 1]), x: tensor(0) }, { strict: false })).toEqual({
      missingKeys: ["num_steps"],
      unexpectedKeys: ["x"],
    });
  });

  it("switches dtype and mode for all below", () => {
    const net = new Net().double().eval();
    expect(net.parameters().map((p) => p.dtype)).toEqual(["float64", "float64", "float64"]);
    expect(net.rest.get("a").training).toBe(false);
    expect(net.forward(tensor([1, 1], { dtype: "float64" })).dtype).toBe("float64");
  });

  it("refuses parameters that no optimizer would find", () => {
    class Hidden extends nn.Module {
      layers = [new Scale()];
      forward(x: Tensor): Tensor {
        return x;
      }
    }
    class Plain extends nn.Module {
      w = tensor([1], { requiresGrad: true });
      forward(x: Tensor): Tensor {
        return x.mul(this.w);
      }
    }
    expect(() => new Hidden().parameters()).toThrow(/Hidden.layers: .* inside an array.*nn.ModuleList/);
    class Deep extends nn.Module {
      blocks = new Map([["a", { layers: [[new Scale()]] }]]);
      forward(x: Tensor): Tensor {
        return x;
      }
    }
    expect(() => new Deep().parameters()).toThrow(/Deep.blocks: .* inside an object/);
    expect(() => new Plain().parameters()).toThrow(/Plain.w: expected a Parameter/);
  });

  it("calls hooks around forward, in order, until they are removed", () => {
    const net = new Net();
    const seen: string[] = [];
    const before = net.first.registerForwardPreHook((_, [x]) => {
      seen.push("before");
      return [x.mul(10)];
    });
    const after = net.first.registerForwardHook((module, _, out) => {
      seen.push(`after ${module.constructor.name}`);
      return out.mul(0);
    });
    expect(net.forward(tensor([1, 1])).toArray()).toEqual([0, 0]);
    before.remove();
    after.remove();
    expect(net.forward(tensor([1, 1])).toArray()).toEqual([8, 27]);
    expect(seen).toEqual(["before", "after Scale"]);
  });

  it("is named by detectAnomaly, forward and backward", () => {
    const net = new Net();
    noGrad(() => net.rest.get("a").parameters()[0]?.fill_(3e38));
    expect(() => detectAnomaly(() => net.forward(tensor([100, 100])))).toThrow(
      /got Infinity at element 0 of 2 from mul in Net > rest: Sequential > a: Scale; its inputs: \[2\], \[2\]$/,
    );
    class Root extends nn.Module {
      forward(x: Tensor): Tensor {
        return x.sqrt();
      }
    }
    const x = tensor([0, 1], { requiresGrad: true });
    expect(() => detectAnomaly(() => new Root().forward(x).sum().backward())).toThrow(
      /got Infinity at element 0 of 2 from div in the backward of sqrt \(recorded in Root\)/,
    );
  });
});

describe("inputs of forward", () => {
  class Twice extends nn.Module {
    forward(x: Tensor, factor = 2): Tensor {
      return x.mul(factor);
    }
  }

  it("are refused where forward cannot take them", () => {
    const { forward } = new nn.Linear(2, 1);
    expect(() => Reflect.apply(forward, null, [ones([1, 2]), 3])).toThrow(
      "Linear: expected 1 inputs of forward at most, got 2",
    );
    expect(() => [ones([1, 2])].map(forward)).toThrow("Linear: expected 1 inputs of forward at most, got 3");
    expect(new Twice().forward(ones([1]), 3).item()).toBe(3);
  });
});
