import { ValueError } from "../../base/errors.js";
import { Tensor } from "../../methods.js";
import { timeOf } from "./creation.js";
import { Parameter } from "./parameter.js";

/** A parameter or a module (or null, which keeps its place) of a name. */
type Entry<M> = { kind: "parameter" | "module"; value: Parameter | M | null; isProperty: boolean };

/** A value and the property that holds it. */
export type Held<T> = { readonly name: string; readonly value: T };

/** How errors name what a property may hold. */
const EXPECTED = { parameter: "a Parameter or null", module: "a module or null" };

const described = (value: unknown): string =>
  value instanceof Tensor ? "a tensor that is no Parameter" : typeof value === "object" ? "an object" : typeof value;

/** Whether each property still holds its value. */
export function areHeld(owner: Record<string, unknown>, held: readonly Held<unknown>[]): boolean {
  for (let i = 0; i < held.length; i++) if (owner[held[i]!.name] !== held[i]!.value) return false;
  return true;
}

/**
 * The parameters and modules of a module by name, in the order of assignment, as `_parameters` and `_modules` of
 * PyTorch. Most are properties of the module; containers register theirs under names that are no properties.
 *
 * Properties are read at each look. The place of a name is settled at the first look that sees it: those seen together
 * stand in the order in which their values were made, whatever the order of the properties is. (It may be that of the
 * declarations, depending on TypeScript's target.) Values made before the module stay in the order of the properties.
 */
export class Members<M extends object> {
  readonly #entries = new Map<string, Entry<M>>();
  /** Parameters and modules in properties, as of the last look, for checks in each forward; null: look first. */
  #parameters: Held<Parameter>[] | null = null;
  #modules: { all: [string, M][]; properties: Held<M>[]; count: number } | null = null;
  readonly #owner: Record<string, unknown> & object;
  readonly #isModule: (value: unknown) => value is M;

  constructor(owner: object, isModule: (value: unknown) => value is M) {
    this.#owner = owner as Record<string, unknown>;
    this.#isModule = isModule;
  }

  /** Brings the entries up to date with the properties. @throws ValueError for a property that lost its kind */
  look(): void {
    const start = timeOf(this.#owner);
    const fresh: [string, Parameter | M, number][] = [];
    for (const [name, value] of Object.entries(this.#owner)) {
      const known = this.#entries.get(name);
      const kind = this.#kindOf(value);
      if (this.#isMember(value) && known?.kind === kind) Object.assign(known, { value, isProperty: true });
      else if (this.#isMember(value) && !(known?.isProperty && kind === "module")) {
        fresh.push([name, value, Math.max(start, timeOf(value))]);
      } else if (known?.isProperty) this.#vacate(name, known, value);
    }
    for (const [name, { isProperty }] of this.#entries) {
      if (isProperty && !Object.hasOwn(this.#owner, name)) this.#entries.delete(name);
    }
    fresh.sort((a, b) => a[2] - b[2]);
    for (const [name, value] of fresh) this.#add(name, value, true);
    this.#parameters = this.#inProperties(this.parameters());
    this.#modules = null;
  }

  #inProperties<T>(named: readonly [string, T][]): Held<T>[] {
    return named.flatMap(([name, value]) => (this.#entries.get(name)!.isProperty ? [{ name, value }] : []));
  }

  /** Whether the properties hold the parameters that the last look saw. */
  hasParameters(): boolean {
    return this.#parameters !== null && areHeld(this.#owner, this.#parameters);
  }

  /** As {@link modules} after a look, but fast when nothing has changed. */
  modulesNow(): readonly [string, M][] {
    const last = this.#modules;
    const count = Object.keys(this.#owner).length;
    if (last !== null && last.count === count && areHeld(this.#owner, last.properties)) return last.all;
    this.look();
    const all = this.modules();
    this.#modules = { all, properties: this.#inProperties(all), count };
    return all;
  }

  #isMember(value: unknown): value is Parameter | M {
    return value instanceof Parameter || this.#isModule(value);
  }

  #kindOf(value: unknown): Entry<M>["kind"] | null {
    return value instanceof Parameter ? "parameter" : this.#isModule(value) ? "module" : null;
  }

  /** The property holds neither a parameter nor a module any more. */
  #vacate(name: string, entry: Entry<M>, value: unknown): void {
    if (value !== null && value !== undefined) {
      throw new ValueError(
        `${this.#owner.constructor.name}.${name}`,
        `expected ${EXPECTED[entry.kind]}, got ${described(value)}`,
        entry.kind === "parameter"
          ? "Write new nn.Parameter(tensor), or noGrad(() => parameter.copy_(tensor)) to change the values"
          : undefined,
      );
    }
    entry.value = null;
  }

  #add(name: string, value: Parameter | M, isProperty: boolean): void {
    this.#modules = null;
    this.#entries.delete(name);
    this.#entries.set(name, { kind: value instanceof Parameter ? "parameter" : "module", value, isProperty });
  }

  /** Puts a value under a name: in its place if there is one, or else at the end. */
  set(name: string, value: Parameter | M): void {
    this.look();
    const known = this.#entries.get(name);
    this.#modules = null;
    if (known?.isProperty) this.#owner[name] = value;
    if (known !== undefined && known.kind === this.#kindOf(value)) known.value = value;
    else this.#add(name, value, false);
  }

  /** Sets a property, as {@link set} if there is a value; null holds the place. */
  register(name: string, kind: Entry<M>["kind"], value: Parameter | M | null): void {
    this.look();
    this.#modules = null;
    this.#parameters = null;
    this.#owner[name] = value;
    const known = this.#entries.get(name);
    if (known?.kind === kind) Object.assign(known, { value, isProperty: true });
    else this.#entries.set(name, { kind, value, isProperty: true });
  }

  /** Whether a name is free for a property of a kind: no other property or method has it. */
  isFree(name: string, kind: Entry<M>["kind"]): boolean {
    const known = this.#entries.get(name);
    if (known !== undefined) return known.kind === kind;
    const value = this.#owner[name];
    return value === undefined || (value === null && Object.hasOwn(this.#owner, name));
  }

  /** Takes a name out, and the property if it is one. */
  delete(name: string): void {
    this.#modules = null;
    if (this.#entries.get(name)?.isProperty) delete this.#owner[name];
    this.#entries.delete(name);
  }

  /** Whether a parameter or a module has, or had, the name. */
  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The modules, those that are null left out. */
  modules(): [string, M][] {
    return [...this.#entries].flatMap(([name, { value }]): [string, M][] =>
      this.#isModule(value) ? [[name, value]] : [],
    );
  }

  /** The parameters, those that are null left out. */
  parameters(): [string, Parameter][] {
    return [...this.#entries].flatMap(([name, { value }]): [string, Parameter][] =>
      value instanceof Parameter ? [[name, value]] : [],
    );
  }

  /** The parameters that a container registered, up to date. */
  registered(): [string, Parameter][] {
    this.look();
    return this.parameters().filter(([name]) => !this.#entries.get(name)!.isProperty);
  }

  /** Enters copies of all members into those of a copied module, whose properties are copied already. */
  copyTo(other: Members<M>, copy: (value: Parameter | M) => Parameter | M): void {
    for (const [name, { kind, value, isProperty }] of this.#entries) {
      other.#entries.set(name, { kind, value: value === null ? null : copy(value), isProperty });
    }
  }
}
