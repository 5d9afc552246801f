/** What the examples share to show themselves in a terminal. */
import { pathToFileURL } from "node:url";
import type { nn } from "simdgrad";

/** Where an example writes its lines. */
export type Log = (line: string) => void;

export const print: Log = (line) => {
  console.log(line);
};

/** Whether a file was started by itself rather than imported. */
export function isEntryPoint(url: string): boolean {
  return process.argv[1] !== undefined && pathToFileURL(process.argv[1]).href === url;
}

/** All parameters of a model on one line. */
export function formatParameters(model: nn.Module): string {
  return model
    .namedParameters()
    .map(([name, p]) => `${name} [${Array.from(p.toTypedArray(), (value) => value.toFixed(3)).join(" ")}]`)
    .join("  ");
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
