/**
 * Where a build's binary comes from: a file, or the text that scripts/packer/ made of it. The decoder is
 * scripts/packer/decoder/, compiled to Wasm; scripts/build/generated.ts writes both into wasm.generated.ts.
 */
import { decodeBase64, fileBeside } from "../platform/host.js";
import { type Build, f32, f64, i32, unpackWasm } from "./wasm.generated.js";

/** scripts/packer/decoder/: reads `packed` and writes [out, end); a dictionary lies in front of `out`. */
type Unpacker = { unpack(packed: number, out: number, end: number): void };

const PAGE = 65536;
const WORK = 6 * PAGE; // of MODEL_SIZE words and a little

let unpacker: WebAssembly.Module | undefined;

/** Reverses scripts/packer/pack.ts, in a memory of its own. */
function unpack({ size, packed }: Build, dictionary: Uint8Array): Uint8Array<ArrayBuffer> {
  const before = WORK + packed.length + 8; // zeros, which a build without a dictionary finds in front of it
  const out = before + dictionary.length;
  const end = out + size;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE), maximum: PAGE });
  const bytes = new Uint8Array(memory.buffer);
  new TextEncoder().encodeInto(packed, bytes.subarray(WORK));
  bytes.set(dictionary, before);
  unpacker ??= new WebAssembly.Module(decodeBase64(unpackWasm));
  const kernels = new WebAssembly.Instance(unpacker, { env: { memory } }).exports as Unpacker;
  kernels.unpack(WORK, out, end);
  return bytes.subarray(out, end);
}

/** The binary of a build: its file where that lies whole beside the code, which saves milliseconds; otherwise unpacked. */
export function binaryOf(build: Build, dictionary: () => Uint8Array): Uint8Array<ArrayBuffer> {
  const file = fileBeside(build.file);
  return file?.length === build.size ? file : unpack(build, dictionary());
}

let f32Binary: Uint8Array<ArrayBuffer> | undefined;

/** The binary of the float32 build. It is kept, because it is the dictionary of the others. */
export function unpackF32(): Uint8Array<ArrayBuffer> {
  f32Binary ??= binaryOf(f32, () => new Uint8Array());
  return f32Binary;
}

/** The binary of the float64 build. */
export const unpackF64 = (): Uint8Array<ArrayBuffer> => binaryOf(f64, unpackF32);

/** The binary of the integer build. */
export const unpackI32 = (): Uint8Array<ArrayBuffer> => binaryOf(i32, unpackF32);
