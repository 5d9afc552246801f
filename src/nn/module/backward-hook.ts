import { formatShape, GraphError, ValueError } from "../../base/errors.js";
import { sameShape } from "../../base/shape.js";
import { Tensor } from "../../methods.js";
import { alias } from "../../ops/layout/copy.js";
import { full } from "../../ops/layout/factories.js";
import { mode } from "../../tensor/mode.js";
import { recordMany } from "../../tensor/record.js";

type Grads = readonly (Tensor | null)[];

/** Gets the gradients of a module's inputs and outputs, and may return gradients that replace those of the inputs. */
export type BackwardHook<M> = (module: M, gradInput: Grads, gradOutput: Grads) => unknown;

const needsGrad = (value: unknown): value is Tensor => value instanceof Tensor && value.requiresGrad;

/** For each value its place among those that need a gradient, or -1. */
function placesOf(values: readonly unknown[]): number[] {
  let count = 0;
  return values.map((value) => (needsGrad(value) ? count++ : -1));
}

/** The values with another tensor in place of each that needs a gradient; `backward` maps the gradients of these. */
function throughNode(values: readonly unknown[], backward: (grads: Grads) => Grads): unknown[] {
  const inputs = values.filter(needsGrad);
  const outs = inputs.map((input) => alias(input));
  const places = placesOf(values);
  recordMany("backwardHook", outs, inputs, [], backward);
  return values.map((value, i) => outs[places[i]!] ?? value);
}

/** One forward with hooks on its backward. */
class HookedCall<M extends object> {
  private gradOutput: Grads | null = null;

  constructor(
    private readonly op: string,
    private readonly module: M,
    private readonly hooks: readonly BackwardHook<M>[],
    private readonly inputs: readonly unknown[],
  ) {}

  /** Runs the forward between the two operations that see the gradients. */
  run(forward: (inputs: readonly unknown[]) => unknown): unknown {
    const output = forward(throughNode(this.inputs, (grads) => this.atInput(grads)));
    const outputs = Array.isArray(output) ? output : [output];
    if (!outputs.some((value) => value instanceof Tensor)) {
      throw new ValueError(
        this.op,
        `expected a forward that returns a tensor or an array of tensors, got ${typeof output}`,
      );
    }
    if (!outputs.some(needsGrad)) return output;
    const marked = throughNode(outputs, (grads) => this.atOutput(grads, outputs));
    return Array.isArray(output) ? marked : marked[0];
  }

  private atOutput(grads: Grads, outputs: readonly unknown[]): Grads {
    this.gradOutput = placesOf(outputs).map((place) => grads[place] ?? null);
    if (this.inputs.some(needsGrad)) for (const grad of this.gradOutput) pin(grad, 1);
    else this.callHooks(this.inputs.map(() => null));
    return grads;
  }

  private atInput(grads: Grads): Grads {
    const places = placesOf(this.inputs);
    const gradInput = this.inputs.map((value, i) =>
      value instanceof Tensor ? (grads[places[i]!] ?? full(value.shape, 0, { dtype: value.dtype })) : null,
    );
    const replaced = this.callHooks(gradInput);
    return this.inputs.flatMap((value, i) => (needsGrad(value) ? [replaced[i]!] : []));
  }

  private callHooks(before: Grads): Grads {
    const { gradOutput } = this;
    if (gradOutput === null) {
      throw new GraphError(
        this.op,
        "expected a loss that is computed from the output of the module, got a gradient that reaches its input by another way",
      );
    }
    let gradInput = before;
    for (const hook of this.hooks)
      gradInput = this.checked(hook(this.module, gradInput, gradOutput), before) ?? gradInput;
    if (this.inputs.some(needsGrad)) for (const grad of gradOutput) pin(grad, -1);
    return gradInput;
  }

  /** What a hook returned, as a list. */
  private checked(result: unknown, before: Grads): Grads | null {
    if (result === undefined || result === null) return null;
    const list: readonly unknown[] = Array.isArray(result) ? result : [result];
    const fits = (value: unknown, i: number): value is Tensor | null => {
      const old = before[i];
      if (old === null || old === undefined) return value === null;
      return value instanceof Tensor && sameShape(value.shape, old.shape) && value.dtype === old.dtype;
    };
    if (list.length === before.length && list.every(fits)) return list as Grads;
    const [wanted, got] = [before, list].map((values) => values.map(described).join(", "));
    throw new ValueError(
      this.op,
      `expected a hook that returns nothing, or the gradients of the inputs (${wanted}), got ${got}`,
    );
  }
}

const described = (value: unknown): string =>
  value instanceof Tensor ? `${value.dtype} ${formatShape(value.shape)}` : String(value);

/** The output's gradients stay until the backward of the input: the pass frees none that is pinned. */
function pin(grad: Tensor | null, by: 1 | -1): void {
  if (grad !== null) grad.storage.pins += by;
}

/** Runs a forward so that the hooks see its backward. */
export function withBackwardHooks<M extends object>(
  module: M,
  hooks: readonly BackwardHook<M>[],
  inputs: readonly unknown[],
  forward: (inputs: readonly unknown[]) => unknown,
): unknown {
  if (hooks.length === 0 || !mode.recording) return forward(inputs);
  return new HookedCall(`${module.constructor.name}.registerFullBackwardHook`, module, [...hooks], inputs).run(forward);
}
