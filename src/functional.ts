/**
 * `F`: the operations that modules are made of, as torch.nn.functional names them. Everything that the files of
 * activations and losses export is public.
 */

export { type ConvOptions, conv1d, conv2d } from "./ops/conv/conv.js";
export { type ConvTransposeOptions, convTranspose1d, convTranspose2d } from "./ops/conv/conv-transpose.js";
export { embedding } from "./ops/embedding/embedding.js";
export { oneHot } from "./ops/embedding/one-hot.js";
export * from "./ops/loss/loss.js";
export * from "./ops/loss/nll.js";
export type { LossOptions, Reduction } from "./ops/loss/reduction.js";
export { linear } from "./ops/matmul/matmul.js";
export { batchNorm, instanceNorm } from "./ops/normalize/batch-norm.js";
export { groupNorm, layerNorm } from "./ops/normalize/layer-norm.js";
export * from "./ops/pointwise/activation.js";
export * from "./ops/pointwise/parametric.js";
export {
  type AdaptiveMaxPoolOptions,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
} from "./ops/pool/adaptive-pool.js";
export {
  type AvgPool1dOptions,
  type AvgPool2dOptions,
  avgPool1d,
  avgPool2d,
  type MaxPoolOptions,
  maxPool1d,
  maxPool2d,
  type Pooled,
} from "./ops/pool/pool.js";
export { type MaxUnpoolOptions, maxUnpool1d, maxUnpool2d } from "./ops/pool/unpool.js";
export { type CosineSimilarityOptions, cosineSimilarity, type NormalizeOptions, normalize } from "./ops/reduce/norm.js";
export * from "./ops/reduce/softmax.js";
export { type InterpolateMode, type InterpolateOptions, interpolate } from "./ops/vision/interpolate.js";
export { type PadMode, pad } from "./ops/vision/pad.js";
export { pixelShuffle, pixelUnshuffle } from "./ops/vision/pixel.js";
export { dropout } from "./random/dropout.js";
export { alphaDropout, dropout1d, dropout2d } from "./random/feature-dropout.js";
