import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { isNumber, shown } from "../../base/signature.js";
import { Tensor } from "../../methods.js";

/** A list of numbers: a tensor [N] or [N, 1], an array, or a typed array. */
export type Numbers = Tensor | readonly number[] | Float32Array | Float64Array | Int32Array | Uint8Array;

/** Points as rows: a tensor [N, 2] or an array of pairs. */
export type Points = Tensor | readonly (readonly number[])[];

const isArrayOfNumbers = (value: unknown): boolean =>
  ArrayBuffer.isView(value) &&
  !(value instanceof DataView || value instanceof BigInt64Array || value instanceof BigUint64Array);

/** A copy of the numbers. */
export function numbersOf(op: string, name: string, value: Numbers): Float64Array {
  if (value instanceof Tensor) {
    if (value.ndim > 1 && value.numel > 0 && value.numel !== Math.max(...value.shape)) {
      throw new ShapeError(op, `expected ${name} with one dim, got ${formatShape(value.shape)}`, "Use flatten()");
    }
    return Float64Array.from(value.toTypedArray());
  }
  if (Array.isArray(value) ? value.every(isNumber) : isArrayOfNumbers(value)) return Float64Array.from(value);
  throw new ValueError(op, `expected ${name} as a tensor or an array of numbers, got ${shown(value)}`);
}

/** The columns x and y of points. */
export function columnsOf(op: string, name: string, points: Points): [x: Float64Array, y: Float64Array] {
  if (points instanceof Tensor) {
    if (points.ndim !== 2 || points.shape[1] !== 2) {
      const hint = "Choose two columns, such as X.narrow(1, 0, 2)";
      throw new ShapeError(op, `expected ${name} of shape [N, 2], got ${formatShape(points.shape)}`, hint);
    }
    const flat = points.toTypedArray();
    const column = (k: number): Float64Array =>
      Float64Array.from({ length: flat.length / 2 }, (_, i) => flat[2 * i + k]!);
    return [column(0), column(1)];
  }
  const isPair = (row: unknown): boolean =>
    (Array.isArray(row) ? row.every(isNumber) : isArrayOfNumbers(row)) &&
    Array.from(row as ArrayLike<number>).length === 2;
  if (!Array.isArray(points) || !points.every(isPair)) {
    const odd = Array.isArray(points) ? points.findIndex((row) => !isPair(row)) : -1;
    const got = odd < 0 ? shown(points) : `${shown(points[odd])} at ${odd}`;
    throw new ValueError(op, `expected ${name} as a tensor [N, 2] or an array of pairs, got ${got}`);
  }
  return [Float64Array.from(points, (row) => row[0]!), Float64Array.from(points, (row) => row[1]!)];
}

/** The smallest and the largest finite value; low is above high when there is none. */
export function extent(
  values: Iterable<number>,
  [low, high]: [number, number] = [Infinity, -Infinity],
): [number, number] {
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Throws unless a range goes from a smaller to a larger number. */
export function checkRange(op: string, name: string, range: readonly [number, number]): void {
  if (Number.isFinite(range[0]) && Number.isFinite(range[1]) && range[0] < range[1]) return;
  throw new ValueError(op, `expected ${name} from a smaller to a larger number, got ${range}`);
}
