import { FileError, ValueError } from "../base/errors.js";
import type { DataLoader, LoaderState } from "../data/index.js";
import type { Module, StateDict } from "../nn/index.js";
import { stateDictDiff } from "../nn/state-dict.js";
import { tensor } from "../ops/factories.js";
import type { OptimizerStateDict } from "../optim/index.js";
import type { Source } from "../platform/files.js";
import { defaultGenerator, type Generator } from "../random/generator.js";
import { scope } from "../scope.js";
import { Tensor } from "../tensor.js";
import { load, save, type Target } from "./save.js";
import type { Loaded } from "./torch-read.js";
import type { Saveable } from "./torch-write.js";

/** Anything with a state of plain data and tensors: schedulers, early stopping. */
export type Stateful = { stateDict(): Record<string, unknown>; loadStateDict(state: Record<string, unknown>): unknown };

/** The parts of a training whose state a checkpoint holds. */
export type Training = {
  model: Module;
  optimizer?: { stateDict(): OptimizerStateDict; loadStateDict(state: OptimizerStateDict): void };
  scheduler?: Stateful;
  /** Its place in the epoch and the order of what is left of it. */
  loader?: Pick<DataLoader<never, unknown>, "stateDict" | "loadStateDict">;
  /** Where the draws come from; the default generator when left out. */
  generator?: Generator;
};

/** The keys of a checkpoint, as PyTorch's tutorials name them. */
const KEYS = {
  model: "model_state_dict",
  optimizer: "optimizer_state_dict",
  scheduler: "scheduler_state_dict",
  loader: "loader_state_dict",
  generator: "rng_state",
} as const;

/**
 * Writes all that a training needs to go on as if it had never stopped: weights, the optimizer's and scheduler's state, the
 * random stream, the place in the data, the epoch. The file is PyTorch's format (torch.load reads it), and is replaced as
 * a whole or not at all, so that a crash while it is written leaves the one before.
 *
 * @param parts the model and what else takes part; `epoch` and `extra` (losses so far, say) are handed back by
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
export async function saveCheckpoint(
  target: Target,
  parts: Training & { epoch?: number; extra?: Saveable },
): Promise<void> {
  const { model, optimizer, scheduler, loader, generator = defaultGenerator, epoch = 0, extra = null } = parts;
  const own = { [KEYS.loader]: loader?.stateDict() ?? null, [KEYS.generator]: tensor(generator.getState()) };
  const states: Record<string, unknown> = {
    epoch,
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

/** All tensors in a loaded value. */
function* tensorsIn(value: Loaded | undefined): IterableIterator<Tensor> {
  if (value instanceof Tensor) yield value;
  else if (Array.isArray(value) || value instanceof Set) for (const item of value) yield* tensorsIn(item);
  else if (value instanceof Map) for (const item of value.values()) yield* tensorsIn(item);
  else if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) {
    for (const item of Object.values(value)) yield* tensorsIn(item);
  }
}

const isDict = (value: Loaded | undefined): value is { [key: string]: Loaded } =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** The states in a checkpoint, each of the kind it must be; throws when one that is asked for is missing. */
function statesOf(file: Loaded, parts: Training): Record<keyof typeof KEYS, Loaded | undefined> {
  const refuse = (problem: string, hint?: string): FileError => new FileError("loadCheckpoint", problem, hint);
  if (!isDict(file) || !isDict(file[KEYS.model])) {
    throw refuse("expected a checkpoint, got another file of torch.save", "Use load for state dicts");
  }
  for (const part of ["optimizer", "scheduler", "loader"] as const) {
    if (parts[part] !== undefined && !isDict(file[KEYS[part]])) {
      throw refuse(`expected the state of the ${part} (${KEYS[part]}), got a checkpoint without it`);
    }
  }
  const stream = file[KEYS.generator];
  if (stream !== undefined && !(stream instanceof Tensor && stream.dtype === "uint8" && stream.numel === 5056)) {
    throw refuse(`expected 5056 bytes of a random stream (${KEYS.generator}), got something else`);
  }
  const state = (part: keyof typeof KEYS): Loaded | undefined => file[KEYS[part]];
  return {
    model: state("model"),
    optimizer: state("optimizer"),
    scheduler: state("scheduler"),
    loader: state("loader"),
    generator: stream,
  };
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
 * @returns the `epoch` and `extra` that were saved; tensors in `extra` belong to the innermost scope
 * @throws FileError for a file that is not there, broken or no checkpoint, ValueError or ShapeError when it is another model's
 */
export async function loadCheckpoint(source: Source, parts: Training): Promise<{ epoch: number; extra: Loaded }> {
  const file = await load(source);
  const kept = new Set([...tensorsIn(isDict(file) ? file.extra : undefined)].map(({ storage }) => storage));
  try {
    const states = statesOf(file, parts);
    const { model, optimizer, scheduler, loader, generator = defaultGenerator } = parts;
    checkModel(model, states.model as StateDict);
    const place = loader?.stateDict();
    loader?.loadStateDict(states.loader as LoaderState);
    try {
      optimizer?.loadStateDict(states.optimizer as OptimizerStateDict);
    } catch (error) {
      loader?.loadStateDict(place!);
      throw error;
    }
    model.loadStateDict(states.model as StateDict);
    scheduler?.loadStateDict(states.scheduler as Record<string, unknown>);
    if (states.generator instanceof Tensor) generator.setState(states.generator.toTypedArray() as Uint8Array);
    const { epoch, extra } = file as { epoch?: Loaded; extra?: Loaded };
    return { epoch: typeof epoch === "number" ? epoch : 0, extra: extra ?? null };
  } finally {
    for (const { storage } of tensorsIn(file)) if (!kept.has(storage)) storage.free();
  }
}
