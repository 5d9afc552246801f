import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../support/files.js";

/**
 * Tests the code of the documentation: type-checks and runs the ```ts blocks of README.md, docs/ and TSDoc. `ts no-run`
 * is only type-checked; `ts excerpt` must be part of the sources, word for word.
 */
const folder = join(root, "build/snippets");
const run = promisify(execFile);

type Snippet = { file: string; line: number; mode: string; code: string };

const under = (path: string, suffix: string): string[] =>
  readdirSync(join(root, path), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(suffix) && !name.endsWith(".generated.ts"))
    .map((name) => `${path}/${name.replaceAll("\\", "/")}`)
    .sort();

/** The ```ts blocks of a file, without the " * " of TSDoc lines. */
function snippetsOf(file: string): Snippet[] {
  const text = readFileSync(join(root, file), "utf8");
  const block = /^([ \t]*(?:\* )?)```ts(?: ([\w-]+))?\n([\s\S]*?)^\s*(?:\* )?```/gm;
  return [...text.matchAll(block)].map((match) => {
    const [, indent, mode = "run", body] = match;
    const lines = body!
      .split("\n")
      .map((line) => (line.startsWith(indent!) ? line.slice(indent!.length) : line.replace(/^\s*\*$/, "")));
    const line = text.slice(0, match.index).split("\n").length;
    return { file, line, mode, code: lines.join("\n") };
  });
}

const files = [...["README.md", "CONTRIBUTING.md"], ...under("docs", ".md"), ...under("src", ".ts")];
const snippets = files.flatMap(snippetsOf);
const programs = snippets.filter(({ mode }) => mode !== "excerpt");
const nameOf = (snippet: Snippet): string => `s${programs.indexOf(snippet)}.ts`;
const where = ({ file, line }: Snippet): string => `${file}:${line}`;

/** Errors by snippet: messages of tsc, and exceptions. */
const problems = new Map<string, string>();
const note = (name: string, problem: string): void => {
  problems.set(name, `${problems.get(name) ?? ""}${problem}\n`);
};

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const snippet of programs) writeFileSync(join(folder, nameOf(snippet)), `${snippet.code}\nexport {};\n`);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../tsconfig.json",
      compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
      include: ["*.ts"],
    }),
  );
  const runnable = programs.filter(({ mode }) => mode === "run").map(nameOf);
  writeFileSync(
    join(folder, "main.mjs"),
    `const { stdout } = process;
const write = stdout.write.bind(stdout);
stdout.write = () => true; // ignore the output of snippets
const failed = {};
for (const name of ${JSON.stringify(runnable)}) {
  try {
    await import("./" + name);
  } catch (error) {
    failed[name] = String(error);
  }
}
write(JSON.stringify(failed), () => process.exit());
`,
  );
  const tsc = run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]).catch(
    ({ stdout }: { stdout: string }) => {
      for (const line of stdout.split("\n")) {
        const [, name, problem] = /(s\d+\.ts)\(\d+,\d+\): (.*)/.exec(line) ?? [];
        if (name !== undefined) note(name, problem!);
        else if (/^\S/.test(line)) note("all", line);
      }
    },
  );
  const tsx = run(process.execPath, ["-C", "simdgrad-source", "--import", "tsx", join(folder, "main.mjs")], {
    cwd: root,
  });
  await tsc;
  for (const [name, problem] of Object.entries(JSON.parse((await tsx).stdout) as Record<string, string>)) {
    note(name, problem);
  }
});

describe("code in documentation", () => {
  it("is found and compiles as a whole", () => {
    expect(programs.length).toBeGreaterThan(10);
    expect(problems.get("all")).toBeUndefined();
  });

  it.each(programs.map((snippet) => [where(snippet), nameOf(snippet)]))("%s is right", (_, name) => {
    expect(problems.get(name!) ?? "").toBe("");
  });

  it("stands in fences", () => {
    const bare = files.flatMap((file) => {
      const examples = readFileSync(join(root, file), "utf8").matchAll(/@example\n(?!\s*\* ```ts)[^\n]*/g);
      return [...examples].map(([text]) => `${file}: ${text.split("\n")[1]}`);
    });
    expect(bare).toEqual([]);
  });

  const sources = [...under("src", ".ts"), ...under("test", ".ts"), ...under("assembly", ".ts")];
  it.each(snippets.filter(({ mode }) => mode === "excerpt").map((s) => [where(s), s.code]))(
    "%s is an excerpt",
    (_, code) => {
      const found = sources.filter((file) => readFileSync(join(root, file), "utf8").includes(code!.trimEnd()));
      expect(found.length).toBeGreaterThan(0);
    },
  );
});
