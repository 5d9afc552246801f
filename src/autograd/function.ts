import { GraphError } from "../base/errors.js";
import { checkArguments, type Kind } from "../base/signature.js";
import { alias } from "../ops/layout/copy.js";
import { full } from "../ops/layout/factories.js";
import { noGrad } from "../tensor/mode.js";
import { recordMany } from "../tensor/record.js";
import { type Node, Tensor } from "../tensor/tensor.js";

/** What the forward of a user-defined operation keeps for its backward. */
export class Context {
  private kept: readonly Tensor[] = [];
  private node: Node | null = null;

  /** @param inputs the tensors among the arguments */
  constructor(private readonly inputs: readonly Tensor[]) {}

  /** Anything else that backward needs. */
  readonly data = new Map<string, unknown>();

  /** Keeps inputs or outputs for backward, which throws if they were overwritten since. */
  saveForBackward(...tensors: readonly Tensor[]): void {
    this.kept = tensors;
  }

  /** The tensors that {@link saveForBackward} kept. */
  get savedTensors(): readonly Tensor[] {
    return this.node === null ? this.kept : this.node.saved;
  }

  /** For each tensor input, whether its gradient is asked for. */
  get needsInputGrad(): readonly boolean[] {
    return this.inputs.map((input) => input.requiresGrad);
  }

  /** @internal */
  attach(node: Node): void {
    this.node = node;
  }
}

/** A user-defined operation: its value and its gradient. */
export type FunctionDefinition<Args extends readonly unknown[], Out extends Tensor | readonly Tensor[]> = {
  /** Shown in errors and graphs. */
  name: string;
  /** Computes the outputs; nothing in it is recorded. */
  forward(ctx: Context, ...args: Args): Out;
  /** Computes the gradients of the tensor inputs, in their order (null: none), from those of the outputs. */
  backward(ctx: Context, ...grads: Tensor[]): Tensor | null | readonly (Tensor | null)[];
};

const definitionKind: Kind<FunctionDefinition<never, Tensor>> = {
  expected: "an object of name, forward and backward",
  fits: (value): value is FunctionDefinition<never, Tensor> =>
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    typeof value.name === "string" &&
    "forward" in value &&
    typeof value.forward === "function" &&
    "backward" in value &&
    typeof value.backward === "function",
};

/**
 * Makes an operation from a forward and a backward, as torch.autograd.Function (its `apply`). If the backward calls
 * tensor operations only, second-order gradients work too.
 * @returns the operation as a function
 * @see https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function
 * @example
 * ```ts
 * import { defineFunction, tensor, type Tensor } from "simdgrad";
 * const square = defineFunction({
 *   name: "square",
 *   forward: (ctx, x: Tensor) => (ctx.saveForBackward(x), x.mul(x)),
 *   backward: (ctx, g) => g.mul(ctx.savedTensors[0]!).mul(2),
 * });
 * square(tensor([3], { requiresGrad: true })).sum().backward();
 * ```
 */
export function defineFunction<Args extends readonly unknown[], Out extends Tensor | readonly Tensor[]>(
  ...given: [definition: FunctionDefinition<Args, Out>]
): (...args: Args) => Out {
  checkArguments("defineFunction", { definition: definitionKind }, given);
  const [definition] = given;
  return (...args) => {
    const inputs = args.filter((arg) => arg instanceof Tensor);
    const ctx = new Context(inputs);
    const result = noGrad(() => definition.forward(ctx, ...args));
    const results: readonly Tensor[] = result instanceof Tensor ? [result] : result;
    // An output that is an input becomes another tensor on its memory: the input itself must stay out of the graph.
    const outs = results.map((out) => (out.node !== null || inputs.includes(out) ? alias(out) : out));
    const kept = ctx.savedTensors.map((saved) => outs[results.indexOf(saved)] ?? saved);
    recordMany(definition.name, outs, inputs, kept, (grads, node) => {
      ctx.attach(node);
      const filled = outs.map((out, i) => grads[i] ?? full(out.shape, 0, { dtype: out.dtype }));
      const back = definition.backward(ctx, ...filled);
      const list = back === null || back instanceof Tensor ? [back] : (back ?? []);
      if (list.length !== inputs.length) {
        throw new GraphError(
          `backward of ${definition.name}`,
          `expected a gradient (or null) for each of ${inputs.length} tensor inputs, got ${list.length}`,
        );
      }
      return list;
    });
    return (result instanceof Tensor ? outs[0] : outs) as Out;
  };
}
