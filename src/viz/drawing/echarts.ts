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

// The only file that imports ECharts. dist/ contains its code, because to import it as a package Node reads six hundred
// files in more than a second. For that reason no published type uses its types.
use([LineChart, ScatterChart, CustomChart, GridComponent, LegendComponent, TitleComponent, TooltipComponent]);
use([CanvasRenderer, SVGRenderer]);
// Without a canvas to measure text, ECharts estimates the letters of wide fonts too narrow.
setPlatformAPI({ measureText: (text, font) => ({ width: textWidth(text, Number.parseFloat(font ?? "") || 12) }) });

/** A series of marks on axes. @internal */
export type ChartSeries = LineSeriesOption | ScatterSeriesOption | CustomSeriesOption;

/** A whole chart in the form that ECharts reads. @internal */
export type ChartOption = ComposeOption<
  | LineSeriesOption
  | ScatterSeriesOption
  | CustomSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | TitleComponentOption
  | TooltipComponentOption
>;

/** A short name for a text: its hash (FNV-1a), which almost always differs from that of another text. */
function nameFor(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return `c${(hash >>> 0).toString(36)}`;
}

/**
 * Removes what a static picture does not need: styles for the pointer, attributes for scripts, areas that only receive
 * pointer events. ECharts counts ids up; here the hash of the content replaces the count, so that the same chart gives
 * the same text and charts in one page have different ids.
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

/** A chart in an element of a page. @internal */
export type OpenChart = { set(option: ChartOption): void; resize(size: Size): void; close(): void };

/**
 * Draws into an element of a page. It draws at once: with ECharts' lazy updates, a pointer event before the next frame
 * reads a chart that is only half updated.
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
