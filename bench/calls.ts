import { F, keep, nn, optim, scope, type Tensor, tensor } from "simdgrad";
import type { Case, Suite } from "./suite.js";

const matrix = (requiresGrad: boolean): Tensor =>
  keep(
    tensor(
      [
        [0.1, 0.2],
        [0.3, 0.4],
      ],
      { requiresGrad },
    ),
  );

/** The cost of a call: these operations compute almost nothing. */
function* cases(): Generator<Case> {
  const plain = matrix(false);
  const leaf = matrix(true);
  const layer = new nn.Linear(2, 2);
  const optimizer = new optim.Adam(layer.parameters());
  for (const parameter of layer.parameters()) parameter.grad = keep(tensor(parameter.tolist() as number[]));
  const bodies: Record<string, () => unknown> = {
    "an empty scope": () => undefined,
    "view of 4": () => plain.view(4),
    "sigmoid of 4": () => plain.sigmoid(),
    "sigmoid of 4, recorded": () => leaf.sigmoid(),
    "add of 4": () => plain.add(plain),
    "sum of 4": () => plain.sum(),
    "product of 2×2": () => plain.mm(plain),
    "linear layer of 2 to 2, recorded": () => layer.forward(plain),
    "mean squared error of 4, recorded": () => F.mseLoss(leaf, plain),
    "sum of 4 and its backward": () => {
      leaf.sum().backward();
      leaf.dropGradient();
    },
    "linear layer, sum and their backward": () => {
      F.linear(leaf, plain).sum().backward();
      leaf.dropGradient();
    },
    "Adam of 6": () => optimizer.step(),
  };
  for (const [name, body] of Object.entries(bodies)) yield { name, fn: () => scope(() => void body()) };
}

export const calls: Suite = { name: "calls", cases };
