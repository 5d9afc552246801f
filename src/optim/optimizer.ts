import { isFloat } from "../base/dtype.js";
import { DtypeError, formatShape, GraphError, ShapeError, ValueError } from "../base/errors.js";
import { sameShape } from "../base/shape.js";
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
  /** The groups, with their options. */
  readonly paramGroups: ParamGroup<O>[] = [];
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

  /** Throws for options that make no sense. */
  protected abstract checkOptions(options: O): void;

  /** Updates the parameters of a group that have gradients. */
  protected abstract updateGroup(group: ParamGroup<O>): void;

  /**
   * Adds parameters with options of their own, as torch.optim.Optimizer.add_param_group: for layers that
   * are unfrozen later.
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
   * @param closure runs first and computes the loss again, with zeroGrad and backward
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
   * Drops the gradients. Call it before each backward().
   * @param options `setToNone: false` fills them with zeros instead (PyTorch 1's default)
   */
  zeroGrad(options: { setToNone?: boolean } = {}): void {
    for (const { params } of this.paramGroups) {
      if (options.setToNone === false) noGrad(() => params.forEach(({ gradient }) => void gradient?.zero_()));
      if (options.setToNone !== false) for (const param of params) param.dropGradient();
    }
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
   * the parameters' dtypes; options that this optimizer does not have are ignored.
   * @throws ShapeError or ValueError, before anything is changed, when groups or shapes do not fit
   */
  loadStateDict(dict: OptimizerStateDict): void {
    const { options, states } = readStateDict(`${this.name}.loadStateDict`, this.paramGroups, dict);
    for (const [i, group] of this.paramGroups.entries()) this.checkOptions({ ...group, ...options[i] });
    for (const [i, group] of this.paramGroups.entries()) Object.assign(group, options[i]);
    replaceStates(this.state, states, dict);
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
