import { F, noGrad, tensor } from "simdgrad";
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
    name: "oneHot",
    ulps: 0,
    dtypes: ["int32"],
    differentiable: false,
    domain: [0, 5],
    calls: [
      { torch: "F.one_hot(x.long()).int()", op: (x) => F.oneHot(x), samples: [[[17]], [[2, 3]], [[]]] },
      { torch: "F.one_hot(x.long(), 7).int()", op: (x) => F.oneHot(x, 7), samples: [[[4]], [[0]]] },
    ],
    refusals: [
      {
        op: () => F.oneHot(tensor([0, 3], { dtype: "int32" }), 3),
        inputs: [],
        error: "oneHot: expected indices in [0, 2], got 3 at position 1",
      },
      {
        op: () => F.oneHot(tensor([0, 1])),
        inputs: [],
        error: "oneHot: expected int32 labels, got float32. Convert them with .int()",
      },
      {
        op: () => F.oneHot(tensor([], { dtype: "int32" })),
        inputs: [],
        error: "oneHot: expected numClasses for a tensor without labels",
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

  {
    name: "index",
    ulps: 0,
    gradUlps: 4,
    floor: 2,
    calls: [
      { torch: "x[0]", op: (x) => x.index(0), samples: [[[3]], [[3, 4]]] },
      { torch: "x[:, 1:3]", op: (x) => x.index(":", "1:3"), samples: [[[2, 5]], [[2, 5, 3]]] },
      { torch: "x[..., -1]", op: (x) => x.index("...", -1), samples: [[[2, 3, 4]]] },
      { torch: "x[None, ::2]", op: (x) => x.index(null, "::2"), samples: [[[5]]] },
      { torch: "x[1:, :2]", op: (x) => x.index("1:", ":2"), samples: [[[3, 4]]] },
      {
        torch: "x[y]",
        op: (x, i) => x.index(i!),
        samples: [
          [[5, 2], into(5, 2, 3)],
          [[5], at([-1, 0, -5])],
          [[5], into(5, 0)],
        ],
      },
      {
        torch: "x[y, z]",
        op: (x, i, j) => x.index(i!, j!),
        samples: [
          [[3, 4], into(3, 5), into(4, 5)],
          [[3, 4], into(3, 2, 1), into(4, 3)],
        ],
      },
      { torch: "x[:, [0, 2]]", op: (x) => x.index(":", [0, 2]), samples: [[[3, 4]], [[2, 3, 2]]] },
      { torch: "x[[1, -1, 1]]", op: (x) => x.index([1, -1, 1]), samples: [[[3, 4]]] },
      { torch: "x[[0, 1], [2, 0]]", op: (x) => x.index([0, 1], [2, 0]), samples: [[[2, 3]]] },
      { torch: "x[..., [True, False, True]]", op: (x) => x.index("...", [true, false, true]), samples: [[[2, 3]]] },
      { torch: "x[0, [1, 2]]", op: (x) => x.index(0, [1, 2]), samples: [[[2, 3]]] },
      { torch: "x[:, []]", op: (x) => x.index(":", []), samples: [[[2, 3]]] },
      { torch: "x[:, y]", op: (x, i) => x.index(":", i!), samples: [[[2, 5, 3], into(5, 4)]] },
      { torch: "x[y, :, z]", op: (x, i, j) => x.index(i!, ":", j!), samples: [[[3, 2, 4], into(3, 5), into(4, 5)]] },
      {
        torch: "x[y]",
        op: (x, mask) => x.index(mask!),
        samples: [
          [[4, 3], { shape: [4, 3], dtype: "bool" }],
          [[4, 3], { shape: [4], dtype: "bool" }],
        ],
      },
    ],
    refusals: [
      {
        op: (x) => x.index(0, 0),
        inputs: [[3]],
        error: 'index: expected indices for at most 1 dims of [3] and one "...", got indices for 2 dims',
      },
      {
        op: (x, i) => x.index(i!),
        inputs: [[3], at([3])],
        error: "index: expected indices in [-3, 2], got 3 at position 0",
      },
      {
        op: (x, mask) => x.index(mask!),
        inputs: [[3], { shape: [2], dtype: "bool" }],
        error: "index: expected a mask of [3], got [2]",
      },
      { op: (x) => x.index("1"), inputs: [[3]], error: 'index: expected "start:stop:step" or "...", got "1"' },
    ],
  },

  {
    name: "indexPut_",
    ulps: 0,
    differentiable: false,
    inPlace: (x, i, v) => x.indexPut_([i!], v!),
    calls: [
      {
        torch: "x.clone().index_put_((y,), z)",
        op: (x, i, v) => noGrad(() => x.clone().indexPut_([i!], v!)),
        samples: [
          [[5, 2], at([4, 0, 2]), [3, 2]],
          [[5, 2], at([4, 0, 2]), [2]],
          [[5], at([1, 3]), []],
        ],
      },
      {
        torch: "x.clone().index_put_((y,), z, accumulate=True)",
        op: (x, i, v) => noGrad(() => x.clone().indexPut_([i!], v!, { accumulate: true })),
        samples: [[[5, 2], at([4, 0, 4]), [3, 2]]],
      },
    ],
  },

  {
    name: "maskedSelect",
    ulps: 0,
    gradUlps: 4,
    floor: 2,
    calls: [
      {
        torch: "x.masked_select(y)",
        op: (x, mask) => x.maskedSelect(mask!),
        samples: [
          [[17], { shape: [17], dtype: "bool" }],
          [[3, 4], { shape: [4], dtype: "bool" }],
          [[4], { shape: [3, 4], dtype: "bool" }],
          [[0], { shape: [0], dtype: "bool" }],
        ],
      },
    ],
    refusals: [
      {
        op: (x, mask) => x.maskedSelect(mask!),
        inputs: [[3], [3]],
        error: "maskedSelect: expected a bool mask, got float32",
      },
    ],
  },

  {
    name: "nonzero",
    differentiable: false,
    calls: [
      {
        torch: "x.nonzero()",
        op: (x) => x.nonzero(),
        samples: [[{ shape: [17], dtype: "bool" }], [{ shape: [3, 4], dtype: "bool" }], [[2, 2]], [[0]]],
        kinks: [[{ values: [0, -0, 1, Number.NaN, 0] }]],
      },
    ],
  },

  {
    name: "tril",
    covers: ["triu"],
    ulps: 0,
    calls: [
      { torch: "x.tril()", op: (x) => x.tril(), samples: [[[3, 3]], [[2, 3, 5]], [[0, 2]]] },
      { torch: "x.tril(-1)", op: (x) => x.tril(-1), samples: [[[4, 3]]] },
      { torch: "x.triu()", op: (x) => x.triu(), samples: [[[3, 3]], [[5, 2]]] },
      { torch: "x.triu(1)", op: (x) => x.triu(1), samples: [[[3, 4]]] },
    ],
    refusals: [
      { op: (x) => x.tril(), inputs: [[3]], error: "tril: expected at least 2 dims, got shape [3]" },
      { op: (x) => x.triu(), inputs: [[3]], error: "triu: expected at least 2 dims, got shape [3]" },
    ],
  },

  {
    name: "diagonal",
    covers: ["diag", "trace"],
    ulps: 1,
    calls: [
      { torch: "x.diagonal()", op: (x) => x.diagonal(), samples: [[[3, 3]], [[3, 5]], [[4, 2, 3]]] },
      { torch: "x.diagonal(1)", op: (x) => x.diagonal(1), samples: [[[3, 4]], [[2, 2]]] },
      { torch: "x.diagonal(-1, 0, 2)", op: (x) => x.diagonal(-1, 0, 2), samples: [[[3, 2, 4]]] },
      { torch: "x.diag()", op: (x) => x.diag(), samples: [[[3]], [[3, 4]]] },
      { torch: "x.diag(-2)", op: (x) => x.diag(-2), samples: [[[3]]] },
      { torch: "x.trace()", op: (x) => x.trace(), samples: [[[3, 3]], [[2, 5]]] },
    ],
    refusals: [
      {
        op: (x) => x.diagonal(0, 1, 1),
        inputs: [[2, 3]],
        error: "diagonal: expected two distinct dims, got 1 and 1 of [2, 3]",
      },
      { op: (x) => x.trace(), inputs: [[3]], error: "trace: expected a matrix, got shape [3]" },
      { op: (x) => x.diag(), inputs: [[]], error: "diag: expected a vector or a matrix, got shape []" },
    ],
  },
];
