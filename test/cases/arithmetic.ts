import { binary, type Row } from "../support/case.js";

const INTEGERS = ["float32", "float64", "int32"] as const;

export const arithmetic: readonly Row[] = [
  binary("add", "x + y", (x, y) => x.add(y), {
    ulps: 0,
    dtypes: INTEGERS,
    refusals: [
      {
        op: (x, y) => x.add(y!),
        inputs: [[2, 3], [4]],
        error:
          "add: expected shapes that broadcast (equal sizes or 1, counted from the last dim), got [2, 3] and [4], which differ at dim 1 (3 against 4). Reshape one of them with view, unsqueeze or expand",
      },
    ],
  }),

  binary("mul", "x * y", (x, y) => x.mul(y), {
    ulps: 0,
    dtypes: INTEGERS,
    refusals: [
      {
        op: (x, y) => x.mul(y!),
        inputs: [[2, 3], [2]],
        error:
          "mul: expected shapes that broadcast (equal sizes or 1, counted from the last dim), got [2, 3] and [2], which differ at dim 1 (3 against 2). Reshape one of them with view, unsqueeze or expand",
      },
    ],
  }),
];
