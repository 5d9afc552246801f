import { einsum, F } from "simdgrad";
import type { Row } from "../support/case.js";

/** Sums of products of numbers up to 2: count ulps at the magnitude of a few terms. */
const sums = { ulps: 4, floor: 8 } as const;
const inner = (name: string): string =>
  `${name}: expected the last size of the first (3) to equal size 0 of the second (2), got [2, 3] and [2, 4]. Transpose one of them`;

export const matmul: readonly Row[] = [
  {
    ...sums,
    name: "matmul",
    calls: [
      {
        torch: "torch.matmul(x, y)",
        op: (x, y) => x.matmul(y!),
        samples: [
          [
            [3, 4],
            [4, 5],
          ],
          [
            [9, 17],
            [17, 9],
          ],
          [[5], [5]],
          [[3, 4], [4]],
          [[4], [4, 3]],
          [
            [2, 3, 4],
            [4, 2],
          ],
          [
            [2, 3, 4],
            [2, 4, 2],
          ],
          [
            [2, 1, 3, 2],
            [3, 2, 4],
          ],
          [[3], [2, 3, 4]],
          [
            [2, 0],
            [0, 3],
          ],
          [
            [0, 3],
            [3, 2],
          ],
        ],
        kinks: [
          [
            { shape: [2, 2], values: [1, Number.POSITIVE_INFINITY, Number.NaN, 2] },
            { shape: [2, 2], values: [0, 1, 1, 0] },
          ],
        ],
      },
      {
        torch: "torch.matmul(x.t(), y)",
        op: (x, y) => x.t().matmul(y!),
        samples: [
          [
            [4, 3],
            [4, 5],
          ],
        ],
      },
      {
        torch: "torch.matmul(x, y.t())",
        op: (x, y) => x.matmul(y!.t()),
        samples: [
          [
            [3, 4],
            [5, 4],
          ],
        ],
      },
    ],
    refusals: [
      {
        op: (x, y) => x.matmul(y!),
        inputs: [
          [2, 3],
          [2, 4],
        ],
        error: inner("matmul"),
      },
      {
        op: (x, y) => x.matmul(y!),
        inputs: [[], [2]],
        error: "matmul: expected tensors with at least one dim, got [] and [2]. Use mul for scalars",
      },
    ],
  },

  {
    ...sums,
    name: "mm",
    calls: [
      {
        torch: "torch.mm(x, y)",
        op: (x, y) => x.mm(y!),
        samples: [
          [
            [3, 4],
            [4, 5],
          ],
          [
            [1, 1],
            [1, 1],
          ],
          [
            [2, 0],
            [0, 2],
          ],
        ],
      },
    ],
    refusals: [
      {
        op: (x, y) => x.mm(y!),
        inputs: [
          [2, 3],
          [2, 4],
        ],
        error: inner("mm"),
      },
      {
        op: (x, y) => x.mm(y!),
        inputs: [[2, 3], [3]],
        error: "mm: expected tensors of 2 and 2 dims, got [2, 3] and [3]. See matmul for others",
      },
    ],
  },

  {
    ...sums,
    name: "bmm",
    calls: [
      {
        torch: "torch.bmm(x, y)",
        op: (x, y) => x.bmm(y!),
        samples: [
          [
            [2, 3, 4],
            [2, 4, 5],
          ],
          [
            [0, 2, 2],
            [0, 2, 2],
          ],
        ],
      },
    ],
    refusals: [
      {
        op: (x, y) => x.bmm(y!),
        inputs: [
          [2, 3, 4],
          [3, 4, 5],
        ],
        error: "bmm: expected batches of one size, got [2, 3, 4] and [3, 4, 5]. matmul broadcasts batches",
      },
    ],
  },

  {
    ...sums,
    name: "mv",
    calls: [
      {
        torch: "torch.mv(x, y)",
        op: (x, y) => x.mv(y!),
        samples: [
          [[3, 4], [4]],
          [[17, 9], [9]],
        ],
      },
    ],
    refusals: [
      {
        op: (x, y) => x.mv(y!),
        inputs: [[2, 3], [2]],
        error:
          "mv: expected the last size of the first (3) to equal size 0 of the second (2), got [2, 3] and [2]. Transpose one of them",
      },
    ],
  },

  {
    ...sums,
    name: "dot",
    calls: [
      {
        torch: "torch.dot(x, y)",
        op: (x, y) => x.dot(y!),
        samples: [
          [[17], [17]],
          [[0], [0]],
        ],
      },
    ],
    refusals: [
      {
        op: (x, y) => x.dot(y!),
        inputs: [[2, 3], [3]],
        error: "dot: expected tensors of 1 and 1 dims, got [2, 3] and [3]. See matmul for others",
      },
    ],
  },

  {
    ...sums,
    name: "outer",
    calls: [
      {
        torch: "torch.outer(x, y)",
        op: (x, y) => x.outer(y!),
        samples: [
          [[3], [17]],
          [[0], [2]],
        ],
      },
    ],
    refusals: [
      {
        op: (x, y) => x.outer(y!),
        inputs: [[2, 3], [3]],
        error: "outer: expected tensors of 1 and 1 dims, got [2, 3] and [3]. See matmul for others",
      },
    ],
  },

  {
    ...sums,
    name: "einsum",
    calls: [
      {
        torch: "torch.einsum('ij,jk->ik', x, y)",
        op: (x, y) => einsum("ij,jk->ik", x, y!),
        samples: [
          [
            [3, 4],
            [4, 2],
          ],
        ],
      },
      {
        torch: "torch.einsum('bij,bkj->bki', x, y)",
        op: (x, y) => einsum("bij,bkj->bki", x, y!),
        samples: [
          [
            [2, 3, 4],
            [2, 5, 4],
          ],
        ],
      },
      { torch: "torch.einsum('ii', x)", op: (x) => einsum("ii", x), samples: [[[3, 3]]] },
      { torch: "torch.einsum('ii->i', x)", op: (x) => einsum("ii->i", x), samples: [[[3, 3]]] },
      { torch: "torch.einsum('...ij->...ji', x)", op: (x) => einsum("...ij->...ji", x), samples: [[[2, 3, 4]]] },
      { torch: "torch.einsum('i,j', x, y)", op: (x, y) => einsum("i,j", x, y!), samples: [[[3], [4]]] },
      {
        torch: "torch.einsum('ij,j,i->', x, y, z)",
        op: (x, y, z) => einsum("ij,j,i->", x, y!, z!),
        samples: [[[3, 4], [4], [3]]],
      },
      {
        torch: "torch.einsum('a...b,b->...', x, y)",
        op: (x, y) => einsum("a...b,b->...", x, y!),
        samples: [[[2, 3, 2, 4], [4]]],
      },
    ],
    refusals: [
      {
        op: (x, y) => einsum("ij,jk->ik", x, y!),
        inputs: [
          [2, 3],
          [2, 3],
        ],
        error: 'einsum: expected size 3 (or 1) for "j" in operand 1, got 2',
      },
      {
        op: (x) => einsum("ij->k", x),
        inputs: [[2, 3]],
        error: 'einsum: expected output letters that an operand has, got "k" in "ij->k"',
      },
    ],
  },

  {
    ...sums,
    name: "linear",
    calls: [
      {
        torch: "F.linear(x, y, z)",
        op: (x, w, b) => F.linear(x, w!, b!),
        samples: [
          [[5, 3], [4, 3], [4]],
          [[2, 5, 3], [4, 3], [4]],
          [[3], [4, 3], [4]],
          [[9, 17], [1, 17], [1]],
          [[0, 3], [4, 3], [4]],
        ],
      },
      {
        torch: "F.linear(x, y)",
        op: (x, w) => F.linear(x, w!),
        samples: [
          [
            [5, 3],
            [4, 3],
          ],
        ],
      },
    ],
    refusals: [
      {
        op: (x, w) => F.linear(x, w!),
        inputs: [
          [4, 401],
          [120, 400],
        ],
        error: "linear: expected input [*, 400], got [4, 401]",
      },
      {
        op: (x, w, b) => F.linear(x, w!, b!),
        inputs: [[4, 3], [2, 3], [3]],
        error: "linear: expected a bias of shape [2], got [3]",
      },
    ],
  },
];
