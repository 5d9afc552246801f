import { type Size, textWidth } from "../picture/svg.js";
import { axesOf, type Figure, notesOf } from "./figure.js";
import type { ChartAxis } from "./ticks.js";

/** The places of the parts of a chart, in pixels. @internal */
export type Layout = {
  x: ChartAxis;
  y: ChartAxis;
  /** The area between the axes. */
  plot: { left: number; top: number; width: number; height: number };
  /** The top of the legend. */
  legendTop: number;
  /** The lines of the title; the notes are the lines below it. All fit into the width. */
  title: string[];
  notes: string[];
  /** The distance from the y axis to its name; the labels of the ticks lie between. */
  yNameGap: number;
};

export const TEXT = 12;
export const TITLE = 15;
const LINE = 17;
const PAD = 12;
/** In the legend, the symbol takes SYMBOL pixels before a name; BETWEEN pixels follow the name. */
const SYMBOL = 20;
const BETWEEN = 14;
/** The distance between two rows of a legend. */
const LEGEND_ROW = 28;

/** Breaks text between words into lines of at most `width` pixels; a longer word is a line. */
function wrap(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    const joined = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && textWidth(joined, size) <= width) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines;
}

/** The number of rows that a legend needs. */
function legendRows(names: readonly string[], width: number): number {
  let rows = names.length > 0 ? 1 : 0;
  let used = 0;
  for (const name of names) {
    const item = SYMBOL + 5 + textWidth(name, TEXT) + BETWEEN;
    if (used > 0 && used + item > width) {
      rows++;
      used = 0;
    }
    used += item;
  }
  return rows;
}

const widest = (axis: ChartAxis): number =>
  Math.max(...axis.ticks.map((tick) => textWidth(axis.format(tick), TEXT)), 8);

/** The names in the legend: none when the only name is already the label of y. @internal */
export const legendNames = (figure: Figure): string[] => {
  const names = figure.marks.map(({ name }) => name).filter((name) => name !== "");
  return names.length > 1 || names.some((name) => name !== figure.yLabel) ? names : [];
};

/** Places all parts of a chart so that no two overlap. @internal */
export function layOut(figure: Figure, { width, height }: Size): Layout {
  const title = wrap(figure.title, width - 2 * PAD, TITLE);
  const notes = notesOf(figure).flatMap((note) => wrap(note, width - 2 * PAD, TEXT));
  const legendTop = PAD + title.length * (LINE + 3) + notes.length * LINE + 4;
  const rows = legendRows(legendNames(figure), width - 2 * PAD);
  const top = legendTop + (rows === 0 ? 0 : LINE + 3 + (rows - 1) * LEGEND_ROW) + 8;
  const bottom = PAD + LINE + (figure.xLabel === "" ? 0 : LINE + 3);
  const plotHeight = Math.max(20, height - top - bottom);
  const ySteps = Math.max(1, Math.min(8, Math.floor(plotHeight / 34)));
  // The width of the labels of x depends on the steps: take fewer steps until the labels fit.
  let { x, y } = axesOf(figure, { x: 8, y: ySteps });
  const left = PAD + (figure.yLabel === "" ? 0 : LINE + 4) + widest(y) + 8;
  const right = PAD + 6;
  const plotWidth = Math.max(20, width - left - right);
  for (let steps = 8; steps > 1; steps--) {
    ({ x, y } = axesOf(figure, { x: steps, y: ySteps }));
    const room = (x.step / (x.max - x.min)) * plotWidth;
    if (room >= widest(x) + 14) break;
  }
  const plot = { left, top, width: plotWidth, height: plotHeight };
  return {
    x,
    y,
    plot: figure.equal ? equalUnits(plot, x, y) : plot,
    legendTop,
    title,
    notes,
    yNameGap: widest(y) + 16,
  };
}

/** The largest area inside `plot`, centred in x, in which a unit is as long on x as on y. */
function equalUnits(plot: Layout["plot"], x: ChartAxis, y: ChartAxis): Layout["plot"] {
  const [spanX, spanY] = [x.max - x.min, y.max - y.min];
  const unit = Math.min(plot.width / spanX, plot.height / spanY);
  const [width, height] = [Math.round(unit * spanX), Math.round(unit * spanY)];
  return { left: plot.left + Math.floor((plot.width - width) / 2), top: plot.top, width, height };
}
