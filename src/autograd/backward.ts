import { itemSize } from "../base/dtype.js";
import { formatShape, GraphError, ShapeError, ValueError } from "../base/errors.js";
import { sameShape } from "../base/shape.js";
import { alwaysTrue, boolean, define, type Kind, orNull } from "../base/signature.js";
import { clone } from "../ops/layout/copy.js";
import { filled } from "../ops/layout/factories.js";
import { addInto } from "../ops/pointwise/accumulate.js";
import { add } from "../ops/pointwise/arithmetic.js";
import { currentScope, moveStorage, openScope, Scope } from "../runtime/scope.js";
import type { Storage } from "../runtime/storage.js";
import { checkFinite } from "../tensor/anomaly.js";
import { tensorKind, tensorList } from "../tensor/kinds.js";
import { mode, withRecording } from "../tensor/mode.js";
import { type Frame, runInside, runningFrame } from "../tensor/running.js";
import { type GradHook, type Node, Tensor } from "../tensor/tensor.js";

/**
 * One walk over the recorded graph from the roots to the leaves, by descending number of the operation, which is a
 * topological order. Gradients belong to `scope`. Each is freed when its last reader has run.
 */
class BackwardPass {
  /** Marks the operations of this pass. They may outlive it, so the mark holds nothing. */
  private readonly mark = {};
  /** The operations that the roots depend on, latest first. */
  private order: readonly Node[] = [];
  /** The gradients that have arrived at the outputs of order[i]; undefined before the first and after its run. */
  private slots: ((Tensor | null)[] | undefined)[] = [];
  /** The gradients that have arrived at all leaves, or at the tensors in `wanted`. */
  readonly arrived = new Map<Tensor, Tensor>();
  /** With `wanted`: the operations that lead to its tensors, and for each input whether it does. */
  private asked: ReadonlyMap<Node, readonly boolean[]> | null = null;
  private scope = new Scope();

  /**
   * @param retainGraph whether the saved values stay
   * @param createGraph whether the gradient's own computation is recorded
   * @param wanted the tensors whose gradients are asked for; null for all leaves
   */
  constructor(
    private readonly retainGraph: boolean,
    private readonly createGraph: boolean,
    private readonly wanted: ReadonlySet<Tensor> | null,
  ) {}

  run(roots: readonly Tensor[], grads: readonly Tensor[]): void {
    try {
      const order = reachable(roots, this.mark);
      this.order = order;
      this.number();
      if (this.wanted !== null) this.asked = leadingTo(this.wanted, order);
      roots.forEach((root, i) => {
        this.deliver(root, grads[i]!);
      });
      withRecording(this.createGraph, "backward", () => this.walk(order));
      if (!this.retainGraph) for (const node of order) node.release();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Frees the gradients that nobody took out with {@link take}. */
  close(): void {
    if (!this.createGraph) this.scope.close();
  }

  /** Moves a gradient to the scope `to` (null: out of all scopes), as a tensor that shares its memory with no other. */
  take(grad: Tensor, to: Scope | null): Tensor {
    if (this.createGraph) return grad;
    const whole = grad.isContiguous() && grad.numel * itemSize(grad.dtype) === grad.storage.bytes;
    const taken = whole && grad.storage.owner === this.scope ? grad : clone(grad);
    moveStorage(taken.storage, to);
    return taken;
  }

  private walk(order: readonly Node[]): void {
    if (this.createGraph) {
      for (const node of order) this.visit(node);
      return;
    }
    const local = openScope(); // for the tensors that the backward of one operation makes
    try {
      for (const node of order) {
        const grads = this.visit(node);
        local.sweep(this.scope);
        for (const grad of grads) if (grad !== null) this.unpin(grad.storage);
      }
    } finally {
      local.close();
    }
  }

  /** Writes each operation's place in the order into its node. */
  private number(): void {
    for (let i = 0; i < this.order.length; i++) {
      this.order[i]!.mark = this.mark;
      this.order[i]!.place = i;
    }
  }

  /** The place of an operation in the order. A hook may have run another pass, which numbered the nodes anew. */
  private placeOf(node: Node): number {
    if (node.mark !== this.mark) this.number();
    return node.place;
  }

  /** Runs the backward of one operation. @returns the gradients of its outputs, which nobody reads after it */
  private visit(node: Node): readonly (Tensor | null)[] {
    const place = this.placeOf(node);
    const grads = this.slots[place];
    if (grads === undefined) return [];
    this.slots[place] = undefined;
    this.applyHooks(node, grads);
    const asked = this.asked === null ? null : this.asked.get(node);
    if (asked === undefined) return grads; // it leads to no wanted tensor
    if (mode.anomaly) runInside(frameOf(node), () => this.deliverAll(node, node.run(grads, asked), asked));
    else this.deliverAll(node, node.run(grads, asked), asked);
    return grads;
  }

  private deliverAll(node: Node, grads: readonly (Tensor | null)[], asked: readonly boolean[] | null): void {
    for (let i = 0; i < node.inputs.length; i++) {
      const input = node.inputs[i]!;
      const grad = grads[i];
      if (grad === null || grad === undefined || !node.needs(i) || asked?.[i] === false) continue;
      checkGradient(node, i, input, grad);
      this.deliver(input, grad);
    }
  }

  /** Adds a gradient to those that have arrived at a tensor. */
  private deliver(tensor: Tensor, grad: Tensor): void {
    const node = tensor.node;
    if (this.wanted === null ? node === null : this.wanted.has(tensor)) {
      const before = this.arrived.get(tensor);
      this.arrived.set(tensor, this.sum(before, grad));
    }
    if (node !== null) {
      const place = this.placeOf(node);
      const slot = this.slots[place] ?? [];
      this.slots[place] = slot;
      for (let i = slot.length; i <= tensor.outputIndex; i++) slot.push(null);
      slot[tensor.outputIndex] = this.sum(slot[tensor.outputIndex] ?? undefined, grad);
    }
  }

  private sum(before: Tensor | undefined, grad: Tensor): Tensor {
    const total = before === undefined ? grad : add(before, grad);
    total.storage.pins++;
    if (before !== undefined) this.unpin(before.storage);
    return total;
  }

  private unpin(storage: Storage): void {
    storage.pins--;
    if (storage.pins === 0 && storage.owner === this.scope) storage.free();
  }

  private applyHooks(node: Node, grads: (Tensor | null)[]): void {
    if (node.hooks !== null) {
      for (const [output, hooks] of node.hooks) {
        const grad = grads[output];
        if (grad) grads[output] = this.hooked(grad, hooks);
      }
    }
    if (node.retained !== null) {
      for (const [output, tensor] of node.retained) {
        const grad = grads[output];
        if (grad) retain(tensor, grad, this.createGraph);
      }
    }
  }

  /** Passes each gradient in `arrived` to `receive`, through the hooks of leaves: the walk runs all other hooks. */
  finish(receive: (tensor: Tensor, grad: Tensor) => void): void {
    withRecording(this.createGraph, "backward", () => {
      for (const [tensor, arrived] of this.arrived) {
        const hooks = tensor.isLeaf ? tensor.hooks : null;
        if (hooks === null) {
          receive(tensor, arrived);
          continue;
        }
        const local = this.createGraph ? null : openScope();
        try {
          receive(tensor, this.hooked(arrived, hooks));
        } finally {
          local?.close();
        }
      }
    });
  }

  /** The gradient after the hooks. */
  private hooked(grad: Tensor, hooks: readonly GradHook[]): Tensor {
    let current = grad;
    for (const hook of [...hooks]) {
      const replaced = hook(current);
      if (replaced === undefined || replaced === null) continue;
      if (!(replaced instanceof Tensor)) {
        const problem = `expected a hook that returns a gradient or nothing, got ${typeof replaced}`;
        throw new GraphError("registerHook", problem, "Write braces around its body");
      }
      if (!sameShape(replaced.shape, current.shape) || replaced.dtype !== current.dtype) {
        throw new ShapeError(
          "registerHook",
          `expected a hook that returns a gradient of shape ${formatShape(current.shape)} and dtype ${current.dtype}, got ${formatShape(replaced.shape)} and ${replaced.dtype}`,
        );
      }
      replaced.storage.pins++;
      current.storage.pins--;
      current = replaced;
    }
    return current;
  }
}

/** Marks the operations that the roots depend on, and returns them, latest first. */
function reachable(roots: readonly Tensor[], mark: object): Node[] {
  const found: Node[] = [];
  const enter = (tensors: readonly Tensor[]): void => {
    for (const { node } of tensors) {
      if (node === null || node.mark === mark) continue;
      node.mark = mark;
      found.push(node);
    }
  };
  enter(roots);
  for (let i = 0; i < found.length; i++) enter(found[i]!.inputs);
  return found.sort((a, b) => b.id - a.id);
}

/** The operations that lead to wanted tensors, and for each input whether it does. `order` has the latest first. */
function leadingTo(wanted: ReadonlySet<Tensor>, order: readonly Node[]): Map<Node, readonly boolean[]> {
  const leading = new Map<Node, readonly boolean[]>();
  for (let at = order.length - 1; at >= 0; at--) {
    const node = order[at]!;
    const leads = node.inputs.map((input) => wanted.has(input) || (input.node !== null && leading.has(input.node)));
    if (leads.includes(true)) leading.set(node, leads);
  }
  return leading;
}

function checkGradient(node: Node, i: number, input: Tensor, grad: Tensor): void {
  if (!sameShape(grad.shape, input.shape) || grad.dtype !== input.dtype) {
    throw new GraphError(
      `backward of ${node.op}`,
      `expected a gradient of shape ${formatShape(input.shape)} and dtype ${input.dtype} for input ${i}, got ${formatShape(grad.shape)} and ${grad.dtype}`,
    );
  }
  if (mode.anomaly) checkFinite("a gradient", grad, []);
}

/** How detectAnomaly names the place of a gradient. */
function frameOf(node: Node): Frame {
  const name = `the backward of ${node.op}${node.where === "" ? "" : ` (recorded in ${node.where})`}`;
  return { name, module: null, parent: runningFrame() };
}

/** tensor.grad += grad. Where there was none, `own(grad)` becomes it: a tensor that shares its memory with no other. */
function accumulate(tensor: Tensor, grad: Tensor, createGraph: boolean, own: (grad: Tensor) => Tensor): void {
  const before = tensor.gradient;
  if (before === null) {
    const first = own(grad);
    moveStorage(first.storage, null);
    tensor.startGradient(first);
  } else if (createGraph) {
    tensor.grad = add(before, grad);
  } else {
    addInto(before, grad);
  }
}

/** {@link accumulate} for a tensor that is no leaf. The gradient belongs to the tensor's scope. */
function retain(tensor: Tensor, grad: Tensor, createGraph: boolean): void {
  accumulate(tensor, grad, createGraph, clone);
  const { owner, freed } = tensor.storage;
  if (owner instanceof Scope && !freed) moveStorage(tensor.gradient!.storage, owner);
}

/** The gradient of a root: what the user gave, or 1 for a scalar. */
function rootGradient(op: string, root: Tensor, given: Tensor | null | undefined): Tensor {
  if (!root.requiresGrad) {
    throw new GraphError(
      op,
      "expected a tensor that needs a gradient, got one that no recorded operation made from a tensor with requiresGrad",
      "Set requiresGrad on the inputs, and compute outside of noGrad",
    );
  }
  if (given) {
    if (!sameShape(given.shape, root.shape) || given.dtype !== root.dtype) {
      throw new ShapeError(
        op,
        `expected a gradient of shape ${formatShape(root.shape)} and dtype ${root.dtype}, got ${formatShape(given.shape)} and ${given.dtype}`,
      );
    }
    return given;
  }
  if (root.numel !== 1) {
    throw new GraphError(
      op,
      `expected a scalar to start from, got shape ${formatShape(root.shape)}`,
      "Reduce it with sum() or mean(), or pass a gradient of its shape",
    );
  }
  return filled(op, root.shape, 1, { dtype: root.dtype });
}

/** A tensor, or a list of them. */
export const oneOrMore: Kind<Tensor | readonly Tensor[]> = {
  ...tensorList,
  expected: "a tensor or a list of tensors",
  fits: (value): value is Tensor | readonly Tensor[] => tensorKind.fits(value) || tensorList.fits(value),
};

const listOf = (tensors: Tensor | readonly Tensor[]): readonly Tensor[] =>
  tensors instanceof Tensor ? [tensors] : tensors;

/**
 * Computes the gradients of `tensor` and adds them to the `grad` of the leaves that it depends on, as
 * torch.Tensor.backward.
 *
 * @param tensor a scalar, or any tensor when `gradient` is given
 * @param gradient the gradient of the final value with respect to it
 * @param retainGraph whether the saved values stay, so that the graph can be walked again; as createGraph when null
 * @param createGraph whether the gradient's own computation is recorded, for gradients of gradients
 * @param inputs the tensors to whose `grad` gradients are added; all leaves when null
 * @throws GraphError on a second call without retainGraph, on a non-scalar without `gradient`, and when a value that a
 * gradient needs was overwritten in place
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.backward.html
 * @example
 * ```ts
 * import { tensor } from "simdgrad";
 * const x = tensor([1, 2, 3], { requiresGrad: true });
 * x.mul(x).sum().backward();
 * x.grad?.toArray(); // [2, 4, 6]
 * ```
 */
export const backward = define(
  "backward",
  {
    tensor: tensorKind,
    gradient: orNull(tensorKind),
    retainGraph: orNull(boolean),
    createGraph: boolean,
    inputs: orNull(oneOrMore),
  },
  (
    tensor: Tensor,
    gradient: Tensor | null = null,
    retainGraph: boolean | null = null,
    createGraph: boolean = false,
    inputs: Tensor | readonly Tensor[] | null = null,
  ): void => backwardFrom(tensor, gradient, retainGraph ?? createGraph, createGraph, inputs),
);

function backwardFrom(
  root: Tensor,
  gradient: Tensor | null,
  retainGraph: boolean,
  createGraph: boolean,
  inputs: Tensor | readonly Tensor[] | null,
): void {
  const start = rootGradient("backward", root, gradient);
  const leaves = inputs === null ? null : listOf(inputs);
  if (leaves?.length === 0) throw new ValueError("backward", "expected inputs, got an empty list", "Leave it out");
  const pass = new BackwardPass(retainGraph, createGraph, leaves === null ? null : new Set(leaves));
  const own = createGraph ? clone : (grad: Tensor): Tensor => pass.take(grad, null);
  try {
    pass.run([root], [start]);
    pass.finish((tensor, grad) => accumulate(tensor, grad, createGraph, own));
  } finally {
    pass.close();
    if (start !== gradient && !createGraph) start.storage.free();
  }
}

/**
 * The gradients of `outputs` (summed) with respect to `inputs`, leaving every `grad` alone, as torch.autograd.grad.
 *
 * @param gradOutputs the gradients to start from, one for each output; ones for scalars when null
 * @param retainGraph whether the saved values stay; as createGraph when null
 * @param createGraph whether the gradients' own computation is recorded
 * @param allowUnused whether inputs that the outputs do not depend on get null, instead of an error
 * @returns one gradient for each input, in their order
 * @throws GraphError when an input was not used to compute the outputs, unless `allowUnused`
 * @see https://pytorch.org/docs/stable/generated/torch.autograd.grad.html
 * @example
 * ```ts
 * import { grad, tensor } from "simdgrad";
 * const x = tensor(3, { requiresGrad: true });
 * const [dx] = grad(x.pow(3), x, { createGraph: true }); // 27
 * const [ddx] = grad(dx!, x); // 18
 * ```
 */
export const grad = define(
  "grad",
  {
    outputs: oneOrMore,
    inputs: oneOrMore,
    gradOutputs: orNull(oneOrMore),
    retainGraph: orNull(boolean),
    createGraph: boolean,
    onlyInputs: alwaysTrue,
    allowUnused: boolean,
  },
  (
    outputs: Tensor | readonly Tensor[],
    inputs: Tensor | readonly Tensor[],
    gradOutputs: Tensor | readonly Tensor[] | null = null,
    retainGraph: boolean | null = null,
    createGraph: boolean = false,
    _onlyInputs: boolean = true,
    allowUnused: boolean = false,
  ): (Tensor | null)[] => {
    const pass: Pass = { retainGraph: retainGraph ?? createGraph, createGraph, allowUnused };
    return gradientsOf(listOf(outputs), listOf(inputs), gradOutputs === null ? null : listOf(gradOutputs), pass);
  },
);

/** How {@link grad} walks the graph. */
type Pass = { retainGraph: boolean; createGraph: boolean; allowUnused: boolean };

function gradientsOf(
  roots: readonly Tensor[],
  targets: readonly Tensor[],
  given: readonly Tensor[] | null,
  { retainGraph, createGraph, allowUnused }: Pass,
): (Tensor | null)[] {
  if (given !== null && given.length !== roots.length) {
    throw new ValueError("grad", `expected a gradient for each of ${roots.length} outputs, got ${given.length}`);
  }
  targets.forEach((target, i) => {
    if (!target.requiresGrad) throw new GraphError("grad", `expected inputs with requiresGrad, got input ${i} without`);
  });
  const starts = roots.map((root, i) => rootGradient("grad", root, given?.[i]));
  const pass = new BackwardPass(retainGraph, createGraph, new Set(targets));
  try {
    pass.run(roots, starts);
    return targets.map((target, i) => {
      const arrived = pass.arrived.get(target);
      if (arrived !== undefined) return pass.take(arrived, currentScope() ?? null);
      if (allowUnused) return null;
      throw new GraphError(
        "grad",
        `expected inputs that the outputs depend on, got input ${i} of shape ${formatShape(target.shape)}, which is unused`,
        "Pass { allowUnused: true } to get null for it",
      );
    });
  } finally {
    pass.close();
    if (!createGraph) for (const start of starts) if (!given?.includes(start)) start.storage.free();
  }
}
