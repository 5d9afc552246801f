/**
 * WebAssembly links neither an unshared memory with a module that imports a shared one, nor the reverse. The kernels
 * use no atomics, so the two binaries of a build differ in one bit, and the download needs only one of them.
 */

const IMPORTS = 2; // the section's number
const MEMORY = 2; // a kind of import, as are these:
const FUNCTION = 0;
const TABLE = 1;

/** The flags before a memory's limits: it has a maximum, and it is shared. */
const BOUNDED = 1;
const SHARED = 2;

/** Reads a binary from front to back. */
class Reader {
  constructor(
    readonly bytes: Uint8Array,
    public at: number,
  ) {}

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new Error("expected a whole Wasm binary, got one that is cut short");
    return value;
  }

  /** A number in LEB128. */
  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  skip(count: number): void {
    this.at += count;
  }

  name(): void {
    this.skip(this.number());
  }

  limits(): void {
    const flags = this.byte();
    this.number();
    if (flags & BOUNDED) this.number();
  }
}

/** The position of the flags of the first imported memory, or -1. */
function memoryFlags(reader: Reader): number {
  for (let left = reader.number(); left > 0; left--) {
    reader.name();
    reader.name();
    const kind = reader.byte();
    if (kind === MEMORY) return reader.at;
    if (kind === FUNCTION) reader.number();
    else if (kind === TABLE) {
      reader.byte();
      reader.limits();
    } else reader.skip(2); // a global: its type, and whether it changes
  }
  return -1;
}

/**
 * Makes a binary that imports a shared memory of one that imports an unshared memory with a maximum.
 * @throws Error for any other binary
 */
export function withSharedMemory(binary: Uint8Array): Uint8Array<ArrayBuffer> {
  const reader = new Reader(binary, 8); // behind the magic number and the version
  while (reader.at < binary.length) {
    const section = reader.byte();
    const end = reader.number() + reader.at;
    const at = section === IMPORTS ? memoryFlags(reader) : -1;
    if (at >= 0) {
      if (binary[at] !== BOUNDED) {
        throw new Error(`expected the import of an unshared memory with a maximum, got the flags ${binary[at]}`);
      }
      const out = new Uint8Array(binary);
      out[at] = BOUNDED | SHARED;
      return out;
    }
    reader.at = end;
  }
  throw new Error("expected a Wasm binary that imports a memory, got one that does not");
}
