import { SimdgradError, ValueError } from "../base/errors.js";
import { Tensor } from "../tensor.js";
import { Module } from "./module.js";

/** Runs a module on a tensor and insists that a tensor comes out. */
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
 * A list of modules that `parameters()` finds, as torch.nn.ModuleList. It has no forward of its own.
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

function checkModule(owner: string, at: number | string, module: unknown): Module {
  if (module instanceof Module) return module;
  throw new SimdgradError(
    owner,
    `expected a module at position ${at}, got ${typeof module}`,
    "Functions have module forms: nn.ReLU for F.relu",
  );
}
