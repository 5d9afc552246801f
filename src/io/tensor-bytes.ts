import { itemSize } from "../base/dtype.js";
import { type Shape, sizeOf } from "../base/shape.js";
import { keep } from "../memory.js";
import type { Tensor } from "../methods.js";
import { asContiguous } from "../ops/layout/copy.js";
import { tensor } from "../ops/layout/factories.js";
import { view } from "../runtime/heap.js";
import { empty } from "../tensor/tensor.js";
import type { ElementType, Fail } from "./element-types.js";

const PART = 1 << 20;

/** The number of bytes of the elements in a file. */
export const byteLength = (x: Tensor): number => x.numel * itemSize(x.dtype);

/**
 * The bytes of the elements, row-major, in copied parts: memory may grow (which detaches views) while a file is
 * written. A strided tensor is first copied as a whole; that copy is freed at the end.
 */
export function* bytesOf(x: Tensor): Generator<Uint8Array> {
  const bytes = byteLength(x);
  const rows = asContiguous(x);
  if (rows !== x) keep(rows);
  try {
    for (let done = 0; done < bytes; done += PART) {
      const at = rows.ptr + done;
      yield view().u8.slice(at, at + Math.min(PART, bytes - done));
    }
  } finally {
    if (rows !== x) rows.storage.free();
  }
}

/** A row-major tensor of elements from the bytes of a file. */
export function tensorOf(type: ElementType, shape: Shape, bytes: Uint8Array<ArrayBuffer>, fail: Fail): Tensor {
  return tensor(type.decode(bytes, fail), { dtype: type.dtype, shape });
}

/** Passes bytes to `take`, front to back: each part, and its position. */
export type Parts = (take: (part: Uint8Array, at: number) => void) => Promise<void>;

/** As {@link tensorOf}, from parts. Elements whose bytes are the same in files and memory are never in memory twice. */
export async function tensorFrom(type: ElementType, shape: Shape, parts: Parts, fail: Fail): Promise<Tensor> {
  if (!type.same) {
    const bytes = new Uint8Array(sizeOf(shape) * type.itemSize);
    await parts((part, at) => bytes.set(part, at));
    return tensorOf(type, shape, bytes, fail);
  }
  const x = empty("load", shape, type.dtype);
  try {
    await parts((part, at) => view().u8.set(part, x.ptr + at));
    return x;
  } catch (error) {
    x.storage.free();
    throw error;
  }
}

/** Bytes of a part: a multiple of all sizes of elements. */
const READ = 1 << 24;

/** `length` bytes from position `from` on, in the parts that `read` returns. */
export function partsOf(
  read: (from: number, length: number) => Promise<Uint8Array>,
  from: number,
  length: number,
): Parts {
  return async (take) => {
    for (let at = 0; at < length; at += READ) take(await read(from + at, Math.min(READ, length - at)), at);
  };
}

/** Makes tensors one after the other. When one fails, those before it are freed. */
export async function allOrNone<T>(items: Iterable<T>, make: (item: T) => Promise<Tensor>): Promise<Tensor[]> {
  const made: Tensor[] = [];
  try {
    for (const item of items) made.push(await make(item));
    return made;
  } catch (error) {
    for (const { storage } of made) storage.free();
    throw error;
  }
}

/** An object with these names and values. Any name becomes a property of its own, `__proto__` too. */
export const objectOf = <T>(names: readonly string[], values: readonly T[]): Record<string, T> =>
  Object.fromEntries(names.map((name, i) => [name, values[i]!]));
