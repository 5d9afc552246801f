import { canRedraw, columnsOf, hasColour, rowsOf, type Terminal } from "../../platform/terminal.js";

// Why no library: log-update 7 is ESM for Node only, so only an awaited import() could load it. A training loop that
// never awaits would end before the import does.

/** Escape codes: cursor up by some lines; clear to the end of the line; clear to the end of the screen. */
const up = (lines: number): string => (lines > 0 ? `\x1b[${lines}A` : "");
const CLEAR_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

/** The number of columns that a line takes; escape codes take none. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes begin with one
const visible = (line: string): number => line.replace(/\x1b\[[\d;]*m/g, "").length;

/**
 * Lines in a terminal that the next lines overwrite. The cursor stays visible and below them, so the terminal is in
 * order however the process ends. Each change is one write.
 * @internal
 */
export class Screen {
  #shown: string[] = [];

  constructor(readonly output: Terminal) {}

  /** Whether the terminal can overwrite lines. */
  get live(): boolean {
    return canRedraw(this.output);
  }

  get color(): boolean {
    return hasColour(this.output);
  }

  get size(): { columns: number; rows: number } {
    return { columns: columnsOf(this.output) ?? 80, rows: rowsOf(this.output) ?? 24 };
  }

  /** Replaces the lines on the screen. */
  show(lines: readonly string[]): void {
    const most = Math.max(1, this.size.rows - 2);
    const fitting = lines.slice(0, most);
    this.output.write(`${this.#back()}${fitting.map((line) => `${line}${CLEAR_LINE}\n`).join("")}${CLEAR_BELOW}`);
    this.#shown = [...fitting];
  }

  /** Writes a line that stays, above the lines that change. */
  print(line: string): void {
    if (!this.live) {
      this.output.write(`${line}\n`);
      return;
    }
    const shown = this.#shown;
    this.output.write(`${this.#back()}${CLEAR_BELOW}${line}\n`);
    this.#shown = [];
    if (shown.length > 0) this.show(shown);
  }

  /** Keeps the lines on the screen; the next ones come below. */
  leave(): void {
    this.#shown = [];
  }

  /** Moves the cursor to the first line. A line wider than the terminal takes several rows. */
  #back(): string {
    const { columns } = this.size;
    const rows = this.#shown.reduce((sum, line) => sum + Math.max(1, Math.ceil(visible(line) / columns)), 0);
    return rows > 0 ? `\r${up(rows)}` : "";
  }
}
