/** `simdgrad/viz`: pictures of models and of their training. */
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
