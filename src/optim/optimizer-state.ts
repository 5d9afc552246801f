import { formatShape, ShapeError, ValueError } from "../base/errors.js";
import { sameShape } from "../base/shape.js";
import { keep } from "../memory.js";
import { cast, clone } from "../ops/layout/copy.js";
import { follow } from "../tensor/followers.js";
import { Tensor } from "../tensor/tensor.js";

/** What an optimizer stores about one parameter; buffers have PyTorch's names (`exp_avg`, `momentum_buffer`). */
export type ParamState = { step: number; buffers: Map<string, Tensor> };

/** An optimizer's state in PyTorch's layout and with PyTorch's key names, so that files can be exchanged. */
export type OptimizerStateDict = {
  state: Record<string, Record<string, Tensor | number | null>>;
  param_groups: ({ params: number[] } & Record<string, unknown>)[];
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
  const params = groups.flatMap((group) => group.params);
  const states = new Map<Tensor, ParamState>();
  params.forEach((param, i) => {
    const saved = dict.state[String(numbers[i])];
    if (saved !== undefined) states.set(param, readState(op, param, saved));
  });
  return { options: groups.map((group, i) => knownOptions(dict.param_groups[i]!, group)), states };
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

/** The saved options that the group has too, in camelCase. */
function knownOptions(saved: Record<string, unknown>, group: object): Record<string, unknown> {
  const entries = Object.entries(saved).map(([name, value]) => [camel(name), value] as const);
  return Object.fromEntries(entries.filter(([name]) => name !== "params" && (name in group || name === "initialLr")));
}

function readState(op: string, param: Tensor, saved: Record<string, Tensor | number | null>): ParamState {
  const state: ParamState = { step: 0, buffers: new Map() };
  for (const [name, value] of Object.entries(saved)) {
    if (value === null) continue;
    if (name === "step") state.step = readStep(op, value);
    else if (!(value instanceof Tensor)) throw new ValueError(op, `expected a tensor as ${name}, got ${value}`);
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
