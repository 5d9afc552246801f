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
} from "./layers/activation-layers.js";
export {
  AdaptiveAvgPool1d,
  AdaptiveAvgPool2d,
  AdaptiveMaxPool1d,
  AdaptiveMaxPool2d,
} from "./layers/adaptive-pool-layers.js";
export {
  BatchNorm1d,
  BatchNorm2d,
  type BatchNormLayerOptions,
  InstanceNorm1d,
  InstanceNorm2d,
  type InstanceNormLayerOptions,
} from "./layers/batch-norm-layers.js";
export {
  Conv1d,
  Conv2d,
  type ConvLayerOptions,
  ConvTranspose1d,
  ConvTranspose2d,
  type ConvTransposeLayerOptions,
  type PaddingMode,
} from "./layers/conv-layers.js";
export { CosineSimilarity } from "./layers/distance-layers.js";
export { AlphaDropout, Dropout, Dropout1d, Dropout2d } from "./layers/dropout-layers.js";
export { Embedding, type EmbeddingLayerOptions, type PretrainedOptions } from "./layers/embedding-layers.js";
export { GroupNorm, type GroupNormOptions, LayerNorm, type LayerNormOptions } from "./layers/layer-norm-layers.js";
export { Linear, type LinearOptions } from "./layers/linear-layers.js";
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
} from "./layers/loss-layers.js";
export {
  ConstantPad1d,
  ConstantPad2d,
  type Padding,
  ReflectionPad1d,
  ReflectionPad2d,
  ReplicationPad1d,
  ReplicationPad2d,
  ZeroPad2d,
} from "./layers/padding-layers.js";
export { AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d } from "./layers/pool-layers.js";
export { Flatten, Identity, PixelShuffle, PixelUnshuffle, Unflatten } from "./layers/shape-layers.js";
export { LogSoftmax, Softmax } from "./layers/softmax-layers.js";
export { MaxUnpool1d, MaxUnpool2d, type UnpoolLayerOptions } from "./layers/unpool-layers.js";
export {
  Upsample,
  type Upsampling2dOptions,
  UpsamplingBilinear2d,
  UpsamplingNearest2d,
} from "./layers/upsampling-layers.js";
export { ModuleDict, ModuleList, type NamedModules, Sequential } from "./module/containers.js";
export * as init from "./module/init.js";
export { type ForwardHook, type ForwardPreHook, type LoadResult, Module, type StateDict } from "./module/module.js";
export { Parameter } from "./module/parameter.js";
export { type NamedTensors, ParameterDict, ParameterList } from "./module/parameter-containers.js";
export * as utils from "./utils.js";
