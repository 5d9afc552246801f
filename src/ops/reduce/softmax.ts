import { normalizeDim } from "../../base/shape.js";
import { define, dimNumber } from "../../base/signature.js";
import { launchUnits } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { dtypeKind, tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous, cast } from "../layout/copy.js";
import { mul, neg, sub } from "../pointwise/arithmetic.js";
import { canonical, type SumOptions, sum } from "../pointwise/broadcast.js";
import { exp } from "../pointwise/math.js";

type Kind = "softmax" | "logSoftmax";

/** The sum along the dim, which stays as size 1. */
const along = (x: Tensor, dim: number): Tensor => (x.ndim === 0 ? x : sum(x, dim, true));

function forward(kind: Kind, x: Tensor, dim: number): Tensor {
  const kernels = realKernels(kind, x.dtype);
  const axis = normalizeDim(kind, dim, x.ndim);
  const { data, r, inner } = canonical(x, [axis]);
  const out = empty(kind, x.shape, x.dtype);
  launchUnits(kernels[kind], r === 0 ? 0 : x.numel / r, 4 * r, out.ptr, data.ptr, r, inner);
  return record(kind, out, [x], [out], (g, node) => [gradient(kind, g, node.saved[0]!, axis)]);
}

/** The gradient of x from the result y and its gradient g: an operation of its own, with gradients for both. */
function gradient(kind: Kind, g: Tensor, y: Tensor, dim: number): Tensor {
  const { data, r, inner } = canonical(y, [dim]);
  const out = empty(kind, y.shape, y.dtype);
  const { softmaxGrad, logSoftmaxGrad } = realKernels(kind, y.dtype);
  const kernel = kind === "softmax" ? softmaxGrad : logSoftmaxGrad;
  launchUnits(kernel, r === 0 ? 0 : y.numel / r, 3 * r, out.ptr, asContiguous(g).ptr, data.ptr, r, inner);
  return record(`${kind}Grad`, out, [g, y], [g, y], (gg, node) => {
    const [g0, y0] = node.saved as [Tensor, Tensor];
    const byY = kind === "softmax" ? softmaxByResult : logSoftmaxByResult;
    return [node.needs(0) ? adjoint(kind, gg, y0, dim) : null, node.needs(1) ? byY(gg, g0, y0, dim) : null];
  });
}

/** The transpose of {@link gradient}, which is linear in g. Softmax's is symmetric. */
function adjoint(kind: Kind, gg: Tensor, y: Tensor, dim: number): Tensor {
  return kind === "softmax" ? gradient(kind, gg, y, dim) : sub(gg, along(mul(gg, exp(y)), dim));
}

/** d/dy of Σ gg·(g − Σ g·y)·y */
function softmaxByResult(gg: Tensor, g: Tensor, y: Tensor, dim: number): Tensor {
  return sub(mul(gg, sub(g, along(mul(g, y), dim))), mul(g, along(mul(gg, y), dim)));
}

/** d/dy of Σ gg·(g − exp(y)·Σ g) */
function logSoftmaxByResult(gg: Tensor, g: Tensor, y: Tensor, dim: number): Tensor {
  return neg(mul(mul(gg, exp(y)), along(g, dim)));
}

/** The call of a softmax: f(input, dim, { dtype }). PyTorch guesses a dim that is missing and warns; here it is an error. */
function softmaxCall(name: string, f: (x: Tensor, dim: number) => Tensor) {
  return define(
    name,
    { input: tensorKind, dim: dimNumber },
    (input: Tensor, dim: number, options?: SumOptions): Tensor =>
      f(options?.dtype === undefined ? input : cast(input, options.dtype), dim),
    { dtype: dtypeKind },
  );
}

/**
 * exp(x) / Σ exp(x) along a dim, as torch.nn.functional.softmax, without overflow.
 * @param dim the dim whose elements are to sum to 1; negative counts from the end
 * @throws DtypeError for integers, ValueError for a dim out of range
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html
 * @example
 * ```ts
 * import { F, tensor } from "simdgrad";
 * F.softmax(tensor([[1, 2, 3]]), 1); // [[0.0900, 0.2447, 0.6652]]
 * ```
 */
export const softmax = softmaxCall("softmax", (x, dim) => forward("softmax", x, dim));

/**
 * softmax(-x) along a dim, as torch.nn.functional.softmin: the smallest element gets the largest share.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.softmin.html
 */
export const softmin = softmaxCall("softmin", (x, dim) => forward("softmax", neg(x), dim));

/**
 * log(softmax(x)) along a dim, computed as x − max − log Σ exp(x − max), as torch.nn.functional.log_softmax.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html
 */
export const logSoftmax = softmaxCall("logSoftmax", (x, dim) => forward("logSoftmax", x, dim));
