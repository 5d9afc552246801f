import { noGrad, type Tensor } from "simdgrad";
import { buildGraph, linePlot, makeDot, summary } from "simdgrad/viz";
import type { Result } from "../04-multi-label.js";
import type { Faces } from "../support/data.js";
import { chartFigure, networkFigures } from "./figure.js";
import { type Html, html, tableOf } from "./html.js";
import { imageFigure } from "./images.js";
import type { Section } from "./page.js";

const list = (names: readonly string[]): string => (names.length > 0 ? names.join(", ").replaceAll("_", " ") : "none");

/** A face with its attributes and the predicted ones (probability > 0.5). */
async function face({ net }: Result, faces: Faces, index: number): Promise<Html> {
  const [image, truth] = (await faces.get(index)) as [Tensor, Tensor];
  const chances = noGrad(() => net.forward(image.unsqueeze(0)) as Tensor).toTypedArray();
  const targets = truth.toTypedArray();
  const where = (holds: (i: number) => boolean): string[] => faces.attributes.filter((_, i) => holds(i));
  const right = faces.attributes.filter((_, i) => chances[i]! > 0.5 === targets[i]! > 0.5).length;
  return imageFigure(
    [image],
    { nrow: 1, padding: 0, valueRange: [0, 1] },
    `Test face ${index + 1}`,
    html`<b>Truth:</b> ${list(where((i) => targets[i]! > 0.5))}<br><b>Prediction:</b> ${list(where((i) => chances[i]! > 0.5))}<br>${right} of ${faces.attributes.length} right`,
  );
}

/** The section of example 4. */
export async function faces(result: Result, test: Faces): Promise<Section> {
  const { net, loss, source, attributes } = result;
  const chart = linePlot([{ name: "training", values: loss }], { title: "Binary cross-entropy", xLabel: "batch" });
  net.eval();
  const [first] = (await test.get(0)) as [Tensor, Tensor];
  const layers = buildGraph(net, first.unsqueeze(0));
  const recorded = makeDot(net.forward(first.unsqueeze(0)), { params: net.namedParameters() });
  const shown = [];
  for (let index = 0; index < 4; index++) shown.push(await face(result, test, index));
  const cells = Object.entries(attributes).map(([name, part]) => [list([name]), `${(100 * part).toFixed(0)} %`]);
  const half = Math.ceil(cells.length / 2);
  const rows = cells.slice(0, half).map((cell, i) => [...cell, ...(cells[half + i] ?? ["", ""])]);
  return {
    id: "faces",
    example: "4",
    title: "Many labels at once",
    lead: `Faces with 40 attributes, a network of 104,585,128 parameters, a sigmoid for each attribute with binary cross-entropy.`,
    source,
    body: html`
<h3>Truth and prediction</h3>
<p>After ${loss.length} batches.</p>
<div class="quads">${shown}</div>
<h3>Training</h3>
<div class="grid">
${chartFigure(chart, "Loss by batch", "Loss of each batch.")}
<div>${tableOf("Accuracy of each attribute on the test images seen", [["attribute", "right", "attribute", "right"], ...rows])}</div>
</div>
<h3>The network</h3>
<pre tabindex="0">${String(summary(net, [4, 3, 256, 256]))}</pre>
<div class="grid">
${await networkFigures(layers, recorded)}
</div>`,
  };
}
