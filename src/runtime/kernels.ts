import { PER_BUILD } from "./control.js";
import { withSharedMemory } from "./shared-import.js";
import { unpackF32, unpackF64, unpackI32 } from "./unpack.js";
import type { IntegerKernels, RealKernels } from "./wasm.generated.js";

export type { IntegerKernels, RealKernels };

const MAXIMUM = 65536; // pages

/** Bytes by which a Wasm memory grows. */
export const PAGE = 65536;

/**
 * The one linear memory of all builds. It starts small, grows on demand, and may reach wasm32's 4 GiB. Threads need a
 * shared one, with which {@link shareMemory} replaces it: never keep it, nor a kernel, across an await.
 */
export let memory = new WebAssembly.Memory({ initial: 16, maximum: MAXIMUM });
let isShared = false;

/** A build: compiled and instantiated when needed, and again on shared memory. */
type Build = { compiled(): WebAssembly.Module; forget(): void };
const builds: Build[] = [];

/** Kernels that were instantiated on shared memory, and the numbers by which workers know them. */
const numbers = new Map<unknown, number>();

const namesIn = (module: WebAssembly.Module): string[] => WebAssembly.Module.exports(module).map(({ name }) => name);

/** A kernel with the number of its parameters, which `launch` compares. V8 takes 8 ns to read `length` of a Wasm export. */
export type Counted = { readonly length: number; parameters?: number };

function noteParameters(kernel: unknown): void {
  if (typeof kernel === "function") Object.defineProperty(kernel, "parameters", { value: kernel.length });
}

/** Compiles a build at its first use: a program that never touches float64 does not pay for it. */
function lazy<T extends Record<string, unknown>>(unpack: () => Uint8Array<ArrayBuffer>): () => T {
  const first = PER_BUILD * builds.length;
  let module: WebAssembly.Module | undefined;
  let kernels: T | undefined;
  const compile = (binary: Uint8Array<ArrayBuffer>): WebAssembly.Module =>
    new WebAssembly.Module(isShared ? withSharedMemory(binary) : binary);
  const compiled = (): WebAssembly.Module => {
    module ??= compile(unpack());
    return module;
  };
  const instantiate = (): T => {
    // The loader's instantiate would wrap every call in a closure with rest and spread arguments.
    const exports = new WebAssembly.Instance(compiled(), { env: { memory } }).exports as T;
    for (const kernel of Object.values(exports)) noteParameters(kernel);
    if (isShared) for (const [i, name] of namesIn(compiled()).entries()) numbers.set(exports[name], first + i);
    return exports;
  };
  builds.push({
    compiled,
    forget: () => {
      module = kernels = undefined;
    },
  });
  return () => {
    kernels ??= instantiate();
    return kernels;
  };
}

/** The binaries of the floating-point builds, and whether one of them has been asked for. */
const real = { f32: unpackF32, f64: unpackF64 };
let isInUse = false;

const unpackReal = (type: keyof typeof real): Uint8Array<ArrayBuffer> => {
  isInUse = true;
  return real[type]();
};

/** The float32 build of assembly/index.ts. */
export const f32 = lazy<RealKernels>(() => unpackReal("f32"));
/** The float64 build of assembly/index.ts. */
export const f64 = lazy<RealKernels>(() => unpackReal("f64"));
/** assembly/integer.ts: int32 arithmetic, random numbers, and kernels that move elements of any type. */
export const i32 = lazy<IntegerKernels>(unpackI32);

/**
 * Replaces f32 and f64 by other builds of the same sources; returns false, and does nothing, if one of them is in use.
 */
export function replaceReal(builds: typeof real): boolean {
  if (!isInUse) Object.assign(real, builds);
  return !isInUse;
}

/** A module with one function: a relaxed multiply-add of three vectors. */
const RELAXED = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // the magic number and the version
  ...[1, 8, 1, 0x60, 3, 0x7b, 0x7b, 0x7b, 1, 0x7b], // types
  ...[3, 2, 1, 0], // functions
  ...[10, 13, 1, 11, 0, 0x20, 0, 0x20, 1, 0x20, 2, 0xfd, 0x85, 0x02, 0x0b], // code
);

/** Whether this engine has relaxed SIMD. */
export const hasRelaxedSimd = (): boolean => WebAssembly.validate(RELAXED);

/** All that another thread needs to run kernels on the same memory. */
export type SharedKernels = { memory: WebAssembly.Memory; modules: WebAssembly.Module[] };

/**
 * Replaces the memory by a shared one, unless it is shared: bytes and addresses stay, builds are instantiated again.
 */
export function shareMemory(): SharedKernels {
  if (!isShared) {
    const old = new Uint8Array(memory.buffer);
    memory = new WebAssembly.Memory({ initial: old.length / PAGE, maximum: MAXIMUM, shared: true });
    new Uint8Array(memory.buffer).set(old);
    isShared = true;
    for (const build of builds) build.forget();
  }
  return { memory, modules: builds.map((build) => build.compiled()) };
}

/** The number by which other threads know a kernel. */
export function numberOf(kernel: unknown): number {
  const number = numbers.get(kernel);
  if (number === undefined) throw new Error("expected a kernel on shared memory, got one that was kept from before");
  return number;
}
