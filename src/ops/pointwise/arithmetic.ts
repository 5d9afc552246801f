import { type Dtype, getDefaultDtype, isFloat } from "../../base/dtype.js";
import { DtypeError, ValueError } from "../../base/errors.js";
import { record } from "../../tensor/record.js";
import type { Tensor } from "../../tensor/tensor.js";
import { cast } from "../layout/copy.js";
import { sumTo } from "./broadcast.js";
import { countTrue, eq, lt } from "./compare.js";
import { where } from "./where.js";
import { type Operand, promoteOperands, type ZipName, zip } from "./zip.js";

/** The gradient of one operand from that of op(a, b), before the sum over broadcast dims; it reads `reads`. */
type Rule = { reads: "" | "a" | "b" | "ab"; grad: (g: Tensor, a: Operand, b: Operand) => Tensor };

/** Computes op(a, b) in `dtype` and records it. Saves only what the gradients of operands that need one read. */
function binary(
  op: ZipName,
  a: Operand,
  b: Operand,
  dtype: Dtype,
  ruleA: Rule,
  ruleB: Rule,
  name: string = op,
): Tensor {
  const x = typeof a === "number" ? a : cast(a, dtype);
  const y = typeof b === "number" ? b : cast(b, dtype);
  const inputs: Tensor[] = [];
  if (typeof x !== "number") inputs.push(x);
  if (typeof y !== "number") inputs.push(y);
  const reads = (needsGrad(x) ? ruleA.reads : "") + (needsGrad(y) ? ruleB.reads : "");
  const saved: Tensor[] = [];
  if (typeof x !== "number" && reads.includes("a")) saved.push(x);
  if (typeof y !== "number" && reads.includes("b")) saved.push(y);
  return record(name, zip(op, x, y, dtype), inputs, saved, (g, node) => {
    const values = node.saved;
    const left = typeof x !== "number" && reads.includes("a") ? values[0]! : x;
    const right = typeof y !== "number" && reads.includes("b") ? values[values.length - 1]! : y;
    return inputs.map((input, i) => {
      if (!node.needs(i)) return null;
      const rule = i === 0 && typeof x !== "number" ? ruleA : ruleB;
      return sumTo(rule.grad(g, left, right), input.shape);
    });
  });
}

/** A float type as it is; the default type for integers and booleans. */
const floatOf = (dtype: Dtype): Dtype => (isFloat(dtype) ? dtype : getDefaultDtype());

const needsGrad = (x: Operand): boolean => typeof x !== "number" && x.requiresGrad;

const same: Rule = { reads: "", grad: (g) => g };
const negated: Rule = { reads: "", grad: (g) => neg(g) };
const none: Rule = { reads: "", grad: (g) => mul(g, 0) };

/** Options of {@link add} and {@link sub}. */
export type AlphaOptions = {
  /** A factor for the second operand; 1 when left out. */
  alpha?: number;
};

const scaled = (b: Operand, alpha: number): Operand =>
  alpha === 1 ? b : typeof b === "number" ? b * alpha : mul(b, alpha);

/**
 * a + alpha·b with broadcasting, as torch.add.
 * @see https://pytorch.org/docs/stable/generated/torch.add.html
 */
export function add(a: Operand, b: Operand, options: AlphaOptions = {}): Tensor {
  const { alpha = 1 } = options;
  const other = scaled(b, alpha);
  return binary("add", a, other, promoteOperands(a, other), same, same);
}

/**
 * a - alpha·b with broadcasting, as torch.sub.
 * @see https://pytorch.org/docs/stable/generated/torch.sub.html
 */
export function sub(a: Operand, b: Operand, options: AlphaOptions = {}): Tensor {
  const { alpha = 1 } = options;
  const other = scaled(b, alpha);
  const dtype = promoteOperands(a, other);
  if (dtype === "bool") {
    throw new DtypeError("sub", "expected numbers, got two bool tensors", "Use ne or logicalXor");
  }
  return binary("sub", a, other, dtype, same, negated);
}

/**
 * a·b with broadcasting, as torch.mul.
 * @see https://pytorch.org/docs/stable/generated/torch.mul.html
 */
export function mul(a: Operand, b: Operand): Tensor {
  return binary("mul", a, b, promoteOperands(a, b), timesB, timesA);
}
const timesA: Rule = { reads: "a", grad: (g, a) => mul(g, a) };
const timesB: Rule = { reads: "b", grad: (g, _, b) => mul(g, b) };

/** Options of {@link div}. */
export type DivOptions = {
  /** Rounds the quotient: "floor" down, "trunc" towards zero. Not rounded when left out. */
  roundingMode?: "floor" | "trunc" | null;
};

/**
 * a / b with broadcasting, as torch.div. Integers give float32 (the default dtype) unless rounded.
 * @see https://pytorch.org/docs/stable/generated/torch.div.html
 */
export function div(a: Operand, b: Operand, options: DivOptions = {}): Tensor {
  const { roundingMode = null } = options;
  const dtype = promoteOperands(a, b);
  if (roundingMode === "floor") return floorDivide(a, b);
  if (roundingMode === "trunc") {
    if (!isFloat(dtype)) checkDivisor("div", b);
    return binary("divTrunc", a, b, dtype, none, none, "div");
  }
  return binary("div", a, b, floatOf(dtype), overB, quotientRule);
}
const overB: Rule = { reads: "b", grad: (g, _, b) => div(g, b) };
const quotientRule: Rule = { reads: "ab", grad: (g, a, b) => mul(neg(g), div(div(a, b), b)) };

/** Throws for a divisor 0 of integers; floats give infinities and NaN. */
function checkDivisor(op: string, b: Operand): void {
  if (typeof b === "number" ? b === 0 : countTrue(eq(b, 0)) > 0) {
    throw new ValueError(
      op,
      "expected integer divisors that are not 0, got a 0",
      "Convert to float to get inf and nan",
    );
  }
}

/**
 * floor(a / b), as torch.floor_divide. Its gradient is 0.
 * @see https://pytorch.org/docs/stable/generated/torch.floor_divide.html
 */
export function floorDivide(a: Operand, b: Operand): Tensor {
  const dtype = promoteOperands(a, b);
  if (!isFloat(dtype)) checkDivisor("floorDivide", b);
  return binary("floorDivide", a, b, dtype, none, none);
}

/**
 * a modulo b with the sign of b, as torch.remainder.
 * @see https://pytorch.org/docs/stable/generated/torch.remainder.html
 */
export function remainder(a: Operand, b: Operand): Tensor {
  const dtype = promoteOperands(a, b);
  if (!isFloat(dtype)) checkDivisor("remainder", b);
  return binary("remainder", a, b, dtype, same, {
    reads: "ab",
    grad: (g, x, y) => mul(neg(g), floorDivide(x, y)),
  });
}

/**
 * a modulo b with the sign of a, as torch.fmod.
 * @see https://pytorch.org/docs/stable/generated/torch.fmod.html
 */
export function fmod(a: Operand, b: Operand): Tensor {
  const dtype = promoteOperands(a, b);
  if (!isFloat(dtype)) checkDivisor("fmod", b);
  return binary("fmod", a, b, dtype, same, {
    reads: "ab",
    grad: (g, x, y) => mul(neg(g), div(x, y, { roundingMode: "trunc" })),
  });
}

/**
 * The angle of the point (x, y) from the x axis, -π to π, with broadcasting, as torch.atan2. Integers are computed in
 * the default type.
 * @see https://pytorch.org/docs/stable/generated/torch.atan2.html
 * @example
 * ```ts
 * import { atan2, tensor } from "simdgrad";
 * atan2(tensor([1, -1]), tensor([1, -1])); // tensor([0.7854, -2.3562])
 * ```
 */
export function atan2(y: Operand, x: Operand): Tensor {
  return binary("atan2", y, x, floatOf(promoteOperands(y, x)), angleByY, angleByX);
}
const squared = (x: Operand): Operand => (typeof x === "number" ? x * x : mul(x, x));
const radiusSquared = (y: Operand, x: Operand): Tensor => add(squared(y), squared(x));
const angleByY: Rule = { reads: "ab", grad: (g, y, x) => div(mul(g, x), radiusSquared(y, x)) };
const angleByX: Rule = { reads: "ab", grad: (g, y, x) => neg(div(mul(g, y), radiusSquared(y, x))) };

/** The gradient goes to the larger operand; each gets half where they are equal. */
const toLarger = (g: Tensor, a: Operand, b: Operand): Tensor => where(lt(a, b), 0, where(eq(a, b), mul(g, 0.5), g));
const wins: Rule = { reads: "ab", grad: (g, a, b) => toLarger(g, a, b) };
const loses: Rule = { reads: "ab", grad: (g, a, b) => toLarger(g, b, a) };

/**
 * The larger of a and b (NaN if either is), with broadcasting, as torch.maximum.
 * @see https://pytorch.org/docs/stable/generated/torch.maximum.html
 */
export function maximum(a: Operand, b: Operand): Tensor {
  return binary("maximum", a, b, promoteOperands(a, b), wins, loses);
}

/**
 * The smaller of a and b (NaN if either is), with broadcasting, as torch.minimum.
 * @see https://pytorch.org/docs/stable/generated/torch.minimum.html
 */
export function minimum(a: Operand, b: Operand): Tensor {
  return binary("minimum", a, b, promoteOperands(a, b), loses, wins);
}

/**
 * -x, as torch.neg.
 * @see https://pytorch.org/docs/stable/generated/torch.neg.html
 */
export function neg(x: Tensor): Tensor {
  if (x.dtype === "bool") throw new DtypeError("neg", "expected numbers, got bool", "Use logicalNot");
  return record("neg", zip("mul", x, -1, x.dtype), [x], [], (g) => [neg(g)]);
}

/**
 * x·x, as torch.square.
 * @see https://pytorch.org/docs/stable/generated/torch.square.html
 */
export function square(x: Tensor): Tensor {
  return mul(x, x);
}
