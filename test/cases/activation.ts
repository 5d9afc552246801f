import { F, nn, type Tensor } from "simdgrad";
import { type Row, specials, specialsBelow, unary } from "../support/case.js";

/** PyTorch computes e^x - 1 without expm1, and 1 - t² for t near 1: errors are small relative to 1 only. */
const CANCELS = { floor: 1 } as const;
const KINKS = [-6, -3, -1, -0.5, 0, 0.5, 1, 3, 6, 20, 21];

/** The kinks of a piecewise function, which ordinary inputs must avoid. */
const piecewise = (...at: number[]) => ({ avoid: at, kinks: at }) as const;

const BENT = "(torch.sqrt(x ** 2 + 1) - 1) / 2 + x";

/** SoftExponential by its definition, in Python, for a number alpha. */
const soft = (alpha: number): string =>
  alpha < 0
    ? `-torch.log1p(${-alpha} * (x + ${alpha})) / ${alpha}`
    : alpha === 0
      ? "x * 1"
      : `torch.expm1(${alpha} * x) / ${alpha} + ${alpha}`;

export const activation: readonly Row[] = [
  unary("relu", "F.relu(x)", (x) => F.relu(x), { ulps: 0, ...piecewise(0) }),
  unary("relu6", "F.relu6(x)", (x) => F.relu6(x), { ulps: 0, domain: [-8, 8], ...piecewise(0, 6) }),
  unary("leakyRelu", "F.leaky_relu(x)", (x) => F.leakyRelu(x), {
    ulps: 0,
    ...piecewise(0),
    more: [...unary("", "F.leaky_relu(x, 0.25)", (x) => F.leakyRelu(x, 0.25), { kinks: [0] }).calls],
  }),
  unary("elu", "F.elu(x)", (x) => F.elu(x), {
    ...CANCELS,
    ...piecewise(0),
    more: [...unary("", "F.elu(x, 0.75)", (x) => F.elu(x, 0.75), { kinks: [0] }).calls],
  }),
  unary("selu", "F.selu(x)", (x) => F.selu(x), { ...CANCELS, ...piecewise(0) }),
  unary("gelu", "F.gelu(x)", (x) => F.gelu(x), {
    ...CANCELS,
    kinks: KINKS,
    more: [...unary("", "F.gelu(x, approximate='tanh')", (x) => F.gelu(x, { approximate: "tanh" })).calls],
  }),
  unary("silu", "F.silu(x)", (x) => F.silu(x), { ...CANCELS, gradUlps: 32, kinks: KINKS }),
  unary("mish", "F.mish(x)", (x) => F.mish(x), { ...CANCELS, kinks: KINKS }),
  unary("softplus", "F.softplus(x)", (x) => F.softplus(x), {
    kinks: KINKS,
    avoid: [1.5],
    more: [...unary("", "F.softplus(x, 2.0, 3.0)", (x) => F.softplus(x, 2, 3), { kinks: [1.5] }).calls],
  }),
  unary("softsign", "F.softsign(x)", (x) => F.softsign(x), {
    ...CANCELS,
    avoid: [0],
    points: specialsBelow(Number.POSITIVE_INFINITY), // PyTorch's gradient there is Infinity - Infinity
  }),
  unary("tanh", "torch.tanh(x)", (x) => x.tanh(), { ...CANCELS }),
  unary("sigmoid", "torch.sigmoid(x)", (x) => x.sigmoid(), { ...CANCELS }),
  unary("logsigmoid", "F.logsigmoid(x)", (x) => F.logsigmoid(x), { kinks: KINKS }),
  unary("hardtanh", "F.hardtanh(x)", (x) => F.hardtanh(x), {
    ulps: 0,
    avoid: [-1, -0.5, 1, 1.5],
    kinks: [-1, 1],
    more: [...unary("", "F.hardtanh(x, -0.5, 1.5)", (x) => F.hardtanh(x, -0.5, 1.5), { kinks: [-0.5, 1.5] }).calls],
  }),
  unary("hardsigmoid", "F.hardsigmoid(x)", (x) => F.hardsigmoid(x), { domain: [-5, 5], ulps: 1, ...piecewise(-3, 3) }),
  unary("hardswish", "F.hardswish(x)", (x) => F.hardswish(x), { domain: [-5, 5], ulps: 1, ...piecewise(-3, 3) }),
  unary("hardshrink", "F.hardshrink(x)", (x) => F.hardshrink(x), {
    ulps: 0,
    avoid: [-1.25, -0.5, 0.5, 1.25],
    kinks: [-0.5, 0.5],
    more: [{ torch: "nn.Hardshrink(1.25)(x)", op: (x) => new nn.Hardshrink(1.25).forward(x), samples: [[[17]]] }],
  }),
  unary("bentIdentity", BENT, (x) => F.bentIdentity(x), {
    ...CANCELS,
    points: specialsBelow(1e38), // larger squares overflow: PyTorch's gradient has 0·Infinity
  }),
  {
    name: "softExponential",
    domain: [0.25, 0.75],
    extreme: 0,
    floor: 1,
    gradUlps: 64,
    calls: [
      ...[-0.9, -0.25, 0, 0.5].map((alpha) => ({
        torch: soft(alpha),
        op: (x: Tensor) => F.softExponential(x, alpha),
        samples: [[[17]], [[2, 3]], [[]], [[0]]],
      })),
      {
        torch: "torch.expm1(y * x) / y + y",
        op: (x: Tensor, y?: Tensor) => F.softExponential(x, y!),
        samples: [
          [[5], []],
          [[2, 3], [1]],
          [[], []],
          [[0], []],
        ],
      },
      {
        torch: "-torch.log1p(-y * (x + y)) / y",
        op: (x: Tensor, y?: Tensor) => F.softExponential(x, y!),
        samples: [[[7], { shape: [], domain: [-0.9, -0.5] }]],
      },
    ],
    refusals: [
      {
        op: (x, y) => F.softExponential(x, y!),
        inputs: [[2], [2]],
        error: "softExponential: expected an alpha with one element, got shape [2]",
      },
    ],
  },
  {
    name: "prelu",
    avoid: [0],
    ulps: 0,
    gradUlps: 8,
    calls: [
      {
        torch: "F.prelu(x, y)",
        op: (x: Tensor, y?: Tensor) => F.prelu(x, y!),
        samples: [
          [[17], [1]],
          [[2, 3], [1]],
          [[2, 3], [3]],
          [[2, 3, 5], [3]],
          [[2, 3, 2, 2], [3]],
          [[0, 3], [3]],
        ],
        kinks: [[{ values: specials }, { values: [0.25] }]],
      },
    ],
    refusals: [
      {
        op: (x, y) => F.prelu(x, y!),
        inputs: [[2, 3], [2]],
        error:
          "prelu: expected one weight, or one for each of 3 channels of the input [2, 3], got weights of shape [2]",
      },
    ],
  },
];
