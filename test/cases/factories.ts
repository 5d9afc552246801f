import {
  arange,
  bernoulli,
  empty,
  emptyLike,
  eye,
  F,
  full,
  fullLike,
  linspace,
  manualSeed,
  normal,
  ones,
  onesLike,
  rand,
  randint,
  randLike,
  randn,
  randnLike,
  randperm,
  type Tensor,
  tensor,
  zeros,
  zerosLike,
} from "simdgrad";
import type { Call, Row } from "../support/case.js";

/** A call without inputs, in the default dtype. */
const NOTHING = { dtypes: ["float32"], differentiable: false } as const;
const call = (torch: string, op: () => Tensor): Call => ({ torch, op, samples: [[]] });

/** A random draw with seed 7, here and in PyTorch. */
const seeded = (torch: string, op: (x: Tensor, y: Tensor) => Tensor): Pick<Call, "torch" | "op"> => ({
  torch: `(torch.manual_seed(7), ${torch})[1]`,
  op: (x, y) => {
    manualSeed(7);
    return op(x, y!);
  },
});

export const factories: readonly Row[] = [
  {
    ...NOTHING,
    name: "tensor",
    ulps: 0,
    calls: [
      call("torch.tensor([[1., 2.], [3., 4.]])", () =>
        tensor([
          [1, 2],
          [3, 4],
        ]),
      ),
      call("torch.tensor(0.1)", () => tensor(0.1)),
      call("torch.tensor([[], []])", () => tensor([[], []])),
      call("torch.tensor([True, False])", () => tensor([true, false])),
      call("torch.tensor([1, 2])", () => tensor([1, 2], { dtype: "int32" })),
      call("torch.tensor([0.1, 1e-50], dtype=torch.float64)", () => tensor([0.1, 1e-50], { dtype: "float64" })),
      call("torch.tensor([1., 2., 3., 4.]).view(2, 2)", () => tensor(Float32Array.of(1, 2, 3, 4), { shape: [2, 2] })),
    ],
    refusals: [
      {
        op: () => tensor([[1, 2], [3]]),
        inputs: [],
        error: "tensor: expected an array of 2 at depth 1 (as in the first element), got an array of 1",
      },
      {
        op: () => tensor(Float32Array.of(1), { shape: [2] }),
        inputs: [],
        error: "tensor: expected 1 elements in shape [2]",
      },
    ],
  },

  {
    ...NOTHING,
    name: "full",
    covers: ["zeros", "ones", "empty", "zerosLike", "onesLike", "emptyLike", "fullLike"],
    calls: [
      call("torch.full((2, 3), 2.5)", () => full([2, 3], 2.5)),
      call("torch.full((17,), 0.1, dtype=torch.float64)", () => full([17], 0.1, { dtype: "float64" })),
      call("torch.full((3,), -7)", () => full([3], -7, { dtype: "int32" })),
      call("torch.full((3,), True)", () => full([3], 1, { dtype: "bool" })),
      call("torch.zeros(2, 3)", () => zeros(2, 3)),
      call("torch.zeros(0)", () => zeros([0])),
      call("torch.ones(5)", () => ones(5)),
      call("torch.zeros(4)", () => empty(4)),
      call("torch.zeros_like(torch.ones(2, dtype=torch.float64))", () => zerosLike(ones([2], { dtype: "float64" }))),
      call("torch.ones_like(torch.zeros(2, 1))", () => onesLike(zeros(2, 1))),
      call("torch.full_like(torch.zeros(3), 7)", () => fullLike(zeros(3), 7)),
      call("torch.zeros_like(torch.ones(3))", () => emptyLike(ones(3))),
    ],
    refusals: [
      {
        op: () => full([2, -1], 0),
        inputs: [],
        error: "full: expected sizes that are non-negative integers, got [2, -1]",
      },
    ],
  },

  {
    ...NOTHING,
    name: "arange",
    ulps: 1,
    calls: [
      call("torch.arange(5)", () => arange(5)),
      call("torch.arange(0)", () => arange(0)),
      call("torch.arange(2, 9, 3)", () => arange(2, 9, 3)),
      call("torch.arange(1, 0, -0.1)", () => arange(1, 0, -0.1)),
      call("torch.arange(17, dtype=torch.float64)", () => arange(17, { dtype: "float64" })),
    ],
    refusals: [
      {
        op: () => arange(0, 5, -1),
        inputs: [],
        error: "arange: expected a step that leads from start to end, got -1 from 0 to 5",
      },
    ],
  },

  {
    ...NOTHING,
    name: "linspace",
    ulps: 1,
    calls: [
      call("torch.linspace(0, 1, 5)", () => linspace(0, 1, 5)),
      call("torch.linspace(-1, 2, 17, dtype=torch.float64)", () => linspace(-1, 2, 17, { dtype: "float64" })),
      call("torch.linspace(3, 7, 1)", () => linspace(3, 7, 1)),
      call("torch.linspace(3, 7, 0)", () => linspace(3, 7, 0)),
    ],
  },

  {
    ...NOTHING,
    name: "eye",
    ulps: 0,
    calls: [
      call("torch.eye(3)", () => eye(3)),
      call("torch.eye(2, 5)", () => eye(2, 5)),
      call("torch.eye(3, dtype=torch.int64)", () => eye(3, { dtype: "int32" })),
      call("torch.eye(0)", () => eye(0)),
    ],
  },

  {
    ...NOTHING,
    name: "rand",
    covers: ["randLike"],
    ulps: 0,
    calls: [
      { ...seeded("torch.rand(2, 3)", () => rand(2, 3)), samples: [[]] },
      { ...seeded("torch.rand(17)", () => rand([17])), samples: [[]] },
      { ...seeded("torch.rand(5, dtype=torch.float64)", () => rand([5], { dtype: "float64" })), samples: [[]] },
      { ...seeded("torch.rand_like(x)", (x) => randLike(x)), samples: [[[3]]] },
    ],
  },

  {
    ...NOTHING,
    name: "randn",
    covers: ["randnLike", "normal"],
    calls: [
      { ...seeded("torch.randn(2, 3)", () => randn(2, 3)), samples: [[]] },
      { ...seeded("torch.randn(5)", () => randn([5])), samples: [[]] },
      { ...seeded("torch.randn(17)", () => randn([17])), samples: [[]] },
      { ...seeded("torch.randn(19, dtype=torch.float64)", () => randn([19], { dtype: "float64" })), samples: [[]] },
      { ...seeded("torch.randn_like(x)", (x) => randnLike(x)), samples: [[[3]]] },
      { ...seeded("torch.normal(1.0, 2.0, (17,))", () => normal(1, 2, [17])), samples: [[]] },
      { ...seeded("torch.normal(x, 2.0)", (x) => normal(x, 2)), samples: [[[3]]] },
    ],
  },

  {
    ...NOTHING,
    name: "randint",
    covers: ["randperm", "bernoulli"],
    ulps: 0,
    calls: [
      { ...seeded("torch.randint(10, (17,))", () => randint(10, [17])), samples: [[]] },
      { ...seeded("torch.randint(-5, 5, (3, 2))", () => randint(-5, 5, [3, 2])), samples: [[]] },
      { ...seeded("torch.randperm(17)", () => randperm(17)), samples: [[]] },
      { ...seeded("torch.bernoulli(x)", (x) => bernoulli(x)), samples: [[{ shape: [17], domain: [0, 1] }]] },
    ],
    extreme: 0,
    refusals: [
      {
        op: () => bernoulli(tensor([2])),
        inputs: [],
        error: "bernoulli: expected probabilities in [0, 1], got 2",
      },
    ],
  },

  {
    name: "dropout",
    ulps: 0,
    calls: [
      { ...seeded("F.dropout(x, 0.2)", (x) => F.dropout(x, 0.2)), samples: [[[17]], [[3, 4]], [[0]]] },
      { torch: "F.dropout(x, 0.2, training=False)", op: (x) => F.dropout(x, 0.2, false), samples: [[[5]]] },
      { torch: "F.dropout(x, 1.0)", op: (x) => F.dropout(x, 1), samples: [[[5]]] },
    ],
    refusals: [
      { op: (x) => F.dropout(x, 1.5), inputs: [[2]], error: "dropout: expected p to be a number in [0, 1], got 1.5" },
    ],
  },

  {
    name: "dropout1d",
    ulps: 0,
    calls: [
      { ...seeded("F.dropout1d(x, 0.2)", (x) => F.dropout1d(x, 0.2)), samples: [[[3, 5, 4]], [[9, 3]], [[0, 2, 3]]] },
      { torch: "F.dropout1d(x, 0.2, training=False)", op: (x) => F.dropout1d(x, 0.2, false), samples: [[[5, 2]]] },
      { torch: "F.dropout1d(x, 0.0)", op: (x) => F.dropout1d(x, 0), samples: [[[5, 2]]] },
      { torch: "F.dropout1d(x, 1.0)", op: (x) => F.dropout1d(x, 1), samples: [[[5, 2]]] },
    ],
    refusals: [
      {
        op: (x) => F.dropout1d(x, -1),
        inputs: [[2, 2]],
        error: "dropout1d: expected p to be a number in [0, 1], got -1",
      },
      {
        op: (x) => F.dropout1d(x),
        inputs: [[2, 2, 2, 2]],
        error: "dropout1d: expected input [N, C, L] or [C, L], got [2, 2, 2, 2]",
      },
      {
        op: (x) => F.dropout1d(x),
        inputs: [{ shape: [2, 2], dtype: "int32" }],
        error: "dropout1d: expected a float32 or float64 tensor, got int32. Convert it with .float() or .double()",
      },
    ],
  },

  {
    name: "dropout2d",
    ulps: 0,
    calls: [
      {
        ...seeded("F.dropout2d(x, 0.3)", (x) => F.dropout2d(x, 0.3)),
        samples: [[[3, 5, 2, 2]], [[4, 3, 5]], [[4, 5]], [[2, 3, 1, 1, 2]], [[0, 2, 3, 3]]],
      },
      {
        torch: "F.dropout2d(x, 0.3, training=False)",
        op: (x) => F.dropout2d(x, 0.3, false),
        samples: [[[5, 2, 1, 1]]],
      },
      { torch: "F.dropout2d(x, 1.0)", op: (x) => F.dropout2d(x, 1), samples: [[[2, 2, 1, 2]]] },
    ],
    refusals: [
      { op: (x) => F.dropout2d(x), inputs: [[2]], error: "dropout2d: expected input [N, C, H, W], got [2]" },
      {
        op: (x) => F.dropout2d(x, 2),
        inputs: [[2, 2]],
        error: "dropout2d: expected p to be a number in [0, 1], got 2",
      },
    ],
  },

  {
    name: "alphaDropout",
    ulps: 0,
    gradUlps: 0,
    calls: [
      {
        ...seeded("F.alpha_dropout(x, 0.3, True)", (x) => F.alphaDropout(x, 0.3, true)),
        samples: [[[17]], [[3, 4]], [[]], [[0]]],
      },
      { ...seeded("F.alpha_dropout(x, 0.5, True)", (x) => F.alphaDropout(x, 0.5, true)), samples: [[[33]]] },
      { torch: "F.alpha_dropout(x, 0.5)", op: (x) => F.alphaDropout(x, 0.5), samples: [[[5]]] },
      { torch: "F.alpha_dropout(x, 1.0, True)", op: (x) => F.alphaDropout(x, 1, true), samples: [[[5]]] },
    ],
    refusals: [
      {
        op: (x) => F.alphaDropout(x, 1.5, true),
        inputs: [[2]],
        error: "alphaDropout: expected p to be a number in [0, 1], got 1.5",
      },
    ],
  },
];
