import { FileError } from "../../base/errors.js";
import { Cursor } from "./cursor.js";

// A pickle of Python is a program for a small stack machine, and may call any function. This machine calls only the
// functions of a table: a name that is not in the table is refused before anything is built.

/** A function that a pickle may call, with arguments from the pickle. */
export type Callable = (args: readonly unknown[]) => unknown;

/** What a pickle may refer to. */
export type PickleTable = {
  /** The meaning of `module.name`: a function, or a value (a type, a dtype). Undefined is refused. */
  find(module: string, name: string): { call: Callable } | { value: unknown } | undefined;
  /** The meaning of a persistent id (a storage). Such ids are refused when this is left out. */
  persistent?: (id: unknown) => unknown;
  /** Whether Python 2's strings are bytes; otherwise they become texts, a character for each byte. */
  byteStrings?: boolean;
};

/** An object that a {@link Callable} returns and the pickle fills in afterwards (Python's `__setstate__`). */
export abstract class Built {
  abstract setState(state: unknown): void;
}

/** A tuple: fixed, and a key of a dict in Python. */
class Tuple extends Array<unknown> {
  /** A tuple of these items (the constructor of arrays takes one number for a length). */
  static holding(items: readonly unknown[]): Tuple {
    const out = new Tuple();
    for (const item of items) out.push(item);
    return out;
  }
}

/** A function that the pickle may call. */
class Global {
  constructor(
    readonly name: string,
    readonly call: Callable,
  ) {}
}

/** The deepest nesting that is accepted; that of real files is far less. */
const DEEPEST = 1000;

const MARK = Symbol("mark");

/** One run of the machine. */
class Machine {
  readonly stack: unknown[] = [];
  readonly memo = new Map<number, unknown>();

  constructor(
    readonly op: string,
    readonly at: Cursor,
    readonly table: PickleTable,
  ) {}

  fail(problem: string, hint?: string): never {
    throw new FileError(this.op, `${this.at.name}: ${problem}`, hint);
  }

  pop(): unknown {
    const top = this.stack.pop();
    if (top === undefined || top === MARK) this.fail("the pickle takes what it has not put there: it is corrupt");
    return top;
  }

  /** The items since the last mark. */
  popMark(): unknown[] {
    const from = this.stack.lastIndexOf(MARK);
    if (from < 0) this.fail("the pickle misses a mark: it is corrupt");
    const items = this.stack.splice(from);
    items.shift();
    return items;
  }

  top<T>(kind: abstract new (...args: never[]) => T, what: string): T {
    const top = this.stack[this.stack.length - 1];
    if (!(top instanceof kind)) this.fail(`the pickle adds to what is no ${what}: it is corrupt`);
    return top;
  }

  remember(index: number): void {
    const top = this.stack[this.stack.length - 1];
    if (top === undefined) this.fail("the pickle remembers nothing: it is corrupt");
    this.memo.set(index, top);
  }

  recall(index: number): unknown {
    const value = this.memo.get(index);
    if (value === undefined) this.fail(`the pickle recalls number ${index}, which it never remembered: it is corrupt`);
    return value;
  }

  find(module: unknown, name: unknown): unknown {
    if (typeof module !== "string" || typeof name !== "string") this.fail("a name is no text: the pickle is corrupt");
    const found = this.table.find(module, name);
    if (found === undefined) {
      this.fail(
        `it asks for ${module}.${name}, which is not built from files`,
        "Only tensors and plain containers are; save a state_dict() instead of whole objects",
      );
    }
    return "call" in found ? new Global(`${module}.${name}`, found.call) : found.value;
  }

  reduce(): unknown {
    const args = this.pop();
    const callable = this.pop();
    if (!(callable instanceof Global) || !Array.isArray(args)) this.fail("it calls what is no function: it is corrupt");
    return callable.call(args);
  }

  persistent(): unknown {
    const id = this.pop();
    const { persistent } = this.table;
    if (persistent === undefined) return this.fail("it refers to storages, which this file does not have");
    return persistent(id);
  }

  /** One of Python 2's strings. */
  string(length: number): string | Uint8Array {
    return this.table.byteStrings ? this.at.bytes(length) : this.at.latin1(length);
  }

  setItems(pairs: readonly unknown[]): void {
    const dict = this.top(Map, "dict");
    if (pairs.length % 2 !== 0) this.fail("a key has no value: the pickle is corrupt");
    for (let i = 0; i < pairs.length; i += 2) dict.set(pairs[i], pairs[i + 1]);
  }
}

/** Python writes None where JavaScript has null; undefined never appears on the stack. */
const STEPS: Record<number, (m: Machine) => void> = {
  40: (m) => m.stack.push(MARK), // MARK (
  41: (m) => m.stack.push(new Tuple()), // EMPTY_TUPLE )
  46: () => {}, // STOP .
  48: (m) => void m.stack.pop(), // POP 0
  49: (m) => void m.popMark(), // POP_MARK 1
  50: (m) => {
    const top = m.pop(); // DUP 2
    m.stack.push(top, top);
  },
  66: (m) => m.stack.push(m.at.bytes(m.at.u32())), // BINBYTES B
  67: (m) => m.stack.push(m.at.bytes(m.at.u8())), // SHORT_BINBYTES C
  70: (m) => m.stack.push(m.at.number()), // FLOAT F
  71: (m) => m.stack.push(m.at.f64()), // BINFLOAT G
  73: (m) => m.stack.push(m.at.line01()), // INT I
  74: (m) => m.stack.push(m.at.i32()), // BININT J
  75: (m) => m.stack.push(m.at.u8()), // BININT1 K
  76: (m) => m.stack.push(m.at.long()), // LONG L
  77: (m) => m.stack.push(m.at.u16()), // BININT2 M
  78: (m) => m.stack.push(null), // NONE N
  81: (m) => m.stack.push(m.persistent()), // BINPERSID Q
  82: (m) => m.stack.push(m.reduce()), // REDUCE R
  83: (m) => m.stack.push(m.at.quoted()), // STRING S
  84: (m) => m.stack.push(m.string(m.at.u32())), // BINSTRING T
  85: (m) => m.stack.push(m.string(m.at.u8())), // SHORT_BINSTRING U
  86: (m) => m.stack.push(m.at.line()), // UNICODE V
  88: (m) => m.stack.push(m.at.utf8(m.at.u32())), // BINUNICODE X
  93: (m) => m.stack.push([]), // EMPTY_LIST ]
  97: (m) => {
    const item = m.pop(); // APPEND a
    m.top(Array, "list").push(item);
  },
  98: (m) => {
    // BUILD b; the attributes of an OrderedDict (PyTorch's _metadata of versions) have no meaning here
    const state = m.pop();
    const top = m.stack[m.stack.length - 1];
    if (top instanceof Built) top.setState(state);
    else m.top(Map, "dict");
  },
  99: (m) => m.stack.push(m.find(m.at.line(), m.at.line())), // GLOBAL c
  100: (m) => {
    const pairs = m.popMark(); // DICT d
    m.stack.push(new Map());
    m.setItems(pairs);
  },
  101: (m) => {
    const items = m.popMark(); // APPENDS e
    const list = m.top(Array, "list");
    for (const item of items) list.push(item);
  },
  103: (m) => m.stack.push(m.recall(m.at.number())), // GET g
  104: (m) => m.stack.push(m.recall(m.at.u8())), // BINGET h
  106: (m) => m.stack.push(m.recall(m.at.u32())), // LONG_BINGET j
  108: (m) => m.stack.push(m.popMark()), // LIST l
  112: (m) => m.remember(m.at.number()), // PUT p
  113: (m) => m.remember(m.at.u8()), // BINPUT q
  114: (m) => m.remember(m.at.u32()), // LONG_BINPUT r
  115: (m) => {
    const value = m.pop(); // SETITEM s
    const key = m.pop();
    m.setItems([key, value]);
  },
  116: (m) => m.stack.push(Tuple.holding(m.popMark())), // TUPLE t
  117: (m) => m.setItems(m.popMark()), // SETITEMS u
  125: (m) => m.stack.push(new Map()), // EMPTY_DICT }
  128: (m) => {
    const protocol = m.at.u8(); // PROTO
    if (protocol > 5) m.fail(`expected a pickle of protocol 5 or less, got ${protocol}`);
  },
  129: (m) => m.stack.push(m.reduce()), // NEWOBJ
  133: (m) => m.stack.push(Tuple.holding([m.pop()])), // TUPLE1
  134: (m) => {
    const last = m.pop(); // TUPLE2
    m.stack.push(Tuple.holding([m.pop(), last]));
  },
  135: (m) => {
    const [third, second] = [m.pop(), m.pop()]; // TUPLE3
    m.stack.push(Tuple.holding([m.pop(), second, third]));
  },
  136: (m) => m.stack.push(true), // NEWTRUE
  137: (m) => m.stack.push(false), // NEWFALSE
  138: (m) => m.stack.push(m.at.integer(m.at.u8())), // LONG1
  139: (m) => m.stack.push(m.at.integer(m.at.u32())), // LONG4
  140: (m) => m.stack.push(m.at.utf8(m.at.u8())), // SHORT_BINUNICODE
  141: (m) => m.stack.push(m.at.utf8(m.at.u64())), // BINUNICODE8
  142: (m) => m.stack.push(m.at.bytes(m.at.u64())), // BINBYTES8
  143: (m) => m.stack.push(new Set()), // EMPTY_SET
  144: (m) => {
    const items = m.popMark(); // ADDITEMS
    const set = m.top(Set, "set");
    for (const item of items) set.add(item);
  },
  145: (m) => m.stack.push(new Set(m.popMark())), // FROZENSET
  147: (m) => {
    const name = m.pop(); // STACK_GLOBAL
    m.stack.push(m.find(m.pop(), name));
  },
  148: (m) => m.remember(m.memo.size), // MEMOIZE
  149: (m) => void m.at.u64(), // FRAME
  150: (m) => m.stack.push(m.at.bytes(m.at.u64())), // BYTEARRAY8
};

const STOP = 0x2e;

/**
 * Runs a pickle: dicts come as Maps, tuples as {@link Tuple}, None as null, bytes as Uint8Array.
 * @param op the function that the user called, and `name` the file, for errors
 * @returns the value and the position after the pickle
 */
export function readPickle(
  op: string,
  name: string,
  bytes: Uint8Array,
  table: PickleTable,
  from = 0,
): { value: unknown; end: number } {
  const machine: Machine = new Machine(op, new Cursor(op, name, bytes, from), table);
  for (;;) {
    const code = machine.at.u8();
    const step = STEPS[code];
    if (step === undefined) {
      machine.fail(
        `expected a pickle of plain data, got instruction 0x${code.toString(16)} at ${machine.at.position - 1}`,
      );
    }
    if (code === STOP) return { value: machine.pop(), end: machine.at.position };
    step(machine);
  }
}

/**
 * Converts the value of a pickle to JavaScript's containers: dicts whose keys are texts or whole numbers become plain
 * objects (others stay Maps), tuples become arrays. Shared containers stay shared.
 * @param leaf converts the values that are no containers
 */
export function plain(op: string, name: string, value: unknown, leaf: (value: unknown) => unknown): unknown {
  const done = new Map<unknown, unknown>();
  const open = new Set<unknown>();
  const visit = (item: unknown): unknown => {
    if (!(Array.isArray(item) || item instanceof Map || item instanceof Set)) return leaf(item);
    if (done.has(item)) return done.get(item);
    if (open.has(item)) throw new FileError(op, `${name}: expected plain data, got a container that holds itself`);
    if (open.size >= DEEPEST)
      throw new FileError(op, `${name}: expected plain data, got ${DEEPEST} containers in each other`);
    open.add(item);
    const out = container(item, visit);
    open.delete(item);
    done.set(item, out);
    return out;
  };
  return visit(value);
}

function container(item: readonly unknown[] | Map<unknown, unknown> | Set<unknown>, visit: (x: unknown) => unknown) {
  if (item instanceof Set) return new Set([...item].map(visit));
  if (!(item instanceof Map)) return Array.from(item, visit);
  const entries = [...item].map(([key, value]) => [visit(key), visit(value)] as const);
  const named = entries.every(([key]) => typeof key === "string" || Number.isInteger(key));
  const names = new Set(entries.map(([key]) => (named ? String(key) : key))); // 1 and "1" are two keys
  return named && names.size === entries.length ? Object.fromEntries(entries) : new Map(entries);
}
