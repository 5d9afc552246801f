import { MemoryError, ValuelessError } from "../base/errors.js";
import { callSite } from "../platform/host.js";
import * as heap from "./heap.js";
import { shapeOnly } from "./shape-only.js";

/** Frees blocks whose last tensor was collected. Only a safety net: no finalizer runs inside a synchronous loop. */
const collected = new FinalizationRegistry<{ address: number; bytes: number }>(({ address, bytes }) => {
  heap.free(address, bytes);
});

/** Where storages were made, while {@link trackSites} is on. */
let sites: Map<Storage, string> | undefined;

/** Starts or stops recording where each storage is made. */
export function trackSites(on: boolean): void {
  sites = on ? (sites ?? new Map()) : undefined;
}

/** Live storages recorded since tracking began. */
export function trackedSites(): { label: string; bytes: number; site: string }[] {
  return [...(sites ?? [])].map(([storage, site]) => ({ label: storage.label, bytes: storage.bytes, site }));
}

/** Where storages without memory seem to lie: aligned, and read by nobody, since no kernel starts while they are used. */
const NOWHERE = 64;

/** A block of the Wasm memory, shared by a tensor and its views. */
export class Storage {
  /** Counts writes in place, so that a gradient that needs an overwritten value is refused. */
  version = 0;
  /** The scope that will free it, or null when it lives until freed by hand or collected. */
  owner: object | null = null;
  /** Marked with keep(): it goes back to no scope. */
  kept = false;
  /** How many gradients under way use it (see autograd/backward). */
  pins = 0;
  /** Made by a run on shapes alone (see shape-only.ts): it has no memory. */
  readonly virtual = shapeOnly.on;
  private block: number;

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

  /** Byte address. Throws when the storage was freed. */
  get address(): number {
    if (this.block === 0) {
      throw new MemoryError(
        this.label,
        "expected a live tensor, got one whose memory was freed, by the scope that it was made in or by free()",
        "Return it from the scope, or mark it with keep(tensor) before the scope ends",
      );
    }
    if (this.virtual && !shapeOnly.on) throw this.valueless(this.label);
    return this.block;
  }

  /** The refusal to give values of a storage that has none. */
  valueless(op: string): ValuelessError {
    return new ValuelessError(
      op,
      `expected a tensor with values, got one of a run on shapes alone (made by ${this.label}), which has none`,
    );
  }

  /** Lets the garbage collector free it: it belongs to no scope. */
  release(): void {
    this.owner = null;
    if (this.virtual) return;
    collected.register(this, { address: this.block, bytes: this.bytes }, this);
  }

  /** The reverse of {@link release}: a scope takes it over. */
  unrelease(): void {
    collected.unregister(this);
  }

  /** Frees the block now. Freeing twice does nothing. */
  free(): void {
    if (this.block === 0) return;
    if (!this.virtual) {
      if (this.owner === null) collected.unregister(this);
      heap.free(this.block, this.bytes);
      sites?.delete(this);
    }
    this.block = 0;
  }
}
