/** Methods of Tensor that compute no elements: PyTorch's arguments in both spellings, and nothing else. */
import { memory, SimdgradError, scope, type Tensor, tensor } from "simdgrad";
import { afterAll, describe, expect, it } from "vitest";

const own = scope();
afterAll(() => own.close());
const g = tensor([1, 1]);
const leaf = (): Tensor => tensor([1, 2], { requiresGrad: true });
const result = (): Tensor => leaf().mul(3);

/** How each is called in full, and what fits none of its arguments. */
const METHODS: Record<string, { on: () => Tensor; full?: unknown[]; wrong?: unknown[] }> = {
  dim: { on: leaf },
  item: { on: () => tensor([3]) },
  tolist: { on: leaf },
  toArray: { on: leaf },
  toTypedArray: { on: leaf },
  size: { on: leaf, full: [0], wrong: ["a", 0.5, null, true, [0], { axis: 0 }] },
  requiresGrad_: { on: () => tensor([1]), full: [true], wrong: [1, null, "yes", { on: true }] },
  to: { on: leaf, full: ["float64"], wrong: ["float", 64, null, { type: "float64" }, tensor([1])] },
  float: { on: leaf },
  double: { on: leaf },
  int: { on: leaf },
  long: { on: leaf },
  bool: { on: leaf },
  keep: { on: () => tensor([1]) },
  free: { on: () => tensor([1]) },
  backward: {
    on: result,
    full: [g, false, false, [leaf()]],
    wrong: [true, 1, [1, 1], { retain_graph: true }, { retainGraph: 1 }, { inputs: leaf() }],
  },
  registerHook: { on: leaf, full: [() => null], wrong: [null, undefined, "hook", tensor([1])] },
  retainGrad: { on: result },
  where: { on: leaf, full: [tensor([true, false]), 0], wrong: [true, [1, 0], { mask: tensor([true, false]) }] },
};

function call(on: Tensor, name: string, args: readonly unknown[]): unknown {
  const method: unknown = on[name as keyof Tensor];
  if (typeof method !== "function") throw new Error(`${name} is no method`);
  return method.apply(on, args);
}

describe("a method takes PyTorch's arguments and refuses others", () => {
  it.each(Object.entries(METHODS))("%s", (name, { on, full = [], wrong = [] }) => {
    scope(() => {
      call(on(), name, full);
      const x = on();
      const { bytesInUse } = memory();
      for (const args of [
        [...full, 0, 48],
        [...full, undefined, undefined],
        [...full, { colour: 1 }],
      ]) {
        expect(() => call(x, name, args), String(args)).toThrow(SimdgradError);
      }
      for (const value of wrong) expect(() => call(x, name, [value]), String(value)).toThrow(SimdgradError);
      expect([memory().bytesInUse, x.grad, x.storage.freed]).toEqual([bytesInUse, null, false]);
    });
  });

  it("by keyword too", () => {
    scope(() => {
      const x = leaf();
      expect(x.size({ dim: -1 } as unknown as number)).toBe(2);
      expect(x.to({ dtype: "float64" }).dtype).toBe("float64");
      expect(tensor([1]).requiresGrad_({ requiresGrad: false }).requiresGrad).toBe(false);
      const y = x.mul(x);
      y.backward({ gradient: g, retainGraph: true });
      y.backward(g, true);
      y.backward(g, { inputs: [x] });
      expect(x.grad?.tolist()).toEqual([6, 12]);
      expect(() => y.backward(g)).toThrow("already went through");
    });
  });

  it("with errors that say what to write", () => {
    const x = leaf();
    const any = (value: unknown): never => value as never;
    expect(() => x.to(any("double"))).toThrow('got "double". Use "float64"');
    expect(() => result().backward(g, any({ retain_graph: true }))).toThrow("got retain_graph. Use retainGraph");
    expect(() => call(tensor([1]), "item", [0])).toThrow("item: expected item(input), got 2 arguments");
    expect(() => x.size(any("a"))).toThrow('size: expected dim to be a whole number, got "a"');
    expect(() => x.size(1)).toThrow("size: expected a dim of shape [2], got 1");
  });

  it("and properties only values of their kind", () => {
    const x = leaf();
    const set = (key: "requiresGrad" | "grad", value: unknown) => () => Object.assign(x, { [key]: value });
    expect(set("requiresGrad", 1)).toThrow("requiresGrad: expected true or false, got 1");
    expect(set("grad", [1, 2])).toThrow("grad: expected a tensor or null, got object");
    expect([x.requiresGrad, x.grad]).toEqual([true, null]);
  });
});
