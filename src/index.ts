export { enableGrad, isGradEnabled, noGrad } from "./array/mode.js";
export { detectAnomaly } from "./autograd/anomaly.js";
export { backward, grad } from "./autograd/backward.js";
export { Context, defineFunction } from "./autograd/function.js";
export { type Differentiable, type GradcheckOptions, gradcheck, gradgradcheck } from "./autograd/gradcheck.js";
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
export * as F from "./functional.js";
export * as nn from "./nn/index.js";
export { relu, sigmoid, tanh } from "./ops/activation.js";
export { add, div, floorDivide, fmod, maximum, minimum, mul, neg, remainder, square, sub } from "./ops/arithmetic.js";
export { sum } from "./ops/broadcast.js";
export { clamp, clamp as clip } from "./ops/clamp.js";
export { allclose, isclose } from "./ops/close.js";
export { eq, equal, ge, gt, isfinite, isinf, isnan, le, lt, ne } from "./ops/compare.js";
export { cumsum } from "./ops/cumulate.js";
export { diag, diagonal, trace } from "./ops/diagonal.js";
export { einsum } from "./ops/einsum.js";
export { argmax, argmin, max, min, type ValuesAndIndices } from "./ops/extremum.js";
export { full, tensor } from "./ops/factories.js";
export { gather, indexSelect, scatter, scatterAdd } from "./ops/gather.js";

export { type Index, maskedSelect, nonzero } from "./ops/indexing.js";

export {
  abs,
  ceil,
  cos,
  erf,
  exp,
  expm1,
  floor,
  log,
  log1p,
  log2,
  log10,
  pow,
  reciprocal,
  round,
  rsqrt,
  sign,
  sin,
  sqrt,
  tan,
  trunc,
} from "./ops/math.js";

export { bmm, dot, matmul, mm, mv, outer } from "./ops/matmul.js";
export { type MeshgridOptions, meshgrid } from "./ops/meshgrid.js";
export { norm } from "./ops/norm.js";
export { prod } from "./ops/prod.js";
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
} from "./ops/ranges.js";
export { all, amax, amin, any, countNonzero, mean, std, variance as var } from "./ops/reduce.js";
export { cat, chunk, narrow, repeatInterleave, roll, split, stack, tile, unbind } from "./ops/slice.js";
export { logSoftmax, logsumexp, softmax } from "./ops/softmax.js";
export { argsort, sort, topk } from "./ops/sort.js";
export { tril, triu } from "./ops/triangular.js";
export { flatten, flip, movedim, permute, reshape, squeeze, transpose, unsqueeze } from "./ops/views.js";
export { logicalAnd, logicalNot, logicalOr, logicalXor, maskedFill, where } from "./ops/where.js";
export * as optim from "./optim/index.js";
export { bernoulli, normal, rand, randint, randLike, randn, randnLike, randperm } from "./random/factories.js";
export { Generator, getRngState, initialSeed, manualSeed, setRngState } from "./random/generator.js";
export type { Scope } from "./runtime/scope.js";
export { getNumThreads, setNumThreads } from "./runtime/threads.js";
export { keep, memory, resetPeakMemory, scope } from "./scope.js";
export { Tensor } from "./tensor.js";
