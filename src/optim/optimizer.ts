import { isFloat } from "../base/dtype.js";
import { DtypeError, formatShape, GraphError, ShapeError, ValueError } from "../base/errors.js";
import { sameShape } from "../base/shape.js";
import { keep } from "../memory.js";
import { Tensor } from "../methods.js";
import { cast, clone } from "../ops/layout/copy.js";
import { full } from "../ops/layout/factories.js";
import { enableGrad, noGrad } from "../tensor/mode.js";
import { type BatchRunner, checkGradient, type Update, updateAll } from "./update.js";

/** Parameters with options of their own; options that are left out are the optimizer's. */
export type ParamGroupOptions<O> = { params: Iterable<Tensor> } & Partial<O>;

/** What an optimizer is made for: a module's `parameters()`, or groups of them. */
export type Parameters<O> = Iterable<Tensor> | Iterable<ParamGroupOptions<O>>;

/** A group as the optimizer holds it. Options may be changed between steps, as the schedulers do with `lr`. */
export type ParamGroup<O> = O & {
  params: Tensor[];
  /** The learning rate that a scheduler started from. */
  initialLr?: number;
};

/** What an optimizer remembers about one parameter; buffers have PyTorch's names (`exp_avg`, `momentum_buffer`). */
export type ParamState = { step: number; buffers: Map<string, Tensor> };

/** An optimizer's state in PyTorch's layout and with PyTorch's key names, so that files can be exchanged. */
export type OptimizerStateDict = {
  state: Record<string, Record<string, Tensor | number | null>>;
  param_groups: ({ params: number[] } & Record<string, unknown>)[];
};

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Throws unless `value` lies in [low, high), for options such as lr and betas. */
export function checkOption(op: string, name: string, value: number, low = 0, high = Number.POSITIVE_INFINITY): void {
  if (typeof value === "number" && value >= low && value < high) return;
  const range = high === Number.POSITIVE_INFINITY ? `≥ ${low}` : `in [${low}, ${high})`;
  throw new ValueError(op, `expected ${name} ${range}, got ${value}`);
}

/**
 * The usual options with the user's over them. For callers without types: a bare learning rate, or a misspelt option,
 * would be passed over in silence.
 */
export function withDefaults<D extends object, O extends object>(op: string, usual: D, options: O): D & O {
  if (typeof options !== "object" || options === null) {
    throw new ValueError(op, `expected an object of options, got ${String(options)}`, "Write { lr: 0.01 }");
  }
  const known = ["lr", ...Object.keys(usual)];
  const strange = Object.keys(options).filter((name) => !known.includes(name));
  if (strange.length === 0) return { ...usual, ...options };
  throw new ValueError(op, `expected options among ${known.join(", ")}, got ${strange.join(", ")}`);
}

/**
 * The base of all optimizers, as torch.optim.Optimizer: parameter groups, state, and files. A new optimizer extends it
 * and says in {@link checkOptions} what its options may be and in {@link updateGroup} what a step does.
 * @see https://pytorch.org/docs/stable/optim.html#torch.optim.Optimizer
 */
export abstract class Optimizer<O extends { lr: number }> {
  /** The groups, with their options. */
  readonly paramGroups: ParamGroup<O>[] = [];
  /** What is remembered of each parameter that had a gradient so far. */
  readonly state = new Map<Tensor, ParamState>();

  /**
   * @param name the class's name, for errors
   * @param params a module's parameters, or groups
   * @param defaults the options of groups that do not say otherwise
   */
  protected constructor(
    protected readonly name: string,
    params: Parameters<O>,
    readonly defaults: O,
  ) {
    if (!(Symbol.iterator in params)) {
      const problem = `expected parameters or groups of them, got ${(params as object).constructor.name}`;
      throw new ValueError(name, problem, "Pass model.parameters(), or [tensor]");
    }
    this.checkOptions(defaults);
    const items: (Tensor | ParamGroupOptions<O>)[] = [...params];
    const loose = items.filter((item) => item instanceof Tensor);
    const groups = items.filter((item): item is ParamGroupOptions<O> => !(item instanceof Tensor));
    if (items.length === 0) throw noParameters(name);
    if (groups.length === 0) this.addParamGroup(this.groupOf(loose));
    else if (loose.length === 0) for (const group of groups) this.addParamGroup(group);
    else throw new ValueError(name, "expected either parameters or groups of parameters, got a mixture");
  }

  private groupOf(params: Tensor[]): ParamGroupOptions<O> {
    return { params, ...this.defaults };
  }

  /** Throws for options that make no sense. */
  protected abstract checkOptions(options: O): void;

  /** Updates the parameters of a group that have gradients. */
  protected abstract updateGroup(group: ParamGroup<O>): void;

  /**
   * Adds parameters with options of their own, as torch.optim.Optimizer.add_param_group: layers that are thawed later.
   * @throws GraphError for a tensor that is not a leaf, ValueError for one that is in a group already
   */
  addParamGroup(options: ParamGroupOptions<O>): void {
    const { params: given, ...own } = options;
    const params = given instanceof Tensor ? [given] : [...given];
    if (params.length === 0) throw noParameters(this.name);
    const seen = new Set(this.paramGroups.flatMap((group) => group.params));
    for (const param of params) {
      checkParameter(this.name, param, seen);
      seen.add(param);
    }
    const group: ParamGroup<O> = { ...this.defaults, ...own, params };
    this.checkOptions(group);
    this.paramGroups.push(group);
  }

  /**
   * Updates all parameters that have gradients.
   * @param closure computes the loss anew (with zeroGrad and backward); run first
   * @returns what the closure returned
   */
  step(): undefined;
  step(closure: () => Tensor): Tensor;
  step(closure?: () => Tensor): Tensor | undefined {
    const loss = closure === undefined ? undefined : enableGrad(closure);
    for (const group of this.paramGroups) this.updateGroup(group);
    return loss;
  }

  /**
   * Forgets the gradients, to be called before each backward().
   * @param options `setToNone: false` fills them with zeros instead of dropping them (PyTorch 1's default)
   */
  zeroGrad(options: { setToNone?: boolean } = {}): void {
    for (const { params } of this.paramGroups) {
      if (options.setToNone === false) noGrad(() => params.forEach(({ gradient }) => void gradient?.zero_()));
      if (options.setToNone !== false) for (const param of params) param.dropGradient();
    }
  }

  /** Runs one kernel launch, or few, for the parameters of a group that have gradients. */
  protected update(
    group: ParamGroup<O>,
    prepare: (param: Tensor, state: ParamState) => Pick<Update, "buffers" | "step">,
    run: BatchRunner,
  ): void {
    const updates: Update[] = [];
    for (const param of group.params) if (param.gradient !== null) checkGradient(this.name, param, param.gradient);
    for (const param of group.params) {
      const grad = param.gradient;
      if (grad === null) continue;
      let state = this.state.get(param);
      if (state === undefined) {
        state = { step: 0, buffers: new Map() };
        this.state.set(param, state);
      }
      const { buffers, step } = prepare(param, state);
      updates.push({ param, grad, buffers, step });
    }
    updateAll(this.name, updates, run);
  }

  /** A state buffer of the parameter's shape, made at its first use. It follows a model that was converted since. */
  protected buffer(param: Tensor, state: ParamState, name: string, initial = 0): Tensor {
    const before = state.buffers.get(name);
    if (before?.dtype === param.dtype && sameShape(before.shape, param.shape)) return before;
    if (before !== undefined && !sameShape(before.shape, param.shape)) {
      throw new ShapeError(
        `${this.name}.step`,
        `expected a parameter of shape ${formatShape(before.shape)}, as in the steps before, got ${formatShape(param.shape)}`,
      );
    }
    const buffer =
      before === undefined ? full(param.shape, initial, { dtype: param.dtype }) : cast(before, param.dtype);
    before?.storage.free();
    state.buffers.set(name, keep(buffer));
    return buffer;
  }

  /**
   * State and options in PyTorch's layout: `{ state: { 0: { step, exp_avg, … } }, param_groups: [{ lr, …, params: [0] }] }`.
   * The tensors are the optimizer's own, not copies.
   */
  stateDict(): OptimizerStateDict {
    const numbers = new Map<Tensor, number>();
    for (const { params } of this.paramGroups) for (const param of params) numbers.set(param, numbers.size);
    const state: OptimizerStateDict["state"] = {};
    for (const [param, { step, buffers }] of this.state) {
      state[String(numbers.get(param))] = { ...(step > 0 ? { step } : {}), ...Object.fromEntries(buffers) };
    }
    const groups = this.paramGroups.map(({ params, ...options }) => ({
      ...Object.fromEntries(Object.entries(options).map(([name, value]) => [snake(name), value])),
      params: params.map((param) => numbers.get(param)!),
    }));
    return { state, param_groups: groups };
  }

  /**
   * Takes over a state that {@link stateDict} (or PyTorch's state_dict) gave. Tensors are copied, and converted to the
   * parameters' dtypes; options that this optimizer does not have are ignored.
   * @throws ShapeError or ValueError, before anything is changed, when groups or shapes do not fit
   */
  loadStateDict(dict: OptimizerStateDict): void {
    const op = `${this.name}.loadStateDict`;
    checkLayout(op, dict);
    const sizes = (groups: readonly { params: readonly unknown[] }[]): string =>
      formatShape(groups.map((group) => group.params.length));
    if (sizes(this.paramGroups) !== sizes(dict.param_groups)) {
      throw new ValueError(
        op,
        `expected groups of ${sizes(this.paramGroups)} parameters, got groups of ${sizes(dict.param_groups)}`,
      );
    }
    const numbers = dict.param_groups.flatMap((group) => group.params);
    const params = this.paramGroups.flatMap((group) => group.params);
    const loaded = new Map<Tensor, ParamState>();
    params.forEach((param, i) => {
      const saved = dict.state[String(numbers[i])];
      if (saved !== undefined) loaded.set(param, stateFrom(op, param, saved));
    });
    const groups = this.paramGroups.map((group, i) => {
      const options = knownOptions(dict.param_groups[i]!, group);
      this.checkOptions({ ...group, ...options });
      return options;
    });
    this.paramGroups.forEach((group, i) => {
      Object.assign(group, groups[i]);
    });
    const before = [...this.state.values()].flatMap(({ buffers }) => [...buffers.values()]);
    this.state.clear();
    for (const [param, state] of loaded) this.state.set(param, copied(param, state));
    const given = new Set(Object.values(dict.state).flatMap((entries) => Object.values(entries)));
    for (const buffer of before) if (!given.has(buffer)) buffer.storage.free(); // given: its own stateDict()
  }
}

function noParameters(name: string): ValueError {
  return new ValueError(
    name,
    "expected at least one parameter, got an empty list",
    "A module finds what its constructor assigns to its own fields: a Parameter, a Module (`fc = new nn.Linear(2, 1)`) or a ModuleList; tensors and plain arrays of modules are not found",
  );
}

function checkParameter(name: string, param: unknown, seen: ReadonlySet<Tensor>): void {
  if (!(param instanceof Tensor)) throw new ValueError(name, `expected tensors as parameters, got ${typeof param}`);
  if (!param.isLeaf) {
    throw new GraphError(
      name,
      `expected leaves as parameters, got the result of ${param.node!.op} (shape ${formatShape(param.shape)})`,
      "Pass the tensors it was computed from, or detach() it",
    );
  }
  if (!isFloat(param.dtype)) throw new DtypeError(name, `expected float32 or float64 parameters, got ${param.dtype}`);
  if (!param.isContiguous()) {
    throw new ValueError(
      name,
      `expected row-major parameters, got a strided view of shape ${formatShape(param.shape)}`,
    );
  }
  if (seen.has(param)) {
    throw new ValueError(
      name,
      `expected every parameter once, got one of shape ${formatShape(param.shape)} twice`,
      "A parameter that two modules share must be passed once",
    );
  }
}

/** A state may come from a file, and then be anything. */
function checkLayout(op: string, dict: OptimizerStateDict): void {
  const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
  const { state, param_groups: groups }: Record<string, unknown> = isObject(dict) ? dict : {};
  const numbered =
    Array.isArray(groups) &&
    groups.every((group) => isObject(group) && Array.isArray((group as { params?: unknown }).params));
  if (numbered && isObject(state) && Object.values(state).every(isObject)) return;
  throw new ValueError(op, "expected { state, param_groups } as stateDict() gives them, got something else");
}

/** The saved options that the group has too, under their names here. */
function knownOptions(saved: Record<string, unknown>, group: object): Record<string, unknown> {
  const entries = Object.entries(saved).map(([name, value]) => [camel(name), value] as const);
  return Object.fromEntries(entries.filter(([name]) => name !== "params" && (name in group || name === "initialLr")));
}

/** Reads a saved state; its tensors are still the saved ones. */
function stateFrom(op: string, param: Tensor, saved: Record<string, Tensor | number | null>): ParamState {
  const state: ParamState = { step: 0, buffers: new Map() };
  for (const [name, value] of Object.entries(saved)) {
    if (value === null) continue;
    if (name === "step") state.step = stepFrom(op, value);
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

function stepFrom(op: string, value: Tensor | number): number {
  const step = value instanceof Tensor ? value.item() : value;
  if (Number.isSafeInteger(step) && step >= 0) return step;
  throw new ValueError(op, `expected a count of steps, got ${step}`);
}

function copied(param: Tensor, { step, buffers }: ParamState): ParamState {
  const own = [...buffers].map(([name, value]): [string, Tensor] => {
    const converted = cast(value, param.dtype);
    return [name, keep(converted === value ? clone(value) : converted)];
  });
  return { step, buffers: new Map(own) };
}
