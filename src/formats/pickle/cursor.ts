import { FileError } from "../../base/errors.js";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Reads numbers and texts from bytes, front to back. Reading beyond the end throws a FileError. */
export class Cursor {
  readonly #view: DataView;

  constructor(
    readonly op: string,
    readonly name: string,
    readonly source: Uint8Array,
    public position = 0,
  ) {
    this.#view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  }

  fail(problem: string): never {
    throw new FileError(this.op, `${this.name}: ${problem}`);
  }

  /** Skips the next `length` bytes. Returns their position. */
  #take(length: number): number {
    const at = this.position;
    if (length > this.source.length - at) {
      this.fail(`expected ${length} bytes at ${at} of ${this.source.length}: it is cut short or corrupt`);
    }
    this.position += length;
    return at;
  }

  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.source.subarray(at, at + length);
  }

  u8(): number {
    return this.source[this.#take(1)]!;
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  u64(): number {
    return Number(this.#view.getBigUint64(this.#take(8), true));
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), false);
  }

  utf8(length: number): string {
    const bytes = this.bytes(length);
    try {
      return utf8.decode(bytes);
    } catch {
      return this.fail("a text is not UTF-8: it is corrupt");
    }
  }

  latin1(length: number): string {
    let out = "";
    for (const byte of this.bytes(length)) out += String.fromCharCode(byte);
    return out;
  }

  /** The text up to the next end of line. */
  line(): string {
    const end = this.source.indexOf(10, this.position);
    if (end < 0) this.fail("a line does not end: it is cut short or corrupt");
    const text = this.utf8(end - this.position);
    this.position++;
    return text;
  }

  quoted(): string {
    const text = this.line();
    if (!/^(['"])[^\\]*\1$/.test(text)) this.fail("expected a quoted text without escapes");
    return text.slice(1, -1);
  }

  /** A number in digits. */
  number(): number {
    const text = this.line();
    if (!/^-?[\d.]+(e[-+]?\d+)?$|^-?inf$|^nan$/.test(text)) this.fail(`expected a number, got ${text.slice(0, 40)}`);
    return Number(text.replace("inf", "Infinity"));
  }

  /** A number in digits, where 01 and 00 are true and false. */
  line01(): number | boolean {
    const at = this.position;
    const text = this.line();
    if (text === "01" || text === "00") return text === "01";
    this.position = at;
    return this.number();
  }

  /** A whole number in digits, with Python's L after them or without. */
  long(): number | bigint {
    const text = this.line().replace(/L$/, "");
    if (!/^-?\d{1,400}$/.test(text)) this.fail("expected a whole number");
    return narrow(BigInt(text));
  }

  /** A whole number of `length` bytes: two's complement, little-endian. */
  integer(length: number): number | bigint {
    if (length > 256) this.fail(`expected a whole number, got one of ${length} bytes`);
    let value = 0n;
    const bytes = this.bytes(length);
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    return narrow(length === 0 ? 0n : BigInt.asIntN(8 * length, value));
  }
}

/** A number where it is exact, else a bigint. */
const narrow = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value);
