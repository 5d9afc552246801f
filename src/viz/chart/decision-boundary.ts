import { getDefaultDtype, isFloat } from "../../base/dtype.js";
import { formatShape, ShapeError, ValueError } from "../../base/errors.js";
import { checkOptionNames } from "../../base/options.js";
import { sealed, shown as textOf } from "../../base/signature.js";
import { scope } from "../../memory.js";
import { Tensor } from "../../methods.js";
import { Module } from "../../nn/module/module.js";
import { tensor } from "../../ops/layout/factories.js";
import { sigmoid } from "../../ops/pointwise/activation.js";
import { noGrad } from "../../tensor/mode.js";
import { extent, type Numbers, type Points } from "../drawing/chart-data.js";
import { areasAbove, edgesAt, type Field } from "../drawing/contours.js";
import type { Box } from "../drawing/downsample.js";
import type { Area } from "../drawing/figure.js";
import { figurePicture } from "../drawing/figure-picture.js";
import type { Picture } from "../drawing/picture.js";
import { cloudsOf, describeClouds, placeFigure, type ScatterOptions } from "./scatter.js";

/** A model that classifies points: a module or a function from [N, 2] to [N], [N, 1] or [N, classes]. */
export type Classifier = { forward(x: Tensor): Tensor } | ((x: Tensor) => Tensor);

/** Options of {@link decisionBoundary}. */
export type DecisionBoundaryOptions = ScatterOptions & {
  /** The number of grid points along each side (100). */
  resolution?: number;
  /** The outputs of a model of two classes are logits, not probabilities (false). */
  logits?: boolean;
};

/** Grid points per call of the model. */
const BATCH = 4096;
const LEVELS = [0.5, 0.6, 0.7, 0.8, 0.9];

/** Runs `body` with all modules of the model in evaluation mode, then restores their modes. */
function evaluating<T>(model: Classifier, body: () => T): T {
  const modes = model instanceof Module ? model.modules().map((module) => [module, module.training] as const) : [];
  try {
    for (const [module] of modes) module.training = false;
    return body();
  } finally {
    for (const [module, training] of modes) module.training = training;
  }
}

/** The outputs of the model on a grid, as [size · size, classes]. */
function evaluate(
  op: string,
  model: Classifier,
  like: Points,
  box: Box,
  size: number,
): { values: Float64Array; classes: number } {
  const parameter = model instanceof Module ? model.parameters()[0] : undefined;
  const given = like instanceof Tensor && isFloat(like.dtype) ? like : parameter;
  const dtype = given?.dtype ?? getDefaultDtype();
  const count = size * size;
  const grid = Float64Array.from({ length: 2 * count }, (_, k) => {
    const knot = k >> 1;
    if (k % 2 === 0) return box.left + ((box.right - box.left) * (knot % size)) / (size - 1);
    return box.low + ((box.high - box.low) * Math.floor(knot / size)) / (size - 1);
  });
  let values = new Float64Array(0);
  let classes = 0;
  for (let from = 0; from < count; from += BATCH) {
    const rows = Math.min(BATCH, count - from);
    scope(() => {
      const x = tensor(grid.subarray(2 * from, 2 * (from + rows)), { shape: [rows, 2], dtype });
      const out = typeof model === "function" ? model(x) : model.forward(x);
      if (!(out instanceof Tensor) || out.shape[0] !== rows || out.ndim > 2) {
        const got = out instanceof Tensor ? formatShape(out.shape) : textOf(out);
        throw new ShapeError(
          op,
          `expected a model from [${rows}, 2] to [${rows}], [${rows}, 1] or [${rows}, C], got ${got}`,
        );
      }
      classes = out.shape[1] ?? 1;
      if (from === 0) values = new Float64Array(count * classes);
      values.set(out.toTypedArray(), from * classes);
    });
  }
  return { values, classes };
}

/** At each grid point, the output of a class minus the largest output of the others. */
function lead(values: Float64Array, classes: number, own: number): Float64Array {
  return Float64Array.from({ length: values.length / classes }, (_, knot) => {
    let other = -Infinity;
    for (let c = 0; c < classes; c++) if (c !== own) other = Math.max(other, values[knot * classes + c]!);
    return values[knot * classes + own]! - other;
  });
}

/** Two classes: the probability of the second one in steps, and the line where it is 0.5. */
function twoClasses(field: Field): { areas: Area[]; edges: Float64Array[] } {
  const others = { ...field, values: field.values.map((p) => 1 - p) };
  return {
    areas: [...areasAbove(others, LEVELS, 0, 0.1), ...areasAbove(field, LEVELS, 1, 0.1)],
    edges: edgesAt(field, 0.5),
  };
}

/** Several classes: the area where each has the largest output. */
function manyClasses(field: Field, classes: number): { areas: Area[]; edges: Float64Array[] } {
  const leads = Array.from({ length: classes }, (_, c) => ({ ...field, values: lead(field.values, classes, c) }));
  return {
    areas: leads.flatMap((one, colour) => areasAbove(one, [0], colour, 0.3)),
    edges: leads.flatMap((one) => edgesAt(one, 0)),
  };
}

function checkProbabilities(op: string, values: Float64Array): void {
  const odd = values.find((p) => p < 0 || p > 1);
  if (odd === undefined) return;
  throw new ValueError(
    op,
    `expected a model that gives probabilities, got ${odd}`,
    "Write { logits: true } for logits",
  );
}

/**
 * The classes that a model predicts over the plane, with the points on top. For two classes (an output [N] or [N, 1])
 * it shows the probability of the second one in steps, and the line where it is 0.5; for more (an output [N, C]) the
 * class with the largest output.
 *
 * The model runs on a grid in the dtype of X, without recording, in evaluation mode. Afterwards, also after an error,
 * its modules have the modes from before, and all tensors made here are freed.
 *
 * @param model a module, or a function of a tensor
 * @param X the points: a tensor [N, 2], or an array of pairs
 * @param y their classes as numbers; when left out, all points look alike
 * @param options resolution (100), logits (false), and those of {@link scatter}
 * @throws ValueError if outputs for two classes are not in [0, 1] without `logits`, ShapeError for outputs of other
 * shapes
 * @example
 * ```ts
 * import { nn } from "simdgrad";
 * import { makeMoons } from "simdgrad/data";
 * import { decisionBoundary } from "simdgrad/viz";
 * const [X, y] = makeMoons(200, { noise: 0.2, randomState: 0 });
 * const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1), new nn.Sigmoid());
 * decisionBoundary(model, X, y, { title: "Before training" }).svg();
 * ```
 */
export const decisionBoundary = sealed(
  "decisionBoundary",
  4,
  (model: Classifier, X: Points, y?: Numbers, options: DecisionBoundaryOptions = {}): Picture => {
    const op = "decisionBoundary";
    const { resolution = 100, logits = false, ...place } = options;
    const names = { classes: true, equal: true, title: true, xLabel: true, yLabel: true } as const;
    checkOptionNames<DecisionBoundaryOptions>(op, options, { ...names, resolution: true, logits: true });
    if (typeof model !== "function" && typeof model?.forward !== "function") {
      throw new ValueError(op, `expected a module, or a function of a tensor, got ${textOf(model)}`);
    }
    if (!(Number.isInteger(resolution) && resolution >= 2 && resolution <= 1000)) {
      throw new ValueError(op, `expected a resolution from 2 to 1000, got ${resolution}`);
    }
    const marks = cloudsOf(op, X, y, options.classes);
    const [left, right] = around(marks.map(({ x }) => x));
    const [low, high] = around(marks.map(({ y }) => y));
    const box = { left, right, low, high };
    const { values, classes } = evaluating(model, () => noGrad(() => evaluate(op, model, X, box, resolution)));
    const field = {
      values: logits && classes === 1 ? probabilities(values) : values,
      columns: resolution,
      rows: resolution,
      box,
    };
    if (classes === 1) checkProbabilities(op, field.values);
    const surface = classes === 1 ? twoClasses(field) : manyClasses(field, classes);
    const lost = values.reduce((sum, value) => sum + Number(Number.isNaN(value)), 0);
    const notes = lost === 0 ? [] : [`${lost} of ${values.length} numbers that the model gives are NaN`];
    const shown = { ...surface, marks, notes, tight: true, xRange: [left, right], yRange: [low, high] } as const;
    const what = `${describeClouds(marks)} over the areas that a model gives to ${Math.max(2, classes)} classes`;
    return figurePicture(op, placeFigure(place, shown), what);
  },
);

const probabilities = (logits: Float64Array): Float64Array =>
  scope(() => Float64Array.from(sigmoid(tensor(logits)).toTypedArray()));

/** The extent of the points plus a margin of 6 %. */
function around(columns: readonly Float64Array[]): [number, number] {
  let range: [number, number] = [Infinity, -Infinity];
  for (const column of columns) range = extent(column, range);
  const [low, high] = range;
  if (low > high) return [-1, 1];
  const margin = (high - low) * 0.06 || 1;
  return [low - margin, high + margin];
}
