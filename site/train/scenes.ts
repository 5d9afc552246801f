/** Example 3 step by step: one label of many. */
import { F, manualSeed, type nn, noGrad, optim, scope, type Tensor } from "simdgrad";
import { DataLoader, type ImageSet } from "simdgrad/data";
import { Net } from "../../examples/03-single-label.js";
import { scenes } from "../catalogue.js";
import { Choices } from "./choices.js";
import { digestOf, weightsOf } from "./digest.js";
import { Epochs } from "./epochs.js";
import { release, setLearningRate } from "./release.js";
import type { SceneData } from "./scene-data.js";
import { type Digest, Losses, type Settings, type Specimen, type Trainer } from "./trainer.js";

const EPOCHS = 2;
const CHECKPOINTS = [0, 10, 50, 200, 500];
/** Batches between two tests. */
const TEST_EVERY = 250;
/** The number of test pictures that the page shows. */
const SHOWN = 8;

/** Pictures as bytes [count, side, side, 3]. */
export type Pictures = { rgb: Uint8Array<ArrayBuffer>; side: number; count: number };

export type ScenesInfo = {
  classes: readonly string[];
  pictures: Pictures;
  truth: number[];
  source: string;
  epoch: number;
};

export type ScenesView = {
  losses: Float64Array<ArrayBuffer>;
  /** The probability of each class for the pictures that the page shows: [count, 10]. */
  chances: Float32Array<ArrayBuffer>;
  /** conv1.weight, [6, 3, 5, 5]. */
  filters: Float32Array<ArrayBuffer>;
  epoch: number;
  /** The accuracy on the test set, over all classes and for each, after `step` steps. */
  accuracy: { step: number; all: number; classes: number[] } | null;
};

type Head = { loss: (logits: Tensor, labels: Tensor) => Tensor; chances: (logits: Tensor) => Tensor };

const softmax = (logits: Tensor): Tensor => F.softmax(logits, 1);
const oneHot = (labels: Tensor): Tensor => F.oneHot(labels, 10).float();

const HEADS: Record<string, Head> = {
  logits: { loss: F.crossEntropy, chances: softmax },
  logSoftmax: { loss: (z, labels) => F.nllLoss(F.logSoftmax(z, 1), labels), chances: softmax },
  softmax: { loss: (z, labels) => F.mseLoss(softmax(z), oneHot(labels)), chances: softmax },
  sigmoid: { loss: (z, labels) => F.binaryCrossEntropy(z.sigmoid(), oneHot(labels)), chances: (z) => z.sigmoid() },
  mistake: { loss: (z, labels) => F.crossEntropy(softmax(z), labels), chances: softmax },
};

export class Scenes implements Trainer<ScenesInfo, ScenesView> {
  readonly info: ScenesInfo;
  private readonly choices: Choices;
  private readonly net: Net;
  private readonly optimizer: optim.SGD;
  private readonly epochs: Epochs<[Tensor, Tensor]>;
  private readonly losses = new Losses();
  private accuracy: ScenesView["accuracy"] = null;
  private end = EPOCHS;

  constructor(
    settings: Settings,
    private readonly data: SceneData,
  ) {
    this.choices = new Choices(settings, scenes.defaults);
    if (!data.drawn) this.choices.depart();
    manualSeed(settings.seed);
    this.net = new Net();
    this.optimizer = new optim.SGD(this.net.parameters(), { lr: settings.learningRate, momentum: 0.9 });
    this.epochs = new Epochs(this.loader());
    const { test, train, source } = data;
    const pictures = picturesOf(test, SHOWN);
    const truth = [...test.targets.slice(0, SHOWN)];
    this.info = { classes: train.classes, pictures, truth, source, epoch: this.loader().length };
  }

  get step(): number {
    return this.losses.all.length;
  }

  get done(): boolean {
    return this.epochs.ended >= this.end;
  }

  get atCheckpoint(): boolean {
    return CHECKPOINTS.includes(this.step) || (this.step > 0 && this.epochs.atEnd);
  }

  advance(): void {
    this.epochs.next(([inputs, labels]) => {
      this.optimizer.zeroGrad();
      const loss = this.head.loss(this.net.forward(inputs), labels);
      loss.backward();
      this.optimizer.step();
      this.losses.push(loss.item());
    });
    if (this.step % TEST_EVERY === 0 || this.done) this.test();
  }

  goOn(): void {
    this.end = this.epochs.ended + EPOCHS;
  }

  view(): ScenesView {
    const chances = this.infer(range(0, Math.min(SHOWN, this.data.test.length)), (logits) => this.head.chances(logits));
    return {
      losses: this.losses.fresh(),
      chances: Float32Array.from(chances),
      filters: Float32Array.from(this.net.conv1.weight.toTypedArray()),
      epoch: this.epochs.ended,
      accuracy: this.accuracy,
    };
  }

  set(settings: Partial<Omit<Settings, "seed">>): void {
    const before = this.choices.now.batch;
    if (!this.choices.change(settings, this.step)) return;
    const { batch, learningRate } = this.choices.now;
    setLearningRate(this.optimizer, learningRate);
    if (batch !== before) this.epochs.restart(this.loader());
  }

  digest(): Digest {
    const { step } = this;
    const { recorded } = this.choices;
    const ended = step > 0 && this.epochs.atEnd;
    if (!ended || this.epochs.ended > 1) {
      const key = recorded && this.atCheckpoint ? `scenes@${step}` : null;
      return { step, of: "weights", key, hex: digestOf(...weightsOf(this.net)) };
    }
    const logits = this.infer(range(0, 4), (z) => z);
    const hex = digestOf(...weightsOf(this.net), this.losses.all, logits);
    return { step, of: "weights, losses and the first four predictions", key: recorded ? "scenes" : null, hex };
  }

  weights(): nn.StateDict {
    return this.net.stateDict();
  }

  specimen(): Specimen {
    const [input, labels] = this.data.test.getBatch!([0, 1, 2, 3]);
    return { model: this.net, input, output: () => this.head.loss(this.net.forward(input), labels) };
  }

  dispose(): void {
    this.epochs.close();
    release(this.net, this.optimizer);
  }

  private get head(): Head {
    return HEADS[this.choices.now.head]!;
  }

  private loader(): DataLoader<[Tensor, number], [Tensor, Tensor]> {
    return new DataLoader(this.data.train, { batchSize: this.choices.now.batch, shuffle: true });
  }

  /** What `make` returns for the logits of some test pictures. No loader: it would draw random numbers. */
  private infer(indices: number[], make: (logits: Tensor) => Tensor): number[] {
    return scope(() => noGrad(() => [...make(this.net.forward(this.data.test.getBatch!(indices)[0])).toTypedArray()]));
  }

  /** Measures the accuracy on all test pictures, in batches of 100. */
  private test(): void {
    const { targets, length, classes } = this.data.test;
    const right = classes.map(() => 0);
    const total = classes.map(() => 0);
    for (let from = 0; from < length; from += 100) {
      const indices = range(from, Math.min(from + 100, length));
      this.infer(indices, (logits) => logits.argmax(1)).forEach((label, i) => {
        const truth = targets[from + i]!;
        total[truth]!++;
        if (label === truth) right[truth]!++;
      });
    }
    const all = right.reduce((a, b) => a + b, 0) / length;
    this.accuracy = { step: this.step, all, classes: right.map((n, i) => n / Math.max(total[i]!, 1)) };
  }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

function picturesOf(images: ImageSet, most: number): Pictures {
  const count = Math.min(most, images.length);
  const each = range(0, count).map((i) => images.image(i).data);
  const rgb = new Uint8Array(count * each[0]!.length);
  each.forEach((data, i) => {
    rgb.set(data, i * data.length);
  });
  return { rgb, side: images.width, count };
}
