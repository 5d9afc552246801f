/** `F`: the operations that modules are made of, as torch.nn.functional names them. */
export { dropout } from "./random/dropout.js";
