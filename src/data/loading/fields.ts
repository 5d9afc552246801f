const NEWLINE = 10;
const BLANK = 32;

const decoder = new TextDecoder();

/**
 * Reads lines of fields that blanks separate. It makes no string of a field: lists of data sets have millions of them.
 */
export class FieldReader {
  /** The number of the current line, from 1. */
  line = 0;
  /** The current field is the bytes [start, end). */
  start = 0;
  end = 0;
  private at = 0;

  constructor(readonly bytes: Uint8Array) {}

  /** Goes to the next line that is not blank. False at the end of the bytes. */
  nextLine(): boolean {
    const { bytes } = this;
    if (this.line > 0) this.skipTo(bytes.indexOf(NEWLINE, this.at) + 1);
    for (;;) {
      this.line++;
      this.skipBlanks();
      if (this.at >= bytes.length) return false;
      if (bytes[this.at] !== NEWLINE) return true;
      this.at++;
    }
  }

  /** Goes to the next field of the line. False at the end of the line. */
  nextField(): boolean {
    const { bytes } = this;
    this.skipBlanks();
    if (this.at >= bytes.length || bytes[this.at] === NEWLINE) return false;
    this.start = this.at;
    while (this.at < bytes.length && bytes[this.at]! > BLANK) this.at++;
    this.end = this.at;
    return true;
  }

  /** The current field. */
  text(): string {
    return decoder.decode(this.bytes.subarray(this.start, this.end));
  }

  /** The remaining fields of the line. */
  rest(): string[] {
    const fields: string[] = [];
    while (this.nextField()) fields.push(this.text());
    return fields;
  }

  private skipTo(at: number): void {
    this.at = at === 0 ? this.bytes.length : at;
  }

  private skipBlanks(): void {
    const { bytes } = this;
    while (this.at < bytes.length && bytes[this.at]! <= BLANK && bytes[this.at] !== NEWLINE) this.at++;
  }
}

/** Many short texts in one array of bytes. */
export class TextList {
  private constructor(
    private readonly bytes: Uint8Array,
    private readonly ends: Uint32Array,
  ) {}

  /** Copies the bytes [starts[i], ends[i]) for every i. */
  static copy(bytes: Uint8Array, starts: ArrayLike<number>, ends: ArrayLike<number>): TextList {
    const places = new Uint32Array(starts.length);
    for (let i = 0, to = 0; i < places.length; i++) {
      to += ends[i]! - starts[i]!;
      places[i] = to;
    }
    const all = new Uint8Array(places.at(-1) ?? 0);
    for (let i = 0; i < places.length; i++) {
      all.set(bytes.subarray(starts[i], ends[i]), places[i]! - (ends[i]! - starts[i]!));
    }
    return new TextList(all, places);
  }

  get length(): number {
    return this.ends.length;
  }

  at(i: number): string {
    return decoder.decode(this.bytes.subarray(this.startOf(i), this.ends[i]));
  }

  /** The texts with the given indices. */
  pick(rows: Uint32Array): TextList {
    return TextList.copy(
      this.bytes,
      rows.map((row) => this.startOf(row)),
      rows.map((row) => this.ends[row]!),
    );
  }

  /** Whether two lists hold the same texts in the same order. */
  equals(other: TextList): boolean {
    const same = <T extends Uint8Array | Uint32Array>(a: T, b: T): boolean =>
      a.length === b.length && a.every((value, i) => value === b[i]);
    return same(this.ends, other.ends) && same(this.bytes, other.bytes);
  }

  private startOf(i: number): number {
    return i === 0 ? 0 : this.ends[i - 1]!;
  }
}

/** A table of bits, [rows, columns]. */
export class BitRows {
  private readonly stride: number;
  private readonly bits: Uint8Array;

  constructor(
    readonly rows: number,
    readonly columns: number,
  ) {
    this.stride = (columns + 7) >> 3;
    this.bits = new Uint8Array(rows * this.stride);
  }

  set(row: number, column: number): void {
    const at = row * this.stride + (column >> 3);
    this.bits[at] = this.bits[at]! | (1 << (column & 7));
  }

  /** A row as zeros and ones. */
  row(row: number): Float32Array<ArrayBuffer> {
    const at = row * this.stride;
    return Float32Array.from({ length: this.columns }, (_, i) => (this.bits[at + (i >> 3)]! >> (i & 7)) & 1);
  }

  /** The given rows. */
  pick(rows: Uint32Array): BitRows {
    const out = new BitRows(rows.length, this.columns);
    rows.forEach((row, i) => {
      out.bits.set(this.bits.subarray(row * this.stride, (row + 1) * this.stride), i * this.stride);
    });
    return out;
  }
}
