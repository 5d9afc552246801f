import { Tensor } from "./array/tensor.js";
import { type BackwardOptions, backward } from "./autograd/backward.js";
import { registerHook, retainGrad } from "./autograd/hooks.js";
import type { Dtype } from "./base/dtype.js";
import * as activation from "./ops/activation.js";
import * as arithmetic from "./ops/arithmetic.js";
import type { ReduceOptions } from "./ops/broadcast.js";
import * as broadcast from "./ops/broadcast.js";
import * as clamp from "./ops/clamp.js";
import * as close from "./ops/close.js";
import * as compare from "./ops/compare.js";
import * as copy from "./ops/copy.js";
import * as cumulate from "./ops/cumulate.js";
import * as diagonal from "./ops/diagonal.js";
import type { ValuesAndIndices } from "./ops/extremum.js";
import * as extremum from "./ops/extremum.js";
import * as gather from "./ops/gather.js";
import * as indexing from "./ops/indexing.js";
import * as inplace from "./ops/inplace.js";
import * as math from "./ops/math.js";
import * as matmul from "./ops/matmul.js";
import * as norm from "./ops/norm.js";
import * as prod from "./ops/prod.js";
import * as reduce from "./ops/reduce.js";
import * as slice from "./ops/slice.js";
import { logSoftmax, softmax } from "./ops/softmax.js";
import * as sort from "./ops/sort.js";
import * as triangular from "./ops/triangular.js";
import * as views from "./ops/views.js";
import * as where from "./ops/where.js";
import type { Operand } from "./ops/zip.js";
import { keep } from "./scope.js";

/**
 * The one table of what can be called on a tensor: each entry becomes a method whose first argument is the tensor. Types
 * and run time both come from it, so a new operation is one line here.
 */
const methods = {
  add: arithmetic.add,
  sub: arithmetic.sub,
  mul: arithmetic.mul,
  div: arithmetic.div,
  floorDivide: arithmetic.floorDivide,
  remainder: arithmetic.remainder,
  fmod: arithmetic.fmod,
  maximum: arithmetic.maximum,
  minimum: arithmetic.minimum,
  neg: arithmetic.neg,
  square: arithmetic.square,
  abs: math.abs,
  sign: math.sign,
  exp: math.exp,
  expm1: math.expm1,
  log: math.log,
  log1p: math.log1p,
  log2: math.log2,
  log10: math.log10,
  sqrt: math.sqrt,
  rsqrt: math.rsqrt,
  reciprocal: math.reciprocal,
  sin: math.sin,
  cos: math.cos,
  tan: math.tan,
  erf: math.erf,
  floor: math.floor,
  ceil: math.ceil,
  round: math.round,
  trunc: math.trunc,
  pow: math.pow,
  relu: activation.relu,
  sigmoid: activation.sigmoid,
  tanh: activation.tanh,
  clamp: clamp.clamp,
  clampMin: clamp.clampMin,
  clampMax: clamp.clampMax,
  add_: inplace.add_,
  sub_: inplace.sub_,
  mul_: inplace.mul_,
  div_: inplace.div_,
  clamp_: inplace.clamp_,
  fill_: inplace.fill_,
  zero_: inplace.zero_,
  maskedFill_: inplace.maskedFill_,
  eq: compare.eq,
  ne: compare.ne,
  lt: compare.lt,
  le: compare.le,
  gt: compare.gt,
  ge: compare.ge,
  isnan: compare.isnan,
  isinf: compare.isinf,
  isfinite: compare.isfinite,
  equal: compare.equal,
  isclose: close.isclose,
  allclose: close.allclose,
  logicalAnd: where.logicalAnd,
  logicalOr: where.logicalOr,
  logicalXor: where.logicalXor,
  logicalNot: where.logicalNot,
  maskedFill: where.maskedFill,
  /** x where the condition holds, `other` elsewhere, as torch.Tensor.where. */
  where: (self: Tensor, condition: Tensor, other: Operand): Tensor => where.where(condition, self, other),
  matmul: matmul.matmul,
  mm: matmul.mm,
  bmm: matmul.bmm,
  mv: matmul.mv,
  dot: matmul.dot,
  outer: matmul.outer,
  diag: diagonal.diag,
  diagonal: diagonal.diagonal,
  trace: diagonal.trace,
  sum: broadcast.sum,
  mean: reduce.mean,
  var: reduce.variance,
  std: reduce.std,
  prod: prod.prod,
  norm: norm.norm,
  amax: reduce.amax,
  amin: reduce.amin,
  max: extremum.max,
  min: extremum.min,
  argmax: extremum.argmax,
  argmin: extremum.argmin,
  any: reduce.any,
  all: reduce.all,
  countNonzero: reduce.countNonzero,
  cumsum: cumulate.cumsum,
  sort: sort.sort,
  argsort: sort.argsort,
  topk: sort.topk,
  softmax,
  logSoftmax,
  expand: broadcast.expand,
  expandAs: broadcast.expandAs,
  broadcastTo: broadcast.expand,
  view: views.view,
  viewAs: views.viewAs,
  reshape: views.reshape,
  reshapeAs: views.reshapeAs,
  permute: views.permute,
  transpose: views.transpose,
  t: views.t,
  squeeze: views.squeeze,
  unsqueeze: views.unsqueeze,
  flatten: views.flatten,
  unflatten: views.unflatten,
  movedim: views.movedim,
  flip: views.flip,
  narrow: slice.narrow,
  slice: slice.slice,
  select: slice.select,
  split: slice.split,
  chunk: slice.chunk,
  unbind: slice.unbind,
  repeat: slice.repeat,
  tile: slice.tile,
  repeatInterleave: slice.repeatInterleave,
  roll: slice.roll,
  tril: triangular.tril,
  triu: triangular.triu,
  index: indexing.index,
  indexPut_: indexing.indexPut_,
  maskedSelect: indexing.maskedSelect,
  nonzero: indexing.nonzero,
  indexSelect: gather.indexSelect,
  indexAdd: gather.indexAdd,
  gather: gather.gather,
  scatter: gather.scatter,
  scatterAdd: gather.scatterAdd,
  clone: copy.clone,
  contiguous: copy.contiguous,
  detach: copy.detach,
  copy_: copy.copy_,
  /** Converts to another element type. */
  to: (self: Tensor, dtype: Dtype): Tensor => copy.cast(self, dtype),
  float: (self: Tensor): Tensor => copy.cast(self, "float32"),
  double: (self: Tensor): Tensor => copy.cast(self, "float64"),
  int: (self: Tensor): Tensor => copy.cast(self, "int32"),
  /** Converts to int32, the library's integers, as a port of `.long()`. */
  long: (self: Tensor): Tensor => copy.cast(self, "int32"),
  bool: (self: Tensor): Tensor => copy.cast(self, "bool"),
  /** See {@link backward}: `loss.backward()`, `y.backward(gradient)`, `loss.backward({ retainGraph: true })`. */
  backward: (self: Tensor, gradient?: Tensor | BackwardOptions | null, options?: BackwardOptions): void => {
    if (gradient instanceof Tensor || gradient === null || gradient === undefined) backward(self, gradient, options);
    else backward(self, null, gradient);
  },
  registerHook,
  retainGrad,
  keep: (self: Tensor): Tensor => keep(self),
  /** Frees the memory now; views of it are freed too. */
  free: (self: Tensor): void => self.storage.free(),
};

type Method<F> = F extends (self: Tensor, ...rest: infer A) => infer R ? (...rest: A) => R : never;

/** The operations as methods: `x.add(y)` for `add(x, y)`. */
export type TensorMethods = { [K in keyof typeof methods]: Method<(typeof methods)[K]> };

/** Methods with several forms, which a mapped type cannot carry over. */
export type OverloadedMethods = {
  /** See {@link extremum.max}. */
  max(): Tensor;
  max(other: Tensor): Tensor;
  max(dim: number, options?: ReduceOptions): ValuesAndIndices;
  /** See {@link extremum.min}. */
  min(): Tensor;
  min(other: Tensor): Tensor;
  min(dim: number, options?: ReduceOptions): ValuesAndIndices;
};

declare module "./array/tensor.js" {
  // The class and its methods are one type: see docs/architecture.md, "Methods".
  interface Tensor extends Omit<TensorMethods, keyof OverloadedMethods>, OverloadedMethods {}
}

for (const [name, operation] of Object.entries(methods)) {
  Object.defineProperty(Tensor.prototype, name, {
    value(this: Tensor, ...rest: never[]): unknown {
      return (operation as (self: Tensor, ...rest: never[]) => unknown)(this, ...rest);
    },
  });
}

export { Tensor };
