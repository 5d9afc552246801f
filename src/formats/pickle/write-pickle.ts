// Writes pickles of protocol 2, which every Python 3 reads.

const utf8 = new TextEncoder();

/** A pickle under construction. Each method appends one value or one instruction. */
export class PickleWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  constructor() {
    this.#put(0x80, 2);
  }

  #put(...bytes: number[]): void {
    this.#append(Uint8Array.from(bytes));
  }

  #append(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.#length + bytes.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #number(code: number, size: 4 | 8, write: (view: DataView) => void): void {
    const bytes = new Uint8Array(1 + size);
    bytes[0] = code;
    write(new DataView(bytes.buffer, 1));
    this.#append(bytes);
  }

  none(): void {
    this.#put(0x4e);
  }

  boolean(value: boolean): void {
    this.#put(value ? 0x88 : 0x89);
  }

  /** A whole number. */
  integer(value: number | bigint): void {
    const big = BigInt(value);
    if (big === BigInt.asIntN(32, big)) {
      this.#number(0x4a, 4, (view) => view.setInt32(0, Number(big), true));
      return;
    }
    const bytes: number[] = [];
    for (let size = 8n; ; size += 8n) {
      bytes.push(Number((big >> (size - 8n)) & 255n));
      if (big === BigInt.asIntN(Number(size), big)) break;
    }
    if (bytes.length < 256) this.#put(0x8a, bytes.length, ...bytes);
    else {
      this.#number(0x8b, 4, (view) => view.setInt32(0, bytes.length, true));
      this.#append(Uint8Array.from(bytes));
    }
  }

  float(value: number): void {
    this.#number(0x47, 8, (view) => view.setFloat64(0, value, false));
  }

  string(value: string): void {
    const bytes = utf8.encode(value);
    this.#number(0x58, 4, (view) => view.setUint32(0, bytes.length, true));
    this.#append(bytes);
  }

  /** A function or class, by its name. */
  global(module: string, name: string): void {
    this.#append(utf8.encode(`c${module}\n${name}\n`));
  }

  /** A tuple of the values that `items` appends. */
  tuple(items: () => void): void {
    this.#put(0x28);
    items();
    this.#put(0x74);
  }

  /** A list of the values that `items` appends. */
  list(items: () => void): void {
    this.#put(0x5d, 0x28);
    items();
    this.#put(0x65);
  }

  /** A dict of what `pairs` appends: key, value, key, value. */
  dict(pairs: () => void): void {
    this.#put(0x7d, 0x28);
    pairs();
    this.#put(0x75);
  }

  /** Calls a function: the last value is the tuple of arguments, the one before it the function. */
  reduce(): void {
    this.#put(0x52);
  }

  /** Makes the last value the id of something outside of the pickle. */
  persistent(): void {
    this.#put(0x51);
  }

  /** Ends the pickle and returns its bytes. */
  finish(): Uint8Array {
    this.#put(0x2e);
    return this.#bytes.slice(0, this.#length);
  }
}
