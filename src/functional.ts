/** `F`: the operations that modules are made of, as torch.nn.functional names them. */
export {
  bentIdentity,
  elu,
  type GeluOptions,
  gelu,
  hardsigmoid,
  hardswish,
  hardtanh,
  leakyRelu,
  logsigmoid,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softplus,
  softsign,
  tanh,
} from "./ops/activation.js";
export {
  type AdaptiveMaxPoolOptions,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
} from "./ops/adaptive-pool.js";
export {
  type AffineOptions,
  type BatchNormOptions,
  batchNorm,
  type InstanceNormOptions,
  instanceNorm,
} from "./ops/batch-norm.js";
export { type ConvOptions, conv1d, conv2d } from "./ops/conv.js";
export { type ConvTransposeOptions, convTranspose1d, convTranspose2d } from "./ops/conv-transpose.js";
export { type EmbeddingOptions, embedding } from "./ops/embedding.js";
export { type InterpolateMode, type InterpolateOptions, interpolate } from "./ops/interpolate.js";
export { groupNorm, layerNorm } from "./ops/layer-norm.js";
export {
  type BinaryCrossEntropyOptions,
  type BinaryCrossEntropyWithLogitsOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  type HuberOptions,
  huberLoss,
  type KlDivOptions,
  klDiv,
  l1Loss,
  mseLoss,
  type SmoothL1Options,
  smoothL1Loss,
} from "./ops/loss.js";
export { linear } from "./ops/matmul.js";
export { type CrossEntropyOptions, crossEntropy, type NllLossOptions, nllLoss } from "./ops/nll.js";
export { type CosineSimilarityOptions, cosineSimilarity, type NormalizeOptions, normalize } from "./ops/norm.js";
export { oneHot } from "./ops/one-hot.js";
export { type PadMode, type PadOptions, pad } from "./ops/pad.js";
export { prelu, softExponential } from "./ops/parametric.js";
export { pixelShuffle, pixelUnshuffle } from "./ops/pixel.js";
export {
  type AvgPool1dOptions,
  type AvgPool2dOptions,
  avgPool1d,
  avgPool2d,
  type MaxPoolOptions,
  maxPool1d,
  maxPool2d,
  type Pooled,
} from "./ops/pool.js";
export type { LossOptions, Reduction } from "./ops/reduction.js";
export { logSoftmax, softmax } from "./ops/softmax.js";
export { type MaxUnpoolOptions, maxUnpool1d, maxUnpool2d } from "./ops/unpool.js";
export { dropout } from "./random/dropout.js";
export { alphaDropout, dropout1d, dropout2d } from "./random/feature-dropout.js";
