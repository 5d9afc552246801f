import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const ENTRIES = ["index", "data/index", "io/index", "synthetic/index", "viz/index", "relaxed/index"];

/** A source without comments and templates. */
function code(path: string): string {
  const text = readFileSync(join(root, path), "utf8");
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|`(?:\\.|[^`\\])*`/g, " ");
}

const target = (from: string, specifier: string): string =>
  normalize(join(dirname(from), specifier))
    .replaceAll("\\", "/")
    .replace(/\.js$/, ".ts");

/** Types of JavaScript itself. */
const FOREIGN = ["ErrorOptions"];

/** The exports for users: names of declarations, by the file that declares them. */
const published = new Map<string, Set<string>>();

/** Follows the exports of a file (one of them, or all) to their declarations. */
function follow(path: string, only?: string): void {
  if (!existsSync(join(root, path))) return; // a generated file
  const text = code(path);
  for (const [, name] of text.matchAll(
    /^export (?:abstract |async )*(?:function\*?|class|type|interface|const) (\w+)/gm,
  )) {
    if (only === undefined || only === name) published.set(path, (published.get(path) ?? new Set()).add(name!));
  }
  for (const [, list, from] of text.matchAll(/^(?:export|import) (?:type )?\{([^}]*)\} from "(\.[^"]+)"/gm)) {
    for (const item of list!.split(",")) {
      const [name, alias] = item
        .trim()
        .replace(/^type /, "")
        .split(" as ");
      const isOwn = new RegExp(`^export (?:type )?\\{[^}]*\\b${alias ?? name}\\b`, "m").test(text);
      if (name !== "" && isOwn && (only ?? alias ?? name) === (alias ?? name)) follow(target(path, from!), name);
    }
  }
  if (only !== undefined) return;
  for (const [, from] of text.matchAll(/^export \* (?:as \w+ )?from "([^"]+)"/gm)) follow(target(path, from!));
}

/** The methods of tensors: the functions that `methods.ts` picks from files. */
function followMethods(): void {
  const text = code("src/methods.ts");
  for (const [, list, names] of text.matchAll(/pick\(\s*(\w+),([^)]*)\)/g)) {
    const from = new RegExp(`import \\* as ${list} from "([^"]+)"`).exec(text)![1]!;
    for (const [, name] of names!.matchAll(/"(\w+)"/g)) follow(target("src/methods.ts", from), name);
  }
}

/** The text from a parenthesis to the one that closes it. */
function parameters(text: string, from: number): string {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if ("([{".includes(text[at]!)) depth++;
    else if (")]}".includes(text[at]!)) depth--;
    if (depth === 0) return text.slice(from, at);
  }
  return "";
}

/** The parameter lists of a function, or of a class's constructor and methods. */
function signatures(text: string, name: string): string[] {
  const listsAt = (inside: string, pattern: RegExp): string[] =>
    [...inside.matchAll(pattern)].map((match) => parameters(inside, match.index + match[0].length - 1));
  const start = text.search(new RegExp(`^export (?:abstract )?class ${name}\\b`, "m"));
  if (start < 0) return listsAt(text, new RegExp(`^export (?:async )?function\\*? ${name}\\b(?:<[^(]*>)?\\(`, "gm"));
  const body = text.slice(start, text.indexOf("\n}", start));
  return listsAt(body, /^ {2}(?!private |protected |#)(?:static |async |override )*\w+(?:<[^(]*>)?\(/gm);
}

it("every type of options that a public function or class takes can be imported", () => {
  for (const entry of ENTRIES) follow(`src/${entry}.ts`);
  followMethods();
  const names = new Set([FOREIGN, ...published.values()].flatMap((list) => [...list]));
  const missing = [...published].flatMap(([path, declared]) =>
    [...declared].flatMap((name) =>
      signatures(code(path), name)
        .flatMap((list) => list.match(/\b[A-Z]\w*(?:Options|Definition)\b/g) ?? [])
        .filter((type) => !names.has(type))
        .map((type) => `${type} of ${name} (${path})`),
    ),
  );
  expect(names.size).toBeGreaterThan(300);
  expect(missing).toEqual([]);
});
