import { isFloat } from "../../base/dtype.js";
import { DtypeError, formatShape, GraphError, ShapeError, ValueError } from "../../base/errors.js";
import { type Shape, sameShape } from "../../base/shape.js";
import { anyNumber, define, integerFrom, orNull } from "../../base/signature.js";
import { launchUnits } from "../../runtime/launch.js";
import { realKernels } from "../../tensor/dispatch.js";
import { tensorKind } from "../../tensor/kinds.js";
import { record } from "../../tensor/record.js";
import { elements, empty, type Tensor } from "../../tensor/tensor.js";
import { asContiguous, cast } from "../layout/copy.js";
import { view } from "../layout/views.js";
import { add, div, mul, neg } from "../pointwise/arithmetic.js";
import { sum } from "../pointwise/broadcast.js";
import { logSoftmax } from "../reduce/softmax.js";
import { checkLabels, type LossOptions, type Reduction, reductionKind, total } from "./reduction.js";

/** Options of {@link nllLoss}. */
export type NllLossOptions = LossOptions & {
  /** A factor for each class, [C]. The mean divides by the factors of the labels that occur. */
  weight?: Tensor | null;
  /** Samples with this label do not count (−100). */
  ignoreIndex?: number;
};

/** Options of {@link crossEntropy}. */
export type CrossEntropyOptions = NllLossOptions & {
  /** The share of each target that all classes get in equal parts (0). */
  labelSmoothing?: number;
};

/** The dim of the classes in an input [C], [N, C] or [N, C, d1 …], and the sizes around it. */
type Layout = { classes: number; inner: number; dim: number; labels: Shape };

function layoutOf(op: string, input: Tensor): Layout {
  realKernels(op, input.dtype);
  if (input.ndim === 0) throw new ShapeError(op, "expected input [C], [N, C] or [N, C, d1 …], got []");
  const dim = input.ndim === 1 ? 0 : 1;
  const rest = input.shape.slice(dim + 1);
  const labels = [...input.shape.slice(0, dim), ...rest];
  return { classes: input.shape[dim]!, inner: rest.reduce((n, size) => n * size, 1), dim, labels };
}

/** Arguments of the kernels besides input, labels and results. */
type Settings = { weight: Tensor | null; smoothing: number; ignore: number; classes: number; inner: number };

/** Labels as int32, checked against the input. */
function labelsOf(op: string, input: Tensor, target: Tensor, layout: Layout, ignore: number): Tensor {
  if (isFloat(target.dtype) || target.dtype === "bool") {
    throw new DtypeError(
      op,
      `expected int32 labels of shape ${formatShape(layout.labels)}, got ${target.dtype} of shape ${formatShape(target.shape)}`,
      "Convert labels with .int(); class probabilities, which crossEntropy also takes, have the shape and dtype of the input",
    );
  }
  if (!sameShape(target.shape, layout.labels)) {
    throw new ShapeError(
      op,
      `expected labels of shape ${formatShape(layout.labels)} for input ${formatShape(input.shape)}, got ${formatShape(target.shape)}`,
    );
  }
  const labels = cast(target, "int32");
  checkLabels(op, labels, layout.classes, ignore);
  return labels;
}

function checkClassWeight(op: string, input: Tensor, weight: Tensor | null, classes: number): void {
  if (weight === null) return;
  if (!sameShape(weight.shape, [classes])) {
    throw new ShapeError(op, `expected a weight for each of ${classes} classes, got ${formatShape(weight.shape)}`);
  }
  if (weight.dtype !== input.dtype) {
    throw new DtypeError(op, `expected a weight of the input's dtype ${input.dtype}, got ${weight.dtype}`);
  }
  if (weight.requiresGrad) {
    throw new GraphError(op, "expected a weight that needs no gradient, got one that does", "Use weight.detach()");
  }
}

/** The costs of samples, reduced: a linear function of x. {@link gradient} is its gradient, and the reverse. */
function costs(op: string, x: Tensor, labels: Tensor, settings: Settings, reduction: Reduction): Tensor {
  const { weight, smoothing, ignore, classes, inner } = settings;
  const out = empty(op, labels.shape, x.dtype);
  const weights = empty(op, labels.shape, x.dtype);
  const w = weight === null ? 0 : asContiguous(weight).ptr;
  const sizes = [classes, inner, ignore] as const;
  const kernel = realKernels(op, x.dtype).nllLoss;
  const pointers = [out.ptr, weights.ptr, asContiguous(x).ptr, asContiguous(labels).ptr, w] as const;
  launchUnits(kernel, labels.numel, smoothing === 0 ? 1 : classes, ...pointers, smoothing, ...sizes);
  const each = reduction === "none";
  let divisor = 1;
  if (reduction === "mean") {
    const sumOfWeights = total(op, weights, 1);
    divisor = elements(sumOfWeights)[0]!;
    sumOfWeights.storage.free();
  } else {
    weights.storage.free();
  }
  const result = each ? out : total(op, out, divisor);
  const saved = weight === null ? [labels] : [labels, weight];
  return record(op, result, [x], saved, (g, node) => {
    const [t, saved = null] = node.saved;
    return [gradient(op, { g, each, divisor }, t!, { ...settings, weight: saved }, x.shape)];
  });
}

/** dx from the gradient of the costs: one number per sample (`each`), or one, divided by `divisor`, for all. */
function gradient(
  op: string,
  { g, each, divisor }: { g: Tensor; each: boolean; divisor: number },
  labels: Tensor,
  settings: Settings,
  shape: Shape,
): Tensor {
  const { weight, smoothing, ignore, classes, inner } = settings;
  const out = empty(op, shape, g.dtype);
  const w = weight === null ? 0 : asContiguous(weight).ptr;
  const scalars = [Number(each), divisor, smoothing, classes, inner, ignore] as const;
  const kernel = realKernels(op, g.dtype).nllLossGrad;
  launchUnits(kernel, labels.numel, classes, out.ptr, asContiguous(g).ptr, asContiguous(labels).ptr, w, ...scalars);
  const saved = weight === null ? [labels] : [labels, weight];
  return record(`${op}Grad`, out, [g], saved, (gg, node) => {
    const [t, saved = null] = node.saved;
    const back = costs(op, gg, t!, { ...settings, weight: saved }, each ? "none" : "sum");
    return [each ? back : div(back, divisor)];
  });
}

/** What losses of classes take by position, and by keyword. */
const CLASSES = { input: tensorKind, target: tensorKind, weight: orNull(tensorKind) } as const;
const KEYWORDS = { ignoreIndex: integerFrom(Number.NEGATIVE_INFINITY), reduction: reductionKind } as const;

/**
 * −input[label] of every sample, as torch.nn.functional.nll_loss.
 * @param input log-probabilities [C], [N, C] or [N, C, d1 …]
 * @param target int32 labels [], [N] or [N, d1 …]
 * @throws ValueError for a label outside [0, C) other than ignoreIndex
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html
 */
export const nllLoss = define(
  "nllLoss",
  CLASSES,
  (input: Tensor, target: Tensor, weight: Tensor | null = null, options: Omit<NllLossOptions, "weight"> = {}): Tensor =>
    fromLabels("nllLoss", input, target, weight, options, 0, (x) => x),
  KEYWORDS,
);

function fromLabels(
  op: string,
  input: Tensor,
  target: Tensor,
  weight: Tensor | null,
  { ignoreIndex: ignore = -100, reduction = "mean" }: Omit<NllLossOptions, "weight">,
  smoothing: number,
  prepare: (input: Tensor) => Tensor,
): Tensor {
  const layout = layoutOf(op, input);
  checkClassWeight(op, input, weight, layout.classes);
  const labels = labelsOf(op, input, target, layout, ignore);
  const { classes, inner } = layout;
  return costs(op, prepare(input), labels, { weight, smoothing, ignore, classes, inner }, reduction);
}

/**
 * The negative log-likelihood of labels, or the cross-entropy with class probabilities, under softmax(input), as
 * torch.nn.functional.cross_entropy.
 * @param input logits [C], [N, C] or [N, C, d1 …]
 * @param target int32 labels [], [N] or [N, d1 …]; or probabilities of the input's shape and dtype
 * @throws ValueError for a label outside [0, C) other than ignoreIndex
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html
 * @example
 * ```ts
 * import { F, tensor } from "simdgrad";
 * F.crossEntropy(tensor([[2, 1, 0]]), tensor([0], { dtype: "int32" })); // 0.4076
 * ```
 */
export const crossEntropy = define(
  "crossEntropy",
  CLASSES,
  (input: Tensor, target: Tensor, weight: Tensor | null = null, options: CrossEntropyKeywords = {}): Tensor => {
    const { labelSmoothing = 0 } = options;
    const op = "crossEntropy";
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw new ValueError(op, `expected labelSmoothing in [0, 1], got ${labelSmoothing}`);
    }
    if (isFloat(target.dtype) && sameShape(input.shape, target.shape)) {
      return fromProbabilities(input, target, weight, options);
    }
    const { dim } = layoutOf(op, input);
    return fromLabels(op, input, target, weight, options, labelSmoothing, (x) => logSoftmax(x, dim));
  },
  { ...KEYWORDS, labelSmoothing: anyNumber },
);

type CrossEntropyKeywords = Omit<CrossEntropyOptions, "weight">;

/** −Σ_c w[c]·target[c]·logSoftmax(input)[c] of every sample; the mean divides by the number of samples. */
function fromProbabilities(
  input: Tensor,
  target: Tensor,
  weight: Tensor | null,
  options: CrossEntropyKeywords,
): Tensor {
  const { reduction = "mean", labelSmoothing: smoothing = 0 } = options;
  const op = "crossEntropy";
  const { classes, dim, labels } = layoutOf(op, input);
  checkClassWeight(op, input, weight, classes);
  if (target.dtype !== input.dtype) {
    throw new DtypeError(op, `expected probabilities of the input's dtype ${input.dtype}, got ${target.dtype}`);
  }
  const smooth = smoothing === 0 ? target : add(mul(target, 1 - smoothing), smoothing / classes);
  const products = mul(logSoftmax(input, dim), smooth);
  const columns = weight && view(asContiguous(weight), [classes, ...input.shape.slice(dim + 1).map(() => 1)]);
  const losses = neg(sum(columns === null ? products : mul(products, columns), dim));
  if (reduction === "none") return losses;
  const samples = labels.reduce((n, size) => n * size, 1);
  return reduction === "sum" ? sum(losses) : div(sum(losses), samples);
}
