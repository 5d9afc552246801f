import type { Row } from "../support/case.js";

export const view: readonly Row[] = [
  {
    name: "expand",
    ulps: 0,
    gradUlps: 4,
    floor: 2,
    calls: [
      { torch: "x.expand(2, 3, 4)", op: (x) => x.expand([2, 3, 4]), samples: [[[3, 1]], [[4]], [[1, 1, 1]], [[]]] },
      { torch: "x.expand(5, -1, 3)", op: (x) => x.expand([5, -1, 3]), samples: [[[4, 3]], [[0, 1]]] },
    ],
    refusals: [
      {
        op: (x) => x.expand([2, 4]),
        inputs: [[2, 3]],
        error: "expand: expected a shape that [2, 3] broadcasts to, got [2, 4]",
      },
    ],
  },

  {
    name: "clone",
    ulps: 0,
    calls: [{ torch: "x.clone()", op: (x) => x.clone(), samples: [[[17]], [[3, 4]], [[]], [[0]]] }],
  },

  {
    name: "contiguous",
    ulps: 0,
    calls: [{ torch: "x.contiguous()", op: (x) => x.contiguous(), samples: [[[17]], [[3, 4]], [[]], [[0]]] }],
  },

  {
    name: "to",
    covers: ["float", "double", "int", "bool"],
    ulps: 0,
    agree: 1e-7,
    calls: [
      {
        torch: "x.to(torch.float64)",
        op: (x) => x.to("float64"),
        samples: [[[17]], [[]], [[0]], [{ shape: [9], dtype: "int32" }]],
      },
      { torch: "x.float()", op: (x) => x.float(), samples: [[[17]], [[3, 4]], [{ shape: [9], dtype: "bool" }]] },
      {
        torch: "x.double()",
        op: (x) => x.double(),
        samples: [[[17]], [[3, 4]], [{ shape: [9], dtype: "uint8", domain: [0, 256] }]],
      },
      { torch: "x.int()", op: (x) => x.int(), samples: [[{ shape: [17], domain: [-50, 50] }]] },
      {
        torch: "x.bool()",
        op: (x) => x.bool(),
        samples: [[[17]]],
        kinks: [[{ values: [0, -0, 0.5, -0.25, Number.NaN] }]],
      },
    ],
  },
];
