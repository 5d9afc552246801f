import { type Dtype, nn, optim, rand, randint, randn, scope, type Tensor } from "simdgrad";
import { Net as SmallNet } from "../examples/03-single-label.js";
import { Net as LargeNet } from "../examples/04-multi-label.js";
import type { Case, Suite } from "./suite.js";

type Model = { forward(x: Tensor): Tensor };
type Criterion = { forward(output: Tensor, target: Tensor): Tensor };
type Stepper = { zeroGrad(): void; step(): void };

/** A training step: gradients forgotten, forward, loss, backward, update. */
function step(model: Model, criterion: Criterion, optimizer: Stepper, x: Tensor, y: Tensor): () => void {
  return () => {
    scope(() => {
      optimizer.zeroGrad();
      criterion.forward(model.forward(x), y).backward();
      optimizer.step();
    });
  };
}

const labels = (shape: readonly number[], dtype: Dtype): Tensor => rand(shape).gt(0.5).to(dtype);

const adam = (model: nn.Module, lr = 0.01): Stepper => new optim.Adam(model.parameters(), { lr });

/** Example 3 on a batch. */
function images(batch: number): () => void {
  const net = new SmallNet();
  const sgd = new optim.SGD(net.parameters(), { lr: 0.001, momentum: 0.9 });
  return step(net, new nn.CrossEntropyLoss(), sgd, randn([batch, 3, 32, 32]), randint(10, [batch]));
}

/** The steps of the examples, under the names that bench/pytorch.py gives to the same work. */
export const steps: Record<string, () => () => void> = {
  "example 1": () => {
    const model = new nn.Sequential(new nn.Linear(2, 2), new nn.BentIdentity(), new nn.Linear(2, 1), new nn.Sigmoid());
    const x = rand([640, 2], { dtype: "float64" });
    return step(model.double() as Model, new nn.BCELoss(), adam(model), x, labels([640, 1], "float64"));
  },
  "example 2": () => {
    const model = new nn.Linear(1, 1);
    return step(model, new nn.MSELoss(), adam(model), rand([12, 1]), rand([12, 1]));
  },
  "example 3, batch 4": () => images(4),
  "example 3, batch 64": () => images(64),
  "example 3, batch 256": () => images(256),
  "example 4, batch 4": () => {
    const net = new LargeNet();
    return step(net, new nn.BCELoss(), adam(net, 1e-4), rand([4, 3, 256, 256]), labels([4, 40], "float32"));
  },
};

export const training: Suite = {
  name: "training steps",
  *cases(): Generator<Case> {
    for (const [name, make] of Object.entries(steps)) yield { name, fn: make() };
  },
};
