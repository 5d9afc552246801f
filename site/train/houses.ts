/** Example 2 step by step: a number, with each of six final functions. */
import { nn, tensor } from "simdgrad";
import { PRICES, SIZES, type Variant, variants } from "../../examples/02-regression.js";
import { houses } from "../catalogue.js";
import { Choices } from "./choices.js";
import { digestOf, weightsOf } from "./digest.js";
import { Fit } from "./fit.js";
import type { Digest, Settings, Specimen, Trainer } from "./trainer.js";

const EPOCHS = 100;
const CHECKPOINTS = [0, 10, 50];
/** The prices at which curves are drawn. */
const AT = Array.from({ length: 64 }, (_, i) => 20 + (130 * i) / 63);

export type HousesInfo = { prices: readonly number[]; sizes: readonly number[]; at: readonly number[] };

/** The network with one final function. */
export type HouseView = {
  name: Variant;
  losses: Float64Array<ArrayBuffer>;
  /** The predicted sizes for the prices `at`. */
  curve: Float32Array<ArrayBuffer>;
  parameters: Record<string, number>;
};

export type HousesView = { fits: HouseView[] };

export class Houses implements Trainer<HousesInfo, HousesView> {
  readonly info: HousesInfo = { prices: PRICES, sizes: SIZES, at: AT };
  private readonly choices: Choices;
  private readonly x = tensor(PRICES).unsqueeze(1);
  private readonly y = tensor(SIZES).unsqueeze(1);
  private readonly at = tensor(AT).unsqueeze(1);
  private fits: Fit[];
  private end = EPOCHS;
  step = 0;

  constructor(settings: Settings) {
    this.choices = new Choices(settings, houses.defaults, true);
    this.fits = named(settings.head).map((name) => new Fit(name, settings.learningRate));
  }

  get done(): boolean {
    return this.step >= this.end;
  }

  get atCheckpoint(): boolean {
    return this.step === EPOCHS || CHECKPOINTS.includes(this.step);
  }

  advance(): void {
    for (const fit of this.fits) fit.advance(this.x, this.y);
    this.step++;
  }

  goOn(): void {
    this.end = this.step + EPOCHS;
  }

  view(): HousesView {
    return {
      fits: this.fits.map((fit) => ({
        name: fit.name,
        losses: fit.losses.fresh(),
        curve: fit.predict(this.at),
        parameters: fit.parameters(),
      })),
    };
  }

  /** With another final function, the new network starts from the current line. */
  set(settings: Partial<Omit<Settings, "seed">>): void {
    const before = this.choices.now.head;
    if (!this.choices.change(settings, this.step)) return;
    const { head, learningRate } = this.choices.now;
    for (const fit of this.fits) fit.setLearningRate(learningRate);
    if (head === before) return;
    const line = this.fits.find((fit) => fit.line !== null)?.line ?? null;
    const old = this.fits;
    this.fits = named(head).map((name) => old.find((fit) => fit.name === name) ?? new Fit(name, learningRate, line));
    for (const fit of old) if (!this.fits.includes(fit)) fit.dispose();
  }

  digest(): Digest {
    const { step } = this;
    const recorded = this.choices.recorded && (step === EPOCHS || CHECKPOINTS.includes(step));
    const name = this.choices.now.head;
    const parts = this.fits.flatMap((fit) => {
      const weights = weightsOf(fit.model);
      return step === EPOCHS ? [...weights, fit.losses.all] : weights;
    });
    const of = step === EPOCHS ? "weights and losses" : "weights";
    const end = name === "all" ? "houses.all" : `house.${name}`;
    const key = step === EPOCHS ? end : `${end}@${step}`;
    return { step, of, key: recorded ? key : null, hex: digestOf(...parts) };
  }

  /** The weights of one network under their own names; of six networks with the network's name before them. */
  weights(): nn.StateDict {
    if (this.fits.length === 1) return this.fits[0]!.model.stateDict();
    const entries = this.fits.flatMap(({ name, model }) =>
      Object.entries(model.stateDict()).map(([key, value]) => [`${name}.${key}`, value] as const),
    );
    return Object.fromEntries(entries);
  }

  specimen(): Specimen {
    const { model } = this.fits.at(-1)!;
    return { model, input: this.x, output: () => nn.functional.mseLoss(model.forward(this.x), this.y) };
  }

  dispose(): void {
    for (const fit of this.fits) fit.dispose();
    for (const x of [this.x, this.y, this.at]) x.free();
  }
}

const named = (head: string): Variant[] => (head === "all" ? (Object.keys(variants) as Variant[]) : [head as Variant]);
