/**
 * Example 3: one label of many. A small convolutional network learns CIFAR-10's ten classes with cross-entropy, which
 * includes the final softmax. SGD with momentum, batches of four.
 */
import { F, manualSeed, nn, noGrad, optim, type Tensor } from "simdgrad";
import { DataLoader } from "simdgrad/data";
import { load, loadCheckpoint, save, saveCheckpoint } from "simdgrad/io";
import { History } from "simdgrad/viz";
import { canResume, canvasBelow, isEntryPoint, type Log, print, resumedAt, table } from "./support/console.js";
import { type DataOptions, type Images, openCifar10 } from "./support/data.js";
import { progressBar } from "./support/progress.js";

export class Net extends nn.Module {
  conv1 = new nn.Conv2d(3, 6, 5);
  pool = new nn.MaxPool2d(2, 2);
  conv2 = new nn.Conv2d(6, 16, 5);
  fc1 = new nn.Linear(16 * 5 * 5, 120);
  fc2 = new nn.Linear(120, 84);
  fc3 = new nn.Linear(84, 10);

  forward(x: Tensor): Tensor {
    x = this.pool.forward(F.relu(this.conv1.forward(x)));
    x = this.pool.forward(F.relu(this.conv2.forward(x)));
    x = x.view(-1, 16 * 5 * 5);
    x = F.relu(this.fc1.forward(x));
    x = F.relu(this.fc2.forward(x));
    return this.fc3.forward(x);
  }
}

export type Options = DataOptions & {
  /** Seed of the weights and of the order of the images. */
  seed?: number;
  epochs?: number;
  /** The file for the trained weights, as a state dict that PyTorch loads; when left out none is written. */
  weights?: string;
  /** The file for the state of the training, written every `every` batches; when left out none is written. */
  checkpoint?: string;
  every?: number;
  /** Whether to continue from the checkpoint. */
  resume?: boolean;
  /** Called after every batch. */
  onStep?: (step: number, loss: number) => void;
  log?: Log;
};

/** The results, with the names of the reference run. */
export type Result = {
  source: string;
  /** The loss of every batch. */
  loss: number[];
  testAccuracy: number;
  /** The accuracy of each class. */
  classes: Record<string, number>;
  /** The logits of the first four test images. */
  logitsFirst4: number[][];
  net: Net;
};

/** For each class, how many images the network classifies correctly, and how many there are. */
export function evaluate(net: nn.Module, images: Images): { right: number[]; total: number[] } {
  const right = images.classes.map(() => 0);
  const total = images.classes.map(() => 0);
  noGrad(() => {
    for (const [inputs, labels] of new DataLoader(images, { batchSize: 100 })) {
      const predicted = (net.forward(inputs) as Tensor).argmax(1).toTypedArray();
      labels.toTypedArray().forEach((label, i) => {
        total[label]!++;
        if (predicted[i] === label) right[label]!++;
      });
    }
  });
  return { right, total };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

export async function main(options: Options = {}): Promise<Result> {
  const { seed = 0, epochs = 2, weights, checkpoint, every = 500, resume = false, onStep } = options;
  const { canvas, log } = canvasBelow(options.log ?? print);
  const { train, test, source } = await openCifar10(options);
  log(source);

  manualSeed(seed);
  let net = new Net();
  log(`${net}\n`);
  const criterion = new nn.CrossEntropyLoss();
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.001, momentum: 0.9 });
  const loader = new DataLoader(train, { batchSize: 4, shuffle: true });

  let first = 0;
  let loss: number[] = [];
  if (resume && checkpoint !== undefined && canResume(checkpoint, log)) {
    const { epoch, extra } = await loadCheckpoint(checkpoint, { model: net, optimizer, loader });
    first = epoch;
    ({ loss } = extra as { loss: number[] });
    log(resumedAt(loss.length, epoch, epochs));
  }
  const keep = async (epoch: number): Promise<void> => {
    if (checkpoint === undefined) return;
    await saveCheckpoint(checkpoint, { model: net, optimizer, loader, epoch, extra: { loss } });
  };

  const history = new History({ stepName: "epoch" });
  for (let epoch = first; epoch < epochs; epoch++) {
    const bar = progressBar(`epoch ${epoch + 1}`, loader.length, loss.length - epoch * loader.length);
    for (const [inputs, labels] of loader) {
      optimizer.zeroGrad();
      const batchLoss = criterion.forward(net.forward(inputs), labels);
      batchLoss.backward();
      optimizer.step();

      loss.push(batchLoss.item());
      bar.step(loss.at(-1)!);
      const batch = loss.length - epoch * loader.length;
      if (batch % 2000 === 0 || batch === loader.length) {
        bar.pause();
        const shown = loss.slice(Math.max(loss.length - 2000, epoch * loader.length));
        log(`[${epoch + 1}, ${String(batch).padStart(5)}] loss: ${(sum(shown) / shown.length).toFixed(3)}`);
      }
      if (batch % 100 === 0) {
        bar.pause();
        history.log(epoch + batch / loader.length, { "loss of 100 batches": sum(loss.slice(-100)) / 100 });
        canvas.frame(() => canvas.drawPlot(history.get("loss of 100 batches"), { yLabel: "loss" }));
      }
      onStep?.(loss.length, loss.at(-1)!);
      if (batch % every === 0 && batch < loader.length) await keep(epoch);
    }
    bar.stop();
    await keep(epoch + 1);
  }
  canvas.close();

  // Save the weights to a file, and load them into a new network.
  if (weights !== undefined) {
    await save(net.stateDict(), weights);
    net = new Net();
    net.loadStateDict((await load(weights)) as nn.StateDict);
    log(`the weights are in ${weights}\n(torch.load reads them too)`);
  }
  return { ...report(net, test, log), source, loss, net };
}

/** Prints and returns the predictions of the trained network for test images. */
function report(net: Net, test: Images, log: Log): Pick<Result, "testAccuracy" | "classes" | "logitsFirst4"> {
  let logits: number[][] = [];
  for (const [inputs] of new DataLoader(test, { batchSize: 4 })) {
    logits = noGrad(() => net.forward(inputs)).toArray() as number[][];
    break;
  }
  const names = (labels: readonly number[]): string => labels.map((label) => test.classes[label]!).join(" ");
  log(`\nfirst four test images: ${names([...test.targets.slice(0, 4)])}`);
  log(`predicted:              ${names(logits.map((row) => row.indexOf(Math.max(...row))))}\n`);

  const { right, total } = evaluate(net, test);
  const rows = test.classes.map((name, i) => [
    name,
    `${((100 * right[i]!) / total[i]!).toFixed(0)} %`,
    String(total[i]),
  ]);
  const testAccuracy = sum(right) / sum(total);
  log(
    table([["class", "right", "images"], ...rows, ["all", `${(100 * testAccuracy).toFixed(1)} %`, String(sum(total))]]),
  );
  return {
    testAccuracy,
    classes: Object.fromEntries(test.classes.map((name, i) => [name, right[i]! / total[i]!])),
    logitsFirst4: logits,
  };
}

if (isEntryPoint(import.meta.url)) await main();
