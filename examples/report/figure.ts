/** Figures of the report. The page contains their pictures, which are sharp on a phone and on a wide screen. */
import type { Graph } from "simdgrad/viz";
import { type Html, html } from "./html.js";

/** A picture that can be drawn as SVG. */
type Chart = { svg(options: { width: number; height: number; theme: "auto" }): string };

/** The least scale of a graph to fit the page: smaller ones are not legible. */
const LEAST = 0.75;

/** A graph up to this width, in pixels, has room beside another figure. */
const COLUMN = 500;

const dataUri = (svg: string): string => `data:image/svg+xml,${encodeURIComponent(svg)}`;

/** A chart with a caption, drawn twice with text of the same size: for a wide screen and for a phone. */
export function chartFigure(chart: Chart, alt: string, caption: string | Html, height = 320): Html {
  const [wide, narrow] = [520, 330].map((width) => dataUri(chart.svg({ width, height, theme: "auto" })));
  return html`<figure><picture>
<source media="(max-width: 480px)" srcset="${narrow!}">
<img src="${wide!}" width="520" height="${height}" alt="${alt}">
</picture><figcaption>${caption}</figcaption></figure>`;
}

/** A graph in its natural size; readers scroll it if it is wider than the page. */
export function graphFigure(svg: string, alt: string, caption: string): Html {
  const width = Math.ceil(Number(/<svg\b[^>]*?\bwidth="([\d.]+)/.exec(svg)?.[1] ?? 400));
  const kind = width > COLUMN ? "wide" : "";
  return html`<figure class="${kind}"><div class="scroll" tabindex="0" role="group" aria-label="${caption}">
<img class="natural" src="${dataUri(svg)}" width="${width}" style="min-width: ${Math.ceil(LEAST * width)}px" alt="${alt}">
</div><figcaption>${caption}</figcaption></figure>`;
}

/** The two graphs of a network: its layers, and its recorded operations. */
export async function networkFigures(layers: Graph, recorded: Graph): Promise<Html[]> {
  return [
    graphFigure(
      await layers.svg({ theme: "auto" }),
      "Layer graph of the network",
      "Layers with the shapes of their outputs.",
    ),
    graphFigure(
      await recorded.svg({ theme: "auto" }),
      "Graph of the recorded operations",
      "Operations recorded for the gradient.",
    ),
  ];
}
