/** Walks over public calls: every spelling gives the same, and every wrong argument is refused without an effect. */
import { isDeepStrictEqual } from "node:util";
import * as simdgrad from "simdgrad";
import { isGradEnabled, memory, SimdgradError, Tensor } from "simdgrad";
import { expect, it } from "vitest";
import type { Sample } from "./calls.js";

const { nn } = simdgrad;

/** A public call, or the making of an instance. */
export type Call = (...args: unknown[]) => unknown;

/** A call with its name; of methods, which begin with "x.", the first argument is the tensor. */
export type Named = readonly [name: string, call: Call, make: () => Sample];

const isClass = (value: unknown): boolean => typeof value === "function" && /^class\b/.test(value.toString());

/** Calls a function, or makes an instance of a class. */
export function callOf(value: unknown): Call {
  if (typeof value !== "function") throw new Error("not a function");
  return isClass(value) ? (...args) => Reflect.construct(value, args) : (...args) => value(...args);
}

/** Arguments by position, from the sample's first `count` names, and the others by keyword. */
function spelled(sample: Sample, count: number): unknown[] {
  const names = namesOf(sample);
  const keywords = {
    ...Object.fromEntries(names.slice(count).map((name) => [name, sample[name]])),
    ...(sample.$ ?? {}),
  };
  return [
    ...names.slice(0, count).map((name) => sample[name]),
    ...(Object.keys(keywords).length > 0 ? [keywords] : []),
  ];
}

const namesOf = (sample: Sample): string[] => Object.keys(sample).filter((name) => !name.startsWith("$"));

/** What a call gave, as plain data: numbers of tensors, printed modules. */
function plain(value: unknown): unknown {
  if (value instanceof Tensor) return [value.dtype, value.shape, value.requiresGrad, value.tolist()];
  if (value instanceof nn.Module) {
    simdgrad.manualSeed(0);
    return [String(value), Object.entries(value.stateDict()).map(([key, x]) => [key, x.dtype, x.shape])];
  }
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null)
    return Object.entries(value).map(([key, item]) => [key, plain(item)]);
  return value;
}

/** Frees what scopes leave: the parameters of a layer, and a scope that the call opened. */
function free(value: unknown): void {
  if (value instanceof Object && "close" in value && typeof value.close === "function") value.close();
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
const state = (): unknown => [isGradEnabled(), simdgrad.getDefaultDtype(), simdgrad.getRngState()];

/** Tests each call of a table. */
export function walk(calls: readonly Named[]): void {
  it.each(calls)("%s takes each argument in both spellings", async (name, call, make) => {
    const fixed = make().$positional ? namesOf(make()).length : name.startsWith("x.") ? 1 : 0;
    const results: unknown[] = [];
    for (let count = namesOf(make()).length; count >= fixed; count--) {
      const result = await call(...spelled(make(), count));
      results.push(plain(result));
      free(result);
    }
    for (const result of results) expect(result).toEqual(results[0]);
  });

  it.each(calls)("%s refuses everything else", async (name, call, make) => {
    const isMethod = name.startsWith("x.");
    const sample = make();
    const names = namesOf(sample);
    const values = names.map((key) => sample[key]);
    const given = sample.$ ?? {};
    const takes = new Set([...SOMETIMES, ...((sample.$takes as string[] | undefined) ?? [])]);
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
        const args = [...values];
        args[i] = value;
        wrong.push([`${kind} as ${key}`, args, takes.has(kind)]);
        if (i > 0 && !sample.$positional) {
          wrong.push([`{ ${key}: ${kind} }`, [...values.slice(0, i), { [key]: value }], takes.has(kind)]);
        }
      }
    }
    for (const key of Object.keys(given)) {
      for (const [kind, value] of WRONG) {
        wrong.push([`{ ${key}: ${kind} }`, [...values, { ...given, [key]: value }], takes.has(kind)]);
      }
    }
    const faults: string[] = [];
    for (const [what, args, sometimes] of wrong) {
      const before = state();
      const { bytesInUse } = memory();
      const step = simdgrad.scope();
      try {
        free(await call(...args));
        if (!sometimes) faults.push(`${what}: accepted`);
      } catch (error) {
        step.close();
        if (!(error instanceof SimdgradError)) faults.push(`${what}: ${String(error)}`);
        const isClean = memory().bytesInUse <= bytesInUse && isDeepStrictEqual(state(), before);
        if (!isClean) faults.push(`${what}: refused with an effect`);
      }
      step.close();
    }
    expect(faults).toEqual([]);
    walked.calls += wrong.length;
  });
}

/** How many wrong calls were tried. */
export const walked = { calls: 0 };
