import { FileError } from "../base/errors.js";
import { sizeOf } from "../base/shape.js";
import type { Reader } from "../platform/files.js";
import { type ElementType, elementTypes } from "./element-types.js";

// The header of a .safetensors file: its length in eight bytes, then JSON that says where each tensor lies.

/** A tensor in a file. */
type Entry = { name: string; type: ElementType; shape: readonly number[]; begin: number; end: number };

/** The content of a header, and where the data after it starts. */
type Header = { entries: Entry[]; metadata: Record<string, string>; data: number };

/** The longest header that the reference implementation takes. */
const LONGEST = 100_000_000;

const TYPES: Readonly<Record<string, ElementType | undefined>> = {
  BOOL: elementTypes.bool,
  U8: elementTypes.uint8,
  I8: elementTypes.int8,
  U16: elementTypes.uint16,
  I16: elementTypes.int16,
  U32: elementTypes.uint32,
  I32: elementTypes.int32,
  U64: elementTypes.uint64,
  I64: elementTypes.int64,
  F16: elementTypes.float16,
  BF16: elementTypes.bfloat16,
  F32: elementTypes.float32,
  F64: elementTypes.float64,
};

/** The key that holds texts about the file. */
export const METADATA = "__metadata__";

type Refuse = (problem: string) => FileError;

/** The end of the JSON string that starts at `at`. */
function endOfText(json: string, at: number, refuse: Refuse): number {
  for (let i = at + 1; i < json.length; i++) {
    if (json[i] === "\\") i++;
    else if (json[i] === '"') return i + 1;
  }
  throw refuse("its header is no JSON");
}

/**
 * Throws for equal keys, of which JSON.parse keeps the last in silence, and for nesting, with which its memory grows.
 */
function checkKeys(json: string, refuse: Refuse): void {
  const open: Set<string>[] = [];
  for (let i = 0; i < json.length; i++) {
    const char = json[i];
    if (char === "{" && open.push(new Set()) > 2) throw refuse("its header is nested deeper than the format says");
    if (char === "}") open.pop();
    if (char !== '"') continue;
    const end = endOfText(json, i, refuse);
    let next = end;
    while (/\s/.test(json[next] ?? "")) next++;
    const keys = open[open.length - 1];
    if (json[next] === ":" && keys !== undefined) {
      const key = String(JSON.parse(json.slice(i, end)));
      if (keys.has(key)) throw refuse(`its header has the key ${JSON.stringify(key)} twice`);
      keys.add(key);
    }
    i = end - 1;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isSizes = (value: unknown): value is number[] => Array.isArray(value) && value.every(isSize);

function parse(json: string, refuse: Refuse): Record<string, unknown> {
  if (!json.startsWith("{")) throw refuse("its header does not start with {");
  try {
    checkKeys(json, refuse);
    const value: unknown = JSON.parse(json);
    if (isObject(value)) return value;
  } catch (error) {
    if (error instanceof FileError) throw error;
  }
  throw refuse("its header is no JSON");
}

function entryOf(name: string, value: unknown, refuse: Refuse): Entry {
  const { dtype, shape, data_offsets: range } = isObject(value) ? value : {};
  if (typeof dtype !== "string" || !isSizes(shape) || !isSizes(range) || range.length !== 2) {
    throw refuse(`expected dtype, shape and data_offsets of ${name}, got ${JSON.stringify(value)?.slice(0, 100)}`);
  }
  const type = Object.hasOwn(TYPES, dtype) ? TYPES[dtype] : undefined;
  if (type === undefined) {
    throw refuse(`expected a dtype of ${Object.keys(TYPES).join(", ")} for ${name}, got ${dtype}`);
  }
  const [begin, end] = range as [number, number];
  const bytes = sizeOf(shape) * type.itemSize;
  if (bytes !== end - begin)
    throw refuse(`expected ${bytes} bytes of ${name} (${dtype}, [${shape.join(", ")}]), got ${end - begin}`);
  return { name, type, shape, begin, end };
}

/** Throws unless each byte of the data belongs to exactly one tensor. */
function checkRanges(entries: readonly Entry[], bytes: number, refuse: Refuse): void {
  let at = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < at) throw refuse(`${name} overlaps another tensor at byte ${begin} of the data`);
    if (begin > at) throw refuse(`bytes ${at} to ${begin} of the data belong to no tensor`);
    at = end;
  }
  if (at !== bytes)
    throw refuse(`expected ${at} bytes of data, got ${bytes}: it is ${at > bytes ? "cut short" : "too long"}`);
}

/** Reads and checks a header: every tensor that it names lies within the data. */
export async function readHeader(op: string, reader: Reader): Promise<Header> {
  const refuse = (problem: string): FileError => new FileError(op, `${reader.name}: ${problem}`);
  if (reader.size < 8) throw refuse(`expected a .safetensors file, got ${reader.size} bytes`);
  const head = await reader.read(0, 8);
  const length = Number(new DataView(head.buffer).getBigUint64(0, true));
  if (length > LONGEST) throw refuse(`expected a .safetensors file, got one with a header of ${length} bytes`);
  if (length > reader.size - 8)
    throw refuse(`expected a header of ${length} bytes: it is cut short or of another format`);
  let json: string;
  try {
    json = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await reader.read(8, length));
  } catch (error) {
    throw error instanceof FileError ? error : refuse("its header is not UTF-8");
  }
  const { [METADATA]: about = {}, ...tensors } = parse(json, refuse);
  if (!isObject(about) || !Object.values(about).every((text) => typeof text === "string")) {
    throw refuse(`expected texts in ${METADATA}`);
  }
  const entries = Object.entries(tensors).map(([name, value]) => entryOf(name, value, refuse));
  checkRanges(entries, reader.size - 8 - length, refuse);
  return { entries, metadata: about as Record<string, string>, data: 8 + length };
}
