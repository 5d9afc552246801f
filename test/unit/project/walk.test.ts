import { isDeepStrictEqual } from "node:util";
import * as simdgrad from "simdgrad";
import { isGradEnabled, memory, SimdgradError, scope, Tensor } from "simdgrad";
import { describe, expect, it } from "vitest";
import { CALLS, type Sample } from "../../support/calls.js";

const { F, nn } = simdgrad;

/** What is neither a tensor operation nor a layer: tested in files of their own, for the reason beside each. */
const ELSEWHERE = new Set([
  ...["Tensor", "Generator", "Context", "SimdgradError", "ValueError", "ShapeError", "DtypeError"],
  ...["FileError", "GraphError", "MemoryError"],
  ...["backward", "grad", "detectAnomaly", "defineFunction", "gradcheck", "gradgradcheck", "enableGrad", "noGrad"],
  ...["keep", "memory", "resetPeakMemory", "scope", "isGradEnabled", "getDefaultDtype", "setDefaultDtype"],
  ...["getNumThreads", "setNumThreads", "getRngState", "setRngState", "manualSeed", "initialSeed"],
  ...["nn.Module", "nn.Parameter", "nn.Sequential", "nn.ModuleList", "nn.ModuleDict", "nn.ParameterList"],
  ...["nn.ParameterDict", "nn.Identity"],
]);

const isClass = (value: unknown): boolean => typeof value === "function" && /^class\b/.test(value.toString());

/** The public functions and classes, by the paths of their names. */
const exported = [
  ...Object.entries(simdgrad).map(([name, value]): [string, unknown] => [name, value]),
  ...Object.entries(F).map(([name, value]): [string, unknown] => [`F.${name}`, value]),
  ...Object.entries(nn).map(([name, value]): [string, unknown] => [`nn.${name}`, value]),
  ...Object.entries(nn.init).map(([name, value]): [string, unknown] => [`nn.init.${name}`, value]),
].filter(([name, value]) => typeof value === "function" && !ELSEWHERE.has(name));

type Call = (...args: unknown[]) => unknown;

/** Calls a function, or makes an instance of a class. */
function callOf(value: unknown): Call {
  if (typeof value !== "function") throw new Error("not a function");
  return isClass(value) ? (...args) => Reflect.construct(value, args) : (...args) => value(...args);
}

const methods = Object.keys(CALLS).filter((name) => name in Tensor.prototype && !(name in simdgrad));

const calls: [name: string, call: Call, make: () => Sample][] = [
  ...exported.flatMap(([name, value]): [string, Call, () => Sample][] => {
    const make = CALLS[name];
    return make === undefined ? [] : [[name, callOf(value), make]];
  }),
  ...Object.keys(CALLS)
    .filter((name) => name in Tensor.prototype && name !== "where")
    .map((name): [string, Call, () => Sample] => {
      const call: Call = (self, ...args) => Reflect.get(Tensor.prototype, name).apply(self, args);
      return [`x.${name}`, call, CALLS[name]!];
    }),
];

/** Arguments by position, from the sample's first `count` names, and the others by keyword. */
function spelled(sample: Sample, count: number): unknown[] {
  const names = Object.keys(sample).filter((name) => name !== "$");
  const keywords = {
    ...Object.fromEntries(names.slice(count).map((name) => [name, sample[name]])),
    ...(sample.$ ?? {}),
  };
  return [
    ...names.slice(0, count).map((name) => sample[name]),
    ...(Object.keys(keywords).length > 0 ? [keywords] : []),
  ];
}

const namesOf = (sample: Sample): string[] => Object.keys(sample).filter((name) => name !== "$");

/** What a call gave, as plain data: numbers of tensors, printed modules. */
function plain(value: unknown): unknown {
  if (value instanceof Tensor) return [value.dtype, value.shape, value.requiresGrad, value.tolist()];
  if (value instanceof nn.Module) {
    simdgrad.manualSeed(0);
    return [String(value), Object.entries(value.stateDict()).map(([key, x]) => [key, x.dtype, x.shape])];
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null)
    return Object.entries(value).map(([key, item]) => [key, plain(item)]);
  return value;
}

/** Frees what scopes leave: the parameters of a layer. */
function free(value: unknown): void {
  if (value instanceof nn.Module) for (const x of [...value.parameters(), ...value.buffers()]) x.free();
}

class Foreign {}

/** What no parameter takes, unless it is the kind that it takes. */
const WRONG: readonly [kind: string, value: unknown][] = [
  ["null", null],
  ["NaN", Number.NaN],
  ["a word", "a word"],
  ["a symbol", Symbol("s")],
  ["a function", () => 0],
  ["an object", new Foreign()],
  ["a big integer", 7n],
  ["true", true],
  ["an array", [[Symbol("s")]]],
];

/** Kinds that some parameters take: they must give an error of the library or a result, never anything else. */
const SOMETIMES = new Set(["null", "NaN", "true", "a big integer"]);

/** What a refused call must leave as it was. */
const state = (): unknown => [memory().bytesInUse, isGradEnabled(), simdgrad.getDefaultDtype(), simdgrad.getRngState()];

describe("the public calls of the core", () => {
  it("are all in the table", () => {
    const known = new Set(Object.keys(CALLS));
    expect(exported.map(([name]) => name).filter((name) => !known.has(name))).toEqual([]);
    expect(methods.filter((name) => !(name in Tensor.prototype))).toEqual([]);
  });

  it.each(calls)("%s takes each argument in both spellings", (name, call, make) => {
    const isMethod = name.startsWith("x.");
    const results = scope(() => {
      const count = namesOf(make()).length;
      const first = isMethod ? 1 : 0;
      return Array.from({ length: count - first + 1 }, (_, i) => plain(call(...spelled(make(), count - i))));
    });
    for (const result of results) expect(result).toEqual(results[0]);
  });

  it.each(calls)("%s refuses everything else", (name, call, make) => {
    const isMethod = name.startsWith("x.");
    const sample = make();
    const names = namesOf(sample);
    const values = names.map((key) => sample[key]);
    const given = sample.$ ?? {};
    const wrong: [what: string, args: unknown[], sometimes: boolean][] = [
      ["an unknown keyword", [...values, { ...given, definitelyUnknown: 1 }], false],
      ["a keyword of every object", [...values, { ...given, toString: 1 }], false],
      ["many arguments", [...values, ...Array<unknown>(12).fill(Symbol("s"))], false],
      ["one argument too many", [...values, Symbol("s"), given], false],
      ["no arguments", isMethod ? values.slice(0, 1) : [], true],
    ];
    for (const [i, key] of names.entries()) {
      if (isMethod && i === 0) continue;
      for (const [kind, value] of WRONG) {
        const sometimes = SOMETIMES.has(kind);
        const args = [...values];
        args[i] = value;
        wrong.push([`${kind} as ${key}`, args, sometimes]);
        if (i > 0) wrong.push([`{ ${key}: ${kind} }`, [...values.slice(0, i), { [key]: value }], sometimes]);
      }
    }
    for (const key of Object.keys(given)) {
      for (const [kind, value] of WRONG) {
        wrong.push([`{ ${key}: ${kind} }`, [...values, { ...given, [key]: value }], SOMETIMES.has(kind)]);
      }
    }
    const faults: string[] = [];
    for (const [what, args, sometimes] of wrong) {
      const before = state();
      try {
        scope(() => free(call(...args)));
        if (!sometimes) faults.push(`${what}: accepted`);
      } catch (error) {
        if (!(error instanceof SimdgradError)) faults.push(`${what}: ${String(error)}`);
        if (!isDeepStrictEqual(state(), before)) faults.push(`${what}: refused with an effect`);
      }
    }
    expect(faults).toEqual([]);
  });
});
