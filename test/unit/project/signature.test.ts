import { F, memory, nn, type Tensor, tensor } from "simdgrad";
import { describe, expect, it } from "vitest";
import { nearest } from "../../../src/base/signature.js";

const x = (): Tensor => tensor([-1, 2]);
const values = (y: Tensor): number[] => [...y.toTypedArray()];

/** Calls as plain JavaScript makes them, which the types refuse. */
function untyped(f: unknown): (...args: unknown[]) => unknown {
  if (typeof f !== "function") throw new Error("not a function");
  return (...args) => f(...args);
}

describe("a public call", () => {
  it("takes each argument by position, or the last ones by keyword", () => {
    const expected = values(F.leakyRelu(x(), 0.2));
    expect(values(F.leakyRelu(x(), { negativeSlope: 0.2 }))).toEqual(expected);
    expect(values(F.leakyRelu(x(), 0.2, { inplace: false }))).toEqual(expected);
    expect(values(F.leakyRelu({ input: x(), negativeSlope: 0.2 }))).toEqual(expected);
    expect(values(F.leakyRelu(x(), undefined, false))).toEqual(values(F.leakyRelu(x())));
    expect(values(F.hardtanh(x(), 0, { maxVal: 0.5 }))).toEqual([0, 0.5]);
  });

  it("takes by keyword alone what PyTorch takes so", () => {
    const expected = values(new nn.GELU({ approximate: "tanh" }).forward(x()));
    expect(values(F.gelu(x(), { approximate: "tanh" }))).toEqual(expected);
    expect(values(F.gelu({ input: x(), approximate: "tanh" }))).toEqual(expected);
    expect(() => untyped(F.gelu)(x(), "tanh")).toThrow(
      "gelu: expected gelu(input, approximate), got 2 arguments. By position it takes input; the others in { approximate }",
    );
  });

  const usage = "leakyRelu: expected leakyRelu(input, negativeSlope, inplace), got";
  it.each<[string, unknown[], string]>([
    ["PyTorch's spelling", [x(), { negative_slope: 0.1 }], `${usage} negative_slope. Use negativeSlope`],
    ["a slip of the pen", [x(), { negativSlope: 0.1 }], `${usage} negativSlope. Use negativeSlope`],
    ["an unknown keyword", [x(), { colour: 1 }], `${usage} colour`],
    ["a keyword of every object", [x(), { toString: 1 }], `${usage} toString`],
    ["an argument too many", [x(), 0.1, false, 48], `${usage} 4 arguments`],
    ["nothing", [], `${usage} no input`],
    ["an array", [[1]], "leakyRelu: expected a tensor as input, got [1]. Make it a tensor with tensor(…)"],
    ["undefined", [undefined], "leakyRelu: expected a tensor as input, got undefined"],
    ["null", [x(), null], "leakyRelu: expected negativeSlope to be a number, got null"],
    ["a word", [x(), "0.1"], 'leakyRelu: expected negativeSlope to be a number, got "0.1"'],
    [
      "both spellings at once",
      [x(), 0.1, { negativeSlope: 0.1 }],
      "leakyRelu: expected negativeSlope once, got it by position and by name",
    ],
    [
      "work in place",
      [x(), 0.1, true],
      "leakyRelu: expected inplace to be false, got true. Assign the result: x = f(x)",
    ],
  ])("refuses %s before it does anything", (_, args, text) => {
    const { bytesInUse } = memory();
    expect(() => untyped(F.leakyRelu)(...args)).toThrow(text);
    expect(memory().bytesInUse).toBe(bytesInUse);
  });

  it("refuses what Array.prototype.map hands on", () => {
    expect(() => [x(), x()].map(untyped(F.relu))).toThrow("relu: expected relu(input, inplace), got 3 arguments");
    expect(() => untyped(x().relu.bind(x()))(0, 48)).toThrow("relu: expected relu(input, inplace), got 3 arguments");
  });
});

describe("the nearest name", () => {
  it.each([
    ["label_smoothing", "labelSmoothing"],
    ["keepDim", "keepdim"],
    ["stides", "stride"],
    ["colour", undefined],
  ])("of %s", (name, meant) => {
    expect(nearest(name, ["labelSmoothing", "keepdim", "stride"])).toBe(meant);
  });
});
