import type { Row } from "../support/case.js";

export const reduce: readonly Row[] = [
  {
    name: "sum",
    dtypes: ["float32", "float64", "int32"],
    floor: 8,
    calls: [
      { torch: "x.sum()", op: (x) => x.sum(), samples: [[[17]], [[2, 3, 4]], [[]], [[0]], [[2, 0]]] },
      {
        torch: "x.sum(1)",
        op: (x) => x.sum(1),
        samples: [[[3, 4]], [[2, 3, 4]], [[2, 17, 5]], [[2, 0]], [[0, 3]]],
        kinks: [[{ shape: [2, 3], values: [1, Number.NaN, 2, 3, Number.POSITIVE_INFINITY, -5] }]],
      },
      { torch: "x.sum((0, -1), keepdim=True)", op: (x) => x.sum([0, -1], { keepdim: true }), samples: [[[3, 4, 5]]] },
      { torch: "x.sum(-2, keepdim=True)", op: (x) => x.sum(-2, { keepdim: true }), samples: [[[3, 4, 5]]] },
    ],
    refusals: [
      { op: (x) => x.sum(2), inputs: [[2, 3]], error: "sum: expected a dim in [-2, 1], got 2" },
      { op: (x) => x.sum([0, -2]), inputs: [[2, 3]], error: "sum: expected distinct dims, got dim 0 twice" },
    ],
  },
];
