/// <reference lib="esnext.disposable" preserve="true" />
import { SimdgradError } from "../base/errors.js";
import { Storage } from "./storage.js";

/** A region of a program. Its end frees the storages made inside, except those moved out of it. */
export class Scope {
  private storages: Storage[] = [];

  /** Takes a storage over from its owner. */
  adopt(storage: Storage): void {
    storage.owner = this;
    this.storages.push(storage);
  }

  /** Frees the storages of this scope; `survive` takes over those that are pinned. The scope stays open. */
  sweep(survive?: Scope): void {
    for (let storage = this.storages.pop(); storage !== undefined; storage = this.storages.pop()) {
      if (storage.owner !== this) continue;
      if (survive !== undefined && storage.pins > 0) survive.adopt(storage);
      else storage.free();
    }
  }

  /** Ends the scope and frees its storages. */
  close(): void {
    if (currentScope() === this) stack.pop();
    else if (stack.includes(this)) stack.splice(stack.lastIndexOf(this), 1);
    this.sweep();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const stack: Scope[] = [];

/** The innermost open scope. */
export function currentScope(): Scope | undefined {
  return stack.at(-1); // an index of -1 would make this, and all reads in V8's generic code, slow
}

/** Opens a scope by hand; {@link Scope.close} ends it. */
export function openScope(): Scope {
  const opened = new Scope();
  stack.push(opened);
  return opened;
}

/** A new storage in the innermost scope. */
export function allocate(label: string, bytes: number): Storage {
  const storage = new Storage(label, bytes);
  const scope = currentScope();
  if (scope === undefined) storage.release();
  else scope.adopt(storage);
  return storage;
}

/** Moves a storage out of its scope into another, or (null) out of all scopes. */
export function moveStorage(storage: Storage, to: Scope | null): void {
  if (storage.owner === to || storage.freed) return;
  if (to === null) {
    storage.release();
    return;
  }
  if (storage.owner === null) storage.unrelease();
  to.adopt(storage);
}

/**
 * Calls `visit` for each storage that leaves the scope with a result: of tensors in arrays, plain objects, sets and
 * maps.
 */
type Survivors = (result: unknown, visit: (storage: Storage) => void) => void;

/** Whether `other` is `scope` or a scope opened inside of it that is still open. */
const openedSince = (scope: Scope, other: object | null): boolean =>
  other === scope || (other instanceof Scope && stack.lastIndexOf(other) > stack.lastIndexOf(scope));

/** Runs `body` in a scope of its own and moves the storages of its result to the enclosing scope. */
export function runScope<T>(body: () => T, survivors: Survivors): T {
  const outer = currentScope() ?? null;
  const inner = openScope();
  try {
    const result = body();
    if (result instanceof Promise) {
      throw new SimdgradError(
        "scope",
        "expected a synchronous function, got one that returns a promise",
        "Write `using step = scope()` around asynchronous code",
      );
    }
    survivors(result, (storage) => {
      if (openedSince(inner, storage.owner)) moveStorage(storage, outer);
    });
    return result;
  } finally {
    while (stack.includes(inner)) currentScope()!.close();
  }
}
