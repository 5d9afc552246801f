import { DtypeError, ValueError } from "../base/errors.js";
import { boolean, define, type Kind, numberIn, shown } from "../base/signature.js";
import { scope } from "../memory.js";
import { Tensor } from "../methods.js";
import { full } from "../ops/layout/factories.js";
import { noGrad } from "../tensor/mode.js";

/** Options of {@link clipGradNorm_}. */
export type ClipGradNormOptions = {
  /** The p of the norm: 2 when left out; Infinity for the largest magnitude. */
  normType?: number;
  /** Whether a norm that is NaN or infinite is an error (false). */
  errorIfNonfinite?: boolean;
};

type Parameters = Tensor | Iterable<Tensor>;

/** Parameters, whose elements {@link gradsOf} checks: an iterator gives them once. */
const parametersKind: Kind<Parameters> = {
  expected: "parameters, or one",
  fits: (value): value is Parameters =>
    value instanceof Tensor || (typeof value === "object" && value !== null && Symbol.iterator in value),
  hint: () => "Pass model.parameters(), or [tensor]",
};

const orderKind: Kind<number> = {
  expected: "a number above 0",
  fits: (value): value is number => typeof value === "number" && value > 0,
};

const limitKind = numberIn(0, Number.POSITIVE_INFINITY);

function gradsOf(op: string, parameters: Parameters): Tensor[] {
  const all: unknown[] = parameters instanceof Tensor ? [parameters] : [...parameters];
  return all.flatMap((param) => {
    if (!(param instanceof Tensor)) throw new DtypeError(op, `expected tensors as parameters, got ${shown(param)}`);
    return param.gradient ?? [];
  });
}

/** Σ |g|^p, whose sum over the gradients is the norm to the power p; for the maximum norm, max |g|. */
function term(g: Tensor, p: number): Tensor {
  if (p === Number.POSITIVE_INFINITY) return g.numel === 0 ? full([], 0, { dtype: g.dtype }) : g.abs().amax();
  return (p === 2 ? g.mul(g) : p === 1 ? g.abs() : g.abs().pow(p)).sum();
}

function normOf(grads: readonly Tensor[], p: number): Tensor {
  const terms = grads.map((g) => term(g, p));
  if (p === Number.POSITIVE_INFINITY) return terms.reduce((a, b) => a.maximum(b));
  const sum = terms.reduce((a, b) => a.add(b));
  return p === 2 ? sum.sqrt() : p === 1 ? sum : sum.pow(1 / p);
}

/**
 * Scales gradients in place so that their norm, taken over all of them together, is at most `maxNorm`, as
 * torch.nn.utils.clip_grad_norm_.
 *
 * @param parameters a module's parameters, or one tensor; those without a gradient do not count
 * @returns the norm before scaling
 * @throws ValueError for a norm that is NaN or infinite with `errorIfNonfinite`, before anything is scaled
 * @see https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * const model = new nn.Linear(2, 1);
 * model.forward(rand([4, 2])).sum().backward();
 * nn.utils.clipGradNorm_(model.parameters(), 1);
 * ```
 */
export const clipGradNorm_ = define(
  "clipGradNorm_",
  { parameters: parametersKind, maxNorm: limitKind, normType: orderKind, errorIfNonfinite: boolean },
  (parameters: Parameters, maxNorm: number, normType: number = 2, errorIfNonfinite: boolean = false): Tensor => {
    const grads = gradsOf("clipGradNorm_", parameters);
    if (grads.length === 0) return full([], 0);
    return scope(() =>
      noGrad(() => {
        const norm = normOf(grads, normType);
        const size = norm.item();
        if (errorIfNonfinite && !Number.isFinite(size)) {
          const problem = `expected gradients with a finite norm of order ${normType}, got ${size}`;
          throw new ValueError("clipGradNorm_", problem, "Find its birth with detectAnomaly");
        }
        const factor = Math.min(maxNorm / (size + 1e-6), 1);
        for (const grad of grads) grad.mul_(factor);
        return norm;
      }),
    );
  },
);

/**
 * Clamps gradients in place to [−clipValue, clipValue], as torch.nn.utils.clip_grad_value_.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_value_.html
 */
export const clipGradValue_ = define(
  "clipGradValue_",
  { parameters: parametersKind, clipValue: limitKind },
  (parameters: Parameters, clipValue: number): void => {
    const grads = gradsOf("clipGradValue_", parameters);
    noGrad(() => {
      for (const grad of grads) grad.clamp_(-clipValue, clipValue);
    });
  },
);
