import { F, logsumexp, nn } from "simdgrad";
import type { Row } from "../support/case.js";

const SHAPES = [[[1]], [[5]], [[3, 7]], [[2, 3, 6]], [[2, 17, 9]], [[4, 1]]];
/** Rows with one infinity, with one NaN, and with numbers whose exponentials overflow. */
const KINKS = [
  [{ values: [1000, 999, -1000, 0, 1000] }],
  [{ values: [Number.NEGATIVE_INFINITY, 0, 1] }],
  [{ values: [Number.NaN, 1, 2] }],
  [{ values: [Number.POSITIVE_INFINITY, 1, 2] }],
];

/** Terms of size 1 cancel in both gradients, and logarithms near 0 in the second. */
export const softmax: readonly Row[] = [
  {
    name: "softmax",
    floor: 1,
    extreme: 0,
    calls: [
      { torch: "F.softmax(x, -1)", op: (x) => F.softmax(x, -1), samples: SHAPES, kinks: KINKS },
      { torch: "F.softmax(x, 0)", op: (x) => x.softmax(0), samples: SHAPES },
      { torch: "F.softmax(x, 1)", op: (x) => F.softmax(x, 1), samples: [[[3, 7]], [[2, 3, 6]], [[2, 17, 9]]] },
    ],
    refusals: [
      {
        op: (x) => F.softmax(x, 2),
        inputs: [[2, 3]],
        error: "softmax: expected a dim in [-2, 1], got 2",
      },
    ],
  },
  {
    name: "softmin",
    floor: 1,
    extreme: 0,
    calls: [
      { torch: "F.softmin(x, -1)", op: (x) => F.softmin(x, -1), samples: SHAPES, kinks: KINKS },
      { torch: "nn.Softmin(1)(x)", op: (x) => new nn.Softmin(1).forward(x), samples: [[[3, 7]], [[2, 3, 6]]] },
    ],
  },
  {
    name: "logSoftmax",
    floor: 1,
    extreme: 0,
    calls: [
      { torch: "F.log_softmax(x, -1)", op: (x) => F.logSoftmax(x, -1), samples: SHAPES, kinks: KINKS },
      { torch: "F.log_softmax(x, 0)", op: (x) => x.logSoftmax(0), samples: SHAPES },
      { torch: "F.log_softmax(x, 1)", op: (x) => F.logSoftmax(x, 1), samples: [[[3, 7]], [[2, 3, 6]], [[2, 17, 9]]] },
    ],
  },
  {
    name: "logsumexp",
    floor: 1,
    extreme: 0,
    calls: [
      {
        torch: "x.logsumexp(-1)",
        op: (x) => x.logsumexp(-1),
        samples: [...SHAPES, [[2, 0]]],
        kinks: [...KINKS, [{ values: [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY] }]],
      },
      { torch: "torch.logsumexp(x, 0, keepdim=True)", op: (x) => logsumexp(x, 0, { keepdim: true }), samples: SHAPES },
      { torch: "x.logsumexp((0, 2))", op: (x) => x.logsumexp([0, 2]), samples: [[[2, 3, 6]], [[2, 17, 9]]] },
    ],
    refusals: [
      { op: (x) => x.logsumexp(2), inputs: [[2, 3]], error: "logsumexp: expected a dim in [-2, 1], got 2" },
      {
        op: (x) => x.logsumexp(0),
        inputs: [{ shape: [3], dtype: "int32" }],
        error: /^logsumexp: expected a float/,
      },
    ],
  },
];
