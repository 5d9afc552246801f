/** Runs programs in new Node processes. */
import { execFile, spawn } from "node:child_process";
import { statSync } from "node:fs";
import { promisify } from "node:util";
import { root } from "./files.js";

/** More Node binaries, from `SIMDGRAD_NODES=path:path`. */
export const furtherNodes = (process.env.SIMDGRAD_NODES ?? "").split(":").filter((path) => path !== "");

type Options = {
  node?: string;
  /** The folder in which the program runs (the repository's). */
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  timeout?: number;
  /** The meaning of `simdgrad` in the program: the sources (the default), or dist/, which starts faster. */
  library?: "sources" | "dist";
};

const command = (path: string, args: readonly string[], library: Options["library"]): string[] => [
  ...(library === "dist" ? [] : ["-C", "simdgrad-source"]),
  ...["--import", "tsx", path, ...args],
];

/** Runs a TypeScript program, and returns its output. Throws if the program fails. */
export function runProgram(
  path: string,
  args: readonly string[] = [],
  { node = process.execPath, library, ...options }: Options = {},
): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(node, command(path, args, library), { cwd: root, maxBuffer: 2 ** 28, ...options });
}

/** When to kill a program: `after` ms after it has replaced `file` `replaced` times. */
type Kill = { file: string; replaced: number; after: number };

/** Like {@link runProgram}, but kills the program. Returns its output, or null if the kill came before its end. */
export function runAndKill(
  path: string,
  args: readonly string[],
  { file, replaced, after }: Kill,
  { env = process.env, library }: Options = {},
): Promise<string | null> {
  const version = (): number => statSync(file, { throwIfNoEntry: false })?.ino ?? 0;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command(path, args, library), {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.on("data", (text) => {
      out += text;
    });
    let [seen, times] = [version(), 0];
    const watch = setInterval(() => {
      const found = version();
      if (found === seen) return;
      seen = found;
      if (++times < replaced) return;
      clearInterval(watch);
      setTimeout(() => child.kill("SIGKILL"), after);
    }, 1);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearInterval(watch);
      if (signal === "SIGKILL") resolve(null);
      else if (code === 0) resolve(out);
      else reject(new Error(`the program ended with ${code}`));
    });
  });
}
