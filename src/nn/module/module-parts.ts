import { SimdgradError, ValueError } from "../../base/errors.js";
import { type Frame, runningFrame } from "../../tensor/running.js";
import { Buffers } from "./buffers.js";
import { type DeepCopy, refusePrivate } from "./deep-copy.js";
import { refuseHidden } from "./hidden.js";
import { Members } from "./members.js";
import { ModuleHooks } from "./module-hooks.js";
import { Parameter } from "./parameter.js";

type Owner = { forward(...inputs: unknown[]): unknown };

/** What the class Module is to its parts. */
export type ModuleClass<M extends Owner> = {
  isModule: (value: unknown) => value is M;
  partsOf: (module: M) => ModuleParts<M>;
};

/** What a module consists of besides its properties, and the function around its forward. */
export class ModuleParts<M extends Owner> {
  readonly members: Members<M>;
  readonly buffers: Buffers;
  readonly hooks = new ModuleHooks<M>();
  private wrapper: unknown;
  /** Whether a field can replace the wrapper no more. */
  private isSettled = false;
  private hasOwnForward = false;

  constructor(
    private readonly owner: M,
    private readonly type: ModuleClass<M>,
  ) {
    this.members = new Members(owner, type.isModule);
    this.buffers = new Buffers(owner);
    this.wrapForward();
  }

  /** Puts a function around `forward` that runs hooks and notices new parameters and buffers. */
  private wrapForward(): void {
    const { owner, members, buffers, hooks } = this;
    const forward: Owner["forward"] | undefined = owner.forward;
    const run = forward ?? ((): never => this.refuseMissing());
    const wrapper = (...inputs: unknown[]): unknown => {
      if (inputs.length > run.length) refuseSurplus(owner, run, inputs.length);
      if (!(this.isSettled && members.hasParameters() && buffers.areHeld())) this.look();
      const output = hooks.isPlain ? run.apply(owner, inputs) : hooks.run(owner, run, inputs, () => this.frame());
      if (!buffers.areHeld()) buffers.look();
      return output;
    };
    this.wrapper = wrapper;
    Object.defineProperty(owner, "forward", { value: wrapper, configurable: true, enumerable: false, writable: true });
  }

  private refuseMissing(): never {
    throw new SimdgradError(this.owner.constructor.name, "expected a class that defines forward, got none");
  }

  /** Wraps a forward that is a field (`forward = (x) => …`): it has replaced the wrapper of the constructor. */
  settleForward(): void {
    if (this.isSettled) return;
    this.isSettled = true;
    if (this.owner.forward === this.wrapper) return;
    this.hasOwnForward = true;
    this.wrapForward();
  }

  /** Reads the properties. */
  look(): void {
    this.members.look();
    this.buffers.look();
    this.settleForward();
    for (const [, child] of this.members.modules()) this.type.partsOf(child).settleForward();
  }

  /** The parameters and modules. Throws for those in other values, where no optimizer finds them. */
  allMembers(): Members<M> {
    this.look();
    const isMember = (value: unknown): boolean => value instanceof Parameter || this.type.isModule(value);
    const buffers: unknown[] = this.buffers.all().map(({ tensor }) => tensor);
    for (const [name, value] of Object.entries(this.owner)) {
      if (!buffers.includes(value)) refuseHidden(`${this.owner.constructor.name}.${name}`, value, isMember);
    }
    return this.members;
  }

  allBuffers(): ReturnType<Buffers["all"]> {
    this.look();
    return this.buffers.all();
  }

  /** This module as detectAnomaly names it: `conv1: Conv2d` in the module whose property conv1 it is. */
  private frame(): Frame {
    const parent = runningFrame();
    const siblings = this.type.isModule(parent?.module) ? this.type.partsOf(parent.module).members.modulesNow() : [];
    const name = siblings.find(([, child]) => child === this.owner)?.[0];
    const kind = this.owner.constructor.name;
    return { name: name === undefined ? kind : `${name}: ${kind}`, module: this.owner, parent };
  }

  /** Throws for a name that cannot be registered as a member or a buffer. */
  checkName(method: string, name: string, kind: "parameter" | "module" | "buffer"): void {
    const op = `${this.owner.constructor.name}.${method}`;
    if (name === "" || name.includes(".")) throw new ValueError(op, `expected a name without dots, got "${name}"`);
    this.look();
    const isFree =
      kind === "buffer" ? !this.members.has(name) : this.members.isFree(name, kind) && !this.buffers.has(name);
    if (!isFree) throw new ValueError(op, `expected a name that is free, got "${name}", which the module has already`);
  }

  /** A copy of the module. @param base the class Module, whose constructor makes the copy */
  copy(copies: DeepCopy, base: object): M {
    const { owner } = this;
    const name = owner.constructor.name;
    this.look();
    refusePrivate(owner, base);
    if (this.hasOwnForward || owner.forward !== this.wrapper) {
      throw new SimdgradError(
        `${name}.clone`,
        "expected a forward that is a method, got one that is a field, which would run on the original",
        "Write forward(x) { … }",
      );
    }
    const copy: M = Reflect.construct(base as new () => M, [], owner.constructor); // runs no constructor of a subclass
    copies.note(owner, copy);
    for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      if (key === "forward") continue;
      const value = copies.of(`${name}.${key}`, property.value);
      Object.defineProperty(copy, key, "value" in property ? { ...property, value } : property);
    }
    const parts = this.type.partsOf(copy);
    this.members.copyTo(parts.members, (member) => copies.of(name, member) as typeof member);
    this.buffers.copyTo(parts.buffers, (tensor) => copies.of(name, tensor) as typeof tensor);
    this.hooks.copyTo(parts.hooks);
    return copy;
  }
}

/**
 * Throws for inputs that a forward cannot take. Its source says whether it has parameters with defaults, a rest, or
 * reads `arguments`: then it may take more than its length.
 */
function refuseSurplus(owner: Owner, forward: Owner["forward"], count: number): void {
  const source = forward.toString();
  const parameters = source.slice(0, source.indexOf(")"));
  if (/[=.{[]/.test(parameters.replace(/^[^(]*\(/, "")) || source.includes("arguments")) return;
  const kind = owner.constructor.name;
  throw new ValueError(kind, `expected ${forward.length} inputs of forward at most, got ${count}`);
}
