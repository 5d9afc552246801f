import { SimdgradError, ValueError } from "../../base/errors.js";
import { checkArguments, dimNumber, type Kind } from "../../base/signature.js";
import { Module, membersOf, moduleKind } from "./module.js";

/** A value as a module, or an error in the name of its container. */
export function checkModule<T extends Module>(owner: string, at: number | string, module: T): T {
  if (module instanceof Module) return module;
  throw new SimdgradError(
    owner,
    `expected a module at position ${at}, got ${typeof module}`,
    "Functions have module forms: nn.ReLU for F.relu",
  );
}

/** Modules in a row, numbered from 0: what Sequential and ModuleList share. */
export abstract class ModuleSequence<T extends Module = Module> extends Module {
  /** Number of modules. */
  get length(): number {
    return this.namesAndModules().length;
  }

  /** The modules with their names, in order: those that were given and those in properties of a subclass. */
  protected namesAndModules(): readonly [string, T][] {
    return membersOf(this).modulesNow() as readonly [string, T][];
  }

  /** The name and the module at a position; negative counts from the end. */
  protected entryAt(method: string, at: number): [string, T] {
    const entries = this.namesAndModules();
    const found = entries.at(at);
    if (found !== undefined) return found;
    throw new ValueError(opOf(this, method), `expected a position below ${entries.length}, got ${at}`);
  }

  /** Adds a module at the end. */
  append(...args: [module: T]): this {
    checkArguments(opOf(this, "append"), { module: moduleKind }, args);
    return addTo(this, "append", args);
  }

  /** Adds modules at the end. */
  extend(...args: [modules: Iterable<T>]): this {
    checkArguments(opOf(this, "extend"), { modules: iterable }, args);
    return addTo(this, "extend", [...args[0]]);
  }

  /** Replaces the module at a position, under the same name; negative counts from the end. */
  set(...args: [at: number, module: T]): this {
    checkArguments(opOf(this, "set"), { at: dimNumber, module: moduleKind }, args);
    const [name] = this.entryAt("set", args[0]);
    membersOf(this).set(name, args[1]);
    return this;
  }

  /**
   * Puts a module before the one at a position; those behind it move up by one number.
   * @throws ValueError for modules that have other names than 0, 1, 2 …
   */
  insert(...args: [at: number, module: T]): this {
    checkArguments(opOf(this, "insert"), { at: dimNumber, module: moduleKind }, args);
    const [at, module] = args;
    const entries = this.namesAndModules();
    const low = this.lowestInsert(entries.length);
    if (at < low || at > entries.length) {
      throw new ValueError(opOf(this, "insert"), `expected a position from ${low} to ${entries.length}, got ${at}`);
    }
    const named = entries.find(([name], i) => name !== String(i));
    if (named !== undefined) {
      throw new ValueError(
        opOf(this, "insert"),
        `expected modules that are numbered from 0, got one named ${named[0]}`,
      );
    }
    const modules = entries.map(([, other]) => other);
    modules.splice(at < 0 ? at + entries.length : at, 0, module);
    for (const [i, other] of modules.entries()) membersOf(this).set(String(i), other);
    return this;
  }

  /** The least position that `insert` takes. */
  protected lowestInsert(_length: number): number {
    return 0;
  }

  /** Removes the module at a position and returns it. As in PyTorch 1.13, all that stay are numbered from 0. */
  pop(...args: [at: number]): T {
    checkArguments(opOf(this, "pop"), { at: dimNumber }, args);
    const [removed, module] = this.entryAt("pop", args[0]);
    const members = membersOf(this);
    const rest = this.namesAndModules().filter(([name]) => name !== removed);
    for (const [name] of this.namesAndModules()) members.delete(name);
    for (const [i, [, other]] of rest.entries()) members.set(String(i), other);
    return module;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.namesAndModules()
      .map(([, module]) => module)
      [Symbol.iterator]();
  }
}

const opOf = (sequence: Module, method: string): string => `${sequence.constructor.name}.${method}`;

/** Adds modules at the end, after a check of all. */
function addTo<S extends ModuleSequence>(sequence: S, method: string, modules: readonly Module[]): S {
  const members = membersOf(sequence);
  const offset = sequence.length;
  for (const [i, module] of modules.entries()) checkModule(opOf(sequence, method), offset + i, module);
  for (const [i, module] of modules.entries()) members.set(String(offset + i), module);
  return sequence;
}

/** What a loop can go over, but for a text. */
const iterable: Kind<Iterable<unknown>> = {
  expected: "an array or another iterable",
  fits: (value): value is Iterable<unknown> => typeof value === "object" && value !== null && Symbol.iterator in value,
};
