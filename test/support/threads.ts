import { F, manualSeed, nn, optim, randint, randn, scope, setNumThreads, type Tensor } from "simdgrad";
import { forceThreads } from "../../src/runtime/launch.js";

/** Runs a program on n threads, then returns to one. Launches of two units or more run on workers only. */
export async function onThreads<T>(n: number, program: () => T | Promise<T>): Promise<T> {
  await setNumThreads(n);
  forceThreads(n > 1);
  try {
    return await program();
  } finally {
    forceThreads(false);
    await setNumThreads(1);
  }
}

class Net extends nn.Module {
  conv1 = new nn.Conv2d(3, 6, 5);
  norm = new nn.BatchNorm2d(6);
  conv2 = new nn.Conv2d(6, 16, 5);
  drop = new nn.Dropout(0.2);
  fc1 = new nn.Linear(400, 84);
  fc2 = new nn.Linear(84, 10);
  forward(x: Tensor): Tensor {
    x = F.maxPool2d(F.relu(this.norm.forward(this.conv1.forward(x))), 2);
    x = F.maxPool2d(F.relu(this.conv2.forward(x)), 2);
    return this.fc2.forward(F.relu(this.fc1.forward(this.drop.forward(x.flatten(1)))));
  }
}

/** A training that runs step by step: images, dropout, batch norm, Adam. */
export class Training {
  private readonly net: Net;
  private readonly adam: optim.Adam;
  private readonly images: Tensor;
  private readonly labels: Tensor;
  private readonly losses: number[] = [];

  constructor() {
    manualSeed(4);
    this.net = new Net();
    this.adam = new optim.Adam(this.net.parameters(), { lr: 0.01 });
    this.images = randn([5, 3, 32, 32]).keep();
    this.labels = randint(10, [5]).keep();
  }

  step(): void {
    manualSeed(this.losses.length); // for dropout
    scope(() => {
      this.adam.zeroGrad();
      const loss = F.crossEntropy(this.net.forward(this.images), this.labels);
      loss.backward();
      this.adam.step();
      this.losses.push(loss.item());
    });
  }

  /** The losses and weights so far, as text. */
  state(): string {
    const weights = Object.values(this.net.stateDict()).map((x) =>
      Buffer.from(x.toTypedArray().buffer).toString("hex"),
    );
    return JSON.stringify([this.losses, weights]);
  }
}
