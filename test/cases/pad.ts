import { F } from "simdgrad";
import type { Call, Row } from "../support/case.js";

/** A call of F.pad, here and in PyTorch. */
function padding(pads: number[], mode: F.PadMode, samples: Call["samples"], value?: number): Call {
  const options = value === undefined ? { mode } : { mode, value };
  const torch = `F.pad(x, ${JSON.stringify(pads)}, "${mode}"${value === undefined ? "" : `, ${value}`})`;
  return { torch, op: (x) => F.pad(x, pads, options), samples };
}

const LINES = [[[2, 3, 5]], [[3, 4]], [[1, 1, 17]], [[0, 2, 4]]];
const PLANES = [[[2, 2, 4, 5]], [[2, 5, 4]], [[1, 1, 3, 18]], [[0, 2, 4, 4]]];
const SPACES = [[[1, 2, 2, 3, 3]], [[2, 3, 2, 3]]];

/** Padding other than by a constant. */
const bordersOf = (mode: F.PadMode): Call[] => [
  padding([2, 1], mode, LINES),
  padding([-1, 2], mode, LINES),
  padding([2, -3], mode, LINES),
  padding([-1, -2], mode, LINES),
  padding([0, 0], mode, LINES),
  padding([1, 1, 1, 1], mode, PLANES),
  padding([3, 0, 1, 2], mode, PLANES),
  padding([0, 0, 2, 1], mode, PLANES),
  padding([-1, 2, 2, -2], mode, PLANES),
  padding([-1, -1, -1, 0], mode, PLANES),
  padding([1, 2, 0, 1, 1, 1], mode, SPACES),
];

const LENGTHS = [[[2, 3, 5]], [[1, 2, 1]], [[0, 2, 3]], [[1, 2, 17]]];
const IMAGES = [[[2, 2, 4, 3]], [[1, 3, 2, 5]], [[1, 2, 7, 17]]];

/** A call of F.interpolate, with the same options in Python. */
function resize(python: string, options: F.InterpolateOptions, samples: Call["samples"]): Call {
  return { torch: `F.interpolate(x, ${python})`, op: (x) => F.interpolate(x, options), samples };
}

/** A mode that weighs neighbours: with alignCorners true, false and left out. */
function weighed(
  mode: F.InterpolateMode,
  python: string,
  options: F.InterpolateOptions,
  samples: Call["samples"],
): Call[] {
  const call = `${python}, mode="${mode}"`;
  return [
    resize(call, { ...options, mode }, samples.slice(0, 1)),
    resize(`${call}, align_corners=False`, { ...options, mode, alignCorners: false }, samples),
    resize(`${call}, align_corners=True`, { ...options, mode, alignCorners: true }, samples),
  ];
}

export const pad: readonly Row[] = [
  {
    name: "pad",
    ulps: 0,
    gradUlps: 4,
    floor: 4,
    calls: [
      {
        torch: "F.pad(x, (1, 2))",
        op: (x) => F.pad(x, [1, 2]),
        samples: [[[5]], [[2, 17]], [[2, 3, 4, 5]], [[0]], [[0, 3]], [[3, 0]]],
        kinks: [[{ values: [Number.NaN, Number.POSITIVE_INFINITY, -0] }]],
      },
      padding([], "constant", [[[]], [[2, 3]]]),
      padding([0, 0], "constant", [[[3]], [[2, 3]]]),
      padding([1, 1, 1, 1], "constant", [[[2, 2, 3, 4]], [[2, 3]], [[1, 0, 4]]], 0.5),
      padding([3, 0, 0, 2], "constant", [[[2, 2, 3, 4]], [[2, 1, 1, 33]]], -1.25),
      padding([0, 0, 2, 1], "constant", [[[2, 2, 3, 4]], [[2, 3]]]),
      padding([0, 0, 0, 0, 1, 2], "constant", [[[2, 2, 3, 4]], [[2, 3, 2]]], 3),
      padding([0, 0, 2, -1, -1, 3], "constant", [[[2, 2, 3, 4]]], 5),
      padding([1, 0, 2, 1, 0, 1, 1, 2], "constant", [[[2, 1, 3, 2]]], 7),
      padding([-1, -2], "constant", [[[5]], [[2, 17]], [[2, 3, 4]], [[3]]]),
      padding([-2, 3, 1, -1], "constant", [[[2, 2, 3, 4]], [[2, 2]]], 2),
      padding([-4, 3], "constant", [[[4]], [[2, 7]]]),
      padding([2, -4], "constant", [[[4]], [[2, 7]]]),
      padding([40, 30], "constant", [[[3, 150]]], 9),
      padding([1, 2], "constant", [[{ shape: [2, 3], dtype: "int32" }], [{ shape: [19], dtype: "bool" }]], -1.5),
      padding([1, 2, 1, 0], "constant", [[{ shape: [2, 17], dtype: "uint8", domain: [0, 256] }]], 200),
      ...bordersOf("reflect"),
      ...bordersOf("replicate"),
      padding([9, 20], "replicate", [[[1, 2, 3]], [[2, 1]]]),
      padding([3, 0], "reflect", [[[1, 2, 4]]]),
      padding([0, 3], "reflect", [[[1, 2, 4]]]),
      padding([-5, 3], "reflect", [[[1, 2, 4]]]),
      padding([3, -5], "replicate", [[[1, 2, 4]]]),
      padding([1, 1], "circular", [[[2, 3, 5]], [[1, 1, 17]], [[1, 2, 1]], [[0, 2, 4]]]),
      padding([3, 1], "circular", [[{ shape: [2, 3, 5], dtype: "int32" }], [{ shape: [1, 2, 3], dtype: "uint8" }]]),
      padding([4, 0], "circular", [[[1, 2, 4]]]),
      padding([0, 4], "circular", [[[1, 2, 4]]]),
      padding([-1, 2], "circular", [[[1, 2, 4]]]),
      padding([-3, -1], "circular", [[[1, 2, 4]], [[1, 2, 5]]]),
      padding([2, 1, 1, 3], "circular", [[[2, 2, 3, 4]]]),
      padding([1, 0, 2, 1, 1, 1], "circular", [[[1, 2, 2, 3, 2]]]),
    ],
    refusals: [
      {
        op: (x) => F.pad(x, [1]),
        inputs: [[2, 3]],
        error:
          "pad: expected a pair of whole numbers for each of at most 2 dims of [2, 3], got [1]. The first pair is for the last dim",
      },
      {
        op: (x) => F.pad(x, [1, 1, 1, 1]),
        inputs: [[3]],
        error:
          "pad: expected a pair of whole numbers for each of at most 1 dims of [3], got [1, 1, 1, 1]. The first pair is for the last dim",
      },
      {
        op: (x) => F.pad(x, [0.5, 1]),
        inputs: [[3]],
        error: "pad: expected pad to be a list of whole numbers, got [0.5, 1]",
      },
      {
        op: (x) => F.pad(x, [3, -5]),
        inputs: [[4]],
        error: "pad: expected to cut at most 4 elements from dim 0 of [4], got [3, -5]",
      },
      {
        op: (x) => F.pad(x, [-2, -3]),
        inputs: [[2, 4]],
        error: "pad: expected to cut at most 4 elements from dim 1 of [2, 4], got [-2, -3]",
      },
      {
        op: (x) => F.pad(x, [1, 1], { mode: "edge" as F.PadMode }),
        inputs: [[2, 4]],
        error: 'pad: expected mode to be "constant", "reflect", "replicate" or "circular", got "edge"',
      },
      {
        op: (x) => F.pad(x, [1, 1], { mode: "reflect", value: 1 }),
        inputs: [[2, 4]],
        error: 'pad: expected a value in mode "constant" only, got 1 in mode "reflect"',
      },
      {
        op: (x) => F.pad(x, [4, 0], { mode: "reflect" }),
        inputs: [[2, 4]],
        error: 'pad: expected at most 3 in mode "reflect", got [4, 0] for dim 1 of [2, 4]',
      },
      {
        op: (x) => F.pad(x, [1, 1, 0, 3], { mode: "reflect" }),
        inputs: [[2, 1, 3, 4]],
        error: 'pad: expected at most 2 in mode "reflect", got [0, 3] for dim 2 of [2, 1, 3, 4]',
      },
      {
        op: (x) => F.pad(x, [5, 0], { mode: "circular" }),
        inputs: [[1, 2, 4]],
        error: 'pad: expected at most 4 in mode "circular", got [5, 0] for dim 2 of [1, 2, 4]',
      },
      {
        op: (x) => F.pad(x, [-2, 3], { mode: "circular" }),
        inputs: [[1, 2, 4]],
        error: 'pad: expected at most 2 in mode "circular", got [-2, 3] for dim 2 of [1, 2, 4]',
      },
      {
        op: (x) => F.pad(x, [2, -5], { mode: "circular" }),
        inputs: [[1, 2, 4]],
        error: "pad: expected to cut at most 4 elements from dim 2 of [1, 2, 4], got [2, -5]",
      },
      {
        op: (x) => F.pad(x, [1, 1], { mode: "circular" }),
        inputs: [[2, 4]],
        error:
          'pad: expected pairs for the 1, 2 or 3 dims after the channels of [N, C, …] in mode "circular", got 1 for input [2, 4]',
      },
      {
        op: (x) => F.pad(x, [1, 1], { mode: "replicate" }),
        inputs: [[1, 2, 3, 4]],
        error:
          'pad: expected pairs for the 1, 2 or 3 dims after the channels of [C, …] or [N, C, …] in mode "replicate", got 1 for input [1, 2, 3, 4]',
      },
      {
        op: (x) => F.pad(x, [-3, -1], { mode: "replicate" }),
        inputs: [[2, 4]],
        error:
          'pad: expected elements to be there before and after in mode "replicate", got [-3, -1] for dim 1 of [2, 4]',
      },
      {
        op: (x) => F.pad(x, [1, 1], { value: 256 }),
        inputs: [{ shape: [3], dtype: "uint8" }],
        error: "pad: expected a number from 0 to 255, which uint8 holds, got 256",
      },
    ],
  },

  {
    name: "interpolate",
    ulps: 4,
    floor: 2,
    calls: [
      resize("size=4", { size: 4 }, LENGTHS),
      resize("size=7", { size: [7] }, LENGTHS),
      resize("scale_factor=2", { scaleFactor: 2 }, [...LENGTHS, ...IMAGES, [[1, 2, 2, 2, 3]]]),
      resize("scale_factor=2.3", { scaleFactor: 2.3 }, [[[2, 3, 11]]]),
      // Rounding decides the source pixel: PyTorch takes others in float64, and others again in gradients.
      ...[2, 6].map((n) => ({
        ...resize("size=82", { size: 82 }, []),
        kinks: [[{ shape: [1, 2, n], grad: false as const }]],
      })),
      { ...resize("scale_factor=1.3", { scaleFactor: 1.3 }, []), kinks: [[{ shape: [1, 2, 3], grad: false }]] },
      resize("scale_factor=3", { scaleFactor: 3 }, [[{ shape: [1, 2, 5], dtype: "uint8", domain: [0, 256] }]]),
      resize("scale_factor=0.4", { scaleFactor: 0.4 }, [[[1, 2, 7]], [[1, 2, 19, 6]]]),
      resize("size=(3, 9)", { size: [3, 9] }, IMAGES),
      resize("size=(11, 2)", { size: [11, 2] }, IMAGES),
      resize("scale_factor=(1.5, 0.5)", { scaleFactor: [1.5, 0.5] }, IMAGES),
      resize("scale_factor=1.7, recompute_scale_factor=True", { scaleFactor: 1.7, recomputeScaleFactor: true }, IMAGES),
      resize("size=(2, 3, 4)", { size: [2, 3, 4] }, [[[1, 2, 3, 3, 3]]]),
      ...weighed("linear", "size=4", { size: 4 }, LENGTHS),
      ...weighed("linear", "size=1", { size: 1 }, LENGTHS),
      ...weighed("linear", "size=13", { size: 13 }, LENGTHS),
      ...weighed("linear", "scale_factor=2.3", { scaleFactor: 2.3 }, LENGTHS),
      ...weighed("linear", "scale_factor=0.4", { scaleFactor: 0.4 }, [[[1, 2, 7]]]),
      ...weighed(
        "linear",
        "scale_factor=1.9, recompute_scale_factor=True",
        { scaleFactor: 1.9, recomputeScaleFactor: true },
        LENGTHS,
      ),
      ...weighed("bilinear", "size=(3, 9)", { size: [3, 9] }, IMAGES),
      ...weighed("bilinear", "size=5", { size: 5 }, [...IMAGES, [[1, 2, 5, 5]], [[0, 2, 3, 3]]]),
      ...weighed("bilinear", "scale_factor=2", { scaleFactor: 2 }, IMAGES),
      ...weighed("bilinear", "scale_factor=(1.3, 0.6)", { scaleFactor: [1.3, 0.6] }, IMAGES),
      ...weighed("trilinear", "size=(3, 2, 5)", { size: [3, 2, 5] }, [[[1, 2, 2, 3, 2]]]),
    ],
    refusals: [
      {
        op: (x) => F.interpolate(x, {}),
        inputs: [[1, 2, 3]],
        error: "interpolate: expected either size or scaleFactor, got neither",
      },
      {
        op: (x) => F.interpolate(x, { size: 4, scaleFactor: 2 }),
        inputs: [[1, 2, 3]],
        error: "interpolate: expected either size or scaleFactor, got both",
      },
      {
        op: (x) => F.interpolate(x, { size: 4, recomputeScaleFactor: true }),
        inputs: [[1, 2, 3]],
        error: "interpolate: expected recomputeScaleFactor beside scaleFactor only, got it beside size",
      },
      {
        op: (x) => F.interpolate(x, { size: [4, 5] }),
        inputs: [[1, 2, 3]],
        error: "interpolate: expected size to be a number or 1 of them for input [1, 2, 3], got [4, 5]",
      },
      {
        op: (x) => F.interpolate(x, { scaleFactor: 0.3 }),
        inputs: [[1, 2, 3]],
        error: "interpolate: expected new sizes of 1 or more, got [0]",
      },
      {
        op: (x) => F.interpolate(x, { size: 4, mode: "bicubic" as F.InterpolateMode }),
        inputs: [[1, 2, 3, 3]],
        error: 'interpolate: expected mode to be "nearest", "linear", "bilinear" or "trilinear", got "bicubic"',
      },
      {
        op: (x) => F.interpolate(x, { size: 4, mode: "bilinear" }),
        inputs: [[1, 2, 3]],
        error: 'interpolate: expected input [N, C, H, W], none of them 0 but N, in mode "bilinear", got [1, 2, 3]',
      },
      {
        op: (x) => F.interpolate(x, { size: 4 }),
        inputs: [[2, 3]],
        error:
          'interpolate: expected input [N, C, L] or [N, C, H, W] or [N, C, D, H, W], none of them 0 but N, in mode "nearest", got [2, 3]',
      },
      {
        op: (x) => F.interpolate(x, { size: 4, mode: "linear" }),
        inputs: [[2, 3, 0]],
        error: 'interpolate: expected input [N, C, L], none of them 0 but N, in mode "linear", got [2, 3, 0]',
      },
      {
        op: (x) => F.interpolate(x, { size: 4, alignCorners: false }),
        inputs: [[2, 3, 4]],
        error: 'interpolate: expected no alignCorners in mode "nearest", got false',
      },
      {
        op: (x) => F.interpolate(x, { size: 4, mode: "linear" }),
        inputs: [{ shape: [2, 3, 4], dtype: "int32" }],
        error: "interpolate: expected a float32 or float64 tensor, got int32. Convert it with .float() or .double()",
      },
    ],
  },
];
