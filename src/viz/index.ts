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
export { checkHead, HeadReport, type HeadSample } from "../head/check-head.js";
export { activationSketches, type Curve, lossSketches, type Sketch } from "../head/curves.js";
export { problems } from "../head/problems.js";
export { recommend } from "../head/recommend.js";
export type { Finding } from "../head/scene.js";
export type { Alternative, Recommendation, Targets } from "../head/sheet.js";
