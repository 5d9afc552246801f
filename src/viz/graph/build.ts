import { formatShape, ValueError } from "../../base/errors.js";
import { checkOptionNames, type OptionNames } from "../../base/options.js";
import { checkShape, type Shape } from "../../base/shape.js";
import { shown } from "../../base/signature.js";
import { Tensor } from "../../methods.js";
import { Module } from "../../nn/module/module.js";
import { classNameOf } from "../../nn/names.js";
import { asksForValues, observe, tensorsIn } from "../../nn/observe.js";
import { empty } from "../../tensor/tensor.js";
import { HtmlLabel, html, Writer } from "./dot.js";
import { type Folded, folded, merged, pruned } from "./fold.js";
import { Graph } from "./graph.js";
import { colour } from "./graph-theme.js";
import { type Part, Recorder, type Source, type Step } from "./steps.js";

/** Options of {@link buildGraph}. */
export type BuildGraphOptions = {
  /** The line above the graph: the model's class when left out, none for "". */
  title?: string;
  /** Top to bottom (TB), or left to right. */
  direction?: "TB" | "LR";
  /** Draw a layer with weights and the normalisation, activation, pooling, dropout after it as one box (true). */
  merge?: boolean;
  /** Draw a block that repeats once, with the number of times; true when left out. */
  fold?: boolean;
};

const OPTIONS: OptionNames<BuildGraphOptions> = { title: true, direction: true, merge: true, fold: true };

/** An input of a model: a tensor, the shape of one, or tensors in arrays and objects. */
export type GraphInput = Tensor | Shape | readonly Tensor[] | Readonly<Record<string, Tensor>>;

function isOptions(value: unknown): value is BuildGraphOptions {
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Tensor) return false;
  return tensorsIn(value).length === 0;
}

const isShape = (value: unknown): value is Shape =>
  Array.isArray(value) && value.every((size: unknown) => typeof size === "number");

/** Runs a model's forward and returns its steps, and among them those of the outputs. */
function stepsOf(
  model: Module,
  inputs: readonly GraphInput[],
  shapesOnly: boolean,
): { steps: Step[]; outputs: Step[] } {
  const recorder = new Recorder(model);
  const dtype = model.parameters()[0]?.dtype ?? "float32";
  const make = (): unknown[] => {
    const given = inputs.map((input) => (isShape(input) ? empty("input", input, dtype) : input));
    const all = tensorsIn(given.length === 1 ? given[0] : given);
    for (const { name, tensor } of all) recorder.input(all.length === 1 ? "input" : `input ${name}`, tensor);
    return given;
  };
  const valuesHint = "Give tensors instead of shapes: then the model runs on values where it looks at them";
  const options = { op: "buildGraph", training: false, recording: false, shapesOnly, valuesHint };
  const outputs = observe(model, make, recorder, options, (output) => {
    const all = tensorsIn(output);
    if (all.length === 0) throw new ValueError("buildGraph", `expected tensors from forward, got ${shown(output)}`);
    const title = (name: string): string => (all.length === 1 ? "output" : `output ${name}`);
    return all.map(({ name, tensor }) => recorder.data(title(name), recorder.sourcesOf([tensor])));
  });
  return { steps: recorder.steps, outputs };
}

/** A space that Graphviz keeps at the ends of a text. */
const GAP = "\u00a0";

/** The shape on an arrow, and the type if it is no float. */
const label = ({ shape, dtype }: Source): string => {
  const sizes = shape.length === 0 ? "scalar" : shape.join("×");
  return `${GAP}${sizes}${dtype.startsWith("float") ? "" : `${GAP}${dtype}`}${GAP}`;
};

/** The lines of a box as rows of a table. */
function box({ parts, repeat }: Step): HtmlLabel {
  const small = (text: string): string => `<FONT POINT-SIZE="11" COLOR="${colour.muted}">${html(text)}</FONT>`;
  const row = (part: Part, i: number): string => {
    const title = `<B>${html(part.title)}</B>${part.detail === "" ? "" : `${GAP}${html(part.detail)}`}`;
    const notes = [part.name, part.parameters].filter((text) => text !== "").join(" · ");
    const times = i === 0 && repeat > 1 ? `${GAP}<B>×${repeat}</B>` : "";
    const lines = `${title}${times}${notes === "" ? "" : `<BR/>${small(notes)}`}`;
    return `<TR><TD BGCOLOR="${colour[part.kind]}" CELLPADDING="6">${lines}</TD></TR>`;
  };
  const look = `BORDER="1" CELLBORDER="0" CELLSPACING="0" COLOR="${colour.border}"`;
  return new HtmlLabel(`<TABLE ${look}>${parts.map(row).join("")}</TABLE>`);
}

function write({ steps, blocks }: Folded, title: string, direction: "TB" | "LR"): string {
  const writer = new Writer(title, direction);
  const id = (step: Step): string => `n${steps.indexOf(step)}`;
  const node = (step: Step): void => {
    const [first] = step.parts;
    if (first!.kind === "data") {
      const look = { style: "rounded,filled", fillcolor: colour.data, height: 0.35, margin: "0.15,0.05" };
      writer.node(id(step), { label: first!.title, ...look });
    } else writer.node(id(step), { label: box(step), shape: "plain" });
  };
  const framed = new Set(blocks.flatMap((block) => block.steps));
  for (const step of steps) if (!framed.has(step)) node(step);
  for (const [i, block] of blocks.entries())
    writer.frame(String(i), `×${block.repeat}`, () => block.steps.forEach(node));
  for (const step of steps)
    for (const source of step.sources) writer.edge(id(source.from), id(step), { label: label(source) });
  return writer.toString();
}

/** The graph in words, a sentence for each box. */
function inWords({ steps, blocks }: Folded): string {
  const name = (step: Step): string => step.parts.map(({ title, detail }) => `${title} ${detail}`.trim()).join(", ");
  const sentences = steps.map((step) => {
    const from = step.sources.map((source) => `${name(source.from)} (${source.shape.join("×")})`);
    const times = step.repeat > 1 ? `, ${step.repeat} times` : "";
    return `${name(step)}${times}${from.length === 0 ? "" : ` takes ${from.join(" and ")}`}.`;
  });
  const repeated = blocks.map(
    (block) => `${block.steps.map(name).join(", ")} is repeated, ${block.repeat} times in all.`,
  );
  return [...sentences, ...repeated].join(" ");
}

/**
 * Draws the layers of a model, as HiddenLayer's build_graph: a box for each layer (with its sizes, its name and the
 * number of its parameters) and for each operation that a forward calls itself (`F.relu`, `view`, `add`). Arrows have
 * the shapes of the tensors between them.
 *
 * The forward runs once, in evaluation mode, on shapes alone: it computes nothing, takes no memory, draws no random
 * number and changes nothing. Only a forward that reads values (`item`, `toArray`) runs on the given tensors.
 *
 * @param model any module
 * @param inputs the arguments of its forward, then, if need be, options. A shape (`[4, 3, 32, 32]`) stands for a tensor of it
 * @throws SimdgradError that names the module and the shape of its input when a forward throws
 * @see https://github.com/waleedka/hiddenlayer
 * @example
 * ```ts
 * import { nn, zeros } from "simdgrad";
 * import { buildGraph } from "simdgrad/viz";
 * const model = new nn.Sequential(new nn.Linear(2, 8), new nn.ReLU(), new nn.Linear(8, 1), new nn.Sigmoid());
 * const graph = buildGraph(model, zeros([5, 2]), { direction: "LR" });
 * await graph.svg({ theme: "dark" });
 * ```
 */
export function buildGraph(
  model: Module,
  ...inputs: readonly [...GraphInput[], GraphInput | BuildGraphOptions]
): Graph {
  if (!(model instanceof Module)) throw new ValueError("buildGraph", `expected a module, got ${shown(model)}`);
  const last = inputs.at(-1);
  const options = isOptions(last) ? last : {};
  checkOptionNames("buildGraph", options, OPTIONS);
  const { title = classNameOf(model), direction = "TB", merge = true, fold = true } = options;
  if (direction !== "TB" && direction !== "LR") {
    throw new ValueError("buildGraph", `expected a direction of TB and LR, got ${shown(direction)}`);
  }
  const given = (isOptions(last) ? inputs.slice(0, -1) : inputs) as readonly GraphInput[];
  for (const input of given) checkInput(input);
  const { steps, outputs } = traced(model, given);
  const needed = pruned(steps, outputs);
  const boxes = merge ? merged(needed) : needed;
  const drawn = fold ? folded(boxes) : { steps: boxes, blocks: [] };
  return new Graph(write(drawn, title, direction), title === "" ? classNameOf(model) : title, inWords(drawn));
}

function checkInput(input: unknown): void {
  if (isShape(input)) checkShape("buildGraph", input);
  else if (tensorsIn(input).length === 0) {
    throw new ValueError(
      "buildGraph",
      `expected tensors or shapes such as ${formatShape([4, 3, 32, 32])}, got ${shown(input)}`,
    );
  }
}

/** Runs the model on shapes alone; on values if its forward reads them and the inputs have some. */
function traced(model: Module, inputs: readonly GraphInput[]): ReturnType<typeof stepsOf> {
  try {
    return stepsOf(model, inputs, true);
  } catch (error) {
    if (!asksForValues(error) || inputs.some(isShape)) throw error;
    return stepsOf(model, inputs, false);
  }
}
