import { detectAnomaly, nn, noGrad, ones, type Tensor, tensor } from "simdgrad";
import { describe, expect, it } from "vitest";

class Two extends nn.Module {
  forward(a: Tensor, b: Tensor | Tensor[]): [Tensor, Tensor] {
    return [a.mul(Array.isArray(b) ? b[0]! : b), a.add(1)];
  }
}

type Grads = readonly (Tensor | null)[];
const shown = (grads: Grads): unknown => grads.map((grad) => grad?.toArray() ?? null);

/** A module whose hook writes down what it gets. */
function watched<M extends nn.Module>(module: M): { module: M; seen: unknown[] } {
  const seen: unknown[] = [];
  module.registerFullBackwardHook((_, gradInput, gradOutput) => void seen.push([shown(gradInput), shown(gradOutput)]));
  return { module, seen };
}

describe("registerFullBackwardHook", () => {
  it("gets PyTorch's gradients of inputs and outputs", () => {
    const { module, seen } = watched(new Two());
    const a = tensor([2], { requiresGrad: true });
    const b = tensor([3], { requiresGrad: true });
    const [both, one] = module.forward(a, b);
    both.mul(2).add(one).sum().backward();
    expect(seen).toEqual([
      [
        [[7], [4]],
        [[2], [1]],
      ],
    ]);
    expect([a.grad!.item(), b.grad!.item()]).toEqual([7, 4]);
  });

  it("gets zeros for inputs without a gradient and null for outputs without one", () => {
    const { module, seen } = watched(new Two());
    const a = tensor([2], { requiresGrad: true });
    module
      .forward(a, tensor([3]))[0]
      .sum()
      .backward();
    module
      .forward(a, [tensor([3])])[0]
      .sum()
      .backward();
    expect(seen).toEqual([
      [
        [[3], [0]],
        [[1], null],
      ],
      [
        [[3], null],
        [[1], null],
      ],
    ]);
    const layer = watched(new nn.Linear(1, 1));
    layer.module.forward(ones(1, 1)).sum().backward();
    expect(layer.seen).toEqual([[[null], [[[1]]]]]);
  });

  it("replaces the gradients of the inputs, hook after hook", () => {
    const module = new Two();
    module.registerFullBackwardHook((_, gradInput) => gradInput.map((grad) => grad?.mul(10) ?? null));
    const { seen } = watched(module);
    const a = tensor([2], { requiresGrad: true });
    const [both] = module.forward(a, a);
    both.sum().backward();
    expect(seen).toEqual([
      [
        [[20], [20]],
        [[1], null],
      ],
    ]);
    expect(a.grad!.item()).toBe(40);
  });

  it("stays out without gradients, and when it is removed", () => {
    const module = new nn.Sequential(new nn.Linear(1, 1), new nn.ReLU());
    let calls = 0;
    const handle = module.get(1).registerFullBackwardHook(() => void calls++);
    noGrad(() => module.forward(ones(1, 1)));
    module.forward(ones(1, 1)).sum().backward({ retainGraph: true });
    expect(calls).toBe(1);
    detectAnomaly(() => module.forward(ones(1, 1)).sum().backward());
    expect(calls).toBe(2);
    handle.remove();
    module.forward(ones(1, 1)).sum().backward();
    expect(calls).toBe(2);
  });

  it("keeps gradients of gradients", () => {
    const { module, seen } = watched(new nn.Tanh());
    const x = tensor([0.5], { requiresGrad: true });
    module.forward(x).sum().backward({ createGraph: true });
    const first = x.grad!;
    x.grad = null;
    first.sum().backward();
    const plain = tensor([0.5], { requiresGrad: true });
    plain.tanh().sum().backward({ createGraph: true });
    const second = plain.grad!;
    plain.grad = null;
    second.sum().backward();
    expect(x.grad!.item()).toBe(plain.grad!.item());
    expect(seen.length).toBeGreaterThan(0);
  });

  it("refuses what PyTorch refuses", () => {
    const a = tensor([2], { requiresGrad: true });
    const returning = (module: nn.Module, value: (gradInput: Grads) => unknown): nn.Module => {
      module.registerFullBackwardHook((_, gradInput) => value(gradInput));
      return module;
    };
    const run =
      (module: nn.Module, ...inputs: unknown[]) =>
      (): void => {
        const out = module.forward(...inputs);
        (Array.isArray(out) ? out[0] : out).sum().backward();
      };
    expect(
      run(
        returning(new Two(), ([first]) => first),
        a,
        ones(1),
      ),
    ).toThrow(
      "Two.registerFullBackwardHook: expected a hook that returns nothing, or the gradients of the inputs (float32 [1], float32 [1]), got float32 [1]",
    );
    expect(
      run(
        returning(new nn.Tanh(), () => [ones(2)]),
        a,
      ),
    ).toThrow("(float32 [1]), got float32 [2]");
    expect(
      run(
        returning(new nn.Linear(1, 1), () => [ones(1, 1)]),
        ones(1, 1),
      ),
    ).toThrow("(null), got float32 [1, 1]");
    class Dict extends nn.Module {
      forward(x: Tensor): { y: Tensor } {
        return { y: x.mul(2) };
      }
    }
    expect(() => watched(new Dict()).module.forward(a)).toThrow(
      "Dict.registerFullBackwardHook: expected a forward that returns a tensor or an array of tensors, got object",
    );
    class Leak extends nn.Module {
      forward(x: Tensor): Tensor {
        x.mul(2).sum().backward();
        return x;
      }
    }
    expect(() => watched(new Leak()).module.forward(a)).toThrow(/expected a loss that is computed from the output/);
  });
});
