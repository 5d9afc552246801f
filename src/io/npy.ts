import type { Dtype } from "../base/dtype.js";
import { FileError, ValueError } from "../base/errors.js";
import { checkArguments } from "../base/signature.js";
import { Tensor } from "../methods.js";
import { openSource, type Source } from "../platform/files.js";
import { tensorKind } from "../tensor/kinds.js";
import { npyHeader, readNpyHeader } from "./npy-header.js";
import { collect, sourceKind, type Target, targetKind, writeParts } from "./target.js";
import { byteLength, bytesOf, type Parts, partsOf, tensorFrom } from "./tensor-bytes.js";

const DESCR: Readonly<Record<Dtype, string>> = {
  float32: "<f4",
  float64: "<f8",
  int32: "<i4",
  uint8: "|u1",
  bool: "|b1",
};

/** Swaps the bytes of each element, in place. */
function swap(bytes: Uint8Array, itemSize: number): Uint8Array {
  for (let at = 0; at < bytes.length; at += itemSize) {
    for (let low = at, high = at + itemSize - 1; low < high; low++, high--) {
      const byte = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = byte;
    }
  }
  return bytes;
}

/** Reads the array in a file of `size` bytes; `read` returns `length` bytes from a position on. */
export async function readNpy(
  op: string,
  name: string,
  size: number,
  read: (from: number, length: number) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Tensor> {
  const { type, swapped, fortran, shape, data } = await readNpyHeader(op, name, size, read);
  const stored = partsOf(read, data, size - data);
  const parts: Parts = (take) => stored((part, at) => take(swapped ? swap(part, type.itemSize) : part, at));
  const sizes = fortran ? [...shape].reverse() : shape;
  const x = await tensorFrom(type, sizes, parts, (problem) => new FileError(op, `${name}: ${problem}`));
  return fortran ? new Tensor(x.storage, shape, x.dtype, [...x.strides].reverse()) : x;
}

/** The tensor with its dims reversed, which is row-major, when the tensor itself is column-major; else undefined. */
function columnMajor(x: Tensor): Tensor | undefined {
  if (x.isContiguous()) return undefined;
  const reversed = new Tensor(x.storage, [...x.shape].reverse(), x.dtype, [...x.strides].reverse(), x.offset);
  return reversed.isContiguous() ? reversed : undefined;
}

export function checkTensor(op: string, x: unknown, as = ""): asserts x is Tensor {
  if (!(x instanceof Tensor)) throw new ValueError(op, `expected a tensor${as}, got ${x === null ? "null" : typeof x}`);
  void x.ptr; // throws for a freed tensor, before anything is written
}

/** The file of a tensor: its size, and its bytes. */
export function npyFile(x: Tensor): { size: number; parts: () => Generator<Uint8Array> } {
  const reversed = columnMajor(x);
  const header = npyHeader(DESCR[x.dtype], reversed !== undefined, x.shape);
  return {
    size: header.length + byteLength(x),
    *parts() {
      yield header;
      yield* bytesOf(reversed ?? x);
    },
  };
}

function parts(op: string, x: Tensor): Generator<Uint8Array> {
  checkTensor(op, x);
  return npyFile(x).parts();
}

/**
 * Writes a tensor as numpy.save writes an array: the same bytes. A file is replaced as a whole or, on any failure, not
 * at all.
 * @param target the path of a file (its folder must be there), or a WritableStream
 * @throws ValueError for a value that is no tensor, FileError when the file cannot be written
 * @see https://numpy.org/doc/stable/reference/generated/numpy.save.html
 * @example
 * ```ts no-run
 * import { rand } from "simdgrad";
 * import { loadNpy, saveNpy } from "simdgrad/io";
 * await saveNpy(rand([2, 3]), "x.npy");
 * const x = await loadNpy("x.npy");
 * ```
 */
export async function saveNpy(...args: [x: Tensor, target: Target]): Promise<void> {
  checkArguments("saveNpy", { x: tensorKind, target: targetKind }, args);
  const [x, target] = args;
  await writeParts("saveNpy", target, parts("saveNpy", x));
}

/**
 * The bytes of the file that {@link saveNpy} writes, for hosts without files.
 * @example
 * ```ts
 * import { tensor } from "simdgrad";
 * import { loadNpy, toNpy } from "simdgrad/io";
 * await loadNpy(await toNpy(tensor([1, 2]))); // tensor([1., 2.])
 * ```
 */
export async function toNpy(...args: [x: Tensor]): Promise<Uint8Array<ArrayBuffer>> {
  checkArguments("toNpy", { x: tensorKind }, args);
  const [x] = args;
  return collect(parts("toNpy", x));
}

/**
 * Reads what numpy.save (or {@link saveNpy}) wrote. float16 becomes float32, all integers but uint8 become int32 (one
 * that int32 does not hold is refused), arrays in Fortran order become strided tensors. The tensor belongs to the
 * innermost scope.
 * @param source the path of a file, a URL, a File or Blob, or bytes
 * @throws FileError for files that are not there, cut short, corrupt, or not of this format; for arrays of texts, records,
 *   complex numbers or pickled objects
 * @see https://numpy.org/doc/stable/reference/generated/numpy.load.html
 */
export async function loadNpy(...args: [source: Source]): Promise<Tensor> {
  checkArguments("loadNpy", { source: sourceKind }, args);
  const [source] = args;
  const reader = await openSource("loadNpy", source);
  try {
    return await readNpy("loadNpy", reader.name, reader.size, (from, length) => reader.read(from, length));
  } finally {
    await reader.close();
  }
}
