import { extent } from "./chart-data.js";
import { notFinite } from "./number-text.js";
import { axisFor, type ChartAxis } from "./ticks.js";

/** What a chart draws on its two axes, and the texts around it. @internal */
export type Figure = {
  title: string;
  xLabel: string;
  yLabel: string;
  marks: readonly Marks[];
  /** Areas behind the marks. */
  areas: readonly Area[];
  /** Lines between areas: points (x, y after each other) in the units of the axes. */
  edges: readonly Float64Array[];
  /** What each axis shows: the extent of the marks when left out. */
  xRange?: readonly [number, number] | undefined;
  yRange?: readonly [number, number] | undefined;
  /** The x axis begins and ends at the data, not at a tick. */
  tight: boolean;
  /** A unit of x is as long as a unit of y. */
  equal: boolean;
  /** The ticks of x are whole numbers. */
  whole: boolean;
  notes: readonly string[];
};

/** A line, a cloud of points, or bars that start at 0; all of one name and colour. @internal */
export type Marks = {
  kind: "line" | "points" | "bars";
  name: string;
  /** Positions; for bars their left edges. */
  x: Float64Array;
  y: Float64Array;
  /** Index of the colour and of the point symbol. */
  colour: number;
  /** Width of bars. */
  width?: number;
};

/** A filled area with holes: rings of points (x, y after each other) in the units of the axes. @internal */
export type Area = {
  rings: readonly Float64Array[];
  colour: number;
  /** 0 to 1. */
  opacity: number;
};

/** A figure with default values for what is not given. @internal */
export const withDefaults = (figure: Partial<Figure> & Pick<Figure, "marks">): Figure => ({
  title: "",
  xLabel: "",
  yLabel: "",
  areas: [],
  edges: [],
  tight: false,
  equal: false,
  whole: false,
  notes: [],
  ...figure,
});

/** The extent of all marks. Bars add 0 on y, and their width on x. */
function extents(marks: readonly Marks[]): { x: [number, number]; y: [number, number] } {
  let x: [number, number] = [Infinity, -Infinity];
  let y: [number, number] = [Infinity, -Infinity];
  for (const mark of marks) {
    x = extent(mark.x, x);
    y = extent(mark.y, y);
    if (mark.kind !== "bars") continue;
    x = extent(
      mark.x.map((left) => left + (mark.width ?? 0)),
      x,
    );
    y = extent([0], y);
  }
  return { x, y };
}

/** The two axes of a figure, with about `steps` steps each. @internal */
export function axesOf(figure: Figure, steps: { x: number; y: number }): { x: ChartAxis; y: ChartAxis } {
  const data = extents(figure.marks);
  const [x, y] = [figure.xRange ?? data.x, figure.yRange ?? data.y];
  return {
    x: axisFor(x[0], x[1], { steps: steps.x, tight: figure.tight, whole: figure.whole }),
    y: axisFor(y[0], y[1], { steps: steps.y, tight: figure.tight && figure.yRange !== undefined }),
  };
}

/** The lines below the title: the notes, and the number of values that are not finite. @internal */
export function notesOf(figure: Figure): string[] {
  const lost = figure.marks.reduce(
    (sum, { x, y }) => sum + x.filter((value, i) => !Number.isFinite(value + y[i]!)).length,
    0,
  );
  const nothing = figure.marks.every(({ x }) => x.length === 0) && figure.areas.length === 0;
  return [...figure.notes, ...(nothing ? ["no values yet"] : []), ...notFinite(lost)];
}
