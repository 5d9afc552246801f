import { nn, noGrad, tensor } from "simdgrad";
import { makeMoons, trainTestSplit } from "simdgrad/data";
import { buildGraph, decisionBoundary, linePlot, makeDot, scatter } from "simdgrad/viz";
import type { Result } from "../01-binary.js";
import { chartFigure, networkFigures } from "./figure.js";
import { html, tableOf } from "./html.js";
import type { Section } from "./page.js";

/** The results of PyTorch with seed 0. */
const REFERENCE = { stopped: "102", best: "86", valid: "0.3700", accuracy: "0.755" };

/** The section of example 1. */
export async function moons(result: Result): Promise<Section> {
  const { model, train, valid, testPred } = result;
  const [X, y] = makeMoons(1000, { noise: 0.3, randomState: 0 });
  const [, XTest, , yTest] = trainTestSplit(X, y, { testSize: 0.2, randomState: 42 });
  const points = tensor(XTest, { dtype: "float64" });
  const classes = ["first moon", "second moon"];
  const truth = scatter(points, yTest, { classes, title: "Truth" });
  const predicted = testPred.map((p) => (p > 0.5 ? 1 : 0));
  const said = scatter(points, predicted, { classes, title: "Prediction" });
  const surface = decisionBoundary(model, points, yTest, { classes, title: "Probability of the second moon" });
  const loss = linePlot(
    [
      { name: "training", values: train },
      { name: "validation", values: valid },
    ],
    { title: "Binary cross-entropy", xLabel: "epoch" },
  );
  const output = new nn.BCELoss().forward(model.forward(points), tensor(yTest, { dtype: "float64" }).unsqueeze(1));
  const recorded = makeDot(output, { params: model.namedParameters() });
  const layers = noGrad(() => buildGraph(model, points));
  return {
    id: "moons",
    example: "1",
    title: "One of two classes",
    lead: "Two interleaved half moons, and a network with two hidden units in float64: a final sigmoid with binary cross-entropy.",
    source: "1,000 points drawn as scikit-learn draws them, 640 of them to train on, 160 to validate, 200 to test",
    body: html`
${tableOf("The numbers of PyTorch and of this run", [
  ["measure", "PyTorch, seed 0", "this run"],
  ["stopped in epoch", REFERENCE.stopped, train.length - 1],
  ["best epoch", REFERENCE.best, result.bestEpoch],
  ["its validation loss", REFERENCE.valid, result.bestValid.toFixed(4)],
  ["test accuracy", REFERENCE.accuracy, result.testAccuracy.toFixed(3)],
])}
<h3>Truth and prediction, on the 200 test points</h3>
<div class="grid">
${chartFigure(truth, "Test points in two interleaved half moons, by class", "The classes of the points.")}
${chartFigure(said, "The same points by predicted class", "The predictions of the network.")}
${chartFigure(surface, "Predicted probability over the plane, with the test points", "The network's probabilities over the plane.")}
${chartFigure(loss, "Training and validation loss by epoch, both falling", "Training stopped when the validation loss had not improved for more than 15 epochs.")}
</div>
<h3>Graphs</h3>
<div class="grid">
${await networkFigures(layers, recorded)}
</div>`,
  };
}
