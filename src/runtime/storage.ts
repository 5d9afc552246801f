import { MemoryError, ValuelessError } from "../base/errors.js";
import { callSite } from "../platform/host.js";
import * as heap from "./heap.js";
import { shapeOnly } from "./shape-only.js";

/**
 * Frees blocks whose last tensor was collected: only a safety net, because no finalizer runs inside a synchronous loop.
 */
const collected = new FinalizationRegistry<{ address: number; bytes: number }>(({ address, bytes }) => {
  heap.free(address, bytes);
});

/**
 * Storages that left all scopes and are not registered yet. Registering is slow, and finalizers run between tasks only,
 * so the end of the synchronous run is early enough. Storages freed before, such as the gradients of each training
 * step, are never registered.
 */
let released: Storage[] = [];
/** The length at which the list drops those freed meanwhile. */
let most = 1024;

function registerReleased(): void {
  const storages = released;
  released = [];
  for (const storage of storages) storage.register();
}

function list(storage: Storage): void {
  if (released.length === 0) queueMicrotask(registerReleased);
  if (released.length >= most) {
    released = released.filter((other) => other.staysListed());
    most = Math.max(1024, 2 * released.length);
  }
  released.push(storage);
}

/** Where each storage was made, while {@link trackSites} is on. */
let sites: Map<Storage, string> | undefined;

/** Starts or stops noting where each storage is made. */
export function trackSites(on: boolean): void {
  sites = on ? (sites ?? new Map()) : undefined;
}

/** Live storages noted since {@link trackSites} was turned on. */
export function trackedSites(): { label: string; bytes: number; site: string }[] {
  return [...(sites ?? [])].map(([storage, site]) => ({ label: storage.label, bytes: storage.bytes, site }));
}

/** The address of storages without memory: aligned, and never read, because no kernel starts in such a run. */
const NOWHERE = 64;

/** A block of the Wasm memory, shared by a tensor and its views. */
export class Storage {
  /** Counts writes in place, so that a gradient that needs an overwritten value can refuse it. */
  version = 0;
  /** The scope that will free it, or null if `free` or the garbage collector will. */
  owner: object | null = null;
  /** Marked with keep(): no scope takes it over. */
  kept = false;
  /** The number of gradients under way that use it (see autograd/backward). */
  pins = 0;
  /** Made by a run on shapes alone (see shape-only.ts): it has no memory. */
  readonly virtual = shapeOnly.on;
  /** What freed it, for errors: `the scope ended`. */
  private end = "free() was called";
  private block: number;
  private listed = false;
  private registered = false;

  constructor(
    readonly label: string,
    readonly bytes: number,
  ) {
    if (this.virtual) {
      this.block = NOWHERE;
      shapeOnly.made.push(this);
      return;
    }
    this.block = heap.alloc(bytes, label);
    sites?.set(this, callSite());
  }

  get freed(): boolean {
    return this.block === 0;
  }

  /**
   * The byte address.
   * @throws MemoryError when the storage was freed
   */
  get address(): number {
    if (this.block === 0) {
      throw this.freedError(this.label, "a live tensor");
    }
    if (this.virtual && !shapeOnly.on) throw this.valueless(this.label);
    return this.block;
  }

  /** The error for a tensor that is used after its memory was freed. */
  freedError(op: string, expected: string): MemoryError {
    const problem = `expected ${expected}, got one whose memory was freed: made by ${this.label}, freed when ${this.end}`;
    return new MemoryError(
      op,
      problem,
      "To hold it longer, write keep(tensor) before that, or return it from the scope",
    );
  }

  /** The error for a read of values that do not exist. */
  valueless(op: string): ValuelessError {
    return new ValuelessError(
      op,
      `expected a tensor with values, got one of a run on shapes alone (made by ${this.label}), which has none`,
    );
  }

  /** Leaves it to the garbage collector: it belongs to no scope. */
  release(): void {
    this.owner = null;
    if (this.virtual || this.listed || this.registered) return;
    this.listed = true;
    list(this);
  }

  /** Whether it still needs {@link register}. */
  staysListed(): boolean {
    this.listed = this.block !== 0 && this.owner === null;
    return this.listed;
  }

  /** The part of {@link release} that waits for the end of the synchronous run. */
  register(): void {
    this.registered = this.staysListed();
    this.listed = false;
    if (this.registered) collected.register(this, { address: this.block, bytes: this.bytes }, this);
  }

  /** The reverse of {@link release}: a scope takes it over. */
  unrelease(): void {
    if (this.registered) collected.unregister(this);
    this.registered = false;
  }

  /** Frees the block now. Freeing twice does nothing. */
  free(end?: string): void {
    if (this.block === 0) return;
    if (end !== undefined) this.end = end;
    if (!this.virtual) {
      this.unrelease();
      heap.free(this.block, this.bytes);
      sites?.delete(this);
    }
    this.block = 0;
  }
}
