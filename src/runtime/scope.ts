/// <reference lib="esnext.disposable" preserve="true" />
import { immediateResult } from "../base/synchronous.js";
import { Storage } from "./storage.js";

/** A region of a program. Its end frees the storages made inside, except those moved out of it. */
export class Scope {
  private storages: Storage[] = [];

  /** @param end what errors say of the end: `the scope ended` */
  constructor(private readonly end = "the scope that it was made in ended") {}

  /** Takes a storage over from its owner. */
  adopt(storage: Storage): void {
    storage.owner = this;
    this.storages.push(storage);
  }

  /** Takes a storage that was just made. */
  take(storage: Storage): void {
    this.adopt(storage);
  }

  /** Frees the storages of this scope; `survive` takes over those that are pinned. The scope stays open. */
  sweep(survive?: Scope): void {
    for (let storage = this.storages.pop(); storage !== undefined; storage = this.storages.pop()) {
      if (storage.owner !== this) continue;
      if (survive !== undefined && storage.pins > 0) survive.adopt(storage);
      else storage.free(this.end);
    }
  }

  /** Ends the scope and frees its storages. */
  close(): void {
    if (stack.at(-1) === this) stack.pop();
    else leaveScope(this);
    this.sweep();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const stack: Scope[] = [];

/** Finds the scope of the task that runs, where tasks have scopes of their own (see task-scope.ts). */
let scopeOfTask: (() => Scope | undefined) | null = null;

/** Sets how the scope of a task is found while no scope is open in the synchronous run. */
export function setScopeOfTask(find: (() => Scope | undefined) | null): void {
  scopeOfTask = find;
}

/** The innermost open scope. */
export function currentScope(): Scope | undefined {
  const innermost = stack.at(-1); // an index of -1 would make this, and all reads in V8's generic code, slow
  return innermost === undefined && scopeOfTask !== null ? scopeOfTask() : innermost;
}

/** Opens a scope again, for a part of its task. */
export function enterScope(scope: Scope): void {
  stack.push(scope);
}

/** Leaves a scope that goes on later. */
export function leaveScope(scope: Scope): void {
  const at = stack.lastIndexOf(scope);
  if (at >= 0) stack.splice(at, 1);
}

/** Opens a scope by hand; {@link Scope.close} ends it. */
export function openScope(end?: string): Scope {
  const opened = new Scope(end);
  stack.push(opened);
  return opened;
}

/** A new storage in the innermost scope. */
export function allocate(label: string, bytes: number): Storage {
  const storage = new Storage(label, bytes);
  const scope = currentScope();
  if (scope === undefined) storage.release();
  else scope.take(storage);
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
    const result = immediateResult("scope", body(), "Write `using step = scope()` around asynchronous code");
    survivors(result, (storage) => {
      if (openedSince(inner, storage.owner)) moveStorage(storage, outer);
    });
    return result;
  } finally {
    while (stack.includes(inner)) stack.at(-1)!.close();
  }
}
