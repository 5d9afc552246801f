import { ShapeError, ValueError } from "../../base/errors.js";
import { checkOptionNames } from "../../base/options.js";
import { sealed } from "../../base/signature.js";
import { columnsOf, type Numbers, numbersOf, type Points } from "../drawing/chart-data.js";
import { MOST_POINTS } from "../drawing/downsample.js";
import { type Figure, type Marks, withDefaults } from "../drawing/figure.js";
import { figurePicture } from "../drawing/figure-picture.js";
import type { Picture } from "../drawing/picture.js";
import type { ChartOptions } from "./line-plot.js";

/** Options of {@link scatter}. */
export type ScatterOptions = ChartOptions & {
  /** The names of classes 0, 1, 2 … */
  classes?: readonly string[];
  /** A unit of x is as long as a unit of y (false). */
  equal?: boolean;
};

const MOST_CLASSES = 40;

/** The points as marks, one for each class in the order of their numbers. @internal */
export function cloudsOf(
  op: string,
  X: Points,
  y: Numbers | undefined,
  classes: readonly string[] | undefined,
): Marks[] {
  const [x1, x2] = columnsOf(op, "X", X);
  if (y === undefined) return [{ kind: "points", name: classes?.[0] ?? "", x: x1, y: x2, colour: 0 }];
  const labels = numbersOf(op, "y", y);
  if (labels.length !== x1.length) {
    throw new ShapeError(op, `expected a class for each of the ${x1.length} points, got ${labels.length}`);
  }
  if (labels.some(Number.isNaN)) throw new ValueError(op, "expected classes as numbers, got NaN");
  const distinct = [...new Set(labels)].sort((a, b) => a - b);
  if (distinct.length > MOST_CLASSES) {
    throw new ValueError(op, `expected y of at most ${MOST_CLASSES} classes, got ${distinct.length} different numbers`);
  }
  return distinct.map((label, i) => {
    const own = (_: number, at: number): boolean => labels[at] === label;
    const colour = Number.isInteger(label) && label >= 0 ? label : i;
    const name = classes?.[label] ?? (classes === undefined ? `class ${label}` : String(label));
    return { kind: "points", name, x: x1.filter(own), y: x2.filter(own), colour };
  });
}

/** The points in words: `200 points in 2 classes`. @internal */
export function describeClouds(clouds: readonly Marks[]): string {
  const points = clouds.reduce((sum, { x }) => sum + x.length, 0);
  return `${points} points${clouds.length > 1 ? ` in ${clouds.length} classes` : ""}`;
}

/** The figure of a scatter plot, with or without areas behind it. @internal */
export const placeFigure = (options: ScatterOptions, figure: Partial<Figure> & Pick<Figure, "marks">): Figure => {
  const { classes: _, ...chart } = options;
  const points = figure.marks.reduce((sum, { x }) => sum + x.length, 0);
  const count = (n: number): string => n.toLocaleString("en-US");
  const thinned = points > MOST_POINTS ? [`about ${count(MOST_POINTS)} of ${count(points)} points are drawn`] : [];
  const notes = [...thinned, ...(figure.notes ?? [])];
  return withDefaults({ xLabel: "x1", yLabel: "x2", ...chart, ...figure, notes });
};

/**
 * Points in the plane. Each class has its own colour and symbol. Of more than 4,000 points only some are drawn, as many
 * as one can tell apart; a note says so.
 *
 * @param X a tensor [N, 2], or an array of pairs
 * @param y the classes as numbers: a tensor [N] or [N, 1], or an array; when left out, all points are of one class
 * @param options names of the classes, `equal` units, title, labels of the axes
 * @throws ShapeError for other shapes, ValueError for more than 40 classes and for NaN as a class
 * @example
 * ```ts
 * import { makeMoons } from "simdgrad/data";
 * import { scatter } from "simdgrad/viz";
 * const [X, y] = makeMoons(200, { noise: 0.2, randomState: 0 });
 * scatter(X, y, { title: "Two moons", classes: ["upper", "lower"] }).svg();
 * ```
 */
export const scatter = sealed("scatter", 3, (X: Points, y?: Numbers, options: ScatterOptions = {}): Picture => {
  const op = "scatter";
  checkOptionNames<ScatterOptions>(op, options, {
    classes: true,
    equal: true,
    title: true,
    xLabel: true,
    yLabel: true,
  });
  const marks = cloudsOf(op, X, y, options.classes);
  return figurePicture(op, placeFigure(options, { marks }), describeClouds(marks));
});
