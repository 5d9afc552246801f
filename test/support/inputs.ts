import { type Dtype, Tensor, type TypedArray, tensor } from "simdgrad";
import type { Call, Domain, Input, Row, Sample } from "./case.js";

/** Deterministic inputs: elements depend only on the description of the input, so new rows do not change others. */

export const isFloat = (dtype: Dtype): boolean => dtype === "float32" || dtype === "float64";

/** FNV-1a, as eight hexadecimal digits. */
function hash(text: string): string {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(16).padStart(8, "0");
}

/** A small linear congruential generator of integers in [0, n). */
function lcg(seed: string): (n: number) => number {
  let state = Number.parseInt(hash(seed), 16);
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

/** A typed array for elements of a type. */
export function arrayOf(dtype: Dtype, values: ArrayLike<number>): TypedArray {
  if (dtype === "float32") return Float32Array.from(values);
  if (dtype === "float64") return Float64Array.from(values);
  return dtype === "int32" ? Int32Array.from(values) : Uint8Array.from(values);
}

/** The weights that backward starts from: numbers of both signs, repeated (make_ops.py gets the same). */
export const WEIGHTS: readonly number[] = (() => {
  const next = lcg("weights");
  return Array.from({ length: 509 }, () => (next(2) === 0 ? -1 : 1) * ((next(112) + 16) / 64));
})();

/** The gradient of output `j` that backward starts from; for a part of an output, from position `from` on. */
export function weightsFor(out: Tensor, j: number, from = 0): Tensor {
  const values = Array.from({ length: out.numel }, (_, i) => WEIGHTS[(i + from + 101 * j) % WEIGHTS.length]!);
  return tensor(arrayOf(out.dtype, values), { shape: out.shape });
}

/** Distinct multiples of 1/512 (or of less, if many) in the domain, away from `avoid`; different in every input. */
function floats(n: number, index: number, [low, high]: Domain, avoid: readonly number[], seed: string): number[] {
  const next = lcg(seed);
  let grid = 2 ** -7;
  while (high - low < 8 * n * grid) grid /= 2;
  const seen = new Set<number>();
  while (seen.size < n) {
    const value = low + next(Math.floor((high - low) / grid)) * grid + (grid / 4) * (index + 1);
    if (!avoid.some((point) => Math.abs(value - point) < 1 / 16)) seen.add(value);
  }
  return [...seen];
}

/** The elements, type and shape of an input tensor. */
export type Drawn = {
  data: TypedArray;
  shape: readonly number[];
  dtype: Dtype;
  grad: boolean;
  /** The row fixes the type; an int32 then stands for PyTorch's int64 (an index). */
  fixed: boolean;
};

/** Draws input number `index` of a call, for a run in `dtype`. */
export function draw(row: Row, input: Input, index: number, dtype: Dtype): Drawn {
  const spec = Array.isArray(input)
    ? { shape: input as readonly number[] }
    : (input as Exclude<Input, readonly number[]>);
  const type = spec.dtype ?? dtype;
  const fixed = spec.dtype !== undefined;
  const grad = (row.differentiable ?? true) && isFloat(type) && spec.grad !== false;
  const given = typeof spec.values === "function" ? spec.values(type) : spec.values;
  const shape = spec.shape ?? [given!.length];
  if (given !== undefined) return { data: arrayOf(type, given), shape, dtype: type, grad, fixed };
  const n = shape.reduce((product, size) => product * size, 1);
  const seed = `${index} ${JSON.stringify(input)}`;
  const domain = spec.domain ?? row.domain ?? (isFloat(type) ? [-2, 2] : [-9, 10]);
  if (isFloat(type)) {
    return { data: arrayOf(type, floats(n, index, domain, row.avoid ?? [], seed)), shape, dtype: type, grad, fixed };
  }
  const next = lcg(seed);
  const [low, high] = type === "bool" ? [0, 2] : [Math.ceil(domain[0]), Math.ceil(domain[1])];
  const integers = Array.from({ length: n }, () => low + next(high - low));
  return { data: arrayOf(type, integers), shape, dtype: type, grad, fixed };
}

/** A row-major leaf of the drawn elements. */
export function leaf({ data, shape, dtype, grad }: Drawn): Tensor {
  return tensor(data, { shape, dtype, requiresGrad: grad });
}

/** A leaf in memory of `length` elements; `place` gives the places of the drawn ones. */
function placed(drawn: Drawn, length: number, strides: readonly number[], offset: number): Tensor {
  const { data, shape, dtype, grad } = drawn;
  const memory = arrayOf(dtype, new Array<number>(length).fill(1));
  data.forEach((value, k) => {
    let at = offset;
    let rest = k;
    for (let dim = shape.length - 1; dim >= 0; dim--) {
      at += (rest % shape[dim]!) * strides[dim]!;
      rest = Math.floor(rest / shape[dim]!);
    }
    memory[at] = value;
  });
  const base = tensor(memory, { dtype, shape: [length] });
  const out = new Tensor(base.storage, shape, dtype, strides, offset);
  if (grad) out.requiresGrad = true;
  return out;
}

/** The same elements as the transpose (all dims reversed) of row-major memory. */
export function transposed(drawn: Drawn): Tensor {
  let step = 1;
  const strides = drawn.shape.map((size) => {
    const stride = step;
    step *= size;
    return stride;
  });
  return placed(drawn, drawn.data.length, strides, 0);
}

/** The same elements as every second one of longer memory, from an odd offset on. */
export function sliced(drawn: Drawn): Tensor {
  let step = 2;
  const strides = drawn.shape.map(() => 0);
  for (let dim = drawn.shape.length - 1; dim >= 0; dim--) {
    strides[dim] = step;
    step *= drawn.shape[dim]!;
  }
  return placed(drawn, drawn.data.length * 2 + 3, strides, 3);
}

/** The first dim larger than 1, or -1. */
const stretchable = (shape: readonly number[]): number => shape.findIndex((size) => size > 1);

/** The drawn elements with those of the first index repeated along the first dim larger than 1. */
export function repeated(drawn: Drawn): Drawn {
  const dim = stretchable(drawn.shape);
  if (dim < 0 || drawn.data.length === 0) return drawn;
  const inner = drawn.shape.slice(dim + 1).reduce((n, size) => n * size, 1);
  const outer = drawn.shape[dim]! * inner;
  const data = drawn.data.map((_, k) => drawn.data[Math.floor(k / outer) * outer + (k % inner)]!);
  return { ...drawn, data };
}

/** The result of {@link repeated} as an expanded view of stride 0. */
export function expanded(drawn: Drawn): Tensor {
  const dim = stretchable(drawn.shape);
  if (dim < 0 || drawn.data.length === 0) return leaf(drawn);
  let step = 1;
  const strides = drawn.shape.map(() => 0);
  for (let d = drawn.shape.length - 1; d >= 0; d--) {
    if (d === dim) continue;
    strides[d] = step;
    step *= drawn.shape[d]!;
  }
  return placed(repeated(drawn), step, strides, 0);
}

/** One run of a call, with its name in reports and in the golden files. */
export type Run = { row: Row; call: Call; dtype: Dtype; drawn: Drawn[]; kink: boolean; key: string; hash: string };

/** Elements as text for JavaScript and Python: shortest decimals, nan, inf. */
export function text(data: ArrayLike<number>): string {
  return Array.from(data, (value) => (Object.is(value, -0) ? "-0" : String(value))).join(" ");
}

const label = (input: Input): string =>
  Array.isArray(input)
    ? `[${input.join(",")}]`
    : JSON.stringify(input, (_, value) => (typeof value === "function" ? "special" : value)).replaceAll('"', "");

function runOf(row: Row, call: Call, sample: Sample, dtype: Dtype, kink: boolean, mark = ""): Run {
  const drawn = sample.map((input, index) => draw(row, input, index, dtype));
  const content = drawn.map(({ data, shape, dtype }) => `${dtype} ${shape} ${text(data)}`).join("; ");
  const key = `${mark}${call.torch} ${sample.map(label).join(" ")} ${dtype}`;
  return { row, call, dtype, drawn, kink, key, hash: hash(`${call.torch}; ${content}`) };
}

/** The dtypes of a row. */
export const dtypesOf = (row: Row): readonly Dtype[] => row.dtypes ?? ["float32", "float64"];

/** All runs of a row: every call on every sample in every dtype. */
export function runsOf(row: Row, dtypes = dtypesOf(row)): Run[] {
  const runs = dtypes.flatMap((dtype) =>
    row.calls.flatMap((call) => [
      ...call.samples.map((sample) => runOf(row, call, sample, dtype, false)),
      ...(isFloat(dtype) ? (call.kinks ?? []) : []).map((sample) => runOf(row, call, sample, dtype, true)),
    ]),
  );
  const seen = new Map<string, number>();
  for (const run of runs) {
    const times = (seen.get(run.key) ?? 0) + 1;
    seen.set(run.key, times);
    if (times > 1) run.key += ` (${times})`;
  }
  return runs;
}

/** The first sample of each call with extreme floats. */
export function extremesOf(row: Row): Run[] {
  const factor = row.extreme ?? 2 ** 60;
  if (factor === 0) return [];
  return dtypesOf(row)
    .filter(isFloat)
    .flatMap((dtype) =>
      row.calls
        .filter((call) => call.samples.length > 0)
        .map((call) => {
          const run = runOf(row, call, call.samples[0]!, dtype, true, "extreme ");
          const drawn = run.drawn.map((d) =>
            d.grad || isFloat(d.dtype) ? { ...d, data: d.data.map((v) => v * factor) } : d,
          );
          return { ...run, drawn, hash: hash(`${run.hash} ${factor}`) };
        }),
    );
}
