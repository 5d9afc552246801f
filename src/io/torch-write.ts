import { itemSize } from "../base/dtype.js";
import { DtypeError, ValueError } from "../base/errors.js";
import { contiguousStrides } from "../base/shape.js";
import { PickleWriter } from "../formats/pickle/write-pickle.js";
import { Tensor } from "../methods.js";
import type { Storage } from "../runtime/storage.js";
import { byteLength, bytesOf } from "./tensor-bytes.js";
import { storageOf } from "./torch-storage.js";
import type { ZipEntry } from "./zip-archive.js";

/** The values that can be written: tensors in plain containers. */
export type Saveable =
  | Tensor
  | number
  | bigint
  | string
  | boolean
  | null
  | undefined
  | readonly Saveable[]
  | ReadonlyMap<string | number, Saveable>
  | { readonly [key: string]: Saveable };

/** A storage in the file: the elements of one tensor, or all of the memory that several share. */
type Stored = { key: string; source: Tensor };

/** How a value is named in errors: `state.fc1.weight`. */
const below = (path: string, key: string | number): string => (path === "" ? String(key) : `${path}.${key}`);

class Writer {
  readonly pickle = new PickleWriter();
  readonly stored = new Map<Storage, Stored>();
  readonly #open = new Set<object>();

  constructor(
    readonly op: string,
    /** Storages that several tensors share. */
    readonly shared: ReadonlySet<Storage>,
  ) {}

  value(item: Saveable, path: string): void {
    if (item === null || item === undefined) this.pickle.none();
    else if (typeof item === "boolean") this.pickle.boolean(item);
    else if (typeof item === "bigint") this.pickle.integer(item);
    else if (typeof item === "number") this.#number(item);
    else if (typeof item === "string") this.pickle.string(item);
    else if (item instanceof Tensor) this.#tensor(item);
    else this.#container(item, path);
  }

  /** JavaScript has one kind of number: whole ones are Python's integers. */
  #number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) this.pickle.integer(value);
    else this.pickle.float(value);
  }

  #container(
    item: Exclude<Saveable, Tensor | number | bigint | string | boolean | null | undefined>,
    path: string,
  ): void {
    if (this.#open.has(item))
      throw new ValueError(this.op, `expected plain data, got a container that holds itself at ${path}`);
    this.#open.add(item);
    if (Array.isArray(item)) {
      const items: readonly Saveable[] = item;
      this.pickle.list(() => items.forEach((one, i) => void this.value(one, below(path, i))));
    } else {
      const entries: Iterable<[string | number, Saveable]> =
        item instanceof Map ? item : entriesOf(item as { [key: string]: Saveable });
      this.pickle.dict(() => {
        for (const [key, one] of entries) {
          if (typeof key === "number") this.#number(key);
          else this.pickle.string(key);
          this.value(one, below(path, key));
        }
      });
    }
    this.#open.delete(item);
  }

  /** torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks) */
  #tensor(x: Tensor): void {
    const whole = this.shared.has(x.storage);
    const memory = this.#store(x, whole);
    const [offset, strides] = whole ? [x.offset, x.strides] : [0, contiguousStrides(x.shape)];
    const { pickle } = this;
    pickle.global("torch._utils", "_rebuild_tensor_v2");
    pickle.tuple(() => {
      pickle.tuple(() => {
        pickle.string("storage");
        pickle.global("torch", storageOf[x.dtype]);
        pickle.string(memory.key);
        pickle.string("cpu");
        pickle.integer(memory.source.numel);
      });
      pickle.persistent();
      pickle.integer(offset);
      pickle.tuple(() => x.shape.forEach((size) => void pickle.integer(size)));
      pickle.tuple(() => strides.forEach((step) => void pickle.integer(step)));
      pickle.boolean(false);
      pickle.global("collections", "OrderedDict");
      pickle.tuple(() => {});
      pickle.reduce();
    });
    pickle.reduce();
  }

  #store(x: Tensor, whole: boolean): Stored {
    const before = this.stored.get(x.storage);
    if (before !== undefined) {
      if (before.source.dtype === x.dtype) return before;
      throw new DtypeError(
        this.op,
        `expected one dtype for each memory, got views of ${before.source.dtype} and ${x.dtype}`,
      );
    }
    const elements = x.storage.bytes / itemSize(x.dtype);
    const source = whole ? new Tensor(x.storage, [elements], x.dtype) : x;
    const made = { key: String(this.stored.size), source };
    this.stored.set(x.storage, made);
    return made;
  }
}

/**
 * Keys that are whole numbers become Python's integers, because optimizers number their parameters. The keys of tensors
 * stay texts: those of a state dict (of a ParameterList, for example).
 */
function entriesOf(item: { readonly [key: string]: Saveable }): [string | number, Saveable][] {
  if (Object.values(item).every((value) => value instanceof Tensor)) return Object.entries(item);
  return Object.entries(item).map(([key, value]) => [/^(0|[1-9]\d{0,14})$/.test(key) ? Number(key) : key, value]);
}

/** The tensors in a value. Throws for a value that cannot be written, and names its place. */
function* tensorsIn(op: string, item: unknown, path: string, seen: Set<unknown>): Generator<Tensor> {
  if (item === null || ["undefined", "boolean", "bigint", "number", "string"].includes(typeof item)) return;
  if (item instanceof Tensor) {
    void item.ptr; // throws for a freed tensor, before anything is written
    yield item;
    return;
  }
  if (seen.has(item)) return;
  seen.add(item);
  if (Array.isArray(item)) for (const [i, one] of item.entries()) yield* tensorsIn(op, one, below(path, i), seen);
  else if (item instanceof Map)
    for (const [key, one] of item) yield* tensorsIn(op, one, below(path, String(key)), seen);
  else if (typeof item === "object" && Object.getPrototypeOf(item) === Object.prototype) {
    for (const [key, one] of Object.entries(item)) yield* tensorsIn(op, one, below(path, key), seen);
  } else {
    const kind = typeof item === "object" ? ((item as object).constructor?.name ?? "object") : typeof item;
    const hint = "Save model.stateDict() for a module, and tensors or plain arrays for others";
    throw new ValueError(op, `expected tensors and plain data, got a ${kind}${path === "" ? "" : ` at ${path}`}`, hint);
  }
}

/** A value as the entries of torch.save's archive. */
export function torchEntries(op: string, value: Saveable): ZipEntry[] {
  const users = new Map<Storage, Set<string>>();
  for (const x of tensorsIn(op, value, "", new Set())) {
    const views = users.get(x.storage) ?? new Set();
    users.set(x.storage, views.add(`${x.dtype} ${x.offset} ${x.shape} ${x.strides}`));
  }
  const shared = new Set([...users].filter(([, views]) => views.size > 1).map(([storage]) => storage));
  const writer = new Writer(op, shared);
  writer.value(value, "");
  const data = writer.pickle.finish();
  const text = (path: string, content: string): ZipEntry => {
    const bytes = new TextEncoder().encode(content);
    return { path: `archive/${path}`, size: bytes.length, parts: () => [bytes] };
  };
  return [
    { path: "archive/data.pkl", size: data.length, parts: () => [data] },
    ...[...writer.stored.values()].map(({ key, source }) => ({
      path: `archive/data/${key}`,
      size: byteLength(source),
      parts: () => bytesOf(source),
    })),
    text("version", "3\n"),
  ];
}
