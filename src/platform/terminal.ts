import { builtin } from "./node.js";

/** The parts of Node's process that are used here. */
type Output = {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
  write(text: string): unknown;
  /**
   * Asks the system for columns and rows. By itself Node updates them only between turns of the event loop, and a
   * training loop has no such turns.
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

/** Columns of the terminal; undefined where it does not tell them, or tells 0. */
export function columnsOf(output: Terminal | undefined = standardOutput()): number | undefined {
  output?._refreshSize?.();
  return output?.columns || undefined;
}

/** Rows of the terminal. */
export const rowsOf = (output: Terminal): number | undefined => output.rows || undefined;

/**
 * Whether written lines can be overwritten: not in files, pipes, continuous integration and dumb terminals.
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

/**
 * Registers a function that is called when the process ends by itself (never in browsers). Returns how to remove it.
 */
export function beforeExit(last: () => void): () => void {
  if (!listening) host?.on("exit", runLast);
  listening = true;
  atExit.add(last);
  return () => atExit.delete(last);
}

function runLast(): void {
  for (const last of atExit) last();
}

/** Calls a function after some milliseconds, without keeping the process alive. Returns how to cancel that. */
export function later(milliseconds: number, call: () => void): () => void {
  const timer: unknown = setTimeout(call, milliseconds);
  if (typeof timer === "object" && timer !== null && "unref" in timer) (timer as { unref(): void }).unref();
  return () => clearTimeout(timer as number);
}
