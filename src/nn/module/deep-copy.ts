import { GraphError, SimdgradError } from "../../base/errors.js";
import { keep } from "../../memory.js";
import { Tensor } from "../../methods.js";
import { clone } from "../../ops/layout/copy.js";
import { Parameter } from "./parameter.js";

/** Copies values of one model: each object once, so that what is shared stays shared. */
export class DeepCopy {
  readonly #copies = new Map<object, object>();

  /** @param copyModule copies a module (and calls {@link note}), or returns null for a value that is none */
  constructor(private readonly copyModule: (value: object) => object | null) {}

  /** Says what the copy of an object is, before its parts are copied. */
  note<T extends object>(original: object, copy: T): T {
    this.#copies.set(original, copy);
    return copy;
  }

  /**
   * The copy of a value. Functions are shared, as in PyTorch.
   * @param where names the value in errors
   */
  of(where: string, value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    return this.#copies.get(value) ?? this.copyModule(value) ?? this.#ofData(where, value);
  }

  #ofData(where: string, value: object): object {
    if (value instanceof Tensor) return this.note(value, copyTensor(where, value));
    if (ArrayBuffer.isView(value) || value instanceof Date) return this.note(value, structuredClone(value));
    if (Array.isArray(value)) {
      const copy: unknown[] = this.note(value, []);
      for (const item of value) copy.push(this.of(where, item));
      return copy;
    }
    if (value instanceof Set) {
      const copy = this.note(value, new Set<unknown>());
      for (const item of value) copy.add(this.of(where, item));
      return copy;
    }
    if (value instanceof Map) {
      const copy = this.note(value, new Map<unknown, unknown>());
      for (const [key, item] of value) copy.set(this.of(where, key), this.of(where, item));
      return copy;
    }
    return this.#ofPlainObject(where, value);
  }

  #ofPlainObject(where: string, value: object): object {
    const prototype: object | null = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype) {
      throw new SimdgradError(
        where,
        `expected numbers, text, tensors, modules, functions, or arrays, plain objects, Maps and Sets of them, got an object of ${value.constructor.name}`,
        "Define clone() in your class",
      );
    }
    const copy: object = this.note(value, Object.create(prototype));
    for (const [key, item] of Object.entries(value)) Reflect.set(copy, key, this.of(where, item));
    return copy;
  }
}

/** As copy.deepcopy in PyTorch: a parameter comes without its gradient, another tensor with it. */
function copyTensor(where: string, tensor: Tensor): Tensor {
  if (!tensor.isLeaf) {
    throw new GraphError(where, "expected a leaf, got the result of an operation", "Keep x.detach() in the module");
  }
  if (tensor instanceof Parameter) return new Parameter(clone(tensor), tensor.requiresGrad);
  const copy = clone(tensor);
  if (tensor.storage.kept) keep(copy);
  copy.requiresGrad = tensor.requiresGrad;
  if (tensor.gradient !== null) copy.grad = clone(tensor.gradient);
  return copy;
}

/** What the source of a class has if its objects have private members, which no other code can copy. */
const PRIVATE = /\.#[A-Za-z_$]|__classPrivateField|__private(?:Get|Set|Add|Method)\b/;

/** Throws for a class between a module's own and `base` with private members. */
export function refusePrivate(module: object, base: object): void {
  for (let type = module.constructor; type !== base; type = Object.getPrototypeOf(type)) {
    if (PRIVATE.test(String(type))) {
      throw new SimdgradError(
        `${module.constructor.name}.clone`,
        `expected a class whose fields can be copied, got private #members in ${type.name}`,
        "Make them `private` fields without #, or define clone() in your class",
      );
    }
  }
}
