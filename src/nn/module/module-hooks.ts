import { mode } from "../../tensor/mode.js";
import { type Frame, runInside } from "../../tensor/running.js";
import { type BackwardHook, withBackwardHooks } from "./backward-hook.js";

type Forward = (...inputs: unknown[]) => unknown;

/** The hooks of a module, and how its forward runs with them. */
export class ModuleHooks<M extends object> {
  readonly before: ((module: M, inputs: unknown[]) => readonly unknown[] | undefined)[] = [];
  readonly after: ((module: M, inputs: unknown[], output: unknown) => unknown)[] = [];
  readonly backward: BackwardHook<M>[] = [];
  private isRunning = false;

  /** Whether forward can run by itself: without hooks and frames, or inside of a run that has them. */
  get isPlain(): boolean {
    const count = this.before.length + this.after.length + this.backward.length;
    return (count === 0 && !mode.anomaly) || this.isRunning;
  }

  /** Runs a forward with the hooks and, for detectAnomaly, inside of the module's frame. */
  run(module: M, forward: Forward, given: unknown[], frame: () => Frame): unknown {
    this.isRunning = true;
    try {
      return mode.anomaly
        ? runInside(frame(), () => this.withHooks(module, forward, given))
        : this.withHooks(module, forward, given);
    } finally {
      this.isRunning = false;
    }
  }

  private withHooks(module: M, forward: Forward, given: unknown[]): unknown {
    let inputs = given;
    for (const hook of [...this.before]) inputs = [...(hook(module, inputs) ?? inputs)];
    return withBackwardHooks(module, this.backward, inputs, (seen) => {
      let output = forward.apply(module, [...seen]);
      for (const hook of [...this.after]) output = hook(module, [...seen], output) ?? output;
      return output;
    });
  }

  /** Adds the hooks to those of a copied module. */
  copyTo(other: ModuleHooks<M>): void {
    other.before.push(...this.before);
    other.after.push(...this.after);
    other.backward.push(...this.backward);
  }
}
