import { nn, ones, type Tensor } from "simdgrad";
import { describe, expect, it } from "vitest";

/** `0:ReLU 1:Tanh`, as the names and classes of PyTorch's `_modules`. */
const listed = (module: nn.Module): string =>
  module
    .namedChildren()
    .map(([name, child]) => `${name}:${child.constructor.name}`)
    .join(" ");

const three = (): [nn.Module, nn.Module, nn.Module] => [new nn.ReLU(), new nn.Tanh(), new nn.Sigmoid()];

class Times extends nn.Module {
  constructor(private readonly factor: number) {
    super();
  }

  forward(x: Tensor): Tensor {
    return x.mul(this.factor);
  }
}

describe("Sequential", () => {
  it("changes as in PyTorch", () => {
    const net = new nn.Sequential(...three(), new nn.ELU());
    expect(listed(net.slice(1, 3))).toBe("1:Tanh 2:Sigmoid");
    expect(listed(net.slice(-2))).toBe("2:Sigmoid 3:ELU");
    expect(net.pop(0)).toBeInstanceOf(nn.ReLU);
    expect(listed(net)).toBe("0:Tanh 1:Sigmoid 2:ELU");
    expect(listed(net.insert(1, new nn.GELU()))).toBe("0:Tanh 1:GELU 2:Sigmoid 3:ELU");
    expect(listed(net.extend([new nn.ReLU()]))).toBe("0:Tanh 1:GELU 2:Sigmoid 3:ELU 4:ReLU");
    expect(listed(net.set(-1, new nn.Identity()))).toBe("0:Tanh 1:GELU 2:Sigmoid 3:ELU 4:Identity");
    expect(listed(net.insert(-5, new nn.ReLU()))).toBe("0:ReLU 1:Tanh 2:GELU 3:Sigmoid 4:ELU 5:Identity");
    expect(listed(net.insert(6, new nn.ReLU()))).toMatch(/5:Identity 6:ReLU$/);
  });

  it("keeps names, but for pop, which numbers what stays", () => {
    const [a, b, c] = three();
    const net = new nn.Sequential({ a, b, c });
    expect(listed(net.slice(0, 2))).toBe("a:ReLU b:Tanh");
    expect(listed(net.set(1, new nn.GELU()).append(new nn.ReLU()))).toBe("a:ReLU b:GELU c:Sigmoid 3:ReLU");
    expect(listed(net.slice(1))).toBe("b:GELU c:Sigmoid 3:ReLU");
    expect(net.get("b")).toBe(net.get(1));
    net.pop(0);
    expect(listed(net)).toBe("0:GELU 1:Sigmoid 2:ReLU");
  });

  it("shares modules with its slices", () => {
    const net = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU(), new nn.Linear(3, 1));
    const body = net.slice(0, -1);
    expect(body.parameters()).toEqual(net.parameters().slice(0, 2));
    expect(body.forward(ones(4, 2)).shape).toEqual([4, 3]);
  });

  it("runs what was changed between two forwards", () => {
    const net = new nn.Sequential(new nn.Identity());
    expect(net.forward(ones(1)).toArray()).toEqual([1]);
    net.append(new Times(5));
    expect(net.forward(ones(1)).toArray()).toEqual([5]);
    net.set(1, new Times(6));
    expect(net.forward(ones(1)).toArray()).toEqual([6]);
    net.pop(1);
    expect(net.forward(ones(1)).toArray()).toEqual([1]);
  });

  it("refuses what does not fit, and changes nothing", () => {
    const net = new nn.Sequential(...three());
    const before = listed(net);
    expect(() => net.insert(4, new nn.ReLU())).toThrow("Sequential.insert: expected a position from -3 to 3, got 4");
    expect(() => net.insert(0.5, new nn.ReLU())).toThrow(
      "Sequential.insert: expected at to be a whole number, got 0.5",
    );
    expect(() => net.pop(3)).toThrow("Sequential.pop: expected a position below 3, got 3");
    expect(() => net.set(-4, new nn.ReLU())).toThrow("Sequential.set: expected a position below 3, got -4");
    expect(() => net.slice(0.5)).toThrow("Sequential.slice: expected start to be a whole number, got 0.5");
    for (const method of [net.insert, net.set]) {
      expect(() => Reflect.apply(method, net, [0, Math.abs])).toThrow(
        /expected module to be a module, got a function. Functions have module forms: nn.ReLU for F.relu/,
      );
    }
    expect(() => Reflect.apply(net.append, net, [3])).toThrow(
      "Sequential.append: expected module to be a module, got 3",
    );
    expect(() => Reflect.apply(net.extend, net, [[new nn.ReLU(), 3]])).toThrow("expected a module at position 4");
    expect(() => Reflect.apply(net.extend, net, [3])).toThrow(
      "Sequential.extend: expected modules to be an array or another iterable, got 3",
    );
    expect(() => Reflect.apply(net.append, net, [new nn.ReLU(), 1])).toThrow("append(module), got 2 arguments");
    expect(() => Reflect.apply(net.get, net, [1.5])).toThrow("expected at to be a whole number or a name, got 1.5");
    expect(() => new nn.Sequential({ "a.b": new nn.ReLU() })).toThrow(
      'Sequential: expected a name without dots, got "a.b"',
    );
    const [a, b] = three();
    expect(() => new nn.Sequential({ a, b }).insert(0, new nn.ReLU())).toThrow(
      "Sequential.insert: expected modules that are numbered from 0, got one named a",
    );
    expect(listed(net)).toBe(before);
  });
});

describe("ModuleList", () => {
  it("changes as in PyTorch", () => {
    const list = new nn.ModuleList(three());
    expect(listed(list.slice(1))).toBe("0:Tanh 1:Sigmoid");
    expect(listed(list.insert(1, new nn.GELU()))).toBe("0:ReLU 1:GELU 2:Tanh 3:Sigmoid");
    expect(list.pop(-1)).toBeInstanceOf(nn.Sigmoid);
    expect(listed(list.set(-1, new nn.ELU()))).toBe("0:ReLU 1:GELU 2:ELU");
    expect(listed(list.extend(new nn.ModuleList([new nn.ReLU()])))).toBe("0:ReLU 1:GELU 2:ELU 3:ReLU");
    list.pop(0);
    expect(listed(list)).toBe("0:GELU 1:ELU 2:ReLU");
  });

  it("refuses what leaves a list with gaps in PyTorch", () => {
    const list = new nn.ModuleList(three());
    expect(() => list.insert(4, new nn.ReLU())).toThrow("ModuleList.insert: expected a position from 0 to 3, got 4");
    expect(() => list.insert(-1, new nn.ReLU())).toThrow("ModuleList.insert: expected a position from 0 to 3, got -1");
    expect(() => list.get(3)).toThrow("ModuleList.get: expected a position below 3, got 3");
  });
});
