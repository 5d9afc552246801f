/** `optim.lrScheduler`: learning rate schedulers, as torch.optim.lr_scheduler. They are in `optim` itself, too. */
export type { Scheduled } from "./optim-kinds.js";
export { type PlateauOptions, ReduceLROnPlateau } from "./plateau.js";
export {
  CosineAnnealingLR,
  ExponentialLR,
  LambdaLR,
  LRScheduler,
  MultiStepLR,
  type SchedulerOptions,
  StepLR,
} from "./scheduler.js";
