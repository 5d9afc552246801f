import { FileError, ValueError } from "../base/errors.js";
import type { DataLoader, LoaderState } from "../data/index.js";
import { scope } from "../memory.js";
import { Tensor } from "../methods.js";
import type { Module, StateDict } from "../nn/index.js";
import { stateDictDiff } from "../nn/module/state-dict.js";
import { tensor } from "../ops/layout/factories.js";
import type { OptimizerStateDict } from "../optim/index.js";
import type { Source } from "../platform/files.js";
import { defaultGenerator, Generator } from "../random/generator.js";
import type { Target } from "./target.js";
import { load, save } from "./torch-file.js";
import type { Loaded } from "./torch-read.js";
import type { Saveable } from "./torch-write.js";

/** Anything with a state of plain data and tensors: schedulers. */
export type Stateful = { stateDict(): Record<string, unknown>; loadStateDict(state: Record<string, unknown>): unknown };

/** The parts of a training whose state a checkpoint holds. */
export type Training = {
  model: Module;
  optimizer?: { stateDict(): OptimizerStateDict; loadStateDict(state: OptimizerStateDict): void };
  scheduler?: Stateful;
  /** Its place in the epoch, the order of what is left of it, and the stream of its own generator where it has one. */
  loader?: Pick<DataLoader<never, unknown>, "stateDict" | "loadStateDict"> & {
    readonly generator?: Generator | undefined;
  };
  /** Where the other draws come from; the default generator when left out. */
  generator?: Generator;
};

/** The keys of a checkpoint, as PyTorch's tutorials name them. */
const KEYS = {
  model: "model_state_dict",
  optimizer: "optimizer_state_dict",
  scheduler: "scheduler_state_dict",
  loader: "loader_state_dict",
  generator: "rng_state",
  loaderGenerator: "loader_rng_state",
} as const;

/** How far a training is, and whatever else its program wants to find again. */
export type Progress<E> = {
  /** The epoch to go on with (0). */
  epoch?: number;
  /** Steps so far (0). */
  step?: number;
  /** Tensors and plain data, such as the losses so far. */
  extra?: E;
};

/**
 * Writes all that a training needs to go on as if it had never stopped: weights, the optimizer's and scheduler's state, the
 * random stream, the place in the data, the epoch. The file is PyTorch's format (torch.load reads it), and is replaced as
 * a whole or not at all, so that a crash while it is written leaves the one before. Wait for it before the next step.
 *
 * Generators of the program's own (a sampler's, say) are not found: put their `getState()` into `extra`, and the
 * `stateDict()` of an EarlyStopping too.
 *
 * @param parts the model and what else takes part; `epoch`, `step` and `extra` (losses so far, say) are handed back by
 *   {@link loadCheckpoint}
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
  const { model, optimizer, scheduler, loader, generator = defaultGenerator } = parts;
  const { epoch = 0, step = 0, extra = null } = parts;
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
    for (const made of tensorsIn(own)) made.free(); // no scope: others may open theirs while the file is written
  }
}

/** Whether a loader draws from a generator that nothing else here draws from. */
function hasStream(
  loader: Training["loader"],
  generator: Generator,
): loader is { generator: Generator } & typeof loader {
  return loader?.generator !== undefined && loader.generator !== generator;
}

/** All tensors in a loaded value. What it shares is looked at once: lists that double 40 times are a small file. */
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

/** A file's keys, when it is a checkpoint that has what is asked for. */
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

/** How many there were; none where the file, another program's, does not say. */
function countOf(name: string, value: Loaded | undefined): number {
  if (value === undefined) return 0;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw refuse(
    `expected ${name} to be a whole number of 0 or more, got ${typeof value === "number" ? value : typeof value}`,
  );
}

/** The state of a random stream, or undefined where there is none. */
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

/** The stream of a loader's own generator; with it and without it the order of the samples is another. */
function loaderStream(states: { [key: string]: Loaded }, parts: Training): Uint8Array | undefined {
  const { loader, generator = defaultGenerator } = parts;
  const stream = streamOf(states, KEYS.loaderGenerator);
  if (loader === undefined || hasStream(loader, generator) === (stream !== undefined)) return stream;
  const [expected, got] = stream === undefined ? ["one", "none"] : ["none", "one"];
  throw refuse(`expected ${expected} for the loader's own generator (${KEYS.loaderGenerator}), got ${got}`);
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? "list" : typeof value);

/** Whether one value may take the other's place: what is null may become something, and the other way around. */
const sameKind = (a: unknown, b: unknown): boolean => a === null || b === null || kindOf(a) === kindOf(b);

/** Refuses the state of another kind of scheduler. */
function checkScheduler(scheduler: Stateful, state: Record<string, unknown>): void {
  const now = scheduler.stateDict();
  const own = Object.keys(now);
  if (own.every((key) => key in state)) {
    const wrong = own.find((key) => !sameKind(now[key], state[key]));
    if (wrong === undefined) return;
    const kinds = `${wrong} to be a ${kindOf(now[wrong])}, got a ${kindOf(state[wrong])}`;
    throw new ValueError("loadCheckpoint", `expected the scheduler's ${kinds}`);
  }
  const [expected, got] = [own.join(", "), Object.keys(state).join(", ")];
  throw new ValueError(
    "loadCheckpoint",
    `expected the state of ${scheduler.constructor.name} (${expected}), got ${got}`,
  );
}

/** Refuses another model's state, with a line for each key that differs. */
function checkModel(model: Module, state: StateDict): void {
  const { missingKeys, unexpectedKeys, shapes, text } = scope(() => stateDictDiff(model.stateDict(), state));
  if (missingKeys.length + unexpectedKeys.length + shapes.length === 0) return;
  throw new ValueError("loadCheckpoint", `expected the keys and shapes of ${model.constructor.name}, got\n${text}`);
}

/**
 * Takes a training up where {@link saveCheckpoint} left it: the model, and each part that is given, get their state back in
 * place. Nothing is changed unless everything fits.
 *
 * @returns the `epoch`, `step` and `extra` that were saved; tensors in `extra` belong to the innermost scope
 * @throws FileError for a file that is not there, broken or no checkpoint, ValueError or ShapeError when it is another model's
 */
export async function loadCheckpoint(source: Source, parts: Training): Promise<Required<Progress<Loaded>>> {
  const file = await load(source);
  const kept = new Set([...tensorsIn(isDict(file) ? file.extra : undefined)].map(({ storage }) => storage));
  try {
    const states = statesOf(file, parts);
    const { extra = null } = states;
    const [epoch, step] = [countOf("epoch", states.epoch), countOf("step", states.step)];
    restore(parts, states);
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
  if (scheduler !== undefined) checkScheduler(scheduler, own[KEYS.scheduler]);
  const [stream, ofLoader] = [streamOf(states, KEYS.generator), loaderStream(states, parts)];
  const place = loader?.stateDict();
  try {
    loader?.loadStateDict(states[KEYS.loader] as LoaderState);
    try {
      optimizer?.loadStateDict(states[KEYS.optimizer] as OptimizerStateDict);
    } catch (error) {
      loader?.loadStateDict(place!);
      throw error;
    }
  } finally {
    for (const made of tensorsIn(place)) made.free();
  }
  model.loadStateDict(own[KEYS.model]);
  scheduler?.loadStateDict(own[KEYS.scheduler]);
  if (stream !== undefined) generator.setState(stream);
  if (ofLoader !== undefined) loader?.generator?.setState(ofLoader);
}
