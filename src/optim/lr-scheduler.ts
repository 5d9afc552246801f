/** `optim.lrScheduler`: learning rate schedulers, as torch.optim.lr_scheduler. They are in `optim` itself, too. */
export type { Scheduled } from "./optim-kinds.js";
export { type PlateauOptions, ReduceLROnPlateau } from "./plateau.js";
export { LRScheduler } from "./scheduler.js";
export { CosineAnnealingLR, ExponentialLR, LambdaLR, MultiStepLR, StepLR } from "./schedules.js";
