import { SimdgradError, ValueError } from "../../base/errors.js";
import { Tensor } from "../../methods.js";
import { Module } from "./module.js";

/** Runs a module on a tensor, and throws unless it returns a tensor. */
function forwardTensor(owner: Module, name: string, module: Module, x: Tensor): Tensor {
  const out = module.forward(x);
  if (out instanceof Tensor) return out;
  throw new SimdgradError(
    owner.constructor.name,
    `expected a tensor from (${name}) ${module.constructor.name}, got ${typeof out}`,
  );
}

/**
 * Modules that run one after the other, as torch.nn.Sequential: positional (`0.weight` in the state dict) or named.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Sequential.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.Sequential(new nn.Linear(2, 8), new nn.ReLU(), new nn.Linear(8, 1)).forward(rand([5, 2]));
 * new nn.Sequential({ lin1: new nn.Linear(2, 2), act1: new nn.Sigmoid() }).get("lin1");
 * ```
 */
export class Sequential extends Module {
  readonly #modules: [string, Module][];

  constructor(...modules: readonly Module[] | [Readonly<Record<string, Module>>]) {
    super();
    const [first] = modules;
    const named = first !== undefined && Object.getPrototypeOf(first) === Object.prototype;
    const list = named ? Object.entries(first) : modules.map((module, i): [string, unknown] => [String(i), module]);
    this.#modules = list.map(([name, module]) => [name, checkModule("Sequential", name, module)]);
  }

  /** Number of modules. */
  get length(): number {
    return this.#modules.length;
  }

  /** The module at a position (negative counts from the end) or of a name. */
  get(at: number | string): Module {
    const found = typeof at === "number" ? this.#modules.at(at) : this.#modules.find(([name]) => name === at);
    if (found === undefined)
      throw new ValueError(
        "Sequential.get",
        `expected one of ${this.#modules.map(([name]) => name).join(", ")}, got ${at}`,
      );
    return found[1];
  }

  /** Adds a module at the end. */
  append(module: Module): this {
    this.#modules.push([String(this.#modules.length), checkModule("Sequential", this.length, module)]);
    return this;
  }

  override namedChildren(): [string, Module][] {
    return [...this.#modules];
  }

  override forward(x: Tensor): Tensor {
    return this.#modules.reduce((value, [name, module]) => forwardTensor(this, name, module, value), x);
  }

  [Symbol.iterator](): Iterator<Module> {
    return this.#modules.map(([, module]) => module)[Symbol.iterator]();
  }
}

/**
 * A list of modules that `parameters()` finds, as torch.nn.ModuleList. It has no forward.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ModuleList.html
 */
export class ModuleList<T extends Module = Module> extends Module {
  readonly #modules: T[] = [];

  constructor(modules: Iterable<T> = []) {
    super();
    for (const module of modules) this.append(module);
  }

  /** Number of modules. */
  get length(): number {
    return this.#modules.length;
  }

  /** The module at a position; negative counts from the end. */
  get(at: number): T {
    const found = this.#modules.at(at);
    if (found === undefined)
      throw new ValueError("ModuleList.get", `expected a position below ${this.length}, got ${at}`);
    return found;
  }

  /** Adds a module at the end. */
  append(module: T): this {
    checkModule("ModuleList", this.length, module);
    this.#modules.push(module);
    return this;
  }

  override namedChildren(): [string, Module][] {
    return this.#modules.map((module, i) => [String(i), module]);
  }

  override forward(): never {
    throw new SimdgradError("ModuleList", "has no forward", "Loop over it and call each module");
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#modules[Symbol.iterator]();
  }
}

/** Modules by name: an object, or pairs such as those of a Map. */
export type NamedModules<T extends Module> = Readonly<Record<string, T>> | Iterable<readonly [string, T]>;

/**
 * Modules by name that `parameters()` finds, as torch.nn.ModuleDict, in the order of insertion. It has no forward.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ModuleDict.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * const choices = new nn.ModuleDict<nn.ReLU | nn.Tanh>({ relu: new nn.ReLU(), tanh: new nn.Tanh() });
 * choices.get("tanh").forward(rand([3]));
 * ```
 */
export class ModuleDict<T extends Module = Module> extends Module {
  readonly #modules = new Map<string, T>();

  constructor(modules: NamedModules<T> = []) {
    super();
    this.update(modules);
  }

  /** Number of modules. */
  get length(): number {
    return this.#modules.size;
  }

  /** The module of a name. */
  get(name: string): T {
    const found = this.#modules.get(name);
    if (found !== undefined) return found;
    throw new ValueError("ModuleDict.get", `expected one of ${[...this.keys()].join(", ")}, got ${name}`);
  }

  /** Adds a module, or replaces the one of this name. */
  set(name: string, module: T): this {
    if (name === "" || name.includes(".")) {
      throw new ValueError("ModuleDict", `expected a name without dots, got "${name}"`);
    }
    checkModule("ModuleDict", name, module);
    this.#modules.set(name, module);
    return this;
  }

  /** Whether there is a module of this name. */
  has(name: string): boolean {
    return this.#modules.has(name);
  }

  /** Removes a module and returns it. */
  pop(name: string): T {
    const found = this.get(name);
    this.#modules.delete(name);
    return found;
  }

  /** Removes all modules. */
  clear(): void {
    this.#modules.clear();
  }

  /** Adds modules, replacing those of the same names. */
  update(modules: NamedModules<T>): this {
    const pairs = Symbol.iterator in modules ? (modules as Iterable<readonly [string, T]>) : Object.entries(modules);
    for (const [name, module] of pairs) this.set(name, module);
    return this;
  }

  /** The names, in order. */
  keys(): IterableIterator<string> {
    return this.#modules.keys();
  }

  /** The modules, in order. */
  values(): IterableIterator<T> {
    return this.#modules.values();
  }

  /** Pairs of name and module, in order. */
  items(): IterableIterator<[string, T]> {
    return this.#modules.entries();
  }

  override namedChildren(): [string, Module][] {
    return [...this.#modules];
  }

  override forward(): never {
    throw new SimdgradError("ModuleDict", "has no forward", "Call the module that get(name) gives");
  }

  /** The names, as in PyTorch. */
  [Symbol.iterator](): Iterator<string> {
    return this.keys();
  }
}

function checkModule(owner: string, at: number | string, module: unknown): Module {
  if (module instanceof Module) return module;
  throw new SimdgradError(
    owner,
    `expected a module at position ${at}, got ${typeof module}`,
    "Functions have module forms: nn.ReLU for F.relu",
  );
}
