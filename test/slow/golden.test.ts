/** `npm run golden`: the choice of a Python, and the message without one. These tests do not need PyTorch. */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/files.js";
import { runProgram } from "../support/processes.js";

const folder = temporaryFolder();

/** A fake Python that prints a version of PyTorch. */
function pythonWith(answer: string, evaluation = "exit 9"): string {
  const path = join(folder, `python-${answer.replaceAll(" ", "-")}`);
  writeFileSync(path, `#!/bin/sh\nif [ "$1" = -c ]; then ${answer}; else ${evaluation}; fi\n`);
  chmodSync(path, 0o755);
  return path;
}

/** The outputs and the exit code of the command. */
async function golden(args: string[], env: Record<string, string>) {
  const { code, stdout, stderr } = await runProgram("scripts/golden.ts", args, {
    env: { ...process.env, ...env },
  }).then(
    (output) => ({ code: 0, ...output }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  return { code, stdout, stderr };
}

describe("npm run golden", () => {
  it("refuses themes that do not exist, before it looks for PyTorch", async () => {
    const { code, stderr } = await golden(["activation", "gelu"], { PYTHON: pythonWith("exit 1") });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^golden: expected themes of activation, arithmetic, .*, view, got gelu\n\nusage: /);
  });

  it("says how to get PyTorch where there is none", async () => {
    const python = pythonWith("exit 1");
    const { code, stderr } = await golden(["activation"], { PYTHON: python });
    expect(code).toBe(1);
    expect(stderr).toContain(`golden: expected PyTorch 1.13 in ${python}, got none`);
    expect(stderr).toMatch(/apt-get install .*python3-torch\n.*npm run golden -- --docker <theme>/);
  });

  it("refuses another version of PyTorch", async () => {
    for (const version of ["2.1.0+cpu", "1.130.0"]) {
      const python = pythonWith(`echo ${version}`);
      const { code, stderr } = await golden(["activation"], { PYTHON: python });
      expect(code).toBe(1);
      expect(stderr).toContain(`got ${python} has ${version}`);
    }
  });

  it("says that docker is missing", async () => {
    const { code, stderr } = await golden(["activation", "--docker"], { PATH: "" });
    expect([code, stderr.trim()]).toEqual([1, "golden: expected docker, got none. Install it"]);
  });

  it("gives the cases of the themes to a Python with PyTorch 1.13", async () => {
    const cases = join(folder, "cases.json");
    const python = pythonWith("echo 1.13.1", `cat > ${cases}`);
    expect(await golden(["factories"], { PYTHON: python })).toMatchObject({
      code: 0,
      stdout: "test/golden/ops: factories\n",
    });
    const { themes } = JSON.parse(readFileSync(cases, "utf8")) as { themes: [string, [string, object[]][]][] };
    expect(themes.map(([theme]) => theme)).toEqual(["factories"]);
    expect(themes[0]![1].length).toBeGreaterThan(5);
  });
});
