import { DtypeError, formatShape, ShapeError } from "../../base/errors.js";
import { type Shape, sizeOf } from "../../base/shape.js";
import { define } from "../../base/signature.js";
import { launch, launchUnits } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { operandKind, tensorKind } from "../../tensor/kinds.js";
import { mode } from "../../tensor/mode.js";
import { record } from "../../tensor/record.js";
import { empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous } from "../layout/copy.js";
import { full } from "../layout/factories.js";
import { reshape } from "../layout/views.js";
import { add, div, mul, neg, sub } from "./arithmetic.js";
import { sum, sumTo } from "./broadcast.js";
import { gt } from "./compare.js";
import { exp, expm1, log1p, reciprocal } from "./math.js";
import { where } from "./where.js";

// Activations with a trained parameter. Their gradients are fused kernels, or ordinary operations for createGraph.

function checkSameDtype(op: string, x: Tensor, parameter: Tensor): void {
  if (x.dtype === parameter.dtype) return;
  throw new DtypeError(
    op,
    `expected a parameter of the input's dtype ${x.dtype}, got ${parameter.dtype}`,
    "Convert the module with .float() or .double()",
  );
}

/** x as [outer, channels, inner]; each channel has a weight, or all share one. */
type Planes = { outer: number; channels: number; inner: number };

function planesOf(x: Tensor, weight: Tensor): Planes {
  if (weight.numel === 1) return { outer: 1, channels: 1, inner: x.numel };
  const channels = x.ndim > 1 ? x.shape[1]! : 1;
  if (weight.ndim !== 1 || weight.numel !== channels) {
    throw new ShapeError(
      "prelu",
      `expected one weight, or one for each of ${channels} channels of the input ${formatShape(x.shape)}, got weights of shape ${formatShape(weight.shape)}`,
    );
  }
  return { outer: x.shape[0]!, channels, inner: sizeOf(x.shape.slice(2)) };
}

/** x > 0 ? a : weight·a */
function preluOf(a: Tensor, x: Tensor, weight: Tensor, { outer, channels, inner }: Planes): Tensor {
  const out = empty("prelu", x.shape, x.dtype);
  const kernel = realKernels("prelu", x.dtype).prelu;
  if (inner === 0) return out;
  launchUnits(
    kernel,
    outer * channels,
    inner,
    out.ptr,
    asContiguous(a).ptr,
    asContiguous(x).ptr,
    asContiguous(weight).ptr,
    channels,
    inner,
  );
  return out;
}

/**
 * x above 0, weight·x elsewhere, as torch.nn.functional.prelu.
 * @param weight one weight, or one for each channel (dim 1)
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.prelu.html
 */
export const prelu = define(
  "prelu",
  { input: tensorKind, weight: tensorKind },
  (input: Tensor, weight: Tensor): Tensor => preluWith(input, weight),
);

function preluWith(x: Tensor, weight: Tensor): Tensor {
  checkSameDtype("prelu", x, weight);
  const planes = planesOf(x, weight);
  const shape: Shape = weight.numel === 1 ? [1] : x.shape.map((size, i) => (i === 1 ? size : 1));
  return record("prelu", preluOf(x, x, weight, planes), [x, weight], [x, weight], (g, node) => {
    const [x0, w0] = node.saved;
    const gradX = (): Tensor =>
      mode.recording ? where(gt(x0!, 0), g, mul(g, reshape(w0!, shape))) : preluOf(g, x0!, w0!, planes);
    const gradWeight = (): Tensor => {
      const byElement = mode.recording ? where(gt(x0!, 0), 0, mul(g, x0!)) : preluWeightGrad(g, x0!);
      const total = weight.numel === 1 ? sum(byElement) : sumTo(byElement, shape);
      return reshape(total, weight.shape);
    };
    return [node.needs(0) ? gradX() : null, node.needs(1) ? gradWeight() : null];
  });
}

function preluWeightGrad(g: Tensor, x: Tensor): Tensor {
  const out = empty("prelu", x.shape, x.dtype);
  launch(realKernels("prelu", x.dtype).preluWeightGrad, x.numel, out.ptr, asContiguous(g).ptr, asContiguous(x).ptr);
  return out;
}

type SoftKernel = "softExponential" | "softExponentialGrad" | "softExponentialAlphaGrad";

function softKernel(kernel: SoftKernel, reads: readonly Tensor[], alpha: number): Tensor {
  const x = reads[0]!;
  const out = empty("softExponential", x.shape, x.dtype);
  const run = realKernels("softExponential", x.dtype)[kernel] as (...args: number[]) => void;
  launch(run, x.numel, out.ptr, ...reads.map((t) => asContiguous(t).ptr), alpha);
  return out;
}

/**
 * The soft exponential of Godfrey and Gashler (2015), between a logarithm and an exponential:
 * -ln(1 - alpha·(x + alpha))/alpha for alpha below 0, x for 0, (e^(alpha·x) - 1)/alpha + alpha above.
 * @param alpha a number, or a tensor with one element, which then gets a gradient
 * @see https://arxiv.org/abs/1602.01321
 */
export const softExponential = define(
  "softExponential",
  { input: tensorKind, alpha: operandKind },
  (input: Tensor, alpha: Tensor | number): Tensor => softExponentialWith(input, alpha),
);

function softExponentialWith(x: Tensor, alpha: Tensor | number): Tensor {
  const parameter = typeof alpha === "number" ? full([], alpha, { dtype: x.dtype }) : alpha;
  if (parameter.numel !== 1) {
    throw new ShapeError(
      "softExponential",
      `expected an alpha with one element, got shape ${formatShape(parameter.shape)}`,
    );
  }
  checkSameDtype("softExponential", x, parameter);
  const out = softKernel("softExponential", [x], parameter.item());
  const { shape } = parameter;
  return record("softExponential", out, [x, parameter], [x, parameter], (g, node) => {
    const [x0, a0] = node.saved;
    const a = a0!.item();
    const gradX = (): Tensor =>
      mode.recording ? mul(g, softSlope(x0!, reshape(a0!, []), a)) : softKernel("softExponentialGrad", [g, x0!], a);
    const gradAlpha = (): Tensor =>
      mode.recording
        ? mul(g, softAlphaSlope(x0!, reshape(a0!, []), a))
        : softKernel("softExponentialAlphaGrad", [g, x0!], a);
    return [node.needs(0) ? gradX() : null, node.needs(1) ? reshape(sum(gradAlpha()), shape) : null];
  });
}

/** u - 1 = -alpha·(x + alpha) */
const softArgument = (x: Tensor, alpha: Tensor): Tensor => neg(mul(alpha, add(x, alpha)));

/** df/dx in ordinary operations. e^(alpha·x) also has the right derivatives at alpha = 0. */
function softSlope(x: Tensor, alpha: Tensor, a: number): Tensor {
  return a < 0 ? reciprocal(add(softArgument(x, alpha), 1)) : exp(mul(alpha, x));
}

/** df/dalpha in ordinary operations; at alpha = 0 its series to first order, x²/2 + 1 + alpha·x³/3. */
function softAlphaSlope(x: Tensor, alpha: Tensor, a: number): Tensor {
  if (a === 0) {
    const squared = mul(x, x);
    return add(add(mul(squared, 0.5), 1), mul(alpha, mul(squared, mul(x, 1 / 3))));
  }
  const squared = mul(alpha, alpha);
  if (a < 0) {
    const v = softArgument(x, alpha);
    const second = div(add(x, mul(alpha, 2)), mul(alpha, add(v, 1)));
    return add(div(log1p(v), squared), second);
  }
  const z = mul(alpha, x);
  const m = expm1(z);
  return add(div(sub(mul(z, add(m, 1)), m), squared), 1);
}
