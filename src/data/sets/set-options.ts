import { boolean, define, func, type Kind, orNull, text } from "../../base/signature.js";

const anything: Kind<unknown> = { expected: "a value", fits: (value): value is unknown => value !== null };

/** The options that data sets of files have, by name. Files, sizes and addresses are for the set to check. */
const KINDS = {
  root: text,
  source: anything,
  train: boolean,
  split: text,
  size: anything,
  download: anything,
  transform: orNull(func),
  targetTransform: orNull(func),
} as const;

type Name = keyof typeof KINDS;

/** Throws unless a call has one object of options at most, with these names and kinds. */
export function checkSetOptions(op: string, args: readonly unknown[], names: readonly Name[]): void {
  const kinds = Object.fromEntries(names.map((name) => [name, KINDS[name]]));
  const check: (...args: never[]) => unknown = define(op, {}, (_options: object = {}) => {}, kinds);
  check(...(args.filter((arg) => arg !== undefined) as never[]));
}
