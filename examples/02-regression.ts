/**
 * Example 2: a number. The network trains with the mean squared error and ends in one of six functions.
 *
 * Data: the prices and sizes of twelve houses. Training: one weight, one bias, Adam, 100 epochs.
 */
import { F, nn, optim, scope, type Tensor, tensor } from "simdgrad";
import { isEntryPoint, type Log, print, table } from "./support/console.js";

export const PRICES = [30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140];
export const SIZES = [7.5, 7, 6.5, 6, 5.5, 5, 4.5, 3.5, 3.2, 2.8, 3.0, 2.5];

/**
 * 1 / softExponential(x) + beta, as a module of this example: a class with parameters and a forward.
 */
export class SoftExponential2 extends nn.Module {
  alpha: nn.Parameter;
  beta: nn.Parameter;

  constructor(alpha = 0.1, beta = 7) {
    super();
    this.alpha = new nn.Parameter(tensor(alpha));
    this.beta = new nn.Parameter(tensor(beta));
  }

  forward(x: Tensor): Tensor {
    return F.softExponential(x, this.alpha).reciprocal().add(this.beta);
  }
}

/** The line −0.01 x + 8, from which every variant except the last starts. */
function line(): nn.Linear {
  const lin = new nn.Linear(1, 1);
  nn.init.constant_(lin.weight, -0.01);
  nn.init.constant_(lin.bias!, 8);
  return lin;
}

/** The six final functions. */
export const variants = {
  linear: () => new nn.Sequential({ lin: line() }),
  relu: () => new nn.Sequential({ lin: line(), relu: new nn.ReLU() }),
  prelu: () => new nn.Sequential({ lin: line(), prelu: new nn.PReLU() }),
  bentIdentity: () => new nn.Sequential({ lin: line(), bentIdentity: new nn.BentIdentity() }),
  softExponential: () => new nn.Sequential({ lin: line(), softExponential: new nn.SoftExponential(-0.9) }),
  softExponential2: () => new nn.Sequential({ softExponential2: new SoftExponential2(0.1, 7) }),
};

export type Variant = keyof typeof variants;

/** The results of one variant, with the names of the reference run. */
export type Result = { loss: number[]; final: Record<string, number[]>; pred: number[] };

export type Options = { epochs?: number; only?: readonly Variant[]; log?: Log };

/** Trains a model on the houses. Returns the loss of every epoch, and the final parameters and predictions. */
export function train(model: nn.Sequential, epochs = 100): Result {
  const x = tensor(PRICES).unsqueeze(1);
  const y = tensor(SIZES).unsqueeze(1);
  const criterion = new nn.MSELoss();
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
  const losses: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    using _step = scope();
    optimizer.zeroGrad();
    const loss = criterion.forward(model.forward(x), y);
    loss.backward();
    optimizer.step();
    losses.push(loss.item());
  }
  const final = model.namedParameters().map(([name, p]) => [name, Array.from(p.toTypedArray())]);
  return { loss: losses, final: Object.fromEntries(final), pred: Array.from(model.forward(x).toTypedArray()) };
}

/** The final error and the parameters in the tutorial. */
export const TUTORIAL: Partial<Record<Variant, readonly [mse: string, parameters: string]>> = {
  linear: ["0.13 to 0.14", "-0.0408x + 8.1321"],
  bentIdentity: ["0.78", "-0.0481, 7.7386"],
  softExponential2: ["below 5", ""],
};

export function main(options: Options = {}): Partial<Record<Variant, Result>> {
  const { epochs = 100, only = Object.keys(variants) as Variant[], log = print } = options;
  const results: Partial<Record<Variant, Result>> = {};
  const shown = [0, 0.25, 0.5, 0.75, 1].map((part) => Math.floor(part * (epochs - 1)));
  const errors = [["MSE in epoch", ...shown.map(String), "the tutorial"]];
  const parameters = [["final function", "parameters", "the tutorial"]];
  for (const name of only) {
    const result = train(variants[name](), epochs);
    const [mse, printed] = TUTORIAL[name] ?? ["", ""];
    const final = Object.entries(result.final).map(([key, [value]]) => `${key.split(".").at(-1)} ${value!.toFixed(4)}`);
    errors.push([name, ...shown.map((epoch) => result.loss[epoch]!.toFixed(4)), mse]);
    parameters.push([name, final.join(", "), printed]);
    results[name] = result;
  }
  log(`${table(errors)}\n\n${table(parameters)}`);
  return results;
}

if (isEntryPoint(import.meta.url)) main();
