import * as simdgrad from "simdgrad";
import { Tensor } from "simdgrad";
import { describe, expect, it } from "vitest";
import { CALLS } from "../../support/calls.js";
import { type Call, callOf, type Named, walk, walked } from "../../support/walk.js";

const { F, nn } = simdgrad;

/** What is neither a tensor operation nor a layer: tested in files of their own, for the reason beside each. */
const ELSEWHERE = new Set([
  ...["Tensor", "Generator", "Context", "SimdgradError", "ValueError", "ShapeError", "DtypeError"], // classes
  ...["FileError", "GraphError", "MemoryError"],
  ...["nn.Module", "nn.Sequential"], // test/unit/nn
  "nn.Identity", // takes any arguments, as in PyTorch
  "setNumThreads", // starts workers: test/unit/runtime/threads.test.ts
]);

/** The public functions and classes, by the paths of their names. */
const exported = [
  ...Object.entries(simdgrad).map(([name, value]): [string, unknown] => [name, value]),
  ...Object.entries(F).map(([name, value]): [string, unknown] => [`F.${name}`, value]),
  ...Object.entries(nn).map(([name, value]): [string, unknown] => [`nn.${name}`, value]),
  ...Object.entries(nn.init).map(([name, value]): [string, unknown] => [`nn.init.${name}`, value]),
].filter(([name, value]) => typeof value === "function" && !ELSEWHERE.has(name));

const methods = Object.keys(CALLS).filter((name) => name in Tensor.prototype && !(name in simdgrad));

const calls: Named[] = [
  ...exported.flatMap(([name, value]): Named[] => {
    const make = CALLS[name];
    return make === undefined ? [] : [[name, callOf(value), make]];
  }),
  ...Object.keys(CALLS)
    .filter(
      (name) =>
        typeof Object.getOwnPropertyDescriptor(Tensor.prototype, name)?.value === "function" && name !== "where",
    )
    .map((name): Named => {
      const call: Call = (self, ...args) => Reflect.get(Tensor.prototype, name).apply(self, args);
      return [`x.${name}`, call, CALLS[name]!];
    }),
];

describe("the public calls of the core", () => {
  it("are all in the table", () => {
    const known = new Set(Object.keys(CALLS));
    expect(exported.map(([name]) => name).filter((name) => !known.has(name))).toEqual([]);
    expect(methods.filter((name) => !(name in Tensor.prototype))).toEqual([]);
  });

  walk(calls);

  it("were tried with thousands of wrong arguments", () => {
    expect(walked.calls).toBeGreaterThan(10_000);
  });
});
