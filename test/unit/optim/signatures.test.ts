import { nn, optim, SimdgradError } from "simdgrad";
import { describe, expect, it } from "vitest";

const params = () => new nn.Linear(2, 1).parameters();
const sgd = () => new optim.SGD(params(), 0.1);

/** A class, what comes first, and the arguments behind it by name, in PyTorch's order. */
type Row = [name: keyof typeof optim, first: () => unknown, sample: Record<string, unknown>];
const rows: Row[] = [
  ["SGD", params, { lr: 0.1, momentum: 0.9, dampening: 0, weightDecay: 0.01, nesterov: true }],
  ["Adam", params, { lr: 0.1, betas: [0.8, 0.9], eps: 1e-6, weightDecay: 0.01, amsgrad: true }],
  ["AdamW", params, { lr: 0.1, betas: [0.8, 0.9], eps: 1e-6, weightDecay: 0.1, amsgrad: true }],
  ["RMSprop", params, { lr: 0.1, alpha: 0.9, eps: 1e-6, weightDecay: 0.1, momentum: 0.5, centered: true }],
  ["Adagrad", params, { lr: 0.1, lrDecay: 0.1, weightDecay: 0.1, initialAccumulatorValue: 1, eps: 1e-6 }],
  ["StepLR", sgd, { stepSize: 2, gamma: 0.5, lastEpoch: -1 }],
  ["MultiStepLR", sgd, { milestones: [1, 2], gamma: 0.5, lastEpoch: -1 }],
  ["ExponentialLR", sgd, { gamma: 0.5, lastEpoch: -1 }],
  ["CosineAnnealingLR", sgd, { tMax: 3, etaMin: 0.01, lastEpoch: -1 }],
  ["LambdaLR", sgd, { lrLambda: (epoch: number) => 0.5 ** epoch, lastEpoch: -1 }],
  [
    "ReduceLROnPlateau",
    sgd,
    { mode: "max", factor: 0.5, patience: 3, threshold: 0.1, thresholdMode: "abs", cooldown: 1, minLr: 0.01, eps: 0 },
  ],
];

/** The state of what the arguments make, as text. */
function made(name: keyof typeof optim, ...args: unknown[]): string {
  const type: unknown = optim[name];
  if (typeof type !== "function") throw new Error(`${name} is no class`);
  const object = Reflect.construct(type, args) as { stateDict(): unknown };
  return JSON.stringify(object.stateDict());
}

describe("the constructor of", () => {
  it.each(rows)("%s takes each argument in both spellings", (name, first, sample) => {
    const values = Object.values(sample);
    const expected = made(name, first(), ...values);
    Object.keys(sample).forEach((_, count) => {
      const keywords = Object.fromEntries(Object.entries(sample).slice(count));
      expect(made(name, first(), ...values.slice(0, count), keywords)).toBe(expected);
    });
  });

  it.each(rows)("%s refuses everything else", (name, first, sample) => {
    const values = Object.values(sample);
    const wrong: unknown[][] = [
      [],
      [null, ...values],
      [7, ...values],
      [first(), ...values, 0, 1, 2],
      [first(), ...values.slice(0, 1), { colour: 1 }],
      ...values.map((_, i) => [first(), ...values.slice(0, i), Symbol.iterator]),
    ];
    for (const args of wrong) expect(() => made(name, ...args), String(args.length)).toThrow(SimdgradError);
  });

  it("StepLR takes gamma by position", () => {
    const optimizer = sgd();
    const scheduler = new optim.StepLR(optimizer, 1, 0.5);
    scheduler.step();
    expect(optimizer.paramGroups[0]!.lr).toBe(0.05);
  });
});
