import { type Dtype, itemSize, type TypedArray } from "../base/dtype.js";
import { DtypeError, formatShape, GraphError, MemoryError, ShapeError, ValueError } from "../base/errors.js";
import { formatTensor, type NestedNumbers, nest } from "../base/print.js";
import { contiguousStrides, isRowMajor, type Shape, sameShape, sizeOf } from "../base/shape.js";
import { view } from "../runtime/heap.js";
import { allocate, currentScope, moveStorage } from "../runtime/scope.js";
import type { Storage } from "../runtime/storage.js";

/** Gets a gradient, and may return a tensor that replaces it. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook without a return statement returns void
export type GradHook = (grad: Tensor) => Tensor | null | undefined | void;

/**
 * An n-dimensional array of one element type, as torch.Tensor. This class holds the data, the way it lies in memory and
 * its place in the recorded graph. The operations are functions in `ops/`; `methods.ts` makes them methods.
 * @see https://pytorch.org/docs/stable/tensors.html
 */
export class Tensor {
  /** The operation that made it, or null for a leaf. @internal */
  node: Node | null = null;
  /** Which of the node's outputs it is. @internal */
  outputIndex = 0;
  /** The gradient. To read it here does not count as a read of {@link grad}. @internal */
  gradient: Tensor | null = null;
  /** Hooks of a leaf. The node of any other tensor holds its hooks. @internal */
  hooks: GradHook[] | null = null;
  private leafRequiresGrad = false;
  private gradientSeen = false;
  private gradientBorrowed = false;
  private rowMajor: boolean | undefined;
  private steps: Shape | undefined;
  /** Number of elements (a property, where PyTorch has a method). */
  numel: number;

  /**
   * @param storage where the elements are
   * @param shape sizes of the dims
   * @param dtype element type
   * @param strides elements between neighbours along each dim; row-major when left out
   * @param offset elements before the first
   */
  constructor(
    /** The memory, which views share. */
    public storage: Storage,
    /** Sizes of the dims, outermost first. */
    public shape: Shape,
    /** Element type. */
    public dtype: Dtype,
    strides?: Shape,
    /** Elements before the first one. */
    public offset = 0,
  ) {
    this.numel = sizeOf(shape);
    this.steps = strides;
    this.rowMajor = strides === undefined ? true : undefined;
  }

  /** Number of dims. */
  get ndim(): number {
    return this.shape.length;
  }

  /** Elements between neighbours along each dim. */
  get strides(): Shape {
    this.steps ??= contiguousStrides(this.shape);
    return this.steps;
  }

  /** Byte address of the first element, for kernels. Throws when the memory was freed. @internal */
  get ptr(): number {
    return this.storage.address + this.offset * itemSize(this.dtype);
  }

  /** Whether the elements lie row-major without gaps. */
  isContiguous(): boolean {
    this.rowMajor ??= isRowMajor(this.shape, this.strides);
    return this.rowMajor;
  }

  /** The size of one dim (negative counts from the end), or of all. */
  size(): Shape;
  size(dim: number): number;
  size(dim?: number): Shape | number {
    if (dim === undefined) return this.shape;
    const size = this.shape.at(dim);
    if (size === undefined) {
      throw new ValueError("size", `expected a dim of shape ${formatShape(this.shape)}, got ${dim}`);
    }
    return size;
  }

  /** Whether backward() reaches it: a leaf that asked for it, or the result of an operation on one. */
  get requiresGrad(): boolean {
    return this.node !== null || this.leafRequiresGrad;
  }

  set requiresGrad(on: boolean) {
    if (typeof on !== "boolean") throw new ValueError("requiresGrad", `expected true or false, got ${String(on)}`);
    checkLeaf(this, on);
    this.leafRequiresGrad = on;
  }

  /** The recorded operation that made it, or null for a leaf; the next ones are found through its `inputs`. */
  get gradFn(): Node | null {
    return this.node;
  }

  /** Whether no recorded operation made it. */
  get isLeaf(): boolean {
    return this.node === null;
  }

  /** The gradient that backward() accumulated, or null. */
  get grad(): Tensor | null {
    this.gradientSeen = true;
    return this.gradient;
  }

  set grad(grad: Tensor | null) {
    if (grad === this.gradient) return;
    if (grad !== null) checkAssigned(this, grad);
    this.dropGradient();
    this.gradient = grad;
    this.gradientSeen = grad !== null;
    this.gradientBorrowed = grad !== null && grad.storage.owner === null;
    if (grad !== null) moveStorage(grad.storage, null);
  }

  /** Sets a first gradient, which no user has read. @internal */
  startGradient(grad: Tensor): void {
    this.gradient = grad;
    this.gradientSeen = false;
    this.gradientBorrowed = false;
  }

  /**
   * Sets the gradient to null. If no user has read it, its memory is freed at once. Otherwise the innermost scope takes
   * it over, unless the user assigned a tensor that no scope owned: that may be another tensor's gradient. @internal
   */
  dropGradient(): void {
    const old = this.gradient;
    if (old === null) return;
    if (!this.gradientSeen) old.storage.free();
    else if (!this.gradientBorrowed && !old.storage.kept && old.storage.owner === null)
      moveStorage(old.storage, currentScope() ?? null);
    this.gradient = null;
    this.gradientSeen = false;
  }

  /** Takes over the memory, shape and dtype of another tensor, as an assignment to `.data` in PyTorch. @internal */
  setData(from: Tensor): void {
    if (from.storage.virtual && !this.storage.virtual) throw from.storage.valueless("to");
    from.storage.version = Math.max(from.storage.version, this.storage.version) + 1; // so that backward() notices
    this.storage = from.storage;
    this.shape = from.shape;
    this.dtype = from.dtype;
    this.steps = from.strides;
    this.offset = from.offset;
    this.numel = from.numel;
    this.rowMajor = undefined;
  }

  /** The one number of a tensor with one element. */
  item(): number {
    if (this.numel !== 1) {
      throw new ShapeError("item", `expected a tensor with one element, got shape [${this.shape.join(", ")}]`);
    }
    const at = this.ptr;
    if (this.storage.virtual) throw this.storage.valueless("item");
    switch (this.dtype) {
      case "float32":
        return view().f32[at >>> 2]!;
      case "float64":
        return view().f64[at / 8]!;
      case "int32":
        return view().i32[at >>> 2]!;
      default:
        return view().u8[at]!;
    }
  }

  /** A copy of the elements, row-major, as a typed array of the tensor's type. */
  toTypedArray(): TypedArray {
    const base = elements(this);
    if (this.storage.virtual) throw this.storage.valueless("toTypedArray");
    if (this.isContiguous()) return base.slice(0, this.numel);
    const out = base.slice(0, this.numel);
    forEachIndex(this.shape, this.strides, (from, to) => {
      out[to] = base[from]!;
    });
    return out;
  }

  /** The elements as nested arrays of numbers (a number for a tensor without dims; booleans as 0 and 1). */
  toArray(): NestedNumbers {
    return nest(this.toTypedArray(), this.shape);
  }

  /** As {@link toArray}, under PyTorch's name. */
  tolist(): NestedNumbers {
    return this.toArray();
  }

  /**
   * What PyTorch prints, to the letter: `tensor([[1., 2.], [3., 4.]])`, `dtype=torch.int32`, `requires_grad=True`. The
   * name in `grad_fn=<MulBackward0>` comes from this library's operation, which PyTorch may have under another name.
   *
   * ```ts
   * import { tensor } from "simdgrad";
   * String(tensor([1, 2], { requiresGrad: true }).mul(2)); // "tensor([2., 4.], grad_fn=<MulBackward0>)"
   * ```
   */
  toString(): string {
    const graph: string[] = [];
    if (this.node !== null) graph.push(`grad_fn=<${this.node.op.replace(/^./, (c) => c.toUpperCase())}Backward0>`);
    else if (this.leafRequiresGrad) graph.push("requires_grad=True");
    return formatTensor(this.toTypedArray(), this.shape, this.dtype, graph);
  }

  /**
   * What JSON.stringify writes: the nested arrays of {@link tolist}.
   * @throws ValueError for NaN and the infinities: JSON has only null for them
   *
   * ```ts
   * import { tensor } from "simdgrad";
   * JSON.stringify({ weight: tensor([[1, 2], [3, 4]]) }); // '{"weight":[[1,2],[3,4]]}'
   * ```
   */
  toJSON(): NestedNumbers {
    const values = this.toTypedArray();
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at < 0) return nest(values, this.shape);
    throw new ValueError(
      "toJSON",
      `expected finite numbers, got ${values[at]} at position ${at}`,
      "JSON has no NaN and no infinities; write tolist(), with your own words for them",
    );
  }

  /**
   * In the place of a string a tensor is its text; in that of a number it is refused: `t > 2` and `t + 1` would compare
   * and add texts.
   * @internal
   */
  [Symbol.toPrimitive](hint: "string" | "number" | "default"): string {
    if (hint === "string") return this.toString();
    const problem = `expected a number or a string, got a tensor of shape ${formatShape(this.shape)} beside an operator`;
    throw new ValueError("Tensor", problem, "Write t.gt(2) for t > 2, t.add(1) for t + 1, t.item() for the number");
  }

  /** What console.log shows in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    const { freed, virtual } = this.storage;
    if (!freed && !virtual) return this.toString();
    return `tensor(${freed ? "freed" : "no values"}, shape=[${this.shape.join(", ")}])`;
  }
}

/**
 * Computes the gradients of an operation's inputs (null where none is needed) from the gradient of its output. It calls
 * other operations, so that a second-order gradient can record them.
 */
export type Backward = (grad: Tensor, node: Node) => readonly (Tensor | null)[];

/** As {@link Backward}, for operations with several outputs: a gradient for each, null where none arrived. */
export type BackwardMany = (grads: readonly (Tensor | null)[], node: Node) => readonly (Tensor | null)[];

let made = 0;

/** One recorded operation. */
export class Node {
  /** Later operations have higher numbers, so descending order is a topological order. */
  readonly id = ++made;
  /** The last backward pass that reached this node, and the node's place in the order of that pass. */
  mark: object | null = null;
  place = 0;
  /** Hooks of the outputs, and outputs whose gradient is retained, by index of the output. */
  hooks: Map<number, GradHook[]> | null = null;
  retained: Map<number, Tensor> | null = null;
  private versions: number[];
  private readonly needed: readonly boolean[];
  private released = false;
  /** Which inputs the pass under way asks for; null for all. */
  private asked: readonly boolean[] | null = null;

  /**
   * @param op the operation's name
   * @param inputs what it was applied to
   * @param saved the tensors whose values its backward reads
   * @param backward its gradient rule
   */
  constructor(
    readonly op: string,
    readonly inputs: readonly Tensor[],
    private kept: readonly Tensor[],
    private readonly backward: Backward,
    /** Where it was recorded, in anomaly mode. */
    readonly where = "",
  ) {
    this.versions = kept.map((tensor) => tensor.storage.version);
    this.needed = inputs.map((input) => input.requiresGrad);
  }

  /**
   * Applies the gradient rule.
   * @param grads one gradient for each output; null where none arrived
   * @param asked the inputs whose gradients somebody will read; null for all
   */
  run(grads: readonly (Tensor | null)[], asked: readonly boolean[] | null): readonly (Tensor | null)[] {
    const before = this.asked;
    this.asked = asked;
    try {
      return this.apply(grads);
    } finally {
      this.asked = before;
    }
  }

  protected apply(grads: readonly (Tensor | null)[]): readonly (Tensor | null)[] {
    return this.backward(grads[0]!, this);
  }

  /**
   * Whether the rule must compute the gradient of input `i`: the pass under way asks for it, and the input needs a
   * gradient and did when it was recorded, which decided what was saved (a layer may be frozen, or thawed, in between).
   */
  needs(i: number): boolean {
    return this.needed[i]! && this.inputs[i]!.requiresGrad && (this.asked === null || this.asked[i]!);
  }

  /** The saved tensors. Throws if one was overwritten in place, or if backward() has released them. */
  get saved(): readonly Tensor[] {
    if (this.released) {
      throw new GraphError(
        "backward",
        `expected a graph whose saved values are there, got one that backward() already went through (at ${this.op})`,
        "Call backward({ retainGraph: true }) the first time",
      );
    }
    for (let i = 0; i < this.kept.length; i++) {
      const { storage, shape } = this.kept[i]!;
      if (storage.version !== this.versions[i]) {
        throw new GraphError(
          "backward",
          `${this.op} needs the value that a tensor of shape [${shape.join(", ")}] (made by ${storage.label}) had when it was recorded, but it was written in place ${storage.version - this.versions[i]!} times since`,
          "Clone it before writing to it",
        );
      }
    }
    return this.kept;
  }

  /** The saved tensors without checks, for pictures of the graph. */
  get savedTensors(): readonly Tensor[] {
    return this.kept;
  }

  /** Whether backward() has released the saved tensors. */
  get freed(): boolean {
    return this.released;
  }

  /** Releases the saved tensors after backward(). */
  release(): void {
    this.released = true;
    this.kept = [];
  }

  /** `<mul>`, as in the printed form of a tensor. */
  toString(): string {
    return `<${this.op}>`;
  }

  /** What console.log shows in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** A recorded operation with several outputs. */
export class ManyNode extends Node {
  constructor(
    op: string,
    inputs: readonly Tensor[],
    kept: readonly Tensor[],
    private readonly backwardMany: BackwardMany,
    where: string,
  ) {
    super(op, inputs, kept, () => [], where);
  }

  protected override apply(grads: readonly (Tensor | null)[]): readonly (Tensor | null)[] {
    return this.backwardMany(grads, this);
  }
}

function checkLeaf(tensor: Tensor, on: boolean): void {
  if (tensor.node !== null && !on) {
    throw new GraphError("requiresGrad", "expected a leaf, got the result of an operation", "Use detach() instead");
  }
  if (on && tensor.dtype !== "float32" && tensor.dtype !== "float64") {
    throw new DtypeError("requiresGrad", `expected a float32 or float64 tensor, got ${tensor.dtype}`);
  }
}

/** Throws for a gradient that backward() could not add to. */
function checkAssigned(tensor: Tensor, grad: Tensor): void {
  if (!(grad instanceof Tensor)) throw new DtypeError("grad", `expected a tensor or null, got ${typeof grad}`);
  const [want, got] = [formatShape(tensor.shape), formatShape(grad.shape)];
  if (!sameShape(tensor.shape, grad.shape)) throw new ShapeError("grad", `expected a gradient of ${want}, got ${got}`);
  if (tensor.dtype === grad.dtype) return;
  throw new DtypeError("grad", `expected a gradient of dtype ${tensor.dtype}, got ${grad.dtype}`);
}

const NO_ELEMENTS: Record<Dtype, TypedArray> = {
  float32: new Float32Array(0),
  float64: new Float64Array(0),
  int32: new Int32Array(0),
  uint8: new Uint8Array(0),
  bool: new Uint8Array(0),
};

/**
 * The memory from the tensor's first element on, as a typed array of its type. Valid until the memory grows. A tensor
 * of a run on shapes alone has no elements.
 */
export function elements(tensor: Tensor): TypedArray {
  const at = tensor.ptr;
  if (tensor.storage.virtual) return NO_ELEMENTS[tensor.dtype];
  const { f32, f64, i32, u8 } = view();
  switch (tensor.dtype) {
    case "float32":
      return f32.subarray(at / 4);
    case "float64":
      return f64.subarray(at / 8);
    case "int32":
      return i32.subarray(at / 4);
    default:
      return u8.subarray(at);
  }
}

/** Walks the elements row-major: `visit(offset by strides, position in row-major order)`. */
function forEachIndex(shape: Shape, strides: Shape, visit: (from: number, to: number) => void): void {
  let to = 0;
  const walk = (dim: number, from: number): void => {
    if (dim === shape.length) {
      visit(from, to++);
      return;
    }
    for (let i = 0; i < shape[dim]!; i++) walk(dim + 1, from + i * strides[dim]!);
  };
  walk(0, 0);
}

/** A new row-major tensor whose elements have no defined values. */
export function empty(op: string, shape: Shape, dtype: Dtype): Tensor {
  if (sizeOf(shape) >= 2 ** 31 && itemSize(dtype) === 1) {
    throw new MemoryError(op, `expected fewer than 2^31 elements, which kernels count, got ${formatShape(shape)}`);
  }
  return new Tensor(allocate(op, sizeOf(shape) * itemSize(dtype)), shape, dtype);
}
