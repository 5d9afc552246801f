/** `nn`: modules, as torch.nn. */
export { ModuleList, Sequential } from "./containers.js";
export { Dropout } from "./dropout.js";
export * as init from "./init.js";
export { Linear, type LinearOptions } from "./linear.js";
export { type ForwardHook, type ForwardPreHook, type LoadResult, Module, type StateDict } from "./module.js";
export { Parameter } from "./parameter.js";
export { Flatten, Identity } from "./shape.js";
