/** One network that is fitted to the houses. */
import { nn, noGrad, optim, scope, type Tensor } from "simdgrad";
import { type Variant, variants } from "../../examples/02-regression.js";
import { release, setLearningRate } from "./release.js";
import { Losses } from "./trainer.js";

export class Fit {
  readonly model: nn.Sequential;
  readonly losses = new Losses();
  private readonly criterion = new nn.MSELoss();
  private readonly optimizer: optim.Adam;

  /** @param line the linear layer to start from, if the network has one; null: the example's start */
  constructor(
    readonly name: Variant,
    learningRate: number,
    line: nn.Linear | null = null,
  ) {
    this.model = variants[name]();
    const own = this.line;
    if (line !== null && own !== null) own.loadStateDict(line.stateDict());
    this.optimizer = new optim.Adam(this.model.parameters(), { lr: learningRate });
  }

  /** The linear layer; null for softExponential2, which has none. */
  get line(): nn.Linear | null {
    const first = this.model.children()[0];
    return first instanceof nn.Linear ? first : null;
  }

  advance(x: Tensor, y: Tensor): void {
    scope(() => {
      this.optimizer.zeroGrad();
      const loss = this.criterion.forward(this.model.forward(x), y);
      loss.backward();
      this.optimizer.step();
      this.losses.push(loss.item());
    });
  }

  predict(x: Tensor): Float32Array<ArrayBuffer> {
    return scope(() => Float32Array.from(noGrad(() => this.model.forward(x)).toTypedArray()));
  }

  /** The parameters by name; each is one number. */
  parameters(): Record<string, number> {
    const { model } = this;
    return Object.fromEntries(model.namedParameters().map(([name, p]) => [name, p.item()]));
  }

  setLearningRate(rate: number): void {
    setLearningRate(this.optimizer, rate);
  }

  dispose(): void {
    release(this.model, this.optimizer);
  }
}
