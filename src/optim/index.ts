/** `optim`: optimizers and learning rate schedulers, as torch.optim. */

export { type ClipGradNormOptions, clipGradNorm_, clipGradValue_ } from "../nn/utils.js";
export { Adagrad, type AdagradOptions } from "./adagrad.js";
export { Adam, type AdamOptions, AdamW } from "./adam.js";
export {
  EarlyStopping,
  type EarlyStoppingOptions,
  type EarlyStoppingState,
  type Restorable,
} from "./early-stopping.js";
export * from "./lr-scheduler.js";
export * as lrScheduler from "./lr-scheduler.js";
export {
  type Defaults,
  Optimizer,
  type Parameters,
  type ParamGroup,
  type ParamGroupOptions,
} from "./optimizer.js";
export type { OptimizerStateDict, ParamState, PlainValue, StateNames } from "./optimizer-state.js";
export { RMSprop, type RMSpropOptions } from "./rmsprop.js";
export { SGD, type SGDOptions } from "./sgd.js";
