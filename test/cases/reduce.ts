import { F } from "simdgrad";
import type { Row, Sample } from "../support/case.js";

const nan = Number.NaN;
const inf = Number.POSITIVE_INFINITY;
/** NaN, infinities and ties in rows of three. */
const special: Sample[] = [
  [{ shape: [4, 3], values: [1, nan, 2, 3, inf, -5, -inf, inf, 0, 2, 2, -0] }],
  [{ shape: [2, 3], values: [-1, -1, -1, 5, 7, 7] }],
];
const shapes: Sample[] = [[[3, 4]], [[2, 3, 4]], [[2, 17, 5]]];
const full: Sample[] = [[[17]], [[2, 3, 4]], [[]], [[1]]];
const badDim = (name: string): string => `${name}: expected a dim in [-2, 1], got 2`;

export const reduce: readonly Row[] = [
  {
    name: "sum",
    dtypes: ["float32", "float64", "int32"],
    floor: 8,
    calls: [
      { torch: "x.sum()", op: (x) => x.sum(), samples: [...full, [[0]], [[2, 0]]] },
      { torch: "x.sum(1)", op: (x) => x.sum(1), samples: [...shapes, [[2, 0]], [[0, 3]]], kinks: special },
      { torch: "x.sum((0, -1), keepdim=True)", op: (x) => x.sum([0, -1], { keepdim: true }), samples: [[[3, 4, 5]]] },
      { torch: "x.sum(-2, keepdim=True)", op: (x) => x.sum(-2, { keepdim: true }), samples: [[[3, 4, 5]]] },
      { torch: "x.sum(0)", op: (x) => x.sum(0), samples: [[{ shape: [5, 3], dtype: "bool" }]] },
    ],
    refusals: [
      { op: (x) => x.sum(2), inputs: [[2, 3]], error: badDim("sum") },
      { op: (x) => x.sum([0, -2]), inputs: [[2, 3]], error: "sum: expected distinct dims, got dim 0 twice" },
    ],
  },

  {
    name: "mean",
    floor: 1,
    calls: [
      { torch: "x.mean()", op: (x) => x.mean(), samples: [...full, [[0]]] },
      { torch: "x.mean(1)", op: (x) => x.mean(1), samples: [...shapes, [[2, 0]], [[0, 3]]], kinks: special },
      { torch: "x.mean((0, 2), keepdim=True)", op: (x) => x.mean([0, 2], { keepdim: true }), samples: [[[3, 4, 5]]] },
    ],
    refusals: [
      { op: (x) => x.mean(2), inputs: [[2, 3]], error: badDim("mean") },
      {
        op: (x) => x.mean(),
        inputs: [{ shape: [3], dtype: "int32" }],
        error: "mean: expected a float tensor, got int32. Convert it with .float() or .double()",
      },
    ],
  },

  {
    name: "var",
    ulps: 8,
    floor: 1,
    calls: [
      { torch: "x.var()", op: (x) => x.var(), samples: [[[17]], [[2, 3, 4]]] },
      { torch: "x.var(1)", op: (x) => x.var(1), samples: shapes, kinks: special },
      {
        torch: "x.var((0, 2), unbiased=False, keepdim=True)",
        op: (x) => x.var([0, 2], { correction: 0, keepdim: true }),
        samples: [[[3, 4, 5]]],
      },
    ],
    refusals: [{ op: (x) => x.var(2), inputs: [[2, 3]], error: badDim("var") }],
  },

  {
    name: "std",
    ulps: 8,
    floor: 1,
    calls: [
      { torch: "x.std()", op: (x) => x.std(), samples: [[[17]], [[2, 3, 4]]] },
      { torch: "x.std(1)", op: (x) => x.std(1), samples: shapes, kinks: [special[0]!] },
      {
        torch: "x.std((0, 2), unbiased=False, keepdim=True)",
        op: (x) => x.std([0, 2], { correction: 0, keepdim: true }),
        samples: [[[3, 4, 5]]],
      },
    ],
    refusals: [{ op: (x) => x.std(2), inputs: [[2, 3]], error: badDim("std") }],
  },

  {
    name: "prod",
    ulps: 16,
    agree: 1e-4,
    avoid: [0],
    extreme: 4,
    calls: [
      { torch: "x.prod()", op: (x) => x.prod(), samples: [[[9]], [[2, 3]], [[]], [[0]]] },
      {
        torch: "x.prod(1)",
        op: (x) => x.prod(1),
        samples: [[[3, 4]], [[2, 5, 3]], [[2, 0]]],
        kinks: [[{ shape: [3, 3], values: [1, 0, 2, 0, 0, 5, 3, 1, 2] }], [{ shape: [1, 3], values: [nan, 1, 2] }]],
      },
      { torch: "x.prod(0, keepdim=True)", op: (x) => x.prod(0, { keepdim: true }), samples: [[[4, 3]]] },
    ],
    refusals: [{ op: (x) => x.prod(2), inputs: [[2, 3]], error: badDim("prod") }],
  },

  {
    name: "norm",
    ulps: 8,
    floor: 1,
    avoid: [0],
    calls: [
      { torch: "x.norm()", op: (x) => x.norm(), samples: [...full, [[0]]], kinks: [[{ values: [0, 0, -0] }]] },
      { torch: "x.norm(2, 1)", op: (x) => x.norm(2, 1), samples: shapes, kinks: special },
      {
        torch: "x.norm(1, (0, 2), keepdim=True)",
        op: (x) => x.norm(1, [0, 2], { keepdim: true }),
        samples: [[[3, 4, 5]]],
      },
      { torch: "x.norm(0)", op: (x) => x.norm(0), samples: [[[3, 4]]], kinks: [[{ values: [0, 2, -0, 3] }]] },
      { torch: "x.norm(0.5)", op: (x) => x.norm(0.5), samples: [[[0]]], kinks: [[{ values: [0, 2, -3] }]] },
      { torch: "x.norm(-1)", op: (x) => x.norm(-1), samples: [[[3]], [[0]]], kinks: [[{ values: [0, 2, -3] }]] },
      {
        torch: "x.norm(math.inf, 0)",
        op: (x) => x.norm(Number.POSITIVE_INFINITY, 0),
        samples: [[[0, 3]], [[3, 0]]],
        kinks: [[{ values: [2, -2, 1] }], [{ values: [0, 0] }]],
      },
      { torch: "x.norm(-math.inf)", op: (x) => x.norm(Number.NEGATIVE_INFINITY), samples: [[[0, 3]]] },
      { torch: "x.norm(3, -1)", op: (x) => x.norm(3, -1), samples: [[[3, 4]]] },
      { torch: "x.norm(math.inf)", op: (x) => x.norm(Number.POSITIVE_INFINITY), samples: [[[3, 4]]] },
      { torch: "x.norm(-math.inf, 0)", op: (x) => x.norm(Number.NEGATIVE_INFINITY, 0), samples: [[[3, 4]]] },
    ],
    refusals: [
      { op: (x) => x.norm(2, 2), inputs: [[2, 3]], error: badDim("norm") },
      {
        op: (x) => x.norm(),
        inputs: [{ shape: [3], dtype: "int32" }],
        error: "norm: expected a float tensor, got int32. Convert it with .float() or .double()",
      },
    ],
  },

  {
    name: "cosineSimilarity",
    floor: 1,
    gradUlps: 8,
    calls: [
      {
        torch: "F.cosine_similarity(x, y)",
        op: (x, y) => F.cosineSimilarity(x, y!),
        samples: [
          [
            [2, 3],
            [2, 3],
          ],
          [
            [1, 17],
            [4, 17],
          ],
          [
            [2, 3, 2],
            [3, 2],
          ],
          [
            [2, 0],
            [2, 0],
          ],
        ],
        kinks: [
          [
            { shape: [2, 2], values: [0, 0, 3, -4] },
            { shape: [2, 2], values: [1, 2, 0, 0] },
          ],
          [
            { shape: [2, 2], values: [1e-10, 0, Number.NaN, 1] },
            { shape: [2, 2], values: [1e-10, 0, 1, 1] },
          ],
        ],
      },
      {
        torch: "F.cosine_similarity(x, y, dim=0)",
        op: (x, y) => F.cosineSimilarity(x, y!, 0),
        samples: [
          [[3], [3]],
          [
            [3, 2],
            [3, 2],
          ],
        ],
      },
      {
        torch: "F.cosine_similarity(x, y, -2, 0.5)",
        op: (x, y) => F.cosineSimilarity(x, y!, -2, { eps: 0.5 }),
        samples: [
          [
            [2, 3, 2],
            [2, 3, 2],
          ],
        ],
      },
    ],
    refusals: [
      {
        op: (x, y) => F.cosineSimilarity(x, y!),
        inputs: [[3], [3]],
        error: "cosineSimilarity: expected a dim in [-1, 0], got 1",
      },
      {
        op: (x, y) => F.cosineSimilarity(x, y!),
        inputs: [
          { shape: [2, 3], dtype: "int32" },
          { shape: [2, 3], dtype: "int32" },
        ],
        error:
          "cosineSimilarity: expected a float32 or float64 tensor, got int32. Convert it with .float() or .double()",
      },
    ],
  },

  {
    name: "normalize",
    ulps: 8,
    floor: 1,
    avoid: [0],
    calls: [
      {
        torch: "F.normalize(x)",
        op: (x) => F.normalize(x),
        samples: shapes,
        kinks: [[{ shape: [1, 2], values: [0, 0] }]],
      },
      { torch: "F.normalize(x, 1, -1)", op: (x) => F.normalize(x, 1, -1), samples: [[[5]], [[3, 4]]] },
      { torch: "F.normalize(x, eps=10.)", op: (x) => F.normalize(x, 2, 1, { eps: 10 }), samples: [[[2, 3]]] },
    ],
  },

  {
    name: "amax",
    ulps: 0,
    gradUlps: 1,
    signedZero: false,
    calls: [
      { torch: "x.amax()", op: (x) => x.amax(), samples: full },
      { torch: "x.amax(1)", op: (x) => x.amax(1), samples: shapes, kinks: special },
      { torch: "x.amax((0, 2), keepdim=True)", op: (x) => x.amax([0, 2], { keepdim: true }), samples: [[[3, 4, 5]]] },
    ],
    refusals: [
      { op: (x) => x.amax(2), inputs: [[2, 3]], error: badDim("amax") },
      {
        op: (x) => x.amax(1),
        inputs: [[2, 0]],
        error: "amax: expected at least one element to reduce, got shape [2, 0] over dims [1]",
      },
    ],
  },

  {
    name: "amin",
    ulps: 0,
    gradUlps: 1,
    signedZero: false,
    calls: [
      { torch: "x.amin()", op: (x) => x.amin(), samples: full },
      { torch: "x.amin(1)", op: (x) => x.amin(1), samples: shapes, kinks: special },
      { torch: "x.amin((0, 2), keepdim=True)", op: (x) => x.amin([0, 2], { keepdim: true }), samples: [[[3, 4, 5]]] },
    ],
    refusals: [{ op: (x) => x.amin(2), inputs: [[2, 3]], error: badDim("amin") }],
  },

  {
    name: "max",
    ulps: 0,
    gradUlps: 1,
    signedZero: false,
    calls: [
      { torch: "x.max()", op: (x) => x.max(), samples: full, kinks: special },
      { torch: "x.max(1)", op: (x) => [...x.max(1)], samples: shapes, kinks: special },
      { torch: "x.max(-1, keepdim=True)", op: (x) => [...x.max(-1, { keepdim: true })], samples: [[[3, 17]]] },
      { torch: "x.max(y)", op: (x, y) => x.max(y!), samples: [[[3, 4], [4]]] },
    ],
    refusals: [
      { op: (x) => x.max(2), inputs: [[2, 3]], error: badDim("max") },
      {
        op: (x) => x.max(1),
        inputs: [[2, 0]],
        error: "max: expected at least one element along dim 1, got shape [2, 0]",
      },
    ],
  },

  {
    name: "min",
    ulps: 0,
    gradUlps: 1,
    signedZero: false,
    calls: [
      { torch: "x.min()", op: (x) => x.min(), samples: full, kinks: special },
      { torch: "x.min(1)", op: (x) => [...x.min(1)], samples: shapes, kinks: special },
      { torch: "x.min(-1, keepdim=True)", op: (x) => [...x.min(-1, { keepdim: true })], samples: [[[3, 17]]] },
      { torch: "x.min(y)", op: (x, y) => x.min(y!), samples: [[[3, 4], [4]]] },
    ],
    refusals: [{ op: (x) => x.min(2), inputs: [[2, 3]], error: badDim("min") }],
  },

  {
    name: "argmax",
    differentiable: false,
    calls: [
      { torch: "x.argmax()", op: (x) => x.argmax(), samples: full, kinks: special },
      { torch: "x.argmax(1)", op: (x) => x.argmax(1), samples: shapes, kinks: special },
      { torch: "x.argmax(0, keepdim=True)", op: (x) => x.argmax(0, { keepdim: true }), samples: [[[17, 3]]] },
    ],
    refusals: [{ op: (x) => x.argmax(2), inputs: [[2, 3]], error: badDim("argmax") }],
  },

  {
    name: "argmin",
    differentiable: false,
    calls: [
      { torch: "x.argmin()", op: (x) => x.argmin(), samples: full, kinks: special },
      { torch: "x.argmin(1)", op: (x) => x.argmin(1), samples: shapes, kinks: special },
      { torch: "x.argmin(0, keepdim=True)", op: (x) => x.argmin(0, { keepdim: true }), samples: [[[17, 3]]] },
    ],
    refusals: [{ op: (x) => x.argmin(2), inputs: [[2, 3]], error: badDim("argmin") }],
  },

  {
    name: "any",
    covers: ["all"],
    differentiable: false,
    calls: [
      { torch: "x.any()", op: (x) => x.any(), samples: [...full, [[0]]], kinks: special },
      { torch: "x.any(1)", op: (x) => x.any(1), samples: [[{ shape: [5, 2], dtype: "bool" }], [[2, 0]]] },
      { torch: "x.all()", op: (x) => x.all(), samples: [...full, [[0]]], kinks: special },
      {
        torch: "x.all(0, keepdim=True)",
        op: (x) => x.all(0, { keepdim: true }),
        samples: [[{ shape: [2, 9], dtype: "bool" }]],
      },
    ],
    refusals: [
      { op: (x) => x.any(2), inputs: [[2, 3]], error: badDim("any") },
      { op: (x) => x.all(2), inputs: [[2, 3]], error: badDim("all") },
    ],
  },

  {
    name: "countNonzero",
    differentiable: false,
    calls: [
      { torch: "x.count_nonzero()", op: (x) => x.countNonzero(), samples: [...full, [[0]]], kinks: special },
      { torch: "x.count_nonzero(1)", op: (x) => x.countNonzero(1), samples: [[{ shape: [3, 7], dtype: "bool" }]] },
    ],
    refusals: [{ op: (x) => x.countNonzero(2), inputs: [[2, 3]], error: badDim("countNonzero") }],
  },

  {
    name: "cumsum",
    floor: 8,
    calls: [
      { torch: "x.cumsum(0)", op: (x) => x.cumsum(0), samples: [[[17]], [[3, 4]], [[]], [[0]]], kinks: special },
      { torch: "x.cumsum(-1)", op: (x) => x.cumsum(-1), samples: [[[2, 3, 9]]] },
    ],
    refusals: [{ op: (x) => x.cumsum(2), inputs: [[2, 3]], error: badDim("cumsum") }],
  },

  {
    name: "sort",
    covers: ["argsort"],
    ulps: 0,
    signedZero: false,
    calls: [
      {
        torch: "x.sort(stable=True)",
        op: (x) => [...x.sort()],
        samples: [[[17]], [[2, 9]], [[]], [[0]]],
        kinks: special,
      },
      { torch: "x.sort(0)", op: (x) => [...x.sort(0)], samples: [[[5, 3]]] },
      {
        torch: "x.sort(dim=1, descending=True, stable=True)",
        op: (x) => [...x.sort(1, { descending: true })],
        samples: [[[2, 5, 3]]],
        kinks: special,
      },
      { torch: "x.argsort(0)", op: (x) => x.argsort(0), samples: [[[5, 3]]] },
    ],
    refusals: [{ op: (x) => x.sort(2), inputs: [[2, 3]], error: badDim("sort") }],
  },

  {
    name: "topk",
    ulps: 0,
    calls: [
      { torch: "x.topk(3)", op: (x) => [...x.topk(3)], samples: [[[17]], [[2, 3]]] },
      { torch: "x.topk(2, 0, largest=False)", op: (x) => [...x.topk(2, 0, { largest: false })], samples: [[[5, 3]]] },
    ],
    refusals: [{ op: (x) => x.topk(4), inputs: [[2, 3]], error: "topk: expected k in [0, 3], got 4" }],
  },
];
