import type { Input, Row } from "../support/case.js";

/** Indices into a dim of size `n`. */
const into = (n: number, ...shape: number[]): Input => ({ shape, dtype: "int32", domain: [0, n] });
const at = (values: number[], shape = [values.length]): Input => ({ shape, values, dtype: "int32" });

export const index: readonly Row[] = [
  {
    name: "indexSelect",
    ulps: 0,
    gradUlps: 4,
    floor: 2,
    calls: [
      {
        torch: "x.index_select(1, y)",
        op: (x, i) => x.indexSelect(1, i!),
        samples: [
          [[2, 3, 4], into(3, 5)],
          [[3, 5], into(5, 17)],
          [[2, 3], into(3, 0)],
        ],
      },
      { torch: "x.index_select(0, y)", op: (x, i) => x.indexSelect(0, i!), samples: [[[5], into(5, 9)]] },
    ],
    refusals: [
      {
        op: (x, i) => x.indexSelect(0, i!),
        inputs: [[3], at([0, 3])],
        error: "indexSelect: expected indices in [0, 2], got 3 at position 1",
      },
      {
        op: (x, i) => x.indexSelect(0, i!),
        inputs: [[3], [2]],
        error: "indexSelect: expected int32 indices, got float32. Convert them with .int()",
      },
    ],
  },

  {
    name: "indexAdd",
    ulps: 0,
    gradUlps: 0,
    calls: [
      {
        torch: "x.index_add(0, y, z)",
        op: (x, i, source) => x.indexAdd(0, i!, source!),
        samples: [
          [[3, 4], at([2, 0, 1]), [3, 4]],
          [[3, 2], into(3, 0), [0, 2]],
        ],
      },
      {
        torch: "x.index_add(1, y, z)",
        op: (x, i, source) => x.indexAdd(1, i!, source!),
        samples: [[[2, 5], at([2, 0, 2, 2]), [2, 4]]],
      },
    ],
    refusals: [
      {
        op: (x, i, source) => x.indexAdd(0, i!, source!),
        inputs: [[3, 4], at([0, 1]), [3, 4]],
        error: "indexAdd: expected a source of [2, 4], got [3, 4]",
      },
    ],
  },

  {
    name: "gather",
    ulps: 0,
    gradUlps: 4,
    floor: 2,
    calls: [
      {
        torch: "x.gather(1, y)",
        op: (x, i) => x.gather(1, i!),
        samples: [
          [[2, 3, 4], into(3, 2, 1, 4)],
          [[2, 3, 4], into(3, 1, 5, 2)],
          [[2, 3], into(3, 2, 0)],
        ],
      },
      { torch: "x.gather(0, y)", op: (x, i) => x.gather(0, i!), samples: [[[17], into(17, 9)]] },
    ],
    refusals: [
      {
        op: (x, i) => x.gather(1, i!),
        inputs: [[2, 3], into(3, 3, 1)],
        error: "gather: expected an index with 2 dims no larger than [2, 3] except at dim 1, got [3, 1]",
      },
      {
        op: (x, i) => x.gather(1, i!),
        inputs: [[1, 3], at([-1], [1, 1])],
        error: "gather: expected indices in [0, 2], got -1 at position 0",
      },
    ],
  },

  {
    name: "scatterAdd",
    ulps: 1,
    calls: [
      {
        torch: "x.scatter_add(1, y, z)",
        op: (x, i, source) => x.scatterAdd(1, i!, source!),
        samples: [
          [[2, 3, 4], into(3, 2, 1, 4), [2, 1, 4]],
          [[2, 3], into(3, 2, 5), { shape: [2, 6], grad: false }],
        ],
      },
    ],
    refusals: [
      {
        op: (x, i, source) => x.scatterAdd(0, i!, source!),
        inputs: [[3], at([0, 1]), [1]],
        error: "scatterAdd: expected a source no smaller than the index [2], got [1]",
      },
    ],
  },

  {
    name: "scatter",
    ulps: 0,
    calls: [
      {
        torch: "x.scatter(1, y, z)",
        op: (x, i, source) => x.scatter(1, i!, source!),
        samples: [
          [[2, 3, 4], into(3, 2, 1, 4), [2, 1, 4]],
          [[2, 5], at([4, 0, 2, 1], [2, 2]), { shape: [2, 3], grad: false }],
        ],
      },
      { torch: "x.scatter(0, y, 2.5)", op: (x, i) => x.scatter(0, i!, 2.5), samples: [[[5], into(5, 3)]] },
    ],
    refusals: [
      {
        op: (x, i) => x.scatter(0, i!, 1),
        inputs: [[3], at([0, 5])],
        error: "scatter: expected indices in [0, 2], got 5 at position 1",
      },
    ],
  },
];
