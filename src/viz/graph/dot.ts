import { writable } from "../picture/svg.js";
import { colour, type Role } from "./graph-theme.js";

/** Attributes of DOT. */
export type Attributes = Readonly<Record<string, string | number>>;

/** A text in quotes, as a name or value of DOT. */
export function quoted(text: string): string {
  const lines = writable(text).split(/\r\n|[\r\n\u0085\u2028\u2029]/);
  // Graphviz 16 sometimes crashes on labels that begin with an empty line.
  if (lines.length > 1 && lines[0] === "") lines[0] = " ";
  // Graphviz reads &…; as a character, and backslashes as escapes of its own.
  const safe = lines.map((line) => line.replaceAll("&", "&amp;").replaceAll("\\", "\\\\").replaceAll('"', '\\"'));
  return `"${safe.join("\\n")}"`;
}

/** Text for an HTML-like label. */
export function html(text: string): string {
  return writable(text)
    .replace(/[\r\n\t\u0085\u2028\u2029]+/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\\", "\\\\") // Graphviz replaces \N and the like by names here too
    .replaceAll('"', "&quot;");
}

/** An HTML-like label: DOT has it in <> instead of quotes. */
export class HtmlLabel {
  constructor(readonly text: string) {}
}

const attributes = (values: Readonly<Record<string, string | number | HtmlLabel>>): string => {
  const list = Object.entries(values).map(([name, value]) => {
    if (value instanceof HtmlLabel) return `${name}=<${value.text}>`;
    return `${name}=${typeof value === "number" ? value : quoted(value)}`;
  });
  return list.length === 0 ? "" : ` [${list.join(", ")}]`;
};

/** Font of the layout: Graphviz knows its widths, and no font that pictures use is wider. */
const FONT = "DejaVu Sans";

/** Writes DOT, statement by statement. */
export class Writer {
  private readonly lines: string[] = [];
  private indent = "  ";

  constructor(
    private readonly title: string,
    private readonly direction: "TB" | "LR",
  ) {}

  node(id: string, values: Readonly<Record<string, string | number | HtmlLabel>>): void {
    this.lines.push(`${this.indent}${id}${attributes(values)};`);
  }

  edge(from: string, to: string, values: Attributes = {}): void {
    this.lines.push(`${this.indent}${from} -> ${to}${attributes(values)};`);
  }

  /** Draws a frame around what `inside` writes. */
  frame(id: string, label: string, inside: () => void): void {
    const look = { label, labeljust: "r", style: "dashed", color: colour.border, fontcolor: colour.text, margin: 12 };
    this.lines.push(`${this.indent}subgraph ${quoted(`cluster ${id}`)} {`, `${this.indent}  graph${attributes(look)};`);
    this.indent += "  ";
    inside();
    this.indent = this.indent.slice(2);
    this.lines.push(`${this.indent}}`);
  }

  toString(): string {
    const text = { fontname: FONT, fontsize: 14, fontcolor: colour.text };
    const graph: Record<string, string | number> = {
      rankdir: this.direction,
      bgcolor: colour.background,
      pad: 0.2,
      ...text,
    };
    Object.assign(graph, { ranksep: this.direction === "LR" ? 0.5 : 0.35, nodesep: 0.3 });
    if (this.title !== "") Object.assign(graph, { label: `${this.title}`, labelloc: "t", fontsize: 16 });
    const edge = { color: colour.muted, fontname: FONT, fontsize: 12, fontcolor: colour.muted, arrowsize: 0.8 };
    return [
      `digraph ${quoted(this.title)} {`,
      `  graph${attributes(graph)};`,
      `  node${attributes({ shape: "box", color: colour.border, ...text })};`,
      `  edge${attributes(edge)};`,
      ...this.lines,
      "}",
      "",
    ].join("\n");
  }
}

/** The fill of a node, by its role. */
export const fill = (role: Role): Attributes => ({ style: "filled", fillcolor: colour[role] });
