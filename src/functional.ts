/** `F`: the operations that modules are made of, as torch.nn.functional names them. */
export { linear } from "./ops/matmul.js";
export { dropout } from "./random/dropout.js";
