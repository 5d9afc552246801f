import type { TypedArray } from "../../base/dtype.js";
import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { sameShape } from "../../base/shape.js";
import { checkArguments, type Kind } from "../../base/signature.js";
import { Tensor } from "../../methods.js";
import { stack } from "../../ops/index/slice.js";
import { tensor } from "../../ops/layout/factories.js";
import type { Collated } from "./dataset.js";

/** The name of a sample in errors, by its position in the batch: `sample 2`. */
type NameSample = (position: number) => string;

const HINT = "Make it a tensor in the data set, with the dtype that you want, or pass a collate function";

const listKind: Kind<readonly unknown[]> = {
  expected: "a list of samples",
  fits: (value): value is readonly unknown[] => Array.isArray(value),
};

/**
 * Makes a batch of samples, as torch.utils.data.default_collate: it stacks tensors and typed arrays along a new first
 * dim, makes an int32 tensor of integers, a bool tensor of booleans and a list of strings, and collates arrays, tuples
 * and plain objects field by field.
 *
 * @param samples at least one, all of the same structure
 * @throws ShapeError for tensors of different shapes, arrays of different lengths
 * @throws ValueError for numbers that are not integers (a number does not say which dtype its tensor gets), and for
 * other values
 * @see https://pytorch.org/docs/stable/data.html#torch.utils.data.default_collate
 * @example
 * ```ts
 * import { tensor } from "simdgrad";
 * import { defaultCollate } from "simdgrad/data";
 * const [x, label] = defaultCollate([[tensor([1, 2]), 7], [tensor([3, 4]), 8]] as const);
 * x.shape; // [2, 2]
 * label; // tensor([7, 8], dtype int32)
 * ```
 */
export function defaultCollate<T>(...args: [samples: readonly T[]]): Collated<T> {
  checkArguments("defaultCollate", { samples: listKind }, args);
  const [samples] = args;
  return collateNamed(samples, "defaultCollate", (position) => `sample ${position}`);
}

/** {@link defaultCollate} with the caller's name and names of samples for errors. */
export function collateNamed<T>(samples: readonly T[], op: string, name: NameSample): Collated<T> {
  if (samples.length === 0) throw new ValueError(op, "expected at least one sample, got none");
  return collateField(samples, { op, name, field: "" }) as Collated<T>;
}

/** For errors: the function that was called, the samples' names, and the path of the field in a sample. */
type Place = { op: string; name: NameSample; field: string };

const inside = (place: Place, key: string | number): Place => ({
  ...place,
  field: place.field === "" ? String(key) : `${place.field}.${key}`,
});

const where = ({ name, field }: Place, position: number): string =>
  field === "" ? name(position) : `field ${field} of ${name(position)}`;

const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;
const isNumber = (value: unknown): value is number => typeof value === "number";
const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
const isString = (value: unknown): value is string => typeof value === "string";
const isArray = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isTyped = (value: unknown): value is TypedArray => ArrayBuffer.isView(value);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));

function collateField(values: readonly unknown[], place: Place): unknown {
  if (values.every(isTensor)) return stackTensors(values, place);
  if (values.every(isNumber)) return integers(values, place);
  if (values.every(isBoolean)) return tensor(values, { dtype: "bool" });
  if (values.every(isString)) return [...values];
  if (values.every(isArray)) return collateArrays(values, place);
  if (values.every(isTyped)) {
    const tensors = values.map((value) => tensor(value));
    return stackTensors(tensors, place);
  }
  if (values.every(isRecord)) return collateRecords(values, place);
  throw mixed(values, place);
}

function stackTensors(values: readonly Tensor[], place: Place): Tensor {
  const { shape } = values[0]!;
  const other = values.findIndex((x) => !sameShape(x.shape, shape));
  if (other < 0) return stack(values);
  const [a, b] = [shape, values[other]!.shape].map(formatShape);
  const got = `${a} in ${where(place, 0)} and ${b} in ${where(place, other)}`;
  const hint = "Bring them to one size in a transform, or pass a collate function";
  throw new ShapeError(place.op, `expected tensors of one shape in a batch, got ${got}`, hint);
}

function integers(values: readonly number[], place: Place): Tensor {
  const wrong = values.findIndex((x) => (x | 0) !== x);
  if (wrong < 0) return tensor(Int32Array.from(values));
  const got = `${values[wrong]} in ${where(place, wrong)}`;
  throw new ValueError(place.op, `expected numbers that are int32 integers, got ${got}`, HINT);
}

function collateArrays(values: readonly (readonly unknown[])[], place: Place): unknown[] {
  const { length } = values[0]!;
  const other = values.findIndex((value) => value.length !== length);
  if (other >= 0) {
    const got = `${length} in ${where(place, 0)} and ${values[other]!.length} in ${where(place, other)}`;
    throw new ShapeError(place.op, `expected arrays of one length in a batch, got lengths ${got}`);
  }
  return Array.from({ length }, (_, i) => {
    const field = values.map((value) => value[i]);
    return collateField(field, inside(place, i));
  });
}

function collateRecords(values: readonly Record<string, unknown>[], place: Place): Record<string, unknown> {
  const keys = Object.keys(values[0]!);
  const other = values.findIndex(
    (value) => Object.keys(value).length !== keys.length || !keys.every((k) => k in value),
  );
  if (other >= 0) {
    const [a, b] = [keys, Object.keys(values[other]!)].map((list) => `{ ${list.join(", ")} }`);
    const got = `${a} in ${where(place, 0)} and ${b} in ${where(place, other)}`;
    throw new ValueError(place.op, `expected objects of the same keys in a batch, got ${got}`);
  }
  return Object.fromEntries(
    keys.map((key) => {
      const field = values.map((value) => value[key]);
      return [key, collateField(field, inside(place, key))];
    }),
  );
}

/** What errors call a value, and whether a batch can hold it. */
function kindOf(value: unknown): [name: string, known: boolean] {
  if (isTensor(value)) return ["a tensor", true];
  if (isTyped(value)) return ["a typed array", true];
  if (isArray(value)) return ["an array", true];
  if (isRecord(value)) return ["an object", true];
  if (typeof value === "object" && value !== null) return [`a ${value.constructor.name}`, false];
  const known = isNumber(value) || isBoolean(value) || isString(value);
  return [known ? `a ${typeof value}` : typeof value, known];
}

/** The error for values that a batch cannot hold, or that differ in kind. */
function mixed(values: readonly unknown[], place: Place): ValueError {
  const unknown = values.findIndex((value) => !kindOf(value)[1]);
  if (unknown >= 0) {
    const expected = "tensors, integers, booleans, strings, typed arrays, arrays or plain objects of these";
    const got = `${kindOf(values[unknown])[0]} in ${where(place, unknown)}`;
    return new ValueError(place.op, `expected ${expected}, got ${got}`, HINT);
  }
  const first = kindOf(values[0])[0];
  const other = values.findIndex((value) => kindOf(value)[0] !== first);
  const got = `${first} in ${where(place, 0)} and ${kindOf(values[other])[0]} in ${where(place, other)}`;
  return new ValueError(place.op, `expected samples of one structure, got ${got}`);
}
