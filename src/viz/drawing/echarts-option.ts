import type { Size } from "../picture/svg.js";
import { FONT, type Palette } from "../picture/theme.js";
import { type Layout, layOut, legendNames, TEXT, TITLE } from "./chart-layout.js";
import { downsampleLine, downsamplePoints, MOST_POINTS } from "./downsample.js";
import type { ChartOption, ChartSeries } from "./echarts.js";
import type { Area, Figure, Marks } from "./figure.js";
import { symbolOf } from "./point-symbols.js";
import type { ChartAxis } from "./ticks.js";

/** What every part of a chart depends on. `live`: in a page, with tooltips. */
type Scene = { figure: Figure; layout: Layout; palette: Palette; live: boolean };

/** Up to this many points of a page are separate elements with tooltips. */
const MOST_LIVE_POINTS = 1500;
const MOST_COLUMNS = 500;

const colourOf = (palette: Palette, index: number): string => palette.series[index % palette.series.length]!;

const round = (value: number): number => Math.round(value * 10) / 10;

/** Convert units of the axes to pixels. */
function scales({ x, y, plot }: Layout): { px: (x: number) => number; py: (y: number) => number } {
  return {
    px: (value) => plot.left + ((value - x.min) / (x.max - x.min)) * plot.width,
    py: (value) => plot.top + plot.height - ((value - y.min) / (y.max - y.min)) * plot.height,
  };
}

/** A series that is one SVG path, in pixels. */
function pathSeries(
  name: string,
  z: number,
  style: { fill: string; [key: string]: unknown },
  path: string,
): ChartSeries {
  return {
    type: "custom",
    name,
    z,
    silent: true,
    clip: false,
    color: style.fill,
    data: [[0, 0]],
    renderItem: () => ({ type: "path", shape: { pathData: path }, style, silent: true }),
  };
}

/** A path through points x, y, x, y … in the units of the axes. */
function pathOf(layout: Layout, points: Float64Array): string {
  const { px, py } = scales(layout);
  let path = "";
  for (let i = 0; i < points.length; i += 2) {
    path += `${i === 0 ? "M" : "L"}${round(px(points[i]!))} ${round(py(points[i + 1]!))}`;
  }
  return path;
}

function areaSeries({ layout, palette }: Scene, { rings, colour, opacity }: Area): ChartSeries {
  const path = rings.map((ring) => `${pathOf(layout, ring)}Z`).join("");
  return pathSeries("", 1, { fill: colourOf(palette, colour), opacity }, path);
}

function edgeSeries({ figure, layout, palette }: Scene): ChartSeries[] {
  if (figure.edges.length === 0) return [];
  const path = figure.edges.map((edge) => pathOf(layout, edge)).join("");
  return [pathSeries("", 2, { fill: "none", stroke: palette.text, lineWidth: 1.5 }, path)];
}

function lineSeries({ layout, palette, live }: Scene, mark: Marks): ChartSeries {
  const { x, y } = downsampleLine(mark.x, mark.y, Math.min(MOST_COLUMNS, Math.ceil(layout.plot.width / 2)));
  const gap = (i: number): boolean => !Number.isFinite(y[i] ?? Number.NaN);
  // A value between two gaps has no line, so it gets a circle. Styles for single values are slow: only where needed.
  const alone = (i: number): boolean => gap(i - 1) && gap(i + 1) && !gap(i);
  const some = x.some((_, i) => alone(i));
  const data = x.map((at, i) => {
    const value = [at, gap(i) ? Number.NaN : y[i]!];
    if (!some) return value;
    return alone(i) ? { value, symbol: "circle", symbolSize: 6 } : { value, symbol: "none" };
  });
  const color = colourOf(palette, mark.colour);
  return {
    type: "line",
    name: mark.name,
    z: 3,
    data,
    clip: true,
    silent: !live,
    showSymbol: some,
    showAllSymbol: true,
    emphasis: { disabled: true },
    lineStyle: { width: 2, color },
    itemStyle: { color, borderWidth: 0 },
  };
}

function pointSeries({ figure, layout, palette, live }: Scene, mark: Marks): ChartSeries {
  const total = figure.marks.reduce((sum, { kind, x }) => sum + (kind === "points" ? x.length : 0), 0);
  const { x: ax, y: ay } = layout;
  const box = { left: ax.min, right: ax.max, low: ay.min, high: ay.max };
  const { x, y } = downsamplePoints(mark.x, mark.y, Math.ceil((MOST_POINTS * mark.x.length) / Math.max(total, 1)), box);
  const symbol = symbolOf(mark.colour);
  const color = colourOf(palette, mark.colour);
  const radius = round(
    Math.max(
      1.5,
      Math.min(4.5, 0.4 * Math.sqrt((layout.plot.width * layout.plot.height) / Math.min(total, MOST_POINTS))),
    ),
  );
  const edge = { stroke: palette.background, lineWidth: radius > 2 ? 0.6 : 0 };
  if (!live || total > MOST_LIVE_POINTS) {
    const { px, py } = scales(layout);
    const path = x.map((at, i) => symbol.path(px(at), py(y[i]!), radius)).join("");
    return pathSeries(mark.name, 4, { fill: color, ...edge }, path);
  }
  return {
    type: "scatter",
    name: mark.name,
    z: 4,
    symbol: symbol.name,
    symbolSize: 2 * radius,
    clip: false,
    emphasis: { disabled: true },
    itemStyle: { color, opacity: 1, borderColor: edge.stroke, borderWidth: edge.lineWidth },
    data: x.map((at, i) => [at, y[i]!]),
  };
}

function barSeries({ layout, palette }: Scene, { name, x, y, width = 1, colour }: Marks): ChartSeries {
  const { px, py } = scales(layout);
  const bar = (left: number, i: number): string => {
    if (!(y[i]! !== 0 && Number.isFinite(y[i]!))) return "";
    const [from, to] = [round(px(left)), round(px(left + width))];
    const [top, foot] = [round(py(y[i]!)), round(py(0))];
    return `M${from} ${foot}V${top}H${to}V${foot}Z`;
  };
  const style = { fill: colourOf(palette, colour), stroke: palette.background, lineWidth: 1, opacity: 0.75 };
  return pathSeries(name, 2, style, Array.from(x, bar).join(""));
}

const SERIES = { line: lineSeries, points: pointSeries, bars: barSeries };

function axis({ palette }: Scene, { min, max, step, ticks, format }: ChartAxis, name: string) {
  return {
    type: "value" as const,
    min,
    max,
    interval: step,
    name,
    nameLocation: "middle" as const,
    nameTextStyle: { color: palette.text, fontSize: TEXT, fontFamily: FONT },
    axisLabel: {
      color: palette.muted,
      fontSize: TEXT,
      fontFamily: FONT,
      formatter: format,
      customValues: [...ticks],
    },
    axisLine: { show: true, onZero: false, lineStyle: { color: palette.muted, width: 1 } },
    axisTick: { show: false, customValues: [...ticks] },
    splitLine: { show: true, lineStyle: { color: palette.grid, width: 1 } },
    axisPointer: { lineStyle: { color: palette.muted } },
    silent: true,
  };
}

function legend({ figure, layout, palette, live }: Scene): object {
  const names = legendNames(figure);
  const icon = ({ kind, colour }: Marks): string =>
    kind === "points" ? symbolOf(colour).name : kind === "line" ? "path://M0 5h20v3h-20z" : "rect";
  const data = figure.marks
    .filter(({ name }) => names.includes(name))
    .map((mark) => ({
      name: mark.name,
      icon: icon(mark),
      itemStyle: { color: colourOf(palette, mark.colour), opacity: 1, borderWidth: 0 },
    }));
  return {
    show: data.length > 0,
    data,
    type: "plain",
    left: 12,
    right: 12,
    top: layout.legendTop,
    padding: 0,
    itemWidth: 14,
    itemHeight: 10,
    itemGap: 14,
    selectedMode: false,
    silent: !live,
    textStyle: { color: palette.text, fontSize: TEXT, fontFamily: FONT },
  };
}

function tooltip({ figure, layout, palette, live }: Scene): object {
  if (!live) return { show: false };
  const lines = figure.marks.some(({ kind }) => kind === "line");
  return {
    trigger: lines ? "axis" : "item",
    confine: true,
    transitionDuration: 0,
    backgroundColor: palette.background,
    borderColor: palette.grid,
    textStyle: { color: palette.text, fontSize: TEXT, fontFamily: FONT },
    axisPointer: { type: "line", label: { formatter: ({ value }: { value: number }) => layout.x.format(value) } },
    valueFormatter: (value: unknown) => (typeof value === "number" ? String(Number(value.toPrecision(5))) : "–"),
  };
}

/** A figure as an option of ECharts. @internal */
export function optionOf(figure: Figure, size: Size, palette: Palette, live: boolean): ChartOption {
  const layout = layOut(figure, size);
  const scene: Scene = { figure, layout, palette, live };
  const { x, y, plot, title, notes } = layout;
  return {
    animation: false,
    backgroundColor: palette.background,
    textStyle: { fontFamily: FONT },
    title: {
      text: title.join("\n"),
      subtext: notes.join("\n"),
      left: 12,
      top: 12,
      padding: 0,
      itemGap: 3,
      textStyle: { color: palette.text, fontSize: TITLE, lineHeight: 18, fontFamily: FONT, fontWeight: "bold" },
      subtextStyle: { color: palette.muted, fontSize: TEXT, lineHeight: 17, fontFamily: FONT },
    },
    legend: legend(scene),
    tooltip: tooltip(scene),
    grid: { ...plot, outerBoundsMode: "none" },
    xAxis: { ...axis(scene, x, figure.xLabel), nameGap: 26 },
    yAxis: { ...axis(scene, y, figure.yLabel), nameGap: layout.yNameGap },
    series: [
      ...figure.areas.map((area) => areaSeries(scene, area)),
      ...edgeSeries(scene),
      ...figure.marks.map((mark) => SERIES[mark.kind](scene, mark)),
    ],
  };
}
