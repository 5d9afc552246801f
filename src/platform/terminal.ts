import { builtin } from "./node.js";

/** What of Node's process is asked here. */
type Output = {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
  write(text: string): unknown;
  /**
   * Asks the system for columns and rows: else they change between turns of the event loop only, of which a loop has
   * none.
   */
  _refreshSize?: () => void;
};
type Process = {
  env: Record<string, string | undefined>;
  stdout: Output;
  on(event: "exit", listener: () => void): void;
};

/** Where lines of text go: a terminal that is redrawn in place, or a file, a pipe, a log. */
export type Terminal = Output;

const host = builtin<Process>("node:process");

const set = (name: string): string | undefined => host?.env[name] || undefined;

/** The program's standard output; undefined in browsers. */
export function standardOutput(): Terminal | undefined {
  return host?.stdout;
}

/** Columns of the terminal, if it is one that says so: some say 0. */
export function columnsOf(output: Terminal | undefined = standardOutput()): number | undefined {
  output?._refreshSize?.();
  return output?.columns || undefined;
}

/** Its rows. */
export const rowsOf = (output: Terminal): number | undefined => output.rows || undefined;

/**
 * Whether what was written can be overwritten: not in files and pipes, in continuous integration, on dumb terminals.
 */
export function canRedraw(output: Terminal | undefined): boolean {
  return output?.isTTY === true && set("CI") === undefined && set("TERM") !== "dumb";
}

/**
 * Whether to write colours: NO_COLOR (https://no-color.org) says no, then FORCE_COLOR yes (unless 0 or false), else
 * terminals get them, except dumb ones.
 */
export function hasColour(output: Terminal | undefined = standardOutput()): boolean {
  const forced = set("FORCE_COLOR");
  if (set("NO_COLOR") !== undefined) return false;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return output?.isTTY === true && set("TERM") !== "dumb";
}

let listening = false;
const atExit = new Set<() => void>();

/** Calls a function when the process ends by itself, until the returned function is called. Never in browsers. */
export function beforeExit(last: () => void): () => void {
  if (!listening) host?.on("exit", runLast);
  listening = true;
  atExit.add(last);
  return () => atExit.delete(last);
}

function runLast(): void {
  for (const last of atExit) last();
}

/** Calls a function after some milliseconds, if the process lives so long, until the returned function is called. */
export function later(milliseconds: number, call: () => void): () => void {
  const timer: unknown = setTimeout(call, milliseconds);
  if (typeof timer === "object" && timer !== null && "unref" in timer) (timer as { unref(): void }).unref();
  return () => clearTimeout(timer as number);
}
