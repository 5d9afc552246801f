import { F, type Tensor } from "simdgrad";
import type { Call, Input, Row, Sample } from "../support/case.js";

/** Sums of products of numbers up to 2: count ulps at the magnitude of a few terms. */
const sums = { ulps: 8, gradUlps: 16, floor: 8, agree: 2e-5 } as const;

/** Tolerances for long sums. */
const small = (...shape: number[]): Input => ({ shape, domain: [-0.5, 0.5] });

type Operation = (x: Tensor, weight: Tensor, bias?: Tensor | null, options?: Record<string, never>) => Tensor;
type Options = Record<string, number | readonly number[] | string>;

const python = (value: number | readonly number[] | string): string =>
  typeof value === "string" ? `"${value}"` : typeof value === "number" ? String(value) : `(${value.join(", ")},)`;

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A call, with a bias if the sample has one, and the same call in PyTorch. */
function call(name: string, op: Operation, options: Options, samples: readonly Sample[]): Call {
  const keywords = Object.entries(options).map(([key, value]) => `, ${snake(key)}=${python(value)}`);
  const bias = samples[0]!.length === 3;
  return {
    torch: `F.${name}(x, y, ${bias ? "z" : "None"}${keywords.join("")})`,
    op: (x, y, z) => op(x, y!, z, options as Record<string, never>),
    samples,
  };
}

const operation =
  (name: string, op: unknown) =>
  (options: Options, ...samples: Sample[]): Call =>
    call(name, op as Operation, options, samples);
const conv1d = operation("conv1d", F.conv1d);
const conv2d = operation("conv2d", F.conv2d);
const transpose1d = operation("conv_transpose1d", F.convTranspose1d);
const transpose2d = operation("conv_transpose2d", F.convTranspose2d);

const inf = Number.POSITIVE_INFINITY;
const plane = (...values: number[]): Sample => [
  { shape: [1, 1, 3, 3], values },
  { shape: [1, 1, 2, 2], values: [1, -1, 0.5, 2] },
];

export const conv: readonly Row[] = [
  {
    ...sums,
    name: "conv2d",
    calls: [
      conv2d(
        {},
        [[1, 2, 3, 4], [2, 2, 2, 3], [2]],
        [[2, 1, 4, 4], [3, 1, 3, 3], [3]],
        [[1, 3, 3], [2, 1, 2, 2], [2]],
        [[2, 2, 1, 1], [3, 2, 1, 1], [3]],
        [[0, 2, 3, 4], [2, 2, 2, 3], [2]],
        [[2, 3, 9, 11], [6, 3, 5, 5], [6]],
        [small(1, 6, 14, 14), small(16, 6, 5, 5), [16]],
        [small(1, 60, 5, 6), small(5, 60, 3, 3), [5]],
        [small(2, 1, 24, 25), small(2, 1, 2, 2), [2]],
        [[2, 2, 9, 1], [3, 2, 2, 1], [3]],
      ),
      conv2d(
        {},
        [
          [1, 2, 3, 4],
          [2, 2, 2, 3],
        ],
        [
          [1, 1, 5, 5],
          [1, 1, 5, 5],
        ],
        [
          [3, 4, 2, 2],
          [9, 4, 1, 1],
        ],
      ),
      conv2d({ stride: 2 }, [[1, 1, 5, 4], [2, 1, 2, 2], [2]], [[2, 3, 9, 8], [5, 3, 3, 3], [5]]),
      conv2d({ stride: [2, 3], groups: 2 }, [[5, 4, 4, 4], [6, 2, 3, 2], [6]], [[2, 2, 2, 2], [2, 1, 1, 1], [2]]),
      conv2d({ stride: [2, 3] }, [[1, 1, 4, 7], [2, 1, 3, 2], [2]]),
      conv2d({ stride: 3 }, [[1, 2, 5, 5], [1, 2, 2, 2], [1]]),
      conv2d({ padding: 1 }, [[1, 2, 3, 3], [2, 2, 3, 3], [2]], [[2, 3, 7, 6], [4, 3, 3, 3], [4]]),
      conv2d({ padding: [3, 0], stride: [2, 3], dilation: [2, 1], groups: 2 }, [[2, 4, 9, 1], [2, 2, 3, 1], [2]]),
      conv2d({ padding: [2, 1], stride: 2 }, [[1, 1, 3, 4], [2, 1, 3, 3], [2]]),
      conv2d({ padding: "same" }, [[1, 1, 3, 4], [2, 1, 3, 3], [2]], [[1, 1, 4, 4], [1, 1, 2, 4], [1]]),
      conv2d({ padding: "same", dilation: [1, 2] }, [[1, 1, 3, 5], [1, 1, 2, 2], [1]]),
      conv2d({ padding: "valid" }, [[1, 1, 3, 4], [2, 1, 2, 2], [2]]),
      conv2d({ dilation: 2 }, [[1, 1, 5, 5], [2, 1, 2, 3], [2]]),
      conv2d({ dilation: [1, 3], stride: [2, 1], padding: [0, 2] }, [[1, 2, 3, 5], [1, 2, 2, 2], [1]]),
      conv2d({ groups: 2 }, [[1, 2, 3, 3], [4, 1, 2, 2], [4]], [[2, 6, 5, 5], [4, 3, 3, 3], [4]]),
      conv2d({ groups: 3, padding: 1, stride: 2 }, [[1, 3, 3, 4], [3, 1, 3, 3], [3]]),
      conv2d({ groups: 4, padding: 1 }, [[2, 4, 6, 6], [8, 1, 3, 3], [8]]),
    ].map((made, i) =>
      i === 0
        ? {
            ...made,
            kinks: [
              [...plane(Number.NaN, 1, 2, 3, inf, 5, -inf, 7, 8), [1]],
              [...plane(0, -0, 1, 0, 0, 0, inf, 1, 0), [1]],
            ],
          }
        : made,
    ),
    refusals: [
      {
        op: (x, y) => F.conv2d(x, y!),
        inputs: [
          [1, 3, 8, 8],
          [6, 1, 3, 3],
        ],
        error: "conv2d: expected input [N, 1, H, W] for a weight of [6, 1, 3, 3], got [1, 3, 8, 8]",
      },
      {
        op: (x, y) => F.conv2d(x, y!),
        inputs: [
          [1, 3, 2, 8],
          [6, 3, 3, 3],
        ],
        error: "conv2d: expected a kernel of [3, 3] (dilation 1) that fits the padded input of [2, 8]",
      },
      {
        op: (x, y) => F.conv2d(x, y!, null, { dilation: [1, 4] }),
        inputs: [
          [1, 3, 8, 8],
          [6, 3, 3, 3],
        ],
        error: "conv2d: expected a kernel of [3, 3] (dilation 1,4) that fits the padded input of [8, 8]",
      },
      {
        op: (x, y) => F.conv2d(x, y!),
        inputs: [
          [3, 8],
          [6, 3, 3, 3],
        ],
        error: "conv2d: expected input [N, C, H, W] or [C, H, W], got [3, 8]",
      },
      {
        op: (x, y) => F.conv2d(x, y!),
        inputs: [
          [1, 3, 8, 8],
          [6, 3, 3],
        ],
        error: "conv2d: expected a weight of [channels, channels, kH, kW], got [6, 3, 3]",
      },
      {
        op: (x, y, z) => F.conv2d(x, y!, z),
        inputs: [[1, 3, 8, 8], [6, 3, 3, 3], [5]],
        error: "conv2d: expected a bias of shape [6], got [5]",
      },
      {
        op: (x, y) => F.conv2d(x, y!, null, { stride: 0 }),
        inputs: [
          [1, 3, 8, 8],
          [6, 3, 3, 3],
        ],
        error: "conv2d: expected stride to be a whole number or 2 of them, at least 1, got 0",
      },
      {
        op: (x, y) => F.conv2d(x, y!, null, { padding: [1, 2, 3] }),
        inputs: [
          [1, 3, 8, 8],
          [6, 3, 3, 3],
        ],
        error: "conv2d: expected padding to be a whole number or 2 of them, at least 0, got [1, 2, 3]",
      },
      {
        op: (x, y) => F.conv2d(x, y!, null, { padding: "same", stride: 2 }),
        inputs: [
          [1, 3, 8, 8],
          [6, 3, 3, 3],
        ],
        error: 'conv2d: expected stride 1 with padding "same", got [2, 2]',
      },
      {
        op: (x, y) => F.conv2d(x, y!, null, { groups: 4 }),
        inputs: [
          [1, 4, 8, 8],
          [6, 1, 3, 3],
        ],
        error: "conv2d: expected groups that divide the 6 channels that go out, got 4",
      },
      {
        op: (x, y) => F.conv2d(x, y!),
        inputs: [[1, 3, 8, 8], { shape: [6, 3, 3, 3], dtype: "int32" }],
        error: /^conv2d: expected operands of one dtype, got float(32|64) and int32/,
      },
    ],
  },

  {
    ...sums,
    name: "conv1d",
    calls: [
      conv1d({}, [[2, 2, 6], [3, 2, 3], [3]], [[2, 5], [3, 2, 2], [3]], [[1, 3, 40], [5, 3, 7], [5]]),
      conv1d({}, [
        [1, 1, 4],
        [2, 1, 1],
      ]),
      conv1d({ stride: 2, padding: 1 }, [[1, 2, 6], [2, 2, 3], [2]]),
      conv1d({ padding: "same", dilation: 2 }, [[1, 2, 6], [2, 2, 3], [2]]),
      conv1d({ groups: 2, stride: [3] }, [[1, 4, 7], [2, 2, 2], [2]]),
    ],
    refusals: [
      {
        op: (x, y) => F.conv1d(x, y!),
        inputs: [
          [1, 3, 8],
          [6, 2, 3],
        ],
        error: "conv1d: expected input [N, 2, L] for a weight of [6, 2, 3], got [1, 3, 8]",
      },
      {
        op: (x, y) => F.conv1d(x, y!),
        inputs: [
          [1, 3, 2],
          [6, 3, 3],
        ],
        error: "conv1d: expected a kernel of [3] (dilation 1) that fits the padded input of [2]",
      },
      {
        op: (x, y) => F.conv1d(x, y!, null, { padding: -1 }),
        inputs: [
          [1, 3, 8],
          [6, 3, 3],
        ],
        error: "conv1d: expected padding to be a whole number, at least 0, got -1",
      },
    ],
  },

  {
    ...sums,
    name: "convTranspose2d",
    calls: [
      transpose2d({ groups: 2 }, [[5, 4, 1, 1], [4, 2, 3, 2], [4]]),
      transpose2d(
        {},
        [[1, 2, 3, 2], [2, 3, 2, 2], [3]],
        [[2, 3, 3], [2, 1, 2, 2], [1]],
        [[2, 5, 6, 7], [5, 4, 3, 3], [4]],
      ),
      transpose2d({ stride: 2 }, [
        [1, 1, 3, 2],
        [1, 2, 3, 3],
      ]),
      transpose2d({ stride: [2, 3], padding: [1, 0], outputPadding: [1, 2] }, [[1, 2, 2, 3], [2, 1, 3, 2], [1]]),
      transpose2d({ dilation: 2, outputPadding: 1, padding: 1 }, [[1, 1, 3, 3], [1, 2, 2, 2], [2]]),
      transpose2d({ groups: 2, stride: 2, padding: 1, outputPadding: 1 }, [[1, 4, 3, 3], [4, 1, 3, 3], [2]]),
    ],
    refusals: [
      {
        op: (x, y) => F.convTranspose2d(x, y!),
        inputs: [
          [1, 3, 8, 8],
          [6, 1, 3, 3],
        ],
        error: "convTranspose2d: expected input [N, 6, H, W] for a weight of [6, 1, 3, 3], got [1, 3, 8, 8]",
      },
      {
        op: (x, y) => F.convTranspose2d(x, y!, null, { outputPadding: 1 }),
        inputs: [
          [1, 3, 8, 8],
          [3, 1, 3, 3],
        ],
        error: "convTranspose2d: expected outputPadding to be smaller than stride or dilation, got [1, 1]",
      },
      {
        op: (x, y) => F.convTranspose2d(x, y!, null, { padding: 2 }),
        inputs: [
          [1, 3, 1, 8],
          [3, 1, 3, 3],
        ],
        error: "convTranspose2d: expected sizes that leave a result, got [-1, 6] from input [1, 3, 1, 8]",
      },
    ],
  },

  {
    ...sums,
    name: "convTranspose1d",
    calls: [
      transpose1d({}, [[2, 2, 5], [2, 3, 3], [3]], [[2, 4], [2, 1, 2], [1]]),
      transpose1d({ stride: 3, padding: 1, outputPadding: 2 }, [[1, 2, 4], [2, 2, 3], [2]]),
      transpose1d({ groups: 2, dilation: 2 }, [
        [1, 4, 4],
        [4, 1, 2],
      ]),
    ],
    refusals: [
      {
        op: (x, y) => F.convTranspose1d(x, y!, null, { groups: 2 }),
        inputs: [
          [1, 3, 8],
          [3, 1, 3],
        ],
        error: "convTranspose1d: expected groups that divide the 3 channels that come in, got 2",
      },
    ],
  },
];
