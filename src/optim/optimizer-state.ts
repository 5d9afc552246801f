import { isFloat } from "../base/dtype.js";
import { DtypeError, formatShape, ShapeError, ValueError } from "../base/errors.js";
import { sameShape } from "../base/shape.js";
import { shown } from "../base/signature.js";
import { keep } from "../memory.js";
import { cast, clone } from "../ops/layout/copy.js";
import { follow } from "../tensor/followers.js";
import { Tensor } from "../tensor/tensor.js";
import { kindName, sameKind } from "./state-kinds.js";

/** What an optimizer stores about one parameter; buffers have PyTorch's names (`exp_avg`, `momentum_buffer`). */
export type ParamState = { step: number; buffers: Map<string, Tensor> };

/** Plain data, as files hold it. */
export type PlainValue =
  | number
  | boolean
  | string
  | null
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };

/** An optimizer's state in PyTorch's layout and with PyTorch's key names, so that files can be exchanged. */
export type OptimizerStateDict = {
  state: Record<string, Record<string, Tensor | number | null>>;
  param_groups: { params: number[]; [option: string]: PlainValue }[];
};

type Groups = readonly { params: readonly Tensor[] }[];

/** The names in a parameter's state after a step: those that are there, and those that may be. */
export type StateNames = { needed: readonly string[]; optional: readonly string[] };

/** What an optimizer's state dict has beside its options. */
export type StateLayout = {
  /** Options of PyTorch's, by their names there, that have one value here. */
  readonly fixed: Readonly<Record<string, PlainValue>>;
  /** The names in the state of a group's parameters; null for any. */
  readonly names: (group: object) => StateNames | null;
};

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The state dict of an optimizer with these groups and states. Its tensors are the states' own. */
export function writeStateDict(
  groups: Groups,
  states: ReadonlyMap<Tensor, ParamState>,
  layout: StateLayout,
): OptimizerStateDict {
  const numbers = new Map<Tensor, number>();
  const state: OptimizerStateDict["state"] = {};
  for (const group of groups) {
    const counts = layout.names(group)?.needed.includes("step") ?? false;
    for (const param of group.params) {
      numbers.set(param, numbers.size);
      const own = states.get(param);
      if (own === undefined) continue;
      const step = counts || own.step > 0 ? { step: own.step } : {};
      state[String(numbers.get(param))] = { ...step, ...Object.fromEntries(own.buffers) };
    }
  }
  const saved = groups.map(({ params, ...options }) => ({
    ...Object.fromEntries(Object.entries(options).map(([name, value]) => [snake(name), value])),
    params: params.map((param) => numbers.get(param)!),
  }));
  return { state, param_groups: saved };
}

/**
 * Checks a state dict against the groups, and reads it without changing anything.
 * @returns for each group the options that the dict has for it, and the state of each parameter; tensors are the dict's
 */
export function readStateDict(
  op: string,
  groups: Groups,
  dict: OptimizerStateDict,
  layout: StateLayout,
): { options: Record<string, unknown>[]; states: Map<Tensor, ParamState> } {
  checkLayout(op, dict);
  const sizes = (list: readonly { params: readonly unknown[] }[]): string =>
    formatShape(list.map((group) => group.params.length));
  if (sizes(groups) !== sizes(dict.param_groups)) {
    throw new ValueError(
      op,
      `expected groups of ${sizes(groups)} parameters, got groups of ${sizes(dict.param_groups)}`,
    );
  }
  checkNumbers(op, dict);
  const options = groups.map((group, i) => readOptions(op, dict.param_groups[i]!, group, layout.fixed));
  const states = new Map<Tensor, ParamState>();
  groups.forEach((group, i) => {
    const names = layout.names({ ...group, ...options[i] });
    group.params.forEach((param, j) => {
      const saved = dict.state[String(dict.param_groups[i]!.params[j])];
      if (saved !== undefined) states.set(param, readState(op, param, saved, names));
    });
  });
  return { options, states };
}

/** Copies of states, with buffers in the dtypes of their parameters. Where memory ends, none is left. */
export function copyStates(states: ReadonlyMap<Tensor, ParamState>): Map<Tensor, ParamState> {
  const made: Tensor[] = [];
  try {
    const copies = [...states].map(([param, { step, buffers }]): [Tensor, ParamState] => {
      const own = new Map<string, Tensor>();
      for (const [name, value] of buffers) {
        const converted = cast(value, param.dtype);
        const copy = keep(converted === value ? clone(value) : converted);
        made.push(copy);
        own.set(name, copy);
      }
      return [param, { step, buffers: own }];
    });
    return new Map(copies);
  } catch (error) {
    for (const copy of made) copy.storage.free();
    throw error;
  }
}

/** Puts the states that {@link copyStates} made in the place of an optimizer's own. */
export function replaceStates(
  own: Map<Tensor, ParamState>,
  states: ReadonlyMap<Tensor, ParamState>,
  dict: OptimizerStateDict,
): void {
  const before = [...own.values()].flatMap(({ buffers }) => [...buffers.values()]);
  own.clear();
  for (const [param, state] of states) {
    for (const buffer of state.buffers.values()) follow(param, buffer);
    own.set(param, state);
  }
  // Buffers that the dict holds (the optimizer's own stateDict()) belong to the caller from here on.
  const inDict = new Set(Object.values(dict.state).flatMap((entries) => Object.values(entries)));
  for (const buffer of before) if (!inDict.has(buffer)) buffer.storage.free();
}

/** Throws unless a value, which may come from any file, has the layout of a state dict. */
function checkLayout(op: string, dict: OptimizerStateDict): void {
  const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
  const { state, param_groups: groups }: Record<string, unknown> = isObject(dict) ? dict : {};
  const numbered =
    Array.isArray(groups) &&
    groups.every((group) => isObject(group) && Array.isArray((group as { params?: unknown }).params));
  if (numbered && isObject(state) && Object.values(state).every(isObject)) return;
  throw new ValueError(op, "expected { state, param_groups } as stateDict() gives them, got something else");
}

/** Throws unless each parameter has a number of its own, and each state is that of a parameter. */
function checkNumbers(op: string, dict: OptimizerStateDict): void {
  const numbers = dict.param_groups.flatMap((group) => group.params);
  if (new Set(numbers).size < numbers.length || !numbers.every((number) => Number.isSafeInteger(number))) {
    throw new ValueError(op, `expected a number for each parameter, got ${shown(numbers)}`);
  }
  const known = new Set(numbers.map(String));
  const other = Object.keys(dict.state).find((number) => !known.has(number));
  if (other !== undefined) throw new ValueError(op, `expected states of parameters in the groups, got one of ${other}`);
}

/**
 * Options in PyTorch's files without a meaning here: they change how PyTorch computes and not what, or belong to
 * schedulers that move the rate up and down.
 */
const WITHOUT_EFFECT = new Set([
  ...["foreach", "fused", "capturable", "differentiable", "param_names"],
  ...["max_lr", "min_lr", "max_momentum", "base_momentum", "swa_lr"],
]);

/**
 * The saved options of a group, in camelCase. Throws for one that the group does not have, for one of another kind, and
 * for one that is missing, unless it is off: files of earlier versions lack `maximize`.
 */
function readOptions(
  op: string,
  saved: Record<string, unknown>,
  group: object,
  fixed: StateLayout["fixed"],
): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  const refuse = (got: string): ValueError =>
    new ValueError(op, `expected options of ${namesIn(group)}, got ${got}: another optimizer's state`);
  for (const [name, value] of Object.entries(saved)) {
    const option = camel(name);
    if (option === "params" || WITHOUT_EFFECT.has(name)) continue;
    if (Object.hasOwn(fixed, name)) {
      if (value !== fixed[name]) throw refuse(`${name} ${shown(value)}`);
      continue;
    }
    if (option !== "initialLr" && !Object.hasOwn(group, option)) throw refuse(name);
    const own: unknown = option === "initialLr" ? 0 : Reflect.get(group, option);
    if (!sameKind(own, value)) throw new ValueError(op, `expected ${name} to be ${kindName(own)}, got ${shown(value)}`);
    options[option] = Array.isArray(value) ? [...value] : value;
  }
  for (const [option, value] of Object.entries(group)) {
    if (option === "params" || option === "initialLr" || option in options || value === false) continue;
    throw refuse(`no ${snake(option)}`);
  }
  return options;
}

const namesIn = (group: object): string =>
  Object.keys(group)
    .filter((name) => name !== "params")
    .map(snake)
    .join(", ");

function readState(
  op: string,
  param: Tensor,
  saved: Record<string, Tensor | number | null>,
  names: StateNames | null,
): ParamState {
  if (names !== null) checkNames(op, saved, names);
  const state: ParamState = { step: 0, buffers: new Map() };
  for (const [name, value] of Object.entries(saved)) {
    if (value === null) continue;
    if (name === "step") state.step = readStep(op, value);
    else state.buffers.set(name, readBuffer(op, name, value, param));
  }
  return state;
}

function checkNames(op: string, saved: Record<string, Tensor | number | null>, { needed, optional }: StateNames): void {
  const missing = needed.find((name) => (saved[name] ?? null) === null);
  const other = Object.keys(saved).find((name) => !needed.includes(name) && !optional.includes(name));
  if (missing === undefined && other === undefined) return;
  const all = [...needed, ...optional].join(", ") || "nothing";
  throw new ValueError(op, `expected a state of ${all}, got ${missing === undefined ? other : `none with ${missing}`}`);
}

function readBuffer(op: string, name: string, value: unknown, param: Tensor): Tensor {
  if (!(value instanceof Tensor)) throw new ValueError(op, `expected a tensor as ${name}, got ${shown(value)}`);
  if (value.storage.freed) throw value.storage.freedError(op, `a live tensor as ${name}`);
  if (!isFloat(value.dtype)) throw new DtypeError(op, `expected floats as ${name}, got ${value.dtype}`);
  if (sameShape(value.shape, param.shape)) return value;
  const shapes = `the parameter's shape ${formatShape(param.shape)}, got ${formatShape(value.shape)}`;
  throw new ShapeError(op, `expected ${name} of ${shapes}`);
}

function readStep(op: string, value: unknown): number {
  if (value instanceof Tensor && value.storage.freed) throw value.storage.freedError(op, "a live tensor as step");
  const step = value instanceof Tensor && value.numel === 1 ? value.item() : value;
  if (typeof step === "number" && Number.isSafeInteger(step) && step >= 0) return step;
  throw new ValueError(op, `expected a count of steps, got ${shown(step)}`);
}
