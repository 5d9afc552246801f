import { builtin } from "../platform/node.js";
import { currentScope, enterScope, leaveScope, Scope, setScopeOfTask } from "./scope.js";
import type { Storage } from "./storage.js";

// A loop that awaits shares the thread with other tasks, so its scope may not lie on the stack while they run. The loop
// enters the scope for each synchronous part of which it knows that it is its own. Between such parts the host tells
// whose task it is (AsyncLocalStorage of Node, Bun and Deno). Elsewhere the garbage collector frees what those parts make.

type TaskStorage = {
  getStore(): TaskScope | undefined;
  enterWith(scope: TaskScope): void;
  run<T>(scope: TaskScope, body: () => T): T;
};
type AsyncHooks = { AsyncLocalStorage: new () => TaskStorage };

let tasks: TaskStorage | null | undefined;

/** Starts to follow tasks, if the host can. Promises get slower in some hosts, so no program starts it without need. */
function follow(): TaskStorage | null {
  if (tasks !== undefined) return tasks;
  const hooks = builtin<AsyncHooks>("node:async_hooks");
  tasks = hooks === undefined ? null : new hooks.AsyncLocalStorage();
  if (tasks !== null) setScopeOfTask(() => openOf(tasks?.getStore()));
  return tasks;
}

/** The innermost of a scope and those around it that is still open. */
function openOf(scope: TaskScope | undefined): Scope | undefined {
  let open: Scope | undefined = scope;
  while (open instanceof TaskScope && open.closed) open = open.around;
  return open;
}

/** A scope of a task that awaits: it takes what its task makes, and nothing that others make meanwhile. */
export class TaskScope extends Scope {
  closed = false;
  /** The scope that was open around it. */
  readonly around = currentScope();
  private entered = false;

  constructor(end: string) {
    super(end);
    follow();
  }

  /** Enters for one synchronous part. */
  enter(): void {
    this.entered = false;
    if (!this.closed) enterScope(this);
  }

  leave(): void {
    leaveScope(this);
  }

  /** Runs a synchronous part, and what follows it where the host can tell. */
  run<T>(body: () => T): T {
    enterScope(this);
    try {
      return tasks ? tasks.run(this, body) : body();
    } finally {
      leaveScope(this);
    }
  }

  /** The first storage of a part tells the host whose part it is, for the parts that follow an await. */
  override take(storage: Storage): void {
    if (!this.entered) {
      this.entered = true;
      tasks?.enterWith(this);
    }
    this.adopt(storage);
  }

  override close(): void {
    this.closed = true;
    super.close();
  }
}
