import { max, memory, SimdgradError, scope, type Tensor, tensor } from "simdgrad";
import { describe, expect, it } from "vitest";
import * as activation from "../../../src/ops/pointwise/activation.js";
import * as arithmetic from "../../../src/ops/pointwise/arithmetic.js";
import { sum } from "../../../src/ops/pointwise/broadcast.js";
import * as clamp from "../../../src/ops/pointwise/clamp.js";
import * as close from "../../../src/ops/pointwise/close.js";
import * as compare from "../../../src/ops/pointwise/compare.js";
import * as inplace from "../../../src/ops/pointwise/inplace.js";
import * as math from "../../../src/ops/pointwise/math.js";
import * as where from "../../../src/ops/pointwise/where.js";
import { cumsum } from "../../../src/ops/reduce/cumulate.js";
import { argmax, argmin, min } from "../../../src/ops/reduce/extremum.js";
import { logsumexp } from "../../../src/ops/reduce/logsumexp.js";
import * as norm from "../../../src/ops/reduce/norm.js";
import { prod } from "../../../src/ops/reduce/prod.js";
import { all, amax, amin, any, countNonzero, mean, std, variance } from "../../../src/ops/reduce/reduce.js";
import { logSoftmax, softmax, softmin } from "../../../src/ops/reduce/softmax.js";
import { argsort, sort, topk } from "../../../src/ops/reduce/sort.js";

const input = (): Tensor =>
  tensor([
    [1, -2, 3],
    [4, 5, -6],
  ]);

/** The arguments of a call by name, in PyTorch's order, each with a value that changes the result or fits. */
type Sample = Record<string, unknown>;
const along = { dim: 1, keepdim: true };
const spread = { dim: 1, unbiased: false, keepdim: true };
const scaled: Record<string, Sample> = {
  leakyRelu: { negativeSlope: 0.2, inplace: false },
  elu: { alpha: 2, inplace: false },
  softplus: { beta: 2, threshold: 3 },
  hardtanh: { minVal: -3, maxVal: 2, inplace: false },
  hardshrink: { lambd: 2 },
};
const other = tensor([1, 2, -3]);
const mask = tensor([true, false, true]);
const pair: Sample = { other };
/** The arguments behind the first of pointwise operations; nothing for those of one tensor. */
const pointwise: Record<string, Sample> = {
  ...Object.fromEntries(
    ["mul", "floorDivide", "remainder", "fmod", "maximum", "minimum", "atan2", "add", "sub", "div"].map((name) => [
      name,
      pair,
    ]),
  ),
  ...Object.fromEntries(["eq", "ne", "lt", "le", "gt", "ge", "equal"].map((name) => [name, pair])),
  ...Object.fromEntries(["logicalAnd", "logicalOr", "logicalXor"].map((name) => [name, pair])),
  ...Object.fromEntries(["add_", "sub_", "mul_", "div_"].map((name) => [name, pair])),
  pow: { exponent: other },
  isclose: { other, rtol: 0.5, atol: 1, equalNan: true },
  allclose: { other, rtol: 0.5, atol: 1, equalNan: true },
  clamp: { min: -1, max: 2 },
  clampMin: { min: -1 },
  clampMax: { max: 2 },
  clamp_: { min: -1, max: 2 },
  fill_: { value: 3 },
  maskedFill: { mask, value: 3 },
  maskedFill_: { mask, value: 3 },
};
const { countTrue: _internal, ...comparisons } = compare;
const { where: _ternary, ...masks } = where; // its first argument is a mask
const files = [arithmetic, math, comparisons, close, clamp, masks, inplace].flatMap((file) => Object.entries(file));
const reductions = { sum, mean, amax, amin, any, all, prod, logsumexp, argmax, argmin, max, min };
const calls: [name: string, f: unknown, sample: Sample][] = [
  ...Object.entries(activation).map(([name, f]): [string, unknown, Sample] => [name, f, scaled[name] ?? {}]),
  ...files.map(([name, f]): [string, unknown, Sample] => [name, f, pointwise[name] ?? {}]),
  ...Object.entries(reductions).map(([name, f]): [string, unknown, Sample] => [name, f, along]),
  ["var", variance, spread],
  ["std", std, spread],
  ["countNonzero", countNonzero, { dim: 1 }],
  ["cumsum", cumsum, { dim: 1 }],
  ["norm", norm.norm, { p: 3, dim: 1, keepdim: true }],
  ["normalize", norm.normalize, { p: 3, dim: 0, eps: 2 }],
  ["cosineSimilarity", norm.cosineSimilarity, { x2: input(), dim: 0, eps: 2 }],
  ["softmax", softmax, { dim: 0 }],
  ["softmin", softmin, { dim: 0 }],
  ["logSoftmax", logSoftmax, { dim: 0 }],
  ["sort", sort, { dim: 0, descending: true, stable: true }],
  ["argsort", argsort, { dim: 0, descending: true }],
  ["topk", topk, { k: 1, dim: 0, largest: false, sorted: true }],
];

/** The result as plain data: a tensor's numbers, values and indices, or a boolean. */
function numbers(result: unknown): unknown {
  if (typeof result === "boolean") return result;
  const parts = result as { values?: Tensor; indices?: Tensor; tolist?(): unknown };
  return parts.tolist === undefined ? [parts.values!.tolist(), parts.indices!.tolist()] : parts.tolist();
}

function call(f: unknown, ...args: unknown[]): unknown {
  if (typeof f !== "function") throw new Error("not a function");
  return scope(() => numbers(f(...args)));
}

describe("the signature of", () => {
  it.each(calls)("%s takes each argument in both spellings", (_, f, sample) => {
    const names = Object.keys(sample);
    const values = Object.values(sample);
    const expected = call(f, input(), ...values);
    for (let count = 0; count < names.length; count++) {
      const keywords = Object.fromEntries(names.slice(count).map((name) => [name, sample[name]]));
      expect(call(f, input(), ...values.slice(0, count), keywords)).toEqual(expected);
    }
  });

  it.each(calls)("%s refuses everything else, before it makes anything", (_, f, sample) => {
    const x = input();
    const values = Object.values(sample);
    const wrong: unknown[][] = [
      [],
      [undefined],
      [null, ...values],
      [[1, 2], ...values],
      [x, ...values, { colour: 1 }],
      [x, ...values, { toString: 1 }],
      [x, ...values, 0, 48],
      [x, ...values, 0, 48, 96],
      ...values.map((_, i) => [x, ...values.slice(0, i), () => 0]),
      ...values.map((_, i) => [x, ...values.slice(0, i), { [Object.keys(sample)[i]!]: "a word" }]),
    ];
    const { bytesInUse } = memory();
    for (const args of wrong) expect(() => call(f, ...args), JSON.stringify(args)).toThrow(SimdgradError);
    expect(memory().bytesInUse).toBe(bytesInUse);
  });

  it("where takes PyTorch's names", () => {
    const expected = where.where(mask, input(), 0).tolist();
    expect(where.where({ condition: mask, input: input(), other: 0 }).tolist()).toEqual(expected);
  });

  it("factors and rounding modes is by keyword alone", () => {
    expect(input().add(other, { alpha: 2 }).tolist()).toEqual(input().add(other.mul(2)).tolist());
    expect(input().div(other, { roundingMode: "floor" }).tolist()).toEqual(input().floorDivide(other).tolist());
    expect(() => call(arithmetic.add, input(), other, 2)).toThrow(
      "add: expected add(input, other, alpha), got 3 arguments",
    );
    expect(() => call(arithmetic.div, input(), other, "floor")).toThrow(SimdgradError);
    expect(() => call(arithmetic.div, input(), other, { rounding_mode: "floor" })).toThrow("Use roundingMode");
  });

  it("methods is that of their functions", () => {
    const x = input();
    expect(x.sum(1, true).tolist()).toEqual(x.sum({ dim: 1, keepdim: true }).tolist());
    expect(x.sum(1, true).tolist()).toEqual([[2], [3]]);
    expect(x.max(1, true).values.tolist()).toEqual(x.max({ dim: 1, keepdim: true }).values.tolist());
    expect(x.max({ dim: 0 }).indices.tolist()).toEqual([1, 1, 0]);
    expect(x.var(false).item()).toBe(x.var(null, false).item());
    expect(x.sum({ dtype: "float64" }).dtype).toBe("float64");
  });
});
