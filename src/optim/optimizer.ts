import { isFloat } from "../base/dtype.js";
import { DtypeError, formatShape, GraphError, ShapeError, ValueError } from "../base/errors.js";
import { sameShape } from "../base/shape.js";
import {
  type ArgumentsOf,
  boolean,
  checkArguments,
  define,
  func,
  type Kind,
  nearest,
  shown,
} from "../base/signature.js";
import { keep } from "../memory.js";
import { Tensor } from "../methods.js";
import { cast } from "../ops/layout/copy.js";
import { full } from "../ops/layout/factories.js";
import { follow } from "../tensor/followers.js";
import { enableGrad, noGrad } from "../tensor/mode.js";
import {
  type OptimizerStateDict,
  type ParamState,
  readStateDict,
  replaceStates,
  writeStateDict,
} from "./optimizer-state.js";
import { objectKind } from "./scheduler-state.js";
import { kindName, sameKind } from "./state-kinds.js";

/** Parameters with options of their own; the optimizer's options stand for those left out. */
export type ParamGroupOptions<O> = { params: Iterable<Tensor> } & Partial<O>;

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
    if (groups.length === 0) this.addParamGroup({ params: loose, ...this.defaults });
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
   * @throws GraphError for a tensor that is not a leaf, ValueError for one that is in a group already
   */
  addParamGroup(...args: [paramGroup: ParamGroupOptions<O>]): void {
    checkArguments(`${this.name}.addParamGroup`, { paramGroup: groupKind }, args);
    const { params: given, ...own } = args[0];
    checkGroupOptions(this.name, own, this.defaults);
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
   * @param closure runs first and computes the loss again, with zeroGrad and backward
   * @returns what the closure returned
   */
  step(): undefined;
  step(closure: () => Tensor): Tensor;
  step(...args: [closure?: () => Tensor]): Tensor | undefined {
    if (args.length > 0) checkArguments(`${this.name}.step`, { closure: func }, args, 0);
    const [closure] = args;
    const loss = closure === undefined ? undefined : enableGrad(closure);
    for (const group of this.paramGroups) this.updateGroup(group);
    return loss;
  }

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

  /** The buffers of a parameter by name, and whether each is there after a step; null where this class cannot tell. */
  protected bufferNames(_options: O): ReadonlyMap<string, boolean> | null {
    return null;
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
    state.buffers.set(name, follow(param, keep(buffer)));
    return buffer;
  }

  /**
   * State and options in PyTorch's layout: `{ state: { 0: { step, exp_avg, … } }, param_groups: [{ lr, …, params: [0]
   * }] }`. The tensors are the optimizer's own, not copies.
   */
  stateDict(): OptimizerStateDict {
    return writeStateDict(this.paramGroups, this.state);
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
    const { options, states } = readStateDict(op, this.paramGroups, dict, (group) =>
      this.bufferNames(group as ParamGroup<O>),
    );
    for (const [i, group] of this.paramGroups.entries()) this.checkOptions({ ...group, ...options[i] });
    for (const [i, group] of this.paramGroups.entries()) Object.assign(group, options[i]);
    replaceStates(this.state, states, dict);
  }
}

const zeroGradCall = define("zeroGrad", { setToNone: boolean }, (setToNone: boolean = true) => setToNone);

const groupKind: Kind<{ params: Iterable<Tensor> }> = {
  expected: "an object of params and options",
  fits: (value): value is { params: Iterable<Tensor> } => {
    if (typeof value !== "object" || value === null || !("params" in value)) return false;
    return typeof value.params === "object" && value.params !== null && Symbol.iterator in value.params;
  },
};

/** Throws for an option that the optimizer does not have, and for a value of another kind than the default's. */
function checkGroupOptions(name: string, own: object, defaults: object): void {
  const known = Object.keys(defaults);
  for (const [option, value] of Object.entries(own)) {
    if (option === "initialLr" || value === undefined) continue;
    if (!Object.hasOwn(defaults, option)) {
      const meant = nearest(option, known);
      throw new ValueError(name, `expected options of ${known.join(", ")}, got ${option}`, meant && `Use ${meant}`);
    }
    const standard: unknown = Reflect.get(defaults, option);
    if (!sameKind(standard, value)) {
      throw new ValueError(name, `expected ${option} to be ${kindName(standard)}, got ${shown(value)}`);
    }
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
