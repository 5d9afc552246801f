/** Gives back what a training holds: a worker's loop never waits for the garbage collector. */
import type { nn, optim } from "simdgrad";

/** Frees parameters, their gradients, and what the optimizer remembers of them. */
export function release(model: nn.Module, optimizer: optim.Optimizer<{ lr: number }>): void {
  optimizer.zeroGrad();
  for (const { buffers } of optimizer.state.values()) for (const buffer of buffers.values()) buffer.free();
  for (const parameter of model.parameters()) parameter.free();
}

/** The rate of all groups. */
export function setLearningRate(optimizer: optim.Optimizer<{ lr: number }>, rate: number): void {
  for (const group of optimizer.paramGroups) group.lr = rate;
}
