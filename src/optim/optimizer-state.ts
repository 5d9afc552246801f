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

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The state dict of an optimizer with these groups and states. Its tensors are the states' own. */
export function writeStateDict(groups: Groups, states: ReadonlyMap<Tensor, ParamState>): OptimizerStateDict {
  const numbers = new Map<Tensor, number>();
  for (const { params } of groups) for (const param of params) numbers.set(param, numbers.size);
  const state: OptimizerStateDict["state"] = {};
  for (const [param, { step, buffers }] of states) {
    state[String(numbers.get(param))] = { ...(step > 0 ? { step } : {}), ...Object.fromEntries(buffers) };
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
  bufferNames: (group: object) => ReadonlyMap<string, boolean> | null,
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
  const numbers = dict.param_groups.flatMap((group) => group.params);
  const options = groups.map((group, i) => knownOptions(op, dict.param_groups[i]!, group));
  const states = new Map<Tensor, ParamState>();
  let at = 0;
  groups.forEach((group, i) => {
    const names = bufferNames({ ...group, ...options[i] });
    for (const param of group.params) {
      const saved = dict.state[String(numbers[at++])];
      if (saved !== undefined) states.set(param, readState(op, param, saved, names));
    }
  });
  return { options, states };
}

/** Puts copies of the states that {@link readStateDict} gave in the place of an optimizer's own. */
export function replaceStates(
  own: Map<Tensor, ParamState>,
  states: ReadonlyMap<Tensor, ParamState>,
  dict: OptimizerStateDict,
): void {
  const before = [...own.values()].flatMap(({ buffers }) => [...buffers.values()]);
  own.clear();
  for (const [param, state] of states) own.set(param, copied(param, state));
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

/** Options of PyTorch that change how it computes, not what. */
const WITHOUT_EFFECT = new Set(["foreach", "fused", "capturable", "differentiable"]);

/**
 * The saved options of a group, in camelCase. Throws for one that the group does not have, for one of another kind, and
 * for one that is missing, unless it is off: files of earlier versions lack `maximize`.
 */
function knownOptions(op: string, saved: Record<string, unknown>, group: object): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(saved)) {
    const option = camel(name);
    if (option === "params" || WITHOUT_EFFECT.has(name)) continue;
    const own: unknown = option === "initialLr" ? 0 : Reflect.get(group, option);
    if (own === undefined)
      throw new ValueError(op, `expected ${ofGroup(group)}, got ${name}: another optimizer's state`);
    if (!sameKind(own, value)) throw new ValueError(op, `expected ${name} to be ${kindName(own)}, got ${shown(value)}`);
    options[option] = value;
  }
  for (const [option, value] of Object.entries(group)) {
    if (option === "params" || option === "initialLr" || option in options || value === false) continue;
    throw new ValueError(op, `expected ${ofGroup(group)}, got no ${snake(option)}: another optimizer's state`);
  }
  return options;
}

const ofGroup = (group: object): string =>
  `options of ${Object.keys(group)
    .filter((name) => name !== "params")
    .map(snake)
    .join(", ")}`;

function readState(
  op: string,
  param: Tensor,
  saved: Record<string, Tensor | number | null>,
  names: ReadonlyMap<string, boolean> | null,
): ParamState {
  const state: ParamState = { step: 0, buffers: new Map() };
  for (const [name, isNeeded] of names ?? []) {
    if (!isNeeded || (saved[name] !== undefined && saved[name] !== null)) continue;
    throw new ValueError(op, `expected a state of ${[...names!.keys()].join(", ")}, got one without ${name}`);
  }
  for (const [name, value] of Object.entries(saved)) {
    if (value === null) continue;
    if (name === "step") state.step = readStep(op, value);
    else if (names?.has(name) === false) throw new ValueError(op, `expected the state of this optimizer, got ${name}`);
    else if (!(value instanceof Tensor)) throw new ValueError(op, `expected a tensor as ${name}, got ${shown(value)}`);
    else if (!isFloat(value.dtype)) throw new DtypeError(op, `expected floats as ${name}, got ${value.dtype}`);
    else if (sameShape(value.shape, param.shape)) state.buffers.set(name, value);
    else {
      throw new ShapeError(
        op,
        `expected ${name} of the parameter's shape ${formatShape(param.shape)}, got ${formatShape(value.shape)}`,
      );
    }
  }
  return state;
}

function readStep(op: string, value: Tensor | number): number {
  const step = value instanceof Tensor ? value.item() : value;
  if (Number.isSafeInteger(step) && step >= 0) return step;
  throw new ValueError(op, `expected a count of steps, got ${step}`);
}

/** A copy of a state, with buffers in the parameter's dtype. */
function copied(param: Tensor, { step, buffers }: ParamState): ParamState {
  const own = [...buffers].map(([name, value]): [string, Tensor] => {
    const converted = cast(value, param.dtype);
    return [name, follow(param, keep(converted === value ? clone(value) : converted))];
  });
  return { step, buffers: new Map(own) };
}
