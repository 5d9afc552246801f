import { DtypeError, ValueError } from "./errors.js";

/**
 * What a parameter of a public call takes.
 * @typeParam T the type of the values that fit
 */
export type Kind<T> = {
  /** How errors call it: `a number`. */
  readonly expected: string;
  readonly fits: (value: unknown) => value is T;
  /** What to do about a value that does not fit. */
  readonly hint?: (value: unknown) => string | undefined;
  /** The error is about an element type, or a tensor that is none. */
  readonly isDtype?: boolean;
  /** An error of its own for a value that does not fit. */
  readonly error?: (op: string, name: string, value: unknown) => Error | undefined;
};

/** The parameters of a call in PyTorch's order, by their names in camelCase. */
export type Kinds = Readonly<Record<string, Kind<unknown>>>;

/** What a call takes as keywords. */
export type Keywords<K extends Kinds> = { [Name in keyof K]?: K[Name] extends Kind<infer T> ? T : never };

/** Each shorter list of the positional arguments, with the keywords behind it. */
type WithKeywords<A extends unknown[], O> = A extends [...infer First, unknown]
  ? [...First, keywords: O] | WithKeywords<First, O>
  : never;

/** Arguments by position, the last of them as keywords O in one object if so wished. */
export type Spelled<A extends unknown[], O> = A | WithKeywords<Required<A>, O>;

/** What a call takes: PyTorch's positional arguments, the last of them as keywords of these kinds. */
export type Arguments<A extends unknown[], K extends Kinds> = Spelled<A, Keywords<K>>;

/** What a call takes, for a class whose constructor has it. */
export type ArgumentsOf<F> = F extends (...args: infer A) => unknown ? A : never;

/** A number, NaN and the infinities among them. */
export const anyNumber: Kind<number> = { expected: "a number", fits: (value) => typeof value === "number" };

/** A whole number of at least `low`. */
export function integerFrom(low: number): Kind<number> {
  const range = low === Number.NEGATIVE_INFINITY ? "" : ` of at least ${low}`;
  return {
    expected: `a whole number${range}`,
    fits: (value): value is number => Number.isSafeInteger(value) && Number(value) >= low,
  };
}

/** A number from `low` to `high`, both among them. */
export function numberIn(low: number, high: number): Kind<number> {
  return {
    expected: `a number in [${low}, ${high}]`,
    fits: (value): value is number => typeof value === "number" && value >= low && value <= high,
  };
}

/** A dim: negative counts from the end. The operation checks it against the tensor's dims. */
export const dimNumber = integerFrom(Number.NEGATIVE_INFINITY);

/** A dim, a list of dims, or null for all. The operation checks them against the tensor's dims. */
export const dimList: Kind<number | readonly number[] | null> = {
  expected: "a dim, a list of dims, or null",
  fits: (value): value is number | readonly number[] | null =>
    value === null || dimNumber.fits(value) || (Array.isArray(value) && value.every(dimNumber.fits)),
};

/** What fits another kind, or null where PyTorch takes None. */
export function orNull<T>(kind: Kind<T>): Kind<T | null> {
  return {
    ...kind,
    expected: `${kind.expected} or null`,
    fits: (value): value is T | null => value === null || kind.fits(value),
  };
}

export const text: Kind<string> = { expected: "a text", fits: (value) => typeof value === "string" };

export const func: Kind<(...args: never[]) => unknown> = {
  expected: "a function",
  fits: (value): value is (...args: never[]) => unknown => typeof value === "function",
};

export const boolean: Kind<boolean> = { expected: "true or false", fits: (value) => typeof value === "boolean" };

/** One of a few words. */
export function oneOf<T extends string>(...words: readonly T[]): Kind<T> {
  const quoted = words.map((word) => `"${word}"`);
  return {
    expected: [quoted.slice(0, -1).join(", "), quoted.at(-1)].join(" or "),
    fits: (value): value is T => words.some((word) => word === value),
  };
}

/** What PyTorch can switch on and this library cannot. */
export function alwaysFalse(hint: string): Kind<false> {
  return { expected: "false", fits: (value) => value === false, hint: () => hint };
}

/** What PyTorch can switch off and this library cannot. */
export const alwaysTrue: Kind<true> = { expected: "true", fits: (value) => value === true };

/** PyTorch's `inplace`: a value in place has no gradient here. */
export const notInPlace = alwaysFalse("Assign the result: x = f(x)");

/** How an error shows a value. */
export function shown(value: unknown): string {
  if (typeof value === "string") return value.length > 40 ? "a long text" : `"${value}"`;
  if (Array.isArray(value)) {
    const isShort = value.length <= 8 && value.every((item) => typeof item === "number" || item === null);
    return isShort ? `[${value.join(", ")}]` : "an array";
  }
  if (typeof value === "function") return "a function";
  return typeof value === "object" && value !== null
    ? `an object of ${value.constructor?.name ?? "no class"}`
    : String(value);
}

function isOptions(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The least number of letters to put in, take out or exchange between two words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** The known name that was probably meant, in PyTorch's spelling or with a slip of the pen. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string): string => text.replaceAll("_", "").toLowerCase();
  const scored = known.map((candidate) => ({ candidate, score: distance(plain(name), plain(candidate)) }));
  const best = scored.sort((a, b) => a.score - b.score)[0];
  return best !== undefined && best.score <= Math.min(2, best.candidate.length / 3) ? best.candidate : undefined;
}

/** A signature as `bind` and `define` read it. */
type Signature = { op: string; kinds: Kinds; keywordOnly: Kinds; least: number };

/** The arguments in their order, undefined where one is left out; or the error that says what is wrong with them. */
function bind({ op, kinds, keywordOnly, least }: Signature, args: readonly unknown[]): unknown[] {
  const names = Object.keys(kinds);
  const all = { ...kinds, ...keywordOnly };
  const usage = `${op}(${Object.keys(all).join(", ")})`;
  const last = args.at(-1);
  const isKeyworded = isOptions(last) && !kinds[names[args.length - 1] ?? ""]?.fits(last);
  const positional = isKeyworded ? args.slice(0, -1) : args;
  if (positional.length > names.length) {
    throw new ValueError(op, `expected ${usage}, got ${args.length} arguments`, hintFor(names, keywordOnly));
  }
  const given: Record<string, unknown> = {};
  positional.forEach((value, i) => {
    if (value !== undefined) given[names[i]!] = value;
  });
  for (const [name, value] of Object.entries(isKeyworded ? last : {})) {
    if (!Object.hasOwn(all, name)) {
      const meant = nearest(name, Object.keys(all));
      throw new ValueError(op, `expected ${usage}, got ${name}`, meant && `Use ${meant}`);
    }
    if (Object.hasOwn(given, name)) throw new ValueError(op, `expected ${name} once, got it by position and by name`);
    if (value !== undefined) given[name] = value;
  }
  for (const [i, name] of names.entries()) {
    if (i < least && !Object.hasOwn(given, name)) throw missing(op, name, kinds[name]!, positional.length > i, usage);
  }
  for (const [name, value] of Object.entries(given)) {
    if (!all[name]!.fits(value)) throw refusal(op, name, all[name]!, value);
  }
  const extra = Object.entries(given).filter(([name]) => Object.hasOwn(keywordOnly, name));
  return [...names.map((name) => given[name]), ...(extra.length === 0 ? [] : [Object.fromEntries(extra)])];
}

/** Whether a value is an object of keywords that all fit. */
function areFit(kinds: Kinds, value: unknown): boolean {
  if (!isOptions(value)) return false;
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(kinds, name) || !(value[name] === undefined || kinds[name]!.fits(value[name]))) return false;
  }
  return true;
}

function hintFor(names: readonly string[], keywordOnly: Kinds): string | undefined {
  const keywords = Object.keys(keywordOnly);
  return keywords.length === 0
    ? undefined
    : `By position it takes ${names.join(", ")}; the others in { ${keywords.join(", ")} }`;
}

function missing(op: string, name: string, kind: Kind<unknown>, isUndefined: boolean, usage: string): Error {
  return isUndefined ? refusal(op, name, kind, undefined) : new ValueError(op, `expected ${usage}, got no ${name}`);
}

function refusal(op: string, name: string, kind: Kind<unknown>, value: unknown): Error {
  const own = kind.error?.(op, name, value);
  if (own !== undefined) return own;
  const problem = kind.isDtype
    ? `expected ${kind.expected} as ${name}, got ${shown(value)}`
    : `expected ${name} to be ${kind.expected}, got ${shown(value)}`;
  return new (kind.isDtype ? DtypeError : ValueError)(op, problem, kind.hint?.(value));
}

/** The call of a signature for arguments in a list. */
function callOf<A extends unknown[], R>(
  op: string,
  kinds: Kinds,
  body: (...args: A) => R,
  keywordOnly: Kinds = {},
): (args: readonly unknown[]) => R {
  const list = Object.values(kinds);
  const least = body.length;
  const signature: Signature = { op, kinds, keywordOnly, least };
  return (args) => {
    const count = args.length;
    const hasKeywords = count === list.length + 1 && areFit(keywordOnly, args[count - 1]);
    if (count >= least && (count <= list.length || hasKeywords)) {
      const positional = hasKeywords ? list.length : count;
      let i = 0;
      while (i < positional && (list[i]!.fits(args[i]) || (args[i] === undefined && i >= least))) i++;
      if (i === positional) return body(...(args as A));
    }
    return body(...(bind(signature, args) as A));
  };
}

const NOTHING: Kind<never> = { expected: "nothing", fits: (value): value is never => value === undefined };

/** {@link callOf} as a function, with a short way for up to three arguments by position, which makes no list. */
function functionOf<A extends unknown[], R>(
  op: string,
  kinds: Kinds,
  body: (...args: A) => R,
  keywordOnly?: Kinds,
): (...args: unknown[]) => R {
  const run = callOf(op, kinds, body, keywordOnly);
  const [first = NOTHING, second = NOTHING, third = NOTHING] = Object.values(kinds);
  const { length: most } = Object.values(kinds);
  const least = body.length;
  const short = body as (...args: unknown[]) => R;
  return function (a?: unknown, b?: unknown, c?: unknown): R {
    // biome-ignore lint/complexity/noArguments: a list of the rest would be made for each call
    const { length } = arguments;
    if (length >= least && length <= most && length <= 3) {
      if (length === 1) {
        if (first.fits(a)) return short(a);
      } else if (length === 2) {
        if (first.fits(a) && second.fits(b)) return short(a, b);
      } else if (length === 3) {
        if (first.fits(a) && second.fits(b) && third.fits(c)) return short(a, b, c);
      } else return short();
    }
    if (length === 2) return run([a, b]);
    if (length === 3) return run([a, b, c]);
    // biome-ignore lint/complexity/noArguments: as above
    return run(Array.from(arguments));
  };
}

/**
 * Makes a public call from its signature: PyTorch's names, order and kinds in `kinds`, defaults in the parameters of
 * `body`. The call takes arguments by position, and the last ones by keywords in one object. It refuses an unknown
 * keyword, an argument too many, one that is missing and a value of another kind before `body` runs.
 *
 * Parameters with a default come last: `body.length` counts those without. What PyTorch takes by keyword alone is
 * `keywordOnly`; `body` gets these in one object behind the others.
 *
 * Positional arguments cost 10 to 40 ns more than a plain call, keywords 100.
 *
 * ```ts excerpt
 * export const leakyRelu = define(
 *   "leakyRelu",
 *   { input: tensorKind, negativeSlope: anyNumber, inplace: notInPlace },
 *   (input: Tensor, negativeSlope: number = 0.01, _inplace: boolean = false): Tensor => leaky(input, negativeSlope),
 * );
 * ```
 */
export function define<const K extends Kinds, A extends unknown[], R, const O extends Kinds = Record<never, never>>(
  op: string,
  kinds: K,
  body: (...args: A) => R,
  keywordOnly?: O,
): (...args: Arguments<A, K & O>) => R {
  return Object.defineProperty(functionOf(op, kinds, body, keywordOnly), "name", { value: op });
}

/** Throws unless the arguments fit by position: for generic functions, whose types {@link define} would lose. */
export function checkArguments(
  op: string,
  kinds: Kinds,
  args: readonly unknown[],
  least = Object.keys(kinds).length,
): void {
  const list = Object.values(kinds);
  const fit = args.every((value, i) => list[i]?.fits(value) || (value === undefined && i >= least && i < list.length));
  if (fit && args.length >= least) return;
  bind({ op, kinds, keywordOnly: {}, least }, args);
  throw new ValueError(op, `expected ${op}(${Object.keys(kinds).join(", ")}) by position, got keywords`);
}

/** What a call with a list takes, or with the items of that list written out. */
type SpreadOf<A extends unknown[], Item, O> = A extends [infer First, readonly Item[]]
  ? [input: First, ...items: Item[]]
  : [...items: Item[]] | [...items: Item[], keywords: O];

/**
 * As {@link define}, for a call whose list may also be written out: `view(x, 2, 3)` for `view(x, [2, 3])`,
 * `zeros(2, 3, { dtype })` for `zeros([2, 3], { dtype })`. The list is the last parameter by position.
 * @param isItem whether a value is an item of the list
 */
export function defineSpread<
  const K extends Kinds,
  A extends unknown[],
  R,
  Item,
  const O extends Kinds = Record<never, never>,
>(
  op: string,
  kinds: K,
  isItem: (value: unknown) => value is Item,
  body: (...args: A) => R,
  keywordOnly?: O,
): (...args: Arguments<A, K & O> | SpreadOf<A, Item, Keywords<O>>) => R {
  const at = Object.keys(kinds).length - 1;
  const run = callOf(op, kinds, body, keywordOnly);
  const spread = (...args: unknown[]): R => {
    let end = at;
    while (end < args.length && isItem(args[end])) end++;
    if (end === at) return run(args);
    const items = args.slice(at, end);
    if (end < args.length) return run([...args.slice(0, at), items, ...args.slice(end)]);
    return run(at === 0 ? [items] : [args[0], items]);
  };
  return Object.defineProperty(spread, "name", { value: op });
}

/** Whether a value may be one of sizes or dims that are written out. */
export const isNumber = (value: unknown): value is number => typeof value === "number";

/** A list of numbers. */
export const numberList: Kind<readonly number[]> = {
  expected: "a list of numbers",
  fits: (value): value is readonly number[] => Array.isArray(value) && value.every(isNumber),
};

/** A function that refuses more arguments than it has: for calls that check the others themselves. */
export function sealed<F extends (...args: never[]) => unknown>(op: string, most: number, f: F): F {
  const call = (...args: never[]): unknown => {
    if (args.length <= most) return f(...args);
    throw new ValueError(op, `expected ${most} arguments at most, got ${args.length}`);
  };
  return Object.defineProperty(call, "name", { value: op }) as F;
}
