import { type Dtype, getDefaultDtype, isFloat } from "../../base/dtype.js";
import { DtypeError, ValueError } from "../../base/errors.js";
import { anyNumber, define, oneOf, orNull } from "../../base/signature.js";
import { operandKind, tensorKind } from "../../tensor/kinds.js";
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

/** What an operation on two operands takes. */
const PAIR = { input: operandKind, other: operandKind } as const;

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
export const add = define(
  "add",
  PAIR,
  (input: Operand, other: Operand, { alpha = 1 }: AlphaOptions = {}): Tensor => {
    const b = scaled(other, alpha);
    return binary("add", input, b, promoteOperands(input, b), same, same);
  },
  { alpha: anyNumber },
);

/**
 * a - alpha·b with broadcasting, as torch.sub.
 * @see https://pytorch.org/docs/stable/generated/torch.sub.html
 */
export const sub = define(
  "sub",
  PAIR,
  (input: Operand, other: Operand, { alpha = 1 }: AlphaOptions = {}): Tensor => {
    const b = scaled(other, alpha);
    const dtype = promoteOperands(input, b);
    if (dtype === "bool") {
      throw new DtypeError("sub", "expected numbers, got two bool tensors", "Use ne or logicalXor");
    }
    return binary("sub", input, b, dtype, same, negated);
  },
  { alpha: anyNumber },
);

/**
 * a·b with broadcasting, as torch.mul.
 * @see https://pytorch.org/docs/stable/generated/torch.mul.html
 */
export const mul = define(
  "mul",
  PAIR,
  (input: Operand, other: Operand): Tensor =>
    binary("mul", input, other, promoteOperands(input, other), timesB, timesA),
);
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
export const div = define(
  "div",
  PAIR,
  (input: Operand, other: Operand, { roundingMode = null }: DivOptions = {}): Tensor => {
    const dtype = promoteOperands(input, other);
    if (roundingMode === "floor") return floorDivide(input, other);
    if (roundingMode === "trunc") {
      if (!isFloat(dtype)) checkDivisor("div", other);
      return binary("divTrunc", input, other, dtype, none, none, "div");
    }
    return binary("div", input, other, floatOf(dtype), overB, quotientRule);
  },
  { roundingMode: orNull(oneOf("floor", "trunc")) },
);
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
export const floorDivide = define("floorDivide", PAIR, (input: Operand, other: Operand): Tensor => {
  const dtype = promoteOperands(input, other);
  if (!isFloat(dtype)) checkDivisor("floorDivide", other);
  return binary("floorDivide", input, other, dtype, none, none);
});

/**
 * a modulo b with the sign of b, as torch.remainder.
 * @see https://pytorch.org/docs/stable/generated/torch.remainder.html
 */
export const remainder = define("remainder", PAIR, (input: Operand, other: Operand): Tensor => {
  const dtype = promoteOperands(input, other);
  if (!isFloat(dtype)) checkDivisor("remainder", other);
  return binary("remainder", input, other, dtype, same, {
    reads: "ab",
    grad: (g, x, y) => mul(neg(g), floorDivide(x, y)),
  });
});

/**
 * a modulo b with the sign of a, as torch.fmod.
 * @see https://pytorch.org/docs/stable/generated/torch.fmod.html
 */
export const fmod = define("fmod", PAIR, (input: Operand, other: Operand): Tensor => {
  const dtype = promoteOperands(input, other);
  if (!isFloat(dtype)) checkDivisor("fmod", other);
  return binary("fmod", input, other, dtype, same, {
    reads: "ab",
    grad: (g, x, y) => mul(neg(g), div(x, y, { roundingMode: "trunc" })),
  });
});

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
export const atan2 = define(
  "atan2",
  PAIR,
  (input: Operand, other: Operand): Tensor =>
    binary("atan2", input, other, floatOf(promoteOperands(input, other)), angleByY, angleByX),
);
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
export const maximum = define(
  "maximum",
  PAIR,
  (input: Operand, other: Operand): Tensor =>
    binary("maximum", input, other, promoteOperands(input, other), wins, loses),
);

/**
 * The smaller of a and b (NaN if either is), with broadcasting, as torch.minimum.
 * @see https://pytorch.org/docs/stable/generated/torch.minimum.html
 */
export const minimum = define(
  "minimum",
  PAIR,
  (input: Operand, other: Operand): Tensor =>
    binary("minimum", input, other, promoteOperands(input, other), loses, wins),
);

/**
 * -x, as torch.neg.
 * @see https://pytorch.org/docs/stable/generated/torch.neg.html
 */
export const neg = define("neg", { input: tensorKind }, (input: Tensor): Tensor => {
  if (input.dtype === "bool") throw new DtypeError("neg", "expected numbers, got bool", "Use logicalNot");
  return record("neg", zip("mul", input, -1, input.dtype), [input], [], (g) => [neg(g)]);
});

/**
 * x·x, as torch.square.
 * @see https://pytorch.org/docs/stable/generated/torch.square.html
 */
export const square = define("square", { input: tensorKind }, (input: Tensor): Tensor => mul(input, input));
