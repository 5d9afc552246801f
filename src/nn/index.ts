/** `nn`: modules, as torch.nn. */

export * as functional from "../functional.js";
export {
  type ActivationOptions,
  BentIdentity,
  ELU,
  GELU,
  Hardsigmoid,
  Hardswish,
  Hardtanh,
  LeakyReLU,
  LogSigmoid,
  Mish,
  PReLU,
  ReLU,
  ReLU6,
  SELU,
  Sigmoid,
  SiLU,
  SoftExponential,
  Softplus,
  Softsign,
  Tanh,
} from "./activation.js";
export { AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveMaxPool1d, AdaptiveMaxPool2d } from "./adaptive-pool.js";
export {
  BatchNorm1d,
  BatchNorm2d,
  type BatchNormLayerOptions,
  InstanceNorm1d,
  InstanceNorm2d,
  type InstanceNormLayerOptions,
} from "./batch-norm.js";
export { ModuleDict, ModuleList, type NamedModules, Sequential } from "./containers.js";
export {
  Conv1d,
  Conv2d,
  type ConvLayerOptions,
  ConvTranspose1d,
  ConvTranspose2d,
  type ConvTransposeLayerOptions,
  type PaddingMode,
} from "./conv.js";
export { CosineSimilarity } from "./distance.js";
export { AlphaDropout, Dropout, Dropout1d, Dropout2d } from "./dropout.js";
export { Embedding, type EmbeddingLayerOptions, type PretrainedOptions } from "./embedding.js";
export * as init from "./init.js";
export { GroupNorm, type GroupNormOptions, LayerNorm, type LayerNormOptions } from "./layer-norm.js";
export { Linear, type LinearOptions } from "./linear.js";
export {
  BCELoss,
  BCEWithLogitsLoss,
  CrossEntropyLoss,
  HuberLoss,
  KLDivLoss,
  L1Loss,
  MSELoss,
  NLLLoss,
  SmoothL1Loss,
} from "./loss.js";
export { type ForwardHook, type ForwardPreHook, type LoadResult, Module, type StateDict } from "./module.js";
export {
  ConstantPad1d,
  ConstantPad2d,
  type Padding,
  ReflectionPad1d,
  ReflectionPad2d,
  ReplicationPad1d,
  ReplicationPad2d,
  ZeroPad2d,
} from "./padding.js";
export { Parameter } from "./parameter.js";
export { type NamedTensors, ParameterDict, ParameterList } from "./parameter-containers.js";
export { AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d } from "./pool.js";
export { Flatten, Identity, PixelShuffle, PixelUnshuffle, Unflatten } from "./shape.js";
export { LogSoftmax, Softmax } from "./softmax.js";
export { MaxUnpool1d, MaxUnpool2d, type UnpoolLayerOptions } from "./unpool.js";
export { Upsample, type Upsampling2dOptions, UpsamplingBilinear2d, UpsamplingNearest2d } from "./upsampling.js";
export * as utils from "./utils.js";
