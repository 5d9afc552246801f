/** `simdgrad/viz`: pictures of models and of their training. */
export { type BuildGraphOptions, buildGraph, type GraphInput } from "../graph/build.js";
export { Graph, type GraphPictureOptions } from "../graph/graph.js";
export { type MakeDotOptions, makeDot } from "../graph/make-dot.js";
