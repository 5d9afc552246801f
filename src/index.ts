export { backward, grad } from "./autograd/backward.js";
export { detectAnomaly } from "./autograd/detect-anomaly.js";
export { Context, defineFunction, type FunctionDefinition } from "./autograd/function.js";
export { type Differentiable, type GradcheckOptions, gradcheck, gradgradcheck } from "./autograd/gradcheck.js";
export type { HookHandle } from "./autograd/hooks.js";
export { type Dtype, getDefaultDtype, setDefaultDtype, type TypedArray } from "./base/dtype.js";
export {
  DtypeError,
  FileError,
  GraphError,
  MemoryError,
  ShapeError,
  SimdgradError,
  ValueError,
} from "./base/errors.js";
export type { NestedNumbers } from "./base/print.js";
export type { Shape, Sizes } from "./base/shape.js";
export * as F from "./functional.js";
export { keep, type MemoryReport, memory, resetPeakMemory, scope } from "./memory.js";
export { Tensor } from "./methods.js";
export * as nn from "./nn/index.js";
export { gather, indexSelect, scatter, scatterAdd } from "./ops/index/gather.js";
export { type Index, maskedSelect, nonzero } from "./ops/index/indexing.js";
export { type MeshgridOptions, meshgrid } from "./ops/index/meshgrid.js";
export { cat, chunk, narrow, repeatInterleave, roll, split, stack, tile, unbind } from "./ops/index/slice.js";
export { full, type NestedValues, type TensorOptions, tensor } from "./ops/layout/factories.js";
export {
  arange,
  emptyLike,
  emptyTensor as empty,
  eye,
  fullLike,
  linspace,
  ones,
  onesLike,
  zeros,
  zerosLike,
} from "./ops/layout/ranges.js";
export type { Size } from "./ops/layout/sizes.js";
export { flatten, flip, movedim, permute, reshape, squeeze, transpose, unsqueeze } from "./ops/layout/views.js";
export { diag, diagonal, trace } from "./ops/matmul/diagonal.js";
export { einsum } from "./ops/matmul/einsum.js";
export { bmm, dot, matmul, mm, mv, outer } from "./ops/matmul/matmul.js";
export { tril, triu } from "./ops/matmul/triangular.js";
export { relu, sigmoid, tanh } from "./ops/pointwise/activation.js";
export * from "./ops/pointwise/arithmetic.js";
export { type Dims, type ReduceOptions, sum } from "./ops/pointwise/broadcast.js";
export { clamp, clamp as clip } from "./ops/pointwise/clamp.js";
export * from "./ops/pointwise/close.js";
export { eq, equal, ge, gt, isfinite, isinf, isnan, le, lt, ne } from "./ops/pointwise/compare.js";
export * from "./ops/pointwise/math.js";
export { logicalAnd, logicalNot, logicalOr, logicalXor, maskedFill, where } from "./ops/pointwise/where.js";
export type { Operand } from "./ops/pointwise/zip.js";
export type { OutputSize } from "./ops/pool/window.js";
export { cumsum } from "./ops/reduce/cumulate.js";
export { argmax, argmin, max, min, type ValuesAndIndices } from "./ops/reduce/extremum.js";
export { logsumexp } from "./ops/reduce/logsumexp.js";
export { norm } from "./ops/reduce/norm.js";
export { prod } from "./ops/reduce/prod.js";
export {
  all,
  amax,
  amin,
  any,
  countNonzero,
  mean,
  std,
  type VarianceOptions,
  variance as var,
} from "./ops/reduce/reduce.js";
export { logSoftmax, softmax } from "./ops/reduce/softmax.js";
export { argsort, type SortOptions, sort, topk } from "./ops/reduce/sort.js";
export * as optim from "./optim/index.js";
export {
  bernoulli,
  normal,
  type RandomOptions,
  rand,
  randint,
  randLike,
  randn,
  randnLike,
  randperm,
} from "./random/distributions.js";
export type { DrawOptions } from "./random/fill.js";
export { Generator, getRngState, initialSeed, manualSeed, setRngState } from "./random/generator.js";
export type { Scope } from "./runtime/scope.js";
export { getNumThreads, setNumThreads } from "./runtime/threads.js";
export { enableGrad, isGradEnabled, noGrad } from "./tensor/mode.js";
export type { GradHook } from "./tensor/tensor.js";
