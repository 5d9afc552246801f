import type { CustomSeriesOption, LineSeriesOption, ScatterSeriesOption } from "echarts/charts";
import { CustomChart, LineChart, ScatterChart } from "echarts/charts";
import type {
  GridComponentOption,
  LegendComponentOption,
  TitleComponentOption,
  TooltipComponentOption,
} from "echarts/components";
import { GridComponent, LegendComponent, TitleComponent, TooltipComponent } from "echarts/components";
import { type ComposeOption, init, setPlatformAPI, use } from "echarts/core";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";
import { type Size, textWidth } from "../picture/svg.js";

// The one file that meets ECharts. Its types stay out of the published ones, since its code is in dist/ itself:
// importing it as a package reads six hundred files, which takes Node more than a second.
use([LineChart, ScatterChart, CustomChart, GridComponent, LegendComponent, TitleComponent, TooltipComponent]);
use([CanvasRenderer, SVGRenderer]);
// Where there is no canvas to measure with, ECharts takes letters for narrower than those of wide fonts are.
setPlatformAPI({ measureText: (text, font) => ({ width: textWidth(text, Number.parseFloat(font ?? "") || 12) }) });

/** A series of marks on axes. @internal */
export type ChartSeries = LineSeriesOption | ScatterSeriesOption | CustomSeriesOption;

/** A whole chart, as ECharts takes it. @internal */
export type ChartOption = ComposeOption<
  | LineSeriesOption
  | ScatterSeriesOption
  | CustomSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | TitleComponentOption
  | TooltipComponentOption
>;

/** A short name for a text: that of other texts differs, as good as always (FNV-1a). */
function nameFor(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return `c${(hash >>> 0).toString(36)}`;
}

/**
 * Takes out what a picture that does not move has no use for: styles under the pointer, numbers for scripts, areas that
 * only feel the pointer. Ids, which ECharts counts up, are named after the content: the same chart is the same text,
 * and several charts in one page do not share ids.
 */
function still(svg: string): string {
  const plain = svg
    .replace(/<style ?><!\[CDATA\[[\s\S]*?\]\]>\s*<\/style>/g, "")
    .replace(/ (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g, "")
    .replace(/<(\w+)([^>]*)><\/\1>/g, "<$1$2/>")
    .replace(/<path d="[^"]*"(?: transform="[^"]*")? fill="(?:none"|[^"]*" fill-opacity="0"[^>]*)\/>/g, "")
    .replace(/<defs ?>\s*<\/defs>/g, "")
    .replace(/\n{2,}/g, "\n")
    .replace(/\bzr\d+-/g, "zr-");
  return plain.replace(/\bzr-/g, `${nameFor(plain)}-`);
}

/** A chart as an SVG document. @internal */
export function chartSvg(option: ChartOption, { width, height }: Size): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption(option);
    return still(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

/** A chart that is drawn into an element. @internal */
export type OpenChart = { set(option: ChartOption): void; resize(size: Size): void; close(): void };

/**
 * Draws into an element of a page. At once: between a lazy update and its frame, moves of the pointer meet half a chart.
 * @internal
 */
export function openChart(element: HTMLElement, size: Size): OpenChart {
  const chart = init(element, null, { renderer: "canvas", ...size });
  return {
    set: (option) => chart.setOption(option, { replaceMerge: ["series"] }),
    resize: (to) => chart.resize(to),
    close: () => chart.dispose(),
  };
}
