import { defineFunction, gradcheck, gradgradcheck, memory, scope, type Tensor, tensor } from "simdgrad";
import { describe, expect, it } from "vitest";

const leaf = (values: number[]): Tensor => tensor(values, { dtype: "float64", requiresGrad: true });

/** x² whose gradient is wrong by a factor. */
const wrongSquare = (factor: number): ((x: Tensor) => Tensor) =>
  defineFunction({
    name: "square",
    forward: (ctx, x: Tensor) => {
      ctx.saveForBackward(x);
      return x.mul(x);
    },
    backward: (ctx, g) => g.mul(ctx.savedTensors[0]!).mul(factor),
  });

describe("gradcheck", () => {
  it("passes what is right, with several inputs and outputs, and leaves the inputs alone", () => {
    const [x, y] = [leaf([1, -2, 3]), leaf([0.5, 4, -1])];
    expect(gradcheck((a, b) => [a!.mul(b!), a!.add(b!).sum()], [x, y])).toBe(true);
    expect(gradgradcheck((a, b) => a!.mul(b!).mul(a!), [x, y])).toBe(true);
    expect(x.toArray()).toEqual([1, -2, 3]);
    expect(x.grad).toBeNull();
  });

  it("shows both Jacobians of the first pair that differs", () => {
    const wrong = wrongSquare(3);
    const fn = (x: Tensor, y: Tensor): Tensor[] => [x.mul(y), wrong(y)];
    expect(() => gradcheck(fn, [leaf([1, 2]), leaf([3, 4])])).toThrow(
      "gradcheck: expected the gradient that central differences give, got another for input 1, output 1 " +
        "(a row for each input element)\nanalytical:\n[[9, 0],\n [0, 12]]\nnumerical:\n[[6, 0],\n [0, 8]]",
    );
    expect(gradcheck(fn, [leaf([1, 2]), leaf([3, 4])], { raiseException: false })).toBe(false);
    expect(gradcheck(wrongSquare(2.001), leaf([1, 2]), { rtol: 1e-2 })).toBe(true);
    expect(gradcheck(wrongSquare(2.001), leaf([1, 2]), { rtol: 1e-6, raiseException: false })).toBe(false);
  });

  it("finds a second gradient that is wrong, and a gradient that is lost", () => {
    const lost = defineFunction({
      name: "lost",
      forward: (ctx, x: Tensor) => {
        ctx.saveForBackward(x);
        return x.mul(x);
      },
      backward: (ctx, g) => g.mul(ctx.savedTensors[0]!.detach()).mul(2),
    });
    expect(gradcheck(lost, leaf([1, 2]))).toBe(true);
    expect(() => gradgradcheck(lost, leaf([1, 2]))).toThrow(/gradgradcheck: .* for input 0, output 0/);
    expect(() => gradcheck((x) => x.detach().mul(2), leaf([1]))).toThrow(
      /analytical:\n\[\[0\]\]\nnumerical:\n\[\[2\]\]/,
    );
  });

  it("asks for float64 inputs that need a gradient", () => {
    expect(() => gradcheck((x) => x.mul(x), tensor([1, 2], { requiresGrad: true }))).toThrow(
      'gradcheck: expected float64 inputs, got input 0 of float32. Central differences need its digits: make it with { dtype: "float64" } or .double()',
    );
    expect(() => gradcheck((x) => x.mul(x), tensor([1, 2], { dtype: "float64" }))).toThrow(
      "gradcheck: expected at least one input with requiresGrad, got none",
    );
    expect(() => gradcheck((x) => x.int(), leaf([1]))).toThrow(
      "gradcheck: expected a function with a float32 or float64 output",
    );
  });

  it("frees what it makes", () => {
    const x = leaf([1, 2, 3]);
    const used = (): number => {
      scope(() => gradgradcheck((a) => a.mul(a).mul(a), x));
      return memory().bytesInUse;
    };
    expect(used()).toBe(used());
  });
});
