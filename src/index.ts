export { enableGrad, isGradEnabled, noGrad } from "./array/mode.js";
export { detectAnomaly } from "./autograd/anomaly.js";
export { backward, grad } from "./autograd/backward.js";
export { Context, defineFunction } from "./autograd/function.js";
export { type Dtype, getDefaultDtype, setDefaultDtype, type TypedArray } from "./base/dtype.js";
export { DtypeError, GraphError, MemoryError, ShapeError, SimdgradError, ValueError } from "./base/errors.js";
export { full, tensor } from "./ops/factories.js";
export { keep, memory, resetPeakMemory, scope } from "./scope.js";
export { Tensor } from "./tensor.js";
