import { atan2, pow } from "simdgrad";
import { binary, type Row, specialsBelow, unary } from "../support/case.js";

const POSITIVE = { domain: [0.25, 4], extreme: 0 } as const;
const JUMPS = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5];
const INTEGERS = ["float32", "float64", "int32"] as const;

export const math: readonly Row[] = [
  unary("abs", "torch.abs(x)", (x) => x.abs(), { ulps: 0, avoid: [0], dtypes: INTEGERS }),
  unary("sign", "torch.sign(x)", (x) => x.sign(), { ulps: 0, avoid: [0], dtypes: INTEGERS }),
  unary("exp", "torch.exp(x)", (x) => x.exp()),
  unary("expm1", "torch.expm1(x)", (x) => x.expm1()),
  unary("log", "torch.log(x)", (x) => x.log(), POSITIVE),
  unary("log1p", "torch.log1p(x)", (x) => x.log1p(), {
    domain: [-0.75, 4],
    extreme: 0,
    points: specialsBelow(1e38), // PyTorch gives Infinity for the largest numbers
  }),
  unary("log2", "torch.log2(x)", (x) => x.log2(), POSITIVE),
  unary("log10", "torch.log10(x)", (x) => x.log10(), POSITIVE),
  unary("sqrt", "torch.sqrt(x)", (x) => x.sqrt(), { ...POSITIVE, ulps: 0, gradUlps: 2 }),
  unary("rsqrt", "torch.rsqrt(x)", (x) => x.rsqrt(), POSITIVE),
  unary("reciprocal", "torch.reciprocal(x)", (x) => x.reciprocal(), { ulps: 0, gradUlps: 2, avoid: [0] }),
  unary("sin", "torch.sin(x)", (x) => x.sin()),
  unary("cos", "torch.cos(x)", (x) => x.cos()),
  unary("tan", "torch.tan(x)", (x) => x.tan(), { domain: [-1.25, 1.25] }),
  unary("erf", "torch.erf(x)", (x) => x.erf()),
  unary("floor", "torch.floor(x)", (x) => x.floor(), { ulps: 0, avoid: [-1, 0, 1], kinks: JUMPS }),
  unary("ceil", "torch.ceil(x)", (x) => x.ceil(), { ulps: 0, avoid: [-1, 0, 1], kinks: JUMPS }),
  unary("round", "torch.round(x)", (x) => x.round(), { ulps: 0, avoid: [-1.5, -0.5, 0.5, 1.5], kinks: JUMPS }),
  unary("trunc", "torch.trunc(x)", (x) => x.trunc(), { ulps: 0, avoid: [-1, 0, 1], kinks: JUMPS }),

  binary("atan2", "torch.atan2(x, y)", (x, y) => x.atan2(y), {
    avoid: [0],
    kinks: [-2, -1, 0, 1, 2],
    dtypes: INTEGERS,
    more: [
      ...unary("", "torch.atan2(x, torch.tensor(-2, dtype=x.dtype))", (x) => x.atan2(-2)).calls,
      ...unary("", "torch.atan2(torch.tensor(2, dtype=x.dtype), x)", (x) => atan2(2, x)).calls,
    ],
  }),
  binary("pow", "x ** y", (x, y) => x.pow(y), {
    ...POSITIVE,
    kinks: [-2, -1, 0, 0.5, 1, 2, 3],
    points: () => [0, -0, 1, -2, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** -126],
    gradUlps: 16, // ln(x) near 1
    more: [
      ...[-3.5, -2, -1, -0.5, 0, 0.5, 1, 2, 2.5, 3].flatMap((n) => unary("", `x ** ${n}`, (x) => x.pow(n)).calls),
      ...unary("", "2.5 ** x", (x) => pow(2.5, x)).calls,
      { torch: "0.0 ** x", op: (x) => pow(0, x), samples: [], kinks: [[{ values: [-1, 0, 2] }]] },
    ],
  }),
];
