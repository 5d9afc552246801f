import { GraphError, ValueError } from "../../base/errors.js";
import { checkOptionNames, type OptionNames } from "../../base/options.js";
import { sealed, shown } from "../../base/signature.js";
import { Tensor } from "../../methods.js";
import { tensorsIn } from "../../nn/observe.js";
import type { Node } from "../../tensor/tensor.js";
import { fill, Writer } from "./dot.js";
import { Graph } from "./graph.js";

/** Options of {@link makeDot}. */
export type MakeDotOptions = {
  /** Names of leaves: `model.namedParameters()`, or an object such as `{ x, w }`. */
  params?: readonly (readonly [string, Tensor])[] | Readonly<Record<string, Tensor>>;
  /** Draw the tensors whose values backward() will read, in orange; false when left out. */
  showSaved?: boolean;
  /** List the shapes of inputs and saved tensors under each operation; false when left out. */
  showAttrs?: boolean;
  /** The line above the graph; none when left out. */
  title?: string;
  /** Top to bottom (TB, from the leaves to the output), or left to right. */
  direction?: "TB" | "LR";
};

const OPTIONS: OptionNames<MakeDotOptions> = {
  params: true,
  showSaved: true,
  showAttrs: true,
  title: true,
  direction: true,
};

const shapeText = (tensor: Tensor): string => `(${tensor.shape.join(", ")})`;

/** `AddBackward`, in the manner of PyTorch's names. */
function nameOf({ op }: Node): string {
  return `${op.charAt(0).toUpperCase()}${op.slice(1)}Backward`;
}

/** The role of a saved tensor in its operation: `result`, `input 0`, or `saved 1`. */
function savedName(node: Node, saved: Tensor, i: number): string {
  if (saved.node === node) return "result";
  const at = node.inputs.indexOf(saved);
  return at >= 0 ? `input ${at}` : `saved ${i}`;
}

/** The tensor that a view is of, through any number of views. */
function baseOf(tensor: Tensor): Tensor {
  let base = tensor;
  for (let node = base.node; node?.inputs[0]?.storage === tensor.storage; node = base.node) base = node.inputs[0]!;
  return base;
}

/** Draws the operations that lead to outputs. */
class Drawing {
  private readonly ids = new Map<Tensor | Node, string>();
  private readonly waiting: Node[] = [];
  private readonly words: string[] = [];
  private drawn = 0;

  constructor(
    private readonly writer: Writer,
    private readonly names: ReadonlyMap<Tensor, string>,
    private readonly options: MakeDotOptions,
  ) {}

  output(tensor: Tensor): void {
    const base = baseOf(tensor);
    const id = this.made(tensor, "output");
    if (base !== tensor && base.node !== null) {
      this.writer.edge(this.made(base, "base"), id, { style: "dotted" });
    }
    for (let node = this.waiting.pop(); node !== undefined; node = this.waiting.pop()) this.operation(node);
  }

  description(): string {
    return this.words.join(" ");
  }

  /** A tensor that an operation made. */
  private made(tensor: Tensor, role: "output" | "base"): string {
    const known = this.ids.get(tensor);
    if (known !== undefined) return known;
    const id = this.tensor(tensor, role, this.names.get(tensor));
    if (tensor.node !== null) this.writer.edge(this.enter(tensor.node), id);
    return id;
  }

  /** The box of a tensor. */
  private tensor(tensor: Tensor, role: "output" | "base" | "parameter" | "saved", name?: string): string {
    const id = this.id();
    if (role !== "saved") this.ids.set(tensor, id); // each operation draws its own saved tensors
    const label = name === undefined ? shapeText(tensor) : `${name}\n${shapeText(tensor)}`;
    this.writer.node(id, { label, ...fill(role) });
    return id;
  }

  private id(): string {
    return `n${this.drawn++}`;
  }

  private enter(node: Node): string {
    const known = this.ids.get(node);
    if (known !== undefined) return known;
    this.waiting.push(node);
    const id = this.id();
    this.ids.set(node, id);
    return id;
  }

  private operation(node: Node): void {
    const id = this.ids.get(node)!;
    this.writer.node(id, { label: this.label(node), ...fill("operation") });
    const from = node.inputs.filter((input) => input.requiresGrad);
    for (const input of from) {
      if (input.node !== null) this.writer.edge(this.enter(input.node), id);
      else this.writer.edge(this.leaf(input), id);
    }
    const sources = from.map((input) => (input.node === null ? this.nameOfLeaf(input) : nameOf(input.node)));
    this.words.push(`${nameOf(node)} follows ${sources.join(" and ")}.`);
    if (this.options.showSaved) this.saved(node, id);
  }

  private nameOfLeaf(leaf: Tensor): string {
    return this.names.get(leaf) ?? `a leaf ${shapeText(leaf)}`;
  }

  private leaf(tensor: Tensor): string {
    return this.ids.get(tensor) ?? this.tensor(tensor, "parameter", this.names.get(tensor));
  }

  private label(node: Node): string {
    if (!this.options.showAttrs) return nameOf(node);
    const kept = new Set(node.savedTensors);
    const note = (tensor: Tensor): string => `${shapeText(tensor)} ${tensor.dtype}${kept.has(tensor) ? ", saved" : ""}`;
    const inputs = node.inputs.map((input, i) => `input ${i}: ${note(input)}`);
    const others = [...kept].filter((tensor) => !node.inputs.includes(tensor));
    const saved = others.map((tensor, i) => `${savedName(node, tensor, i)}: ${note(tensor)}`);
    return [nameOf(node), "─".repeat(16), ...inputs, ...saved].join("\n");
  }

  private saved(node: Node, id: string): void {
    if (node.freed) {
      throw new GraphError(
        "makeDot",
        `expected a graph whose saved tensors are there, got one that backward() already went through (at ${node.op})`,
        "Draw it before backward(), call backward({ retainGraph: true }), or leave showSaved out",
      );
    }
    for (const [i, tensor] of [...new Set(node.savedTensors)].entries()) {
      const name = this.names.get(tensor) ?? savedName(node, tensor, i);
      this.writer.edge(this.tensor(tensor, "saved", name), id, { dir: "none" });
    }
  }
}

function namesOf(params: MakeDotOptions["params"] = {}): Map<Tensor, string> {
  const pairs = Array.isArray(params) ? (params as readonly (readonly [string, Tensor])[]) : Object.entries(params);
  for (const pair of pairs) {
    if (pair[1] instanceof Tensor) continue;
    const problem = `expected tensors by name, got ${shown(pair[1])}`;
    throw new ValueError("makeDot", problem, "Pass model.namedParameters(), or an object such as { x, w }");
  }
  return new Map(pairs.map(([name, tensor]) => [tensor, name]));
}

/**
 * Draws the operations that were recorded for backward(), as torchviz's make_dot, in its colours: leaves that get
 * gradients in blue with name and shape, operations in grey, outputs in green (darker: the tensor that an output is a
 * view of), and with `showSaved` the tensors whose values backward() will read in orange. Arrows run as the forward
 * did.
 *
 * @param output a tensor, or several in an array or object
 * @throws GraphError for an output that no recorded operation made, and with `showSaved` after backward() freed the graph
 * @see https://github.com/szagoruyko/pytorchviz
 * @example
 * ```ts
 * import { nn, rand } from "simdgrad";
 * import { makeDot } from "simdgrad/viz";
 * const model = new nn.Linear(2, 1);
 * makeDot(model.forward(rand([5, 2])).mean(), { params: model.namedParameters(), showSaved: true }).dot;
 * ```
 */
export const makeDot = sealed(
  "makeDot",
  2,
  (output: Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>, options: MakeDotOptions = {}): Graph => {
    checkOptionNames("makeDot", options, OPTIONS);
    const { title = "", direction = "TB" } = options;
    const outputs = tensorsIn(output);
    if (outputs.length === 0) throw new ValueError("makeDot", `expected a tensor, got ${shown(output)}`);
    for (const { tensor } of outputs) {
      if (tensor.node !== null) continue;
      throw new GraphError(
        "makeDot",
        `expected the result of recorded operations, got a tensor of shape ${shapeText(tensor)} that none made`,
        "Compute it outside of noGrad, from tensors with requiresGrad",
      );
    }
    const writer = new Writer(title, direction);
    const drawing = new Drawing(writer, namesOf(options.params), options);
    for (const { tensor } of outputs) drawing.output(tensor);
    return new Graph(writer.toString(), title === "" ? "recorded operations" : title, drawing.description());
  },
);
