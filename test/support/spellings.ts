/**
 * Random programs of a few calls, and random spellings of their arguments. A program is data, so that PyTorch can run
 * it too.
 */

/** What an argument may be: plain data, or a reference to a tensor of the program. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly tensor: number };

/** A tensor to start from. */
export type Input = { readonly shape: readonly number[]; readonly values: readonly number[]; readonly dtype: string };

/** A call: `name` in camelCase, "F." in front for torch.nn.functional. */
export type Step = {
  readonly name: string;
  /** The arguments by name, in PyTorch's order. */
  readonly args: readonly (readonly [name: string, value: Value])[];
  /** How many of them PyTorch takes by position at most. */
  readonly most: number;
};

export type Program = { readonly inputs: readonly Input[]; readonly steps: readonly Step[] };

/** Numbers of a small generator, the same everywhere. */
export class Dice {
  constructor(private state: number) {}

  /** A whole number in [0, n). */
  below(n: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * n);
  }

  pick<T>(...values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  chance(one: number): boolean {
    return this.below(one) === 0;
  }
}

/** The tensors of a program under way. The first is the one that the next call works on. */
class Draft {
  readonly inputs: Input[] = [];
  readonly steps: Step[] = [];

  constructor(readonly dice: Dice) {}

  /** A new tensor of small numbers. */
  input(shape: readonly number[], { dtype = "float64", low = -2, high = 2 } = {}): Value {
    const size = shape.reduce((a, b) => a * b, 1);
    const whole = dtype !== "float64";
    const values = Array.from({ length: size }, () => {
      const unit = this.dice.below(1 << 12) / (1 << 12);
      return whole ? Math.floor(low + unit * (high - low)) : low + unit * (high - low);
    });
    this.inputs.push({ shape, values, dtype });
    return { tensor: this.inputs.length - 1 };
  }

  /** The result of the last call. */
  get last(): Value {
    return { tensor: -this.steps.length };
  }
}

type Arguments = readonly (readonly [name: string, value: Value])[];
type Maker = (draft: Draft) => { args: Arguments; most?: number };

const d = (draft: Draft): Dice => draft.dice;
const shapes: readonly (readonly number[])[] = [[3], [2, 3], [2, 1, 4], [1], [2, 3, 2]];

/** The first tensor of a program, of any shape. */
const any = (draft: Draft): Value => draft.input(d(draft).pick(...shapes));
const matrix = (draft: Draft): Value => draft.input([2, 3]);
const images = (draft: Draft): Value => draft.input([2, 4, 5, 6]);
const sequences = (draft: Draft): Value => draft.input([2, 4, 7]);
const size = (draft: Draft, low: number, high: number, dims = 2): Value => {
  const one = (): number => low + d(draft).below(high - low + 1);
  return d(draft).chance(3) ? Array.from({ length: dims }, one) : one();
};
const flag = (draft: Draft): boolean => d(draft).chance(2);
const dim = (draft: Draft): number => d(draft).pick(0, 1, -1, -2, 0, 1, 2);
const real = (draft: Draft): number => d(draft).pick(0.1, 0.5, 1, 2, 3);
const reduction = (draft: Draft): string => d(draft).pick("mean", "sum", "none");

/** Calls of one tensor and numbers. */
const unary = (...rest: readonly (readonly [string, (draft: Draft) => Value])[]): Maker => {
  return (draft) => ({ args: [["input", any(draft)], ...rest.map(([name, of]) => [name, of(draft)] as const)] });
};
const reduce = unary(["dim", dim], ["keepdim", flag]);
const pair: Maker = (draft) => ({
  args: [
    ["input", draft.input([2, 3])],
    ["other", d(draft).chance(3) ? real(draft) : draft.input(d(draft).pick([2, 3], [3], [1, 3], [2, 1]))],
  ],
});
const lossPair =
  (low: number, high: number, ...rest: readonly (readonly [string, (draft: Draft) => Value])[]): Maker =>
  (draft) => ({
    args: [
      ["input", draft.input([3, 4], { low, high })],
      ["target", draft.input([3, 4], { low, high })],
      ...rest.map(([name, of]) => [name, of(draft)] as const),
    ],
    most: 2,
  });

/** What makes the arguments of each call. */
const CALLS: Readonly<Record<string, Maker>> = {
  ...Object.fromEntries(
    ["abs", "cos", "exp", "expm1", "sin", "tanh", "sigmoid", "neg", "square", "floor", "ceil", "sign", "erf"].map(
      (name) => [name, unary()],
    ),
  ),
  ...Object.fromEntries(["sum", "mean", "amax", "amin", "prod", "logsumexp"].map((name) => [name, reduce])),
  ...Object.fromEntries(["mul", "maximum", "minimum", "atan2"].map((name) => [name, pair])),
  maximum: (draft) => ({
    args: [
      ["input", matrix(draft)],
      ["other", draft.input([3])],
    ],
  }),
  minimum: (draft) => ({
    args: [
      ["input", matrix(draft)],
      ["other", draft.input([3])],
    ],
  }),
  atan2: (draft) => ({
    args: [
      ["input", matrix(draft)],
      ["other", draft.input([3])],
    ],
  }),
  add: (draft) => ({ args: [...pair(draft).args, ["alpha", real(draft)]], most: 2 }),
  sub: (draft) => ({ args: [...pair(draft).args, ["alpha", real(draft)]], most: 2 }),
  div: (draft) => ({
    args: [...pair(draft).args, ["roundingMode", d(draft).pick(null, "floor", "trunc")]],
    most: 2,
  }),
  var: unary(["dim", dim], ["unbiased", flag], ["keepdim", flag]),
  std: unary(["dim", dim], ["unbiased", flag], ["keepdim", flag]),
  argmax: reduce,
  argmin: reduce,
  cumsum: unary(["dim", dim]),
  norm: unary(["p", real], ["dim", dim], ["keepdim", flag]),
  clamp: unary(["min", (draft) => d(draft).pick(-1, 0, null)], ["max", (draft) => d(draft).pick(0.5, 1)]),
  softmax: unary(["dim", dim]),
  logSoftmax: unary(["dim", dim]),
  transpose: unary(["dim0", dim], ["dim1", dim]),
  unsqueeze: unary(["dim", dim]),
  squeeze: unary(["dim", dim]),
  flatten: unary(["startDim", dim], ["endDim", dim]),
  flip: unary(["dims", (draft) => [dim(draft)]]),
  roll: unary(["shifts", (draft) => d(draft).below(5) - 2], ["dims", (draft) => d(draft).pick(null, 0, -1)]),
  repeatInterleave: unary(
    ["repeats", (draft) => 1 + d(draft).below(3)],
    ["dim", (draft) => d(draft).pick(null, 0, -1)],
  ),
  narrow: unary(["dim", dim], ["start", (draft) => d(draft).below(2)], ["length", (draft) => d(draft).below(3)]),
  movedim: unary(["source", dim], ["destination", dim]),
  tril: (draft) => ({
    args: [
      ["input", matrix(draft)],
      ["diagonal", d(draft).below(3) - 1],
    ],
  }),
  triu: (draft) => ({
    args: [
      ["input", matrix(draft)],
      ["diagonal", d(draft).below(3) - 1],
    ],
  }),
  diagonal: (draft) => ({
    args: [
      ["input", matrix(draft)],
      ["offset", d(draft).below(3) - 1],
      ["dim1", d(draft).pick(0, 1)],
      ["dim2", d(draft).pick(1, -2)],
    ],
  }),
  diag: (draft) => ({
    args: [
      ["input", draft.input(d(draft).pick([3], [2, 3]))],
      ["diagonal", d(draft).below(3) - 1],
    ],
  }),
  matmul: (draft) => ({
    args: [
      ["input", matrix(draft)],
      ["other", draft.input(d(draft).pick([3], [3, 2], [4, 3, 2], [2]))],
    ],
  }),
  mm: (draft) => ({
    args: [
      ["input", matrix(draft)],
      ["mat2", draft.input(d(draft).pick([3, 2], [3, 2], [2, 3]))],
    ],
  }),
  outer: (draft) => ({
    args: [
      ["input", draft.input([3])],
      ["vec2", draft.input([2])],
    ],
  }),
  indexSelect: (draft) => ({
    args: [
      ["input", matrix(draft)],
      ["dim", d(draft).pick(0, 1, -1)],
      ["index", draft.input([3], { dtype: "int32", low: 0, high: 2 })],
    ],
  }),
  gather: (draft) => ({
    args: [
      ["input", matrix(draft)],
      ["dim", d(draft).pick(0, 1)],
      ["index", draft.input([2, 3], { dtype: "int32", low: 0, high: 2 })],
    ],
  }),
  "F.relu": unary(["inplace", () => false]),
  "F.leakyRelu": unary(["negativeSlope", real], ["inplace", () => false]),
  "F.elu": unary(["alpha", real], ["inplace", () => false]),
  "F.hardtanh": unary(["minVal", () => -0.5], ["maxVal", real], ["inplace", () => false]),
  "F.hardshrink": unary(["lambd", real]),
  "F.softplus": unary(["beta", real], ["threshold", (draft) => d(draft).pick(1, 20)]),
  "F.gelu": (draft) => ({
    args: [
      ["input", any(draft)],
      ["approximate", d(draft).pick("none", "tanh")],
    ],
    most: 1,
  }),
  "F.normalize": unary(["p", real], ["dim", dim], ["eps", () => 0.1]),
  "F.cosineSimilarity": (draft) => ({
    args: [
      ["x1", matrix(draft)],
      ["x2", matrix(draft)],
      ["dim", d(draft).pick(0, 1)],
      ["eps", 1e-3],
    ],
  }),
  "F.linear": (draft) => ({
    args: [
      ["input", draft.input(d(draft).pick([3], [2, 3], [2, 2, 3]))],
      ["weight", draft.input([4, 3])],
      ["bias", d(draft).chance(2) ? null : draft.input([4])],
    ],
  }),
  "F.conv2d": (draft) => {
    const groups = d(draft).pick(1, 2);
    return {
      args: [
        ["input", images(draft)],
        ["weight", draft.input([2, 4 / groups, 2, 3])],
        ["bias", d(draft).chance(2) ? null : draft.input([2])],
        ["stride", size(draft, 1, 2)],
        ["padding", d(draft).chance(4) ? "valid" : size(draft, 0, 2)],
        ["dilation", size(draft, 1, 2)],
        ["groups", groups],
      ],
    };
  },
  "F.conv1d": (draft) => ({
    args: [
      ["input", sequences(draft)],
      ["weight", draft.input([2, 4, 3])],
      ["bias", d(draft).chance(2) ? null : draft.input([2])],
      ["stride", size(draft, 1, 2, 1)],
      ["padding", d(draft).chance(4) ? "valid" : size(draft, 0, 2, 1)],
      ["dilation", size(draft, 1, 2, 1)],
      ["groups", 1],
    ],
  }),
  "F.convTranspose2d": (draft) => ({
    args: [
      ["input", images(draft)],
      ["weight", draft.input([4, 2, 2, 3])],
      ["bias", d(draft).chance(2) ? null : draft.input([2])],
      ["stride", 2],
      ["padding", size(draft, 0, 1)],
      ["outputPadding", size(draft, 0, 1)],
      ["groups", 1],
      ["dilation", size(draft, 1, 2)],
    ],
  }),
  "F.maxPool2d": (draft) => ({
    args: [
      ["input", images(draft)],
      ["kernelSize", size(draft, 2, 3)],
      ["stride", d(draft).chance(2) ? null : size(draft, 1, 2)],
      ["padding", size(draft, 0, 1)],
      ["dilation", size(draft, 1, 1)],
      ["ceilMode", flag(draft)],
      ["returnIndices", false],
    ],
  }),
  "F.avgPool2d": (draft) => ({
    args: [
      ["input", images(draft)],
      ["kernelSize", size(draft, 2, 3)],
      ["stride", d(draft).chance(2) ? null : size(draft, 1, 2)],
      ["padding", size(draft, 0, 1)],
      ["ceilMode", flag(draft)],
      ["countIncludePad", flag(draft)],
      ["divisorOverride", d(draft).pick(null, 3)],
    ],
  }),
  "F.adaptiveAvgPool2d": (draft) => ({
    args: [
      ["input", images(draft)],
      ["outputSize", size(draft, 1, 4)],
    ],
  }),
  "F.layerNorm": (draft) => ({
    args: [
      ["input", matrix(draft)],
      ["normalizedShape", [3]],
      ["weight", d(draft).chance(2) ? null : draft.input([3])],
      ["bias", d(draft).chance(2) ? null : draft.input([3])],
      ["eps", 1e-3],
    ],
  }),
  "F.groupNorm": (draft) => ({
    args: [
      ["input", images(draft)],
      ["numGroups", d(draft).pick(1, 2, 4, 3)],
      ["weight", d(draft).chance(2) ? null : draft.input([4])],
      ["bias", d(draft).chance(2) ? null : draft.input([4])],
      ["eps", 1e-3],
    ],
  }),
  "F.batchNorm": (draft) => ({
    args: [
      ["input", images(draft)],
      ["runningMean", draft.input([4])],
      ["runningVar", draft.input([4], { low: 0.5, high: 2 })],
      ["weight", d(draft).chance(2) ? null : draft.input([4])],
      ["bias", d(draft).chance(2) ? null : draft.input([4])],
      ["training", flag(draft)],
      ["momentum", 0.3],
      ["eps", 1e-3],
    ],
  }),
  "F.pad": (draft) => ({
    args: [
      ["input", images(draft)],
      ["pad", d(draft).pick([1, 2], [1, 0, 2, 1])],
      ["mode", d(draft).pick("constant", "constant", "reflect", "replicate")],
      ["value", d(draft).pick(null, 0)],
    ],
  }),
  "F.interpolate": (draft) => {
    const mode = d(draft).pick("nearest", "bilinear");
    const bySize = flag(draft);
    return {
      args: [
        ["input", images(draft)],
        ["size", bySize ? size(draft, 3, 8) : null],
        ["scaleFactor", bySize ? null : 2],
        ["mode", mode],
        ["alignCorners", mode === "nearest" ? null : flag(draft)],
      ],
    };
  },
  "F.mseLoss": lossPair(-2, 2, ["reduction", reduction]),
  "F.l1Loss": lossPair(-2, 2, ["reduction", reduction]),
  "F.smoothL1Loss": lossPair(-2, 2, ["reduction", reduction], ["beta", real]),
  "F.huberLoss": (draft) => ({ ...lossPair(-2, 2, ["reduction", reduction], ["delta", real])(draft), most: 4 }),
  "F.binaryCrossEntropy": (draft) => ({
    args: [
      ...lossPair(0.1, 0.9)(draft).args,
      ["weight", d(draft).chance(2) ? null : draft.input([4], { low: 0, high: 1 })],
      ["reduction", reduction(draft)],
    ],
    most: 3,
  }),
  "F.klDiv": lossPair(
    0.1,
    0.9,
    ["reduction", (draft) => d(draft).pick("batchmean", "sum", "none")],
    ["logTarget", flag],
  ),
  "F.crossEntropy": (draft) => ({
    args: [
      ["input", draft.input([3, 4])],
      ["target", draft.input([3], { dtype: "int32", low: 0, high: 4 })],
      ["weight", d(draft).chance(2) ? null : draft.input([4], { low: 0.5, high: 1 })],
      ["ignoreIndex", 1],
      ["reduction", reduction(draft)],
      ["labelSmoothing", d(draft).pick(0, 0.2)],
    ],
    most: 3,
  }),
  "F.oneHot": (draft) => ({
    args: [
      ["tensor", draft.input([3], { dtype: "int32", low: 0, high: 3 })],
      ["numClasses", d(draft).pick(-1, 3, 5)],
    ],
  }),
  "F.embedding": (draft) => ({
    args: [
      ["input", draft.input([2, 2], { dtype: "int32", low: 0, high: 3 })],
      ["weight", draft.input([3, 2])],
      ["paddingIdx", d(draft).pick(null, 1)],
    ],
  }),
};

/** Calls whose first argument may be the result of another, of any shape of floats. */
const CHAINED = Object.keys(CALLS).filter((name) =>
  /^(abs|cos|exp|sin|tanh|neg|square|sum|mean|amax|var|cumsum|norm|clamp|softmax|transpose|unsqueeze|squeeze|flatten|flip|roll|narrow|F\.(relu|leakyRelu|elu|hardtanh|softplus|gelu))$/.test(
    name,
  ),
);

/** A random program of one to three calls. */
export function randomProgram(seed: number): Program {
  const draft = new Draft(new Dice(seed * 7919 + 17));
  const first = draft.dice.pick(...Object.keys(CALLS));
  const put = (name: string, input: Value | null): void => {
    const { args, most = args.length } = CALLS[name]!(draft);
    draft.steps.push({ name, args: input === null ? args : [[args[0]![0], input], ...args.slice(1)], most });
  };
  put(first, null);
  if (/argm|oneHot/.test(first)) return draft;
  for (let more = draft.dice.below(3); more > 0; more--) put(draft.dice.pick(...CHAINED), draft.last);
  return draft;
}
