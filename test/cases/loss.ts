import { F, nn, type Tensor } from "simdgrad";
import type { Domain, Row, Sample } from "../support/case.js";

const REDUCTIONS = ["mean", "sum", "none"] as const;
const PAIRS: Sample[] = [
  [[17], [17]],
  [
    [2, 3],
    [2, 3],
  ],
  [[], []],
];
const PROBABILITIES: Domain = [0.0625, 0.9375];

type Loss = (x: Tensor, y: Tensor, options: { reduction: F.Reduction }) => Tensor;

type Options = Omit<Partial<Row>, "calls"> & {
  /** More calls. */
  more?: Row["calls"];
};

/** A loss of two operands with every reduction; `torch` is the call in Python, for one of them. */
function reduced(
  name: string,
  torch: (reduction: F.Reduction) => string,
  loss: Loss,
  { more = [], ...options }: Options = {},
): Row {
  const calls = REDUCTIONS.map((reduction) => ({
    torch: torch(reduction),
    op: (x: Tensor, y: Tensor) => loss(x, y, { reduction }),
    samples: PAIRS,
  }));
  return { name, floor: 1, extreme: 0, ...options, calls: [...calls, ...more] };
}

/** A loss of PyTorch. test/unit/ops/loss.test.ts has more cases. */
const pairs = (name: string, torch: string, loss: Loss, options?: Options): Row =>
  reduced(name, (reduction) => torch.replace(")", `, reduction='${reduction}')`), loss, options);

/** A loss that PyTorch lacks, or whose target has no gradient there; in Python by the formula of its elements. */
const formula = (name: string, torch: string, loss: Loss, options?: Options): Row =>
  reduced(name, (reduction) => (reduction === "none" ? torch : `(${torch}).${reduction}()`), loss, options);

const LABELS = (shape: number[], classes: number): Sample[number] => ({
  shape,
  dtype: "int32",
  domain: [0, classes],
});
const LABELLED: Sample[] = [
  [[4, 5], LABELS([4], 5)],
  [[5], LABELS([], 5)],
  [[2, 5, 3], LABELS([2, 3], 5)],
];

/** A loss of logits or log-probabilities and labels. */
function labelled(name: string, torch: string, loss: Loss, more: Row["calls"] = []): Row {
  const calls = REDUCTIONS.map((reduction) => ({
    torch: `${torch}(x, y.long(), reduction='${reduction}')`,
    op: (x: Tensor, y: Tensor) => loss(x, y, { reduction }),
    samples: LABELLED,
  }));
  return { name, floor: 1, extreme: 0, calls: [...calls, ...more] };
}

export const loss: readonly Row[] = [
  pairs("mseLoss", "F.mse_loss(x, y)", F.mseLoss),
  pairs("l1Loss", "F.l1_loss(x, y)", F.l1Loss),
  pairs("smoothL1Loss", "F.smooth_l1_loss(x, y)", F.smoothL1Loss),
  pairs("huberLoss", "F.huber_loss(x, y)", F.huberLoss),
  pairs("binaryCrossEntropy", "F.binary_cross_entropy(x, y)", F.binaryCrossEntropy, { domain: PROBABILITIES }),
  pairs("binaryCrossEntropyWithLogits", "F.binary_cross_entropy_with_logits(x, y)", F.binaryCrossEntropyWithLogits),
  formula("softMarginLoss", "torch.log1p(torch.exp(-x * y))", F.softMarginLoss, {
    more: REDUCTIONS.map((reduction) => ({
      torch: `nn.SoftMarginLoss(reduction='${reduction}')(x, y.to(x.dtype))`,
      op: (x, y) => new nn.SoftMarginLoss({ reduction }).forward(x, y.to(x.dtype)),
      samples: [[[17], { shape: [17], dtype: "int32", domain: [-1, 2] }]],
    })),
  }),
  pairs("klDiv", "F.kl_div(x, y)", F.klDiv, { domain: PROBABILITIES }),
  labelled("nllLoss", "F.nll_loss", F.nllLoss),
  labelled("crossEntropy", "F.cross_entropy", F.crossEntropy, [
    {
      torch: "F.cross_entropy(x, y.long(), weight=z, label_smoothing=0.25, ignore_index=1)",
      op: (x, y, z) => F.crossEntropy(x, y, { weight: z, labelSmoothing: 0.25, ignoreIndex: 1 }),
      samples: [[[4, 5], LABELS([4], 5), { shape: [5], domain: [0.5, 2], grad: false }]],
    },
    {
      torch: "F.cross_entropy(x, y, label_smoothing=0.25)",
      op: (x, y) => F.crossEntropy(x, y, { labelSmoothing: 0.25 }),
      samples: [
        [[4, 5], { shape: [4, 5], domain: [0, 1] }],
        [[2, 5, 3], { shape: [2, 5, 3], domain: [0, 1] }],
      ],
    },
  ]),
];
