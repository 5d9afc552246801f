/** Example 4 step by step: many labels at once. */
import { F, manualSeed, type nn, noGrad, optim, scope, stack, type Tensor } from "simdgrad";
import { DataLoader } from "simdgrad/data";
import { faces, fullFaces } from "../catalogue.js";
import { Choices } from "./choices.js";
import { digestOf, weightsOf } from "./digest.js";
import { Epochs } from "./epochs.js";
import { type FaceSet, openFaces } from "./face-data.js";
import { type FaceNet, logitsOf, netOf, type Size } from "./faces-net.js";
import { release, setLearningRate } from "./release.js";
import type { Pictures } from "./scenes.js";
import { type Digest, Losses, type Settings, type Specimen, type Trainer } from "./trainer.js";

/**
 * For each size: the last step, the steps with recorded digests, the steps between tests, and the numbers of test
 * faces.
 */
const PLAN = {
  small: {
    end: 600,
    checkpoints: [0, 5, 20, 50, 100, 200, 400, 600],
    testEvery: 50,
    tested: 100,
    testBatch: 20,
    shown: 8,
  },
  full: { end: 5, checkpoints: [1], testEvery: 1, tested: 4, testBatch: 4, shown: 4 },
};

export type FacesInfo = {
  attributes: readonly string[];
  pictures: Pictures;
  truth: number[][];
  source: string;
  size: Size;
  parameters: number;
};

export type FacesView = {
  losses: Float64Array<ArrayBuffer>;
  /** The selected face, and the probability of each of its attributes. */
  face: number;
  chances: Float32Array<ArrayBuffer>;
  /** The accuracy on the test faces, over all attributes and for each, after `step` steps. */
  accuracy: { step: number; all: number; attributes: number[] } | null;
};

type Head = { loss: (logits: Tensor, truth: Tensor) => Tensor; chances: (logits: Tensor) => Tensor };

const sigmoid = (z: Tensor): Tensor => z.sigmoid();

const HEADS: Record<string, Head> = {
  sigmoid: { loss: (z, truth) => F.binaryCrossEntropy(z.sigmoid(), truth), chances: sigmoid },
  logits: { loss: F.binaryCrossEntropyWithLogits, chances: sigmoid },
  hardsigmoid: { loss: (z, truth) => F.binaryCrossEntropy(F.hardsigmoid(z), truth), chances: F.hardsigmoid },
  squares: { loss: (z, truth) => F.mseLoss(z.sigmoid(), truth), chances: sigmoid },
};

export class Faces implements Trainer<FacesInfo, FacesView> {
  readonly info: FacesInfo;
  private readonly plan: (typeof PLAN)[Size];
  private readonly choices: Choices;
  private readonly net: FaceNet;
  private readonly optimizer: optim.Adam;
  private readonly train: FaceSet;
  private readonly held: FaceSet;
  private readonly epochs: Epochs<[Tensor, Tensor]>;
  private readonly losses = new Losses();
  private accuracy: FacesView["accuracy"] = null;
  private face = 1;
  private end: number;

  constructor(
    settings: Settings,
    private readonly size: Size,
  ) {
    this.plan = PLAN[size];
    this.end = this.plan.end;
    this.choices = new Choices(settings, (size === "small" ? faces : fullFaces).defaults);
    this.train = openFaces(size, "train");
    this.held = openFaces(size, "test");
    manualSeed(settings.seed);
    this.net = netOf(size);
    this.optimizer = new optim.Adam(this.net.parameters(), { lr: settings.learningRate });
    this.epochs = new Epochs(this.loader());
    const { attributes } = this.train;
    const shown = Array.from({ length: this.plan.shown }, (_, i) => i);
    const count = (n: number): string => n.toLocaleString("en-US");
    this.info = {
      attributes,
      size,
      pictures: picturesOf(this.held, shown),
      truth: shown.map((i) => [...this.held.target(i)]),
      source: `Drawn faces in place of CelebA: ${count(this.train.length)} to train, ${count(this.held.length)} to test`,
      parameters: this.net.parameters().reduce((n, p) => n + p.numel, 0),
    };
  }

  get step(): number {
    return this.losses.all.length;
  }

  get done(): boolean {
    return this.step >= this.end;
  }

  get atCheckpoint(): boolean {
    return this.plan.checkpoints.includes(this.step);
  }

  advance(): void {
    this.epochs.next(([inputs, targets]) => {
      this.optimizer.zeroGrad();
      const loss = this.head.loss(logitsOf(this.net, inputs), targets);
      loss.backward();
      this.optimizer.step();
      this.losses.push(loss.item());
    });
    if (this.step % this.plan.testEvery === 0 || this.done) this.test();
  }

  goOn(): void {
    this.end = this.step + this.plan.end;
  }

  view(): FacesView {
    const chances = this.infer([this.face], ([image]) => [
      ...this.head.chances(logitsOf(this.net, image)).toTypedArray(),
    ]);
    return {
      losses: this.losses.fresh(),
      face: this.face,
      chances: Float32Array.from(chances),
      accuracy: this.accuracy,
    };
  }

  look(index: number): void {
    this.face = index;
  }

  set(settings: Partial<Omit<Settings, "seed">>): void {
    const before = this.choices.now.batch;
    if (!this.choices.change(settings, this.step)) return;
    const { batch, learningRate } = this.choices.now;
    setLearningRate(this.optimizer, learningRate);
    if (batch !== before) this.epochs.restart(this.loader());
  }

  /** The tutorial's network has the example's digest: of its losses and accuracies, after one step. */
  digest(): Digest | null {
    const { step } = this;
    const recorded = this.choices.recorded && this.atCheckpoint;
    if (this.size === "small") {
      return {
        step,
        of: "weights",
        key: recorded ? `faces.small@${step}` : null,
        hex: digestOf(...weightsOf(this.net)),
      };
    }
    if (this.accuracy?.step !== step) return null;
    const hex = digestOf(this.losses.all, this.accuracy.attributes);
    return { step, of: "losses and accuracies", key: recorded ? "faces" : null, hex };
  }

  weights(): nn.StateDict {
    return this.net.stateDict();
  }

  specimen(): Specimen {
    const [image, truth] = this.held.get(0) as [Tensor, Tensor];
    const input = image.unsqueeze(0);
    return { model: this.net, input, output: () => this.head.loss(logitsOf(this.net, input), truth.unsqueeze(0)) };
  }

  dispose(): void {
    this.epochs.close();
    release(this.net, this.optimizer);
  }

  private get head(): Head {
    return HEADS[this.choices.now.head]!;
  }

  private loader(): DataLoader<[Tensor, Tensor], [Tensor, Tensor]> {
    return new DataLoader(this.train, { batchSize: this.choices.now.batch, shuffle: true });
  }

  /** Calls `make` with some test faces, without dropout and gradients. No loader: it would draw random numbers. */
  private infer<T>(indices: readonly number[], make: (batch: [images: Tensor, truth: Tensor]) => T): T {
    this.net.eval();
    const result = scope(() => {
      const samples = indices.map((i) => this.held.get(i) as [Tensor, Tensor]);
      const [images, truth] = [samples.map(([image]) => image), samples.map(([, target]) => target)];
      return noGrad(() => make([stack(images), stack(truth)]));
    });
    this.net.train();
    return result;
  }

  /** Measures the accuracy of "more likely than not" on the test faces. */
  private test(): void {
    const { tested, testBatch } = this.plan;
    const right = this.train.attributes.map(() => 0);
    for (let from = 0; from < tested; from += testBatch) {
      const indices = Array.from({ length: testBatch }, (_, i) => from + i);
      const hits = this.infer(indices, ([images, truth]) => {
        const chances = this.head.chances(logitsOf(this.net, images));
        return [...chances.gt(0.5).eq(truth.gt(0.5)).sum(0).toTypedArray()];
      });
      hits.forEach((n, i) => {
        right[i]! += n;
      });
    }
    const attributes = right.map((n) => n / tested);
    const all = attributes.reduce((a, b) => a + b, 0) / attributes.length;
    this.accuracy = { step: this.step, all, attributes };
  }
}

function picturesOf(set: FaceSet, indices: readonly number[]): Pictures {
  const images = indices.map((i) => set.image(i));
  const size = images[0]!.data.length;
  const rgb = new Uint8Array(images.length * size);
  images.forEach(({ data }, i) => {
    rgb.set(data, i * size);
  });
  return { rgb, side: images[0]!.width, count: images.length };
}
