import { decodeBase64 } from "../../platform/host.js";
import { turboWasm } from "./turbo.generated.js";

// libjpeg-turbo's TurboJPEG interface, as Wasm: @cwasm/jpeg-turbo's binary without its loader, which needs Node. It
// gives the bytes of Pillow (so of torchvision) in integer arithmetic; the decoders written in JavaScript are off by up
// to 114 of 255.

/** What the binary exports. Pointers are addresses in `memory`; functions return 0 for success and -1 for a warning. */
export type Turbo = {
  memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  free(pointer: number): void;
  tjInitDecompress(): number;
  tjDestroy(handle: number): number;
  tjDecompressHeader3(
    handle: number,
    bytes: number,
    length: number,
    width: number,
    height: number,
    sampling: number,
    colors: number,
  ): number;
  tjDecompress2(
    handle: number,
    bytes: number,
    length: number,
    out: number,
    width: number,
    rowBytes: number,
    height: number,
    format: number,
    flags: number,
  ): number;
};

/** libjpeg gave up by a jump out of C, after which the instance's stack is not in order. */
export class Abandoned extends Error {}

const abandon = (): never => {
  throw new Abandoned("libjpeg gave up");
};

const imports = {
  env: { setjmp: () => 0, longjmp: abandon },
  wasi_snapshot_preview1: {
    proc_exit: abandon,
    environ_sizes_get: () => 0,
    environ_get: () => 0,
    fd_close: () => 0,
    fd_seek: () => 0,
    fd_write: () => 0,
  },
};

/** An instance that has grown beyond this is not used again, so that its memory is collected. */
const KEEP_BYTES = 64 * 2 ** 20;

let code: WebAssembly.Module | undefined;
let idle: Turbo | undefined;

/** Calls `run` with an instance of the decoder, which is not used again after a throw. */
export function withTurbo<R>(run: (turbo: Turbo) => R): R {
  code ??= new WebAssembly.Module(decodeBase64(turboWasm));
  const turbo = idle ?? (new WebAssembly.Instance(code, imports).exports as Turbo);
  idle = undefined;
  const result = run(turbo);
  if (turbo.memory.buffer.byteLength <= KEEP_BYTES) idle = turbo;
  return result;
}
