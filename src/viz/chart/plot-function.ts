import { ShapeError, ValueError } from "../../base/errors.js";
import { checkOptionNames } from "../../base/options.js";
import { sealed, shown } from "../../base/signature.js";
import { scope } from "../../memory.js";
import { Tensor } from "../../methods.js";
import { Module } from "../../nn/module/module.js";
import { tensor } from "../../ops/layout/factories.js";
import { noGrad } from "../../tensor/mode.js";
import { checkRange } from "../drawing/chart-data.js";
import { withDefaults } from "../drawing/figure.js";
import { figurePicture } from "../drawing/figure-picture.js";
import type { Picture } from "../drawing/picture.js";
import type { ChartOptions } from "./line-plot.js";
import { describe } from "./line-plot.js";

/** A function from a tensor [N] to a tensor [N], such as a module's forward. */
export type PlotFunction = (x: Tensor) => Tensor;

/** Options of {@link plotFunction}. */
export type PlotFunctionOptions = ChartOptions & {
  /** The number of places where the function is computed (401). */
  points?: number;
  /** The range of the y axis; lines are cut off outside. All values when left out. */
  yRange?: readonly [number, number];
};

/**
 * The graph of a function, or of several in one chart, computed in float64 without recording.
 *
 * @param f a function of a tensor, or an object of functions by name
 * @param from the first x
 * @param to the last x
 * @param options points, title, labels of the axes, and yRange
 * @throws ValueError unless from < to, and for f that is no function, ShapeError if f does not give a number for each x
 * @example
 * ```ts
 * import { F } from "simdgrad";
 * import { plotFunction } from "simdgrad/viz";
 * plotFunction(F.sigmoid, -10, 10, { title: "sigmoid" }).svg();
 * plotFunction({ relu: F.relu, tanh: (x) => x.tanh() }, -3, 3).text({ width: 60 });
 * ```
 */
export const plotFunction = sealed(
  "plotFunction",
  4,
  (
    f: PlotFunction | { readonly [name: string]: PlotFunction },
    from: number,
    to: number,
    options: PlotFunctionOptions = {},
  ): Picture => {
    const op = "plotFunction";
    const { points = 401, ...chart } = options;
    checkOptionNames<PlotFunctionOptions>(op, options, {
      points: true,
      title: true,
      xLabel: true,
      yLabel: true,
      yRange: true,
    });
    if (!(Number.isFinite(from) && Number.isFinite(to) && from < to)) {
      throw new ValueError(
        op,
        `expected a first and a last x, the first the smaller one, got ${shown(from)} and ${shown(to)}`,
      );
    }
    if (!(Number.isInteger(points) && points >= 2))
      throw new ValueError(op, `expected at least 2 points, got ${shown(points)}`);
    if (options.yRange !== undefined) checkRange(op, "yRange", options.yRange);
    const x = Float64Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));
    const marks = Object.entries(functionsOf(op, f)).map(([name, one], colour) => {
      const y = valuesOf(op, one, x);
      return { kind: "line" as const, name, x, y, colour };
    });
    const what = `graphs over x from ${from} to ${to}: ${marks.map(describe).join(", ")}`;
    const labels = { xLabel: "x", yLabel: marks.length === 1 ? marks[0]!.name : "" };
    return figurePicture(op, withDefaults({ ...labels, ...chart, marks, tight: true }), what);
  },
);

/** Functions by name. */
function functionsOf(op: string, f: unknown): { readonly [name: string]: PlotFunction } {
  if (typeof f === "function") return { [f.name]: f as PlotFunction };
  const module = f instanceof Module;
  if (typeof f === "object" && f !== null && !module && Object.values(f).every((one) => typeof one === "function")) {
    return { ...f };
  }
  const got = module ? f.constructor.name : shown(f);
  const hint = module ? "Pass the module's forward" : undefined;
  throw new ValueError(op, `expected a function, or an object of functions by name, got ${got}`, hint);
}

function valuesOf(op: string, f: PlotFunction, x: Float64Array): Float64Array {
  return scope(() => {
    const y = noGrad(() => f(tensor(x)));
    if (!(y instanceof Tensor) || y.numel !== x.length) {
      const got = y instanceof Tensor ? `a tensor of ${y.numel}` : shown(y);
      throw new ShapeError(op, `expected a function of a tensor [${x.length}] to as many numbers, got ${got}`);
    }
    return Float64Array.from(y.toTypedArray());
  });
}
