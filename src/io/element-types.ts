import type { Dtype, TypedArray } from "../base/dtype.js";
import type { FileError } from "../base/errors.js";

// The element types in files, and the dtypes that they become.

/** Makes an error that names the file. */
export type Fail = (problem: string) => FileError;

/**
 * A type of elements in files: its size in bytes, the dtype that it becomes, and the conversion from little-endian
 * bytes.
 */
export type ElementType = {
  readonly itemSize: number;
  readonly dtype: Dtype;
  /** Whether files and memory hold the same bytes. */
  readonly same: boolean;
  decode(bytes: Uint8Array<ArrayBuffer>, fail: Fail): TypedArray;
};

/** A buffer that starts with these bytes, as typed arrays need it: a slice may start anywhere. */
function aligned(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
}

/** The value of sixteen bits of IEEE's half precision, exact in float32. */
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

const tooLarge = (fail: Fail, value: bigint | number, i: number): FileError =>
  fail(`expected integers that int32 holds, got ${value} at element ${i}`);

/** int64 (or uint64) as int32; a number that does not fit is refused. */
function fromLong(buffer: ArrayBuffer, signed: boolean, fail: Fail): Int32Array {
  const words = new Int32Array(buffer);
  const out = new Int32Array(words.length / 2);
  for (let i = 0; i < out.length; i++) {
    const [low, high] = [words[2 * i]!, words[2 * i + 1]!];
    if (high !== low >> 31 || (high < 0 && !signed)) {
      throw tooLarge(fail, (signed ? new BigInt64Array(buffer) : new BigUint64Array(buffer))[i]!, i);
    }
    out[i] = low;
  }
  return out;
}

function fromUint32(words: Uint32Array, fail: Fail): Int32Array {
  const at = words.findIndex((word) => word >= 2 ** 31);
  if (at >= 0) throw tooLarge(fail, words[at]!, at);
  return new Int32Array(words.buffer);
}

const type = (
  itemSize: number,
  dtype: Dtype,
  decode: (buffer: ArrayBuffer, fail: Fail) => TypedArray,
): ElementType => ({
  itemSize,
  dtype,
  same: false,
  decode: (bytes, fail) => decode(aligned(bytes), fail),
});

const same = (type: ElementType): ElementType => ({ ...type, same: true });

/** By their common names. */
export const elementTypes = {
  float32: same(type(4, "float32", (buffer) => new Float32Array(buffer))),
  float64: same(type(8, "float64", (buffer) => new Float64Array(buffer))),
  float16: type(2, "float32", (buffer) => Float32Array.from(new Uint16Array(buffer), fromHalf)),
  bfloat16: type(2, "float32", (buffer) => fromBfloat16(new Uint16Array(buffer))),
  int64: type(8, "int32", (buffer, fail) => fromLong(buffer, true, fail)),
  int32: same(type(4, "int32", (buffer) => new Int32Array(buffer))),
  int16: type(2, "int32", (buffer) => Int32Array.from(new Int16Array(buffer))),
  int8: type(1, "int32", (buffer) => Int32Array.from(new Int8Array(buffer))),
  uint64: type(8, "int32", (buffer, fail) => fromLong(buffer, false, fail)),
  uint32: type(4, "int32", (buffer, fail) => fromUint32(new Uint32Array(buffer), fail)),
  uint16: type(2, "int32", (buffer) => Int32Array.from(new Uint16Array(buffer))),
  uint8: same(type(1, "uint8", (buffer) => new Uint8Array(buffer))),
  bool: type(1, "bool", (buffer) => new Uint8Array(buffer).map((byte) => Number(byte !== 0))),
} as const;
