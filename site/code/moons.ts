import type { Settings } from "../train/trainer.js";

const LAST: Record<string, string> = {
  sigmoid: "\n  sigmoid: new nn.Sigmoid(),",
  hardsigmoid: "\n  hardsigmoid: new nn.Hardsigmoid(),",
  tanh: "\n  tanh: new nn.Tanh(),",
};
const LOSS: Record<string, string> = { logits: "BCEWithLogitsLoss", tanh: "MSELoss" };

/** Example 1 as a program to paste. */
export function moonsCode({ seed, learningRate, head, batch }: Settings): string {
  const target = head === "tanh" ? "column(y).mul(2).sub(1) // -1 and 1" : "column(y)";
  const right = { logits: "0", tanh: "0" }[head] ?? "0.5";
  const small = batch < 640;
  const update = (x: string, t: string): string =>
    [
      "optimizer.zeroGrad();",
      `const loss = criterion.forward(model.forward(${x}), ${t});`,
      "loss.backward();",
      "optimizer.step();",
    ].join(small ? "\n    " : "\n  ");
  const epoch = small ? `for (const [x, t] of loader) {\n    ${update("x!", "t!")}\n  }` : update("xTrain", "tTrain");
  const loader = small
    ? `\nconst loader = new DataLoader(new TensorDataset(xTrain, tTrain), { batchSize: ${batch}, shuffle: true });`
    : "";
  return `import { manualSeed, nn, noGrad, optim, scope, tensor } from "simdgrad";
import { ${small ? "DataLoader, makeMoons, TensorDataset, trainTestSplit" : "makeMoons, trainTestSplit"} } from "simdgrad/data";

const [X, y] = makeMoons(1000, { noise: 0.3, randomState: 0 });
const [XRest, XTest, yRest, yTest] = trainTestSplit(X, y, { testSize: 0.2, randomState: 42 });
const [XTrain, XValid, yTrain, yValid] = trainTestSplit(XRest, yRest, { testSize: 0.2, randomState: 42 });
const points = (x: number[][]) => tensor(x, { dtype: "float64" });
const column = (y: number[]) => tensor(y, { dtype: "float64" }).unsqueeze(1);
const labels = (y: number[]) => ${target};
const [xTrain, xValid, xTest] = [points(XTrain), points(XValid), points(XTest)];
const [tTrain, tValid, tTest] = [labels(yTrain), labels(yValid), labels(yTest)];

manualSeed(${seed});
const model = new nn.Sequential({
  lin1: new nn.Linear(2, 2),
  BentID1: new nn.BentIdentity(),
  lin2: new nn.Linear(2, 1),${LAST[head] ?? ""}
}).double();

const criterion = new nn.${LOSS[head] ?? "BCELoss"}();
const optimizer = new optim.Adam(model.parameters(), { lr: ${learningRate} });
const stopping = new optim.EarlyStopping({ patience: 15 });${loader}

for (let epoch = 0; epoch < 1000; epoch++) {
  using _epoch = scope(); // frees the epoch's tensors at its end
  ${epoch}
  const validLoss = noGrad(() => criterion.forward(model.forward(xValid), tValid));
  if (stopping.step(validLoss, model)) break;
}
stopping.restore(model);

const right = noGrad(() => model.forward(xTest).gt(${right}).eq(tTest.gt(${right}))).double().mean();
console.log(\`best epoch \${stopping.bestEpoch}, test accuracy \${right.item()}\`);
`;
}
