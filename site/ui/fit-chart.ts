/** Points and the curve of a network, as SVG. Only the curve's path changes. */
import { h } from "./dom.js";

const NS = "http://www.w3.org/2000/svg";
const SIZE = { width: 320, height: 200 };
const PLOT = { left: 30, right: 14, top: 8, bottom: 24 };

type Range = readonly [low: number, high: number];

/** The range of an axis, and its labelled values. */
type FitAxis = { range: Range; ticks: readonly number[] };

type FitChart = { element: HTMLElement; draw(at: readonly number[], curve: Float32Array): void };

function svg(tag: string, attributes: Record<string, string | number>, text = ""): SVGElement {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.textContent = text;
  return element;
}

const scaleX =
  ([low, high]: Range) =>
  (x: number): number =>
    PLOT.left + ((x - low) / (high - low)) * (SIZE.width - PLOT.left - PLOT.right);
const scaleY =
  ([low, high]: Range) =>
  (y: number): number =>
    SIZE.height - PLOT.bottom - ((y - low) / (high - low)) * (SIZE.height - PLOT.top - PLOT.bottom);

/**
 * @param x the points' x
 * @param y the points' y
 */
export function fitChart(
  label: string,
  x: readonly number[],
  y: readonly number[],
  axes: { x: FitAxis; y: FitAxis },
): FitChart {
  const [px, py] = [scaleX(axes.x.range), scaleY(axes.y.range)];
  const picture = svg("svg", {
    viewBox: `0 0 ${SIZE.width} ${SIZE.height}`,
    role: "img",
    "aria-label": label,
    class: "fit",
  });
  for (const at of axes.y.ticks) {
    picture.append(
      svg("line", { class: "grid", x1: PLOT.left, x2: SIZE.width - PLOT.right, y1: py(at), y2: py(at) }),
      svg("text", { x: PLOT.left - 6, y: py(at) + 4, "text-anchor": "end" }, String(at)),
    );
  }
  for (const at of axes.x.ticks)
    picture.append(svg("text", { x: px(at), y: SIZE.height - 7, "text-anchor": "middle" }, String(at)));
  const line = svg("path", { class: "curve", d: "" });
  picture.append(...x.map((at, i) => svg("circle", { cx: px(at), cy: py(y[i]!), r: 4 })), line);
  const [low, high] = [PLOT.top - 4, SIZE.height - PLOT.bottom + 4];
  return {
    element: h("div", { class: "fit-box" }, picture),
    draw(at, curve) {
      const points = at.map((value, i) => {
        const height = py(curve[i]!);
        const seen = Number.isFinite(height) ? Math.min(Math.max(height, low), high) : high;
        return `${px(value).toFixed(1)} ${seen.toFixed(1)}`;
      });
      line.setAttribute("d", `M${points.join("L")}`);
    },
  };
}
