/** Example 1 step by step: one of two classes, in float64. */
import { manualSeed, nn, noGrad, optim, scope, type Tensor, tensor } from "simdgrad";
import { DataLoader, makeMoons, TensorDataset, trainTestSplit } from "simdgrad/data";
import { moons } from "../catalogue.js";
import { Choices } from "./choices.js";
import { digestOf, weightsOf } from "./digest.js";
import { release, setLearningRate } from "./release.js";
import { type Digest, Losses, type Settings, type Specimen, type Trainer } from "./trainer.js";

/** Cells along an edge of the decision surface. */
const SIDE = 80;
const EPOCHS = 1000;
const PATIENCE = 15;
const CHECKPOINTS = [0, 10, 50, 100];

export type Points = { x: number[][]; labels: number[] };
export type Area = { x: [low: number, high: number]; y: [low: number, high: number] };

export type MoonsInfo = { train: Points; valid: Points; test: Points; area: Area; side: number };

export type MoonsView = {
  train: Float64Array<ArrayBuffer>;
  valid: Float64Array<ArrayBuffer>;
  /** The probability of class 1 over the area: [side, side], the lowest row first. */
  surface: Float32Array<ArrayBuffer>;
  parameters: Record<string, number[]>;
  testAccuracy: number;
  best: { epoch: number; loss: number };
  stoppedEarly: boolean;
};

/** For each head: the last layer, the loss, and the probability of class 1. */
const HEADS: Record<
  string,
  {
    last: [name: string, module: nn.Module] | [];
    loss: (out: Tensor, labels: Tensor) => Tensor;
    chance: (out: Tensor) => Tensor;
  }
> = {
  sigmoid: { last: ["sigmoid", new nn.Sigmoid()], loss: nn.functional.binaryCrossEntropy, chance: (p) => p },
  logits: { last: [], loss: nn.functional.binaryCrossEntropyWithLogits, chance: (z) => z.sigmoid() },
  hardsigmoid: {
    last: ["hardsigmoid", new nn.Hardsigmoid()],
    loss: nn.functional.binaryCrossEntropy,
    chance: (p) => p,
  },
  tanh: {
    last: ["tanh", new nn.Tanh()],
    loss: (out, labels) => nn.functional.mseLoss(out, labels.mul(2).sub(1)),
    chance: (t) => t.add(1).div(2),
  },
};

const points = (x: number[][]): Tensor => tensor(x, { dtype: "float64" });
const column = (x: number[]): Tensor => tensor(x, { dtype: "float64" }).unsqueeze(1);

/** The example's data sets, which all trainers share. */
function openData(): {
  info: MoonsInfo;
  sets: Record<"train" | "valid" | "test", [x: Tensor, labels: Tensor]>;
  grid: Tensor;
} {
  const [X, y] = makeMoons(1000, { noise: 0.3, randomState: 0 });
  const [XRest, XTest, yRest, yTest] = trainTestSplit(X, y, { testSize: 0.2, randomState: 42 });
  const [XTrain, XValid, yTrain, yValid] = trainTestSplit(XRest, yRest, { testSize: 0.2, randomState: 42 });
  const area = areaOf(X);
  return {
    info: {
      train: { x: XTrain, labels: yTrain },
      valid: { x: XValid, labels: yValid },
      test: { x: XTest, labels: yTest },
      area,
      side: SIDE,
    },
    sets: {
      train: [points(XTrain), column(yTrain)],
      valid: [points(XValid), column(yValid)],
      test: [points(XTest), column(yTest)],
    },
    grid: gridOver(area),
  };
}

function areaOf(X: readonly number[][]): Area {
  const range = (axis: number): [number, number] => {
    const values = X.map((point) => point[axis]!);
    return [Math.floor(4 * Math.min(...values)) / 4, Math.ceil(4 * Math.max(...values)) / 4];
  };
  return { x: range(0), y: range(1) };
}

/** The centres of SIDE × SIDE cells: [SIDE · SIDE, 2]. */
function gridOver({ x, y }: Area): Tensor {
  const at = ([low, high]: [number, number], i: number): number => low + ((high - low) * (i + 0.5)) / SIDE;
  return points(Array.from({ length: SIDE * SIDE }, (_, i) => [at(x, i % SIDE), at(y, Math.floor(i / SIDE))]));
}

let opened: ReturnType<typeof openData> | undefined;

export class Moons implements Trainer<MoonsInfo, MoonsView> {
  readonly info: MoonsInfo;
  private readonly data: ReturnType<typeof openData>;
  private readonly body: Record<string, nn.Module>;
  private readonly optimizer: optim.Adam;
  private readonly train = new Losses();
  private readonly valid = new Losses();
  private readonly choices: Choices;
  private model: nn.Sequential;
  private stopping = new optim.EarlyStopping({ patience: PATIENCE });
  private firstEpoch = 0;
  done = false;

  constructor(settings: Settings) {
    opened ??= openData();
    this.data = opened;
    this.info = opened.info;
    this.choices = new Choices(settings, moons.defaults);
    manualSeed(settings.seed);
    this.body = { lin1: new nn.Linear(2, 2), BentID1: new nn.BentIdentity(), lin2: new nn.Linear(2, 1) };
    this.model = this.modelFor(settings.head).double();
    this.optimizer = new optim.Adam(this.model.parameters(), { lr: settings.learningRate });
  }

  get step(): number {
    return this.train.all.length;
  }

  get atCheckpoint(): boolean {
    return this.done || CHECKPOINTS.includes(this.step);
  }

  advance(): void {
    scope(() => {
      const loss = this.choices.now.batch >= 640 ? this.update(...this.data.sets.train) : this.epoch();
      const [x, labels] = this.data.sets.valid;
      const validLoss = noGrad(() => this.loss(x, labels)).item();
      this.train.push(loss);
      this.valid.push(validLoss);
      this.done = this.stopping.step(validLoss, this.model) || this.step >= EPOCHS;
      if (this.done) this.stopping.restore(this.model);
    });
  }

  goOn(): void {
    this.choices.depart();
    this.rearm();
  }

  view(): MoonsView {
    return scope(() =>
      noGrad(() => {
        const { chance } = HEADS[this.choices.now.head]!;
        const [x, labels] = this.data.sets.test;
        const right = chance(this.model.forward(x)).gt(0.5).eq(labels.gt(0.5)).double().mean().item();
        return {
          train: this.train.fresh(),
          valid: this.valid.fresh(),
          surface: Float32Array.from(chance(this.model.forward(this.data.grid)).toTypedArray()),
          parameters: Object.fromEntries(
            this.model.namedParameters().map(([name, p]) => [name, [...p.toTypedArray()]]),
          ),
          testAccuracy: right,
          best: { epoch: this.firstEpoch + this.stopping.bestEpoch, loss: this.stopping.best },
          stoppedEarly: this.done && this.step < EPOCHS,
        };
      }),
    );
  }

  set(settings: Partial<Omit<Settings, "seed">>): void {
    if (!this.choices.change(settings, this.step)) return;
    const { learningRate, head } = this.choices.now;
    setLearningRate(this.optimizer, learningRate);
    this.model = this.modelFor(head);
    this.rearm();
  }

  digest(): Digest {
    const { step } = this;
    const { recorded } = this.choices;
    if (!this.done) {
      const key = recorded && CHECKPOINTS.includes(step) ? `moons@${step}` : null;
      return { step, of: "weights", key, hex: digestOf(...weightsOf(this.model)) };
    }
    const predicted = scope(() => noGrad(() => this.model.forward(this.data.sets.test[0])).toTypedArray());
    const hex = digestOf(...weightsOf(this.model), predicted);
    return { step, of: "weights and test predictions", key: recorded ? "moons" : null, hex };
  }

  weights(): nn.StateDict {
    return this.model.stateDict();
  }

  specimen(): Specimen {
    const [x, labels] = this.data.sets.test;
    const input = x.narrow(0, 0, 4);
    return { model: this.model, input, output: () => this.loss(input, labels.narrow(0, 0, 4)) };
  }

  dispose(): void {
    release(this.model, this.optimizer);
  }

  private modelFor(head: string): nn.Sequential {
    const [name, module] = HEADS[head]!.last;
    return new nn.Sequential(name === undefined ? this.body : { ...this.body, [name]: module! });
  }

  private loss(x: Tensor, labels: Tensor): Tensor {
    return HEADS[this.choices.now.head]!.loss(this.model.forward(x), labels);
  }

  private update(x: Tensor, labels: Tensor): number {
    this.optimizer.zeroGrad();
    const loss = this.loss(x, labels);
    loss.backward();
    this.optimizer.step();
    return loss.item();
  }

  /** Trains an epoch of small batches. Returns the mean of their losses. */
  private epoch(): number {
    const loader = new DataLoader(new TensorDataset(...this.data.sets.train), {
      batchSize: this.choices.now.batch,
      shuffle: true,
    });
    let sum = 0;
    for (const [x, labels] of loader) sum += this.update(x!, labels!);
    return sum / loader.length;
  }

  /** Restarts the search for the best epoch, because losses of different kinds cannot be compared. */
  private rearm(): void {
    this.stopping = new optim.EarlyStopping({ patience: PATIENCE });
    this.firstEpoch = this.step;
    this.done = false;
  }
}
