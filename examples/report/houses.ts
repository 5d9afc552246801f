import { tensor } from "simdgrad";
import { buildGraph, linePlot, makeDot } from "simdgrad/viz";
import { PRICES, type Result, SIZES, TUTORIAL, type Variant, variants } from "../02-regression.js";
import { chartFigure, graphFigure } from "./figure.js";
import { type Html, html, tableOf } from "./html.js";
import type { Section } from "./page.js";

const TITLES: Record<Variant, string> = {
  linear: "Linear",
  relu: "Linear + ReLU",
  prelu: "Linear + PReLU",
  bentIdentity: "Linear + BentIdentity",
  softExponential: "Linear + SoftExponential",
  softExponential2: "SoftExponential2",
};

/** A chart with houses as points and predictions as a line. */
function houseFigure(name: Variant, { pred, loss }: Result): Html {
  const series = [
    { name: "houses", steps: PRICES, values: SIZES, points: true },
    { name: "prediction", steps: PRICES, values: pred },
  ];
  const chart = linePlot(series, { title: TITLES[name], xLabel: "price", yLabel: "size" });
  const caption = `Mean squared error ${loss.at(-1)!.toFixed(2)}.`;
  return chartFigure(chart, `Sizes of twelve houses by price, and the prediction of ${TITLES[name]}`, caption, 280);
}

/** The section of example 2. */
export async function houses(results: Partial<Record<Variant, Result>>): Promise<Section> {
  const ran = Object.entries(results) as [Variant, Result][];
  const losses = linePlot(
    ran.map(([name, { loss }]) => ({ name: TITLES[name], values: loss })),
    { title: "Mean squared error", xLabel: "epoch" },
  );
  const numbers = ran.map(([name, { loss, final }]) => {
    const [mse = "", printed = ""] = TUTORIAL[name] ?? [];
    const parameters = Object.entries(final).map(([key, [value]]) => `${key.split(".").at(-1)} ${value!.toFixed(4)}`);
    return [TITLES[name], loss.at(-1)!.toFixed(4), mse, parameters.join(", "), printed];
  });
  const x = tensor(PRICES).unsqueeze(1);
  const layers = [variants.softExponential(), variants.softExponential2()].map((model) => buildGraph(model, x));
  const [linear] = [variants.softExponential()];
  const recorded = makeDot(linear.forward(x), { params: linear.namedParameters() });
  return {
    id: "houses",
    example: "2",
    title: "A number",
    lead: "Sizes of twelve houses by price, six final functions to choose from, and the mean squared error.",
    source: "twelve houses of the tutorial",
    body: html`
${tableOf("The numbers of the tutorial and of this run", [
  ["final function", "MSE, this run", "MSE, tutorial", "parameters, this run", "parameters, tutorial"],
  ...numbers,
])}
<h3>Truth and prediction</h3>
<div class="grid">${ran.map(([name, result]) => houseFigure(name, result))}</div>
<h3>Loss</h3>
<div class="grid">
${chartFigure(losses, "Mean squared error of each variant by epoch", "All variants except the last start from the same line.")}
</div>
<h3>Graphs</h3>
<div class="grid">
${await Promise.all(layers.map(async (graph) => graphFigure(await graph.svg({ theme: "auto" }), "Layer graph", "Layers with the shapes of their outputs.")))}
${graphFigure(await recorded.svg({ theme: "auto" }), "Graph of the recorded operations", "Operations of Linear + SoftExponential, recorded for the gradient.")}
</div>`,
  };
}
