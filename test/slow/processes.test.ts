/** Tests in their own processes: threads that end with the process, the last frame of a canvas, the compiler. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { withSharedMemory } from "../../src/runtime/shared-import.js";
import { root, temporaryFolder } from "../support/files.js";
import { runProgram } from "../support/processes.js";
import { FakeTerminal } from "../support/terminal.js";

const folder = temporaryFolder();

describe("the binaries", () => {
  it("are what asc writes for threads, but for one bit", async () => {
    const out = join(folder, "shared.wasm");
    const options = ["--target", "i32", "--sharedMemory", "--enable", "threads", "--outFile", out];
    const asc = join(root, "node_modules/assemblyscript/bin/asc.js");
    await promisify(execFile)(process.execPath, [asc, "assembly/integer.ts", ...options], { cwd: root });
    const plain = new Uint8Array(readFileSync(join(root, "build/i32.wasm")));
    const made = withSharedMemory(plain);
    expect(Buffer.compare(made, readFileSync(out))).toBe(0);
    expect(made.reduce((n, byte, i) => n + Number(byte !== plain[i]), 0)).toBe(1);
  });
});

describe("a process with two threads", () => {
  const start = async (way: string) => {
    const from = performance.now();
    const result = await runProgram("test/support/threads.main.ts", [way], { timeout: 20_000 }).catch(
      (error: { code: number; stderr: string; stdout: string }) => error,
    );
    return { code: 0, ...result, ms: performance.now() - from };
  };

  it("ends when its program does", async () => {
    const { code, ms } = await start("ends");
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
  });

  it.each([
    ["works", 0, "256,256"],
    ["exits", 7, ""],
    ["ends them", 0, ""],
    ["throws", 1, ""],
  ])("ends when it %s", async (way, expected, output) => {
    const { code, stdout, stderr } = await start(way);
    expect([code, stdout.trim()]).toEqual([expected, output]);
    if (way === "throws") expect(stderr).toContain("thrown on purpose");
    else expect(stderr).toBe("");
  });
});

it("the last frame is drawn when a program ends", async () => {
  const folder = mkdtempSync(join(root, "build/terminal-")); // in the repository, where simdgrad can be imported;
  const program = join(folder, "program.ts");
  writeFileSync(
    program,
    `import { Canvas, History } from "simdgrad/viz";
const history = new History();
const stream = { isTTY: true, columns: 60, rows: 20, write: (text: string) => process.stdout.write(text) };
const canvas = new Canvas({ stream });
for (let i = 0; i < 50; i++) {
  history.log(i, { loss: i });
  canvas.frame(() => canvas.drawPlot(history.get("loss"), { title: "frame " + i }));
}
`,
  );
  const env = { ...process.env, TERM: "xterm", CI: "", NO_COLOR: "1" };
  const { stdout } = await runProgram(program, [], { env });
  rmSync(folder, { recursive: true });
  const terminal = new FakeTerminal(60, 20);
  terminal.write(stdout);
  expect(terminal.shown).toContain("frame 49");
  expect(terminal.shown).not.toContain("frame 0");
});
