import { type Dtype, manualSeed, nn, noGrad, optim, scope, type Tensor, tensor } from "simdgrad";
import { Net as SmallNet } from "../../examples/03-single-label.js";
import { Net as LargeNet } from "../../examples/04-multi-label.js";
import { classes, flags, values, weight } from "./inputs.js";
import { type Job, RESTING_RATE, type Step } from "./work.js";

type Model = { forward(x: Tensor): Tensor };
type Criterion = { forward(output: Tensor, target: Tensor): Tensor };
type Stepper = { paramGroups: readonly { lr: number }[]; zeroGrad(): void; step(): void };
/** All objects of a training step. */
type Training = { model: Model; criterion: Criterion; optimizer: Stepper; x: Tensor; y: Tensor };

/** Gives a network the initial weights that all libraries share. */
function start<M extends nn.Module>(model: M): M {
  noGrad(() =>
    scope(() => {
      for (const [i, parameter] of model.parameters().entries()) {
        parameter.copy_(
          tensor(weight(parameter.shape, i), { shape: parameter.shape, dtype: parameter.dtype as Dtype }),
        );
      }
    }),
  );
  return model;
}

const adam = (model: nn.Module, lr = 0.01): Stepper => new optim.Adam(model.parameters(), { lr });

/** The examples on a batch of made-up data. */
const examples: Record<Step["example"], (batch: number) => Training> = {
  1: (batch) => {
    const layers = [new nn.Linear(2, 2), new nn.BentIdentity(), new nn.Linear(2, 1), new nn.Sigmoid()];
    const model = start(new nn.Sequential(...layers).double());
    const x = tensor(values(2 * batch, 1), { shape: [batch, 2], dtype: "float64" });
    const y = tensor(flags(batch, 2), { shape: [batch, 1], dtype: "float64" });
    return { model, criterion: new nn.BCELoss(), optimizer: adam(model), x, y };
  },
  2: (batch) => {
    const model = start(new nn.Linear(1, 1));
    const [x, y] = [1, 2].map((seed) => tensor(values(batch, seed), { shape: [batch, 1], dtype: "float32" })) as [
      Tensor,
      Tensor,
    ];
    return { model, criterion: new nn.MSELoss(), optimizer: adam(model), x, y };
  },
  3: (batch) => {
    const model = start(new SmallNet());
    const x = tensor(values(batch * 3072, 1, 2), { shape: [batch, 3, 32, 32], dtype: "float32" });
    const y = tensor(classes(batch, 2), { dtype: "int32" });
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.001, momentum: 0.9 });
    return { model, criterion: new nn.CrossEntropyLoss(), optimizer, x, y };
  },
  4: (batch) => {
    const model = start(new LargeNet());
    const x = tensor(values(batch * 3 * 256 ** 2, 1, 2), { shape: [batch, 3, 256, 256], dtype: "float32" });
    const y = tensor(flags(batch * 40, 2), { shape: [batch, 40], dtype: "float32" });
    return { model, criterion: new nn.BCELoss(), optimizer: adam(model, 1e-4), x, y };
  },
};

/** A training step of an example. */
export function stepJob({ example, batch }: Step): Job {
  manualSeed(0); // for dropout, which draws the same as PyTorch
  const { model, criterion, optimizer, x, y } = examples[example](batch);
  const step = (): number | undefined =>
    scope(() => {
      optimizer.zeroGrad();
      const loss = criterion.forward(model.forward(x), y);
      loss.backward();
      optimizer.step();
      return wanted ? loss.item() : undefined;
    });
  let wanted = false;
  return {
    run: (calls) => {
      for (let i = 0; i < calls; i++) step();
    },
    result: () => {
      wanted = true;
      const losses = [0, 1, 2].map(() => step()!);
      wanted = false;
      for (const group of optimizer.paramGroups) group.lr = RESTING_RATE;
      return losses;
    },
  };
}
