/** `nn`: modules, as torch.nn. Everything that a file of layers exports by name is public. */

export * as functional from "../functional.js";
export * from "./layers/activation-layers.js";
export * from "./layers/adaptive-pool-layers.js";
export * from "./layers/batch-norm-layers.js";
export * from "./layers/conv-layers.js";
export * from "./layers/distance-layers.js";
export * from "./layers/dropout-layers.js";
export * from "./layers/embedding-layers.js";
export * from "./layers/layer-norm-layers.js";
export * from "./layers/linear-layers.js";
export * from "./layers/loss-layers.js";
export * from "./layers/padding-layers.js";
export * from "./layers/pool-layers.js";
export * from "./layers/shape-layers.js";
export * from "./layers/softmax-layers.js";
export * from "./layers/unpool-layers.js";
export * from "./layers/upsampling-layers.js";
export type { BackwardHook } from "./module/backward-hook.js";
export { ModuleDict, ModuleList, type NamedModules, Sequential } from "./module/containers.js";
export * as init from "./module/init.js";
export { type ForwardHook, type ForwardPreHook, type LoadResult, Module, type StateDict } from "./module/module.js";
export { Parameter } from "./module/parameter.js";
export { type NamedTensors, ParameterDict, ParameterList } from "./module/parameter-containers.js";
export * as utils from "./utils.js";
