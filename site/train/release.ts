/** Frees the tensors of a training at once, instead of when the garbage collector runs. */
import type { nn, optim } from "simdgrad";

/** Frees the parameters, their gradients and the optimizer's buffers. */
export function release(model: nn.Module, optimizer: optim.Optimizer<{ lr: number }>): void {
  optimizer.zeroGrad();
  for (const { buffers } of optimizer.state.values()) for (const buffer of buffers.values()) buffer.free();
  for (const parameter of model.parameters()) parameter.free();
}

/** Sets the learning rate of all groups. */
export function setLearningRate(optimizer: optim.Optimizer<{ lr: number }>, rate: number): void {
  for (const group of optimizer.paramGroups) group.lr = rate;
}
