import { isFloat } from "../../base/dtype.js";
import { type Arguments, define, type Kind } from "../../base/signature.js";
import type { RealKernels } from "../../runtime/kernels.js";
import { launch, launchUnits } from "../../runtime/launch.js";
import { numericKernels, realKernels } from "../../tensor/dispatch.js";
import { operandKind, tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import { empty, Tensor } from "../../tensor/tensor.js";
import { asContiguous, cast } from "../layout/copy.js";
import { full } from "../layout/factories.js";
import { add, div, mul, neg, sub } from "./arithmetic.js";
import { sumTo } from "./broadcast.js";
import { eq, ge, ne } from "./compare.js";
import { floating, zero } from "./operands.js";
import { logicalAnd, where } from "./where.js";
import { type Operand, promoteOperands, zip } from "./zip.js";

/** A public function of one tensor. */
type Unary = (...args: Arguments<[input: Tensor], { readonly input: Kind<Tensor> }>) => Tensor;

type Elementwise = (out: number, x: number, begin: number, end: number) => void;

/**
 * Makes a function of every element. The gradient rule reads the input x, the result y or neither: `reads` says which,
 * and that is saved. Integer input is computed in the default type.
 */
function unary(
  name: string,
  kernel: (kernels: RealKernels) => Elementwise,
  reads: "x" | "y" | "",
  grad: (g: Tensor, v: Tensor) => Tensor,
): Unary {
  return define(name, { input: tensorKind }, (input: Tensor): Tensor => {
    const x = floating(input);
    const out = empty(name, x.shape, x.dtype);
    launchUnits(kernel(realKernels(name, x.dtype)), x.numel, COST, out.ptr, asContiguous(x).ptr);
    const saved = reads === "" ? [] : [reads === "x" ? x : out];
    return record(name, out, [x], saved, (g, node) => [grad(g, node.saved[0] ?? g)]);
  });
}

/** Cost of an element for launches: a polynomial of about ten terms. */
const COST = 4;

/** Makes a rounding function: integers stay as they are. */
function rounding(name: "floor" | "ceil" | "round" | "trunc"): Unary {
  const real = unary(name, (k) => k[name], "", zero);
  return define(
    name,
    { input: tensorKind },
    (x: Tensor): Tensor => (isFloat(x.dtype) ? real(x) : cast(x, x.dtype === "bool" ? "int32" : x.dtype)),
  );
}

/** Makes abs or sign, whose kernels exist for int32 too. */
function signed(name: "abs" | "sign", grad: (g: Tensor, x: Tensor) => Tensor): Unary {
  return define(name, { input: tensorKind }, (input: Tensor): Tensor => {
    const x = input.dtype === "bool" || input.dtype === "uint8" ? cast(input, "int32") : input;
    const out = empty(name, x.shape, x.dtype);
    launch(numericKernels(name, x.dtype)[name], x.numel, out.ptr, asContiguous(x).ptr);
    return record(name, out, [x], [x], (g, node) => [grad(g, node.saved[0]!)]);
  });
}

/**
 * -1, 0 or 1 by the sign of x, as torch.sign. 0 for NaN.
 * @see https://pytorch.org/docs/stable/generated/torch.sign.html
 */
export const sign = signed("sign", zero);

/**
 * |x|, as torch.abs. The gradient at 0 is 0.
 * @see https://pytorch.org/docs/stable/generated/torch.abs.html
 */
export const abs = signed("abs", (g, x) => mul(g, sign(x)));

/**
 * e^x, as torch.exp.
 * @see https://pytorch.org/docs/stable/generated/torch.exp.html
 */
export const exp = unary("exp", (k) => k.exp, "y", mul);

/**
 * e^x - 1, exact near 0, as torch.expm1.
 * @see https://pytorch.org/docs/stable/generated/torch.expm1.html
 */
export const expm1 = unary(
  "expm1",
  (k) => k.expm1,
  "y",
  (g, y) => mul(g, add(y, 1)),
);

/**
 * The natural logarithm, as torch.log.
 * @see https://pytorch.org/docs/stable/generated/torch.log.html
 */
export const log = unary("log", (k) => k.log, "x", div);

/**
 * ln(1 + x), exact near 0, as torch.log1p.
 * @see https://pytorch.org/docs/stable/generated/torch.log1p.html
 */
export const log1p = unary(
  "log1p",
  (k) => k.log1p,
  "x",
  (g, x) => div(g, add(x, 1)),
);

/**
 * The logarithm to base 2, as torch.log2.
 * @see https://pytorch.org/docs/stable/generated/torch.log2.html
 */
export const log2 = unary(
  "log2",
  (k) => k.log2,
  "x",
  (g, x) => div(g, mul(x, Math.LN2)),
);

/**
 * The logarithm to base 10, as torch.log10.
 * @see https://pytorch.org/docs/stable/generated/torch.log10.html
 */
export const log10 = unary(
  "log10",
  (k) => k.log10,
  "x",
  (g, x) => div(g, mul(x, Math.LN10)),
);

/**
 * √x, as torch.sqrt.
 * @see https://pytorch.org/docs/stable/generated/torch.sqrt.html
 */
export const sqrt = unary(
  "sqrt",
  (k) => k.sqrt,
  "y",
  (g, y) => div(g, mul(y, 2)),
);

/**
 * 1/√x, as torch.rsqrt.
 * @see https://pytorch.org/docs/stable/generated/torch.rsqrt.html
 */
export const rsqrt = unary(
  "rsqrt",
  (k) => k.rsqrt,
  "y",
  (g, y) => mul(mul(g, -0.5), mul(mul(y, y), y)),
);

/**
 * 1/x, as torch.reciprocal.
 * @see https://pytorch.org/docs/stable/generated/torch.reciprocal.html
 */
export const reciprocal = unary(
  "reciprocal",
  (k) => k.reciprocal,
  "y",
  (g, y) => mul(neg(g), mul(y, y)),
);

/**
 * The sine, as torch.sin.
 * @see https://pytorch.org/docs/stable/generated/torch.sin.html
 */
export const sin: Unary = unary(
  "sin",
  (k) => k.sin,
  "x",
  (g, x) => mul(g, cos(x)),
);

/**
 * The cosine, as torch.cos.
 * @see https://pytorch.org/docs/stable/generated/torch.cos.html
 */
export const cos: Unary = unary(
  "cos",
  (k) => k.cos,
  "x",
  (g, x) => mul(g, neg(sin(x))),
);

/**
 * The tangent, as torch.tan.
 * @see https://pytorch.org/docs/stable/generated/torch.tan.html
 */
export const tan = unary(
  "tan",
  (k) => k.tan,
  "y",
  (g, y) => mul(g, add(mul(y, y), 1)),
);

/**
 * The error function, as torch.erf.
 * @see https://pytorch.org/docs/stable/generated/torch.erf.html
 */
export const erf = unary(
  "erf",
  (k) => k.erf,
  "x",
  (g, x) => mul(mul(g, 1.1283791670955126), exp(neg(mul(x, x)))),
);

/**
 * The largest whole number not above x, as torch.floor.
 * @see https://pytorch.org/docs/stable/generated/torch.floor.html
 */
export const floor = rounding("floor");

/**
 * The smallest whole number not below x, as torch.ceil.
 * @see https://pytorch.org/docs/stable/generated/torch.ceil.html
 */
export const ceil = rounding("ceil");

/**
 * The nearest whole number, halves to the even one, as torch.round.
 * @see https://pytorch.org/docs/stable/generated/torch.round.html
 */
export const round = rounding("round");

/**
 * x without its fraction, as torch.trunc.
 * @see https://pytorch.org/docs/stable/generated/torch.trunc.html
 */
export const trunc = rounding("trunc");

/** x^exponent for one exponent, by multiplication, division and square root wherever PyTorch does so. */
function powScalar(x: Tensor, exponent: number): Tensor {
  const out = empty("pow", x.shape, x.dtype);
  launch(realKernels("pow", x.dtype).powScalar, x.numel, out.ptr, asContiguous(x).ptr, exponent);
  return record("pow", out, [x], [x], (g, node) => [
    exponent === 0 ? zero(g) : mul(g, mul(powScalar(node.saved[0]!, exponent - 1), exponent)),
  ]);
}

/**
 * a^b with broadcasting, as torch.pow; C's special cases. Whole numbers give whole numbers.
 * @param a base, a tensor or a number @param b exponent, a tensor or a number
 * @see https://pytorch.org/docs/stable/generated/torch.pow.html
 */
export const pow = define("pow", { input: operandKind, exponent: operandKind }, (a: Operand, b: Operand): Tensor => {
  const dtype = promoteOperands(a, b);
  if (typeof b === "number" && typeof a !== "number" && isFloat(dtype)) return powScalar(cast(a, dtype), b);
  const x = typeof a === "number" ? a : cast(a, dtype);
  const y = typeof b === "number" ? b : cast(b, dtype);
  const out = zip("pow", x, y, dtype);
  const inputs = [x, y].filter((operand) => operand instanceof Tensor);
  return record("pow", out, inputs, [...inputs, out], (g, node) => {
    const values = node.saved;
    const base = typeof x === "number" ? x : values[0]!;
    const exponent = typeof y === "number" ? y : values[values.length - 2]!;
    const gradients = [() => powBaseGrad(g, base, exponent), () => powExponentGrad(g, base, exponent, values.at(-1)!)];
    const wanted = typeof x === "number" ? gradients.slice(1) : gradients;
    return inputs.map((input, i) => (node.needs(i) ? sumTo(wanted[i]!(), input.shape) : null));
  });
});

/** g·b·a^(b-1), and 0 where b = 0 */
function powBaseGrad(g: Tensor, a: Operand, b: Operand): Tensor {
  return where(ne(b, 0), mul(g, mul(pow(a, sub(b, 1)), b)), 0);
}

/** g·a^b·ln(a), and 0 where a = 0 and b >= 0 */
function powExponentGrad(g: Tensor, a: Operand, b: Operand, y: Tensor): Tensor {
  const base = typeof a === "number" ? full([], a, { dtype: g.dtype }) : a;
  const vanishes = logicalAnd(eq(base, 0), ge(b, 0));
  return where(vanishes, 0, mul(g, mul(y, log(base))));
}
