import { F } from "simdgrad";
import type { Call, Input, Row, Sample } from "../support/case.js";

type Value = number | boolean | readonly number[];
type Options = Readonly<Record<string, Value>>;

const python = (value: Value): string => {
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "number" ? String(value) : `(${value.join(", ")},)`;
};

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const keywords = (options: Options): string =>
  Object.entries(options)
    .map(([key, value]) => `, ${snake(key)}=${python(value)}`)
    .join("");

const still = (shape: readonly number[], domain: readonly [number, number]): Input => ({ shape, domain, grad: false });

/** Running means and variances of C channels, without gradient. */
const running = (channels: number): Sample => [still([channels], [-1, 1]), still([channels], [0.25, 2])];

/** Where deviations cancel, errors have the magnitude of the terms divided by the standard deviation. */
const terms = { ulps: 16, gradUlps: 64, floor: 4, agree: 5e-5, extreme: 0 } as const;

/** Batch norm with the batch's statistics and without running ones; with weight and bias if the samples have them. */
const trained = (options: Options, ...samples: Sample[]): Call => ({
  torch: `F.batch_norm(x, None, None, ${samples[0]!.length > 1 ? "y, z" : "None, None"}, True${keywords(options)})`,
  op: (x, weight, bias) =>
    F.batchNorm(x, null, null, { weight: weight ?? null, bias: bias ?? null, training: true, ...options }),
  samples,
});

const affine = (shape: readonly number[], channels = shape[1]!): Sample => [shape, [channels], [channels]];

/**
 * Channels with NaN, with an infinity (not both: which NaN results is undefined), with numbers of very different size.
 */
const WILD: readonly (readonly number[])[] = [
  [1, 2, Number.NaN, 4, 1, 2, 3, 4, 4, 1, 2, 3, 4, 3, 2, 1],
  [1, 2, 3, 5, 1, 2, 3, 4, Number.POSITIVE_INFINITY, 1, 2, 3, 4, 3, 2, 1],
  [1e18, 2e18, 3e18, -1e18, 1e-3, 2e-3, -1e-3, 0, 1, 1, 1, 2, -5, 5, 4, 3],
];
/** Constant channels, for a large eps only: 1 / √eps multiplies PyTorch's rounding errors. */
const CONSTANT: readonly (readonly number[])[] = [[3, 3, 3, 3, 0.1, 0.1, 0.1, 0.1, 0, 0, 0, 0, 1, 2, 3, 4]];
/**
 * Some constant channels with exact means. Without eps, PyTorch's batch and instance norm give 0 for them, others NaN.
 */
const FLAT: readonly (readonly number[])[] = [[3, 3, 3, 3, -0.5, -0.5, -0.5, -0.5, 1, 2, 3, 6, 0, 0, 0, 0]];
const kinks = (all: readonly (readonly number[])[], shape: readonly number[], channels: number): Sample[] =>
  all.map((values) => [{ shape, values }, [channels], [channels]]);
const alone = (samples: readonly Sample[]): Sample[] => samples.map(([x]) => [x!]);

const group = (
  groups: number,
  samples: readonly Sample[],
  options: Options = {},
  edges: readonly Sample[] = [],
): Call => ({
  torch: `F.group_norm(x, ${groups}, ${samples[0]!.length > 1 ? "y, z" : "None, None"}${keywords(options)})`,
  op: (x, weight, bias) => F.groupNorm(x, groups, { weight: weight ?? null, bias: bias ?? null, ...options }),
  samples,
  kinks: edges,
});

const layer = (
  shape: readonly number[],
  samples: readonly Sample[],
  options: Options = {},
  edges: readonly Sample[] = [],
): Call => ({
  torch: `F.layer_norm(x, ${python(shape)}, ${samples[0]!.length > 1 ? "y, z" : "None, None"}${keywords(options)})`,
  op: (x, weight, bias) => F.layerNorm(x, shape, { weight: weight ?? null, bias: bias ?? null, ...options }),
  samples,
  kinks: edges,
});

const instance = (samples: readonly Sample[], options: Options = {}, edges: readonly Sample[] = []): Call => ({
  torch: `F.instance_norm(x, None, None, ${samples[0]!.length > 1 ? "y, z" : "None, None"}${keywords(options)})`,
  op: (x, weight, bias) => F.instanceNorm(x, null, null, { weight: weight ?? null, bias: bias ?? null, ...options }),
  samples,
  kinks: edges,
});

const int32 = (...shape: number[]): Input => ({ shape, dtype: "int32" });

/** An input and running statistics, without gradients. */
const fixed = (...shape: number[]): Sample => [{ shape, grad: false }, ...running(shape[1]!)];

/** The running statistics after a call. */
const tracked = (
  name: string,
  op: typeof F.batchNorm,
  own: string,
  samples: readonly Sample[],
  edges: readonly Sample[] = [],
): Call => ({
  torch: `[F.${name}(x, (m := y.clone()), (v := z.clone()), ${snake(own)}=True, momentum=0.3), m, v][1:]`,
  op: (x, mean, variance) => {
    const [m, v] = [mean!.clone(), variance!.clone()];
    op(x, m, v, { [own]: true, momentum: 0.3 });
    return [m, v];
  },
  samples,
  kinks: edges,
});

export const normalize: readonly Row[] = [
  {
    ...terms,
    name: "batchNorm",
    calls: [
      {
        ...trained(
          {},
          affine([2, 3, 4]),
          affine([5, 3]),
          affine([4, 1]),
          affine([3, 2, 2, 3]),
          affine([1, 2, 7]),
          affine([2, 9, 1, 1]),
          affine([4, 2, 1]),
          affine([0, 2, 3]),
          affine([2, 2, 33]),
          affine([2, 2, 3, 2, 2]),
        ),
        kinks: [...kinks(WILD, [4, 4], 4), ...kinks(WILD, [1, 4, 4], 4), ...kinks(WILD, [2, 2, 2, 2], 2)],
      },
      trained({}, [[2, 3, 4]], [[5, 3]], [[2, 1, 5, 5]]),
      {
        ...trained({ eps: 0.5 }, affine([2, 3, 3]), affine([6, 2])),
        kinks: [...kinks(CONSTANT, [4, 4], 4), ...kinks(CONSTANT, [1, 4, 4], 4), ...kinks(CONSTANT, [2, 2, 2, 2], 2)],
      },
      trained({ eps: 1e-3 }, affine([2, 2, 2, 3]), affine([0, 3])),
      {
        ...trained({ eps: 0 }, affine([2, 2, 3])),
        kinks: [...kinks(FLAT, [1, 4, 4], 4), ...kinks([[3, 1, 3, 2, 3, 3, 3, 6]], [4, 2], 2)],
      },
      {
        torch: "F.batch_norm(x, None, None, y, None, True)",
        op: (x, weight) => F.batchNorm(x, null, null, { weight: weight!, training: true }),
        samples: [[[3, 2, 3], [2]]],
      },
      {
        torch: "F.batch_norm(x, None, None, None, y, True)",
        op: (x, bias) => F.batchNorm(x, null, null, { bias: bias!, training: true }),
        samples: [[[3, 2, 3], [2]]],
      },
      {
        torch: "F.batch_norm(x, y, z, w)",
        op: (x, mean, variance, weight) => F.batchNorm(x, mean!, variance!, { weight: weight! }),
        samples: [
          [[2, 3, 4], ...running(3), [3]],
          [[5, 3], ...running(3), [3]],
          [[1, 2, 1, 1], ...running(2), [2]],
          [[0, 2], ...running(2), [2]],
        ],
        kinks: [[{ shape: [4, 4], values: WILD[0]! }, ...running(4), [4]]],
      },
      {
        torch: "F.batch_norm(x, y, z, None, w, eps=0.01)",
        op: (x, mean, variance, bias) => F.batchNorm(x, mean!, variance!, { bias: bias!, eps: 0.01 }),
        samples: [
          [[2, 3, 2, 2], ...running(3), [3]],
          [[1, 1], ...running(1), [1]],
        ],
      },
      {
        torch: "F.batch_norm(x, y, z)",
        op: (x, mean, variance) => F.batchNorm(x, mean!, variance!),
        samples: [
          [[2, 3, 2, 2], ...running(3)],
          [[4, 5], ...running(5)],
        ],
      },
      tracked(
        "batch_norm",
        F.batchNorm,
        "training",
        [fixed(2, 3, 4), fixed(5, 3), fixed(2, 2, 2, 3), fixed(0, 2, 3)],
        [[{ shape: [4, 4], values: WILD[0]!, grad: false }, ...running(4)]],
      ),
    ],
    refusals: [
      {
        op: (x) => F.batchNorm(x, null, null, { training: true }),
        inputs: [[1, 3]],
        error: "batchNorm: expected more than 1 value per channel when training, got input [1, 3]",
      },
      {
        op: (x) => F.batchNorm(x, null, null, { training: true }),
        inputs: [[1, 3, 1, 1]],
        error: "batchNorm: expected more than 1 value per channel when training, got input [1, 3, 1, 1]",
      },
      {
        op: (x) => F.batchNorm(x, null, null, { training: true }),
        inputs: [[3]],
        error: "batchNorm: expected input [N, C, …] of at least 2 dims, got [3]",
      },
      {
        op: (x, mean) => F.batchNorm(x, mean!, null),
        inputs: [[2, 3], [3]],
        error: "batchNorm: expected runningMean and runningVar, which training: false uses, got none",
      },
      {
        op: (x, weight) => F.batchNorm(x, null, null, { weight: weight!, training: true }),
        inputs: [[2, 3], [2]],
        error: "batchNorm: expected weight of shape [3] for input [2, 3], got [2]",
      },
      {
        op: (x, mean, variance) => F.batchNorm(x, mean!, variance!),
        inputs: [[2, 3, 4], [3], [3, 1]],
        error: "batchNorm: expected runningVar of shape [3] for input [2, 3, 4], got [3, 1]",
      },
      {
        op: (x, mean) => F.batchNorm(x, mean!, null, { training: true }),
        inputs: [[2, 3], int32(3)],
        error: /^batchNorm: expected operands of one dtype, got float(32|64) and int32/,
      },
      {
        op: (x) => F.batchNorm(x, null, null, { training: true }),
        inputs: [int32(2, 3)],
        error: "batchNorm: expected a float32 or float64 tensor, got int32. Convert it with .float() or .double()",
      },
    ],
  },

  {
    ...terms,
    name: "layerNorm",
    calls: [
      layer(
        [5],
        [
          [[3, 5], [5], [5]],
          [[5], [5], [5]],
          [[2, 2, 5], [5], [5]],
          [[0, 5], [5], [5]],
        ],
      ),
      layer([4], [[[4, 4], [4], [4]]], {}, kinks(WILD, [4, 4], 4)),
      layer([4], [[[4, 4]]], {}, alone(kinks(WILD, [4, 4], 4))),
      layer([4], [[[2, 4], [4], [4]]], { eps: 0.5 }, kinks(CONSTANT, [4, 4], 4)),
      layer([4], [[[2, 4]]], { eps: 0.5 }, alone(kinks(CONSTANT, [4, 4], 4))),
      layer([4], [[[2, 4], [4], [4]]], { eps: 0 }, kinks(FLAT, [4, 4], 4)),
      layer([19], [[[3, 19], [19], [19]]], { eps: 1e-3 }),
      layer(
        [2, 3],
        [
          [
            [2, 2, 3],
            [2, 3],
            [2, 3],
          ],
          [
            [2, 3],
            [2, 3],
            [2, 3],
          ],
        ],
      ),
      layer([2, 3], [[[2, 2, 3]], [[2, 3]]], { eps: 0.5 }),
      layer([9], [[[2, 9]], [[0, 9]]]),
      layer([1], [[[3, 1], [1], [1]]], { eps: 0.5 }),
      layer(
        [2, 2, 3],
        [
          [
            [2, 2, 2, 3],
            [2, 2, 3],
            [2, 2, 3],
          ],
        ],
      ),
      {
        torch: "F.layer_norm(x, (6,), y)",
        op: (x, weight) => F.layerNorm(x, 6, { weight: weight! }),
        samples: [[[2, 6], [6]]],
      },
      {
        torch: "F.layer_norm(x, (6,), None, y)",
        op: (x, bias) => F.layerNorm(x, 6, { bias: bias! }),
        samples: [[[2, 6], [6]]],
      },
    ],
    refusals: [
      {
        op: (x) => F.layerNorm(x, 5),
        inputs: [[2, 4]],
        error: "layerNorm: expected input [*, 5], got [2, 4]",
      },
      {
        op: (x) => F.layerNorm(x, [2, 4]),
        inputs: [[4]],
        error: "layerNorm: expected input [*, 2, 4], got [4]",
      },
      {
        op: (x) => F.layerNorm(x, []),
        inputs: [[4]],
        error: "layerNorm: expected normalizedShape of at least one dim, got []",
      },
      {
        op: (x, weight) => F.layerNorm(x, [2, 4], { weight: weight! }),
        inputs: [[3, 2, 4], [8]],
        error: "layerNorm: expected weight of shape [2, 4] for input [3, 2, 4], got [8]",
      },
    ],
  },

  {
    ...terms,
    name: "groupNorm",
    calls: [
      group(1, [affine([2, 3, 4]), affine([1, 2, 2, 3]), affine([2, 5])]),
      group(
        2,
        [affine([2, 4, 3]), affine([3, 2, 5]), affine([1, 6]), affine([0, 4, 2])],
        {},
        kinks(WILD, [2, 4, 2], 4),
      ),
      group(2, [affine([3, 2]), affine([2, 4])], { eps: 0.5 }, [
        ...kinks(CONSTANT, [2, 4, 2], 4),
        ...kinks(CONSTANT, [4, 4], 4),
        ...kinks(WILD, [4, 4], 4),
      ]),
      group(3, [affine([2, 3, 2, 2]), affine([2, 18]), affine([2, 27])]),
      group(4, [affine([2, 4, 3])], { eps: 0.5 }),
      group(2, [affine([2, 4, 2])], { eps: 0 }, kinks(FLAT, [2, 4, 2], 4)),
      group(2, [[[2, 4, 3]], [[3, 4]]], { eps: 1e-3 }),
      {
        torch: "F.group_norm(x, 2, y)",
        op: (x, weight) => F.groupNorm(x, 2, { weight: weight! }),
        samples: [
          [[2, 4, 3], [4]],
          [[2, 8], [8]],
        ],
      },
      {
        torch: "F.group_norm(x, 2, torch.ones_like(y), y)",
        op: (x, bias) => F.groupNorm(x, 2, { bias: bias! }),
        samples: [
          [[2, 4, 3], [4]],
          [[2, 8], [8]],
        ],
      },
    ],
    refusals: [
      {
        op: (x) => F.groupNorm(x, 2),
        inputs: [[2, 3]],
        error: "groupNorm: expected groups that divide the 3 channels, got 2",
      },
      {
        op: (x) => F.groupNorm(x, 0),
        inputs: [[2, 3]],
        error: "groupNorm: expected groups that divide the 3 channels, got 0",
      },
      {
        op: (x) => F.groupNorm(x, 2),
        inputs: [[1, 2]],
        error: "groupNorm: expected more than 1 value per group, got input [1, 2]",
      },
      {
        op: (x) => F.groupNorm(x, 2),
        inputs: [[2]],
        error: "groupNorm: expected input [N, C, …] of at least 2 dims, got [2]",
      },
      {
        op: (x, bias) => F.groupNorm(x, 1, { bias: bias! }),
        inputs: [[2, 3], [1]],
        error: "groupNorm: expected bias of shape [3] for input [2, 3], got [1]",
      },
    ],
  },

  {
    ...terms,
    name: "instanceNorm",
    calls: [
      instance([affine([2, 3, 4]), affine([2, 2, 2, 3]), affine([1, 1, 5])], {}, kinks(WILD, [2, 2, 4], 2)),
      instance([affine([2, 2, 3])], { eps: 0.5 }, kinks(CONSTANT, [2, 2, 4], 2)),
      instance([[[2, 3, 4]], [[1, 2, 3, 3]], [[0, 2, 3]]], { eps: 1e-3 }),
      instance([affine([2, 2, 3])], { eps: 0 }, kinks(FLAT, [2, 2, 4], 2)),
      {
        torch: "F.instance_norm(x, y, z, w, use_input_stats=False)",
        op: (x, mean, variance, weight) =>
          F.instanceNorm(x, mean!, variance!, { weight: weight!, useInputStats: false }),
        samples: [
          [[2, 3, 4], ...running(3), [3]],
          [[2, 2, 1], ...running(2), [2]],
        ],
      },
      tracked("instance_norm", F.instanceNorm, "useInputStats", [fixed(2, 3, 4), fixed(3, 2, 2, 2)]),
    ],
    refusals: [
      {
        op: (x) => F.instanceNorm(x),
        inputs: [[2, 3, 1]],
        error: "instanceNorm: expected more than 1 place per channel when training, got input [2, 3, 1]",
      },
      {
        op: (x) => F.instanceNorm(x),
        inputs: [[2, 3]],
        error: "instanceNorm: expected input [N, C, …] of at least 3 dims, got [2, 3]",
      },
      {
        op: (x) => F.instanceNorm(x, null, null, { useInputStats: false }),
        inputs: [[2, 3, 4]],
        error: "instanceNorm: expected runningMean and runningVar, which useInputStats: false uses, got none",
      },
    ],
  },
];
