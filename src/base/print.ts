import { type Dtype, isFloat, type TypedArray } from "./dtype.js";
import { type Shape, sizeOf } from "./shape.js";

/** A number, or arrays of numbers nested to any depth. */
export type NestedNumbers = number | NestedNumbers[];

/** Row-major values as nested arrays of the given shape. */
export function nest(values: ArrayLike<number>, shape: Shape): NestedNumbers {
  let at = 0;
  const build = (dim: number): NestedNumbers =>
    dim === shape.length ? values[at++]! : Array.from({ length: shape[dim]! }, () => build(dim + 1));
  return build(0);
}

const EDGE = 3; // elements shown at each end of a summarised dim
const THRESHOLD = 1000; // tensors above this are summarised
const LINE = 80;

/** How numbers are written: one width and one notation for the whole tensor, chosen as PyTorch's printer does. */
function numberFormat(values: readonly number[], dtype: Dtype): (value: number) => string {
  if (dtype === "bool") return (value) => (value ? " True" : "False");
  if (!isFloat(dtype)) {
    const width = Math.max(1, ...values.map((value) => String(value).length));
    return (value) => String(value).padStart(width);
  }
  const special = (value: number): string => (Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf");
  const finite = values.filter((value) => Number.isFinite(value));
  const nonzero = finite.filter((value) => value !== 0).map(Math.abs);
  const largest = Math.max(0, ...nonzero);
  const smallest = Math.min(Number.POSITIVE_INFINITY, ...nonzero);
  const whole = finite.every((value) => Number.isInteger(value));
  const scientific = nonzero.length > 0 && (largest / smallest > 1000 || largest > 1e8 || (!whole && smallest < 1e-4));
  const write = (value: number): string => {
    if (!Number.isFinite(value)) return special(value);
    if (scientific) return value.toExponential(4).replace(/e([+-])(\d)$/, "e$10$2");
    const sign = Object.is(value, -0) ? "-" : "";
    return whole ? `${sign}${value.toFixed(0)}.` : `${sign}${value.toFixed(4)}`;
  };
  const width = Math.max(0, ...finite.filter((value) => value !== 0).map((value) => write(value).length));
  return (value) => write(value).padStart(width);
}

/** The indices of a dim that are shown: all, or both ends with -1 for the gap. */
function shown(size: number, summarise: boolean): number[] {
  const all = Array.from({ length: size }, (_, i) => i);
  return summarise && size > 2 * EDGE ? [...all.slice(0, EDGE), -1, ...all.slice(-EDGE)] : all;
}

/** Text of a tensor as PyTorch's `repr`, summarised above 1000 elements. */
export function formatTensor(values: TypedArray, shape: Shape, dtype: Dtype, suffix: readonly string[]): string {
  const summarise = sizeOf(shape) > THRESHOLD;
  const strides = shape.map((_, dim) => sizeOf(shape.slice(dim + 1)));
  const visible: number[] = [];
  const collect = (dim: number, from: number): void => {
    if (dim === shape.length) visible.push(values[from]!);
    else for (const i of shown(shape[dim]!, summarise)) if (i >= 0) collect(dim + 1, from + i * strides[dim]!);
  };
  collect(0, 0);
  const format = numberFormat(visible, dtype);
  const indent = "tensor(".length;

  const build = (dim: number, from: number): string => {
    if (dim === shape.length) return format(values[from]!);
    const parts = shown(shape[dim]!, summarise).map((i) =>
      i < 0 ? (dim === shape.length - 1 ? " ..." : "...") : build(dim + 1, from + i * strides[dim]!),
    );
    const pad = " ".repeat(indent + dim + 1);
    if (dim < shape.length - 1) return `[${parts.join(`,${"\n".repeat(shape.length - 1 - dim)}${pad}`)}]`;
    const perLine = Math.max(1, Math.floor((LINE - indent - dim) / ((parts[0]?.length ?? 0) + 2)));
    const lines: string[] = [];
    for (let i = 0; i < parts.length; i += perLine) lines.push(parts.slice(i, i + perLine).join(", "));
    return `[${lines.join(`,\n${pad}`)}]`;
  };

  const extra = [...suffix];
  if (dtype === "float64" || dtype === "uint8" || dtype === "int32") extra.unshift(`dtype=${dtype}`);
  if (sizeOf(shape) === 0 && shape.length > 1) extra.unshift(`size=(${shape.join(", ")})`);
  let text = `tensor(${build(0, 0).trimStart()}`;
  for (const suffix of extra) {
    const lastLine = text.length - text.lastIndexOf("\n") - 1;
    text += lastLine + suffix.length + 3 > LINE ? `,\n${" ".repeat(indent)}${suffix}` : `, ${suffix}`;
  }
  return `${text})`;
}
