import { FileError } from "../base/errors.js";
import { readPickle } from "../formats/pickle/read-pickle.js";
import type { Reader } from "../platform/files.js";
import { tensorOf } from "./tensor-bytes.js";
import { TensorMaker, TorchTable } from "./torch-tensors.js";

/** The pickled integer at the start of files that torch.save wrote before its zip format. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/** Whether a file starts as those of torch.save did until version 1.5: PROTO 2, LONG1 of ten bytes. */
export const isLegacy = (head: Uint8Array): boolean => head[0] === 0x80 && head[2] === 0x8a && head[3] === 10;

/**
 * Reads torch.save's older format: pickles of a mark, a protocol, the system's sizes, the value and the keys of its
 * storages, and then each storage: a count of eight bytes and its elements.
 */
export async function readLegacy(op: string, reader: Reader): Promise<{ value: unknown; maker: TensorMaker }> {
  const { name } = reader;
  const bytes = await reader.read(0, reader.size);
  const table = new TorchTable(op, name);
  let at = 0;
  const next = (): unknown => {
    const { value, end } = readPickle(op, name, bytes, table, at);
    at = end;
    return value;
  };
  if (next() !== MAGIC || next() !== PROTOCOL) throw table.fail("expected what torch.save writes, got another pickle");
  const system = next();
  if (system instanceof Map && system.get("little_endian") !== true) throw table.fail("expected a little-endian file");
  const value = next();
  const keys = next();
  if (!Array.isArray(keys)) throw table.fail("expected the keys of its storages: it is corrupt");
  if (new Set(keys).size !== keys.length) throw table.fail("it has a storage twice: it is corrupt");
  const maker = new TensorMaker();
  try {
    for (const key of keys) at = fillNext(table, maker, bytes, key, at);
    for (const [key] of table.storages) if (!keys.includes(key)) throw table.fail(`storage ${key} is missing`);
  } catch (error) {
    maker.free();
    throw error;
  }
  return { value, maker };
}

/** The name of a key in errors. A key that is no text may be nested, and far too long to print. */
const nameOf = (key: unknown): string => (typeof key === "string" ? key.slice(0, 40) : `of key type ${typeof key}`);

/** Reads the storage at position `at`; returns the position after it. */
function fillNext(
  table: TorchTable,
  maker: TensorMaker,
  bytes: Uint8Array<ArrayBuffer>,
  key: unknown,
  at: number,
): number {
  const storage = typeof key === "string" ? table.storages.get(key) : undefined;
  if (storage === undefined) throw table.fail(`nothing refers to storage ${nameOf(key)}: it is corrupt`);
  const length = storage.size * storage.type.itemSize;
  if (at + 8 + length > bytes.length) {
    throw new FileError(
      table.op,
      `${table.name}: expected ${length} bytes of storage ${storage.key}, got ${Math.max(bytes.length - at - 8, 0)}: it is cut short`,
    );
  }
  const count = Number(new DataView(bytes.buffer, bytes.byteOffset + at, 8).getBigUint64(0, true));
  if (count !== storage.size)
    throw table.fail(`storage ${storage.key}: expected ${storage.size} elements, got ${count}`);
  const elements = bytes.slice(at + 8, at + 8 + length);
  maker.fill(storage, tensorOf(storage.type, [storage.size], elements, table.failIn(storage)));
  return at + 8 + length;
}
