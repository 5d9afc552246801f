import { formatBytes, formatShape } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";

/** One call of a module. Its numbers leave out the modules inside, so that columns add up to the totals. */
export type SummaryRow = {
  /** The path from the model, with dots (`layers.0`); empty for the model itself. */
  path: string;
  /** The class. */
  name: string;
  depth: number;
  inputShapes: Shape[];
  outputShapes: Shape[];
  /** Elements of the module's own parameters that no row above has counted. */
  parameters: number;
  /** Whether rows above counted all of the module's own parameters: it is called again, or shares them. */
  shared: boolean;
  multiplyAdds: number;
};

/** Bytes of each kind of tensor. */
export type SummaryBytes = {
  inputs: number;
  parameters: number;
  buffers: number;
  /** Tensors that the forward makes and that live until the training step ends. */
  activations: number;
  /** The estimated peak of a training step, by optimizer. */
  training: { sgd: number; momentum: number; adam: number };
};

/** The numbers in the table. */
type Numbers = {
  readonly rows: readonly SummaryRow[];
  readonly parameters: number;
  readonly trainable: number;
  readonly frozen: number;
  readonly multiplyAdds: number;
  readonly bytes: SummaryBytes;
  readonly unused: readonly string[];
};

const digits = (n: number): string => n.toLocaleString("en-US");

/** `1.23 billion` and the like. */
function rounded(n: number): string {
  for (const [size, name] of [
    [1e12, "trillion"],
    [1e9, "billion"],
    [1e6, "million"],
  ] as const) {
    if (n >= size) return `${(n / size).toFixed(2)} ${name}`;
  }
  return digits(n);
}

/** The lines of a tree in front of each row. */
function branches(rows: readonly SummaryRow[]): string[] {
  return rows.map(({ depth }, i) => {
    let text = "";
    for (let level = 1; level <= depth; level++) {
      const next = rows.slice(i + 1).find((row) => row.depth <= level);
      const goesOn = next?.depth === level;
      text += level < depth ? (goesOn ? "│  " : "   ") : goesOn ? "├─ " : "└─ ";
    }
    return text;
  });
}

/** The name of a module inside of the module around it, and its class. */
function shortName(rows: readonly SummaryRow[], i: number): string {
  const { path, name, depth } = rows[i]!;
  if (path === "") return name;
  const around = rows.slice(0, i).findLast((row) => row.depth === depth - 1);
  const inside = around !== undefined && around.path !== "" && path.startsWith(`${around.path}.`);
  return `${inside ? path.slice(around.path.length + 1) : path}: ${name}`;
}

/** Rows as text: the first two columns aligned left, the others right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
}

/** The table of a summary. */
export function formatSummary(found: Numbers, depth: number): string {
  const rows = found.rows.filter((row) => row.depth <= depth);
  const tree = branches(rows);
  const cells = rows.map((row, i) => [
    `${tree[i]}${shortName(rows, i)}`,
    row.outputShapes.map(formatShape).join(" "),
    row.shared ? "(shared)" : row.parameters === 0 ? "" : digits(row.parameters),
    row.multiplyAdds === 0 ? "" : digits(row.multiplyAdds),
  ]);
  const lines = aligned([["module", "output", "parameters", "multiply-adds"], ...cells]);
  const rule = "─".repeat(Math.max(...lines.map((line) => line.length)));
  const { bytes, trainable, frozen, parameters, unused } = found;
  const { sgd, momentum, adam } = bytes.training;
  const hidden = found.rows.length - rows.length;
  return [
    lines[0],
    rule,
    ...lines.slice(1),
    ...(hidden > 0 ? [`(${hidden} deeper ${hidden === 1 ? "call is" : "calls are"} not shown, but counted)`] : []),
    rule,
    `parameters     ${digits(parameters)} (${digits(trainable)} trained, ${digits(frozen)} frozen)`,
    `multiply-adds  ${rounded(found.multiplyAdds)} in one forward (two FLOPs each; matrix products and convolutions)`,
    `memory         input ${formatBytes(bytes.inputs)}, parameters ${formatBytes(bytes.parameters)}, activations ${formatBytes(bytes.activations)}`,
    `training       SGD ${formatBytes(sgd)}, with momentum ${formatBytes(momentum)}, Adam ${formatBytes(adam)} (estimated peak)`,
    ...(unused.length > 0 ? [`not called     ${unused.join(", ")}`] : []),
  ].join("\n");
}
