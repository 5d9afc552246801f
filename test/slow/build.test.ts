/** The build: which targets are made again, and command lines that build nothing. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { readCommand } from "../../examples/support/command-line.js";
import { nameOf } from "../../examples/support/examples.js";
import { Builder, type Target } from "../../scripts/build/builder.js";
import { Pool } from "../../scripts/build/pool.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "simdgrad-build-"));
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const read = (path: string): string => readFileSync(join(folder, path), "utf8");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a target", () => {
  /** A target that joins files into one, and lists every time it is made. */
  let made: string[] = [];
  const joined = (name: string, sources: readonly string[], needs: readonly Target[] = []): Target => ({
    name,
    stage: "joining",
    needs,
    make(io) {
      io.write(name, sources.map((path) => io.find(path)?.toString() ?? "-").join(""));
      made.push(name);
    },
  });
  const left = joined("left.txt", ["a", "both"]);
  const right = joined("right.txt", ["b", "both", "later"]);
  const top = joined("top.txt", ["left.txt"], [left]);
  const build = async (...targets: Target[]): Promise<string[]> => {
    made = [];
    await new Builder(folder, () => {}).build(targets);
    return made.sort();
  };

  beforeEach(async () => {
    rmSync(join(folder, "later"), { force: true });
    for (const [path, text] of [
      ["a", "1"],
      ["b", "2"],
      ["both", "3"],
    ] as const)
      write(path, text);
    await build(top, right);
  });

  it("is made once, behind what it needs", async () => {
    expect(read("top.txt")).toBe("13");
    expect(read("right.txt")).toBe("23-");
    expect(await build(top, right)).toEqual([]);
  });

  it("is left alone when a source has a new time only", async () => {
    for (const path of ["a", "b", "both"]) utimesSync(join(folder, path), new Date(), new Date(Date.now() + 60_000));
    expect(await build(top, right)).toEqual([]);
  });

  it("is made again when a source changes, with those that depend on it and no other", async () => {
    write("a", "7");
    expect(await build(top, right)).toEqual(["left.txt", "top.txt"]);
    expect(read("top.txt")).toBe("73");
    write("b", "8");
    expect(await build(top, right)).toEqual(["right.txt"]);
    write("both", "9");
    expect(await build(top, right)).toEqual(["left.txt", "right.txt", "top.txt"]);
  });

  it("is left alone when what it needs was made again and came out the same", async () => {
    write("a", "");
    write("both", "13");
    expect(await build(top)).toEqual(["left.txt"]);
  });

  it("is made again when its file is missing or was written by somebody else, or a file appears that it looked for", async () => {
    rmSync(join(folder, "left.txt"));
    write("top.txt", "half");
    write("later", "5");
    expect(await build(top, right)).toEqual(["left.txt", "right.txt", "top.txt"]);
    expect(read("right.txt")).toBe("235");
  });

  it("is made for all who need it at once, and progress counts what is made", async () => {
    write("both", "0");
    const lines: string[] = [];
    made = [];
    await new Builder(folder, (line) => lines.push(line)).build([top, left, right, top]);
    expect(made.length).toBe(3);
    expect(lines[0]).toMatch(/^joining 0\/3: (\w+\.txt(, )?){3} …$/);
    expect(lines.slice(1).map((line) => line.slice(0, 11))).toEqual(["joining 1/3", "joining 2/3", "joining 3/3"]);
    write("a", "5");
    lines.length = 0;
    await new Builder(folder, (line) => lines.push(line)).build([right, top]);
    expect(lines.map((line) => line.slice(0, 11))).toEqual(["joining 0/2", "joining 1/2", "joining 2/2"]);
  });
});

describe("asc", () => {
  it("compiles in a thread, and only the files that an entry imports are its sources", async () => {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const use = { x: { outFile: "build/x.wasm" }, y: { outFile: "build/y.wasm" } };
    write("asconfig.json", JSON.stringify({ targets: use, options: { runtime: "stub", bindings: "raw" } }));
    write("x.ts", 'import { one } from "./shared"; export function f(): i32 { return one(); }');
    write("y.ts", "export function g(): i32 { return 2; }");
    write("shared/index.ts", "export function one(): i32 { return 1; }");
    const pool = new Pool(1);
    const compiled = (target: string): Target => ({
      name: `build/${target}.wasm`,
      needs: [],
      make: (io) => pool.run({ kind: "compile", root: folder, entry: `${target}.ts`, target }, io),
    });
    const [x, y] = [compiled("x"), compiled("y")];
    const builder = new Builder(folder, () => {});
    try {
      await builder.build([x, y]);
      expect(WebAssembly.validate(readFileSync(join(folder, "build/x.wasm")))).toBe(true);
      expect(builder.stale([x, y])).toEqual([]);
      write("shared/index.ts", "export function one(): i32 { return 3; }");
      expect(builder.stale([x, y])).toEqual([x]);
      write("shared/index.ts", "export function one(): i32 { return 1; }");
      write("shared.ts", "export function one(): i32 { return 4; }"); // asc finds this file first
      expect(builder.stale([x, y])).toEqual([x]);
      write("y.ts", "export function g(): i32 { return ; }");
      await expect(new Builder(folder, () => {}).build([y])).rejects.toThrow(/asc y\.ts[\s\S]*ERROR TS/);
    } finally {
      await pool.close();
    }
  });
});

describe("command lines", () => {
  /** Runs a program of the repository. */
  const run = (program: string, ...args: string[]): Promise<{ code: number; out: string; error: string }> =>
    new Promise((done) => {
      const options = ["-C", "simdgrad-source", "--import", "tsx", join(root, program), ...args];
      execFile(process.execPath, options, { cwd: folder }, (failure, out, error) =>
        done({ code: Number(failure?.code ?? 0), out, error }),
      );
    });

  it.each([
    ["examples/main.ts", "npm start"],
    ["scripts/build/main.ts", "npm run build"],
    ["scripts/maintain.ts", "npm run maintain"],
  ])("%s says how it is used, and refuses what it does not know", async (program, name) => {
    const help = await run(program, "--help");
    expect([help.code, help.out.startsWith(`usage: ${name}`), help.error]).toEqual([0, true, ""]);
    for (const wrong of ["--epoch=3", "five"]) {
      const refused = await run(program, wrong);
      expect(refused.code).toBe(2);
      expect(refused.out).toBe("");
      expect(refused.error).toMatch(/^(?:Unknown option '--epoch'|there is no \w+ )/);
      expect(refused.error).toContain(`usage: ${name}`);
    }
  });

  it("npm start reads numbers and names, in the order of the examples", () => {
    expect(readCommand(["4", "1", "--epochs", "3", "--resume"])).toMatchObject({
      examples: ["1", "4"],
      all: false,
      epochs: 3,
      resume: true,
    });
    expect(readCommand([])).toMatchObject({ examples: ["1", "2", "3", "4"], all: true, runs: "runs" });
    expect(() => readCommand(["--epochs", "x"])).toThrow("--epochs takes a whole number, got x");
    expect(() => readCommand(["--batch", "0"])).toThrow("--batch takes at least 1");
  });

  it("npm start names the report by the examples in it", () => {
    const report = (...args: string[]): string => readCommand(args).report.replaceAll("\\", "/");
    expect(report()).toBe("report/index.html");
    expect(report("4", "3", "2", "1")).toBe("report/index.html");
    expect(report("2")).toBe("report/example-2.html");
    expect(report("3", "1")).toBe("report/examples-1-3.html");
    expect(report("2", "--report", "x.html")).toBe("x.html");
    expect(nameOf(["2"])).toBe("example 2");
    expect(nameOf(["1", "2", "4"])).toBe("examples 1, 2 and 4");
    expect(nameOf(["1", "2", "3", "4"])).toBe("the four examples");
  });
});
