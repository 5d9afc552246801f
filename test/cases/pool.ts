import { F, type Tensor, tensor } from "simdgrad";
import type { Call, Row, Sample } from "../support/case.js";

type Value = number | boolean | null | readonly (number | null)[];
type Options = Readonly<Record<string, Value>>;
type Operation = (x: Tensor, size: number | readonly number[], options?: never) => Tensor | readonly Tensor[];

const python = (value: Value): string => {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value === null || typeof value === "number") return value === null ? "None" : String(value);
  return `(${value.map(python).join(", ")},)`;
};

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A call here and in PyTorch. PyTorch's indices are int64, ours int32. */
const operation =
  (name: string, op: unknown) =>
  (size: Value, options: Options, samples: readonly Sample[], kinks: readonly Sample[] = []): Call => {
    const keywords = Object.entries(options).map(([key, value]) => `, ${snake(key)}=${python(value)}`);
    const call = `F.${name}(x, ${python(size)}${keywords.join("")})`;
    return {
      torch: options.returnIndices ? `[y if y.is_floating_point() else y.int() for y in ${call}]` : call,
      op: (x) => (op as Operation)(x, size as number, options as never),
      samples,
      kinks,
    };
  };

const max1d = operation("max_pool1d", F.maxPool1d);
const max2d = operation("max_pool2d", F.maxPool2d);
const avg1d = operation("avg_pool1d", F.avgPool1d);
const avg2d = operation("avg_pool2d", F.avgPool2d);
const adaptiveAvg1d = operation("adaptive_avg_pool1d", F.adaptiveAvgPool1d);
const adaptiveAvg2d = operation("adaptive_avg_pool2d", F.adaptiveAvgPool2d);
const adaptiveMax1d = operation("adaptive_max_pool1d", F.adaptiveMaxPool1d);
const adaptiveMax2d = operation("adaptive_max_pool2d", F.adaptiveMaxPool2d);

const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY];
const plane = (height: number, values: readonly number[]): Sample => [
  { shape: [1, 1, height, values.length / height], values },
];

/** Elements of an input from their indices. */
const filled = (height: number, width: number, of: (i: number) => number): Sample =>
  plane(
    height,
    Array.from({ length: height * width }, (_, i) => of(i)),
  );

/** Ties, zeros of both signs, NaN, infinities, in vectors of windows and at borders. */
const TIES: readonly Sample[] = [
  filled(5, 11, () => 1),
  filled(5, 11, (i) => (i % 3 === 0 ? 0 : -0)),
  filled(5, 11, (i) => (i % 2 === 0 ? -0 : 0)),
  filled(5, 11, (i) => (i * 7) % 3),
  filled(6, 18, (i) => (i % 5 === 1 ? nan : i)),
  filled(6, 18, (i) => (i % 4 === 0 ? nan : i % 3 === 0 ? inf : -i)),
  filled(5, 11, () => nan),
  filled(5, 11, () => -inf),
  filled(5, 11, (i) => (i % 7 === 0 ? -inf : i % 5 === 0 ? inf : i)),
  filled(6, 18, (i) => -1 - ((i * 13) % 17)),
  filled(6, 18, (i) => -1e30 * ((i * 11) % 7)),
];

/** Planes with sizes around the input of one vector of windows, with and without a batch. */
const PLANES: readonly Sample[] = [[[1, 2, 5, 7]], [[1, 1, 4, 18]]];
const LINES: readonly Sample[] = [[[2, 2, 9]], [[3, 20]], [[1, 1, 6]]];

/** All combinations of kernels, strides, paddings and ceil mode. */
const GRID: readonly (readonly [Value, Options])[] = [
  [2, {}],
  [2, { stride: 1 }],
  [2, { stride: 2, ceilMode: true }],
  [2, { stride: 2, padding: 1 }],
  [2, { stride: 3, padding: 1, ceilMode: true }],
  [3, {}],
  [3, { stride: 1, padding: 1 }],
  [3, { stride: 2 }],
  [3, { stride: 2, padding: 1, ceilMode: true }],
  [3, { stride: 4, padding: 1, ceilMode: true }],
  [1, { stride: 2 }],
  [1, { stride: 3, ceilMode: true }],
  [[2, 3], { stride: [1, 2], padding: [1, 0] }],
  [[3, 2], { stride: [2, 2], padding: [1, 1], ceilMode: true }],
  [[1, 2], { stride: [3, 2], padding: [0, 1] }],
  [[4, 5], { stride: [2, 1], padding: [2, 2] }],
  [[3, 2], { stride: [1, 2], ceilMode: true }],
];

const DILATED: readonly (readonly [Value, Options])[] = [
  [2, { dilation: 2 }],
  [2, { dilation: [2, 1], stride: 2 }],
  [2, { dilation: 3, stride: 1, ceilMode: true }],
  [3, { dilation: 2, padding: 1, stride: 2 }],
  [[2, 3], { dilation: [1, 3], stride: 1, padding: [1, 1] }],
  [[2, 4], { dilation: [3, 2], stride: [2, 3], padding: [0, 2], ceilMode: true }],
];

const one = ([size, options]: readonly [Value, Options]): boolean =>
  typeof size === "number" && Object.values(options).every((value) => typeof value !== "object");

const mean = { ulps: 4, floor: 1 } as const;

export const pool: readonly Row[] = [
  {
    name: "maxPool2d",
    ulps: 0,
    gradUlps: 2,
    calls: [
      ...GRID.map(([size, options], i) => max2d(size, options, PLANES, i === 0 || i === 8 ? TIES : [])),
      ...DILATED.map(([size, options]) => max2d(size, options, [[[2, 1, 7, 8]], [[1, 1, 6, 19]]])),
      max2d(2, { returnIndices: true }, [[[1, 2, 5, 7]], [[1, 2, 10, 10]], [[0, 2, 4, 4]]], TIES),
      max2d(3, { returnIndices: true, stride: 1, padding: 1 }, PLANES, TIES),
      max2d(3, { returnIndices: true, stride: 2, padding: 1, ceilMode: true }, PLANES, TIES),
      max2d([2, 1], { returnIndices: true, stride: 3, dilation: 2 }, [[[1, 2, 5, 7]], [[1, 1, 4, 30]]], TIES),
      max2d([2, 3], { returnIndices: true, stride: [1, 2], dilation: [1, 2], padding: 1 }, [[[2, 2, 5, 18]]], TIES),
      max2d(2, { stride: null }, [[[0, 2, 4, 4]], [[2, 1, 3, 28]], [[2, 5, 6]], [[1, 1, 2, 2]]]),
      max2d(7, {}, [[[1, 1, 7, 7]], [[1, 8, 15]]]),
    ],
    refusals: [
      {
        op: (x) => F.maxPool2d(x, 2),
        inputs: [[5, 5]],
        error: "maxPool2d: expected input [N, C, H, W] or [C, H, W], none of them 0 but N, got [5, 5]",
      },
      {
        op: (x) => F.maxPool2d(x, 2),
        inputs: [[1, 0, 5, 5]],
        error: "maxPool2d: expected input [N, C, H, W] or [C, H, W], none of them 0 but N, got [1, 0, 5, 5]",
      },
      {
        op: (x) => F.maxPool2d(x, 2),
        inputs: [[0, 5, 5]],
        error: "maxPool2d: expected input [N, C, H, W] or [C, H, W], none of them 0 but N, got [0, 5, 5]",
      },
      {
        op: (x) => F.maxPool2d(x, [2, 6]),
        inputs: [[1, 1, 5, 5]],
        error: "maxPool2d: expected a kernel of [2, 6] (dilation [1, 1], padding [0, 0]) that fits input [1, 1, 5, 5]",
      },
      {
        op: (x) => F.maxPool2d(x, 2, { padding: 1, dilation: 3 }),
        inputs: [[1, 1, 2, 2]],
        error: "maxPool2d: expected a kernel of [2, 2] (dilation [3, 3], padding [1, 1]) that fits input [1, 1, 2, 2]",
      },
      {
        op: (x) => F.maxPool2d(x, 3, 2, { padding: 2 }),
        inputs: [[1, 1, 5, 5]],
        error: "maxPool2d: expected padding of at most half the kernel's [3, 3], got [2, 2]",
      },
      {
        op: (x) => F.maxPool2d(x, 0),
        inputs: [[1, 1, 5, 5]],
        error: "maxPool2d: expected kernelSize to be a whole number or 2 of them, at least 1, got 0",
      },
      {
        op: (x) => F.maxPool2d(x, 2, [1, 0]),
        inputs: [[1, 1, 5, 5]],
        error: "maxPool2d: expected stride to be a whole number or 2 of them, at least 1, got [1, 0]",
      },
      {
        op: (x) => F.maxPool2d(x, 2, { padding: -1 }),
        inputs: [[1, 1, 5, 5]],
        error: "maxPool2d: expected padding to be a whole number or 2 of them, at least 0, got -1",
      },
      {
        op: (x) => F.maxPool2d(x, 2, { dilation: 0.5 }),
        inputs: [[1, 1, 5, 5]],
        error: "maxPool2d: expected dilation to be a whole number or 2 of them, at least 1, got 0.5",
      },
      {
        op: (x) => F.maxPool2d(x, 2, 2, { stride: 1 }),
        inputs: [[1, 1, 5, 5]],
        error: "maxPool2d: expected stride once, got it by position and by name",
      },
      {
        op: (x) => Reflect.apply(F.maxPool2d, null, [x, 2, { padding: 1 }, { stride: 1 }]),
        inputs: [[1, 1, 5, 5]],
        error: "maxPool2d: expected stride once, got it by position and by name",
      },
      {
        op: (x) => F.maxPool2d(x, 2),
        inputs: [{ shape: [1, 1, 5, 5], dtype: "int32" }],
        error: "maxPool2d: expected a float32 or float64 tensor, got int32. Convert it with .float() or .double()",
      },
      {
        op: () => Reflect.apply(F.maxPool2d, null, [[[[1]]], 1]),
        inputs: [],
        error: "maxPool2d: expected a tensor as input, got an array. Make it a tensor with tensor(…)",
      },
    ],
  },

  {
    name: "maxPool1d",
    ulps: 0,
    gradUlps: 2,
    calls: [
      ...[...GRID, ...DILATED].filter(one).map(([size, options]) => max1d(size, options, LINES)),
      max1d([2], { stride: [3], padding: [1] }, LINES),
      max1d(3, { stride: 2, padding: 1, returnIndices: true }, LINES, [
        [{ shape: [1, 1, 9], values: [nan, 1, 1, nan, nan, -inf, -inf, -inf, -inf] }],
      ]),
      max1d(2, { ceilMode: true, returnIndices: true }, LINES),
    ],
    refusals: [
      {
        op: (x) => F.maxPool1d(x, 2),
        inputs: [[5]],
        error: "maxPool1d: expected input [N, C, L] or [C, L], none of them 0 but N, got [5]",
      },
      {
        op: (x) => F.maxPool1d(x, [2, 2]),
        inputs: [[1, 5]],
        error: "maxPool1d: expected kernelSize to be a whole number, at least 1, got [2, 2]",
      },
      {
        op: (x) => F.maxPool1d(x, 6),
        inputs: [[1, 5]],
        error: "maxPool1d: expected a kernel of [6] (dilation [1], padding [0]) that fits input [1, 5]",
      },
    ],
  },

  {
    ...mean,
    name: "avgPool2d",
    calls: [
      ...GRID.map(([size, options], i) => avg2d(size, options, PLANES, i === 0 || i === 6 ? TIES.slice(0, 9) : [])),
      ...GRID.filter(([, options]) => options.padding !== undefined).map(([size, options]) =>
        avg2d(size, { ...options, countIncludePad: false }, PLANES),
      ),
      avg2d(3, { stride: 2, padding: 1, divisorOverride: 4 }, PLANES),
      avg2d(2, { divisorOverride: -3, countIncludePad: false }, PLANES),
      avg2d(2, {}, [[[0, 2, 4, 4]], [[2, 1, 3, 28]], [[2, 5, 6]], [[1, 1, 2, 2]]]),
      avg2d(7, {}, [[[1, 1, 7, 7]], [[1, 8, 15]]]),
    ],
    refusals: [
      {
        op: (x) => F.avgPool2d(x, 2, { divisorOverride: 0 }),
        inputs: [[1, 1, 5, 5]],
        error: "avgPool2d: expected divisorOverride to be a whole number other than 0, or null, got 0",
      },
      {
        op: (x) => F.avgPool2d(x, 6, 1),
        inputs: [[1, 1, 5, 7]],
        error: "avgPool2d: expected a kernel of [6, 6] (dilation [1, 1], padding [0, 0]) that fits input [1, 1, 5, 7]",
      },
      {
        op: (x) => F.avgPool2d(x, 2, 2, { padding: [1, 2] }),
        inputs: [[1, 1, 5, 7]],
        error: "avgPool2d: expected padding of at most half the kernel's [2, 2], got [1, 2]",
      },
      {
        op: (x) => F.avgPool2d(x, 2),
        inputs: [[2, 2, 2, 2, 2]],
        error: "avgPool2d: expected input [N, C, H, W] or [C, H, W], none of them 0 but N, got [2, 2, 2, 2, 2]",
      },
      {
        op: (x) => F.avgPool2d(x, 2),
        inputs: [{ shape: [1, 2, 2], dtype: "int32" }],
        error: "avgPool2d: expected a float32 or float64 tensor, got int32. Convert it with .float() or .double()",
      },
    ],
  },

  {
    ...mean,
    name: "avgPool1d",
    calls: [
      ...GRID.filter(one).map(([size, options]) => avg1d(size, options, LINES)),
      avg1d(3, { stride: 2, padding: 1, ceilMode: true, countIncludePad: false }, LINES),
      avg1d([4], { stride: [3], padding: [2] }, LINES),
    ],
    refusals: [
      {
        op: (x) => F.avgPool1d(x, 2),
        inputs: [[1, 2, 3, 4]],
        error: "avgPool1d: expected input [N, C, L] or [C, L], none of them 0 but N, got [1, 2, 3, 4]",
      },
    ],
  },

  {
    ...mean,
    name: "adaptiveAvgPool2d",
    calls: [
      adaptiveAvg2d(1, {}, [...PLANES, [[2, 2, 8, 9]], [[0, 2, 3, 3]]], TIES.slice(0, 9)),
      adaptiveAvg2d([1, 2], {}, PLANES),
      adaptiveAvg2d(3, {}, [...PLANES, [[1, 2, 6, 12]]], TIES.slice(0, 9)),
      adaptiveAvg2d([2, 6], {}, [...PLANES, [[2, 4, 12]]]),
      adaptiveAvg2d([7, 5], {}, PLANES),
      adaptiveAvg2d([null, 3], {}, PLANES),
      adaptiveAvg2d([4, null], {}, PLANES),
      adaptiveAvg2d([0, 2], {}, [[{ shape: [1, 2, 4, 4], grad: false }]]),
    ],
    refusals: [
      {
        op: (x) => F.adaptiveAvgPool2d(x, [2, -1]),
        inputs: [[1, 2, 4, 4]],
        error:
          "adaptiveAvgPool2d: expected outputSize to be a whole number of at least 0, or one or null for each dim, got [2, -1]",
      },
      {
        op: (x) => F.adaptiveAvgPool2d(x, [2]),
        inputs: [[1, 2, 4, 4]],
        error:
          "adaptiveAvgPool2d: expected outputSize to be a whole number or 2 of them (or null), at least 0, got [2]",
      },
      {
        op: (x) => Reflect.apply(F.adaptiveAvgPool2d, null, [x, null]),
        inputs: [[1, 2, 4, 4]],
        error:
          "adaptiveAvgPool2d: expected outputSize to be a whole number of at least 0, or one or null for each dim, got null",
      },
      {
        op: (x) => F.adaptiveAvgPool2d(x, 2),
        inputs: [[4, 4]],
        error: "adaptiveAvgPool2d: expected input [N, C, H, W] or [C, H, W], none of them 0 but N, got [4, 4]",
      },
      {
        op: (x) => F.adaptiveAvgPool2d(x, 1),
        inputs: [{ shape: [1, 2, 4, 4], dtype: "int32" }],
        error: /^adaptiveAvgPool2d: expected a float32 or float64 tensor, got int32/,
      },
    ],
  },

  {
    ...mean,
    name: "adaptiveAvgPool1d",
    calls: [1, 3, 4, 11].map((size) => adaptiveAvg1d(size, {}, LINES)),
    refusals: [
      {
        op: (x) => F.adaptiveAvgPool1d(x, [2, 2]),
        inputs: [[2, 4]],
        error: "adaptiveAvgPool1d: expected outputSize to be a whole number, at least 0, got [2, 2]",
      },
    ],
  },

  {
    name: "adaptiveMaxPool2d",
    ulps: 0,
    gradUlps: 2,
    calls: [
      adaptiveMax2d(1, {}, [...PLANES, [[0, 2, 3, 3]]], TIES),
      adaptiveMax2d(3, { returnIndices: true }, [...PLANES, [[1, 2, 6, 12]]], TIES),
      adaptiveMax2d([2, 6], {}, [...PLANES, [[2, 4, 12]]], TIES),
      adaptiveMax2d([7, 5], {}, PLANES),
      adaptiveMax2d([null, 3], {}, PLANES),
      adaptiveMax2d([3, 0], {}, [[{ shape: [1, 2, 4, 4], grad: false }]]),
    ],
    refusals: [
      {
        op: (x) => F.adaptiveMaxPool2d(x, 1.5),
        inputs: [[1, 2, 4, 4]],
        error:
          "adaptiveMaxPool2d: expected outputSize to be a whole number of at least 0, or one or null for each dim, got 1.5",
      },
    ],
  },

  {
    name: "adaptiveMaxPool1d",
    ulps: 0,
    gradUlps: 2,
    calls: [
      ...[1, 4, 11].map((size) => adaptiveMax1d(size, {}, LINES)),
      adaptiveMax1d(3, { returnIndices: true }, LINES),
    ],
  },

  {
    name: "maxUnpool2d",
    ulps: 0,
    calls: [
      {
        torch: "F.max_unpool2d(x, y.long(), 2)",
        op: (x, y) => F.maxUnpool2d(x, y!, 2),
        samples: [
          [[1, 2, 1, 2], { shape: [1, 2, 1, 2], values: [5, 2, 0, 7], dtype: "int32" }],
          [[2, 1, 1], { shape: [2, 1, 1], values: [3, 1], dtype: "int32" }],
          [[0, 1, 2, 2], { shape: [0, 1, 2, 2], values: [], dtype: "int32" }],
        ],
      },
      {
        torch: "F.max_unpool2d(x, y.long(), (3, 2), stride=(2, 3), padding=(1, 0), output_size=(4, 6))",
        op: (x, y) => F.maxUnpool2d(x, y!, [3, 2], { stride: [2, 3], padding: [1, 0], outputSize: [4, 6] }),
        samples: [[[1, 1, 2, 2], { shape: [1, 1, 2, 2], values: [8, 22, 12, 23], dtype: "int32" }]],
      },
      {
        torch: "F.max_unpool2d(x, y.long(), 2, 1, output_size=(1, 2, 3, 3))",
        op: (x, y) => F.maxUnpool2d(x, y!, 2, 1, { outputSize: [1, 2, 3, 3] }),
        samples: [[[1, 2, 2, 2], { shape: [1, 2, 2, 2], values: [0, 1, 8, 2, 6, 7, 3, 4], dtype: "int32" }]],
      },
    ],
    refusals: [
      {
        op: (x) => F.maxUnpool2d(x, tensor([[[4]]], { dtype: "int32" }), 2),
        inputs: [[1, 1, 1]],
        error: "maxUnpool2d: expected indices in [0, 3], got 4 at position 0",
      },
      {
        op: (x, y) => F.maxUnpool2d(x, y!, 2),
        inputs: [[1, 1, 1], { shape: [1, 1, 2], dtype: "int32", domain: [0, 1] }],
        error: "maxUnpool2d: expected indices of [1, 1, 1], got [1, 1, 2]",
      },
      {
        op: (x, y) => F.maxUnpool2d(x, y!, 2, { outputSize: [2, 4] }),
        inputs: [[1, 1, 1], { shape: [1, 1, 1], dtype: "int32", domain: [0, 1] }],
        error: "maxUnpool2d: expected an outputSize less than [2, 2] away from [2, 2], got [2, 4]",
      },
      {
        op: (x, y) => F.maxUnpool2d(x, y!, 2, { padding: 1 }),
        inputs: [[1, 1, 1], { shape: [1, 1, 1], dtype: "int32", domain: [0, 1] }],
        error: "maxUnpool2d: expected an outputSize less than [2, 2] away from [0, 0], got none",
      },
      {
        op: (x, y) => F.maxUnpool2d(x, y!, 2),
        inputs: [
          [1, 1, 1],
          [1, 1, 1],
        ],
        error: /^maxUnpool2d: expected int32 indices, got float/,
      },
    ],
  },

  {
    name: "maxUnpool1d",
    ulps: 0,
    calls: [
      {
        torch: "F.max_unpool1d(x, y.long(), 3, 2, padding=1, output_size=(6,))",
        op: (x, y) => F.maxUnpool1d(x, y!, 3, 2, { padding: 1, outputSize: [6] }),
        samples: [
          [[1, 2, 3], { shape: [1, 2, 3], values: [0, 2, 5, 1, 3, 4], dtype: "int32" }],
          [[1, 3], { shape: [1, 3], values: [5, 2, 0], dtype: "int32" }],
        ],
      },
    ],
  },
];
