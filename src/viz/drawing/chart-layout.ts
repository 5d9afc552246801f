import { type Size, textWidth } from "../picture/svg.js";
import { axesOf, type Figure, notesOf } from "./figure.js";
import type { ChartAxis } from "./ticks.js";

/** Where the parts of a chart are, in pixels. @internal */
export type Layout = {
  x: ChartAxis;
  y: ChartAxis;
  /** The area between the axes. */
  plot: { left: number; top: number; width: number; height: number };
  /** The top of the legend. */
  legendTop: number;
  /** The lines of the title, and those below it, none of them too long. */
  title: string[];
  notes: string[];
  /** From the labels of the ticks of y to their axis, and further to the axis' name. */
  yNameGap: number;
};

export const TEXT = 12;
export const TITLE = 15;
const LINE = 17;
const PAD = 12;
/** A name in the legend has its sign in front and room behind. */
const SIGN = 20;
const BETWEEN = 14;
/** From one row of a legend to the next. */
const LEGEND_ROW = 28;

/** Breaks text between words into lines that are not wider than that. */
function wrap(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    const joined = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && textWidth(joined, size) <= width) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines;
}

/** How many rows a legend needs. */
function legendRows(names: readonly string[], width: number): number {
  let rows = names.length > 0 ? 1 : 0;
  let used = 0;
  for (const name of names) {
    const item = SIGN + 5 + textWidth(name, TEXT) + BETWEEN;
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

/** The names that a legend shows: none where there is nothing to tell apart. @internal */
export const legendNames = (figure: Figure): string[] => {
  const names = figure.marks.map(({ name }) => name).filter((name) => name !== "");
  return names.length > 1 || names.some((name) => name !== figure.yLabel) ? names : [];
};

/** Finds the place of everything, so that nothing lies on anything else. @internal */
export function layOut(figure: Figure, { width, height }: Size): Layout {
  const title = wrap(figure.title, width - 2 * PAD, TITLE);
  const notes = notesOf(figure).flatMap((note) => wrap(note, width - 2 * PAD, TEXT));
  const legendTop = PAD + title.length * (LINE + 3) + notes.length * LINE + 4;
  const rows = legendRows(legendNames(figure), width - 2 * PAD);
  const top = legendTop + (rows === 0 ? 0 : LINE + 3 + (rows - 1) * LEGEND_ROW) + 8;
  const bottom = PAD + LINE + (figure.xLabel === "" ? 0 : LINE + 3);
  const plotHeight = Math.max(20, height - top - bottom);
  const ySteps = Math.max(1, Math.min(8, Math.floor(plotHeight / 34)));
  // Labels of x are as wide as they are only once the steps are known: fewer steps, until they have room.
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

/** The largest area within, in whose middle it lies, with units of the same length on both axes. */
function equalUnits(plot: Layout["plot"], x: ChartAxis, y: ChartAxis): Layout["plot"] {
  const [spanX, spanY] = [x.max - x.min, y.max - y.min];
  const unit = Math.min(plot.width / spanX, plot.height / spanY);
  const [width, height] = [Math.round(unit * spanX), Math.round(unit * spanY)];
  return { left: plot.left + Math.floor((plot.width - width) / 2), top: plot.top, width, height };
}
