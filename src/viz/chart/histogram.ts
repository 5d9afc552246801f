import { ValueError } from "../../base/errors.js";
import { checkOptionNames } from "../../base/options.js";
import { sealed, shown } from "../../base/signature.js";
import { Tensor } from "../../methods.js";
import { checkRange, extent, type Numbers, numbersOf } from "../drawing/chart-data.js";
import { type Marks, withDefaults } from "../drawing/figure.js";
import { figurePicture } from "../drawing/figure-picture.js";
import { notFinite, shortNumber } from "../drawing/number-text.js";
import type { Picture } from "../drawing/picture.js";
import type { ChartOptions } from "./line-plot.js";

/** Options of {@link histogram}. */
export type HistogramOptions = ChartOptions & {
  /** The number of bars: √(number of values), from 5 to 50, when left out. */
  bins?: number;
  /** Counts only values in [low, high]; all of them when left out. */
  range?: readonly [number, number];
};

/** The number of values in each bin. The last bin includes its right edge, as in NumPy. */
function count(values: Float64Array, [low, high]: readonly [number, number], bins: number): Float64Array {
  const out = new Float64Array(bins);
  const width = (high - low) / bins;
  for (const value of values) {
    // rounding may give the index `bins` for the largest values
    if (value >= low && value <= high) out[Math.min(bins - 1, Math.floor((value - low) / width))]!++;
  }
  return out;
}

/**
 * A histogram, for instance of weights, gradients or activations. It flattens tensors of any shape; a note says how
 * many values are not finite.
 *
 * @param values a tensor or an array, or an object of several by name, drawn over each other
 * @param options bins, range, title, labels of the axes
 * @throws ValueError for less than 1 or more than 1000 bins, and for a range from a larger to a smaller number
 * @example
 * ```ts
 * import { nn } from "simdgrad";
 * import { histogram } from "simdgrad/viz";
 * histogram(new nn.Linear(20, 50).weight, { title: "Weights", bins: 20 }).svg();
 * ```
 */
export const histogram = sealed(
  "histogram",
  2,
  (values: Numbers | { readonly [name: string]: Numbers }, options: HistogramOptions = {}): Picture => {
    const op = "histogram";
    const { bins: wanted, range, ...chart } = options;
    checkOptionNames<HistogramOptions>(op, options, {
      bins: true,
      range: true,
      title: true,
      xLabel: true,
      yLabel: true,
    });
    const single = values instanceof Tensor || Array.isArray(values) || ArrayBuffer.isView(values);
    if (!single && (typeof values !== "object" || values === null)) {
      throw new ValueError(op, `expected numbers, or an object of numbers by name, got ${shown(values)}`);
    }
    const named = single ? { "": values as Numbers } : (values as { [name: string]: Numbers });
    const all = Object.entries(named).map(([name, one]) => {
      const flat = one instanceof Tensor ? one.toTypedArray() : one;
      return { name, values: numbersOf(op, name === "" ? "values" : name, flat as Numbers) };
    });
    const most = Math.max(0, ...all.map((one) => one.values.length));
    const bins = wanted ?? Math.min(50, Math.max(5, Math.ceil(Math.sqrt(most))));
    if (!(Number.isInteger(bins) && bins >= 1 && bins <= 1000)) {
      throw new ValueError(op, `expected 1 to 1000 bins, got ${bins}`);
    }
    const [low, high] = rangeOf(
      op,
      range,
      all.map((one) => one.values),
    );
    const width = (high - low) / bins;
    const x = Float64Array.from({ length: most === 0 ? 0 : bins }, (_, i) => low + i * width);
    const marks = all.map((one, colour): Marks => {
      const y = most === 0 ? new Float64Array(0) : count(one.values, [low, high], bins);
      return { kind: "bars", name: one.name, x, y, colour, width };
    });
    const lost = all.reduce((sum, one) => sum + one.values.filter((value) => !Number.isFinite(value)).length, 0);
    const figure = withDefaults({ xLabel: "value", yLabel: "count", ...chart, marks, notes: notFinite(lost) });
    return figurePicture(
      op,
      figure,
      `histogram of ${most} values from ${shortNumber(low)} to ${shortNumber(high)} in ${bins} bars`,
    );
  },
);

function rangeOf(
  op: string,
  range: HistogramOptions["range"],
  all: readonly Float64Array[],
): readonly [number, number] {
  if (range !== undefined) {
    checkRange(op, "a range", range);
    return range;
  }
  let found: [number, number] = [Infinity, -Infinity];
  for (const values of all) found = extent(values, found);
  const [low, high] = found;
  if (low > high) return [0, 1];
  return low < high ? [low, high] : [low - 0.5, high + 0.5]; // as NumPy does
}
