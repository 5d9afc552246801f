import { canRedraw, columnsOf, hasColour, rowsOf, type Terminal } from "../../platform/terminal.js";

// Libraries that redraw in place (log-update 7) are ESM for Node alone: only an import() that is awaited could load
// them, and a training loop that never awaits would train to its end before.

/** Escapes: up so many lines, to the end of the line, to the end of the screen. */
const up = (lines: number): string => (lines > 0 ? `\x1b[${lines}A` : "");
const CLEAR_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

/** How many columns text takes, without its escapes for colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes begin with one
const visible = (line: string): number => line.replace(/\x1b\[[\d;]*m/g, "").length;

/**
 * Lines in a terminal that are overwritten by the next ones. The cursor stays below them and is never hidden: whatever
 * ends the process, there is nothing to put right. Each change is one write.
 * @internal
 */
export class Screen {
  #shown: string[] = [];

  constructor(readonly output: Terminal) {}

  /** Whether lines can be overwritten here at all. */
  get live(): boolean {
    return canRedraw(this.output);
  }

  get color(): boolean {
    return hasColour(this.output);
  }

  get size(): { columns: number; rows: number } {
    return { columns: columnsOf(this.output) ?? 80, rows: rowsOf(this.output) ?? 24 };
  }

  /** Puts lines in the place of those that are there. */
  show(lines: readonly string[]): void {
    const most = Math.max(1, this.size.rows - 2);
    const fitting = lines.slice(0, most);
    this.output.write(`${this.#back()}${fitting.map((line) => `${line}${CLEAR_LINE}\n`).join("")}${CLEAR_BELOW}`);
    this.#shown = [...fitting];
  }

  /** Writes a line that stays, above those that change. */
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

  /** Leaves the lines as they are: the next ones come below. */
  leave(): void {
    this.#shown = [];
  }

  /** To the first of the lines. In a terminal that is narrower now, they take more rows. */
  #back(): string {
    const { columns } = this.size;
    const rows = this.#shown.reduce((sum, line) => sum + Math.max(1, Math.ceil(visible(line) / columns)), 0);
    return rows > 0 ? `\r${up(rows)}` : "";
  }
}
