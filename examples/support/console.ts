/** The output of the examples in a terminal. */
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { nn, Tensor } from "simdgrad";
import { Canvas } from "simdgrad/viz";

/** Writes a line of an example. */
export type Log = (line: string) => void;

export const print: Log = (line) => {
  console.log(line);
};

/**
 * A canvas below the lines of an example, and the function that writes further lines. The canvas draws only if the
 * lines go to a terminal.
 */
export function canvasBelow(log: Log): { canvas: Canvas; log: Log } {
  const canvas = new Canvas(log === print ? { lines: false } : { stream: null });
  return { canvas, log: canvas.live ? (line) => canvas.print(line) : log };
}

/** Whether a file was run directly, not imported. */
export function isEntryPoint(url: string): boolean {
  return process.argv[1] !== undefined && pathToFileURL(process.argv[1]).href === url;
}

/** The numbers of a tensor, aligned: ` 0.39 -0.57`. */
function numbers(tensor: Tensor): string {
  return Array.from(tensor.toTypedArray(), (value) => value.toFixed(2).padStart(5)).join(" ");
}

/** A line about an epoch: its number, the two losses, and all parameters of the model. */
export function progress(model: nn.Module, epoch: number, train: number, valid: number): string {
  const cells = model.namedParameters().map(([name, p]) => numbers(p).padEnd(name.length));
  return [String(epoch).padStart(5), train.toFixed(4), valid.toFixed(4), ...cells].join(" ").trimEnd();
}

/** The heading of {@link progress}. */
export function progressHeading(model: nn.Module): string {
  const cells = model.namedParameters().map(([name, p]) => name.padEnd(numbers(p).length));
  return ["epoch", " train", " valid", ...cells].join(" ").trimEnd();
}

/** Rows as aligned columns, the first row underlined. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join("  ")
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => "─".repeat(width)).join("  "));
  return lines.join("\n");
}

/** Whether the checkpoint exists; logs a line if not. */
export function canResume(checkpoint: string, log: Log): boolean {
  if (existsSync(checkpoint)) return true;
  log(`no checkpoint ${checkpoint}: starting from the beginning`);
  return false;
}

/** The line about a resumed training: where it stands, or how to train longer if it is complete. */
export function resumedAt(batches: number, epoch: number, epochs: number): string {
  if (epoch < epochs) return `resumed after ${batches} batches, in epoch ${epoch + 1}`;
  return `nothing left to train: ${epoch} epochs are done (--epochs ${epoch + 1} goes on)`;
}
