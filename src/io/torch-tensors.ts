import { FileError } from "../base/errors.js";
import type { Callable, PickleTable } from "../formats/pickle/read-pickle.js";
import { Tensor } from "../methods.js";
import type { Fail } from "./element-types.js";
import { type StorageType, storageTypes } from "./torch-storage.js";

// The objects that pickles of torch.save may build: tensors over storages, and plain containers.

/** A storage that a pickle refers to. Its bytes come later. */
export class PendingStorage {
  constructor(
    readonly key: string,
    readonly type: StorageType,
    /** Elements. */
    readonly size: number,
  ) {}
}

/** A tensor that a pickle describes. */
export class PendingTensor {
  constructor(
    readonly storage: PendingStorage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** A name without a meaning here (a dtype), as a text. */
const text = (name: string): { value: string } => ({ value: name });

const isSize = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
const isPair = (value: unknown): value is [unknown, unknown] => Array.isArray(value) && value.length === 2;
const isSizes = (value: unknown): value is number[] => Array.isArray(value) && value.every(isSize);

/** The names that a file of torch.save may use, and the storages that it refers to. */
export class TorchTable implements PickleTable {
  /** By key. */
  readonly storages = new Map<string, PendingStorage>();

  constructor(
    readonly op: string,
    readonly name: string,
  ) {}

  fail(problem: string): FileError {
    return new FileError(this.op, `${this.name}: ${problem}`);
  }

  find(module: string, name: string): { call: Callable } | { value: unknown } | undefined {
    if (module === "collections" && name === "OrderedDict") return { call: (args) => this.#dict(args) };
    if (module === "collections" && name === "Counter") {
      return { call: ([counts]) => (counts instanceof Map ? new Map(counts) : this.#refuse("an odd Counter")) };
    }
    if (name === "set" && (module === "builtins" || module === "__builtin__")) {
      return { call: ([items]) => (Array.isArray(items) ? new Set(items) : this.#refuse("an odd set")) };
    }
    if (module === "torch") {
      const storage = storageTypes.get(name);
      if (storage !== undefined) return { value: storage };
      if (name === "Size") return { call: ([sizes]) => sizes ?? [] };
      if (name === "device") return { call: (args) => this.#device(args) };
      if (/^(float|double|half|bfloat16|u?int|long|short|bool)\d*$/.test(name)) return text(`torch.${name}`);
    }
    if (module === "torch._utils") {
      if (name === "_rebuild_tensor_v2" || name === "_rebuild_tensor") return { call: (args) => this.#tensor(args) };
      if (name === "_rebuild_parameter" || name === "_rebuild_parameter_with_state") {
        return { call: ([data]) => (data instanceof PendingTensor ? data : this.#refuse("a parameter without data")) };
      }
    }
    return undefined;
  }

  persistent = (id: unknown): PendingStorage => {
    const [kind, type, key, , size, view] = Array.isArray(id) ? (id as unknown[]) : [];
    const known = typeof type === "object" && [...storageTypes.values()].find((one) => one === type);
    if (kind !== "storage" || !known || typeof key !== "string" || !isSize(size)) return this.#refuse("an odd storage");
    if (view !== undefined && view !== null) return this.#refuse("a view of a storage, as PyTorch before 0.4 wrote");
    const before = this.storages.get(key);
    if (before !== undefined && (before.type !== known || before.size !== size)) {
      return this.#refuse(`storage ${key} with two types or sizes`);
    }
    const storage = before ?? new PendingStorage(key, known, size);
    this.storages.set(key, storage);
    return storage;
  };

  #refuse(what: string): never {
    throw this.fail(`expected tensors as torch.save writes them, got ${what}`);
  }

  /** `cuda:0`: a text, and a number where a host has several devices. */
  #device(args: readonly unknown[]): string {
    const [kind, index] = args;
    if (typeof kind !== "string" || !(index === undefined || isSize(index))) return this.#refuse("an odd device");
    return index === undefined ? kind : `${kind}:${index}`;
  }

  #dict([items]: readonly unknown[]): Map<unknown, unknown> {
    const pairs: unknown = items ?? [];
    if (!Array.isArray(pairs) || !pairs.every(isPair)) return this.#refuse("an odd OrderedDict");
    return new Map(pairs);
  }

  #tensor([storage, offset, shape, strides]: readonly unknown[]): PendingTensor {
    if (!(storage instanceof PendingStorage) || !isSize(offset) || !isSizes(shape) || !isSizes(strides)) {
      return this.#refuse("an odd tensor");
    }
    if (shape.length !== strides.length) return this.#refuse("a tensor with other dims than strides");
    const empty = shape.includes(0);
    const last = shape.reduce((at, size, i) => at + (size - 1) * strides[i]!, offset);
    if (!empty && last >= storage.size) {
      return this.#refuse(`a tensor that reaches element ${last} of a storage of ${storage.size}`);
    }
    return new PendingTensor(storage, offset, Array.from(shape), Array.from(strides));
  }

  /** Names a storage in errors about its elements. */
  failIn({ key }: PendingStorage): Fail {
    return (problem) => this.fail(`storage ${key}: ${problem}`);
  }
}

/** Makes the pending tensors. Storages are filled one by one; `free` frees them all when that fails. */
export class TensorMaker {
  readonly #memory = new Map<PendingStorage, Tensor>();

  /** Takes over the elements of a storage. */
  fill(storage: PendingStorage, elements: Tensor): void {
    this.#memory.set(storage, elements);
  }

  make({ storage, shape, strides, offset }: PendingTensor): Tensor {
    const memory = this.#memory.get(storage)!;
    return new Tensor(memory.storage, shape, memory.dtype, strides, offset);
  }

  free(): void {
    for (const { storage } of this.#memory.values()) storage.free();
  }
}
