/// <reference lib="esnext.disposable" preserve="true" />
import { addHook, type HookHandle } from "../../autograd/hooks.js";
import { isFloat } from "../../base/dtype.js";
import { ValueError } from "../../base/errors.js";
import { type ArgumentsOf, checkArguments, func, type Kind, orNull, type Spelled, text } from "../../base/signature.js";
import { keep } from "../../memory.js";
import { Tensor } from "../../methods.js";
import { freeWithFollowers } from "../../tensor/followers.js";
import { noGrad } from "../../tensor/mode.js";
import type { BackwardHook } from "./backward-hook.js";
import { stamp } from "./creation.js";
import { DeepCopy } from "./deep-copy.js";
import type { Members } from "./members.js";
import {
  bufferCall,
  bufferPathCall,
  buffersCall,
  HOOK,
  loadStateDictCall,
  namedBuffersCall,
  namedParametersCall,
  parameterCall,
  parametersCall,
  requiresGradCall,
  submoduleCall,
  toCall,
  trainCall,
  zeroGradCall,
} from "./module-calls.js";
import { ModuleParts } from "./module-parts.js";
import { Parameter } from "./parameter.js";
import { isBatchCount, stateDictDiff } from "./state-dict.js";

/** Gets the inputs and the output of a module, and may return a value that replaces the output. */
export type ForwardHook<M extends Module = Module> = (
  module: M,
  inputs: Parameters<M["forward"]>,
  output: ReturnType<M["forward"]>,
) => unknown;

/** Gets the inputs of a module, and may return an array that replaces them. */
export type ForwardPreHook<M extends Module = Module> = (
  module: M,
  inputs: Parameters<M["forward"]>,
) => Parameters<M["forward"]> | undefined;

/** Tensors by PyTorch's names: `conv1.weight`, `bn.running_mean`. */
export type StateDict = Record<string, Tensor>;

/** The keys that only one side had, from {@link Module.loadStateDict} without `strict`. */
export type LoadResult = { missingKeys: string[]; unexpectedKeys: string[] };

/** The parameters and modules of a module, as of its last look. For containers, which register theirs. */
export let membersOf: (module: Module) => Members<Module>;

/**
 * The base of all layers and models, as torch.nn.Module: assign parameters and modules as properties, define `forward`,
 * call `forward`. (The base class wraps it, be it a method or a field, so that hooks run.)
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Module.html
 * @example
 * ```ts
 * import { F, nn, rand, type Tensor } from "simdgrad";
 * class Net extends nn.Module {
 *   fc1 = new nn.Linear(4, 8);
 *   fc2 = new nn.Linear(8, 2);
 *   forward(x: Tensor): Tensor {
 *     return this.fc2.forward(F.relu(this.fc1.forward(x)));
 *   }
 * }
 * new Net().forward(rand([3, 4])).shape; // [3, 2]
 * ```
 */
export abstract class Module {
  /** Whether layers such as dropout and batch norm behave as in training. Set by {@link train} and {@link eval}. */
  training = true;
  readonly #parts: ModuleParts<Module>;

  static {
    membersOf = (module) => module.#parts.members;
  }

  constructor() {
    stamp(this);
    this.#parts = new ModuleParts<Module>(this, { isModule: moduleKind.fits, partsOf: (module) => module.#parts });
  }

  /** Computes the output. Defined by each layer and model. */
  abstract forward(...inputs: unknown[]): unknown;

  /**
   * Calls `hook` after each forward, as torch.nn.Module.register_forward_hook.
   * @param hook gets the module, the list of inputs and the output, in the types of the module's own forward
   * @returns a handle that removes it
   * @see https://pytorch.org/docs/stable/generated/torch.nn.Module.html
   */
  registerForwardHook(...args: [hook: ForwardHook<this>]): HookHandle {
    checkArguments("registerForwardHook", HOOK, args);
    this.#parts.settleForward();
    return addHook(this.#parts.hooks.after, args[0] as ForwardHook);
  }

  /**
   * Calls `hook` before each forward, as torch.nn.Module.register_forward_pre_hook.
   * @param hook gets the module and the list of inputs, in the types of the module's own forward
   * @returns a handle that removes it
   * @see https://pytorch.org/docs/stable/generated/torch.nn.Module.html
   */
  registerForwardPreHook(...args: [hook: ForwardPreHook<this>]): HookHandle {
    checkArguments("registerForwardPreHook", HOOK, args);
    this.#parts.settleForward();
    return addHook(this.#parts.hooks.before, args[0] as ForwardPreHook);
  }

  /**
   * Calls `hook` when backward() has the gradients of the module's inputs, as
   * torch.nn.Module.register_full_backward_hook. Forward has to return a tensor or an array of tensors.
   * @param hook gets the module, the gradients of the inputs and those of the outputs: an entry for each, null for what
   * is no tensor or has none. It may return gradients of the inputs, which replace those it got. A gradient is freed
   * after the pass: `clone` or `keep` it to hold it longer
   * @returns a handle that removes it
   * @see https://pytorch.org/docs/stable/generated/torch.nn.Module.html
   * @example
   * ```ts
   * import { nn, rand } from "simdgrad";
   * const layer = new nn.Linear(2, 1);
   * layer.registerFullBackwardHook((_, gradInput) => gradInput.map((grad) => grad?.clamp(-1, 1) ?? null));
   * layer.forward(rand([3, 2], { requiresGrad: true })).sum().backward();
   * ```
   */
  registerFullBackwardHook(...args: [hook: BackwardHook<this>]): HookHandle {
    checkArguments("registerFullBackwardHook", HOOK, args);
    this.#parts.settleForward();
    return addHook(this.#parts.hooks.backward, args[0] as BackwardHook<Module>);
  }

  /**
   * Sets a property that is a module, as torch.nn.Module.register_module. Its place among the others is settled by this
   * call, whatever the order in which modules were made.
   * @param name must be free
   * @param module null holds the place
   * @returns the module
   */
  registerModule<T extends Module | null>(...args: [name: string, module: T]): T {
    checkArguments("registerModule", { name: text, module: orNull(moduleKind) }, args);
    const [name, module] = args;
    this.#parts.checkName("registerModule", name, "module");
    this.#parts.members.register(name, "module", module);
    return module;
  }

  /** As {@link registerModule}, for a parameter: torch.nn.Module.register_parameter. */
  registerParameter<T extends Parameter | null>(...args: [name: string, param: T]): T {
    checkArguments("registerParameter", { name: text, param: orNull(parameterKind) }, args);
    const [name, parameter] = args;
    this.#parts.checkName("registerParameter", name, "parameter");
    this.#parts.members.register(name, "parameter", parameter);
    return parameter;
  }

  /**
   * Adds a tensor to the state that is not trained (running statistics, class weights).
   * @param name its key in the state dict; `running_mean` belongs to the property `runningMean`
   * @param tensor null has no key in the state dict
   * @param persistent false leaves it out of the state dict
   * @returns the tensor: keep it as a property. A tensor that is assigned to this property becomes the buffer
   */
  registerBuffer<T extends Tensor | null>(
    ...args: Spelled<
      [name: string, tensor: T, persistent?: boolean],
      { name?: string; tensor?: T; persistent?: boolean }
    >
  ): T {
    const { name, tensor, persistent } = bufferCall(...args);
    this.#parts.checkName("registerBuffer", name, "buffer");
    this.#parts.buffers.set(name, tensor, persistent);
    return tensor as T;
  }

  /** Direct submodules by name, each once: the properties that are modules, and what a container holds. */
  namedChildren(...args: []): [string, Module][] {
    checkArguments("namedChildren", {}, args);
    const modules = this.#parts.allMembers().modules();
    return modules.filter(([, child], i) => modules.findIndex(([, other]) => other === child) === i);
  }

  /** Direct submodules, each once. */
  children(...args: []): Module[] {
    checkArguments("children", {}, args);
    return this.namedChildren().map(([, child]) => child);
  }

  /** This module (under the empty name) and all below it, each once, by dotted path. */
  namedModules(...args: []): [string, Module][] {
    checkArguments("namedModules", {}, args);
    const out: [string, Module][] = [];
    const seen = new Set<Module>();
    const walk = (path: string, module: Module): void => {
      if (seen.has(module)) return;
      seen.add(module);
      out.push([path, module]);
      for (const [name, child] of module.namedChildren()) walk(joined(path, name), child);
    };
    walk("", this);
    return out;
  }

  /**
   * The module at a dotted path ("" is this one), as torch.nn.Module.get_submodule. Narrow it with `as nn.Linear`.
   * @throws ValueError for a path that leads nowhere
   */
  getSubmodule(...args: ArgumentsOf<typeof submoduleCall>): Module {
    const path = submoduleCall(...args);
    return this.#at("getSubmodule", "module", path, this.namedModules());
  }

  /**
   * The parameter at a dotted path, as torch.nn.Module.get_parameter.
   * @throws ValueError for a path that leads nowhere
   */
  getParameter(...args: ArgumentsOf<typeof parameterCall>): Parameter {
    const path = parameterCall(...args);
    return this.#at("getParameter", "parameter", path, this.namedParameters());
  }

  /**
   * The buffer at a dotted path, as torch.nn.Module.get_buffer.
   * @throws ValueError for a path that leads nowhere
   */
  getBuffer(...args: ArgumentsOf<typeof bufferPathCall>): Tensor {
    const path = bufferPathCall(...args);
    return this.#at("getBuffer", "buffer", path, this.namedBuffers());
  }

  #at<T>(method: string, what: string, path: string, named: readonly [string, T][]): T {
    const found = named.find(([name]) => name === path);
    if (found !== undefined) return found[1];
    const names = named.map(([name]) => JSON.stringify(name)).join(", ");
    throw new ValueError(
      `${this.constructor.name}.${method}`,
      `expected the path of a ${what} (${names}), got "${path}"`,
    );
  }

  /** This module and all below it. */
  modules(...args: []): Module[] {
    checkArguments("modules", {}, args);
    return this.namedModules().map(([, module]) => module);
  }

  /**
   * Every parameter once, by dotted path, in PyTorch's order: a module's own first, then its children's.
   * @param prefix stands before each path
   * @param recurse false leaves out the modules below
   */
  namedParameters(...args: ArgumentsOf<typeof namedParametersCall>): [string, Parameter][] {
    return this.#named(namedParametersCall(...args), (module) => module.ownParameters());
  }

  /**
   * Every parameter once. Throws when a module holds parameters where `parameters()` cannot find them.
   * @param recurse false leaves out the modules below
   */
  parameters(...args: ArgumentsOf<typeof parametersCall>): Parameter[] {
    return this.namedParameters("", parametersCall(...args)).map(([, parameter]) => parameter);
  }

  /**
   * Every buffer once, by dotted path.
   * @param prefix stands before each path
   * @param recurse false leaves out the modules below
   */
  namedBuffers(...args: ArgumentsOf<typeof namedBuffersCall>): [string, Tensor][] {
    return this.#named(namedBuffersCall(...args), (module) =>
      module.#parts.allBuffers().map(({ name, tensor }): [string, Tensor] => [name, tensor]),
    );
  }

  /**
   * Every buffer once.
   * @param recurse false leaves out the modules below
   */
  buffers(...args: ArgumentsOf<typeof buffersCall>): Tensor[] {
    return this.namedBuffers("", buffersCall(...args)).map(([, buffer]) => buffer);
  }

  #named<T>(
    { prefix, recurse }: { prefix: string; recurse: boolean },
    own: (module: Module) => [string, T][],
  ): [string, T][] {
    const modules: [string, Module][] = recurse ? this.namedModules() : [["", this]];
    const seen = new Set<T>();
    return modules
      .flatMap(([path, module]) =>
        own(module).map(([name, value]): [string, T] => [joined(prefix, joined(path, name)), value]),
      )
      .filter(([, value]) => !seen.has(value) && seen.add(value));
  }

  /** The parameters of this module alone, by name. */
  protected ownParameters(): [string, Parameter][] {
    return this.#parts.allMembers().parameters();
  }

  /** Switches this module and all below to training (or with false to evaluation). */
  train(...args: ArgumentsOf<typeof trainCall>): this {
    const on = trainCall(...args);
    for (const module of this.modules()) module.training = on;
    return this;
  }

  /** Switches to evaluation: dropout drops nothing, batch norm uses its running statistics. */
  eval(...args: []): this {
    checkArguments("eval", {}, args);
    return this.train(false);
  }

  /** Freezes (false) or unfreezes all parameters. */
  requiresGrad_(...args: ArgumentsOf<typeof requiresGradCall>): this {
    const on = requiresGradCall(...args);
    for (const parameter of this.parameters()) parameter.requiresGrad = on;
    return this;
  }

  /**
   * Sets the gradients of all parameters to null.
   * @param setToNone false fills them with zeros instead (PyTorch 1's default)
   */
  zeroGrad(...args: ArgumentsOf<typeof zeroGradCall>): void {
    const isNull = zeroGradCall(...args);
    for (const parameter of this.parameters()) {
      if (isNull) parameter.dropGradient();
      else noGrad(() => parameter.gradient?.zero_());
    }
  }

  /**
   * A copy that shares no memory with this module, as copy.deepcopy in PyTorch: parameters without their gradients,
   * buffers, `training`, hooks, and all other properties. What is shared inside of the module stays shared in the copy;
   * functions are the same in both.
   * @throws SimdgradError for a class with private #members, a `forward` that is an arrow function (it would run on
   * the original), and properties that hold objects of other classes
   * @see https://docs.python.org/3/library/copy.html#copy.deepcopy
   * @example
   * ```ts
   * import { nn } from "simdgrad";
   * const model = new nn.Linear(2, 1);
   * const average = model.clone().requiresGrad_(false);
   * ```
   */
  clone(): this {
    const copies: DeepCopy = new DeepCopy((value) =>
      value instanceof Module ? value.#parts.copy(copies, Module) : null,
    );
    return noGrad(() => copies.of("", this)) as this;
  }

  /**
   * Frees the memory of all parameters, their gradients, what optimizers hold for them, and all buffers. No scope frees
   * these, and in a synchronous loop no garbage collector does. The module is of no use afterwards, nor are tensors that
   * share its memory (those of `stateDict()`).
   *
   * `using` calls it at the end of the block, so that a loop over many models holds the memory of one.
   * @example
   * ```ts
   * import { nn, optim, rand, scope } from "simdgrad";
   * const x = rand([16, 4]);
   * const losses = [0.1, 0.01, 0.001].map((lr) => {
   *   using model = new nn.Linear(4, 1);
   *   const optimizer = new optim.Adam(model.parameters(), { lr });
   *   const step = (): number => {
   *     optimizer.zeroGrad();
   *     const loss = model.forward(x).pow(2).mean();
   *     loss.backward();
   *     optimizer.step();
   *     return loss.item();
   *   };
   *   return scope(step);
   * });
   * ```
   */
  free(): void {
    for (const parameter of this.parameters()) freeWithFollowers(parameter);
    for (const buffer of this.buffers()) freeWithFollowers(buffer);
  }

  /** Calls {@link free}. */
  [Symbol.dispose](): void {
    this.free();
  }

  /** Calls `fn` on every module, children first, as for custom initialisation. */
  apply(...args: [fn: (module: Module) => void]): this {
    checkArguments("apply", { fn: func }, args);
    const [fn] = args;
    for (const child of this.children()) child.apply(fn);
    fn(this);
    return this;
  }

  /** Converts parameters and floating-point buffers to another floating-point type, in place. */
  to(...args: ArgumentsOf<typeof toCall>): this {
    const dtype = toCall(...args);
    noGrad(() => {
      for (const tensor of [...this.parameters(), ...this.buffers()]) {
        if (!isFloat(tensor.dtype) || tensor.dtype === dtype) continue;
        tensor.dropGradient();
        tensor.setData(keep(tensor.to(dtype)));
      }
    });
    return this;
  }

  /** Converts to float32. */
  float(...args: []): this {
    checkArguments("float", {}, args);
    return this.to("float32");
  }

  /** Converts to float64. */
  double(...args: []): this {
    checkArguments("double", {}, args);
    return this.to("float64");
  }

  /**
   * Parameters and persistent buffers by PyTorch's keys; those of a shared module under each of its names. The tensors
   * share memory with the module's: clone to keep.
   */
  stateDict(...args: []): StateDict {
    checkArguments("stateDict", {}, args);
    return Object.fromEntries(this.#state("", []).map(([name, tensor]) => [name, tensor.detach()]));
  }

  /** @param around the modules that this one is inside of */
  #state(path: string, around: readonly Module[]): [string, Tensor][] {
    const buffers = this.#parts.allBuffers().filter(({ persistent }) => persistent);
    const inside = [...around, this];
    return [
      ...this.ownParameters().map(([name, parameter]): [string, Tensor] => [joined(path, name), parameter]),
      ...buffers.map(({ name, tensor }): [string, Tensor] => [joined(path, name), tensor]),
      ...this.#parts.members
        .modules()
        .filter(([, child]) => !inside.includes(child))
        .flatMap(([name, child]) => child.#state(joined(path, name), inside)),
    ];
  }

  /**
   * Copies values into parameters and buffers, by key, after a check that all fit.
   * @param strict with false, keys that only one side has are skipped and returned; shapes must still agree
   * @throws ValueError that lists each key that is missing, unexpected or of another shape
   */
  loadStateDict(...args: ArgumentsOf<typeof loadStateDictCall>): LoadResult {
    const { stateDict: state, strict } = loadStateDictCall(...args);
    const own = this.stateDict();
    const diff = stateDictDiff(own, state);
    if (diff.shapes.length > 0 || (strict && diff.missingKeys.length + diff.unexpectedKeys.length > 0)) {
      throw new ValueError(
        `${this.constructor.name}.loadStateDict`,
        `expected the keys and shapes of this module, got\n${diff.text}`,
      );
    }
    noGrad(() => {
      for (const [key, tensor] of Object.entries(own)) {
        const from = state[key];
        if (from !== undefined) tensor.copy_(from);
        else if (isBatchCount(key)) tensor.zero_();
      }
    });
    return { missingKeys: diff.missingKeys, unexpectedKeys: diff.unexpectedKeys };
  }

  /** The text between the parentheses of a layer in {@link toString}. */
  extraRepr(): string {
    return "";
  }

  /** The module as a tree, as PyTorch prints it. */
  toString(): string {
    const text = this.extraRepr();
    const extra = text === "" ? [] : text.split("\n");
    const children = this.#parts
      .allMembers()
      .modules()
      .map(([name, child]) => `(${name}): ${child.toString().replaceAll("\n", "\n  ")}`);
    const lines = [...extra, ...children];
    const single = lines.length === extra.length && extra.length < 2;
    const inner = single ? text : `\n  ${lines.join("\n  ")}\n`;
    return `${this.constructor.name}(${inner})`;
  }

  /** What console.log shows in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

export const moduleKind: Kind<Module> = {
  expected: "a module",
  fits: (value): value is Module => value instanceof Module,
  hint: (value) => (typeof value === "function" ? "Functions have module forms: nn.ReLU for F.relu" : undefined),
};

const parameterKind: Kind<Parameter> = {
  expected: "a Parameter",
  fits: (value): value is Parameter => value instanceof Parameter,
  hint: (value) => (value instanceof Tensor ? "Write new nn.Parameter(tensor)" : undefined),
};

/** A dotted path. */
const joined = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);
