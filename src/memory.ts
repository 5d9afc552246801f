import { boolean, checkArguments, define, func } from "./base/signature.js";
import { heapState, resetPeak } from "./runtime/heap.js";
import { moveStorage, openScope, runScope, type Scope } from "./runtime/scope.js";
import { type Storage, trackedSites, trackSites } from "./runtime/storage.js";
import { tensorKind } from "./tensor/kinds.js";
import { Tensor } from "./tensor/tensor.js";

/** The items of a value that may hold tensors: an array, a plain object, a set or a map. */
function itemsOf(value: object): Iterable<unknown> {
  if (Array.isArray(value) || value instanceof Set) return value;
  if (value instanceof Map) return value.values();
  return Object.getPrototypeOf(value) === Object.prototype ? Object.values(value) : [];
}

/** Visits the storages of a tensor, or of the tensors inside a value, but not those of gradients and graphs. */
function visitStorages(value: unknown, visit: (storage: Storage) => void, seen?: Set<object>): void {
  if (value instanceof Tensor) visit(value.storage);
  else if (typeof value === "object" && value !== null && !seen?.has(value)) {
    const all = seen ?? new Set();
    all.add(value);
    for (const item of itemsOf(value)) visitStorages(item, visit, all);
  }
}

/**
 * A region of the program whose tensors are freed at its end. Parameters, optimizer state, gradients, tensors marked
 * with {@link keep}, and (with a function) the tensors in its result survive.
 *
 * @returns without arguments a scope that `using` or `close()` ends; with a function, its result
 * @example
 * ```ts
 * import { rand, scope } from "simdgrad";
 * const total = scope(() => rand([1000]).mul(2).sum());
 * ```
 */
export function scope(): Scope;
export function scope<T>(body: () => T): T;
export function scope<T>(...args: [body?: () => T]): Scope | T {
  const [body] = args;
  if (args.length > 1 || (body !== undefined && typeof body !== "function")) {
    checkArguments("scope", { body: func }, args, 0);
  }
  return body === undefined ? openScope() : runScope(body, visitStorages);
}

/**
 * Lets a tensor outlive the scopes that are open. It is freed by `free()`, or when it is collected.
 * @returns the tensor
 */
export function keep<T extends Tensor>(...args: [tensor: T]): T {
  const [tensor] = args;
  if (args.length !== 1 || !tensorKind.fits(tensor)) checkArguments("keep", { tensor: tensorKind }, args);
  moveStorage(tensor.storage, null);
  tensor.storage.kept = true;
  return tensor;
}

/** The result of {@link memory}. */
export type MemoryReport = {
  /** Bytes held by tensors (rounded up to the allocator's blocks). */
  bytesInUse: number;
  /** The largest `bytesInUse` since the start, or since {@link resetPeakMemory}. */
  peakBytes: number;
  /** Bytes that the Wasm memory spans; it never shrinks. */
  bytesReserved: number;
  /** Blocks in use: the number of tensors, views not counted. */
  tensors: number;
  /** In debug mode: the blocks made since it was switched on, with the place that made each, largest first. */
  sites: { label: string; bytes: number; site: string }[];
};

/**
 * The memory that the library holds right now.
 * @param options `debug` starts (true) or stops (false) recording where tensors are made
 * @example
 * ```ts
 * import { memory } from "simdgrad";
 * memory({ debug: true });
 * // … a loop that seems to leak …
 * memory().sites[0]; // the largest survivor: its operation and the stack that made it
 * ```
 */
export const memory = define("memory", {}, memoryReport, { debug: boolean });

function memoryReport({ debug }: { debug?: boolean } = {}): MemoryReport {
  if (debug !== undefined) trackSites(debug);
  const { bytes, blocks, peak, reserved } = heapState();
  const sites = trackedSites().sort((a, b) => b.bytes - a.bytes);
  return { bytesInUse: bytes, peakBytes: peak, bytesReserved: reserved, tensors: blocks, sites };
}

/** Sets `peakBytes` to what is in use now. */
export const resetPeakMemory = define("resetPeakMemory", {}, (): void => resetPeak());
