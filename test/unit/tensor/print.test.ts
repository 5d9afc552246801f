import { inspect } from "node:util";
import { arange, type Dtype, nn, setDefaultDtype, type Tensor, tensor, ValueError } from "simdgrad";
import { describe, expect, it } from "vitest";
import { goldenJson } from "../../support/files.js";

type Values = number | boolean | string | Values[];
type Case = { data: Values | null; arange?: number; shape?: number[]; dtype: Dtype; text: string };

const cases = goldenJson("print.json") as Record<string, Case>;

type Nested = number | boolean | Nested[];
const SPECIAL: Record<string, number> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
};
const revive = (data: Values): Nested =>
  Array.isArray(data) ? data.map(revive) : typeof data === "string" ? SPECIAL[data]! : data;

function make({ data, arange: n, shape, dtype }: Case): Tensor {
  if (n !== undefined) return arange(n, { dtype }).view(shape!);
  const values = revive(data!);
  if (shape === undefined || !Array.isArray(values)) return tensor(values, { dtype });
  const count = shape.reduce((product, size) => product * size, 1);
  const all = Array.from({ length: count }, (_, i) => values[i % values.length]!);
  return tensor(all, { dtype }).view(shape);
}

describe("a tensor prints as PyTorch prints it", () => {
  for (const [name, item] of Object.entries(cases)) {
    it(name, () => expect(String(make(item))).toBe(item.text));
  }

  it("with the dtypes that are not the default", () => {
    setDefaultDtype("float64");
    try {
      expect(String(tensor([1]))).toBe("tensor([1.])");
      expect(String(tensor([1], { dtype: "float32" }))).toBe("tensor([1.], dtype=torch.float32)");
    } finally {
      setDefaultDtype("float32");
    }
  });

  it("as a parameter", () => {
    const text = "Parameter containing:\ntensor([1., 2.], requires_grad=True)";
    expect(String(new nn.Parameter(tensor([1, 2])))).toBe(text);
  });

  it("with what a graph adds", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    expect(String(x)).toBe("tensor([1., 2.], requires_grad=True)");
    expect(String(x.mul(2))).toBe("tensor([2., 4.], grad_fn=<MulBackward0>)");
    expect(`${x.gradFn} ${x.mul(2).gradFn}`).toBe("null <mul>");
  });
});

describe("a tensor in the place of a number", () => {
  const t = tensor([3]);
  const number: unknown = t; // as callers without types have it
  const calls: Record<string, () => unknown> = {
    "t > 2": () => (number as number) > 2,
    "0 + t": () => 0 + (number as number),
    "t + ''": () => `${number}`.length + (number as number),
    "-t": () => -(number as number),
    "Math.abs(t)": () => Math.abs(number as number),
    "an element of a typed array": () => Float32Array.of(number as number),
  };
  for (const [name, call] of Object.entries(calls)) {
    it(`is refused: ${name}`, () => {
      expect(call).toThrow(ValueError);
      expect(call).toThrow("got a tensor of shape [1] beside an operator. Write t.gt(2) for t > 2");
    });
  }

  it("is its text in the place of a string", () => {
    expect(`${t} ${[t, t].join(" ")} ${String(t)}`).toBe(Array(4).fill("tensor([3.])").join(" "));
    expect(inspect({ t })).toBe("{ t: tensor([3.]) }");
    expect(inspect(t)).toBe("tensor([3.])");
  });

  it("is nested arrays in JSON", () => {
    const x = { a: tensor([[1, -2.5]]), b: tensor(3), c: tensor([]), d: tensor([true, false]) };
    expect(JSON.stringify(x)).toBe('{"a":[[1,-2.5]],"b":3,"c":[],"d":[1,0]}');
    for (const value of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      expect(() => JSON.stringify([tensor([0, value])])).toThrow(`toJSON: expected finite numbers, got ${value}`);
    }
  });
});
