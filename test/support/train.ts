import { F, Generator, manualSeed, nn, optim, rand, randint, type Tensor } from "simdgrad";
import { DataLoader, TensorDataset } from "simdgrad/data";
import { loadCheckpoint, saveCheckpoint } from "simdgrad/io";

/** A small training with all kinds of state: shuffled batches, dropout, running statistics, momentum, a schedule. */

export const EPOCHS = 3;
export const BATCHES = 7;

class Net extends nn.Module {
  fc1 = new nn.Linear(5, 16);
  drop = new nn.Dropout(0.3);
  fc2 = new nn.Linear(16, 3);
  forward(x: Tensor): Tensor {
    return this.fc2.forward(this.drop.forward(F.relu(this.fc1.forward(x))));
  }
}

/** Makes all parts from the seed, as a program does when it starts. */
export function parts(kind: "SGD" | "Adam", ownGenerator = false) {
  manualSeed(3);
  const model = new Net();
  const optimizer =
    kind === "SGD"
      ? new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 })
      : new optim.Adam(model.parameters(), { lr: 0.01 });
  const scheduler = new optim.lrScheduler.StepLR(optimizer, 1, { gamma: 0.5 });
  const loader = new DataLoader(new TensorDataset(rand([26, 5]).keep(), randint(3, [26]).keep()), {
    batchSize: 4,
    shuffle: true,
    ...(ownGenerator && { generator: new Generator().manualSeed(5) }),
  });
  return { model, optimizer, scheduler, loader };
}

type Options = {
  /** The checkpoint, which the last batch writes if the run ends before the training. */
  path?: string;
  /** Every batch writes a checkpoint. */
  every?: boolean;
  /** Starts from the checkpoint. */
  resume?: boolean;
  /** The loader has its own generator. */
  ownGenerator?: boolean;
  /** The most batches of this run. */
  batches?: number;
};

/** Trains to the end, or until the batches run out. Returns the losses so far and the weights. */
export async function train(kind: "SGD" | "Adam", options: Options = {}) {
  const { path, every = false, resume, batches = Infinity } = options;
  const all = parts(kind, options.ownGenerator);
  const { model, optimizer, scheduler, loader } = all;
  let first = 0;
  let losses: number[] = [];
  if (resume && path !== undefined) {
    const { epoch, extra } = await loadCheckpoint(path, all);
    [first, losses] = [epoch, extra as number[]];
  }
  const keep = (epoch: number): Promise<void> =>
    path === undefined ? Promise.resolve() : saveCheckpoint(path, { ...all, epoch, extra: losses });
  let done = 0;
  for (let epoch = first; epoch < EPOCHS && done < batches; epoch++) {
    for (const [x, y] of loader) {
      optimizer.zeroGrad();
      const loss = F.crossEntropy(model.forward(x), y);
      loss.backward();
      optimizer.step();
      losses.push(loss.item());
      done++;
      if (every || done === batches) await keep(epoch);
      if (done === batches) break;
    }
    if (done === batches) break;
    scheduler.step();
    if (every) await keep(epoch + 1);
  }
  const weights = Object.values(model.stateDict()).flatMap((x) => [...x.toTypedArray()]);
  return { losses, weights };
}
