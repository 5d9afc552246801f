import { backward } from "./autograd/backward.js";
import * as hooks from "./autograd/hooks.js";
import type { Dtype } from "./base/dtype.js";
import { boolean, define, dimNumber } from "./base/signature.js";
import { keep } from "./memory.js";
import * as gather from "./ops/index/gather.js";
import * as indexing from "./ops/index/indexing.js";
import * as slice from "./ops/index/slice.js";
import * as copy from "./ops/layout/copy.js";
import { assignData } from "./ops/layout/data.js";
import * as views from "./ops/layout/views.js";
import * as diagonal from "./ops/matmul/diagonal.js";
import * as matmul from "./ops/matmul/matmul.js";
import * as triangular from "./ops/matmul/triangular.js";
import * as activation from "./ops/pointwise/activation.js";
import * as arithmetic from "./ops/pointwise/arithmetic.js";
import type { ReduceOptions } from "./ops/pointwise/broadcast.js";
import * as broadcast from "./ops/pointwise/broadcast.js";
import * as clamp from "./ops/pointwise/clamp.js";
import * as close from "./ops/pointwise/close.js";
import * as compare from "./ops/pointwise/compare.js";
import * as inplace from "./ops/pointwise/inplace.js";
import * as math from "./ops/pointwise/math.js";
import * as where from "./ops/pointwise/where.js";
import type { Operand } from "./ops/pointwise/zip.js";
import * as cumulate from "./ops/reduce/cumulate.js";
import type { DimKeywords, ValuesAndIndices } from "./ops/reduce/extremum.js";
import * as extremum from "./ops/reduce/extremum.js";
import { logsumexp } from "./ops/reduce/logsumexp.js";
import * as norm from "./ops/reduce/norm.js";
import * as prod from "./ops/reduce/prod.js";
import * as reduce from "./ops/reduce/reduce.js";
import * as softmax from "./ops/reduce/softmax.js";
import * as sort from "./ops/reduce/sort.js";
import { anyTensor, dtypeKind, operandKind, tensorKind } from "./tensor/kinds.js";
import { Tensor } from "./tensor/tensor.js";

/** The named functions of a file of `ops/`. Their types stay tied to the file, so that editors show its documentation. */
function pick<F, K extends keyof F>(from: F, ...names: readonly K[]): Pick<F, K> {
  return Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<F, K>;
}

/** The signature of a method without arguments. */
const SELF = { input: tensorKind } as const;

function conversion(name: string, dtype: Dtype) {
  return define(name, SELF, (self: Tensor): Tensor => copy.cast(self, dtype));
}

/** Methods that differ from a function in name or order. */
const own = {
  /** x where the condition holds, `other` elsewhere, as torch.Tensor.where. */
  where: define(
    "where",
    { input: tensorKind, condition: tensorKind, other: operandKind },
    (self: Tensor, condition: Tensor, other: Operand): Tensor => where.where(condition, self, other),
  ),
  /** The variance, over all elements or over dims, as torch.var. */
  var: reduce.variance,
  /** The same as {@link Tensor.clamp}, as torch.clip. */
  clip: clamp.clamp,
  /** The same as {@link Tensor.expand}, as torch.broadcast_to. */
  broadcastTo: broadcast.expand,
  /** Number of dims, as torch.Tensor.dim; also the property `ndim`. */
  dim: define("dim", { input: anyTensor }, (self: Tensor): number => self.ndim),
  /** Sets whether the tensor needs a gradient, as torch.Tensor.requires_grad_. */
  requiresGrad_: define(
    "requiresGrad_",
    { input: tensorKind, requiresGrad: boolean },
    (self: Tensor, requiresGrad: boolean = true): Tensor => {
      self.requiresGrad = requiresGrad;
      return self;
    },
  ),
  /** Converts to another element type. */
  to: define(
    "to",
    { input: tensorKind, dtype: dtypeKind },
    (self: Tensor, dtype: Dtype): Tensor => copy.cast(self, dtype),
  ),
  /** Converts to float32. */
  float: conversion("float", "float32"),
  /** Converts to float64. */
  double: conversion("double", "float64"),
  /** Converts to int32, toward zero. */
  int: conversion("int", "int32"),
  /** Converts to int32, as a port of `.long()`: the library has no int64. */
  long: conversion("long", "int32"),
  /** Converts to bool: whether an element is not 0. */
  bool: conversion("bool", "bool"),
  /** Keeps the memory when the scopes around end; returns the tensor. */
  keep: define("keep", SELF, (self: Tensor): Tensor => keep(self)),
  /** Frees the memory now; views of it are freed too. */
  free: define("free", { input: anyTensor }, (self: Tensor): void => self.storage.free()),
};

/**
 * The table of methods: each function becomes a method that passes the tensor as first argument. The types and the prototype
 * both come from this table, so a new method is one name here. A file stands here as a whole if each of its exports is a
 * method; of the other files, the methods are picked by name.
 */
const tables = [
  arithmetic,
  math,
  pick(activation, "relu", "sigmoid", "tanh"),
  clamp,
  inplace,
  pick(compare, "eq", "ne", "lt", "le", "gt", "ge", "isnan", "isinf", "isfinite", "equal"),
  close,
  pick(where, "logicalAnd", "logicalOr", "logicalXor", "logicalNot", "maskedFill"),
  pick(matmul, "matmul", "mm", "bmm", "mv", "dot", "outer"),
  pick(diagonal, "diag", "diagonal", "trace"),
  pick(broadcast, "sum", "expand", "expandAs"),
  pick(reduce, "mean", "std", "amax", "amin", "any", "all", "countNonzero"),
  pick(prod, "prod"),
  pick(norm, "norm"),
  pick(extremum, "max", "min", "argmax", "argmin"),
  pick(cumulate, "cumsum"),
  pick(sort, "sort", "argsort", "topk"),
  pick(
    views,
    "view",
    "viewAs",
    "reshape",
    "reshapeAs",
    "permute",
    "transpose",
    "t",
    "squeeze",
    "unsqueeze",
    "flatten",
    "unflatten",
    "movedim",
    "flip",
  ),
  pick(slice, "narrow", "slice", "select", "split", "chunk", "unbind", "repeat", "tile", "repeatInterleave", "roll"),
  pick(triangular, "tril", "triu"),
  pick(indexing, "index", "indexPut_", "maskedSelect", "nonzero"),
  pick(gather, "indexSelect", "indexAdd", "gather", "scatter", "scatterAdd"),
  pick(copy, "clone", "contiguous", "detach", "copy_"),
  pick(softmax, "softmax", "logSoftmax"),
  { logsumexp },
  pick(hooks, "registerHook", "retainGrad"),
  { backward },
  own,
] as const;

/** The arguments behind the tensor. A call by keywords alone has none that a method could stand for. */
type AfterTensor<A> = A extends [first: infer First, ...rest: infer Rest]
  ? Tensor extends First
    ? Rest
    : never
  : never;

type Method<F> = F extends (...args: infer A) => infer R ? (...rest: AfterTensor<A>) => R : never;

type Both<U> = (U extends unknown ? (part: U) => void : never) extends (parts: infer All) => void ? All : never;

type Functions = Both<(typeof tables)[number]>;

/** The operations as methods: `x.add(y)` for `add(x, y)`. */
type TensorMethods = { [K in keyof Functions]: Method<Functions[K]> };

/** Methods with several forms, which a mapped type cannot carry over. */
type OverloadedMethods = {
  /** The largest element; the larger of two tensors; or the largest along a dim, as [values, indices]. As torch.max. */
  max(): Tensor;
  max(other: Tensor): Tensor;
  max(dim: number, keepdim?: boolean): ValuesAndIndices;
  max(dim: number, keywords: ReduceOptions): ValuesAndIndices;
  max(keywords: DimKeywords): ValuesAndIndices;
  /** The smallest element; the smaller of two tensors; or the smallest along a dim, as [values, indices]. As torch.min. */
  min(): Tensor;
  min(other: Tensor): Tensor;
  min(dim: number, keepdim?: boolean): ValuesAndIndices;
  min(dim: number, keywords: ReduceOptions): ValuesAndIndices;
  min(keywords: DimKeywords): ValuesAndIndices;
};

/** Operations that PyTorch writes as properties. */
const properties = {
  T: views.t,
  mT: (self: Tensor): Tensor => views.transpose(self, -2, -1),
};

declare module "./tensor/tensor.js" {
  // The class and its methods are one type: see docs/internals/autograd.md, "Methods".
  interface Tensor extends Omit<TensorMethods, keyof OverloadedMethods>, OverloadedMethods {
    /** The transpose of a matrix (vectors and scalars stay), as torch.Tensor.T. */
    readonly T: Tensor;
    /** The last two dims exchanged, as torch.Tensor.mT. */
    readonly mT: Tensor;
    /**
     * The same data without history, as torch.Tensor.data. A tensor that is assigned gives its memory, shape and type;
     * nothing is recorded.
     */
    data: Tensor;
  }
}

/** Reading methods of the class itself, behind signatures. */
const { size, item, tolist, toArray, toTypedArray } = Tensor.prototype;
const reading = {
  size: define(
    "size",
    { input: tensorKind, dim: dimNumber },
    (self: Tensor, dim: number | undefined = undefined): unknown =>
      dim === undefined ? self.shape : size.call(self, dim),
  ),
  item: define("item", SELF, (self: Tensor): unknown => item.call(self)),
  tolist: define("tolist", SELF, (self: Tensor): unknown => tolist.call(self)),
  toArray: define("toArray", SELF, (self: Tensor): unknown => toArray.call(self)),
  toTypedArray: define("toTypedArray", SELF, (self: Tensor): unknown => toTypedArray.call(self)),
};

for (const [name, operation] of [...tables, reading].flatMap((table) => Object.entries(table))) {
  Object.defineProperty(Tensor.prototype, name, {
    value(this: Tensor, ...rest: never[]): unknown {
      return (operation as (self: Tensor, ...rest: never[]) => unknown)(this, ...rest);
    },
  });
}

for (const [name, operation] of Object.entries(properties)) {
  Object.defineProperty(Tensor.prototype, name, {
    get(this: Tensor): Tensor {
      return operation(this);
    },
  });
}

Object.defineProperty(Tensor.prototype, "data", {
  get(this: Tensor): Tensor {
    return copy.detach(this);
  },
  set(this: Tensor, from: Tensor): void {
    assignData(this, from);
  },
});

export { Tensor };
