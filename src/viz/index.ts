/** `simdgrad/viz`: pictures of models and of their training. */
export { Canvas, type CanvasOptions, type DrawPlotOptions } from "../chart/canvas.js";
export { confusionMatrix } from "../chart/confusion-matrix.js";
export { type Classifier, type DecisionBoundaryOptions, decisionBoundary } from "../chart/decision-boundary.js";
export { type HistogramOptions, histogram } from "../chart/histogram.js";
export { History, type HistoryOptions, type Metric, type Step } from "../chart/history.js";
export type { HistoryJson } from "../chart/history-files.js";
export { type ImshowOptions, imshow } from "../chart/imshow.js";
export { type ChartOptions, type LinePlotOptions, linePlot, type Series } from "../chart/line-plot.js";
export { type MakeGridOptions, makeGrid } from "../chart/make-grid.js";
export type { Numbers, Points } from "../chart/numbers.js";
export { type Live, Picture, type PngOptions, type SvgOptions } from "../chart/picture.js";
export type { PixelOptions, Pixels } from "../chart/pixels.js";
export { type PlotFunction, type PlotFunctionOptions, plotFunction } from "../chart/plot-function.js";
export type { TextOptions } from "../chart/plotter.js";
export { type ScatterOptions, scatter } from "../chart/scatter.js";
export type { Image } from "../codec/image.js";
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
export { checkHead, HeadReport, type HeadSample } from "../head/check-head.js";
export { activationSketches, type Curve, lossSketches, type Sketch } from "../head/curves.js";
export { problems } from "../head/problems.js";
export { recommend } from "../head/recommend.js";
export type { Finding } from "../head/scene.js";
export type { Alternative, Recommendation, Targets } from "../head/sheet.js";
export type { Theme } from "../picture/theme.js";
