import type { Dtype, TypedArray } from "../base/dtype.js";
import type { FileError } from "../base/errors.js";

// The element types of PyTorch's storages, and what they become here.

/** A type of storage in a file: its bytes per element, the dtype that its elements get here, and how they get it. */
export type StorageType = {
  name: string;
  itemSize: number;
  dtype: Dtype;
  decode(bytes: Uint8Array<ArrayBuffer>, fail: (problem: string) => FileError): TypedArray;
};

/** Whole elements, aligned: bytes of a slice start anywhere. */
function aligned(bytes: Uint8Array<ArrayBuffer>, itemSize: number): ArrayBuffer {
  if (bytes.byteOffset % itemSize === 0 && bytes.byteLength === bytes.buffer.byteLength) return bytes.buffer;
  return bytes.slice().buffer;
}

/** The float32 of sixteen bits of IEEE's half precision: exact. */
function fromHalf(half: number): number {
  const [sign, exponent, fraction] = [half >>> 15, (half >>> 10) & 31, half & 1023];
  const size =
    exponent === 31
      ? fraction === 0
        ? Number.POSITIVE_INFINITY
        : Number.NaN
      : exponent === 0
        ? fraction * 2 ** -24
        : (1024 + fraction) * 2 ** (exponent - 25);
  return sign === 1 ? -size : size;
}

/** bfloat16 is the upper half of a float32. */
function fromBfloat16(words: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(words, (word) => word << 16).buffer);
}

/** int64 as int32; a number that does not fit is refused. */
function narrowed(buffer: ArrayBuffer, fail: (problem: string) => FileError): Int32Array {
  const words = new Int32Array(buffer);
  const out = new Int32Array(words.length / 2);
  for (let i = 0; i < out.length; i++) {
    const low = words[2 * i]!;
    if (words[2 * i + 1] !== low >> 31) {
      throw fail(`expected integers that int32 holds, got ${new BigInt64Array(buffer)[i]} at element ${i}`);
    }
    out[i] = low;
  }
  return out;
}

const type = (name: string, itemSize: number, dtype: Dtype, decode: StorageType["decode"]): StorageType => ({
  name,
  itemSize,
  dtype,
  decode,
});

const types = [
  type("Float", 4, "float32", (bytes) => new Float32Array(aligned(bytes, 4))),
  type("Double", 8, "float64", (bytes) => new Float64Array(aligned(bytes, 8))),
  type("Half", 2, "float32", (bytes) => Float32Array.from(new Uint16Array(aligned(bytes, 2)), fromHalf)),
  type("BFloat16", 2, "float32", (bytes) => fromBfloat16(new Uint16Array(aligned(bytes, 2)))),
  type("Int", 4, "int32", (bytes) => new Int32Array(aligned(bytes, 4))),
  type("Long", 8, "int32", (bytes, fail) => narrowed(aligned(bytes, 8), fail)),
  type("Short", 2, "int32", (bytes) => Int32Array.from(new Int16Array(aligned(bytes, 2)))),
  type("Char", 1, "int32", (bytes) => Int32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length))),
  type("Byte", 1, "uint8", (bytes) => bytes),
  type("Bool", 1, "bool", (bytes) => bytes.map((byte) => Number(byte !== 0))),
];

/** By the name of PyTorch's class: `FloatStorage`. */
export const storageTypes: ReadonlyMap<string, StorageType> = new Map(types.map((t) => [`${t.name}Storage`, t]));

/** The class that holds elements of a dtype. */
export const storageOf: Readonly<Record<Dtype, string>> = {
  float32: "FloatStorage",
  float64: "DoubleStorage",
  int32: "IntStorage",
  uint8: "ByteStorage",
  bool: "BoolStorage",
};
