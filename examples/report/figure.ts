/** Pictures in the page: every one is inside the file, and as sharp on a phone as on a wide screen. */
import type { Graph } from "simdgrad/viz";
import { type Html, html } from "./html.js";

/** What a chart must be able to do. */
type Chart = { svg(options: { width: number; height: number; theme: "auto" }): string };

/** Graphs are made smaller to fit the page down to this part of their size, at which they are legible. */
const LEAST = 0.75;

/** What has room beside another figure, in pixels. */
const COLUMN = 500;

const dataUri = (svg: string): string => `data:image/svg+xml,${encodeURIComponent(svg)}`;

/** A chart with a caption: drawn for a wide screen, and again for a phone, where text keeps its size. */
export function chartFigure(chart: Chart, alt: string, caption: string | Html, height = 320): Html {
  const [wide, narrow] = [520, 330].map((width) => dataUri(chart.svg({ width, height, theme: "auto" })));
  return html`<figure><picture>
<source media="(max-width: 480px)" srcset="${narrow!}">
<img src="${wide!}" width="520" height="${height}" alt="${alt}">
</picture><figcaption>${caption}</figcaption></figure>`;
}

/** A graph in its natural size, to be scrolled where it is wider than the page. */
export function graphFigure(svg: string, alt: string, caption: string): Html {
  const width = Math.ceil(Number(/<svg\b[^>]*?\bwidth="([\d.]+)/.exec(svg)?.[1] ?? 400));
  const kind = width > COLUMN ? "wide" : "";
  return html`<figure class="${kind}"><div class="scroll" tabindex="0" role="group" aria-label="${caption}">
<img class="natural" src="${dataUri(svg)}" width="${width}" style="min-width: ${Math.ceil(LEAST * width)}px" alt="${alt}">
</div><figcaption>${caption}</figcaption></figure>`;
}

/** The two graphs of a network: its layers, and its operations as recorded. */
export async function networkFigures(layers: Graph, recorded: Graph): Promise<Html[]> {
  return [
    graphFigure(
      await layers.svg({ theme: "auto" }),
      "Layer graph of the network",
      "Layers, with the shapes of what they give.",
    ),
    graphFigure(
      await recorded.svg({ theme: "auto" }),
      "Graph of the recorded operations",
      "Operations as recorded for the gradient.",
    ),
  ];
}
