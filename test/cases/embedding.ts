import { F, noGrad } from "simdgrad";
import type { Call, Input, Row, Sample } from "../support/case.js";

/** Indices into `n` rows. */
const into = (n: number, ...shape: number[]): Input => ({ shape, dtype: "int32", domain: [0, n] });
const at = (values: number[], shape = [values.length]): Input => ({ shape, values, dtype: "int32" });

const SAMPLES: Sample[] = [
  [[4, 3], into(4, 5)],
  [[5, 2], into(5, 2, 3)],
  [[3, 17], at([2, 2, 0, 2, 1])],
  [[3, 4], at([1], [])],
  [[3, 1], into(3, 4)],
  [[3, 4], into(3, 0, 2)],
  [[3, 0], into(3, 2)],
  [[7, 5], into(7, 40)],
];

/**
 * The lookup in a copy of the weight with shortened rows. No gradient: finite differences would include the shortening.
 */
function shortened(maxNorm: number, normType?: number): Call {
  const p =
    normType === undefined ? "" : `, norm_type=${normType === Number.POSITIVE_INFINITY ? "math.inf" : normType}`;
  const rows = (shape: number[]): Input => ({ shape, grad: false });
  return {
    torch: `(lambda c: (F.embedding(y, c, max_norm=${maxNorm}${p}), c))(x.clone())`,
    op: (w, i) => {
      const copy = noGrad(() => w.clone());
      const out = F.embedding(i!, copy, normType === undefined ? { maxNorm } : { maxNorm, normType });
      return [out, copy];
    },
    samples: [
      [rows([4, 3]), at([2, 0, 2, 2, 0])],
      [rows([6, 17]), into(6, 3, 2)],
      [rows([2, 3]), into(2, 0)],
    ],
    kinks: [[{ shape: [3, 2], values: [0, 0, 3, 4, 1e-20, 1], grad: false }, at([0, 1, 1, 2])]],
  };
}

/** Samples as kinks: the padding row has no gradient, but finite differences give it one. */
function padded(paddingIdx: number, kinks: Sample[]): Call {
  const torch = `F.embedding(y, x, padding_idx=${paddingIdx})`;
  return { torch, op: (w, i) => F.embedding(i!, w, { paddingIdx }), samples: [], kinks };
}

export const embedding: readonly Row[] = [
  {
    name: "embedding",
    gradUlps: 4,
    floor: 2,
    extreme: 2 ** 30, // squares of 2^60 overflow in norms
    calls: [
      { torch: "F.embedding(y, x)", op: (w, i) => F.embedding(i!, w), samples: SAMPLES },
      padded(2, SAMPLES),
      padded(2, [[{ shape: [3, 2], values: [Number.NaN, 1, Number.POSITIVE_INFINITY, 2, -0, 3] }, at([2, 0, 1])]]),
      padded(0, [[[3, 4], at([0, 1, 0, 2])]]),
      padded(-1, [[[3, 4], at([0, 2, 2])]]),
      shortened(1),
      shortened(0.75, 1),
      shortened(1.5, 3),
      shortened(1.25, Number.POSITIVE_INFINITY),
      shortened(100),
    ],
    refusals: [
      {
        op: (w, i) => F.embedding(i!, w),
        inputs: [[3, 2], at([0, 2, 3])],
        error: "embedding: expected indices in [0, 2], got 3 at position 2",
      },
      {
        op: (w, i) => F.embedding(i!, w, { maxNorm: 0.1 }),
        inputs: [[3, 2], at([0, -1])],
        error: "embedding: expected indices in [0, 2], got -1 at position 1",
      },
      {
        op: (w, i) => F.embedding(i!, w),
        inputs: [[3, 2], [2]],
        error: "embedding: expected int32 indices, got float32. Convert them with .int()",
      },
      {
        op: (w, i) => F.embedding(i!, w),
        inputs: [[3], at([0])],
        error: "embedding: expected a weight [rows, width], got [3]",
      },
      {
        op: (w, i) => F.embedding(i!, w, { paddingIdx: 3 }),
        inputs: [[3, 2], at([0])],
        error: "embedding: expected paddingIdx in [-3, 2], got 3",
      },
    ],
  },
];
