import { downsampleLine } from "./downsample.js";
import { axesOf, type Figure, type Marks, notesOf } from "./figure.js";
import type { ChartAxis } from "./ticks.js";

// Why no library: simple-ascii-chart 5.4.0 lets labels overlap and has ticks at odd numbers; asciichart 1.5 has neither
// an x axis nor a legend. In both only the colour distinguishes series.

/** Options of a picture's `text()`. */
export type TextOptions = {
  /** The most columns: those of the terminal, or 80. */
  width?: number;
  /** The most lines (20). */
  height?: number;
  /** Whether to use colours: when left out, if the terminal has them. */
  color?: boolean;
};

/** Colours of the series among a terminal's 256: close to those of the palettes, readable on black and on white. */
const COLOURS = [32, 166, 36, 175, 178, 74, 98, 245];
/** The letters of the series where there are no colours. */
const SIGNS = "*o+x#%@.";
/** Grey, for lines between areas. */
const EDGE = 7;
/** The bits of the dots in a braille letter: two columns of four rows. */
const DOTS = [0x01, 0x02, 0x04, 0x40, 0x08, 0x10, 0x20, 0x80];

/** Text in the colour of a series, where colours are on. */
function paint(text: string, colour: number, on: boolean): string {
  return on ? `\x1b[38;5;${COLOURS[colour % COLOURS.length]}m${text}\x1b[39m` : text;
}

/** The letter that stands for a series. */
const letterOf = (colour: number): string => SIGNS[colour % SIGNS.length]!;

/** A grid of letters. Each letter shows the dots of one series, the last one drawn there. */
class Sheet {
  readonly #dots: Uint8Array;
  readonly #colour: Uint8Array;

  constructor(
    readonly columns: number,
    readonly rows: number,
    /** Braille letters with eight dots each; otherwise one letter for each series. */
    readonly braille: boolean,
    readonly color: boolean,
  ) {
    this.#dots = new Uint8Array(columns * rows);
    this.#colour = new Uint8Array(columns * rows);
  }

  /** Sets a dot: x from 0 (left) to 1 (right), y from 0 (bottom) to 1 (top). Ignores dots outside. */
  dot(x: number, y: number, colour: number): void {
    const [i, j] = [Math.round(x * (2 * this.columns - 1)), Math.round((1 - y) * (4 * this.rows - 1))];
    if (!(i >= 0 && j >= 0 && i < 2 * this.columns && j < 4 * this.rows)) return;
    const cell = (j >> 2) * this.columns + (i >> 1);
    if (this.#colour[cell] !== colour) this.#dots[cell] = 0; // a letter has one colour
    this.#dots[cell]! |= DOTS[(i & 1) * 4 + (j & 3)]!;
    this.#colour[cell] = colour;
  }

  /** Sets the dots of a line; its ends may lie outside. */
  line(from: readonly [number, number], to: readonly [number, number], colour: number): void {
    const near = (value: number): number => Math.min(2, Math.max(-1, value));
    const [x, y, toX, toY] = [...from, ...to].map(near) as [number, number, number, number];
    const steps = Math.ceil(Math.max(Math.abs(toX - x) * 2 * this.columns, Math.abs(toY - y) * 4 * this.rows, 1));
    for (let i = 0; i <= steps; i++) this.dot(x + ((toX - x) * i) / steps, y + ((toY - y) * i) / steps, colour);
  }

  row(j: number): string {
    let out = "";
    for (let start = 0, end: number; start < this.columns; start = end) {
      const colour = this.#colourAt(start, j);
      let run = "";
      for (end = start; end < this.columns && this.#colourAt(end, j) === colour; end++) run += this.#letter(end, j);
      out += colour < 0 ? run : paint(run, colour, this.color);
    }
    return out;
  }

  /** The colour of a letter, or -1 if it is empty. */
  #colourAt(i: number, j: number): number {
    const cell = j * this.columns + i;
    return this.#dots[cell] === 0 ? -1 : this.#colour[cell]!;
  }

  #letter(i: number, j: number): string {
    const colour = this.#colourAt(i, j);
    if (colour < 0) return " ";
    return this.braille ? String.fromCharCode(0x2800 + this.#dots[j * this.columns + i]!) : letterOf(colour);
  }
}

function drawMarks(sheet: Sheet, { kind, x, y, colour, width = 1 }: Marks, axes: { x: ChartAxis; y: ChartAxis }): void {
  const at = (i: number, px: ArrayLike<number>, py: ArrayLike<number>): readonly [number, number] => [
    (px[i]! - axes.x.min) / (axes.x.max - axes.x.min),
    (py[i]! - axes.y.min) / (axes.y.max - axes.y.min),
  ];
  const there = (point: readonly [number, number]): boolean => Number.isFinite(point[0] + point[1]);
  if (kind === "line") {
    const drawn = downsampleLine(x, y, 2 * sheet.columns);
    for (let i = 0; i < drawn.x.length; i++) {
      const point = at(i, drawn.x, drawn.y);
      const before = i > 0 ? at(i - 1, drawn.x, drawn.y) : point;
      if (there(point)) sheet.line(there(before) ? before : point, point, colour);
    }
  } else if (kind === "points") {
    for (let i = 0; i < x.length; i++) sheet.dot(...at(i, x, y), colour);
  } else {
    const foot = (0 - axes.y.min) / (axes.y.max - axes.y.min);
    for (let i = 0; i < x.length; i++) {
      const [left, top] = at(i, x, y);
      const right = left + width / (axes.x.max - axes.x.min);
      if (y[i] === 0 || !there([left, top])) continue;
      for (let column = left; column < right; column += 1 / (2 * sheet.columns))
        sheet.line([column, foot], [column, top], colour);
    }
  }
}

/** The x axis with a label under each tick; labels without room are left out. */
function xLabels(
  { min, max, ticks, format }: ChartAxis,
  margin: number,
  columns: number,
): [ruler: string, labels: string] {
  const ruler = Array.from({ length: columns }, () => "─");
  let labels = " ".repeat(margin + 1);
  for (const tick of ticks) {
    const column = Math.round(((tick - min) / (max - min)) * (columns - 1));
    const text = format(tick);
    const start = Math.min(margin + 1 + column - Math.floor(text.length / 2), margin + 1 + columns - text.length);
    if (start < labels.trimEnd().length + (labels.trim() === "" ? 0 : 2) || start < 0) continue;
    labels = labels.slice(0, start).padEnd(start) + text;
    ruler[column] = "┬";
  }
  return [`${" ".repeat(margin)}└${ruler.join("")}`, labels];
}

/** Names with their letters, in as many lines as they need. */
function legend(marks: readonly Marks[], width: number, sheet: Sheet): string[] {
  const lines: { text: string; length: number }[] = [];
  for (const { name, colour } of marks.filter((mark) => mark.name !== "")) {
    const shown = name.slice(0, width - 4);
    const item = `${paint(sheet.braille ? "━━" : letterOf(colour), colour, sheet.color)} ${shown}`;
    const length = shown.length + (sheet.braille ? 3 : 2);
    const last = lines.at(-1);
    if (last && last.length + 3 + length <= width) {
      last.text += `   ${item}`;
      last.length += 3 + length;
    } else lines.push({ text: item, length });
  }
  return lines.map(({ text }) => text);
}

/** A figure as lines of text, each at most `width` columns long. @internal */
export function plotText(figure: Figure, { width, height, color }: Required<TextOptions>): string {
  const braille = color || figure.marks.length === 1;
  const named = figure.marks.length > 1 || figure.marks[0]?.name !== figure.yLabel;
  const above = [figure.title, ...notesOf(figure)].filter((line) => line !== "").map((line) => line.slice(0, width));
  const names = named ? legend(figure.marks, width, new Sheet(1, 1, braille, color)) : [];
  const rows = Math.max(3, height - above.length - names.length - (figure.xLabel === "" ? 2 : 3));
  const axes = axesOf(figure, { x: Math.max(2, Math.floor(width / 12)), y: Math.max(1, Math.floor(rows / 3)) });
  const margin = Math.min(
    Math.max(...axes.y.ticks.map((tick) => axes.y.format(tick).length)) + 1,
    Math.floor(width / 2),
  );
  const sheet = new Sheet(Math.max(4, width - margin - 1), rows, braille, color);
  for (const edge of figure.edges) {
    const [x, y] = [edge.filter((_, i) => i % 2 === 0), edge.filter((_, i) => i % 2 === 1)];
    drawMarks(sheet, { kind: "line", name: "", x, y, colour: EDGE }, axes);
  }
  for (const marks of figure.marks) drawMarks(sheet, marks, axes);
  const labels = new Map(
    axes.y.ticks.map((tick) => [
      Math.min(rows - 1, Math.floor((1 - (tick - axes.y.min) / (axes.y.max - axes.y.min)) * (rows - 1) + 0.5)),
      axes.y.format(tick),
    ]),
  );
  const body = Array.from({ length: rows }, (_, j) => {
    const label = labels.get(j);
    return `${(label ?? "").padStart(margin)}${label === undefined ? "│" : "┤"}${sheet.row(j)}`.trimEnd();
  });
  const xName = figure.xLabel.slice(0, width - margin - 1);
  const below =
    xName === "" ? [] : [" ".repeat(Math.max(0, margin + 1 + Math.floor((sheet.columns - xName.length) / 2))) + xName];
  return [...above, ...names, ...body, ...xLabels(axes.x, margin, sheet.columns), ...below].join("\n");
}
