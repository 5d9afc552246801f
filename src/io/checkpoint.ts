import { FileError, ValueError } from "../base/errors.js";
import { define, integerFrom, type Kind } from "../base/signature.js";
import type { DataLoader, LoaderState } from "../data/index.js";
import { scope } from "../memory.js";
import { Tensor } from "../methods.js";
import type { StateDict } from "../nn/index.js";
import { Module } from "../nn/module/module.js";
import { stateDictDiff } from "../nn/module/state-dict.js";
import { tensor } from "../ops/layout/factories.js";
import type { OptimizerStateDict } from "../optim/index.js";
import type { Source } from "../platform/files.js";
import { defaultGenerator, Generator } from "../random/generator.js";
import type { Target } from "./target.js";
import { load, save } from "./torch-file.js";
import type { Loaded } from "./torch-read.js";
import type { Saveable } from "./torch-write.js";

/** An object with a state of plain data and tensors: a scheduler. */
export type Stateful = { stateDict(): Record<string, unknown>; loadStateDict(state: Record<string, unknown>): unknown };

/** The parts of a training whose state a checkpoint holds. */
export type Training = {
  model: Module;
  optimizer?: { stateDict(): OptimizerStateDict; loadStateDict(state: OptimizerStateDict): void };
  scheduler?: Stateful;
  /** Saved are its position in the epoch, the order of the remaining samples, and its own generator if it has one. */
  loader?: Pick<DataLoader<never, unknown>, "stateDict" | "loadStateDict"> & {
    readonly generator?: Generator | undefined;
  };
  /** The source of all other random numbers; the default generator when left out. */
  generator?: Generator;
};

/** What has a state, as its methods say. */
function stateful<T>(expected: string): Kind<T> {
  const has = (value: object, name: string): boolean => typeof Reflect.get(value, name) === "function";
  return {
    expected,
    fits: (value): value is T =>
      typeof value === "object" && value !== null && has(value, "stateDict") && has(value, "loadStateDict"),
  };
}

const instanceOf = <T>(expected: string, type: abstract new (...args: never[]) => T): Kind<T> => ({
  expected,
  fits: (value): value is T => value instanceof type,
});

const MODEL = { model: instanceOf("a module", Module) };

const PARTS = {
  optimizer: stateful<NonNullable<Training["optimizer"]>>("an optimizer"),
  scheduler: stateful<Stateful>("a scheduler"),
  loader: stateful<NonNullable<Training["loader"]>>("a DataLoader"),
  generator: instanceOf("a Generator", Generator),
};

const PROGRESS = {
  epoch: integerFrom(0),
  step: integerFrom(0),
  extra: { expected: "tensors and plain data", fits: (value: unknown): value is Saveable => value !== undefined },
};

const savedParts = define(
  "saveCheckpoint",
  MODEL,
  (model: Module, rest: Omit<Training, "model"> & Progress<Saveable> = {}) => ({ model, ...rest }),
  { ...PARTS, ...PROGRESS },
);

const loadedParts = define(
  "loadCheckpoint",
  MODEL,
  (model: Module, rest: Omit<Training, "model"> = {}): Training => ({ model, ...rest }),
  PARTS,
);

/** The keys of a checkpoint, as PyTorch's tutorials name them. */
const KEYS = {
  model: "model_state_dict",
  optimizer: "optimizer_state_dict",
  scheduler: "scheduler_state_dict",
  loader: "loader_state_dict",
  generator: "rng_state",
  loaderGenerator: "loader_rng_state",
} as const;

/** How far a training is, and other data that its program wants back. */
export type Progress<E> = {
  /** The epoch to continue with (0). */
  epoch?: number;
  /** Steps so far (0). */
  step?: number;
  /** Tensors and plain data, such as the losses so far. */
  extra?: E;
};

/**
 * Writes all that a training needs to continue as if it had never stopped: weights, the optimizer's and scheduler's
 * state, the random stream, the position in the data, the epoch. The file has PyTorch's format (torch.load reads it).
 * It is replaced as a whole or not at all: a crash during the write leaves the file before it. Await it before the next
 * step.
 *
 * Other generators of the program (a sampler's, for example) are not saved: put their `getState()` into `extra`, and
 * the `stateDict()` of an EarlyStopping too.
 *
 * @param parts the model and other parts of the training; {@link loadCheckpoint} returns `epoch`, `step` and `extra`
 *   (losses so far, for example)
 * @throws FileError when the file cannot be written
 * @see https://pytorch.org/tutorials/beginner/saving_loading_models.html
 * @example
 * ```ts no-run
 * import { nn, optim, rand } from "simdgrad";
 * import { DataLoader, TensorDataset } from "simdgrad/data";
 * import { loadCheckpoint, saveCheckpoint } from "simdgrad/io";
 * const model = new nn.Linear(2, 1);
 * const optimizer = new optim.Adam(model.parameters());
 * const loader = new DataLoader(new TensorDataset(rand(100, 2)), { batchSize: 4, shuffle: true });
 * await saveCheckpoint("run.pth", { model, optimizer, loader, epoch: 3, extra: { best: 0.25 } });
 * // in another process, after the same lines
 * const { epoch, extra } = await loadCheckpoint("run.pth", { model, optimizer, loader });
 * ```
 */
export async function saveCheckpoint(target: Target, parts: Training & Progress<Saveable>): Promise<void> {
  const { model, optimizer, scheduler, loader, generator = defaultGenerator, ...rest } = savedParts(parts);
  const { epoch = 0, step = 0, extra = null } = rest;
  const own = {
    ...(loader && { [KEYS.loader]: loader.stateDict() }),
    [KEYS.generator]: tensor(generator.getState()),
    ...(hasStream(loader, generator) && { [KEYS.loaderGenerator]: tensor(loader.generator.getState()) }),
  };
  const states: Record<string, unknown> = {
    epoch,
    step,
    [KEYS.model]: model.stateDict(),
    ...(optimizer && { [KEYS.optimizer]: optimizer.stateDict() }),
    ...(scheduler && { [KEYS.scheduler]: scheduler.stateDict() }),
    ...own,
    extra,
  };
  try {
    await save(states as Saveable, target);
  } finally {
    for (const made of tensorsIn(own)) made.free(); // no scope: other code may open scopes while the file is written
  }
}

/** Whether a loader has a generator of its own. */
function hasStream(
  loader: Training["loader"],
  generator: Generator,
): loader is { generator: Generator } & typeof loader {
  return loader?.generator !== undefined && loader.generator !== generator;
}

/**
 * All tensors in a loaded value. Shared containers are visited once: a small file can hold lists that double 40 times.
 */
function* tensorsIn(value: Loaded | undefined, seen = new Set<Loaded>()): IterableIterator<Tensor> {
  if (value instanceof Tensor) yield value;
  if (typeof value !== "object" || value === null || value instanceof Tensor || value instanceof Uint8Array) return;
  if (seen.has(value)) return;
  seen.add(value);
  const items = value instanceof Map ? [...value].flat() : value instanceof Set ? value : Object.values(value);
  for (const item of items) yield* tensorsIn(item, seen);
}

const isDict = (value: Loaded | undefined): value is { [key: string]: Loaded } =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const refuse = (problem: string, hint?: string): FileError => new FileError("loadCheckpoint", problem, hint);

/** The states in a file. Throws unless it is a checkpoint with a state for each of the parts. */
function statesOf(file: Loaded, parts: Training): { [key: string]: Loaded } {
  if (!isDict(file) || !isDict(file[KEYS.model])) {
    throw refuse("expected a checkpoint, got another file of torch.save", "Use load for state dicts");
  }
  for (const part of ["optimizer", "scheduler", "loader"] as const) {
    if (parts[part] !== undefined && !isDict(file[KEYS[part]])) {
      throw refuse(`expected the state of the ${part} (${KEYS[part]}), got a checkpoint without it`);
    }
  }
  return file;
}

/** A count in a checkpoint; 0 when the file, which another program may have written, has none. */
function countOf(name: string, value: Loaded | undefined): number {
  if (value === undefined) return 0;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw refuse(
    `expected ${name} to be a whole number of 0 or more, got ${typeof value === "number" ? value : typeof value}`,
  );
}

/** The state of a random stream, or undefined when the file has none. */
function streamOf(states: { [key: string]: Loaded }, key: string): Uint8Array | undefined {
  const stream = states[key];
  if (stream === undefined) return undefined;
  try {
    if (stream instanceof Tensor && stream.dtype === "uint8")
      return new Generator().setState(bytesIn(stream)).getState();
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
  }
  throw refuse(`expected the state of a random stream (${key}), got something else`);
}

const bytesIn = (x: Tensor): Uint8Array => Uint8Array.from(x.toTypedArray());

/**
 * The stream of a loader's own generator. Throws when only the file or only the loader has one: the samples' order
 * differs.
 */
function loaderStream(states: { [key: string]: Loaded }, parts: Training): Uint8Array | undefined {
  const { loader, generator = defaultGenerator } = parts;
  const stream = streamOf(states, KEYS.loaderGenerator);
  if (loader === undefined || hasStream(loader, generator) === (stream !== undefined)) return stream;
  const [expected, got] = stream === undefined ? ["one", "none"] : ["none", "one"];
  throw refuse(`expected ${expected} for the loader's own generator (${KEYS.loaderGenerator}), got ${got}`);
}

/** Refuses another model's state, with a line for each key that differs. */
function checkModel(model: Module, state: StateDict): void {
  const { missingKeys, unexpectedKeys, shapes, text } = scope(() => stateDictDiff(model.stateDict(), state));
  if (missingKeys.length + unexpectedKeys.length + shapes.length === 0) return;
  throw new ValueError("loadCheckpoint", `expected the keys and shapes of ${model.constructor.name}, got\n${text}`);
}

/**
 * Continues a training where {@link saveCheckpoint} left it: restores, in place, the model and each other part given.
 * Nothing is changed unless everything fits.
 *
 * @returns the `epoch`, `step` and `extra` that were saved; tensors in `extra` belong to the innermost scope
 * @throws FileError for a file that is missing, broken or no checkpoint; ValueError or ShapeError for the checkpoint of
 *   another model
 */
export async function loadCheckpoint(source: Source, parts: Training): Promise<Required<Progress<Loaded>>> {
  const known = loadedParts(parts);
  const file = await load(source);
  const kept = new Set([...tensorsIn(isDict(file) ? file.extra : undefined)].map(({ storage }) => storage));
  try {
    const states = statesOf(file, known);
    const { extra = null } = states;
    const [epoch, step] = [countOf("epoch", states.epoch), countOf("step", states.step)];
    restore(known, states);
    return { epoch, step, extra };
  } finally {
    for (const { storage } of tensorsIn(file)) if (!kept.has(storage)) storage.free();
  }
}

/** Gives every part its state back, after all checks. */
function restore(parts: Training, states: { [key: string]: Loaded }): void {
  const { model, optimizer, scheduler, loader, generator = defaultGenerator } = parts;
  const own = states as { [KEYS.model]: StateDict; [KEYS.scheduler]: Record<string, unknown> };
  checkModel(model, own[KEYS.model]);
  const [stream, ofLoader] = [streamOf(states, KEYS.generator), loaderStream(states, parts)];
  const place = loader?.stateDict();
  const before = scheduler?.stateDict();
  try {
    scheduler?.loadStateDict(own[KEYS.scheduler]);
    try {
      loader?.loadStateDict(states[KEYS.loader] as LoaderState);
      optimizer?.loadStateDict(states[KEYS.optimizer] as OptimizerStateDict);
    } catch (error) {
      if (place !== undefined) loader?.loadStateDict(place);
      if (before !== undefined) scheduler?.loadStateDict(before);
      throw error;
    }
  } finally {
    for (const made of tensorsIn(place)) made.free();
  }
  model.loadStateDict(own[KEYS.model]);
  if (stream !== undefined) generator.setState(stream);
  if (ofLoader !== undefined) loader?.generator?.setState(ofLoader);
}
