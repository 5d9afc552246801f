import { itemSize } from "../base/dtype.js";
import type { Shape } from "../base/shape.js";
import { dense } from "../ops/copy.js";
import { tensor } from "../ops/factories.js";
import { view } from "../runtime/heap.js";
import { keep } from "../scope.js";
import type { Tensor } from "../tensor.js";
import type { ElementType, Fail } from "./elements.js";

const PART = 1 << 20;

/** Bytes that the elements take in a file. */
export const byteLength = (x: Tensor): number => x.numel * itemSize(x.dtype);

/**
 * The bytes of the elements, row-major, a part at a time: memory may grow (which detaches views) while a file is written.
 * A strided tensor is copied when its turn comes, and the copy freed behind it.
 */
export function* bytesOf(x: Tensor): Generator<Uint8Array> {
  const bytes = byteLength(x);
  const rows = dense(x);
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

/** A row-major tensor of elements as a file has them. */
export function tensorOf(type: ElementType, shape: Shape, bytes: Uint8Array<ArrayBuffer>, fail: Fail): Tensor {
  return tensor(type.decode(bytes, fail), { dtype: type.dtype, shape });
}

/** Makes tensors one after the other; when one fails, those before it are freed. */
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

/** An entry under any name, `__proto__` too, as its own property. */
export const record = <T>(names: readonly string[], values: readonly T[]): Record<string, T> =>
  Object.fromEntries(names.map((name, i) => [name, values[i]!]));
