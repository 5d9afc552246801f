import { checkDtype, type Dtype, itemSize } from "../../base/dtype.js";
import { formatShape, ValueError } from "../../base/errors.js";
import { checkOptionNames, type OptionNames } from "../../base/options.js";
import { checkShape, type Shape, sizeOf } from "../../base/shape.js";
import { sealed, shown } from "../../base/signature.js";
import { Tensor } from "../../methods.js";
import { Module } from "../../nn/module/module.js";
import { observe, tensorsIn } from "../../nn/observe.js";
import { shapeOnly } from "../../runtime/shape-only.js";
import { empty } from "../../tensor/tensor.js";
import { formatSummary, type SummaryBytes, type SummaryRow } from "./summary-table.js";
import { bytesOf, Tally, total } from "./tally.js";

/** Options of {@link summary}. */
export type SummaryOptions = {
  /** Type of the inputs given as shapes, or a list of types; the type of the model's parameters when left out. */
  dtype?: Dtype | readonly Dtype[];
  /** Whether layers behave as in training (true). Then tensors that dropout and batch norm keep are counted. */
  training?: boolean;
  /** Depth of the printed tree; the whole tree when left out. */
  depth?: number;
};

const OPTIONS: OptionNames<SummaryOptions> = { dtype: true, training: true, depth: true };

/** The result of {@link summary}. It prints as a table. */
export class Summary {
  /** @internal */
  constructor(
    /** The calls of modules, in order. */
    readonly rows: readonly SummaryRow[],
    /** Elements of all parameters, each counted once. */
    readonly parameters: number,
    /** Elements of parameters that are trained. */
    readonly trainable: number,
    /** Multiplications, each with its addition, of matrix products and convolutions in one forward. */
    readonly multiplyAdds: number,
    readonly bytes: SummaryBytes,
    /** Paths of the modules that the forward did not call. */
    readonly unused: readonly string[],
    private readonly depth: number,
  ) {}

  /** Elements of parameters that are not trained. */
  get frozen(): number {
    return this.parameters - this.trainable;
  }

  /** The table. */
  toString(): string {
    return formatSummary(this, this.depth);
  }

  /** What console.log shows in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** An input of {@link summary}: a shape, or a tensor whose shape it is. */
export type SummaryInput = Shape | Tensor;

const isShape = (value: unknown): value is Shape =>
  Array.isArray(value) && value.every((size: unknown) => typeof size === "number");

function listInputs(inputs: SummaryInput | readonly SummaryInput[]): readonly SummaryInput[] {
  const list = inputs instanceof Tensor || isShape(inputs) ? [inputs] : inputs;
  for (const input of Array.isArray(list) ? list : [list]) {
    if (isShape(input)) checkShape("summary", input);
    else if (!(input instanceof Tensor)) {
      const example = formatShape([4, 3, 32, 32]);
      throw new ValueError("summary", `expected a shape such as ${example}, or a list of shapes, got ${shown(input)}`);
    }
  }
  return list;
}

/** The peak of a training step: parameters, their gradients and state, activations, gradients of one operation. */
function trainingBytes(model: Module, activations: number, backward: number): SummaryBytes["training"] {
  const all = total([...model.parameters(), ...model.buffers()].map(bytesOf));
  const trained = total(
    model
      .parameters()
      .filter((parameter) => parameter.requiresGrad)
      .map(bytesOf),
  );
  const base = all + trained + activations + backward;
  return { sgd: base, momentum: base + trained, adam: base + 2 * trained };
}

/**
 * Lists the modules of a model before it runs, as torchinfo: for each module the shape of its output, its parameters
 * and multiply-adds; in total the trained and frozen parameters, and the memory of a forward and of training.
 *
 * The forward runs on shapes alone (as on PyTorch's "meta" device): it computes, allocates, draws and changes nothing,
 * so the model may be too large to train. The forward must not read values (`item`, `toArray`).
 *
 * @param model any module
 * @param inputs the shape of its input with the batch (`[4, 3, 32, 32]`), or a list of shapes (or tensors) for several inputs
 * @throws SimdgradError that names the module and the shape of its input when a forward throws; ValueError for inputs that are no
 *   shapes and for odd options
 * @see https://github.com/TylerYep/torchinfo
 * @example
 * ```ts
 * import { nn } from "simdgrad";
 * import { summary } from "simdgrad/viz";
 * const model = new nn.Sequential(new nn.Conv2d(3, 6, 5), new nn.ReLU(), new nn.Flatten(), new nn.Linear(6 * 28 * 28, 10));
 * const found = summary(model, [4, 3, 32, 32]);
 * console.log(`${found}`);
 * found.parameters; // 47506
 * ```
 */
export const summary = sealed(
  "summary",
  3,
  (model: Module, inputs: SummaryInput | readonly SummaryInput[], options: SummaryOptions = {}): Summary => {
    if (!(model instanceof Module)) throw new ValueError("summary", `expected a module, got ${shown(model)}`);
    checkOptionNames("summary", options, OPTIONS);
    const {
      training = true,
      depth = Number.POSITIVE_INFINITY,
      dtype = model.parameters()[0]?.dtype ?? "float32",
    } = options;
    if (!(depth >= 0 && (Number.isInteger(depth) || depth === Number.POSITIVE_INFINITY))) {
      throw new ValueError("summary", `expected depth as a whole number of at least 0, got ${depth}`);
    }
    const list = listInputs(inputs);
    const dtypeOf = (i: number): Dtype => (typeof dtype === "string" ? dtype : (dtype[i] ?? "float32"));
    for (const i of list.keys()) checkDtype("summary", dtypeOf(i));
    const tally = new Tally();
    const make = (): Tensor[] => {
      const given = list.map((input, i) => (input instanceof Tensor ? input : empty("input", [...input], dtypeOf(i))));
      shapeOnly.made.length = 0; // activations leave the inputs out
      return given;
    };
    const valuesHint = "A summary runs the model on shapes alone, before there are values";
    const typesHint = 'Inputs of another type than the parameters are told by { dtype: "int32" }, or a list of types';
    const run = { op: "summary", training, recording: true, shapesOnly: true, valuesHint, typesHint };
    return observe(model, make, tally, run, (output) => {
      if (tensorsIn(output).length === 0) {
        throw new ValueError("summary", `expected tensors from forward, got ${shown(output)}`);
      }
      const activations = total(shapeOnly.made.filter(({ freed }) => !freed).map(({ bytes }) => bytes));
      const inputBytes = total(
        list.map((x, i) => (x instanceof Tensor ? bytesOf(x) : sizeOf(x) * itemSize(dtypeOf(i)))),
      );
      const parameters = model.parameters();
      const called = new Set(tally.rows.map(({ path }) => path));
      const bytes: SummaryBytes = {
        inputs: inputBytes,
        parameters: total(parameters.map(bytesOf)),
        buffers: total(model.buffers().map(bytesOf)),
        activations,
        training: trainingBytes(model, inputBytes + activations, tally.backward),
      };
      return new Summary(
        tally.rows,
        total(parameters.map(({ numel }) => numel)),
        total(parameters.filter(({ requiresGrad }) => requiresGrad).map(({ numel }) => numel)),
        shapeOnly.products,
        bytes,
        unusedIn(model, called),
        depth,
      );
    });
  },
);

/** Paths of the modules that the forward did not call. A container counts as called when a module in it was. */
function unusedIn(model: Module, called: ReadonlySet<string>): string[] {
  const paths = model.namedModules().map(([path]) => path);
  const reached = (path: string): boolean =>
    [...called].some((other) => other === path || other.startsWith(`${path}.`));
  return paths.filter((path) => path !== "" && !reached(path));
}
