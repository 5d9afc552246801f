import type { Viz } from "@viz-js/viz";
import { SimdgradError, ValueError } from "../../base/errors.js";
import { shown } from "../../base/signature.js";
import { pictureFormat, rasterise, savePicture } from "../picture/save-picture.js";
import type { Theme } from "../picture/theme.js";
import { themed } from "./graph-theme.js";
import { type Mounted, mountGraph } from "./mount.js";

let loading: Promise<Viz> | undefined;

/** Graphviz, loaded at the first layout: it is larger than this library. */
function graphviz(): Promise<Viz> {
  loading ??= import("@viz-js/viz")
    .then(({ instance }) => instance())
    .catch((error: unknown) => {
      loading = undefined; // the next graph tries again
      throw error;
    });
  return loading;
}

/** Lays out DOT text as Graphviz's SVG. An instance of Graphviz that failed is not used again. */
async function laidOut(dot: string): Promise<string> {
  const viz = await graphviz();
  try {
    return viz.renderString(dot, { format: "svg" });
  } catch (error) {
    loading = undefined;
    throw new SimdgradError("Graph.svg", `Graphviz could not lay it out: ${String(error)}`, undefined, {
      cause: error,
    });
  }
}

/** How a graph is drawn. */
export type GraphPictureOptions = {
  /** "light" when left out; "auto" follows the colour scheme of the page. */
  theme?: Theme;
};

/** How a graph becomes pixels. */
export type GraphPngOptions = {
  /** "light" (when left out) or "dark". */
  theme?: "light" | "dark";
  /** Pixels for each unit of the SVG (2). */
  scale?: number;
};

/** A graph in a page. */
export type GraphLive = Mounted<Graph>;

/** A graph: DOT text at once, and a picture after Graphviz (Wasm inside of this package) has laid it out. */
export class Graph {
  /**
   * @param dot the graph in Graphviz's language, in light colours
   * @param title what it is called
   * @param description what it shows, in words
   */
  constructor(
    readonly dot: string,
    readonly title: string,
    readonly description: string,
  ) {}

  /**
   * The picture as SVG text, with title and description for screen readers.
   * @throws ValueError for an unknown theme
   */
  async svg({ theme = "light" }: GraphPictureOptions = {}): Promise<string> {
    if (!["light", "dark", "auto"].includes(theme)) {
      throw new ValueError("Graph.svg", `expected the theme "light", "dark" or "auto", got ${shown(theme)}`);
    }
    return themed(await laidOut(this.dot), this.title, this.description, theme);
  }

  /** The bytes of a PNG file. */
  async png({ theme = "light", scale = 2 }: GraphPngOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return rasterise(await this.svg({ theme }), { scale }, "Graph.png");
  }

  /**
   * Writes an SVG or a PNG file, by the ending of its name.
   * @throws ValueError for another ending, FileError when the file cannot be written
   */
  async save(path: string, { scale = 2, ...options }: GraphPictureOptions & { scale?: number } = {}): Promise<void> {
    pictureFormat("Graph.save", path);
    await savePicture("Graph.save", path, await this.svg(options), { scale });
  }

  /**
   * Draws into an element of a page, and follows the page's colour scheme.
   * @param options a theme that stays, rather than the page's
   * @returns a handle: `ready` once it is drawn, `update(graph)` for another graph, `dispose()` to take it away
   * @example
   * ```ts no-run
   * import { nn, zeros } from "simdgrad";
   * import { buildGraph } from "simdgrad/viz";
   * await buildGraph(new nn.Linear(2, 1), zeros([1, 2])).mount(document.body).ready;
   * ```
   */
  mount(element: HTMLElement, options: GraphPictureOptions = {}): GraphLive {
    return mountGraph<Graph>(this, element, options.theme ?? "auto");
  }

  /** The DOT text. */
  toString(): string {
    return this.dot;
  }
}
