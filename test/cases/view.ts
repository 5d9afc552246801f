import { cat, type Dtype, F, meshgrid, stack } from "simdgrad";
import type { Input, Row } from "../support/case.js";

/** Operations that only move elements are exact, and so are their gradients if no element occurs twice. */
const moves = { ulps: 0, agree: 1e-7 } as const;

export const view: readonly Row[] = [
  {
    ...moves,
    name: "expand",
    covers: ["expandAs", "broadcastTo"],
    gradUlps: 4,
    floor: 2,
    calls: [
      { torch: "x.expand(2, 3, 4)", op: (x) => x.expand(2, 3, 4), samples: [[[3, 1]], [[4]], [[1, 1, 1]], [[]]] },
      { torch: "x.expand(5, -1, 3)", op: (x) => x.expand([5, -1, 3]), samples: [[[4, 3]], [[0, 1]]] },
      {
        torch: "x.expand_as(y)",
        op: (x, y) => x.expandAs(y!),
        samples: [
          [
            [3, 1],
            [2, 3, 4],
          ],
        ],
      },
      { torch: "x.broadcast_to((3, 4))", op: (x) => x.broadcastTo(3, 4), samples: [[[4]]] },
    ],
    refusals: [
      {
        op: (x) => x.expand([2, 4]),
        inputs: [[2, 3]],
        error: "expand: expected a shape that [2, 3] broadcasts to, got [2, 4]",
      },
    ],
  },

  {
    ...moves,
    name: "meshgrid",
    gradUlps: 4,
    floor: 2,
    calls: [
      {
        torch: 'torch.meshgrid(x, y, z, indexing="ij")',
        op: (x, y, z) => meshgrid([x, y!, z!]),
        samples: [
          [[3], [4], [2]],
          [[3], [], [5]],
          [[0], [2], [2]],
        ],
      },
      {
        torch: 'torch.meshgrid(x, y, indexing="xy")',
        op: (x, y) => meshgrid([x, y!], { indexing: "xy" }),
        samples: [[[3], [4]]],
      },
    ],
    refusals: [
      {
        op: (x) => meshgrid([x]),
        inputs: [[2, 3]],
        error: "meshgrid: expected vectors, got shape [2, 3]",
      },
    ],
  },

  {
    ...moves,
    name: "view",
    covers: ["viewAs"],
    rowMajorOnly: true,
    calls: [
      { torch: "x.view(6, 4)", op: (x) => x.view(6, 4), samples: [[[2, 3, 4]]] },
      { torch: "x.view(-1)", op: (x) => x.view(-1), samples: [[[2, 3, 4]], [[]], [[0, 2]]] },
      { torch: "x.view(2, -1, 2, 1)", op: (x) => x.view([2, -1, 2, 1]), samples: [[[2, 3, 4]]] },
      {
        torch: "x.view_as(y)",
        op: (x, y) => x.viewAs(y!),
        samples: [
          [
            [2, 6],
            [3, 4],
          ],
        ],
      },
      { torch: "x.transpose(0, 1).view(4, 2, 3)", op: (x) => x.transpose(0, 1).view(4, 2, 3), samples: [[[6, 4]]] },
    ],
    refusals: [
      { op: (x) => x.view(4, 2), inputs: [[2, 3]], error: "view: expected sizes that hold 6 elements, got [4, 2]" },
      {
        op: (x) => x.t().view(6),
        inputs: [[2, 3]],
        error:
          "view: expected elements that lie so that [6] is a view of them, got shape [3, 2] and strides [1, 3]. Use reshape, which copies when it must",
      },
    ],
  },

  {
    ...moves,
    name: "reshape",
    covers: ["reshapeAs"],
    calls: [
      { torch: "x.reshape(4, -1)", op: (x) => x.reshape(4, -1), samples: [[[2, 3, 4]], [[4, 17]]] },
      {
        torch: "x.reshape_as(y)",
        op: (x, y) => x.reshapeAs(y!),
        samples: [
          [
            [2, 6],
            [3, 4],
          ],
          [
            [0, 2],
            [5, 0],
          ],
        ],
      },
      { torch: "x.t().reshape(-1)", op: (x) => x.t().reshape(-1), samples: [[[3, 4]]] },
    ],
    refusals: [
      {
        op: (x) => x.reshape(4, -1),
        inputs: [[2, 3]],
        error: "reshape: expected sizes that hold 6 elements, got [4, -1]",
      },
    ],
  },

  {
    ...moves,
    name: "permute",
    calls: [
      { torch: "x.permute(2, 0, 1)", op: (x) => x.permute(2, 0, 1), samples: [[[2, 3, 4]], [[3, 0, 2]]] },
      { torch: "x.permute(-1, 0, -2)", op: (x) => x.permute([-1, 0, -2]), samples: [[[2, 3, 4]]] },
    ],
    refusals: [
      { op: (x) => x.permute(0, 0), inputs: [[2, 3]], error: "permute: expected each of 2 dims once, got [0, 0]" },
    ],
  },

  {
    ...moves,
    name: "transpose",
    covers: ["t", "T", "mT"],
    calls: [
      { torch: "x.transpose(0, -1)", op: (x) => x.transpose(0, -1), samples: [[[2, 3, 4]], [[5]], [[2, 0]]] },
      { torch: "x.t()", op: (x) => x.t(), samples: [[[3, 4]], [[5]], [[]]] },
      { torch: "x.T", op: (x) => x.T, samples: [[[3, 4]]] },
      { torch: "x.mT", op: (x) => x.mT, samples: [[[2, 3, 4]], [[3, 4]]] },
    ],
    refusals: [
      { op: (x) => x.transpose(0, 2), inputs: [[2, 3]], error: "transpose: expected a dim in [-2, 1], got 2" },
      {
        op: (x) => x.t(),
        inputs: [[2, 3, 4]],
        error: "t: expected at most 2 dims, got shape [2, 3, 4]. Use transpose or permute",
      },
    ],
  },

  {
    ...moves,
    name: "squeeze",
    calls: [
      { torch: "x.squeeze()", op: (x) => x.squeeze(), samples: [[[1, 3, 1, 2]], [[1]], [[]]] },
      { torch: "x.squeeze(1)", op: (x) => x.squeeze(1), samples: [[[3, 1, 2]], [[3, 2]]] },
      { torch: "x.squeeze(-1)", op: (x) => x.squeeze(-1), samples: [[[3, 1]]] },
    ],
    refusals: [{ op: (x) => x.squeeze(2), inputs: [[1, 2]], error: "squeeze: expected a dim in [-2, 1], got 2" }],
  },

  {
    ...moves,
    name: "unsqueeze",
    calls: [
      { torch: "x.unsqueeze(0)", op: (x) => x.unsqueeze(0), samples: [[[3, 4]], [[]]] },
      { torch: "x.unsqueeze(-1)", op: (x) => x.unsqueeze(-1), samples: [[[3, 4]], [[0]]] },
    ],
    refusals: [{ op: (x) => x.unsqueeze(3), inputs: [[1, 2]], error: "unsqueeze: expected a dim in [-3, 2], got 3" }],
  },

  {
    ...moves,
    name: "flatten",
    covers: ["unflatten"],
    calls: [
      { torch: "x.flatten()", op: (x) => x.flatten(), samples: [[[2, 3, 4]], [[]], [[0, 3]]] },
      { torch: "x.flatten(1)", op: (x) => x.flatten(1), samples: [[[2, 3, 4]]] },
      { torch: "x.flatten(0, 1)", op: (x) => x.flatten(0, 1), samples: [[[2, 3, 4]]] },
      { torch: "x.unflatten(1, (2, -1))", op: (x) => x.unflatten(1, [2, -1]), samples: [[[3, 4]]] },
    ],
    refusals: [
      {
        op: (x) => x.flatten(1, 0),
        inputs: [[2, 3]],
        error: "flatten: expected startDim <= endDim, got 1 and 0",
      },
    ],
  },

  {
    ...moves,
    name: "movedim",
    calls: [
      { torch: "x.movedim(0, -1)", op: (x) => x.movedim(0, -1), samples: [[[2, 3, 4]]] },
      { torch: "x.movedim(0, -1)", op: (x) => x.movedim(0, -1), samples: [[[]]] },
      { torch: "x.movedim(2, 0)", op: (x) => x.movedim(2, 0), samples: [[[2, 3, 4]]] },
    ],
    refusals: [{ op: (x) => x.movedim(0, 2), inputs: [[2, 3]], error: "movedim: expected a dim in [-2, 1], got 2" }],
  },

  {
    ...moves,
    name: "flip",
    calls: [
      { torch: "x.flip(0, 2)", op: (x) => x.flip(0, 2), samples: [[[2, 3, 4]], [[2, 0, 3]]] },
      { torch: "x.flip(-1)", op: (x) => x.flip([-1]), samples: [[[17]]] },
    ],
    refusals: [{ op: (x) => x.flip(1), inputs: [[2]], error: "flip: expected a dim in [-1, 0], got 1" }],
  },

  {
    ...moves,
    name: "narrow",
    calls: [
      { torch: "x.narrow(1, 1, 2)", op: (x) => x.narrow(1, 1, 2), samples: [[[2, 4]], [[2, 3, 3]]] },
      { torch: "x.narrow(0, -2, 2)", op: (x) => x.narrow(0, -2, 2), samples: [[[5, 2]]] },
      { torch: "x.narrow(0, 1, 0)", op: (x) => x.narrow(0, 1, 0), samples: [[[3]]] },
    ],
    refusals: [
      {
        op: (x) => x.narrow(1, 2, 3),
        inputs: [[2, 4]],
        error: "narrow: expected a range within dim 1 of size 4, got 3 from 2 on",
      },
    ],
  },

  {
    ...moves,
    name: "slice",
    calls: [
      { torch: "x[1:7:2]", op: (x) => x.slice(0, 1, 7, 2), samples: [[[9]], [[5, 2]]] },
      { torch: "x[:, -3:]", op: (x) => x.slice(1, -3), samples: [[[2, 5]], [[2, 2]]] },
      { torch: "x[:, :-1]", op: (x) => x.slice(-1, null, -1), samples: [[[2, 5]], [[2, 1]]] },
      { torch: "x[4:2]", op: (x) => x.slice(0, 4, 2), samples: [[[5]]] },
    ],
    refusals: [
      {
        op: (x) => x.slice(0, 0, 2, 0),
        inputs: [[3]],
        error: "slice: expected step to be a whole number of at least 1, got 0",
      },
      { op: (x) => x.slice(0), inputs: [[]], error: "slice: expected a tensor with at least one dim, got shape []" },
    ],
  },

  {
    ...moves,
    name: "select",
    calls: [
      { torch: "x.select(-1, -2)", op: (x) => x.select(-1, -2), samples: [[[2, 3, 4]]] },
      { torch: "x[2]", op: (x) => x.select(0, 2), samples: [[[3, 4]], [[5]]] },
    ],
    refusals: [
      {
        op: (x) => x.select(0, 3),
        inputs: [[3, 2]],
        error: "select: expected an index in [-3, 2] for dim 0, got 3",
      },
    ],
  },

  {
    ...moves,
    name: "split",
    covers: ["chunk"],
    calls: [
      { torch: "x.split(3, 1)", op: (x) => x.split(3, 1), samples: [[[2, 7]], [[2, 2]]] },
      { torch: "x.split([1, 3], 1)", op: (x) => x.split([1, 3], 1), samples: [[[3, 4]]] },
      { torch: "x.chunk(3)", op: (x) => x.chunk(3), samples: [[[7, 2]], [[2]]] },
    ],
    refusals: [
      {
        op: (x) => x.split([1, 2], 0),
        inputs: [[4]],
        error: "split: expected sizes that add up to 4 (dim 0), got [1, 2]",
      },
      {
        op: (x) => x.chunk(0),
        inputs: [[4]],
        error: "chunk: expected chunks to be a whole number of at least 1, got 0",
      },
    ],
  },

  {
    ...moves,
    name: "unbind",
    calls: [
      { torch: "x.unbind(1)", op: (x) => x.unbind(1), samples: [[[2, 3, 4]]] },
      { torch: "x.unbind()", op: (x) => x.unbind(), samples: [[[3]]] },
    ],
    refusals: [
      { op: (x) => x.unbind(), inputs: [[]], error: "unbind: expected a tensor with at least one dim, got shape []" },
    ],
  },

  {
    ...moves,
    name: "cat",
    covers: ["stack"],
    calls: [
      {
        torch: "torch.cat([x, y, z], 1)",
        op: (x, y, z) => cat([x, y!, z!], 1),
        samples: [
          [
            [2, 3],
            [2, 1],
            [2, 4],
          ],
          [
            [2, 0],
            [2, 1],
            [2, 2],
          ],
        ],
      },
      {
        torch: "torch.cat([x, y])",
        op: (x, y) => cat([x, y!]),
        samples: [
          [[3], [17]],
          [[0], [2, 3]],
          [[0], [0]],
        ],
      },
      {
        torch: "torch.cat([x, y])",
        op: (x, y) => cat([x, y!]),
        samples: [[[3], { shape: [2], dtype: "int32", domain: [0, 9] }]],
      },
      {
        torch: "torch.stack([x, y], -1)",
        op: (x, y) => stack([x, y!], -1),
        samples: [
          [
            [2, 3],
            [2, 3],
          ],
          [[], []],
        ],
      },
    ],
    refusals: [
      {
        op: (x, y) => cat([x, y!], 1),
        inputs: [
          [2, 3],
          [3, 3],
        ],
        error: "cat: expected shapes that agree except at dim 1, got [2, 3], [3, 3]",
      },
      { op: () => cat([]), inputs: [], error: "cat: expected at least one tensor, got an empty list" },
      {
        op: (x, y) => stack([x, y!]),
        inputs: [[2], [3]],
        error: "stack: expected tensors of one shape, got [2], [3]",
      },
    ],
  },

  {
    ...moves,
    name: "repeat",
    covers: ["tile", "repeatInterleave"],
    gradUlps: 4,
    floor: 2,
    calls: [
      { torch: "x.repeat(2, 1, 3)", op: (x) => x.repeat(2, 1, 3), samples: [[[3, 4]], [[2]], [[]]] },
      { torch: "x.tile(2)", op: (x) => x.tile(2), samples: [[[3, 4]]] },
      { torch: "x.repeat_interleave(2, 1)", op: (x) => x.repeatInterleave(2, 1), samples: [[[3, 4]]] },
      { torch: "x.repeat_interleave(3)", op: (x) => x.repeatInterleave(3), samples: [[[2, 2]]] },
    ],
    refusals: [
      {
        op: (x) => x.repeat(2),
        inputs: [[2, 3]],
        error: "repeat: expected a count for each of 2 dims or more, got [2]",
      },
    ],
  },

  {
    ...moves,
    name: "roll",
    calls: [
      { torch: "x.roll(-1, 1)", op: (x) => x.roll(-1, 1), samples: [[[3, 4]]] },
      { torch: "x.roll(5, 0)", op: (x) => x.roll(5, 0), samples: [[[3, 4]], [[0, 2]], [[5]]] },
    ],
    refusals: [{ op: (x) => x.roll(1, 1), inputs: [[2]], error: "roll: expected a dim in [-1, 0], got 1" }],
  },

  {
    ...moves,
    name: "clone",
    calls: [{ torch: "x.clone()", op: (x) => x.clone(), samples: [[[17]], [[3, 4]], [[]], [[0]]] }],
  },

  {
    ...moves,
    name: "contiguous",
    calls: [
      { torch: "x.contiguous()", op: (x) => x.contiguous(), samples: [[[17]], [[3, 4]], [[]], [[0]]] },
      { torch: "x.t().contiguous()", op: (x) => x.t().contiguous(), samples: [[[3, 4]]] },
    ],
  },

  {
    ...moves,
    name: "detach",
    differentiable: false,
    calls: [{ torch: "x.detach()", op: (x) => x.detach(), samples: [[[17]], [[]]] }],
  },

  {
    ...moves,
    name: "copy_",
    differentiable: false,
    inPlace: (x, y) => x.copy_(y!),
    calls: [
      {
        torch: "x.clone().copy_(y)",
        op: (x, y) => x.clone().copy_(y!),
        samples: [
          [
            [3, 4],
            [3, 4],
          ],
          [[3, 4], [4]],
          [
            [3, 4],
            [3, 1],
          ],
          [[3, 4], []],
          [[5], { shape: [5], dtype: "int32", domain: [-9, 9] }],
          [[0], [0]],
        ],
      },
    ],
    refusals: [
      {
        op: (x, y) => x.copy_(y!),
        inputs: [
          { shape: [4], grad: false },
          { shape: [3], grad: false },
        ],
        error: "copy_: expected a source that broadcasts to [4], got [3]",
      },
    ],
  },

  {
    ...moves,
    name: "to",
    covers: ["float", "double", "int", "long", "bool"],
    refusals: [
      {
        op: (x) => x.to("int64" as Dtype),
        inputs: [[2]],
        error: 'to: expected "float32", "float64", "int32", "uint8" or "bool" as dtype, got "int64". Use "int32"',
      },
    ],
    calls: [
      {
        torch: "x.to(torch.float64)",
        op: (x) => x.to("float64"),
        samples: [[[17]], [[]], [[0]], [{ shape: [9], dtype: "int32" }]],
      },
      { torch: "x.float()", op: (x) => x.float(), samples: [[[17]], [[3, 4]], [{ shape: [9], dtype: "bool" }]] },
      {
        torch: "x.double()",
        op: (x) => x.double(),
        samples: [[[17]], [[3, 4]], [{ shape: [9], dtype: "uint8", domain: [0, 256] } satisfies Input]],
      },
      { torch: "x.long()", op: (x) => x.long(), samples: [[{ shape: [5], domain: [-50, 50] }]] },
      { torch: "x.int()", op: (x) => x.int(), samples: [[{ shape: [17], domain: [-50, 50] }]] },
      {
        torch: "x.bool()",
        op: (x) => x.bool(),
        samples: [[[17]]],
        kinks: [[{ values: [0, -0, 0.5, -0.25, Number.NaN] }]],
      },
    ],
  },

  {
    ...moves,
    name: "pixelShuffle",
    calls: [
      {
        torch: "F.pixel_shuffle(x, 2)",
        op: (x) => F.pixelShuffle(x, 2),
        samples: [
          [[2, 4, 2, 3]],
          [[8, 1, 2]],
          [[1, 2, 4, 1, 1]],
          [{ shape: [0, 4, 2, 2], grad: false }],
          [{ shape: [1, 4, 2, 2], dtype: "int32" }],
        ],
      },
      { torch: "F.pixel_shuffle(x, 3)", op: (x) => F.pixelShuffle(x, 3), samples: [[[1, 9, 2, 1]]] },
      { torch: "F.pixel_shuffle(x, 1)", op: (x) => F.pixelShuffle(x, 1), samples: [[[1, 3, 2, 1]]] },
    ],
    refusals: [
      {
        op: (x) => F.pixelShuffle(x, 3),
        inputs: [[1, 8, 2, 2]],
        error: "pixelShuffle: expected channels that 9 divides, got [1, 8, 2, 2]",
      },
      {
        op: (x) => F.pixelShuffle(x, 2),
        inputs: [[8, 2]],
        error: "pixelShuffle: expected input [*, C, H, W], got [8, 2]",
      },
      {
        op: (x) => F.pixelShuffle(x, 0),
        inputs: [[1, 8, 2, 2]],
        error: "pixelShuffle: expected upscaleFactor to be a whole number of at least 1, got 0",
      },
    ],
  },

  {
    ...moves,
    name: "pixelUnshuffle",
    calls: [
      {
        torch: "F.pixel_unshuffle(x, 2)",
        op: (x) => F.pixelUnshuffle(x, 2),
        samples: [[[2, 1, 4, 6]], [[3, 2, 2]], [[1, 2, 1, 2, 4]]],
      },
      { torch: "F.pixel_unshuffle(x, 3)", op: (x) => F.pixelUnshuffle(x, 3), samples: [[[1, 2, 3, 6]]] },
    ],
    refusals: [
      {
        op: (x) => F.pixelUnshuffle(x, 2),
        inputs: [[1, 2, 4, 3]],
        error: "pixelUnshuffle: expected height and width that 2 divides, got [1, 2, 4, 3]",
      },
      {
        op: (x) => F.pixelUnshuffle(x, 1.5),
        inputs: [[1, 2, 4, 3]],
        error: "pixelUnshuffle: expected downscaleFactor to be a whole number of at least 1, got 1.5",
      },
    ],
  },
];
