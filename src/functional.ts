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
export { linear } from "./ops/matmul.js";
export { prelu, softExponential } from "./ops/parametric.js";
export { dropout } from "./random/dropout.js";
