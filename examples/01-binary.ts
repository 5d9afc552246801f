/**
 * Example 1: one of two classes. The network ends in a sigmoid and trains with binary cross-entropy, in float64.
 *
 * Data: two interleaved half moons. Training: two hidden units, Adam, the full batch, early stopping.
 */
import { manualSeed, nn, noGrad, optim, scope, type Tensor, tensor } from "simdgrad";
import { makeMoons, trainTestSplit } from "simdgrad/data";
import { History } from "simdgrad/viz";
import { canvasBelow, isEntryPoint, type Log, print, progress, progressHeading } from "./support/console.js";

export type Options = {
  /** Seed of the initial weights. */
  seed?: number;
  /** Seed of the data. */
  dataSeed?: number;
  /** The largest number of epochs. */
  epochs?: number;
  /** Training stops after more than this many epochs without a better validation loss. */
  patience?: number;
  /** Called at the end of every epoch. */
  onEpoch?: (epoch: number) => void;
  log?: Log;
};

/** The results, with the names of the reference run. */
export type Result = {
  init: Record<string, number[]>;
  /** The loss of every epoch on the training set, and on the validation set. */
  train: number[];
  valid: number[];
  bestEpoch: number;
  bestValid: number;
  stopEpoch: number;
  /** The weights of the best epoch. */
  final: Record<string, number[]>;
  testPred: number[];
  testAccuracy: number;
  model: nn.Sequential;
};

const values = (model: nn.Module): Record<string, number[]> =>
  Object.fromEntries(model.namedParameters().map(([name, p]) => [name, Array.from(p.toTypedArray())]));

export function main(options: Options = {}): Result {
  const { seed = 0, dataSeed = 0, epochs = 1000, patience = 15, onEpoch } = options;
  const { canvas, log } = canvasBelow(options.log ?? print);

  // The data: 640 points to train, 160 to validate, 200 to test.
  const [X, y] = makeMoons(1000, { noise: 0.3, randomState: dataSeed });
  const [XRest, XTest, yRest, yTest] = trainTestSplit(X, y, { testSize: 0.2, randomState: 42 });
  const [XTrain, XValid, yTrain, yValid] = trainTestSplit(XRest, yRest, { testSize: 0.2, randomState: 42 });
  const points = (x: number[][]): Tensor => tensor(x, { dtype: "float64" });
  const labels = (x: number[]): Tensor => tensor(x, { dtype: "float64" }).unsqueeze(1);
  const [xTrain, xValid, xTest] = [points(XTrain), points(XValid), points(XTest)];
  const [tTrain, tValid, tTest] = [labels(yTrain), labels(yValid), labels(yTest)];

  manualSeed(seed);
  const model = new nn.Sequential({
    lin1: new nn.Linear(2, 2),
    BentID1: new nn.BentIdentity(),
    lin2: new nn.Linear(2, 1),
    sigmoid: new nn.Sigmoid(),
  }).double();
  log(`${model}\n\n${progressHeading(model)}`);

  const criterion = new nn.BCELoss();
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
  const stopping = new optim.EarlyStopping({ patience });

  const init = values(model);
  const history = new History({ stepName: "epoch" });
  for (let epoch = 0; epoch < epochs; epoch++) {
    using _step = scope(); // frees the epoch's tensors at its end

    optimizer.zeroGrad();
    const loss = criterion.forward(model.forward(xTrain), tTrain);
    loss.backward();
    optimizer.step();

    const validLoss = noGrad(() => criterion.forward(model.forward(xValid), tValid));
    history.log(epoch, { trainLoss: loss, validLoss });
    canvas.frame(() => canvas.drawPlot([history.get("trainLoss"), history.get("validLoss")], { yLabel: "BCELoss" }));

    if (epoch % 10 === 0) log(progress(model, epoch, loss.item(), validLoss.item()));
    onEpoch?.(epoch);
    if (stopping.step(validLoss.item(), model)) {
      log(`epoch ${epoch}: no better validation loss for more than ${patience} epochs, stopping`);
      break;
    }
  }
  stopping.restore(model);
  canvas.close();

  const predicted = noGrad(() => model.forward(xTest));
  const right = predicted.gt(0.5).eq(tTest.gt(0.5)).double().mean().item();
  log(`best epoch ${stopping.bestEpoch}, validation loss ${stopping.best.toFixed(4)}, test accuracy ${right}`);
  return {
    init,
    train: [...history.get("trainLoss").values],
    valid: [...history.get("validLoss").values],
    bestEpoch: stopping.bestEpoch,
    bestValid: stopping.best,
    stopEpoch: history.get("trainLoss").values.length - 1,
    final: values(model),
    testPred: Array.from(predicted.toTypedArray()),
    testAccuracy: right,
    model,
  };
}

if (isEntryPoint(import.meta.url)) main();
