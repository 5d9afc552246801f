/**
 * One right call for each public function and class of the core: its arguments by name, in PyTorch's order. What
 * PyTorch takes by keyword alone stands in `$`. Tests try each call in other spellings, and with wrong arguments.
 */
import { Generator, getRngState, nn, ones, type Tensor, tensor, zeros } from "simdgrad";

/** Arguments by name, in order. */
export type Sample = { readonly [name: string]: unknown };

/** Makes the arguments anew: a call may write into them. */
type Make = () => Sample;

const matrix = (): Tensor =>
  tensor([
    [1, -2, 3],
    [4, 5, -6],
  ]);
const positive = (): Tensor =>
  tensor([
    [0.1, 0.7, 0.3],
    [0.4, 0.5, 0.6],
  ]);
const row = (): Tensor => tensor([1, 2, -3]);
const truth = (): Tensor => tensor([true, false, true]);
const index = (...at: number[]): Tensor => tensor(at, { dtype: "int32" });
const images = (): Tensor =>
  tensor(
    Float32Array.from({ length: 32 }, (_, i) => ((i * 7) % 11) - 4),
    { shape: [1, 2, 4, 4] },
  );
const sequences = (): Tensor =>
  tensor(
    Float32Array.from({ length: 12 }, (_, i) => ((i * 5) % 7) - 3),
    { shape: [1, 2, 6] },
  );
const generator = (): Generator => new Generator().manualSeed(1);

const one: Make = () => ({ input: matrix() });
const pair: Make = () => ({ input: matrix(), other: row() });
const reduced: Make = () => ({ input: matrix(), dim: 1, keepdim: true });
const inPlace: Make = () => ({ input: matrix(), inplace: false });
const spread: Make = () => ({ input: matrix(), dim: 1, unbiased: false, keepdim: true });
const along: Make = () => ({ input: matrix(), dim: 0 });
const made = { dtype: "float64", requiresGrad: true } as const;
const drawn = (): Sample => ({ ...made, generator: generator() });

/** The same call for many names. */
const each = (names: string, make: Make): Record<string, Make> =>
  Object.fromEntries(names.split(" ").map((name) => [name, make]));

const tensors: Record<string, Make> = {
  ...each(
    "abs ceil cos erf exp expm1 floor log log10 log1p log2 neg reciprocal round rsqrt sign sin sqrt square tan tanh trunc sigmoid isnan isinf isfinite logicalNot nonzero trace t clone contiguous detach zero_",
    one,
  ),
  trace: () => ({ input: matrix() }),
  ...each("mul floorDivide remainder fmod maximum minimum atan2 eq ne lt le gt ge equal", pair),
  ...each("logicalAnd logicalOr logicalXor", pair),
  ...each("mul_ expandAs", pair),
  expandAs: () => ({ input: row(), other: matrix() }),
  viewAs: () => ({ input: matrix(), other: zeros(3, 2) }),
  reshapeAs: () => ({ input: matrix(), other: zeros(3, 2) }),
  ...each("add sub add_ sub_", () => ({ input: matrix(), other: row(), $: { alpha: 2 } })),
  ...each("div div_", () => ({ input: matrix(), other: row(), $: { roundingMode: "floor" } })),
  relu: inPlace,
  pow: () => ({ input: matrix(), exponent: row() }),
  ...each("isclose allclose", () => ({ input: matrix(), other: row(), rtol: 0.5, atol: 1, equalNan: true })),
  ...each("clamp clamp_ clip", () => ({ input: matrix(), min: -1, max: 2 })),
  clampMin: () => ({ input: matrix(), min: -1 }),
  clampMax: () => ({ input: matrix(), max: 2 }),
  fill_: () => ({ input: matrix(), value: 3 }),
  ...each("maskedFill maskedFill_", () => ({ input: matrix(), mask: truth(), value: 3 })),
  maskedSelect: () => ({ input: matrix(), mask: truth() }),
  where: () => ({ condition: truth(), input: matrix(), other: 0 }),
  ...each("sum mean prod amax amin any all logsumexp argmax argmin max min", reduced),
  sum: () => ({ input: matrix(), dim: 1, keepdim: true, $: { dtype: "float64" } }),
  ...each("var std", spread),
  countNonzero: along,
  cumsum: along,
  norm: () => ({ input: matrix(), p: 3, dim: 1, keepdim: true }),
  ...each("softmax logSoftmax", along),
  sort: () => ({ input: matrix(), dim: 0, descending: true, stable: true }),
  argsort: () => ({ input: matrix(), dim: 0, descending: true }),
  topk: () => ({ input: matrix(), k: 1, dim: 0, largest: false, sorted: true }),
  matmul: () => ({ input: matrix(), other: row() }),
  mm: () => ({ input: matrix(), mat2: ones(3, 2) }),
  bmm: () => ({ input: ones(2, 3, 4), mat2: ones(2, 4, 1) }),
  mv: () => ({ input: matrix(), vec: row() }),
  dot: () => ({ input: row(), other: row() }),
  outer: () => ({ input: row(), vec2: row() }),
  einsum: () => ({ equation: "ij,j->i", operands: [matrix(), row()] }),
  diag: () => ({ input: row(), diagonal: 1 }),
  diagonal: () => ({ input: matrix(), offset: 1, dim1: 1, dim2: 0 }),
  ...each("tril triu", () => ({ input: matrix(), diagonal: 1 })),
  view: () => ({ input: matrix(), size: [3, 2] }),
  reshape: () => ({ input: matrix(), shape: [3, 2] }),
  ...each("expand broadcastTo", () => ({ input: row(), size: [2, 3] })),
  permute: () => ({ input: matrix(), dims: [1, 0] }),
  transpose: () => ({ input: matrix(), dim0: 0, dim1: 1 }),
  squeeze: () => ({ input: ones(1, 3, 1), dim: 0 }),
  unsqueeze: () => ({ input: matrix(), dim: 1 }),
  flatten: () => ({ input: ones(2, 3, 4), startDim: 1, endDim: 2 }),
  unflatten: () => ({ input: matrix(), dim: 1, sizes: [3, 1] }),
  movedim: () => ({ input: ones(2, 3, 4), source: 0, destination: 2 }),
  flip: () => ({ input: matrix(), dims: [0] }),
  narrow: () => ({ input: matrix(), dim: 1, start: 1, length: 2 }),
  slice: () => ({ input: matrix(), dim: 1, start: 0, stop: 3, step: 2 }),
  select: () => ({ input: matrix(), dim: 1, index: 2 }),
  split: () => ({ tensor: matrix(), splitSizeOrSections: 2, dim: 1 }),
  chunk: () => ({ input: matrix(), chunks: 2, dim: 1 }),
  unbind: () => ({ input: matrix(), dim: 1 }),
  ...each("cat stack", () => ({ tensors: [matrix(), matrix()], dim: 1 })),
  repeat: () => ({ input: matrix(), repeats: [2, 1] }),
  tile: () => ({ input: matrix(), dims: [2] }),
  repeatInterleave: () => ({ input: matrix(), repeats: 2, dim: 1 }),
  roll: () => ({ input: matrix(), shifts: 1, dims: 1 }),
  meshgrid: () => ({ tensors: [row(), row()], $: { indexing: "xy" } }),
  indexSelect: () => ({ input: matrix(), dim: 1, index: index(0, 2) }),
  indexAdd: () => ({ input: matrix(), dim: 1, index: index(0, 2), source: ones(2, 2), $: { alpha: 2 } }),
  gather: () => ({ input: matrix(), dim: 0, index: tensor([[0, 1, 0]], { dtype: "int32" }) }),
  scatter: () => ({ input: matrix(), dim: 0, index: tensor([[0, 1, 0]], { dtype: "int32" }), src: ones(1, 3) }),
  scatterAdd: () => ({ input: matrix(), dim: 0, index: tensor([[0, 1, 0]], { dtype: "int32" }), src: ones(1, 3) }),
  indexPut_: () => ({ input: matrix(), indices: [0, ":"], values: 3, accumulate: true }),
  copy_: () => ({ input: matrix(), src: row() }),
};

const factories: Record<string, Make> = {
  tensor: () => ({ data: [1, 2], $: made }),
  full: () => ({ size: [2], fillValue: 3, $: made }),
  ...each("zeros ones empty", () => ({ size: [2, 3], $: made })),
  ...each("zerosLike onesLike emptyLike", () => ({ input: matrix(), $: made })),
  fullLike: () => ({ input: matrix(), fillValue: 3, $: made }),
  eye: () => ({ n: 2, m: 3, $: made }),
  arange: () => ({ start: 1, end: 9, step: 2, $: made }),
  linspace: () => ({ start: 1, end: 9, steps: 3, $: made }),
  ...each("rand randn", () => ({ size: [2, 3], $: drawn() })),
  ...each("randLike randnLike", () => ({ input: matrix(), $: drawn() })),
  randint: () => ({ low: 1, high: 9, size: [2, 3], $: drawn() }),
  randperm: () => ({ n: 5, $: { generator: generator() } }),
  bernoulli: () => ({ input: positive(), $: { generator: generator() } }),
  normal: () => ({ mean: 1, std: 2, size: [3], $: drawn() }),
};

const leaf = (): Tensor => tensor([1, 2], { dtype: "float64", requiresGrad: true });
const square = (x: Tensor): Tensor => x.mul(x);
const body = { body: () => 3, $positional: true, $takes: ["a function"] } as const;

const autograd: Record<string, Make> = {
  backward: () => ({
    tensor: leaf().mul(2),
    gradient: tensor([1, 1], { dtype: "float64" }),
    retainGraph: true,
    createGraph: false,
    inputs: null,
  }),
  grad: () => {
    const x = leaf();
    return {
      outputs: x.mul(2).sum(),
      inputs: x,
      gradOutputs: null,
      retainGraph: true,
      createGraph: false,
      onlyInputs: true,
      allowUnused: true,
    };
  },
  gradcheck: () => ({ func: square, inputs: leaf(), $: { eps: 1e-6, atol: 1e-4, rtol: 1e-3, raiseException: true } }),
  gradgradcheck: () => ({ func: square, inputs: leaf(), gradOutputs: null, $: { atol: 1e-4 } }),
  defineFunction: () => ({
    definition: { name: "f", forward: (_: unknown, x: Tensor) => x.mul(2), backward: (_: unknown, g: Tensor) => g },
    $positional: true,
  }),
  ...each("noGrad enableGrad detectAnomaly scope", () => body),
  keep: () => ({ tensor: matrix(), $positional: true }),
  memory: () => ({}),
  ...each("resetPeakMemory isGradEnabled getDefaultDtype getNumThreads getRngState initialSeed", () => ({})),
  setDefaultDtype: () => ({ d: "float32" }),
  manualSeed: () => ({ seed: 3 }),
  setRngState: () => ({ newState: getRngState() }),
};

const reduction = { $: { reduction: "sum" } } as const;
const loss: Make = () => ({ input: positive(), target: positive(), ...reduction });
const pooling = { kernelSize: 2, stride: 1, padding: 1 } as const;
const normed = (): Sample => ({ weight: tensor([1, 2]), bias: tensor([3, 4]) });
const running = (): Sample => ({ runningMean: zeros(2), runningVar: ones(2) });

const functional: Record<string, Make> = {
  ...each("relu relu6 selu silu mish hardsigmoid hardswish", inPlace),
  ...each("bentIdentity logsigmoid sigmoid softsign tanh", one),
  leakyRelu: () => ({ input: matrix(), negativeSlope: 0.2, inplace: false }),
  elu: () => ({ input: matrix(), alpha: 2, inplace: false }),
  gelu: () => ({ input: matrix(), $: { approximate: "tanh" } }),
  softplus: () => ({ input: matrix(), beta: 2, threshold: 3 }),
  hardtanh: () => ({ input: matrix(), minVal: -3, maxVal: 2, inplace: false }),
  hardshrink: () => ({ input: matrix(), lambd: 2 }),
  prelu: () => ({ input: matrix(), weight: tensor([0.5]) }),
  softExponential: () => ({ input: matrix(), alpha: 0.5 }),
  ...each("softmax softmin logSoftmax", along),
  normalize: () => ({ input: matrix(), p: 3, dim: 0, eps: 2 }),
  cosineSimilarity: () => ({ x1: matrix(), x2: matrix(), dim: 0, eps: 2 }),
  linear: () => ({ input: matrix(), weight: ones(2, 3), bias: zeros(2) }),
  conv2d: () => ({
    input: images(),
    weight: ones(2, 1, 2, 2),
    bias: ones(2),
    stride: 2,
    padding: 1,
    dilation: 1,
    groups: 2,
  }),
  conv1d: () => ({
    input: sequences(),
    weight: ones(2, 1, 2),
    bias: ones(2),
    stride: 2,
    padding: 1,
    dilation: 1,
    groups: 2,
  }),
  convTranspose2d: () => ({
    input: images(),
    weight: ones(2, 1, 2, 2),
    bias: ones(2),
    stride: 2,
    padding: 1,
    outputPadding: 1,
    groups: 2,
    dilation: 1,
  }),
  convTranspose1d: () => ({
    input: sequences(),
    weight: ones(2, 1, 2),
    bias: ones(2),
    stride: 2,
    padding: 1,
    outputPadding: 1,
    groups: 2,
    dilation: 1,
  }),
  maxPool2d: () => ({ input: images(), ...pooling, dilation: 1, ceilMode: true, returnIndices: true }),
  maxPool1d: () => ({ input: sequences(), ...pooling, dilation: 1, ceilMode: true, returnIndices: true }),
  avgPool2d: () => ({ input: images(), ...pooling, ceilMode: true, countIncludePad: false, divisorOverride: 3 }),
  avgPool1d: () => ({ input: sequences(), ...pooling, ceilMode: true, countIncludePad: false }),
  adaptiveAvgPool2d: () => ({ input: images(), outputSize: [3, null] }),
  adaptiveAvgPool1d: () => ({ input: sequences(), outputSize: 4 }),
  adaptiveMaxPool2d: () => ({ input: images(), outputSize: [3, null], returnIndices: true }),
  adaptiveMaxPool1d: () => ({ input: sequences(), outputSize: 4, returnIndices: true }),
  maxUnpool2d: () => ({
    input: tensor([[[5]]]),
    indices: tensor([[[3]]], { dtype: "int32" }),
    kernelSize: 2,
    stride: 2,
    padding: 0,
    outputSize: [3, 3],
  }),
  maxUnpool1d: () => ({
    input: tensor([[5]]),
    indices: tensor([[1]], { dtype: "int32" }),
    kernelSize: 2,
    stride: 2,
    padding: 0,
    outputSize: [3],
  }),
  embedding: () => ({
    input: index(1, 0),
    weight: ones(3, 2),
    paddingIdx: 1,
    maxNorm: 1,
    normType: 1,
    scaleGradByFreq: false,
    sparse: false,
  }),
  oneHot: () => ({ tensor: index(1, 0), numClasses: 3 }),
  batchNorm: () => ({ input: images(), ...running(), ...normed(), training: true, momentum: 0.5, eps: 0.1 }),
  instanceNorm: () => ({ input: images(), ...running(), ...normed(), useInputStats: false, momentum: 0.5, eps: 0.1 }),
  layerNorm: () => ({ input: ones(3, 2), normalizedShape: [2], ...normed(), eps: 0.1 }),
  groupNorm: () => ({ input: images(), numGroups: 2, ...normed(), eps: 0.1 }),
  pad: () => ({ input: matrix(), pad: [1, 0], mode: "constant", value: 5 }),
  interpolate: () => ({
    input: images(),
    size: null,
    scaleFactor: 2,
    mode: "bilinear",
    alignCorners: true,
    recomputeScaleFactor: true,
    antialias: false,
  }),
  pixelShuffle: () => ({ input: ones(4, 2, 2), upscaleFactor: 2 }),
  pixelUnshuffle: () => ({ input: ones(1, 2, 2), downscaleFactor: 2 }),
  ...each("dropout alphaDropout dropout1d", () => ({
    input: matrix(),
    p: 0.4,
    training: true,
    inplace: false,
    $: { generator: generator() },
  })),
  dropout2d: () => ({ input: images(), p: 0.4, training: true, inplace: false, $: { generator: generator() } }),
  ...each("mseLoss l1Loss", loss),
  smoothL1Loss: () => ({ input: positive(), target: positive(), $: { reduction: "sum", beta: 0.2 } }),
  huberLoss: () => ({ input: positive(), target: positive(), reduction: "sum", delta: 0.2 }),
  klDiv: () => ({ input: positive(), target: positive(), $: { reduction: "sum", logTarget: true } }),
  binaryCrossEntropy: () => ({ input: positive(), target: positive(), weight: ones(3), ...reduction }),
  binaryCrossEntropyWithLogits: () => ({
    input: positive(),
    target: positive(),
    weight: ones(3),
    $: { reduction: "sum", posWeight: ones(3) },
  }),
  nllLoss: () => ({ input: positive(), target: index(0, 2), weight: ones(3), $: { reduction: "sum", ignoreIndex: 2 } }),
  crossEntropy: () => ({
    input: positive(),
    target: index(0, 2),
    weight: ones(3),
    $: { ignoreIndex: 2, reduction: "sum", labelSmoothing: 0.1 },
  }),
  softMarginLoss: loss,
};

const drawnInto =
  (rest: Sample): Make =>
  () => ({ tensor: zeros(3, 2), ...rest, $: { generator: generator() } });
const kaiming = drawnInto({ a: 1, mode: "fan_out", nonlinearity: "relu" });

const init: Record<string, Make> = {
  uniform_: drawnInto({ a: 1, b: 2 }),
  normal_: drawnInto({ mean: 1, std: 2 }),
  constant_: () => ({ tensor: zeros(3, 2), val: 4 }),
  ...each("ones_ zeros_ eye_", () => ({ tensor: zeros(3, 2) })),
  ...each("xavierUniform_ xavierNormal_ orthogonal_", drawnInto({ gain: 2 })),
  ...each("kaimingUniform_ kaimingNormal_", kaiming),
  truncNormal_: drawnInto({ mean: 1, std: 2, a: 0, b: 2 }),
  calculateGain: () => ({ nonlinearity: "leaky_relu", param: 0.2 }),
  calculateFanInAndFanOut: () => ({ tensor: zeros(3, 2) }),
};

const affine = { eps: 0.1, momentum: 0.5, affine: true, trackRunningStats: true, $: { dtype: "float64" } };
const convolution = { inChannels: 2, outChannels: 2, kernelSize: 2, stride: 2 };

const layers: Record<string, Make> = {
  ...each("ReLU ReLU6 SELU SiLU Mish Hardsigmoid Hardswish", () => ({ inplace: false })),
  ...each("Softsign Tanh Sigmoid LogSigmoid BentIdentity", () => ({})),
  LeakyReLU: () => ({ negativeSlope: 0.2, inplace: false }),
  ELU: () => ({ alpha: 2, inplace: false }),
  GELU: () => ({ approximate: "tanh" }),
  Softplus: () => ({ beta: 2, threshold: 3 }),
  Hardtanh: () => ({ minVal: -3, maxVal: 2, inplace: false }),
  Hardshrink: () => ({ lambd: 2 }),
  PReLU: () => ({ numParameters: 2, init: 0.5, $: { dtype: "float64" } }),
  SoftExponential: () => ({ alpha: 0.5, $: { dtype: "float64" } }),
  ...each("Softmax Softmin LogSoftmax", () => ({ dim: 1 })),
  CosineSimilarity: () => ({ dim: 0, eps: 2 }),
  Linear: () => ({ inFeatures: 3, outFeatures: 2, bias: false, $: { dtype: "float64" } }),
  ...each("Conv1d Conv2d", () => ({
    ...convolution,
    padding: 1,
    dilation: 1,
    groups: 2,
    bias: false,
    paddingMode: "reflect",
    $: { dtype: "float64" },
  })),
  ...each("ConvTranspose1d ConvTranspose2d", () => ({
    ...convolution,
    padding: 1,
    outputPadding: 1,
    groups: 2,
    bias: false,
    dilation: 1,
    $: { dtype: "float64" },
  })),
  ...each("MaxPool1d MaxPool2d", () => ({ ...pooling, dilation: 1, returnIndices: true, ceilMode: true })),
  AvgPool1d: () => ({ ...pooling, ceilMode: true, countIncludePad: false }),
  AvgPool2d: () => ({ ...pooling, ceilMode: true, countIncludePad: false, divisorOverride: 3 }),
  ...each("AdaptiveAvgPool1d AdaptiveAvgPool2d", () => ({ outputSize: 3 })),
  ...each("AdaptiveMaxPool1d AdaptiveMaxPool2d", () => ({ outputSize: 3, returnIndices: true })),
  ...each("MaxUnpool1d MaxUnpool2d", () => ({ kernelSize: 2, stride: 1, padding: 1 })),
  ...each("BatchNorm1d BatchNorm2d InstanceNorm1d InstanceNorm2d", () => ({ numFeatures: 2, ...affine })),
  LayerNorm: () => ({ normalizedShape: [3], eps: 0.1, elementwiseAffine: false, $: { dtype: "float64" } }),
  GroupNorm: () => ({ numGroups: 2, numChannels: 4, eps: 0.1, affine: false, $: { dtype: "float64" } }),
  Embedding: () => ({
    numEmbeddings: 3,
    embeddingDim: 2,
    paddingIdx: 1,
    maxNorm: 1,
    normType: 1,
    scaleGradByFreq: false,
    sparse: false,
    $: { weight: ones(3, 2), dtype: "float64" },
  }),
  ...each("Dropout Dropout1d Dropout2d AlphaDropout", () => ({ p: 0.4, inplace: false })),
  ...each("ConstantPad1d ConstantPad2d", () => ({ padding: 1, value: 5 })),
  ...each("ZeroPad2d ReflectionPad1d ReflectionPad2d ReplicationPad1d ReplicationPad2d", () => ({ padding: 1 })),
  Upsample: () => ({ size: null, scaleFactor: 2, mode: "bilinear", alignCorners: true, recomputeScaleFactor: true }),
  ...each("UpsamplingNearest2d UpsamplingBilinear2d", () => ({ size: null, scaleFactor: 2 })),
  Flatten: () => ({ startDim: 0, endDim: 1 }),
  Unflatten: () => ({ dim: 1, unflattenedSize: [2, 3] }),
  PixelShuffle: () => ({ upscaleFactor: 2 }),
  PixelUnshuffle: () => ({ downscaleFactor: 2 }),
  ...each("MSELoss L1Loss SoftMarginLoss", () => ({ ...reduction })),
  SmoothL1Loss: () => ({ $: { reduction: "sum", beta: 0.2 } }),
  HuberLoss: () => ({ reduction: "sum", delta: 0.2 }),
  KLDivLoss: () => ({ $: { reduction: "sum", logTarget: true } }),
  BCELoss: () => ({ weight: ones(3), ...reduction }),
  BCEWithLogitsLoss: () => ({ weight: ones(3), $: { reduction: "sum", posWeight: ones(3) } }),
  NLLLoss: () => ({ weight: ones(3), $: { reduction: "sum", ignoreIndex: 2 } }),
  CrossEntropyLoss: () => ({ weight: ones(3), $: { ignoreIndex: 2, reduction: "sum", labelSmoothing: 0.1 } }),
};

const containers: Record<string, Make> = {
  Parameter: () => ({ data: matrix(), requiresGrad: false }),
  ParameterList: () => ({ values: [matrix()], $positional: true }),
  ParameterDict: () => ({ values: { a: matrix() }, $positional: true }),
  ModuleList: () => ({ modules: [new nn.ReLU()], $positional: true }),
  ModuleDict: () => ({ modules: { a: new nn.ReLU() }, $positional: true }),
};

/** Every right call by the path of its name: `add`, `F.relu`, `nn.Linear`, `nn.init.ones_`. */
export const CALLS: Readonly<Record<string, Make>> = {
  ...tensors,
  ...factories,
  ...autograd,
  ...prefixed("F.", functional),
  ...prefixed("nn.init.", init),
  ...prefixed("nn.", { ...layers, ...containers }),
};

function prefixed(prefix: string, calls: Record<string, Make>): Record<string, Make> {
  return Object.fromEntries(Object.entries(calls).map(([name, make]) => [prefix + name, make]));
}
