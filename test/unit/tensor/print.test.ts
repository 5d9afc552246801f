import { arange, type Dtype, type Tensor, tensor } from "simdgrad";
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
  return n === undefined ? tensor(revive(data!), { dtype }) : arange(n, { dtype }).view(...shape!);
}

describe("a tensor prints as PyTorch prints it", () => {
  for (const [name, item] of Object.entries(cases)) {
    it(name, () => expect(String(make(item))).toBe(item.text));
  }

  it("with what a graph adds", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    expect(String(x)).toBe("tensor([1., 2.], requiresGrad=true)");
    expect(String(x.mul(2))).toBe("tensor([2., 4.], gradFn=<mul>)");
    expect(`${x.gradFn} ${x.mul(2).gradFn}`).toBe("null <mul>");
  });
});
