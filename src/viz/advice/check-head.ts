import { ValueError } from "../../base/errors.js";
import { checkOptionNames } from "../../base/options.js";
import { checkShape } from "../../base/shape.js";
import { sealed, shown } from "../../base/signature.js";
import { Tensor } from "../../methods.js";
import { activationOf, type Loss, losses, lossOf } from "../../nn/catalogue.js";
import { Module } from "../../nn/module/module.js";
import { classNameOf } from "../../nn/names.js";
import { tensorsIn } from "../../nn/observe.js";
import { runScope } from "../../runtime/scope.js";
import { factsOf, type HeadInput, headOfModules, headOfRun } from "./facts.js";
import type { Finding } from "./finding.js";
import { findingsIn } from "./rules.js";

/** An input of the model (or the shape of one), and the target of the loss. */
export type HeadSample = { input?: HeadInput; target?: Tensor };

/** The result of {@link checkHead}. It prints a paragraph for each finding. */
export class HeadReport {
  /**
   * @param findings what is probably wrong; empty when nothing looks so
   * @param note what was not checked, and how to have it checked
   */
  constructor(
    readonly findings: readonly Finding[],
    readonly note: string | null,
  ) {}

  /** A paragraph for each finding. */
  toString(): string {
    const lines = this.findings.map(({ rule, problem, advice }) => `${rule}: ${problem}.\n  ${advice}.`);
    const all = lines.length === 0 && this.note === null ? ["Nothing found."] : lines;
    return [...all, ...(this.note === null ? [] : [this.note])].join("\n");
  }

  [Symbol.iterator](): Iterator<Finding> {
    return this.findings[Symbol.iterator]();
  }

  /** What console.log shows in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function knownLoss(loss: unknown): Loss {
  const found = lossOf(loss);
  if (found !== null) return found;
  const got = loss instanceof Module ? classNameOf(loss) : shown(loss);
  throw new ValueError("checkHead", `expected a loss of ${Object.keys(losses).join(", ")}, got ${got}`);
}

function checkSample({ input, target }: HeadSample): void {
  if (target !== undefined && !(target instanceof Tensor)) {
    throw new ValueError("checkHead", `expected a tensor as target, got ${shown(target)}`);
  }
  if (input === undefined || input instanceof Tensor) return;
  const shape = Array.isArray(input) && input.every((size: unknown) => typeof size === "number");
  if (shape) checkShape("checkHead", input as readonly number[]);
  else if (!Array.isArray(input) || tensorsIn(input).length === 0) {
    throw new ValueError("checkHead", `expected a tensor, a list of tensors or a shape as input, got ${shown(input)}`);
  }
}

/**
 * Looks for the classic mistakes between the end of a model and its loss: a softmax in front of CrossEntropyLoss,
 * logits into BCELoss, one output for CrossEntropyLoss, targets of another shape, type or range than the loss expects …
 *
 * With an input the model runs once, in evaluation mode and without recording. So checkHead sees endings inside of a
 * forward, such as `x.sigmoid()`, and values; the model, its buffers and the random numbers stay as they are. With a
 * shape as input the model runs on shapes alone. Without an input checkHead reads the last modules of a Sequential.
 *
 * @param model any module with one output
 * @param loss one of the losses of `nn`
 * @param sample `input` (a tensor, several in a list, or a shape) and `target`, both optional
 * @returns `findings`, each { rule, problem, advice }, none when nothing looks wrong; printed, a paragraph each
 * @throws ValueError for other losses and for models with several outputs
 * @example
 * ```ts
 * import { nn } from "simdgrad";
 * import { checkHead } from "simdgrad/viz";
 * const model = new nn.Sequential(new nn.Linear(4, 3), new nn.Softmax(1));
 * console.log(`${checkHead(model, new nn.CrossEntropyLoss())}`); // softmax-before-cross-entropy: …
 * ```
 */
export const checkHead = sealed("checkHead", 3, (model: Module, loss: Module, sample: HeadSample = {}): HeadReport => {
  if (!(model instanceof Module)) throw new ValueError("checkHead", `expected a module, got ${shown(model)}`);
  checkOptionNames<HeadSample>("checkHead", sample, { input: true, target: true });
  const known = knownLoss(loss);
  checkSample(sample);
  const { input, target } = sample;
  const head = input === undefined ? headOfModules(model) : headOfRun(model, loss, input, target ?? null);
  const facts =
    target === undefined
      ? null
      : runScope(
          () => factsOf(target),
          () => {},
        );
  const unknown = { ending: null, outputs: null, output: null, ofClasses: null, refused: null };
  const last = activationOf(head?.ending ?? "");
  const findings = findingsIn({ loss: known, head: head ?? unknown, last, target: facts });
  const hidden = `What ${classNameOf(model)} ends in only a run shows: pass { input }, a tensor or its shape, and { target } to have targets checked.`;
  return new HeadReport(findings, head === null ? hidden : null);
});
