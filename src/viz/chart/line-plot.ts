import { ShapeError, ValueError } from "../../base/errors.js";
import { checkOptionNames } from "../../base/options.js";
import { sealed, shown } from "../../base/signature.js";
import { Tensor } from "../../methods.js";
import { checkRange, extent, type Numbers, numbersOf } from "../drawing/chart-data.js";
import { type Marks, withDefaults } from "../drawing/figure.js";
import { figurePicture } from "../drawing/figure-picture.js";
import { shortNumber } from "../drawing/number-text.js";
import type { Picture } from "../drawing/picture.js";

/** One line: a metric of a {@link History}, or an object of the same form. */
export type Series = {
  name: string;
  values: Numbers;
  /** The x of each value: 0, 1, 2 … when left out. */
  steps?: Numbers;
  /** Draws points instead of a line (false). */
  points?: boolean;
  /** The name of the steps: the label of the x axis unless the options have one. */
  stepName?: string;
};

/** The texts of a chart. */
export type ChartOptions = {
  title?: string;
  xLabel?: string;
  yLabel?: string;
};

/** Options of {@link linePlot}. */
export type LinePlotOptions = ChartOptions & {
  /** The range of the y axis; lines are cut off outside. All values when left out. */
  yRange?: readonly [number, number];
};

/** One line of the chart: `steps` are 0, 1, 2 … when left out. */
function lineOf(op: string, { name, values, steps, points = false }: Series, colour: number): Marks {
  const y = numbersOf(op, `the values of ${name}`, values);
  const x = steps === undefined ? Float64Array.from(y, (_, i) => i) : numbersOf(op, `the steps of ${name}`, steps);
  if (x.length === y.length) return { kind: points ? "points" : "line", name: String(name), x, y, colour };
  throw new ShapeError(op, `expected a step for each of the ${y.length} values of ${name}, got ${x.length}`);
}

/** A line in words: `loss from 0.3000 to 0.9000`. @internal */
export function describe({ name, y }: Marks): string {
  const [low, high] = extent(y);
  return low > high ? `${name} (no values)` : `${name} from ${shortNumber(low)} to ${shortNumber(high)}`;
}

/**
 * Lines over steps, for instance losses over epochs. Values that are not finite are gaps, and a note counts them. Of
 * long lines only the visible values are drawn, with all extremes.
 *
 * @param series a list of lines { name, values, steps? }, or an object of values by name
 * @param options title, labels of the axes, and yRange
 * @throws ShapeError unless there are as many steps as values, ValueError for a yRange from a larger to a smaller
 * number
 * @example
 * ```ts
 * import { linePlot } from "simdgrad/viz";
 * linePlot({ train: [0.9, 0.5, 0.3], valid: [0.9, 0.6, 0.5] }, { xLabel: "epoch", yLabel: "loss" }).svg();
 * ```
 */
export const linePlot = sealed(
  "linePlot",
  2,
  (series: readonly Series[] | { readonly [name: string]: Numbers }, options: LinePlotOptions = {}): Picture => {
    const op = "linePlot";
    checkOptionNames<LinePlotOptions>(op, options, { title: true, xLabel: true, yLabel: true, yRange: true });
    const isObject = (value: unknown): boolean =>
      typeof value === "object" && value !== null && !(value instanceof Tensor || ArrayBuffer.isView(value));
    if (!isObject(series) || (Array.isArray(series) && !series.every(isObject))) {
      const problem = `expected a list of { name, values } or an object of values, got ${shown(series)}`;
      throw new ValueError(op, problem, "Give values a name, such as { loss: values }");
    }
    if (options.yRange !== undefined) checkRange(op, "yRange", options.yRange);
    const list: readonly Series[] = Array.isArray(series)
      ? series
      : Object.entries(series as { [name: string]: Numbers }).map(([name, values]) => ({ name, values }));
    const marks = list.map((one, i) => lineOf(op, one, i));
    const whole = marks.every(({ x }) => x.every(Number.isInteger));
    const what = `lines of ${marks.map(describe).join(", ") || "nothing yet"}`;
    const xLabel = list[0]?.stepName ?? "step";
    return figurePicture(op, withDefaults({ xLabel, ...options, marks, tight: true, whole }), what);
  },
);
