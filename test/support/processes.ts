/** Programs in Node processes of their own. */
import { execFile, spawn } from "node:child_process";
import { statSync } from "node:fs";
import { promisify } from "node:util";
import { root } from "./files.js";

/** The further Node binaries that `SIMDGRAD_NODES=path:path` names. */
export const furtherNodes = (process.env.SIMDGRAD_NODES ?? "").split(":").filter((path) => path !== "");

type Options = {
  node?: string;
  env?: NodeJS.ProcessEnv;
  timeout?: number;
  /** What `simdgrad` means in the program: the library's sources (the default), or dist/, which starts faster. */
  library?: "sources" | "dist";
};

const command = (path: string, args: readonly string[], library: Options["library"]): string[] => [
  ...(library === "dist" ? [] : ["-C", "simdgrad-source"]),
  ...["--import", "tsx", path, ...args],
];

/** Runs a TypeScript program from the repository's folder and returns what it prints. Throws where the program fails. */
export function runProgram(
  path: string,
  args: readonly string[] = [],
  { node = process.execPath, library, ...options }: Options = {},
): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(node, command(path, args, library), { cwd: root, maxBuffer: 2 ** 28, ...options });
}

/** When a program is killed: so many milliseconds after it has replaced a file so many times. */
type Kill = { file: string; replaced: number; after: number };

/** As {@link runProgram}, but kills the program. Returns what it printed, or null where it was killed before its end. */
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
