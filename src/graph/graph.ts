import type { Viz } from "@viz-js/viz";
import { ValueError } from "../base/errors.js";
import { type Theme, themed } from "./theme.js";

let loading: Promise<Viz> | undefined;

/** Graphviz, which is loaded when a graph is first laid out: it is larger than this library. */
async function graphviz(): Promise<Viz> {
  loading ??= import("@viz-js/viz").then(({ instance }) => instance());
  return loading;
}

/** How a graph is drawn. */
export type GraphPictureOptions = {
  /** "light" when left out; "auto" follows the reader's colour scheme. */
  theme?: Theme;
};

/** A drawn graph: as DOT text at once, and as a picture once Graphviz has laid it out. */
export class Graph {
  /**
   * @param dot the graph in Graphviz's language
   * @param title what it is called
   * @param description what it shows, in words
   */
  constructor(
    readonly dot: string,
    readonly title: string,
    readonly description: string,
  ) {}

  /**
   * The picture as SVG text, which names and describes itself to screen readers.
   * @throws ValueError for an unknown theme
   */
  async svg({ theme = "light" }: GraphPictureOptions = {}): Promise<string> {
    if (!["light", "dark", "auto"].includes(theme)) {
      throw new ValueError("Graph.svg", `expected a theme of light, dark, auto, got ${String(theme)}`);
    }
    const drawn = (await graphviz()).renderString(this.dot, { format: "svg" });
    return themed(drawn, this.title, this.description, theme);
  }

  /** The DOT text. */
  toString(): string {
    return this.dot;
  }
}
