/** `npm run maintain -- pictures`: draws docs/pictures/. The bytes are the same on every machine. */
import { mkdirSync, writeFileSync } from "node:fs";
import { manualSeed, nn, optim, scope, tensor } from "simdgrad";
import { makeMoons } from "simdgrad/data";
import { Canvas, decisionBoundary, History } from "simdgrad/viz";

const [X, y] = makeMoons(300, { noise: 0.2, randomState: 0 });
const [x, t] = [tensor(X), tensor(y).view(-1, 1)];
manualSeed(0);
const model = new nn.Sequential(new nn.Linear(2, 16), new nn.Tanh(), new nn.Linear(16, 1), new nn.Sigmoid());
const criterion = new nn.BCELoss();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.03 });
const history = new History({ stepName: "epoch" });
for (let epoch = 0; epoch < 200; epoch++) {
  scope(() => {
    optimizer.zeroGrad();
    const loss = criterion.forward(model.forward(x), t);
    loss.backward();
    optimizer.step();
    history.log(epoch, { BCELoss: loss });
  });
}

const canvas = new Canvas({ stream: null });
canvas.frame(() => {
  canvas.draw(decisionBoundary(model, X, y, { title: "Two moons", classes: ["upper", "lower"], equal: true }));
  canvas.drawPlot(history.get("BCELoss"), { yLabel: "BCELoss" });
});
mkdirSync("docs/pictures", { recursive: true });
writeFileSync("docs/pictures/moons.svg", canvas.svg({ width: 640, height: 720, theme: "auto" }));
