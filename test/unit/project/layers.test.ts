import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../support/files.js";

const files = walk("src");
const PLATFORM = "src/platform/";
const EXPORTS = "src/runtime/kernels.ts";
const UNPACKER = "src/runtime/unpack.ts";
const WORKER = "src/runtime/worker.ts";
const DECODER = "src/formats/image/turbo.ts";

function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
    .sort();
}

const source = (path: string): string => readFileSync(join(root, path), "utf8");

/** The source without comments and, with `strings` false, without the contents of strings. */
function code(path: string, strings = true): string {
  const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
  return source(path).replace(token, (text) => (text.startsWith("/") ? " " : strings ? text : '""'));
}

/** The specifiers that a file imports or exports from, also for types. */
function specifiers(path: string): string[] {
  const found = code(path).matchAll(/\b(?:import|export)\b[^;"'`]*?\bfrom\s*"([^"]+)"|\bimport\s*\(?\s*"([^"]+)"/g);
  return [...found].map((match) => match[1] ?? match[2]!);
}

/** For each file, the files of src/ that it imports. */
const imports = new Map(
  files.map((path) => [
    path,
    specifiers(path)
      .filter((name) => name.startsWith("."))
      .map((name) =>
        normalize(join(dirname(path), name))
          .replaceAll("\\", "/")
          .replace(/\.js$/, ".ts"),
      ),
  ]),
);

/** All cycles of imports, as paths. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) found.push([...trail.slice(at), path].join(" → "));
    if (at >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}

/** The rows of the table in docs/internals/layers.md: lists of folders and files, lowest layer first. */
const layers = source("docs/internals/layers.md")
  .split("\n")
  .filter((line) => /^\| `src\//.test(line))
  .map((line) => [...line.split("|")[1]!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!));

const layerOf = (path: string): number =>
  layers.findIndex((places) => places.some((place) => (place.endsWith("/") ? path.startsWith(place) : path === place)));

describe("the layers of docs/internals/layers.md", () => {
  it("hold every file", () => {
    expect(layers.length).toBeGreaterThan(5);
    expect(files.filter((path) => layerOf(path) < 0)).toEqual([]);
    const places = layers.flat().filter((place) => !files.some((path) => path.startsWith(place)));
    expect(places).toEqual([]);
  });

  it("import strictly lower layers or their own folder", () => {
    const allowed = (from: string, to: string): boolean =>
      layerOf(to) < layerOf(from) || (layerOf(to) === layerOf(from) && dirname(from) === dirname(to));
    const wrong = [...imports].flatMap(([from, list]) =>
      list.filter((to) => !allowed(from, to)).map((to) => `${from} imports ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it("have no cycles of files, type imports included", () => {
    expect(cycles(imports)).toEqual([]);
  });

  it("have no cycles of folders (a file beside index.ts is a room of its own)", () => {
    const room = (path: string): string => (dirname(path) === "src" ? path : dirname(path));
    const rooms = new Map<string, string[]>();
    for (const [from, list] of imports) {
      const others = list.map(room).filter((to) => to !== room(from));
      rooms.set(room(from), [...(rooms.get(room(from)) ?? []), ...others]);
    }
    expect(rooms.size).toBeGreaterThan(25);
    expect(cycles(rooms)).toEqual([]);
  });

  it("have one file of a name, but for the entry points, and at most 25 files to a folder", () => {
    const counts = (names: string[]): [string, number][] => {
      const seen = new Map<string, number>();
      for (const name of names) seen.set(name, (seen.get(name) ?? 0) + 1);
      return [...seen];
    };
    const written = files.filter((path) => !path.endsWith(".generated.ts"));
    const names = written.map((path) => basename(path)).filter((name) => name !== "index.ts");
    expect(counts(names).filter(([, count]) => count > 1)).toEqual([]);
    const folders = [...written, ...walk("assembly"), ...walk("test")].map(dirname);
    expect(counts(folders).filter(([, count]) => count > 25)).toEqual([]);
  });

  it("nor has assembly/", () => {
    const kernels = walk("assembly");
    const resolve = (from: string, name: string): string =>
      normalize(join(dirname(from), `${name}.ts`)).replaceAll("\\", "/");
    const graph = new Map(kernels.map((path) => [path, specifiers(path).map((name) => resolve(path, name))]));
    expect([...graph.values()].flat().filter((path) => !kernels.includes(path))).toEqual([]);
    expect(cycles(graph)).toEqual([]);
  });
});

describe("src", () => {
  it("meets the Wasm exports in one file", () => {
    const importers = files.filter((path) =>
      specifiers(path).some((name) => /wasm\.generated|assemblyscript/.test(name)),
    );
    expect(importers).toEqual([EXPORTS, UNPACKER]); // the unpacker makes the binaries, and calls no kernel
    const wasm = files.filter((path) => /\bWebAssembly\b/.test(code(path, false)) && !path.endsWith(".generated.ts"));
    // the JPEG decoder and the unpacker have their own Wasm, and a worker has its own instances
    expect(wasm).toEqual([DECODER, EXPORTS, UNPACKER, WORKER]);
  });

  it("calls kernels by names that one file of assembly/ exports", () => {
    const names = ["index", "integer"].flatMap((entry) => {
      const parts = [...source(`assembly/${entry}.ts`).matchAll(/from "\.\/([^"]+)"/g)].map((match) => match[1]!);
      const exported = parts.flatMap((part) =>
        [...source(`assembly/${part}.ts`).matchAll(/^export function (\w+)/gm)].map((match) => match[1]!),
      );
      return exported.filter((name, i) => exported.indexOf(name) !== i);
    });
    expect(names).toEqual([]);
  });

  it("knows its host in one folder", () => {
    const host =
      /\b(?:globalThis|process|window|document|navigator|Deno|Bun)\s*(?:\.|\[|\?\.)|\btypeof (?:process|window|document|navigator)\b/;
    const knowing = files.filter(
      (path) => specifiers(path).some((name) => name.startsWith("node:")) || host.test(code(path, false)),
    );
    expect(knowing.filter((path) => !path.startsWith(PLATFORM))).toEqual([]);
  });

  it("computes no transcendental functions on the host, whose digits differ between engines", () => {
    const inexact =
      /\bMath\.(?:exp|expm1|log|log1p|log2|log10|pow|sin|cos|tan|a?sinh?|a?cosh?|a?tanh?|atan2|cbrt|hypot|random)\b|\b(?!2n? )\w+ \*\* |[)\]] \*\* /g;
    // 2 ** n is exact everywhere
    const found = files.flatMap((path) => [...code(path, false).matchAll(inexact)].map(([name]) => `${path}: ${name}`));
    expect(found).toEqual([]);
  });
});
