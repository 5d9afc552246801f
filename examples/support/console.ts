/** What the examples share to show themselves in a terminal. */
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { nn, Tensor } from "simdgrad";
import { Canvas } from "simdgrad/viz";

/** Where an example writes its lines. */
export type Log = (line: string) => void;

export const print: Log = (line) => {
  console.log(line);
};

/**
 * A canvas below the lines that an example writes, and what writes lines from now on. It is redrawn where lines go to a terminal and draws
 * nowhere else.
 */
export function canvasBelow(log: Log): { canvas: Canvas; log: Log } {
  const canvas = new Canvas(log === print ? { lines: false } : { stream: null });
  return { canvas, log: canvas.live ? (line) => canvas.print(line) : log };
}

/** Whether a file was started by itself rather than imported. */
export function isEntryPoint(url: string): boolean {
  return process.argv[1] !== undefined && pathToFileURL(process.argv[1]).href === url;
}

/** The numbers of a tensor, aligned: ` 0.39 -0.57`. */
function numbers(tensor: Tensor): string {
  return Array.from(tensor.toTypedArray(), (value) => value.toFixed(2).padStart(5)).join(" ");
}

/** A line that follows training: its columns are an epoch, two losses, and every parameter of the model. */
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

/** Whether there is a checkpoint to go on from; says so where there is none. */
export function canResume(checkpoint: string, log: Log): boolean {
  if (existsSync(checkpoint)) return true;
  log(`nothing to resume in ${checkpoint}: starting anew`);
  return false;
}

/** Where a training that was taken up again stands, and what to do where nothing is left of it. */
export function resumedAt(batches: number, epoch: number, epochs: number): string {
  if (epoch < epochs) return `resumed after ${batches} batches, in epoch ${epoch + 1}`;
  return `nothing left to train: ${epoch} epochs are done (--epochs ${epoch + 1} goes on)`;
}
