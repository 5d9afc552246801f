import { isFloat } from "../base/dtype.js";
import { DtypeError, formatShape, GraphError, ShapeError, ValueError } from "../base/errors.js";
import { sameShape } from "../base/shape.js";
import { type ArgumentsOf, checkArguments, shown } from "../base/signature.js";
import { keep } from "../memory.js";
import { Tensor } from "../methods.js";
import { cast } from "../ops/layout/copy.js";
import { full } from "../ops/layout/factories.js";
import { follow } from "../tensor/followers.js";
import { enableGrad, noGrad } from "../tensor/mode.js";
import { checkGroupOptions, groupKind, stepCall, zeroGradCall } from "./optimizer-calls.js";
import {
  copyStates,
  type OptimizerStateDict,
  type ParamState,
  type PlainValue,
  readStateDict,
  replaceStates,
  type StateLayout,
  type StateNames,
  writeStateDict,
} from "./optimizer-state.js";
import { objectKind, sameKind } from "./state-kinds.js";

/** The options that groups have unless they name others; without `lr` where each group has to name it. */
export type Defaults<O> = Omit<O, "lr"> & { lr?: number | undefined };

/** Parameters with options of their own; the optimizer's options stand for those left out. */
export type ParamGroupOptions<O> = { params: Tensor | Iterable<Tensor> } & Partial<O>;

/** What an optimizer updates: a module's `parameters()`, or groups of them. */
export type Parameters<O> = Iterable<Tensor> | Iterable<ParamGroupOptions<O>>;

/** A group as the optimizer holds it. Options may be changed between steps, as the schedulers do with `lr`. */
export type ParamGroup<O> = O & {
  params: Tensor[];
  /** The learning rate that a scheduler started from. */
  initialLr?: number;
};

/**
 * The base of all optimizers, as torch.optim.Optimizer: parameter groups, state, and files. An optimizer of your own
 * extends it: {@link checkOptions} refuses bad options, {@link updateGroup} does a step.
 * @see https://pytorch.org/docs/stable/optim.html#torch.optim.Optimizer
 * @example
 * ```ts
 * import { nn, noGrad, optim } from "simdgrad";
 * class SignSGD extends optim.Optimizer<{ lr: number }> {
 *   constructor(params: optim.Parameters<{ lr: number }>, lr: number) {
 *     super("SignSGD", params, { lr });
 *   }
 *   protected checkOptions(): void {}
 *   protected updateGroup({ params, lr }: optim.ParamGroup<{ lr: number }>): void {
 *     noGrad(() => {
 *       for (const param of params) if (param.grad !== null) param.sub_(param.grad.sign().mul(lr));
 *     });
 *   }
 * }
 * const optimizer = new SignSGD(new nn.Linear(2, 1).parameters(), 0.01);
 * ```
 */
export abstract class Optimizer<O extends { lr: number }> {
  private readonly groups: ParamGroup<O>[] = [];
  /** What schedulers do at the first look at the groups. */
  private waiting: (() => void)[] = [];
  /** The state of each parameter that had a gradient in a step so far. */
  readonly state = new Map<Tensor, ParamState>();

  /**
   * @param name the class's name, for errors
   * @param params a module's parameters, or groups
   * @param defaults the options that groups have unless they name others
   */
  protected constructor(
    protected readonly name: string,
    params: Parameters<O>,
    readonly defaults: Defaults<O>,
  ) {
    if (!(Symbol.iterator in params)) {
      const problem = `expected parameters or groups of them, got ${(params as object).constructor.name}`;
      throw new ValueError(name, problem, "Pass model.parameters(), or [tensor]");
    }
    if (hasRate<O>(defaults)) this.checkOptions(defaults);
    const items: (Tensor | ParamGroupOptions<O>)[] = [...params];
    const loose = items.filter((item) => item instanceof Tensor);
    const groups = items.filter((item): item is ParamGroupOptions<O> => !(item instanceof Tensor));
    if (items.length === 0) throw noParameters(name);
    if (groups.length === 0) this.addGroup(loose, {});
    else if (loose.length === 0) for (const group of groups) this.addParamGroup(group);
    else throw new ValueError(name, "expected either parameters or groups of parameters, got a mixture");
  }

  /** The groups, with their options. */
  get paramGroups(): ParamGroup<O>[] {
    const { waiting } = this;
    if (waiting.length > 0) {
      this.waiting = [];
      for (const start of waiting) start();
    }
    return this.groups;
  }

  /** Runs `start` at the first look at the groups: a scheduler's constructor cannot yet call what a subclass defines. */
  beforeLook(start: () => void): void {
    this.waiting.push(start);
  }

  /** Throws for options that make no sense. */
  protected abstract checkOptions(options: O): void;

  /** Updates the parameters of a group that have gradients. */
  protected abstract updateGroup(group: ParamGroup<O>): void;

  /**
   * Adds parameters with options of their own, as torch.optim.Optimizer.add_param_group: for layers that
   * are unfrozen later.
   * @throws GraphError for a tensor that is not a leaf, ValueError for one that is in a group already, for an option that
   * this optimizer does not have and for a value of another kind
   */
  addParamGroup(...args: [paramGroup: ParamGroupOptions<O>]): void {
    checkArguments(`${this.name}.addParamGroup`, { paramGroup: groupKind }, args);
    const { params, ...own } = args[0];
    this.addGroup(params instanceof Tensor ? [params] : [...params], own);
  }

  private addGroup(params: Tensor[], own: object): void {
    const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
    const options = { ...this.defaults, ...given };
    checkGroupOptions(this.name, options, this.defaults);
    if (!hasRate<O>(options)) {
      const problem = "expected a lr, or groups that each have their own, got none";
      throw new ValueError(this.name, problem, "Write { lr: 0.1 }");
    }
    this.checkOptions(options);
    const seen = new Set(this.paramGroups.flatMap((group) => group.params));
    for (const param of params) {
      checkParameter(this.name, param, seen);
      seen.add(param);
    }
    this.paramGroups.push({ ...options, params });
  }

  /**
   * Updates all parameters that have gradients.
   * @param closure runs first and computes the loss again, with zeroGrad and backward
   * @returns what the closure returned
   */
  step(): undefined;
  step(closure: () => Tensor): Tensor;
  step(keywords: { closure: () => Tensor }): Tensor;
  step(...args: ArgumentsOf<typeof stepCall>): Tensor | undefined {
    const closure = stepCall(...args);
    const loss = closure === null ? undefined : enableGrad(closure);
    for (const group of this.paramGroups) {
      if (!sameKind(0, group.lr)) {
        throw new ValueError(`${this.name}.step`, `expected lr to be a number, got ${shown(group.lr)}`);
      }
      this.checkGroup(group);
    }
    for (const group of this.paramGroups) this.updateGroup(group);
    return loss;
  }

  /** Throws where a step of this group would. All groups are checked before the first changes. */
  protected checkGroup(_group: ParamGroup<O>): void {}

  /**
   * Drops the gradients. Call it before each backward().
   * @param args setToNone, by position or by keyword: false fills them with zeros instead (PyTorch 1's default)
   */
  zeroGrad(...args: ArgumentsOf<typeof zeroGradCall>): void {
    const setToNone = zeroGradCall(...args);
    for (const { params } of this.paramGroups) {
      if (!setToNone) noGrad(() => params.forEach(({ gradient }) => void gradient?.zero_()));
      if (setToNone) for (const param of params) param.dropGradient();
    }
  }

  /** The names in the state of a parameter, in state dicts; null where any may be. */
  protected stateNames(_options: O): StateNames | null {
    return null;
  }

  /** Options that PyTorch writes to state dicts and that have one value here, by PyTorch's names. */
  protected fixedOptions(): Readonly<Record<string, PlainValue>> {
    return {};
  }

  private get layout(): StateLayout {
    return { fixed: this.fixedOptions(), names: (group) => this.stateNames(group as ParamGroup<O>) };
  }

  /** The state of a parameter, made at its first use. */
  protected stateOf(param: Tensor): ParamState {
    const before = this.state.get(param);
    if (before !== undefined) return before;
    const state = { step: 0, buffers: new Map<string, Tensor>() };
    this.state.set(param, state);
    return state;
  }

  /**
   * A state buffer of the parameter's shape and dtype, filled with `initial` at its first use. When the model was
   * converted since the last step, so is the buffer.
   */
  protected buffer(param: Tensor, state: ParamState, name: string, initial = 0): Tensor {
    const before = state.buffers.get(name);
    if (before !== undefined) this.checkBuffer(param, before);
    if (before?.dtype === param.dtype) return before;
    const buffer =
      before === undefined ? full(param.shape, initial, { dtype: param.dtype }) : cast(before, param.dtype);
    before?.storage.free();
    state.buffers.set(name, follow(param, keep(buffer)));
    return buffer;
  }

  /** Throws for a buffer of another shape than its parameter's, which was changed since the last step. */
  protected checkBuffer(param: Tensor, buffer: Tensor): void {
    if (sameShape(buffer.shape, param.shape)) return;
    throw new ShapeError(
      `${this.name}.step`,
      `expected a parameter of shape ${formatShape(buffer.shape)}, as in the steps before, got ${formatShape(param.shape)}`,
    );
  }

  /**
   * State and options in PyTorch's layout: `{ state: { 0: { step, exp_avg, … } }, param_groups: [{ lr, …, params: [0]
   * }] }`. The tensors are the optimizer's own, not copies.
   */
  stateDict(...args: []): OptimizerStateDict {
    checkArguments(`${this.name}.stateDict`, {}, args);
    return writeStateDict(this.paramGroups, this.state, this.layout);
  }

  /**
   * Restores a state that {@link stateDict} (or PyTorch's state_dict) returned. Tensors are copied, and converted to
   * the parameters' dtypes; options of PyTorch that do not concern results (`foreach`) are left out.
   * @throws ShapeError or ValueError, before anything is changed, when groups, options, buffers or shapes do not fit, as
   * those of another optimizer
   */
  loadStateDict(...args: [stateDict: OptimizerStateDict]): void {
    const op = `${this.name}.loadStateDict`;
    checkArguments(op, { stateDict: objectKind }, args);
    const [dict] = args;
    const { options, states } = readStateDict(op, this.paramGroups, dict, this.layout);
    const groups = [...this.paramGroups.entries()];
    for (const [i, group] of groups) this.checkOptions({ ...group, ...options[i] });
    const copies = copyStates(states);
    for (const [i, group] of groups) {
      delete group.initialLr; // as PyTorch, which takes the saved group in the place of its own
      Object.assign(group, options[i]);
    }
    replaceStates(this.state, copies, dict);
  }
}

const hasRate = <O extends { lr: number }>(options: object): options is O =>
  "lr" in options && options.lr !== undefined;

function noParameters(name: string): ValueError {
  return new ValueError(
    name,
    "expected at least one parameter, got an empty list",
    "A module finds what its constructor assigns to its own fields: a Parameter, a Module (`fc = new nn.Linear(2, 1)`) or a ModuleList; tensors and plain arrays of modules are not found",
  );
}

function checkParameter(name: string, param: unknown, seen: ReadonlySet<Tensor>): void {
  if (!(param instanceof Tensor)) throw new ValueError(name, `expected tensors as parameters, got ${typeof param}`);
  if (param.storage.freed) throw param.storage.freedError(name, "live tensors as parameters");
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
