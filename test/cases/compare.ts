import { tensor, where } from "simdgrad";
import { binary, type Input, type Row, unary } from "../support/case.js";

const NUMBERS = ["float32", "float64", "int32"] as const;
const yesNo = { ulps: 0, differentiable: false, dtypes: NUMBERS, kinks: [-1, 0, 1] } as const;
const mask = (...shape: number[]): Input => ({ shape, dtype: "bool" });
const misfit = (name: string): string =>
  `${name}: expected shapes that broadcast (equal sizes or 1, counted from the last dim), got [2] and [3], which differ at dim 0 (2 against 3). Reshape one of them with view, unsqueeze or expand`;

export const compare: readonly Row[] = [
  binary("eq", "x == y", (x, y) => x.eq(y), {
    ...yesNo,
    refusals: [{ op: (x, y) => x.eq(y!), inputs: [[2], [3]], error: misfit("eq") }],
    more: [{ torch: "x == 1", op: (x) => x.eq(1), samples: [[{ shape: [9], dtype: "int32", domain: [0, 3] }]] }],
  }),
  binary("ne", "x != y", (x, y) => x.ne(y), {
    ...yesNo,
    refusals: [{ op: (x, y) => x.ne(y!), inputs: [[2], [3]], error: misfit("ne") }],
  }),
  binary("lt", "x < y", (x, y) => x.lt(y), {
    ...yesNo,
    refusals: [{ op: (x, y) => x.lt(y!), inputs: [[2], [3]], error: misfit("lt") }],
  }),
  binary("le", "x <= y", (x, y) => x.le(y), {
    ...yesNo,
    refusals: [{ op: (x, y) => x.le(y!), inputs: [[2], [3]], error: misfit("le") }],
  }),
  binary("gt", "x > y", (x, y) => x.gt(y), {
    ...yesNo,
    refusals: [{ op: (x, y) => x.gt(y!), inputs: [[2], [3]], error: misfit("gt") }],
    more: [{ torch: "x > 0.5", op: (x) => x.gt(0.5), samples: [[[17]]] }],
  }),
  binary("ge", "x >= y", (x, y) => x.ge(y), {
    ...yesNo,
    refusals: [{ op: (x, y) => x.ge(y!), inputs: [[2], [3]], error: misfit("ge") }],
  }),

  unary("isnan", "torch.isnan(x)", (x) => x.isnan(), yesNo),
  unary("isinf", "torch.isinf(x)", (x) => x.isinf(), yesNo),
  unary("isfinite", "torch.isfinite(x)", (x) => x.isfinite(), yesNo),

  {
    name: "equal",
    differentiable: false,
    calls: [
      {
        torch: "torch.tensor(torch.equal(x, y))",
        op: (x, y) => tensor(x.equal(y!)),
        samples: [
          [[3], [3]],
          [[3], [2]],
          [[0], [0]],
          [
            [2, 0],
            [0, 2],
          ],
        ],
        kinks: [
          [{ values: [1, 2] }, { values: [1, 2] }],
          [{ values: [Number.NaN] }, { values: [Number.NaN] }],
        ],
      },
    ],
  },

  binary("isclose", "torch.isclose(x, y)", (x, y) => x.isclose(y), {
    covers: ["allclose"],
    differentiable: false,
    kinks: [0, 1e-9, 1, 1.000009, 1.0001],
    more: [
      {
        torch: "torch.isclose(x, y, rtol=0.1, atol=0.0, equal_nan=True)",
        op: (x, y) => x.isclose(y!, { rtol: 0.1, atol: 0, equalNan: true }),
        samples: [[[17], [17]]],
        kinks: [[{ values: [1, Number.NaN, 0] }, { values: [1.05, Number.NaN, 1] }]],
      },
      {
        torch: "torch.tensor(torch.allclose(x, y, atol=5.0))",
        op: (x, y) => tensor(x.allclose(y!, { atol: 5 })),
        samples: [
          [
            [3, 4],
            [3, 4],
          ],
        ],
        kinks: [[{ values: [1, 2] }, { values: [1, 20] }]],
      },
    ],
  }),

  binary("logicalAnd", "torch.logical_and(x, y)", (x, y) => x.logicalAnd(y), yesNo),
  binary("logicalOr", "torch.logical_or(x, y)", (x, y) => x.logicalOr(y), yesNo),
  binary("logicalXor", "torch.logical_xor(x, y)", (x, y) => x.logicalXor(y), yesNo),
  unary("logicalNot", "torch.logical_not(x)", (x) => x.logicalNot(), yesNo),

  {
    name: "where",
    ulps: 0,
    gradUlps: 4,
    elementwise: true,
    dtypes: NUMBERS,
    calls: [
      {
        torch: "torch.where(x, y, z)",
        op: (condition, x, y) => where(condition, x!, y!),
        samples: [
          [mask(17), [17], [17]],
          [mask(3, 1), [4], [3, 4]],
          [mask(4), [3, 4], []],
          [mask(), [2], [2]],
          [mask(0), [0], [1]],
        ],
        kinks: [
          [
            { values: [1, 0, 1, 0], dtype: "bool" },
            { values: [1, 2, Number.NaN, -0] },
            { values: [Number.NaN, -0, 3, 4] },
          ],
        ],
      },
      {
        torch: "x.where(y, z)",
        op: (x, condition, y) => x.where(condition!, y!),
        samples: [[[3, 4], mask(4), [3, 1]]],
      },
    ],
    refusals: [
      {
        op: (x, y) => where(x, y!, 0),
        inputs: [[2], [2]],
        error: "where: expected a bool condition, got float32. Compare it, or convert it with .bool()",
      },
    ],
  },

  {
    name: "maskedFill",
    covers: ["maskedFill_"],
    inPlace: (x, m) => x.maskedFill_(m!, -1.5),
    ulps: 0,
    gradUlps: 4,
    calls: [
      {
        torch: "x.masked_fill(y, -1.5)",
        op: (x, m) => x.maskedFill(m!, -1.5),
        samples: [
          [[17], mask(17)],
          [[3, 4], mask(4)],
          [[], mask()],
          [[0], mask(0)],
        ],
        kinks: [[{ values: [Number.NaN, Number.NaN] }, { values: [0, 1], dtype: "bool" }]],
      },
      { torch: "x.masked_fill(y, z)", op: (x, m, v) => x.maskedFill(m!, v!), samples: [[[3, 4], mask(3, 1), []]] },
    ],
    refusals: [
      {
        op: (x, m) => x.maskedFill(m!, 1),
        inputs: [[2], [2]],
        error: "maskedFill: expected a bool condition, got float32. Compare it, or convert it with .bool()",
      },
    ],
  },
];
