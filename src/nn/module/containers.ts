import { SimdgradError, ValueError } from "../../base/errors.js";
import { checkArguments, dimNumber, type Kind, text } from "../../base/signature.js";
import { Tensor } from "../../methods.js";
import { iterableKind, namedKind } from "./container-kinds.js";
import { Module, membersOf, moduleKind } from "./module.js";
import { checkModule, ModuleSequence } from "./module-sequence.js";

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
export class Sequential extends ModuleSequence {
  constructor(...modules: readonly Module[] | [Readonly<Record<string, Module>>]) {
    super();
    const [first] = modules;
    const isNamed = first !== undefined && isPlainObject(first);
    const list: [string, Module][] = isNamed
      ? Object.entries(first)
      : modules.map((module, i): [string, Module] => [String(i), module as Module]);
    for (const [name, module] of list) {
      checkKey("Sequential", name);
      membersOf(this).set(name, checkModule("Sequential", name, module));
    }
  }

  /** The module at a position (negative counts from the end) or of a name. */
  get(...args: [at: number | string]): Module {
    checkArguments("Sequential.get", { at: position }, args);
    const [at] = args;
    const entries = this.namesAndModules();
    const found = typeof at === "number" ? entries.at(at) : entries.find(([name]) => name === at);
    if (found !== undefined) return found[1];
    throw new ValueError("Sequential.get", `expected one of ${entries.map(([name]) => name).join(", ")}, got ${at}`);
  }

  /**
   * The modules from `start` to before `end`, under the same names, in a Sequential of their own (whatever subclass
   * this is). It shares the modules: `net.slice(0, -1)` is the net without its last layer.
   */
  slice(...args: [start?: number, end?: number]): Sequential {
    checkArguments("Sequential.slice", RANGE, args, 0);
    const [start, end] = args;
    const out = new Sequential();
    for (const [name, module] of this.namesAndModules().slice(start, end)) membersOf(out).set(name, module);
    return out;
  }

  protected override lowestInsert(length: number): number {
    return -length;
  }

  override forward(x: Tensor): Tensor {
    let value = x;
    for (const [name, module] of this.namesAndModules()) value = forwardTensor(this, name, module, value);
    return value;
  }
}

/**
 * A list of modules that `parameters()` finds, as torch.nn.ModuleList. It has no forward.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ModuleList.html
 * @example
 * ```ts
 * import { nn } from "simdgrad";
 * const layers = new nn.ModuleList([new nn.Linear(2, 2), new nn.Linear(2, 1)]);
 * layers.insert(1, new nn.Linear(2, 2)).length; // 3
 * ```
 */
export class ModuleList<T extends Module = Module> extends ModuleSequence<T> {
  constructor(...args: [modules?: Iterable<T>]) {
    super();
    checkArguments("ModuleList", { modules: iterableKind }, args, 0);
    this.extend(args[0] ?? []);
  }

  /** The module at a position; negative counts from the end. */
  get(...args: [at: number]): T {
    checkArguments("ModuleList.get", { at: dimNumber }, args);
    return this.entryAt("get", args[0])[1];
  }

  /** The modules from `start` to before `end` in a list of their own, numbered from 0. */
  slice(...args: [start?: number, end?: number]): ModuleList<T> {
    checkArguments("ModuleList.slice", RANGE, args, 0);
    const [start, end] = args;
    return new ModuleList([...this].slice(start, end));
  }

  protected override entryAt(method: string, at: number): [string, T] {
    const [name, module] = super.entryAt(method, at);
    const number = at < 0 ? at + this.length : at;
    if (name === String(number)) return [name, module];
    throw new ValueError(
      `ModuleList.${method}`,
      `expected the position of a module in the list, got ${at}, where the property ${name} stands`,
      `Use the property ${name}`,
    );
  }

  override forward(): never {
    throw new SimdgradError("ModuleList", "has no forward", "Loop over it and call each module");
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
  constructor(...args: [modules?: NamedModules<T>]) {
    super();
    checkArguments("ModuleDict", { modules: namedKind }, args, 0);
    this.update(args[0] ?? []);
  }

  /** Number of modules. */
  get length(): number {
    return modulesOf(this).size;
  }

  /** The module of a name. */
  get(...args: [name: string]): T {
    checkArguments("ModuleDict.get", NAME, args);
    const [name] = args;
    const found = modulesOf(this).get(name);
    if (found !== undefined) return found;
    throw new ValueError("ModuleDict.get", `expected one of ${[...this.keys()].join(", ")}, got ${name}`);
  }

  /** Adds a module, or replaces the one of this name. */
  set(...args: [name: string, module: T]): this {
    checkArguments("ModuleDict.set", { ...NAME, module: moduleKind }, args);
    const [name, module] = args;
    checkKey("ModuleDict.set", name);
    membersOf(this).set(name, module);
    return this;
  }

  /** Whether there is a module of this name. */
  has(...args: [name: string]): boolean {
    checkArguments("ModuleDict.has", NAME, args);
    return modulesOf(this).has(args[0]);
  }

  /** Removes a module and returns it. */
  pop(...args: [name: string]): T {
    checkArguments("ModuleDict.pop", NAME, args);
    const [name] = args;
    const found = this.get(name);
    membersOf(this).delete(name);
    return found;
  }

  /** Removes all modules. */
  clear(): void {
    for (const name of this.keys()) membersOf(this).delete(name);
  }

  /** Adds modules, replacing those of the same names. */
  update(...args: [modules: NamedModules<T>]): this {
    checkArguments("ModuleDict", { modules: namedKind }, args);
    const [modules] = args;
    const pairs = Symbol.iterator in modules ? (modules as Iterable<readonly [string, T]>) : Object.entries(modules);
    for (const [name, module] of pairs) this.set(name, module);
    return this;
  }

  /** The names, in order. */
  keys(): IterableIterator<string> {
    return modulesOf(this).keys();
  }

  /** The modules, in order. */
  values(): IterableIterator<T> {
    return modulesOf(this).values();
  }

  /** Pairs of name and module, in order. */
  items(): IterableIterator<[string, T]> {
    return modulesOf(this).entries();
  }

  override forward(): never {
    throw new SimdgradError("ModuleDict", "has no forward", "Call the module that get(name) gives");
  }

  /** The names, as in PyTorch. */
  [Symbol.iterator](): Iterator<string> {
    return this.keys();
  }
}

const NAME = { name: text };
const RANGE = { start: dimNumber, end: dimNumber };

/** A position or a name. */
const position: Kind<number | string> = {
  expected: "a whole number or a name",
  fits: (value): value is number | string => typeof value === "string" || Number.isSafeInteger(value),
};

function checkKey(op: string, name: string): void {
  if (name === "" || name.includes(".")) throw new ValueError(op, `expected a name without dots, got "${name}"`);
}

/** The modules of a dict by name: those that were given and those in properties of a subclass. */
function modulesOf<T extends Module>(dict: ModuleDict<T>): Map<string, T> {
  return new Map(membersOf(dict).modulesNow() as readonly [string, T][]);
}

const isPlainObject = (value: Module | Readonly<Record<string, Module>>): value is Readonly<Record<string, Module>> =>
  Object.getPrototypeOf(value) === Object.prototype;
