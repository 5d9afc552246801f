import { type Dtype, nn, optim, rand, scope, type Tensor } from "simdgrad";
import type { Case, Suite } from "./suite.js";

/** A training step: gradients forgotten, forward, loss, backward, update. */
function step(model: nn.Sequential, criterion: nn.BCELoss | nn.MSELoss, x: Tensor, y: Tensor): () => void {
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
  return () => {
    scope(() => {
      optimizer.zeroGrad();
      criterion.forward(model.forward(x), y).backward();
      optimizer.step();
    });
  };
}

const labels = (rows: number, dtype: Dtype): Tensor => rand([rows, 1]).gt(0.5).to(dtype);

/** The steps of the examples, under the names that bench/pytorch.py gives to the same work. */
export const steps: Record<string, () => () => void> = {
  "example 1": () => {
    const model = new nn.Sequential(new nn.Linear(2, 2), new nn.BentIdentity(), new nn.Linear(2, 1), new nn.Sigmoid());
    return step(model.double(), new nn.BCELoss(), rand([640, 2], { dtype: "float64" }), labels(640, "float64"));
  },
  "example 2": () => step(new nn.Sequential(new nn.Linear(1, 1)), new nn.MSELoss(), rand([12, 1]), rand([12, 1])),
};

export const training: Suite = {
  name: "training steps",
  *cases(): Generator<Case> {
    for (const [name, make] of Object.entries(steps)) yield { name, fn: make() };
  },
};
