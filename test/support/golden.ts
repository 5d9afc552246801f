import { existsSync, readFileSync } from "node:fs";
import type { Dtype } from "simdgrad";
import { differences, evaluate, type Values } from "./evaluate.js";
import { goldenPath } from "./files.js";
import { arrayOf, isFloat, leaf, type Run } from "./inputs.js";

/** The results of make_ops.py by row and run. An output is "dtype [shape] elements". */
type Golden = Record<string, Record<string, { hash: string; outs: string[]; grads: (string | null)[] }>>;

export function readGolden(theme: string): Golden {
  const path = goldenPath(`ops/${theme}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Golden) : {};
}

function parse(text: string): { dtype: string; shape: string; values: number[] } {
  const [, dtype, shape, elements] = /^(\w+) \[([\d,]*)\] ?(.*)$/.exec(text)!;
  const words = elements === "" ? [] : elements!.replaceAll("inf", "Infinity").split(" ");
  return { dtype: dtype!, shape: shape!, values: Array.from(arrayOf(dtype as Dtype, words.map(Number))) };
}

/**
 * The expected value: PyTorch's number. But if ours is closer than PyTorch's to its float64 number of the same inputs,
 * our number: PyTorch's rounding errors in long sums depend on its order.
 */
function targets(got: Values, want: readonly number[], exact: string | null | undefined): number[] {
  const truth = exact ? parse(exact).values : [];
  return want.map((value, i) =>
    Math.abs(got.data[i]! - truth[i]!) < Math.abs(value - truth[i]!) ? got.data[i]! : value,
  );
}

/** Differences from PyTorch of an output or a gradient: at most `ulps`, counted at numbers of at least `floor`. */
function compare(
  got: Values | null,
  text: string | null,
  exact: string | null | undefined,
  what: string,
  { ulps, floor, signedZero }: { ulps: number; floor: number; signedZero: boolean },
): string[] {
  if (got === null || text === null) {
    const only = (got === null ? text && parse(text).values : got?.data) || [];
    return Array.from(only).every((value) => value === 0) ? [] : [`${what}: expected ${text}, got ${got?.data}`];
  }
  const want = parse(text);
  const form = `${got.dtype} [${got.shape}]`;
  if (form !== `${want.dtype} [${want.shape}]`) return [`${what}: expected ${want.dtype} [${want.shape}], got ${form}`];
  const held = targets(got, want.values, exact);
  const found = differences(got, held, isFloat(got.dtype as Dtype) ? ulps : 0, floor, signedZero);
  return found.slice(0, 4).map((text) => `${what}, ${text}`);
}

export function checkGolden(r: Run, golden: Golden): string[] {
  const entry = golden[r.row.name]?.[r.key];
  if (entry?.hash !== r.hash) return ["no golden entry: see test/cases/themes.ts for how to make it"];
  const exact = golden[r.row.name]?.[r.key.replace(/ float32$/, " float64")];
  const { outs, grads } = evaluate(r.call, r.drawn.map(leaf));
  const { ulps = 4, gradUlps = ulps, floor = 0, signedZero = floor === 0, elementwise } = r.row;
  // the gradient of a broadcast input is a sum of terms of magnitude 2
  const gradFloor = (g: Values | null): number =>
    elementwise && g !== null && String(g.shape) !== String(outs[0]!.shape) ? 2 : floor;
  const count = entry.outs.length === outs.length ? [] : [`expected ${entry.outs.length} outputs, got ${outs.length}`];
  return [
    ...count,
    ...outs.flatMap((out, i) =>
      compare(out, entry.outs[i] ?? null, exact?.outs[i], `output ${i}`, { ulps, floor, signedZero }),
    ),
    ...grads.flatMap((g, i) =>
      compare(g, entry.grads[i] ?? null, exact?.grads[i], `gradient ${i}`, {
        ulps: gradUlps,
        floor: gradFloor(g),
        signedZero: false,
      }),
    ),
  ];
}

/** Finds NaN where PyTorch has none. */
export function checkExtremes(r: Run, golden: Golden): string[] {
  const entry = golden[r.row.name]?.[r.key];
  if (entry?.hash !== r.hash) return ["no golden entry: see test/cases/themes.ts for how to make it"];
  const { outs, grads } = evaluate(r.call, r.drawn.map(leaf));
  const invented = (got: Values | null, mask: string | null | undefined): number =>
    got === null ? 0 : Array.from(got.data).filter((value, i) => Number.isNaN(value) && mask?.[i] !== "1").length;
  const total = [
    ...outs.map((out, i) => invented(out, entry.outs[i])),
    ...grads.map((g, i) => invented(g, entry.grads[i])),
  ];
  return total.some((n) => n > 0) ? [`NaN where PyTorch has a number (per output and gradient: ${total})`] : [];
}
