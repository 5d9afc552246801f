import { noGrad } from "simdgrad";
import { binary, fewSpecials, type Input, type Refusal, type Row, type Sample, unary } from "../support/case.js";

const NUMBERS = ["float32", "float64", "int32"] as const;

/** The error for operands whose last dims differ. */
const misfit = (name: string, op: Refusal["op"]): Refusal => ({
  op,
  inputs: [[2, 3], [4]],
  error: `${name}: expected shapes that broadcast (equal sizes or 1, counted from the last dim), got [2, 3] and [4], which differ at dim 1 (3 against 4). Reshape one of them with view, unsqueeze or expand`,
});

const ints = (shape: number[], domain: readonly [number, number] = [-9, 10]): Input => ({
  shape,
  domain,
  dtype: "int32",
});

/** Integers with positive and with negative divisors. */
const eitherSign: readonly Sample[] = [
  [ints([7]), ints([7], [1, 5])],
  [ints([7]), ints([7], [-4, 0])],
];

/** No subnormal divisors: where x / y overflows, PyTorch's vector code gives NaN and its scalar code does not. */
const noSubnormal: typeof fewSpecials = (dtype) => fewSpecials(dtype).slice(0, -1);

export const arithmetic: readonly Row[] = [
  binary("add", "x + y", (x, y) => x.add(y), {
    covers: ["add_"],
    inPlace: (x, y) => x.add_(y!),
    ulps: 0,
    dtypes: NUMBERS,
    refusals: [misfit("add", (x, y) => x.add(y!))],
    more: [
      { torch: "x + 3", op: (x) => x.add(3), samples: [[[17]], [[0]]] },
      { torch: "torch.add(x, y, alpha=2)", op: (x, y) => x.add(y!, { alpha: 2 }), samples: [[[3, 1], [4]]] },
      {
        torch: "x + y",
        op: (x, y) => x.add(y!),
        samples: [
          [[5], ints([5])],
          [{ shape: [4], dtype: "bool" }, [4]],
        ],
      },
    ],
  }),

  binary("sub", "x - y", (x, y) => x.sub(y), {
    covers: ["sub_"],
    inPlace: (x, y) => x.sub_(y!),
    ulps: 0,
    dtypes: NUMBERS,
    refusals: [misfit("sub", (x, y) => x.sub(y!))],
    more: [
      { torch: "x - 3", op: (x) => x.sub(3), samples: [[[17]], [[0]]] },
      { torch: "torch.sub(x, y, alpha=2)", op: (x, y) => x.sub(y!, { alpha: 2 }), samples: [[[3, 1], [4]]] },
    ],
  }),

  binary("mul", "x * y", (x, y) => x.mul(y), {
    covers: ["mul_"],
    inPlace: (x, y) => x.mul_(y!),
    ulps: 0,
    gradUlps: 2,
    dtypes: NUMBERS,
    refusals: [misfit("mul", (x, y) => x.mul(y!))],
    more: [
      { torch: "x * -3", op: (x) => x.mul(-3), samples: [[[17]], [[0]]] },
      { torch: "x * x", op: (x) => x.mul(x), samples: [[[5]]] },
    ],
  }),

  binary("div", "x / y", (x, y) => x.div(y), {
    covers: ["div_"],
    inPlace: (x, y) => x.div_(y!),
    ulps: 0,
    gradUlps: 4,
    avoid: [0],
    refusals: [misfit("div", (x, y) => x.div(y!))],
    more: [
      { torch: "x / 3", op: (x) => x.div(3), samples: [[[17]], [[0]]] },
      {
        torch: "x / y",
        op: (x, y) => x.div(y!),
        samples: [
          [ints([5]), ints([5], [1, 9])],
          [[5], ints([5], [1, 9])],
        ],
      },
      {
        torch: "torch.div(x, y, rounding_mode='floor')",
        op: (x, y) => x.div(y!, { roundingMode: "floor" }),
        samples: [
          [[17], [17]],
          [ints([7]), ints([7], [1, 5])],
          [ints([7]), ints([7], [-4, 0])],
        ],
      },
      {
        torch: "torch.div(x, y, rounding_mode='trunc')",
        op: (x, y) => x.div(y!, { roundingMode: "trunc" }),
        samples: [
          [[17], [17]],
          [ints([7]), ints([7], [1, 5])],
          [ints([7]), ints([7], [-4, 0])],
        ],
      },
    ],
  }),

  binary("floorDivide", "torch.floor_divide(x, y)", (x, y) => x.floorDivide(y), {
    ulps: 0,
    points: noSubnormal,
    domain: [-8, 8],
    avoid: [0],
    differentiable: false,
    more: [
      {
        torch: "torch.floor_divide(x, y)",
        op: (x, y) => x.floorDivide(y!),
        samples: eitherSign,
      },
    ],
    refusals: [
      misfit("floorDivide", (x, y) => x.floorDivide(y!)),
      {
        op: (x, y) => x.floorDivide(y!),
        inputs: [ints([2]), { values: [1, 0], dtype: "int32" }],
        error: "floorDivide: expected integer divisors that are not 0, got a 0. Convert to float to get inf and nan",
      },
    ],
  }),

  binary("remainder", "torch.remainder(x, y)", (x, y) => x.remainder(y), {
    ulps: 0,
    points: noSubnormal,
    gradUlps: 4,
    domain: [-8, 8],
    avoid: [0],
    more: [
      {
        torch: "torch.remainder(x, y)",
        op: (x, y) => x.remainder(y!),
        samples: eitherSign,
      },
      { torch: "torch.remainder(x, -3)", op: (x) => x.remainder(-3), samples: [[[17]]] },
    ],
    refusals: [misfit("remainder", (x, y) => x.remainder(y!))],
  }),

  binary("fmod", "torch.fmod(x, y)", (x, y) => x.fmod(y), {
    ulps: 0,
    points: noSubnormal,
    gradUlps: 4,
    domain: [-8, 8],
    avoid: [0],
    more: [
      {
        torch: "torch.fmod(x, y)",
        op: (x, y) => x.fmod(y!),
        samples: eitherSign,
      },
      { torch: "torch.fmod(x, -3)", op: (x) => x.fmod(-3), samples: [[[17]]] },
    ],
    refusals: [misfit("fmod", (x, y) => x.fmod(y!))],
  }),

  binary("maximum", "torch.maximum(x, y)", (x, y) => x.maximum(y), {
    ulps: 0,
    signedZero: false,
    gradUlps: 2,
    dtypes: NUMBERS,
    kinks: [-1, 0, 1],
    refusals: [misfit("maximum", (x, y) => x.maximum(y!))],
  }),

  binary("minimum", "torch.minimum(x, y)", (x, y) => x.minimum(y), {
    ulps: 0,
    signedZero: false,
    gradUlps: 2,
    dtypes: NUMBERS,
    kinks: [-1, 0, 1],
    refusals: [misfit("minimum", (x, y) => x.minimum(y!))],
  }),

  unary("neg", "-x", (x) => x.neg(), { ulps: 0, dtypes: NUMBERS }),

  unary("square", "torch.square(x)", (x) => x.square(), { ulps: 0, gradUlps: 1, dtypes: NUMBERS }),

  unary("clamp", "x.clamp(-1, 0.5)", (x) => x.clamp(-1, 0.5), {
    covers: ["clampMin", "clampMax", "clamp_", "clip"],
    inPlace: (x) => x.clamp_(-1, 0.5),
    ulps: 0,
    avoid: [-1, 0.5],
    kinks: [-1, 0.5],
    more: [
      { torch: "x.clip(-0.5, 1)", op: (x) => x.clip(-0.5, 1), samples: [[[3, 4]]] },
      { torch: "x.clamp(min=0.5)", op: (x) => x.clamp({ min: 0.5 }), samples: [[[17]]], kinks: [[{ values: [0.5] }]] },
      { torch: "x.clamp_min(-1)", op: (x) => x.clampMin(-1), samples: [[[17]]], kinks: [[{ values: [-1] }]] },
      { torch: "x.clamp_max(0.5)", op: (x) => x.clampMax(0.5), samples: [[[17]]], kinks: [[{ values: [0.5] }]] },
      { torch: "x.clamp(y, z)", op: (x, y, z) => x.clamp(y!, z!), samples: [[[3, 4], [4], [3, 1]]] },
      {
        torch: "x.clamp(y, z)",
        op: (x, y, z) => x.clamp(y!, z!),
        samples: [],
        kinks: [[{ values: [1, 2, 3, 1, 2, 5] }, { values: [1, 1, 1, 2, 2, 6] }, { values: [3, 3, 3, 1, 2, 5] }]],
      },
      {
        torch: "x.clamp(min=y)",
        op: (x, y) => x.clamp(y!),
        samples: [[[2, 3], [3]]],
        kinks: [[{ values: [1, 2, 3] }, { values: [1, 3, 3] }]],
      },
      {
        torch: "x.clamp(max=y)",
        op: (x, y) => x.clamp({ max: y! }),
        samples: [[[3], [2, 1]]],
        kinks: [[{ values: [1, 2, 3] }, { values: [1, 1, 3] }]],
      },
      { torch: "x.clamp(2, -2)", op: (x) => x.clamp(2, -2), samples: [[[5]]] },
      { torch: "x.clamp(-2, 3)", op: (x) => x.clamp(-2, 3), samples: [[ints([9])]] },
    ],
    refusals: [
      {
        op: (x) => x.clamp(null, null),
        inputs: [[2]],
        error: "clamp: expected min, max or both, got neither",
      },
    ],
  }),

  unary("fill_", "x.detach().clone().fill_(2.5)", (x) => x.clone().fill_(2.5), {
    covers: ["zero_"],
    inPlace: (x) => x.fill_(2.5),
    ulps: 0,
    differentiable: false,
    more: [{ torch: "x.clone().zero_()", op: (x) => noGrad(() => x.clone().zero_()), samples: [[[17]], [[3, 4]]] }],
  }),
];
