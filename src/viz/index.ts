/** `simdgrad/viz`: pictures of models and of their training. */
export type { ChartOptions, LinePlotOptions, Series } from "../chart/line-plot.js";
export { linePlot } from "../chart/line-plot.js";
export type { Numbers, Points } from "../chart/numbers.js";
export type { Live, PngOptions, SvgOptions } from "../chart/picture.js";
export { Picture } from "../chart/picture.js";
export type { PlotFunction, PlotFunctionOptions } from "../chart/plot-function.js";
export { plotFunction } from "../chart/plot-function.js";
export type { TextOptions } from "../chart/plotter.js";
export { type ScatterOptions, scatter } from "../chart/scatter.js";
export { type BuildGraphOptions, buildGraph, type GraphInput } from "../graph/build.js";
export { Graph, type GraphLive, type GraphPictureOptions, type GraphPngOptions } from "../graph/graph.js";
export { type MakeDotOptions, makeDot } from "../graph/make-dot.js";
export {
  Summary,
  type SummaryBytes,
  type SummaryInput,
  type SummaryOptions,
  type SummaryRow,
  summary,
} from "../graph/summary.js";
export type { Theme } from "../picture/theme.js";
