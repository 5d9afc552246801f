import { FileError } from "../base/errors.js";
import type { Shape } from "../base/shape.js";
import { sizeOf } from "../base/shape.js";
import { type ElementType, elementTypes } from "./element-types.js";

// The header of a .npy file: a mark, a version, a length, and a Python dict as text, which is read without evaluating
// it.

/** The content of a header. */
type NpyHeader = {
  type: ElementType;
  /** Whether elements are big-endian. */
  swapped: boolean;
  /** Whether the first index varies fastest. */
  fortran: boolean;
  shape: Shape;
  /** Where the data starts. */
  data: number;
};

/** The first bytes of every .npy file. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

/** The longest header that is read; that of plain numbers is far shorter. */
const LONGEST = 1 << 16;

/** NumPy leaves room for a size of this many digits, so that an array can grow in its file. */
const DIGITS = 21;
const ALIGN = 64;

const TYPES: Readonly<Record<string, ElementType | undefined>> = {
  b1: elementTypes.bool,
  u1: elementTypes.uint8,
  i1: elementTypes.int8,
  u2: elementTypes.uint16,
  i2: elementTypes.int16,
  f2: elementTypes.float16,
  u4: elementTypes.uint32,
  i4: elementTypes.int32,
  f4: elementTypes.float32,
  u8: elementTypes.uint64,
  i8: elementTypes.int64,
  f8: elementTypes.float64,
};

type Refuse = (problem: string, hint?: string) => FileError;

/** The entries of a dict as NumPy writes it: values are a text in quotes, True, False, or a tuple of whole numbers. */
function fieldsOf(text: string, refuse: Refuse): Map<string, string> {
  const dict = text.trimEnd();
  if (!dict.startsWith("{") || !dict.endsWith("}")) throw refuse("its header is no dict: it is corrupt");
  const inner = dict.slice(1, -1);
  const field = /\s*'(descr|fortran_order|shape)'\s*:\s*('[^'\\]*'|True|False|\([\dL,\s]*\))\s*(?:,\s*|$)/y;
  const fields = new Map<string, string>();
  while (field.lastIndex < inner.length) {
    const match = field.exec(inner);
    if (match === null) {
      if (/'descr'\s*:\s*\[/.test(inner))
        throw refuse("expected an array of numbers, got one of records", "Save each field by itself");
      throw refuse("its header is not as NumPy writes it: it is corrupt");
    }
    if (fields.has(match[1]!)) throw refuse(`its header says ${match[1]} twice`);
    fields.set(match[1]!, match[2]!);
  }
  return fields;
}

function typeOf(descr: string, refuse: Refuse): Pick<NpyHeader, "type" | "swapped"> {
  const [, order, name] = /^'([<>|])([a-z]\d)'$/.exec(descr) ?? [];
  const type = name !== undefined && Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (type !== undefined && (order !== "|" || type.itemSize === 1))
    return { type, swapped: order === ">" && type.itemSize > 1 };
  if (/^'\|?O/.test(descr)) {
    throw refuse("expected an array of numbers, got one of pickled objects", "Only numbers and booleans are read");
  }
  throw refuse(
    `expected elements of ${Object.keys(TYPES).join(", ")}, got ${descr.slice(0, 40)}`,
    "Convert it with astype",
  );
}

function shapeOf(text: string, refuse: Refuse): number[] {
  const items = text.slice(1, -1).replace(/,\s*$/, "");
  const sizes = items.trim() === "" ? [] : items.split(",").map((size) => size.trim());
  const commas = sizes.length !== 1 || text.includes(","); // (3) is a number, (3,) a tuple
  const shape = sizes.map((size) => (/^\d+L?$/.test(size) ? Number(size.replace("L", "")) : Number.NaN));
  if (commas && shape.length <= 64 && shape.every(Number.isSafeInteger)) return shape;
  throw refuse(`expected a shape, got ${text.slice(0, 40)}`);
}

/** Reads a header, and checks the length of the data after it. `read` returns `length` bytes from a position on. */
export async function readNpyHeader(
  op: string,
  name: string,
  size: number,
  read: (from: number, length: number) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<NpyHeader> {
  const refuse: Refuse = (problem, hint) => new FileError(op, `${name}: ${problem}`, hint);
  const head = await read(0, Math.min(size, 12));
  if (head.length < 10 || MAGIC.some((byte, i) => head[i] !== byte)) {
    const zip = head[0] === 0x50 && head[1] === 0x4b;
    throw refuse("expected a .npy file, got another format", zip ? "Is it a .npz? Use loadNpz" : undefined);
  }
  const version = head[6]!;
  if (version < 1 || version > 3 || head[7] !== 0)
    throw refuse(`expected version 1, 2 or 3 of the format, got ${version}.${head[7]}`);
  const start = version === 1 ? 10 : 12;
  const view = new DataView(head.buffer);
  const length = version === 1 ? view.getUint16(8, true) : head.length < 12 ? size : view.getUint32(8, true);
  if (length > LONGEST || start + length > size)
    throw refuse(`its header claims ${length} bytes: it is cut short or corrupt`);
  const text = new TextDecoder(version === 3 ? "utf-8" : "latin1").decode(await read(start, length));
  const fields = fieldsOf(text, refuse);
  const { descr, fortran_order: fortran, shape } = Object.fromEntries(fields);
  if (
    descr === undefined ||
    fortran === undefined ||
    shape === undefined ||
    !/^[TF]/.test(fortran) ||
    !shape.startsWith("(")
  ) {
    throw refuse("expected descr, fortran_order and shape in its header");
  }
  const header = {
    ...typeOf(descr, refuse),
    fortran: fortran === "True",
    shape: shapeOf(shape, refuse),
    data: start + length,
  };
  const bytes = sizeOf(header.shape) * header.type.itemSize;
  const got = size - header.data;
  if (bytes > got) throw refuse(`expected ${bytes} bytes of data, got ${got}: it is cut short`);
  if (bytes < got)
    throw refuse(`expected ${bytes} bytes of data, got ${got}`, "Several arrays in one file: save them as .npz");
  return header;
}

/** The bytes before the data, as NumPy writes them. */
export function npyHeader(descr: string, fortran: boolean, shape: Shape): Uint8Array {
  const sizes = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dict = `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${sizes}, }`;
  const growing = shape[fortran ? shape.length - 1 : 0];
  const text = growing === undefined ? dict : dict + " ".repeat(DIGITS - String(growing).length);
  const prefix = 10;
  const length = ALIGN * Math.floor((prefix + text.length + 1) / ALIGN + 1);
  const header = new Uint8Array(length).fill(0x20);
  header.set([...MAGIC, 1, 0]);
  new DataView(header.buffer).setUint16(8, length - prefix, true);
  header.set(new TextEncoder().encode(text), prefix);
  header[length - 1] = 0x0a;
  return header;
}
