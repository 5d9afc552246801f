import { type Dtype, getDefaultDtype, isFloat, type TypedArray } from "./dtype.js";
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
const PREFIX = "tensor(";

/** How all numbers of a tensor are written, and the width that most of them fill. */
type Format = { width: number; write: (value: number) => string };

/** Four digits, of which `long` has forty: halves are rounded to even as in Python, where JavaScript rounds them up. */
function halfToEven(text: string, long: string): string {
  const half = /^(.*\.\d{3}[02468])50*(e.*)?$/.exec(long);
  return half === null ? text : half[1]! + (half[2] ?? "");
}

const inFixed = (value: number): string =>
  (Object.is(value, -0) ? "-" : "") + halfToEven(value.toFixed(4), value.toFixed(40));

const inPowers = (value: number): string =>
  ((Object.is(value, -0) ? "-" : "") + halfToEven(value.toExponential(4), value.toExponential(40))).replace(
    /e([+-])(\d)$/,
    "e$10$2",
  );

const asWhole = (value: number): string => `${Object.is(value, -0) ? "-0" : value.toFixed(0)}.`;

/** One width and one notation for the whole tensor, chosen as PyTorch's printer does. */
function formatOf(values: readonly number[], dtype: Dtype): Format {
  const plain = (value: number): string => (dtype !== "bool" ? String(value) : value ? "True" : "False");
  if (!isFloat(dtype)) return { width: widest(values, plain), write: plain };
  const nonzero = values.filter((value) => Number.isFinite(value) && value !== 0);
  const largest = nonzero.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const smallest = nonzero.reduce((least, value) => Math.min(least, Math.abs(value)), Number.POSITIVE_INFINITY);
  const whole = nonzero.every((value) => Number.isInteger(value));
  const scientific = largest / smallest > 1000 || largest > 1e8 || (!whole && smallest < 1e-4);
  const finite = scientific ? inPowers : whole ? asWhole : inFixed;
  const special = (value: number): string => (Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf");
  return {
    width: widest(nonzero, finite),
    write: (value) => (Number.isFinite(value) ? finite(value) : special(value)),
  };
}

const widest = (values: readonly number[], write: (value: number) => string): number =>
  values.reduce((width, value) => Math.max(width, write(value).length), 1);

/** The indices of a dim that are shown: all, or both ends with -1 for the gap. */
function shown(size: number, summarise: boolean): number[] {
  const all = Array.from({ length: size }, (_, i) => i);
  return summarise && size > 2 * EDGE ? [...all.slice(0, EDGE), -1, ...all.slice(-EDGE)] : all;
}

/** The elements between brackets. */
function formatElements(values: TypedArray, shape: Shape, dtype: Dtype): string {
  const summarise = sizeOf(shape) > THRESHOLD;
  const strides = shape.map((_, dim) => sizeOf(shape.slice(dim + 1)));
  const visible: number[] = [];
  const collect = (dim: number, from: number): void => {
    if (dim === shape.length) visible.push(values[from]!);
    else for (const i of shown(shape[dim]!, summarise)) if (i >= 0) collect(dim + 1, from + i * strides[dim]!);
  };
  collect(0, 0);
  const { width, write } = formatOf(visible, dtype);
  const last = shape.length - 1;

  const build = (dim: number, from: number): string => {
    if (dim > last) return write(values[from]!).padStart(width);
    const parts = shown(shape[dim]!, summarise).map((i) =>
      i < 0 ? (dim === last ? " ..." : "...") : build(dim + 1, from + i * strides[dim]!),
    );
    const pad = " ".repeat(PREFIX.length + dim + 1);
    if (dim < last) return `[${parts.join(`,${"\n".repeat(last - dim)}${pad}`)}]`;
    const perLine = Math.max(1, Math.floor((LINE - PREFIX.length - dim) / (width + 2)));
    const lines: string[] = [];
    for (let i = 0; i < parts.length; i += perLine) lines.push(parts.slice(i, i + perLine).join(", "));
    return `[${lines.join(`,\n${pad}`)}]`;
  };
  return build(0, 0);
}

/** What stands behind the elements: the size of an empty tensor, and a dtype that the elements do not show. */
function factsOf(shape: Shape, dtype: Dtype): string[] {
  const isEmpty = sizeOf(shape) === 0;
  const size = isEmpty && shape.length !== 1 ? [`size=(${shape.join(", ")})`] : [];
  const isPlain = dtype === getDefaultDtype() || (dtype === "bool" && !isEmpty);
  return isPlain ? size : [...size, `dtype=torch.${dtype}`];
}

/**
 * Text of a tensor as PyTorch's `repr`, summarised above 1000 elements.
 * @param graph what autograd adds: `requires_grad=True`, or `grad_fn=<MulBackward0>`
 */
export function formatTensor(values: TypedArray, shape: Shape, dtype: Dtype, graph: readonly string[]): string {
  let text = PREFIX + (sizeOf(shape) === 0 ? "[]" : formatElements(values, shape, dtype));
  let length = text.length - text.lastIndexOf("\n") + 1; // of the last line, as PyTorch counts it
  for (const fact of [...factsOf(shape, dtype), ...graph]) {
    const fits = length + fact.length + 2 <= LINE;
    text += fits ? `, ${fact}` : `,\n${" ".repeat(PREFIX.length)}${fact}`;
    length = fact.length + (fits ? length + 2 : PREFIX.length);
  }
  return `${text})`;
}
