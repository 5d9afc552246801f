/**
 * The probability of class 1 over the plane, in one canvas, and the points in another above it, which changes rarely.
 */
import type { Area, MoonsInfo, Points } from "../train/moons.js";
import { h } from "./dom.js";
import { onTheme, theme } from "./theme.js";

type Rgb = readonly [number, number, number];

/** `ends` are the colours of probability 0, 0.5 and 1. */
const COLOURS: Record<
  "light" | "dark",
  { ends: readonly [Rgb, Rgb, Rgb]; dots: readonly [string, string]; rim: string; text: string }
> = {
  light: {
    ends: [
      [120, 178, 219],
      [250, 250, 250],
      [236, 165, 116],
    ],
    dots: ["#00507d", "#a34700"], // --zero and --one
    rim: "#ffffff",
    text: "#59636e",
  },
  dark: {
    ends: [
      [16, 72, 110],
      [24, 28, 34],
      [118, 56, 14],
    ],
    dots: ["#7cc4f5", "#ffad75"],
    rim: "#0d1117",
    text: "#9198a1",
  },
};

/** Space for the numbers at the axes. */
const MARGIN = { left: 34, bottom: 24, top: 6, right: 8 };

type Surface = { element: HTMLElement; points(info: MoonsInfo): void; draw(chances: Float32Array): void };

export function surface(): Surface {
  const below = h("canvas", { class: "below", "aria-hidden": "true" });
  const above = h("canvas", { class: "above", role: "img" });
  above.setAttribute("aria-label", "The points of both moons, on the network's probability of class 1");
  const box = h("div", { class: "surface" }, below, above);
  const legend = h(
    "p",
    { class: "legend" },
    h("span", { class: "dot zero" }),
    "class 0",
    h("span", { class: "dot one" }),
    "class 1. A stronger colour means a more confident network; the faint points are the validation set.",
  );
  let info: MoonsInfo | undefined;
  let last: Float32Array | undefined;

  const redraw = (): void => {
    if (info === undefined || box.clientWidth === 0) return;
    drawPoints(above, box, info);
    if (last !== undefined) drawSurface(below, last, info.side);
  };
  new ResizeObserver(redraw).observe(box);
  onTheme(redraw);
  return {
    element: h("div", {}, box, legend),
    points(next) {
      info = next;
      last = undefined;
      redraw();
    },
    draw(chances) {
      last = chances;
      if (info !== undefined) drawSurface(below, chances, info.side);
    },
  };
}

function drawSurface(canvas: HTMLCanvasElement, chances: Float32Array, side: number): void {
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const image = new ImageData(side, side);
  const { ends } = COLOURS[theme()];
  for (let row = 0; row < side; row++) {
    for (let x = 0; x < side; x++) {
      const chance = Math.min(Math.max(chances[(side - 1 - row) * side + x]!, 0), 1);
      const [from, to] = chance < 0.5 ? [ends[0], ends[1]] : [ends[1], ends[2]];
      const part = chance < 0.5 ? 2 * chance : 2 * chance - 1;
      const at = 4 * (row * side + x);
      for (let c = 0; c < 3; c++) image.data[at + c] = from[c]! + (to[c]! - from[c]!) * part;
      image.data[at + 3] = 255;
    }
  }
  canvas.getContext("2d")!.putImageData(image, 0, 0);
}

function drawPoints(canvas: HTMLCanvasElement, box: HTMLElement, { train, valid, area }: MoonsInfo): void {
  const scale = devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = box;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d")!;
  pen.scale(scale, scale);
  const plot = {
    left: MARGIN.left,
    top: MARGIN.top,
    width: width - MARGIN.left - MARGIN.right,
    height: height - MARGIN.top - MARGIN.bottom,
  };
  const px = (x: number): number => plot.left + ((x - area.x[0]) / (area.x[1] - area.x[0])) * plot.width;
  const py = (y: number): number => plot.top + plot.height - ((y - area.y[0]) / (area.y[1] - area.y[0])) * plot.height;
  drawAxes(pen, area, plot, px, py);
  drawDots(pen, valid, px, py, 0.45);
  drawDots(pen, train, px, py, 1);
}

type Place = (value: number) => number;

function drawDots(pen: CanvasRenderingContext2D, { x, labels }: Points, px: Place, py: Place, alpha: number): void {
  const { dots, rim } = COLOURS[theme()];
  pen.globalAlpha = alpha;
  pen.strokeStyle = rim;
  pen.lineWidth = 0.7;
  x.forEach(([a, b], i) => {
    pen.fillStyle = dots[labels[i] === 1 ? 1 : 0];
    pen.beginPath();
    if (labels[i] === 1) pen.rect(px(a!) - 2.6, py(b!) - 2.6, 5.2, 5.2);
    else pen.arc(px(a!), py(b!), 3, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
  });
  pen.globalAlpha = 1;
}

function drawAxes(
  pen: CanvasRenderingContext2D,
  { x, y }: Area,
  plot: { left: number; top: number; width: number; height: number },
  px: Place,
  py: Place,
): void {
  pen.fillStyle = COLOURS[theme()].text;
  pen.font = "12px system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (let at = Math.ceil(x[0]); at <= x[1]; at++)
    pen.fillText(String(at).replace("-", "−"), px(at), plot.top + plot.height + 6);
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (let at = Math.ceil(y[0]); at <= y[1]; at++) pen.fillText(String(at).replace("-", "−"), plot.left - 7, py(at));
}
