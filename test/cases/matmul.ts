import { einsum, F, matmul as product } from "simdgrad";
import type { Call, Row, Sample } from "../support/case.js";

/** An einsum of two or three operands. */
const sums = (equation: string, sample: Sample): Call => ({
  torch: `torch.einsum("${equation}", ${["x", "y", "z"].slice(0, sample.length).join(", ")})`,
  op: (...operands) => einsum(equation, ...operands),
  samples: [sample],
});

const floor = 16; // sums of a few products of numbers up to 2

export const matmul: readonly Row[] = [
  {
    name: "matmul",
    floor,
    calls: [
      {
        torch: "torch.matmul(x, y)",
        op: (x, y) => product(x, y),
        samples: [
          [[3], [3]],
          [[2, 3], [3]],
          [[3], [3, 4]],
          [
            [2, 3],
            [3, 4],
          ],
          [
            [5, 9],
            [9, 17],
          ],
          [
            [2, 2, 3],
            [3, 4],
          ],
          [[2, 2, 3], [3]],
          [[3], [2, 3, 4]],
          [
            [2, 3],
            [3, 3, 2],
          ],
          [
            [2, 1, 2, 3],
            [3, 3, 2],
          ],
          [
            [0, 3],
            [3, 2],
          ],
          [
            [2, 0],
            [0, 3],
          ],
        ],
        kinks: [
          [
            { shape: [2, 2], values: [1, Number.NaN, Number.POSITIVE_INFINITY, 2] },
            { shape: [2, 2], values: [1, 2, 3, 4] },
          ],
        ],
      },
    ],
    refusals: [
      {
        op: (x, y) => product(x, y),
        inputs: [
          [3, 4],
          [5, 6],
        ],
        error:
          "matmul: expected the last size of the first (4) to equal size 0 of the second (5), got [3, 4] and [5, 6]. Transpose one of them",
      },
      {
        op: (x, y) => product(x, y),
        inputs: [[], [3]],
        error: /expected tensors with at least one dim, got \[\] and \[3\]/,
      },
      {
        op: (x, y) => product(x.double(), y.float()),
        inputs: [
          [2, 3],
          [3, 2],
        ],
        error: "matmul: expected operands of one dtype, got float64 and float32. Convert one of them with .to(dtype)",
      },
    ],
  },
  {
    name: "mm",
    floor,
    calls: [
      {
        torch: "torch.mm(x, y)",
        op: (x, y) => x.mm(y),
        samples: [
          [
            [3, 5],
            [5, 2],
          ],
          [
            [1, 1],
            [1, 1],
          ],
        ],
      },
    ],
    refusals: [{ op: (x, y) => x.mm(y), inputs: [[3], [3, 2]], error: /mm: expected tensors of 2 and 2 dims/ }],
  },
  {
    name: "bmm",
    floor,
    calls: [
      {
        torch: "torch.bmm(x, y)",
        op: (x, y) => x.bmm(y),
        samples: [
          [
            [3, 2, 4],
            [3, 4, 3],
          ],
          [
            [0, 2, 4],
            [0, 4, 3],
          ],
        ],
      },
    ],
    refusals: [
      {
        op: (x, y) => x.bmm(y),
        inputs: [
          [1, 2, 3],
          [2, 3, 4],
        ],
        error: "bmm: expected batches of one size, got [1, 2, 3] and [2, 3, 4]. matmul broadcasts batches",
      },
    ],
  },
  {
    name: "mv",
    floor,
    calls: [{ torch: "torch.mv(x, y)", op: (x, y) => x.mv(y), samples: [[[3, 5], [5]]] }],
    refusals: [
      { op: (x, y) => x.mv(y), inputs: [[3, 5], [3]], error: /mv: expected the last size of the first \(5\)/ },
    ],
  },
  {
    name: "dot",
    floor,
    calls: [
      {
        torch: "torch.dot(x, y)",
        op: (x, y) => x.dot(y),
        samples: [
          [[17], [17]],
          [[0], [0]],
        ],
      },
    ],
    refusals: [{ op: (x, y) => x.dot(y), inputs: [[3], [4]], error: /dot: expected the last size of the first \(3\)/ }],
  },
  {
    name: "outer",
    calls: [
      {
        torch: "torch.outer(x, y)",
        op: (x, y) => x.outer(y),
        samples: [
          [[3], [5]],
          [[0], [2]],
        ],
      },
    ],
    refusals: [{ op: (x, y) => x.outer(y), inputs: [[3, 1], [4]], error: /outer: expected tensors of 1 and 1 dims/ }],
  },
  {
    name: "diagonal",
    dtypes: ["float32", "float64", "int32"],
    calls: [
      { torch: "torch.diagonal(x)", op: (x) => x.diagonal(), samples: [[[3, 3]], [[2, 4]], [[3, 2, 2]], [[0, 3]]] },
      { torch: "torch.diagonal(x, 1)", op: (x) => x.diagonal(1), samples: [[[3, 4]], [[2, 1]]] },
      { torch: "torch.diagonal(x, -2, 1, 2)", op: (x) => x.diagonal(-2, 1, 2), samples: [[[2, 4, 3]]] },
      { torch: "torch.diagonal(x, 0, -1, 0)", op: (x) => x.diagonal(0, -1, 0), samples: [[[2, 2, 3]]] },
    ],
    refusals: [{ op: (x) => x.diagonal(0, 1, -1), inputs: [[2, 2]], error: /diagonal: expected two distinct dims/ }],
  },
  {
    name: "trace",
    floor,
    calls: [{ torch: "torch.trace(x)", op: (x) => x.trace(), samples: [[[3, 3]], [[2, 4]]] }],
    refusals: [{ op: (x) => x.trace(), inputs: [[3]], error: "trace: expected a matrix, got shape [3]" }],
  },
  {
    name: "einsum",
    floor: 64,
    calls: [
      sums("ij,jk->ik", [
        [2, 3],
        [3, 4],
      ]),
      sums("bij,bkj", [
        [2, 2, 3],
        [2, 4, 3],
      ]),
      sums("ii->i", [[3, 3]]),
      sums("iji->", [[2, 3, 2]]),
      sums("i,j->ji", [[3], [2]]),
      sums("...ij,...j->i...", [
        [2, 2, 3],
        [1, 3],
      ]),
      sums("bn,anm,bm->ba", [
        [2, 2],
        [3, 2, 2],
        [2, 2],
      ]),
      sums("ij,jk->k", [
        [2, 3],
        [1, 4],
      ]),
    ],
    refusals: [
      {
        op: (x, y) => einsum("ij,jk", x, y),
        inputs: [
          [2, 3],
          [4, 2],
        ],
        error: 'einsum: expected size 3 (or 1) for "j" in operand 1, got 4',
      },
    ],
  },
  {
    name: "linear",
    floor,
    calls: [
      {
        torch: "F.linear(x, y, z)",
        op: (x, y, z) => F.linear(x, y, z),
        samples: [
          [[5, 3], [2, 3], [2]],
          [[2, 2, 3], [4, 3], [4]],
          [[3], [2, 3], [2]],
          [[0, 3], [2, 3], [2]],
          [[2, 0], [2, 0], [2]],
        ],
      },
      {
        torch: "F.linear(x, y)",
        op: (x, y) => F.linear(x, y),
        samples: [
          [
            [4, 3],
            [2, 3],
          ],
        ],
      },
    ],
    refusals: [
      {
        op: (x, y) => F.linear(x, y),
        inputs: [
          [4, 401],
          [2, 400],
        ],
        error: "linear: expected input [*, 400], got [4, 401]",
      },
    ],
  },
];
