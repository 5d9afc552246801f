import { ShapeError, ValueError } from "../../base/errors.js";
import { checkOptionNames } from "../../base/options.js";
import { sealed, shown } from "../../base/signature.js";
import { type Numbers, numbersOf } from "../drawing/chart-data.js";
import type { Drawing } from "../drawing/drawing.js";
import { Picture } from "../drawing/picture.js";
import { documentOf, label, shorten } from "../drawing/svg-parts.js";
import type { TextOptions } from "../drawing/text-plot.js";
import { escapeXml, type Size, textWidth } from "../picture/svg.js";
import type { Palette } from "../picture/theme.js";
import type { ChartOptions } from "./line-plot.js";

/** counts[i][j]: how many samples of class i the model predicts as class j. */
type Matrix = {
  counts: readonly (readonly number[])[];
  classes: readonly string[];
  options: ChartOptions;
  note: string;
};

const PAD = 12;
const TEXT = 12;
const TITLE = 15;
/** The least font size of counts: smaller text is not legible, so it is left out. */
const LEAST = 7;
/** The most that names of classes take of the width. */
const NAMES = 0.24;

function countPairs(op: string, truth: Float64Array, predicted: Float64Array, classes: number): number[][] {
  if (truth.length !== predicted.length) {
    throw new ShapeError(
      op,
      `expected as many predicted classes as true ones, got ${predicted.length} for ${truth.length}`,
    );
  }
  const odd = [...truth, ...predicted].find((c) => !(Number.isInteger(c) && c >= 0 && c < classes));
  if (odd !== undefined) throw new ValueError(op, `expected classes from 0 to ${classes - 1}, got ${odd}`);
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const [i, row] of truth.entries()) counts[row]![predicted[i]!]!++;
  return counts;
}

const total = (row: readonly number[]): number => row.reduce((a, b) => a + b, 0);

/** The place of the cells, and the size of the text. */
function place({ counts, classes, options }: Matrix, { width, height }: Size) {
  const named = Math.min(NAMES * width, Math.max(...classes.map((name) => textWidth(name, TEXT))));
  const left = PAD + TEXT + 8 + named + 6;
  const top = PAD + (options.title ? TITLE + 6 : 0) + TEXT + 10;
  const cell = Math.max(
    4,
    Math.min((width - left - PAD) / classes.length, (height - top - PAD) / (classes.length + 0.1)),
  );
  const upright = Math.max(...classes.map((name) => textWidth(name, TEXT))) <= cell - 4;
  const below = (upright ? TEXT + 6 : named + 8) + TEXT + 10;
  const side = Math.max(4, Math.min(cell, (height - top - PAD - below) / classes.length));
  const digits = Math.max(...counts.flat()).toString();
  const size = Math.min(14, Math.floor((TEXT * (side - 3)) / textWidth(digits, TEXT)));
  return { left, top, side, named, upright, size, sum: side * classes.length };
}

/** The relative luminance of a colour such as `#0072b2`, about: 0 to 1. */
function brightness(colour: string): number {
  const part = (from: number): number => Number.parseInt(colour.slice(from, from + 2), 16) / 255;
  return 0.21 * part(1) * part(1) + 0.72 * part(3) * part(3) + 0.07 * part(5) * part(5);
}

/**
 * The text colour with the higher contrast on a cell: the palette's text or background. `share` is the cell's opacity.
 */
function readable(palette: Palette, share: number): string {
  const [text, page] = [brightness(palette.text), brightness(palette.background)];
  const root = (light: number): number => Math.sqrt(light);
  const mixed = root(page) + share * (root(brightness(palette.series[0]!)) - root(page));
  const contrast = (light: number): number => {
    const [dim, bright] = [Math.min(light, mixed * mixed), Math.max(light, mixed * mixed)];
    return (bright + 0.05) / (dim + 0.05);
  };
  return contrast(text) >= contrast(page) ? palette.text : palette.background;
}

/** A row of cells with its name in front. */
function rowSvg({ counts, classes }: Matrix, i: number, where: ReturnType<typeof place>, palette: Palette): string[] {
  const { left, top, side, named, size } = where;
  const row = counts[i]!;
  const y = top + i * side;
  const name = { x: left - 6, y: y + side / 2, size: TEXT, fill: palette.text, anchor: "end" } as const;
  const cells = row.flatMap((n, j) => {
    const share = n / Math.max(1, total(row));
    const x = left + j * side;
    const box = `x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${side.toFixed(1)}" height="${side.toFixed(1)}"`;
    const says = escapeXml(`${classes[i]} taken for ${classes[j]}: ${n} of ${total(row)}`);
    const colour = `fill="${palette.series[0]}" fill-opacity="${share.toFixed(3)}" stroke="${palette.grid}"`;
    const cell = `<rect ${box} ${colour}><title>${says}</title></rect>`;
    if (size < LEAST) return [cell];
    const fill = n === 0 ? palette.muted : readable(palette, share);
    return [cell, label(String(n), { x: x + side / 2, y: y + side / 2, size, fill, anchor: "middle" })];
  });
  return [label(shorten(classes[i]!, named, TEXT), name), ...cells];
}

function matrixSvg(matrix: Matrix, page: Size, palette: Palette): string {
  const { classes, options, note } = matrix;
  const where = place(matrix, page);
  const { left, top, side, named, upright, sum } = where;
  const muted = { size: TEXT, fill: palette.muted };
  const columns = classes.map((name, j) => {
    const at = { x: left + (j + 0.5) * side, y: top + sum + 6, size: TEXT, fill: palette.text };
    if (upright) return label(name, { ...at, y: at.y + TEXT / 2, anchor: "middle" });
    return label(shorten(name, named, TEXT), { ...at, anchor: "end", turn: -90 });
  });
  const bottom = top + sum + (upright ? TEXT + 6 : named + 8) + TEXT;
  const parts = [
    label(note, { x: PAD, y: top - TEXT / 2 - 8, ...muted }),
    ...classes.flatMap((_, i) => rowSvg(matrix, i, where, palette)),
    ...columns,
    label(options.xLabel ?? "predicted", { x: left + sum / 2, y: bottom, ...muted, anchor: "middle" }),
    label(options.yLabel ?? "true", { x: PAD + TEXT / 2, y: top + sum / 2, ...muted, anchor: "middle", turn: -90 }),
  ];
  if (options.title) {
    const text = shorten(options.title, page.width - 2 * PAD, TITLE);
    parts.unshift(label(text, { x: PAD, y: PAD + TITLE / 2, size: TITLE, fill: palette.text, bold: true }));
  }
  return documentOf(page, palette, parts);
}

/** The counts as a table of at most `width` columns. Names have numbers, which head the columns. */
function matrixText({ counts, classes, options, note }: Matrix, { width }: Required<TextOptions>): string {
  const digits = Math.max(...counts.flat(), classes.length - 1).toString().length;
  const cells = classes.length * (digits + 1);
  const named = Math.max(0, Math.min(Math.max(...classes.map((name) => name.length)), width - cells - 4));
  if (named < 3 && cells + 4 > width) {
    const rights = counts.map((row, i) => `${row[i]} of ${total(row)} right: ${classes[i]}`);
    return [options.title ?? "", note, ...rights]
      .map((line) => line.slice(0, width))
      .join("\n")
      .trimStart();
  }
  const wide = String(classes.length - 1).length;
  const heads = classes.map((_, j) => String(j).padStart(digits)).join(" ");
  const rows = counts.map((row, i) => {
    const name = `${String(i).padStart(wide)} ${classes[i]!.slice(0, named).padEnd(named)}`;
    return `${name} ${row.map((n) => String(n).padStart(digits)).join(" ")}`;
  });
  const lines = [options.title ?? "", note, `${" ".repeat(wide + 1 + named)} ${heads}`, ...rows];
  return lines
    .filter((line) => line !== "")
    .map((line) => line.slice(0, width))
    .join("\n");
}

/**
 * A confusion matrix: counts of samples by true class (rows) and predicted class (columns). The colour of a cell shows
 * its share of the row.
 *
 * @param truth the true classes as numbers: a tensor [N] or an array
 * @param predicted the predicted classes, as many
 * @param classes the names of the classes, or their number (1 to 100)
 * @param options title, labels of the axes
 * @throws ShapeError if the numbers of true and predicted classes differ, ValueError for a class without a name
 * @example
 * ```ts
 * import { confusionMatrix } from "simdgrad/viz";
 * confusionMatrix([0, 0, 1, 2], [0, 1, 1, 2], ["cat", "ship", "plane"]).svg();
 * ```
 */
export const confusionMatrix = sealed(
  "confusionMatrix",
  4,
  (truth: Numbers, predicted: Numbers, classes: readonly string[] | number, options: ChartOptions = {}): Picture => {
    const op = "confusionMatrix";
    checkOptionNames<ChartOptions>(op, options, { title: true, xLabel: true, yLabel: true });
    const size = Array.isArray(classes) ? classes.length : classes;
    if (typeof size !== "number" || !(Number.isInteger(size) && size >= 1 && size <= 100)) {
      throw new ValueError(op, `expected 1 to 100 classes, by their names or their number, got ${shown(size)}`);
    }
    const names = typeof classes === "number" ? Array.from({ length: classes }, (_, i) => String(i)) : classes;
    const counts = countPairs(op, numbersOf(op, "truth", truth), numbersOf(op, "predicted", predicted), names.length);
    const all = total(counts.map(total));
    const right = total(counts.map((row, i) => row[i]!));
    const share = all === 0 ? "nothing to compare yet" : `${((100 * right) / all).toFixed(1)} % of ${all} right`;
    const matrix: Matrix = { counts, classes: names, options, note: share };
    const drawing: Drawing = {
      op,
      size: { width: 560, height: 560 },
      label: `${options.title ?? "confusion matrix"}: ${names.length} classes, ${share}`,
      svg: (size, palette) => matrixSvg(matrix, size, palette),
      text: (options) => matrixText(matrix, options),
    };
    return new Picture(drawing);
  },
);
