import { SimdgradError, ValueError } from "../../base/errors.js";
import { checkArguments } from "../../base/signature.js";
import { Tensor } from "../../methods.js";
import { iterableKind, namedKind } from "./container-kinds.js";
import { Module, membersOf } from "./module.js";
import { Parameter } from "./parameter.js";

/** A value as a parameter: tensors become parameters, as in PyTorch. */
function parameterOf(owner: string, at: number | string, value: unknown): Parameter {
  if (value instanceof Parameter) return value;
  if (value instanceof Tensor) return new Parameter(value);
  throw new SimdgradError(owner, `expected a tensor at ${JSON.stringify(at)}, got ${typeof value}`);
}

/** The values of a list or dict by name: those that were given, without those in properties of a subclass. */
const namedValuesOf = (container: Module): Map<string, Parameter> => new Map(membersOf(container).registered());

const valuesOf = (list: Module): Parameter[] => [...namedValuesOf(list).values()];

/** A position of a list, counted from the start. */
function positionIn(list: ParameterList, method: string, at: number): number {
  if (Number.isInteger(at) && at >= -list.length && at < list.length) return at < 0 ? at + list.length : at;
  throw new ValueError(`ParameterList.${method}`, `expected a position below ${list.length}, got ${at}`);
}

/** A line of the printed container. */
const line = (at: number | string, type: string, { shape }: Parameter): string =>
  `  (${at}): Parameter containing: [${type} of size ${shape.join("x")}]`;

/**
 * A list of parameters that `parameters()` finds, as torch.nn.ParameterList: `0`, `1` … in the state dict. It has no
 * forward.
 * @param values tensors, which become parameters
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ParameterList.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.ParameterList([rand([2, 3]), rand([3])]).get(-1).shape; // [3]
 * ```
 */
export class ParameterList extends Module {
  constructor(...args: [values?: Iterable<Tensor>]) {
    super();
    checkArguments("ParameterList", { values: iterableKind }, args, 0);
    this.extend(args[0] ?? []);
  }

  /** Number of parameters. */
  get length(): number {
    return valuesOf(this).length;
  }

  /** The parameter at a position; negative counts from the end. */
  get(at: number): Parameter {
    return valuesOf(this)[positionIn(this, "get", at)]!;
  }

  /** Replaces the parameter at a position. */
  set(at: number, value: Tensor): this {
    const name = String(positionIn(this, "set", at));
    membersOf(this).set(name, parameterOf("ParameterList.set", at, value));
    return this;
  }

  /** Adds a parameter at the end. */
  append(value: Tensor): this {
    membersOf(this).set(String(this.length), parameterOf("ParameterList", this.length, value));
    return this;
  }

  /** Adds parameters at the end. */
  extend(...args: [values: Iterable<Tensor>]): this {
    checkArguments("ParameterList", { values: iterableKind }, args);
    const [values] = args;
    for (const value of values) this.append(value);
    return this;
  }

  override forward(): never {
    throw new SimdgradError("ParameterList", "has no forward", "Use its parameters");
  }

  override extraRepr(): string {
    return valuesOf(this)
      .map((value, i) => line(i, `torch.${value.dtype}`, value))
      .join("\n");
  }

  [Symbol.iterator](): Iterator<Parameter> {
    return valuesOf(this)[Symbol.iterator]();
  }
}

/** PyTorch's names of the classes of tensors. */
const TYPES = { bool: "Bool", uint8: "Byte", int32: "Int", float32: "Float", float64: "Double" } as const;

/** Parameters by name: an object, whose names are sorted as in PyTorch, or pairs, whose order stays. */
export type NamedTensors = Readonly<Record<string, Tensor>> | Iterable<readonly [string, Tensor]>;

/**
 * Parameters by name that `parameters()` finds, as torch.nn.ParameterDict. It has no forward.
 * @param values an object, whose names are sorted as PyTorch 1.13 sorts those of a dict, or pairs as of a Map, whose
 * order stays; tensors become parameters
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ParameterDict.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * new nn.ParameterDict({ left: rand([2]), right: rand([3]) }).get("right").shape; // [3]
 * ```
 */
export class ParameterDict extends Module {
  constructor(...args: [values?: NamedTensors]) {
    super();
    checkArguments("ParameterDict", { values: namedKind }, args, 0);
    this.update(args[0] ?? []);
  }

  /** Number of parameters. */
  get length(): number {
    return namedValuesOf(this).size;
  }

  /** The parameter of a name. */
  get(name: string): Parameter {
    const found = namedValuesOf(this).get(name);
    if (found !== undefined) return found;
    throw new ValueError("ParameterDict.get", `expected one of ${[...this.keys()].join(", ")}, got ${name}`);
  }

  /** Adds a parameter, or replaces the one of this name. */
  set(name: string, value: Tensor): this {
    if (name === "" || name.includes(".")) {
      throw new ValueError("ParameterDict", `expected a name without dots, got "${name}"`);
    }
    membersOf(this).set(name, parameterOf("ParameterDict", name, value));
    return this;
  }

  /** Whether there is a parameter of this name. */
  has(name: string): boolean {
    return namedValuesOf(this).has(name);
  }

  /** Removes a parameter and returns it. */
  pop(name: string): Parameter {
    const found = this.get(name);
    membersOf(this).delete(name);
    return found;
  }

  /** Removes all parameters. */
  clear(): void {
    for (const name of this.keys()) membersOf(this).delete(name);
  }

  /** Adds parameters, replacing those of the same names. */
  update(...args: [values: NamedTensors]): this {
    checkArguments("ParameterDict", { values: namedKind }, args);
    const [values] = args;
    const pairs =
      Symbol.iterator in values
        ? (values as Iterable<readonly [string, Tensor]>)
        : Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [name, value] of pairs) this.set(name, value);
    return this;
  }

  /** The names, in order. */
  keys(): IterableIterator<string> {
    return namedValuesOf(this).keys();
  }

  /** The parameters, in order. */
  values(): IterableIterator<Parameter> {
    return namedValuesOf(this).values();
  }

  /** Pairs of name and parameter, in order. */
  items(): IterableIterator<[string, Parameter]> {
    return namedValuesOf(this).entries();
  }

  override forward(): never {
    throw new SimdgradError("ParameterDict", "has no forward", "Use its parameters");
  }

  override extraRepr(): string {
    return [...namedValuesOf(this)]
      .map(([name, value]) => line(name, `torch.${TYPES[value.dtype]}Tensor`, value))
      .join("\n");
  }

  /** The names, as in PyTorch. */
  [Symbol.iterator](): Iterator<string> {
    return this.keys();
  }
}
