/** A terminal that tests can read. It knows the escape codes that simdgrad writes, and throws for others. */
export class FakeTerminal {
  readonly isTTY: boolean;
  /** The whole output. */
  text = "";
  /** The lines on the screen and above it, without colours. */
  readonly lines: string[] = [""];
  #row = 0;
  #column = 0;

  constructor(
    public columns: number,
    public rows = 24,
    isTTY = true,
  ) {
    this.isTTY = isTTY;
  }

  write(text: string): boolean {
    this.text += text;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes begin with one
    for (const [token, count, command] of text.matchAll(/\x1b\[([\d;]*)([A-Za-z])|[^\x1b]/g)) {
      if (command === undefined) this.#put(token);
      else if (command === "A") this.#row = Math.max(0, this.#row - Number(count));
      else if (command === "K") this.#line = this.#line.slice(0, this.#column);
      else if (command === "J") {
        this.#line = this.#line.slice(0, this.#column);
        this.lines.length = this.#row + 1;
      } else if (command !== "m") throw new Error(`an escape that is not expected: ${JSON.stringify(token)}`);
    }
    return true;
  }

  /** The lines, without empty ones at the end. */
  get shown(): string {
    return this.lines.join("\n").trimEnd();
  }

  get #line(): string {
    return this.lines[this.#row] ?? "";
  }

  set #line(text: string) {
    this.lines[this.#row] = text;
  }

  #put(letter: string): void {
    if (letter === "\n") {
      this.#row++;
      this.#column = 0;
      this.lines[this.#row] ??= "";
    } else if (letter === "\r") this.#column = 0;
    else {
      if (this.#column >= this.columns) throw new Error(`a line of more than ${this.columns} columns: ${this.#line}`);
      this.#line = this.#line.padEnd(this.#column).slice(0, this.#column) + letter + this.#line.slice(this.#column + 1);
      this.#column++;
    }
  }
}

/** Text without escape codes for colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes begin with one
export const withoutColours = (text: string): string => text.replace(/\x1b\[[\d;]*m/g, "");
