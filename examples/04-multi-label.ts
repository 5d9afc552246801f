/**
 * Example 4: many labels at once. A network of 104,585,128 parameters learns the 40 attributes of CelebA's faces: a
 * sigmoid for each attribute, binary cross-entropy, Adam.
 */
import { MemoryError, manualSeed, memory, nn, noGrad, optim, type Tensor } from "simdgrad";
import { DataLoader } from "simdgrad/data";
import { loadCheckpoint, saveCheckpoint } from "simdgrad/io";
import { canResume, isEntryPoint, type Log, print, resumedAt, table } from "./support/console.js";
import { type DataOptions, type Faces, openCelebA } from "./support/data.js";
import { progressBar } from "./support/progress.js";

const CHANNELS = [3, 64, 128, 256, 512] as const;
const SIDE = 256;

/** The bytes that wasm32 can address. */
const MOST = 2 ** 32;

/** A block: [n, c, h, w] becomes [n, c', (h − 2) / 2, (w − 2) / 2]. */
const block = (index: 1 | 2 | 3 | 4): nn.Sequential =>
  new nn.Sequential(
    new nn.Conv2d(CHANNELS[index - 1]!, CHANNELS[index]!, 3),
    new nn.MaxPool2d(2),
    new nn.ReLU(),
    ...(index === 4 ? [new nn.Dropout(0.2)] : []),
  );

export class Net extends nn.Module {
  ConvLayer1 = block(1);
  ConvLayer2 = block(2);
  ConvLayer3 = block(3);
  ConvLayer4 = block(4);
  Linear1 = new nn.Linear(512 * 14 * 14, 1024);
  Linear2 = new nn.Linear(1024, 256);
  Linear3 = new nn.Linear(256, 40);

  forward(x: Tensor): Tensor {
    x = this.ConvLayer1.forward(x);
    x = this.ConvLayer2.forward(x);
    x = this.ConvLayer3.forward(x);
    x = this.ConvLayer4.forward(x);
    x = x.view(-1, 512 * 14 * 14);
    x = this.Linear3.forward(this.Linear2.forward(this.Linear1.forward(x)));
    return x.sigmoid();
  }
}

/**
 * The bytes that training needs at its peak: every parameter with its gradient and Adam's two moments; the tensors that
 * each block keeps until the end of the step (the convolution's output, the pooled output, the indices of its maxima,
 * the ReLU's output); and the gradients in the first block, which is the largest.
 */
export function memoryNeeded(net: nn.Module, batchSize: number): number {
  const parameters = net.parameters().reduce((n, p) => n + p.numel, 0);
  let side = SIDE;
  const blocks = CHANNELS.slice(1).map((channels) => {
    const convolved = channels * (side - 2) ** 2;
    side = Math.floor((side - 2) / 2);
    return { convolved, pooled: channels * side ** 2 };
  });
  const kept = blocks.reduce((n, { convolved, pooled }) => n + convolved + 3 * pooled, CHANNELS[0] * SIDE ** 2);
  const { convolved, pooled } = blocks[0]!;
  return 4 * (4 * parameters + batchSize * (kept + convolved + pooled));
}

export type Options = DataOptions & {
  /** Seed of the weights, the order of the images and the dropout. */
  seed?: number;
  epochs?: number;
  batchSize?: number;
  /** The most batches of each epoch, and of the test; all when left out. */
  steps?: number;
  /** The file for the state of the training (1.2 GB), written every `every` batches; when left out none is written. */
  checkpoint?: string;
  every?: number;
  /** Whether to continue from the checkpoint. */
  resume?: boolean;
  log?: Log;
};

/** The results. */
export type Result = {
  source: string;
  loss: number[];
  /** The accuracy of each attribute on the test images. */
  attributes: Record<string, number>;
  /** The most bytes in use at once, and the estimate by memoryNeeded. */
  peakBytes: number;
  needed: number;
  net: Net;
};

/** The accuracy for each attribute, with probability > 0.5 as prediction. */
export async function evaluate(net: nn.Module, faces: Faces, batchSize: number, steps: number): Promise<number[]> {
  net.eval();
  const right = faces.attributes.map(() => 0);
  let seen = 0;
  let step = 0;
  for await (const [inputs, targets] of new DataLoader(faces, { batchSize })) {
    const hits = noGrad(() => (net.forward(inputs) as Tensor).gt(0.5).eq(targets.gt(0.5)).sum(0)).toTypedArray();
    right.forEach((n, i) => {
      right[i] = n + hits[i]!;
    });
    seen += inputs.shape[0]!;
    if (++step === steps) break;
  }
  net.train();
  return right.map((n) => n / seen);
}

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;

export async function main(options: Options = {}): Promise<Result> {
  const { seed = 0, epochs = 1, batchSize = 4, steps = Number.POSITIVE_INFINITY, log = print } = options;
  const { checkpoint, every = 500, resume = false } = options;
  const { train, test, source } = await openCelebA(options);
  log(source);

  manualSeed(seed);
  const net = new Net();
  const needed = memoryNeeded(net, batchSize);
  const parameters = net.parameters().reduce((n, p) => n + p.numel, 0);
  log(`${net}\n`);
  log(`${parameters.toLocaleString("en-US")} parameters; batches of ${batchSize} will need ${gigabytes(needed)}`);
  if (needed > MOST) {
    const problem = `expected to fit ${gigabytes(MOST)}, all that Wasm can address, got batches that need ${gigabytes(needed)}`;
    throw new MemoryError("example 4", problem, "Take smaller batches (--batch)");
  }
  const criterion = new nn.BCELoss();
  const optimizer = new optim.Adam(net.parameters(), { lr: 1e-4 });
  const loader = new DataLoader(train, { batchSize, shuffle: true });

  let first = 0;
  let done = 0;
  let loss: number[] = [];
  if (resume && checkpoint !== undefined && canResume(checkpoint, log)) {
    const { epoch, extra } = await loadCheckpoint(checkpoint, { model: net, optimizer, loader });
    first = epoch;
    ({ loss, done } = extra as { loss: number[]; done: number });
    log(resumedAt(loss.length, epoch, epochs));
  }
  const keep = async (epoch: number): Promise<void> => {
    if (checkpoint === undefined) return;
    await saveCheckpoint(checkpoint, { model: net, optimizer, loader, epoch, extra: { loss, done } });
  };

  const batches = Math.min(loader.length, steps);
  for (let epoch = first; epoch < epochs; epoch++, done = 0) {
    const bar = progressBar(`epoch ${epoch + 1}`, batches, done);
    for await (const [inputs, targets] of loader) {
      optimizer.zeroGrad();
      const batchLoss = criterion.forward(net.forward(inputs), targets);
      batchLoss.backward();
      optimizer.step();

      loss.push(batchLoss.item());
      done++;
      bar.step(loss.at(-1)!);
      if (done % 100 === 0 || done === batches || batches <= 10) {
        bar.pause();
        log(`[${epoch + 1}, ${String(done).padStart(5)}] loss: ${loss.at(-1)!.toFixed(4)}`);
      }
      if (done >= batches) break;
      if (done % every === 0) await keep(epoch);
    }
    bar.stop();
    await keep(epoch + 1);
  }
  const { peakBytes } = memory();
  log(`most memory in use at once: ${gigabytes(peakBytes)}\n`);
  const accuracy = await evaluate(net, test, batchSize, steps);
  log(attributeTable(test.attributes, accuracy));
  const attributes = Object.fromEntries(test.attributes.map((name, i) => [name, accuracy[i]!]));
  return { source, loss, attributes, peakBytes, needed, net };
}

/** A table with two attributes per line. */
function attributeTable(names: readonly string[], accuracy: readonly number[]): string {
  const half = Math.ceil(names.length / 2);
  const cells = (i: number): string[] => [
    names[i] ?? "",
    i < names.length ? `${(100 * accuracy[i]!).toFixed(0)} %` : "",
  ];
  const rows = Array.from({ length: half }, (_, i) => [...cells(i), ...cells(i + half)]);
  const mean = accuracy.reduce((a, b) => a + b, 0) / accuracy.length;
  return `${table([["attribute", "right", "attribute", "right"], ...rows])}\n\nall attributes: ${(100 * mean).toFixed(1)} %`;
}

if (isEntryPoint(import.meta.url)) await main({ steps: 5 });
