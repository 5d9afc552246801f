import { ValueError } from "./errors.js";

/** All names of the options O: the type requires each of them. */
export type OptionNames<O> = { readonly [K in keyof Required<O>]: true };

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** For callers without types: throws unless options are an object whose names are known. */
export function checkOptionNames<O extends object>(op: string, options: O, known: OptionNames<O>): void {
  const names = Object.keys(known);
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    const hint = `Write what PyTorch takes by position as { ${names.join(", ")} }`;
    throw new ValueError(op, `expected an object of options, got ${String(options)}`, hint);
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue;
    const hint = Object.hasOwn(known, camel(name)) ? `Use ${camel(name)}` : undefined;
    throw new ValueError(op, `expected options of ${names.join(", ")}, got ${name}`, hint);
  }
}
