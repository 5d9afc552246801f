/**
 * `npm run maintain -- bench-charts`: draws the results in docs/performance/ as SVG. `--peers FILE` and `--own FILE`
 * read other results.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { CaseResult } from "../results.js";
import { readResults } from "../store.js";

const folder = fileURLToPath(new URL("../../docs/performance/", import.meta.url));
const { values } = parseArgs({
  options: {
    own: { type: "string", default: `${folder}bench.json` },
    peers: { type: "string", default: `${folder}peers.json` },
    out: { type: "string", default: folder },
  },
});

const WIDTH = 470;
const FONT = "DejaVu Sans, Verdana, sans-serif";
const config = {
  background: "white",
  font: FONT,
  axis: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal", labelLimit: 600, gridColor: "#e4e4e4" },
  legend: { labelFontSize: 12, title: null, orient: "top", columns: 6, labelLimit: 300, symbolSize: 110 },
  title: { fontSize: 15, anchor: "start", offset: 14, subtitleFontSize: 12, subtitleColor: "#555" },
  view: { stroke: null },
} as const;

/** The contenders' colours, the same in every chart. */
const COLORS: Record<string, string> = {
  simdgrad: "#222222",
  PyTorch: "#d1495b",
  NumPy: "#edae49",
  "TensorFlow.js wasm": "#2e7d9a",
  "TensorFlow.js cpu": "#8fb8c8",
  "ONNX Runtime Web": "#5b8c3e",
  "jax-js": "#8d5fa8",
};

const SHAPES: Record<string, string> = {
  PyTorch: "circle",
  NumPy: "square",
  "TensorFlow.js wasm": "triangle-up",
  "TensorFlow.js cpu": "triangle-down",
  "ONNX Runtime Web": "cross",
  "jax-js": "diamond",
};

async function draw(name: string, spec: object): Promise<void> {
  const { spec: compiled } = compile({ config, ...spec } as TopLevelSpec);
  const svg = await new vega.View(vega.parse(compiled), { renderer: "none" }).toSVG();
  writeFileSync(`${values.out}/${name}.svg`, `${svg}\n`);
}

/** A case's name without the words that its group has. */
const short = (group: string, name: string): string =>
  name
    .replace(/^conv |^matmul float(32|64) /, group.includes("float64") ? "float64 " : "")
    .replace(" fresh", ", fresh");

/** A row for each case with a dot for each rival at (its time) / (simdgrad's time). Right of 1, simdgrad is faster. */
async function ratios(name: string, title: string, items: readonly CaseResult[]): Promise<void> {
  const rows = items.flatMap(({ group, name: full, entries }) =>
    entries
      .slice(1)
      .filter(({ label, ratio }) => ratio !== undefined && label in COLORS && label !== "simdgrad")
      .map(({ label, ratio }) => ({ work: short(group, full), label, ratio })),
  );
  if (rows.length === 0) return;
  const labels = Object.keys(COLORS).filter((label) => rows.some((row) => row.label === label));
  const y = {
    field: "work",
    type: "nominal",
    sort: null,
    title: null,
    axis: { grid: true, ticks: false, domain: false },
  };
  const x = {
    field: "ratio",
    type: "quantitative",
    scale: { type: "log", nice: false, padding: 12 },
    title: "its time over simdgrad's (right of the line simdgrad is faster)",
    axis: { values: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], format: "~g" },
  };
  const color = {
    field: "label",
    type: "nominal",
    scale: { domain: labels, range: labels.map((label) => COLORS[label]) },
  };
  await draw(name, {
    title,
    width: WIDTH,
    height: { step: 22 },
    layer: [
      {
        data: { values: [{ one: 1 }] },
        mark: { type: "rule", color: "#222" },
        encoding: { x: { ...x, field: "one" } },
      },
      {
        data: { values: rows },
        mark: { type: "point", filled: true, size: 90, opacity: 0.9 },
        encoding: {
          x,
          y,
          color,
          shape: {
            field: "label",
            type: "nominal",
            scale: { domain: labels, range: labels.map((label) => SHAPES[label]) },
          },
        },
      },
    ],
  });
}

/** A bar for each case. */
async function bars(
  name: string,
  title: string,
  axis: { title: string; format: string; domain?: [number, number] },
  rows: readonly { work: string; value: number }[],
): Promise<void> {
  if (rows.length === 0) return;
  const scale = axis.domain === undefined ? {} : { domain: axis.domain };
  const y = { field: "work", type: "nominal", sort: null, title: null, axis: { ticks: false, domain: false } };
  const x = {
    field: "value",
    type: "quantitative",
    title: axis.title,
    scale,
    axis: { format: axis.domain === undefined ? "~g" : axis.format },
  };
  await draw(name, {
    title,
    width: WIDTH,
    height: { step: 20 },
    data: { values: rows },
    encoding: { y, x },
    layer: [
      { mark: { type: "bar", color: "#4a7fa5", height: { band: 0.75 } } },
      {
        mark: { type: "text", align: "left", dx: 4, fontSize: 11, color: "#333", font: FONT },
        encoding: { text: { field: "value", type: "quantitative", format: axis.format } },
      },
    ],
  });
}

mkdirSync(values.out, { recursive: true });
const peers = readResults(values.peers).cases;
const inGroup = (start: string): CaseResult[] => peers.filter(({ group }) => group.startsWith(start));
await ratios("matmul", "Square matrix products", inGroup("matmul"));
await ratios("shapes", "Small and convolution-shaped matrix products", inGroup("small"));
await ratios("elementwise", "Elementwise functions and Adam", [...inGroup("elementwise"), ...inGroup("large")]);
await ratios("convolutions", "Convolutions of four images, and their gradients", inGroup("convolutions"));
await ratios("steps", "Training steps", inGroup("training"));

const own = readResults(values.own).cases;
const limited: readonly [file: string, of: string, (item: CaseResult) => boolean][] = [
  ["limit-float32", "float32 matrix products", ({ name }) => name.startsWith("f32")],
  ["limit-float64", "float64 matrix products", ({ name }) => name.startsWith("f64")],
  ["limit-convolutions", "convolutions", ({ group }) => group === "convolutions"],
];
for (const [file, of, belongs] of limited) {
  await bars(
    file,
    `${of[0]!.toUpperCase()}${of.slice(1)}: fraction of what 128-bit multiplications and additions can reach`,
    { title: "fraction of the limit", format: ".0%", domain: [0, 1] },
    own
      .filter((item) => item.fraction !== undefined && belongs(item))
      .map(({ name, fraction }) => ({ work: name.replace(/^conv |^f(32|64) /, ""), value: fraction! })),
  );
}
await bars(
  "elements",
  "Elementwise functions of a million elements",
  { title: "nanoseconds for an element", format: ".2f" },
  own
    .filter(({ group, unit, count }) => unit === "element" && count === 1e6 && group !== "large tensors")
    .map(({ name, count, entries }) => ({
      work: name.replace(" 1,000,000", ""),
      value: (entries[0]!.seconds! / count) * 1e9,
    })),
);
