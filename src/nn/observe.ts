import { DtypeError, formatShape, SimdgradError, ValuelessError } from "../base/errors.js";
import { Tensor } from "../methods.js";
import { getRngState, setRngState } from "../random/generator.js";
import { runScope } from "../runtime/scope.js";
import { withShapesOnly } from "../runtime/shape-only.js";
import { mode, type OperationObserver, withRecording } from "../tensor/mode.js";
import { type Frame, runInside, runningFrame } from "../tensor/running.js";
import type { Module } from "./module/module.js";
import { classNameOf } from "./names.js";

/** The forward of a module of the model, while it runs or after. */
export type Call = Frame & {
  module: Module;
  /** Dotted, from the model; empty for the model itself. */
  path: string;
  /** The call inside of which this one is; null for the model's. */
  parent: Call | null;
  inputs: readonly unknown[];
};

/** Gets the calls of modules and the operations while a model runs. */
export type Observer = {
  enter?(call: Call): void;
  /** May return a value that replaces the output; undefined keeps it. */
  leave?(call: Call, output: unknown): unknown;
  /** The forward threw. The module around may catch the error. */
  fail?(call: Call): void;
  /** An operation ran, in the innermost call. */
  operation?(op: string, outs: readonly Tensor[], inputs: readonly Tensor[], call: Call | null): void;
};

/** How to run a model for an observer. */
type ObserveOptions = {
  /** The function that the user called, for errors. */
  op: string;
  /** Whether layers behave as in training. */
  training: boolean;
  /** Whether operations are recorded for backward(). */
  recording: boolean;
  /** Run on shapes alone: no memory, no kernels. */
  shapesOnly: boolean;
  /** Hint for the error of a forward that reads values in a run on shapes alone. */
  valuesHint?: string;
  /** Hint for the error of inputs of a wrong type. */
  typesHint?: string;
};

/** The tensors in a value (itself, or in arrays, plain objects and maps), each with its path in the value. */
export function tensorsIn(value: unknown, name = ""): { name: string; tensor: Tensor }[] {
  if (value instanceof Tensor) return [{ name, tensor: value }];
  if (typeof value !== "object" || value === null) return [];
  const plain = Object.getPrototypeOf(value) === Object.prototype || Array.isArray(value);
  const entries: Iterable<[unknown, unknown]> = value instanceof Map ? value : plain ? Object.entries(value) : [];
  return [...entries].flatMap(([key, item]) => tensorsIn(item, name === "" ? String(key) : `${name}.${String(key)}`));
}

/** `[4, 3, 32, 32]`, or the shapes of several inputs. */
function shapesOf(values: readonly unknown[]): string {
  return tensorsIn(values)
    .map(({ tensor }) => formatShape(tensor.shape))
    .join(", ");
}

const nameOf = (path: string, module: Module): string =>
  path === "" ? classNameOf(module) : `${path}: ${classNameOf(module)}`;

/** Saves what a forward may change. @returns a function that restores it */
function remember(model: Module, shapesOnly: boolean): () => void {
  const modules = model.modules().map((module) => ({ module, training: module.training }));
  const tensors = [...model.parameters(), ...model.buffers()].map((tensor) => ({
    tensor,
    version: tensor.storage.version,
    fresh: tensor.gradient === null,
  }));
  const buffers = shapesOnly
    ? []
    : model.buffers().map((tensor) => ({ tensor, version: tensor.storage.version, copy: tensor.clone() }));
  const { anomaly, observer } = mode;
  const random = getRngState();
  return () => {
    for (const { module, training } of modules) module.training = training;
    Object.assign(mode, { anomaly, observer });
    setRngState(random);
    for (const { tensor, version, copy } of buffers) {
      if (tensor.storage.version !== version) withRecording(false, "observe", () => tensor.copy_(copy));
    }
    if (!shapesOnly) return;
    for (const { tensor, version, fresh } of tensors) {
      tensor.storage.version = version; // nothing was written
      if (fresh) tensor.dropGradient(); // made by a backward() inside the forward, without values
    }
  };
}

/** The innermost call of the run under way. */
function currentCall(): Call | null {
  let frame = runningFrame();
  while (frame !== null && !isCall(frame)) frame = frame.parent;
  return frame;
}

const isCall = (frame: Frame): frame is Call => "path" in frame;

/** Wraps the forward of every module of a model: the observer gets its calls, and they go on the stack. */
class Watch {
  /** The innermost call that threw an error. */
  readonly sources = new Map<unknown, Call>();
  private readonly restores: (() => void)[] = [];

  constructor(model: Module, observer: Observer) {
    for (const [path, module] of model.namedModules()) {
      const forward = module.forward;
      module.forward = (...inputs: unknown[]): unknown => {
        const call: Call = { name: nameOf(path, module), module, path, parent: currentCall(), inputs };
        return runInside(call, () => {
          observer.enter?.(call);
          try {
            const output = forward(...inputs);
            return observer.leave?.(call, output) ?? output;
          } catch (error) {
            if (!this.sources.has(error)) this.sources.set(error, call);
            observer.fail?.(call);
            throw error;
          }
        });
      };
      this.restores.push(() => {
        module.forward = forward;
      });
    }
  }

  remove(): void {
    for (const restore of this.restores) restore();
  }
}

/** The error of a forward, with the name of the module that threw it. */
function located({ op, valuesHint, typesHint }: ObserveOptions, error: unknown, call: Call | undefined): unknown {
  if (call === undefined || !(error instanceof Error)) return error;
  const shapes = shapesOf(call.inputs);
  const problem = `the forward of (${call.name}) failed${shapes === "" ? "" : ` on input ${shapes}`}: ${error.message}`;
  const hint = asksForValues(error) ? valuesHint : error instanceof DtypeError ? typesHint : undefined;
  return new SimdgradError(op, problem, hint, { cause: error });
}

/** Whether an error, or a cause of it, says that a run on shapes alone has no values. */
export function asksForValues(error: unknown): boolean {
  return error instanceof ValuelessError || (error instanceof Error && asksForValues(error.cause));
}

/**
 * Runs a model's forward once for an observer. Afterwards modes, the random stream, buffers and memory are as before,
 * also when the forward throws.
 * @param inputs makes the arguments of forward, inside the run, so that they may be tensors without memory
 * @param finish computes the result from the output, while its tensors are alive
 * @throws SimdgradError that names the module and the shapes of its input when a forward throws
 */
export function observe<T>(
  model: Module,
  inputs: () => readonly unknown[],
  observer: Observer,
  options: ObserveOptions,
  finish: (output: unknown, inputs: readonly unknown[]) => T,
): T {
  const { op, training, recording, shapesOnly } = options;
  let restore = (): void => {};
  let watch: Watch | undefined;
  const forward = (given: readonly unknown[]): unknown => {
    try {
      return model.forward(...given);
    } catch (error) {
      throw located(options, error, watch?.sources.get(error));
    }
  };
  const run = (): T => {
    const given = inputs();
    const versions = tensorsIn(given).map(({ tensor: { storage } }) => ({ storage, version: storage.version }));
    try {
      return finish(forward(given), given);
    } finally {
      if (shapesOnly) for (const { storage, version } of versions) storage.version = version;
    }
  };
  const observed = (): T => {
    try {
      restore = remember(model, shapesOnly);
      watch = new Watch(model, observer);
      model.train(training);
      const tell: OperationObserver = (name, outs, from) => observer.operation?.(name, outs, from, currentCall());
      Object.assign(mode, { anomaly: false, observer: tell });
      return withRecording(recording, op, () => (shapesOnly ? withShapesOnly(run) : run()));
    } finally {
      watch?.remove();
      restore();
    }
  };
  return runScope(
    () => runInside(null, observed),
    () => {},
  );
}
