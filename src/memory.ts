import { heapState, resetPeak } from "./runtime/heap.js";
import { moveStorage, openScope, runScope, type Scope } from "./runtime/scope.js";
import { type Storage, trackedSites, trackSites } from "./runtime/storage.js";
import { Tensor } from "./tensor/tensor.js";

/** What a value that may hold tensors holds: arrays, plain objects, sets and maps. */
function itemsOf(value: object): Iterable<unknown> {
  if (Array.isArray(value) || value instanceof Set) return value;
  if (value instanceof Map) return value.values();
  return Object.getPrototypeOf(value) === Object.prototype ? Object.values(value) : [];
}

/** Visits the storages of the tensors in a value, itself or inside. Gradients and graphs are not followed. */
function visitStorages(value: unknown, visit: (storage: Storage) => void, seen?: Set<object>): void {
  if (value instanceof Tensor) visit(value.storage);
  else if (typeof value === "object" && value !== null && !seen?.has(value)) {
    const all = seen ?? new Set();
    all.add(value);
    for (const item of itemsOf(value)) visitStorages(item, visit, all);
  }
}

/**
 * A region of the program whose tensors are freed at its end. Parameters, optimizer state, gradients, what was marked
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
export function scope<T>(body?: () => T): Scope | T {
  return body === undefined ? openScope() : runScope(body, visitStorages);
}

/**
 * Lets a tensor outlive the scopes that are open. It is freed by `free()`, or when it is collected.
 * @returns the tensor
 */
export function keep<T extends Tensor>(tensor: T): T {
  moveStorage(tensor.storage, null);
  tensor.storage.kept = true;
  return tensor;
}

/** What {@link memory} reports. */
export type MemoryReport = {
  /** Bytes held by tensors (rounded up to the allocator's blocks). */
  bytesInUse: number;
  /** The most that was held at once since the start or {@link resetPeakMemory}. */
  peakBytes: number;
  /** Bytes that the Wasm memory spans; it never shrinks. */
  bytesReserved: number;
  /** Blocks alive: tensors, not counting views. */
  tensors: number;
  /** In debug mode, where each block that was made since was made, largest first. */
  sites: { label: string; bytes: number; site: string }[];
};

/**
 * What the library holds right now.
 * @param options `debug` starts (true) or stops (false) recording where tensors are made
 * @example
 * ```ts
 * import { memory } from "simdgrad";
 * memory({ debug: true });
 * // … a loop that seems to leak …
 * memory().sites[0]; // the largest survivor: its operation and the stack that made it
 * ```
 */
export function memory(options: { debug?: boolean } = {}): MemoryReport {
  if (options.debug !== undefined) trackSites(options.debug);
  const { bytes, blocks, peak, reserved } = heapState();
  const sites = trackedSites().sort((a, b) => b.bytes - a.bytes);
  return { bytesInUse: bytes, peakBytes: peak, bytesReserved: reserved, tensors: blocks, sites };
}

/** Starts a new measurement of `peakBytes`. */
export function resetPeakMemory(): void {
  resetPeak();
}
