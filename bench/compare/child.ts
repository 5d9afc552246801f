import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Answer, Ask } from "./contender.js";

/** The command that starts a contender's process. */
export type Start = { command: string; args: readonly string[]; env?: Record<string, string> };

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A Node process that runs one of the contenders of this folder. */
export function nodeStart(
  script: string,
  options: { node?: string; imports?: string[]; env?: Record<string, string> } = {},
): Start {
  const { node = process.execPath, imports = [], env = {} } = options;
  const flags = ["tsx", ...imports.map((name) => new URL(name, import.meta.url).href)].flatMap((name) => [
    "--import",
    name,
  ]);
  return { command: node, args: [...flags, here(script)], env };
}

/** A Python process with PyTorch; the PYTHON variable names the interpreter. */
export function pythonStart(threads: number): Start {
  const env = { OMP_WAIT_POLICY: "passive", OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) };
  return { command: process.env.PYTHON ?? "python3", args: [here("../peers/pytorch.py"), String(threads)], env };
}

/** A contender's process. It works only while it answers a question. */
export class Child {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  constructor({ command, args, env }: Start) {
    if (command.includes("/") && !existsSync(command)) throw new Error(`${command} does not exist`);
    this.#process = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...env } });
    this.#process.on("error", () => this.#reader.close()); // `ask` then throws instead of waiting
    this.#process.stdin!.on("error", () => this.#reader.close());
    this.#reader = createInterface({ input: this.#process.stdout! });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  /** Sends a question and waits for the answer. */
  async ask(ask: Ask): Promise<Answer> {
    this.#process.stdin!.write(`${JSON.stringify(ask)}\n`);
    for (;;) {
      const line = await this.#lines.next();
      if (line.done) throw new Error(`${this.#process.spawnfile} ended when asked to ${ask.ask}`);
      if (line.value.startsWith("{")) return JSON.parse(line.value) as Answer;
      console.error(line.value); // a message of a library
    }
  }

  /** The seconds that `calls` calls take. */
  async run(calls: number): Promise<number> {
    return (await this.ask({ ask: "run", calls })).seconds!;
  }

  end(): void {
    this.#process.stdin!.end();
    this.#process.kill();
  }
}
