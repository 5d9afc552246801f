import {
  cat,
  chunk,
  clamp,
  diag,
  diagonal,
  einsum,
  F,
  flatten,
  flip,
  full,
  indexSelect,
  logsumexp,
  matmul,
  movedim,
  narrow,
  norm,
  permute,
  prod,
  repeatInterleave,
  reshape,
  roll,
  softmax,
  squeeze,
  stack,
  std,
  sum,
  type Tensor,
  tensor,
  tile,
  topk,
  transpose,
  tril,
  unsqueeze,
  var as variance,
} from "simdgrad";
import type { Call, Input, Row } from "../support/case.js";

// The examples of PyTorch's documentation pages, each by position and by keyword. Where a page draws large inputs, the
// shapes here are smaller. The page of each is torch.<name> or torch.nn.functional.<name>.

type Op = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/** A documented call in both spellings. */
const both = (torch: string, inputs: readonly Input[], positional: Op, keyword: Op): Call[] => [
  { torch, op: positional, samples: [inputs] },
  { torch, op: keyword, samples: [inputs] },
];

const index = (): Tensor => tensor([0, 2], { dtype: "int32" });

/** A row of documented calls of one function. */
const row = (name: string, calls: readonly Call[], rest: Partial<Row> = {}): Row => ({
  name: `${name}, as documented`,
  calls,
  ulps: 32,
  floor: 1,
  extreme: 0,
  ...rest,
});

export const documented: readonly Row[] = [
  row("sum", [
    ...both(
      "torch.sum(x, 1)",
      [[4, 4]],
      (x) => sum(x, 1),
      (x) => sum(x, { dim: 1 }),
    ),
    ...both(
      "torch.sum(x, (2, 1))",
      [[4, 5, 6]],
      (x) => sum(x, [2, 1]),
      (x) => sum({ input: x, dim: [2, 1] }),
    ),
  ]),
  row(
    "prod",
    both(
      "torch.prod(x, 1)",
      [[4, 2]],
      (x) => prod(x, 1),
      (x) => prod(x, { dim: 1 }),
    ),
  ),
  row(
    "logsumexp",
    both(
      "torch.logsumexp(x, 1)",
      [[3, 3]],
      (x) => logsumexp(x, 1),
      (x) => logsumexp(x, { dim: 1 }),
    ),
  ),
  row(
    "var",
    both(
      "torch.var(x, dim=1, unbiased=True, keepdim=True)",
      [[4, 4]],
      (x) => variance(x, 1, true, true),
      (x) => variance(x, { dim: 1, keepdim: true }),
    ),
  ),
  row(
    "std",
    both(
      "torch.std(x, dim=1, keepdim=True)",
      [[4, 4]],
      (x) => std(x, 1, true, true),
      (x) => std(x, { dim: 1, keepdim: true }),
    ),
  ),
  row(
    "norm",
    both(
      "torch.norm(x, dim=(0, 1), p=2)",
      [[3, 3]],
      (x) => norm(x, 2, [0, 1]),
      (x) => norm(x, { dim: [0, 1], p: 2 }),
    ),
  ),
  row(
    "clamp",
    [
      ...both(
        "torch.clamp(x, min=-0.5, max=0.5)",
        [[4]],
        (x) => clamp(x, -0.5, 0.5),
        (x) => clamp(x, { min: -0.5, max: 0.5 }),
      ),
      ...both(
        "torch.clamp(x, max=0.5)",
        [[4]],
        (x) => clamp(x, null, 0.5),
        (x) => clamp(x, { max: 0.5 }),
      ),
    ],
    { avoid: [-0.5, 0.5] },
  ),
  row(
    "softmax",
    both(
      "F.softmax(x, dim=1)",
      [[2, 3]],
      (x) => softmax(x, 1),
      (x) => softmax(x, { dim: 1 }),
    ),
  ),
  row(
    "matmul",
    both(
      "torch.matmul(x, y)",
      [
        [3, 4],
        [4, 5],
      ],
      (x, y) => matmul(x, y!),
      (x, y) => matmul(x, { other: y! }),
    ),
  ),
  row(
    "einsum",
    both(
      "torch.einsum('bn,anm,bm->ba', x, y, z)",
      [
        [2, 5],
        [3, 5, 4],
        [2, 4],
      ],
      (x, y, z) => einsum("bn,anm,bm->ba", x!, y!, z!),
      (x, y, z) => einsum("bn,anm,bm->ba", { operands: [x!, y!, z!] }),
    ),
  ),
  row(
    "reshape",
    both(
      "torch.reshape(x, (2, 2))",
      [[4]],
      (x) => reshape(x, 2, 2),
      (x) => reshape(x, { shape: [2, 2] }),
    ),
  ),
  row(
    "permute",
    both(
      "torch.permute(x, (2, 0, 1))",
      [[2, 3, 5]],
      (x) => permute(x, 2, 0, 1),
      (x) => permute(x, { dims: [2, 0, 1] }),
    ),
  ),
  row(
    "transpose",
    both(
      "torch.transpose(x, 0, 1)",
      [[2, 3]],
      (x) => transpose(x, 0, 1),
      (x) => transpose(x, { dim0: 0, dim1: 1 }),
    ),
  ),
  row(
    "squeeze",
    both(
      "torch.squeeze(x, 1)",
      [[2, 1, 2, 1, 2]],
      (x) => squeeze(x, 1),
      (x) => squeeze(x, { dim: 1 }),
    ),
  ),
  row(
    "unsqueeze",
    both(
      "torch.unsqueeze(x, 1)",
      [[4]],
      (x) => unsqueeze(x, 1),
      (x) => unsqueeze(x, { dim: 1 }),
    ),
  ),
  row(
    "flatten",
    both(
      "torch.flatten(x, start_dim=1)",
      [[2, 2, 2]],
      (x) => flatten(x, 1),
      (x) => flatten(x, { startDim: 1 }),
    ),
  ),
  row(
    "flip",
    both(
      "torch.flip(x, [0, 1])",
      [[2, 2, 2]],
      (x) => flip(x, [0, 1]),
      (x) => flip(x, { dims: [0, 1] }),
    ),
  ),
  row("roll", [
    ...both(
      "torch.roll(x, 1)",
      [[4, 2]],
      (x) => roll(x, 1),
      (x) => roll(x, { shifts: 1 }),
    ),
    ...both(
      "torch.roll(x, shifts=(2, 1), dims=(0, 1))",
      [[4, 2]],
      (x) => roll(x, [2, 1], [0, 1]),
      (x) => roll(x, { shifts: [2, 1], dims: [0, 1] }),
    ),
  ]),
  row(
    "tile",
    both(
      "torch.tile(x, (2, 2))",
      [[2, 2]],
      (x) => tile(x, 2, 2),
      (x) => tile(x, { dims: [2, 2] }),
    ),
  ),
  row(
    "repeatInterleave",
    both(
      "torch.repeat_interleave(x, 3, dim=1)",
      [[2, 2]],
      (x) => repeatInterleave(x, 3, 1),
      (x) => repeatInterleave(x, 3, { dim: 1 }),
    ),
  ),
  row(
    "movedim",
    both(
      "torch.movedim(x, (1, 2), (0, 1))",
      [[3, 2, 1]],
      (x) => movedim(x, [1, 2], [0, 1]),
      (x) => movedim(x, { source: [1, 2], destination: [0, 1] }),
    ),
  ),
  row(
    "narrow",
    both(
      "torch.narrow(x, 1, 1, 2)",
      [[3, 3]],
      (x) => narrow(x, 1, 1, 2),
      (x) => narrow(x, { dim: 1, start: 1, length: 2 }),
    ),
  ),
  row(
    "chunk",
    both(
      "torch.chunk(x, 6)",
      [[11]],
      (x) => chunk(x, 6),
      (x) => chunk(x, { chunks: 6 }),
    ),
  ),
  row(
    "cat",
    both(
      "torch.cat((x, x, x), 1)",
      [[2, 3]],
      (x) => cat([x, x, x], 1),
      (x) => cat([x, x, x], { dim: 1 }),
    ),
  ),
  row(
    "stack",
    both(
      "torch.stack((x, y), dim=1)",
      [[3], [3]],
      (x, y) => stack([x, y!], 1),
      (x, y) => stack([x, y!], { dim: 1 }),
    ),
  ),
  row(
    "indexSelect",
    both(
      "torch.index_select(x, 1, torch.tensor([0, 2]))",
      [[3, 4]],
      (x) => indexSelect(x, 1, index()),
      (x) => indexSelect(x, { dim: 1, index: index() }),
    ),
  ),
  row(
    "topk",
    both(
      "torch.topk(x, 3).values",
      [[5]],
      (x) => topk(x, 3).values,
      (x) => topk(x, { k: 3 }).values,
    ),
    { twice: false },
  ),
  row(
    "diag",
    both(
      "torch.diag(x, 1)",
      [[3, 3]],
      (x) => diag(x, 1),
      (x) => diag(x, { diagonal: 1 }),
    ),
  ),
  row(
    "diagonal",
    both(
      "torch.diagonal(x, offset=-1, dim1=1, dim2=2)",
      [[2, 5, 4, 2]],
      (x) => diagonal(x, -1, 1, 2),
      (x) => diagonal(x, { offset: -1, dim1: 1, dim2: 2 }),
    ),
  ),
  row(
    "tril",
    both(
      "torch.tril(x, diagonal=-1)",
      [[4, 6]],
      (x) => tril(x, -1),
      (x) => tril(x, { diagonal: -1 }),
    ),
  ),
  row(
    "full",
    both(
      "torch.full((2, 3), 1.5, dtype=x.dtype) * x",
      [[2, 3]],
      (x) => full([2, 3], 1.5, { dtype: x.dtype }).mul(x),
      (x) => full({ size: [2, 3], fillValue: 1.5, dtype: x.dtype }).mul(x),
    ),
  ),
  row(
    "conv2d",
    both(
      "F.conv2d(x, y, padding=1)",
      [
        [1, 4, 5, 5],
        [8, 4, 3, 3],
      ],
      (x, y) => F.conv2d(x, y!, null, 1, 1),
      (x, y) => F.conv2d(x, y!, { padding: 1 }),
    ),
    { ulps: 256, agree: 1e-4 },
  ),
  row(
    "maxPool2d",
    both(
      "F.max_pool2d(x, 3, stride=2)",
      [[2, 3, 7, 7]],
      (x) => F.maxPool2d(x, 3, 2),
      (x) => F.maxPool2d(x, { kernelSize: 3, stride: 2 }),
    ),
    { twice: false },
  ),
  row(
    "avgPool2d",
    both(
      "F.avg_pool2d(x, (3, 2), stride=(2, 1))",
      [[2, 3, 7, 5]],
      (x) => F.avgPool2d(x, [3, 2], [2, 1]),
      (x) => F.avgPool2d(x, [3, 2], { stride: [2, 1] }),
    ),
  ),
  row(
    "layerNorm",
    both(
      "F.layer_norm(x, (4,), y, z)",
      [[2, 3, 4], [4], [4]],
      (x, y, z) => F.layerNorm(x, [4], y, z),
      (x, y, z) => F.layerNorm(x, [4], { weight: y!, bias: z! }),
    ),
    { ulps: 256, agree: 1e-4 },
  ),
  row(
    "pad",
    both(
      "F.pad(x, (1, 1, 2, 2), 'constant', 0)",
      [[3, 3, 4, 2]],
      (x) => F.pad(x, [1, 1, 2, 2], "constant", 0),
      (x) => F.pad(x, { pad: [1, 1, 2, 2], mode: "constant", value: 0 }),
    ),
  ),
  row(
    "interpolate",
    both(
      "F.interpolate(x, scale_factor=2, mode='bilinear', align_corners=True)",
      [[1, 1, 2, 2]],
      (x) => F.interpolate(x, null, 2, "bilinear", true),
      (x) => F.interpolate(x, { scaleFactor: 2, mode: "bilinear", alignCorners: true }),
    ),
  ),
  row(
    "smoothL1Loss",
    both(
      "F.smooth_l1_loss(x, y, reduction='sum', beta=0.5)",
      [
        [3, 5],
        [3, 5],
      ],
      (x, y) => F.smoothL1Loss(x, y!, { reduction: "sum", beta: 0.5 }),
      (x, y) => F.smoothL1Loss({ input: x, target: y!, reduction: "sum", beta: 0.5 }),
    ),
    { twice: false },
  ),
  row(
    "crossEntropy",
    both(
      "F.cross_entropy(x, torch.tensor([1, 0, 4]))",
      [[3, 5]],
      (x) => F.crossEntropy(x, tensor([1, 0, 4], { dtype: "int32" })),
      (x) => F.crossEntropy({ input: x, target: tensor([1, 0, 4], { dtype: "int32" }) }),
    ),
  ),
  row(
    "huberLoss",
    both(
      "F.huber_loss(x, y, 'sum', 0.5)",
      [
        [3, 5],
        [3, 5],
      ],
      (x, y) => F.huberLoss(x, y!, "sum", 0.5),
      (x, y) => F.huberLoss(x, y!, { reduction: "sum", delta: 0.5 }),
    ),
    { twice: false },
  ),
];
