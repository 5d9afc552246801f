import { F, noGrad, type Tensor, tensor } from "simdgrad";
import { DataLoader } from "simdgrad/data";
import { buildGraph, confusionMatrix, linePlot, makeDot } from "simdgrad/viz";
import type { Net, Result } from "../03-single-label.js";
import type { Images } from "../support/data.js";
import { chartFigure, networkFigures } from "./figure.js";
import { type Html, html, tableOf } from "./html.js";
import { imageFigure } from "./images.js";
import type { Section } from "./page.js";

/** The number of batches that a point of the chart averages. */
const WINDOW = 250;

/** The range of the images' values. */
const SPAN: [number, number] = [-1, 1];

/** The means of groups of `size` values, with the index after each group. */
function means(values: readonly number[], size: number): { steps: number[]; values: number[] } {
  const steps: number[] = [];
  const out: number[] = [];
  for (let from = 0; from < values.length; from += size) {
    const part = values.slice(from, from + size);
    steps.push(from + part.length);
    out.push(part.reduce((a, b) => a + b, 0) / part.length);
  }
  return { steps, values: out };
}

/** The predicted class of each image. */
function predictions(net: Net, images: Images): number[] {
  const predicted: number[] = [];
  for (const [inputs] of new DataLoader(images, { batchSize: 100 })) {
    predicted.push(
      ...noGrad(() => net.forward(inputs))
        .argmax(1)
        .toTypedArray(),
    );
  }
  return predicted;
}

/** The first test images, each with its class and its prediction. */
async function pairs(net: Net, test: Images, count: number): Promise<Html> {
  const named = (index: number): string => test.classes[index]!;
  const figures = Array.from({ length: count }, async (_, i) => {
    const [image, label] = test.get(i) as [Tensor, number];
    const chances = noGrad(() => F.softmax(net.forward(image.unsqueeze(0)), 1)).toTypedArray();
    const best = chances.indexOf(Math.max(...chances));
    const percent = `${(100 * chances[best]!).toFixed(0)} %`;
    const verdict =
      best === label ? html`<span class="right">✓ right</span>` : html`<span class="wrong">✗ wrong</span>`;
    const caption = html`Truth: ${named(label)}<br>Prediction: ${named(best)}, ${percent}<br>${verdict}`;
    return imageFigure(
      [image],
      { nrow: 1, padding: 0, valueRange: SPAN },
      `Test image ${i + 1}: ${named(label)}`,
      caption,
    );
  });
  return html`<div class="pairs">${await Promise.all(figures)}</div>`;
}

/** The section of example 3. */
export async function scenes(result: Result, train: Images, test: Images): Promise<Section> {
  const { net, loss, source, testAccuracy, classes } = result;
  const predicted = predictions(net, test);
  const running = linePlot([{ name: `mean of ${WINDOW} batches`, ...means(loss, WINDOW) }], {
    title: "Cross-entropy",
    xLabel: "batch",
  });
  const matrix = confusionMatrix([...test.targets], predicted, test.classes, { title: "Confusion" });
  const images = Array.from({ length: 32 }, (_, i) => (train.get(i) as [Tensor, number])[0]);
  const [first, label] = test.get(0) as [Tensor, number];
  const batch = first.unsqueeze(0);
  const layers = buildGraph(net, batch);
  const output = F.crossEntropy(net.forward(batch), tensor([label], { dtype: "int32" }));
  const recorded = makeDot(output, { params: net.namedParameters() });
  const filters = net.conv1.weight.detach();
  const largest = filters.abs().max().item();
  return {
    id: "scenes",
    example: "3",
    title: "One label of many",
    lead: `Small colour images of ten classes, a convolutional network, and cross-entropy, which includes the final softmax.`,
    source,
    body: html`
${tableOf("Accuracy on the test images", [
  ["class", "this run"],
  ...Object.entries(classes).map(([name, part]) => [name, `${(100 * part).toFixed(0)} %`]),
  ["all", `${(100 * testAccuracy).toFixed(1)} %`],
])}
<h3>Data</h3>
<div class="grid">
${await imageFigure(images, { nrow: 8, padding: 1, valueRange: SPAN }, "A grid of 32 training images", "The first training images.")}
${await imageFigure(filters.div(largest).unbind(0), { nrow: 6, padding: 1, valueRange: SPAN }, "The six filters of the first convolution", "The filters of the first convolution, 5 × 5 pixels each.")}
</div>
<h3>Truth and prediction</h3>
${await pairs(net, test, 8)}
<h3>Training</h3>
<div class="grid">
${chartFigure(running, "Running loss by batch", "Running loss.")}
${chartFigure(matrix, "Confusion matrix of the ten classes on the test images", "Predicted classes by true class.", 420)}
</div>
<h3>Graphs</h3>
<div class="grid">
${await networkFigures(layers, recorded)}
</div>`,
  };
}
