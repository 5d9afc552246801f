import { describe, expect, it } from "vitest";
import { nn, noGrad, optim, scope, type Tensor, tensor } from "../../../src/index.js";
import { load, toBytes } from "../../../src/io/index.js";
import { goldenJson } from "../../support/files.js";

type Schedule = {
  name: "StepLR" | "MultiStepLR" | "ExponentialLR" | "CosineAnnealingLR" | "ReduceLROnPlateau";
  args: number[];
  options: Record<string, never>;
  rates: number[][];
  metric: number[] | null;
};
const { schedules }: { schedules: Schedule[] } = goldenJson("optim.json");

function makeOptimizer(): optim.SGD {
  const param = (): nn.Parameter => new nn.Parameter(tensor([0]));
  return new optim.SGD([{ params: [param()] }, { params: [param()], lr: 0.5 }], { lr: 0.1 });
}

const ratesOf = (optimizer: optim.SGD): number[] => optimizer.paramGroups.map((group) => group.lr);

type Scheduler = {
  step(metric?: number): void;
  getLastLr(): number[];
  stateDict(): Record<string, unknown>;
  loadStateDict(dict: Record<string, unknown>): void;
};

function makeScheduler({ name, args, options }: Schedule, optimizer: optim.SGD): Scheduler {
  const make: (...args: never[]) => Scheduler = (...all) => Reflect.construct(optim[name], all) as Scheduler;
  return make(...([optimizer, ...args, options] as never[]));
}

/** A step with the metric of an epoch, for the scheduler that takes one. */
function step(scheduler: Scheduler, row: Schedule, epoch: number): void {
  if (row.metric === null) scheduler.step();
  else scheduler.step(row.metric[epoch - 1]!);
}

describe("learning rates equal PyTorch's", () => {
  it.each(schedules.map((row) => [`${row.name} ${JSON.stringify(row.options)}`, row] as const))("%s", (_, row) => {
    const optimizer = makeOptimizer();
    const scheduler = makeScheduler(row, optimizer);
    const exact = row.name !== "CosineAnnealingLR";
    row.rates.forEach((rates, epoch) => {
      if (epoch > 0) step(scheduler, row, epoch);
      expect(scheduler.getLastLr()).toEqual(ratesOf(optimizer));
      rates.forEach((rate, i) => {
        // The recursion of cosine annealing divides by numbers near 0, which amplifies rounding errors of cos.
        if (exact) expect(ratesOf(optimizer)[i]).toBe(rate);
        else expect(Math.abs(ratesOf(optimizer)[i]! - rate)).toBeLessThanOrEqual(1e-13);
      });
    });
  });

  it.each(schedules.map((row) => [`${row.name} ${JSON.stringify(row.options)}`, row] as const))(
    "and go on from a state dict: %s",
    (_, row) => {
      const first = makeOptimizer();
      const half = Math.floor(row.rates.length / 2);
      const before = makeScheduler(row, first);
      for (let epoch = 1; epoch <= half; epoch++) step(before, row, epoch);
      const second = makeOptimizer();
      const after = makeScheduler(row, second);
      after.loadStateDict(structuredClone(before.stateDict()));
      second.loadStateDict(first.stateDict());
      for (let epoch = half + 1; epoch < row.rates.length; epoch++) {
        step(before, row, epoch);
        step(after, row, epoch);
        expect(ratesOf(second)).toEqual(ratesOf(first));
      }
    },
  );
});

describe("LambdaLR", () => {
  it("multiplies the initial rates", () => {
    const optimizer = makeOptimizer();
    const scheduler = new optim.LambdaLR(optimizer, [(epoch) => 1 / (1 + epoch), () => 2]);
    expect(scheduler.getLastLr()).toEqual([0.1, 1]);
    scheduler.step();
    expect(scheduler.getLastLr()).toEqual([0.05, 1]);
    expect(scheduler.stateDict()).toEqual({
      base_lrs: [0.1, 0.5],
      last_epoch: 1,
      _step_count: 2,
      _last_lr: [0.05, 1],
      lr_lambdas: [null, null],
    });
  });
});

describe("bad input to schedulers", () => {
  it.each([
    [() => new optim.StepLR(makeOptimizer(), 0), "StepLR: expected stepSize to be a whole number of at least 1, got 0"],
    [() => new optim.StepLR(makeOptimizer(), 3, { lastEpoch: 4 }), /expected an initialLr in group 0/],
    [
      () => new optim.CosineAnnealingLR(makeOptimizer(), 0),
      "CosineAnnealingLR: expected tMax to be a number above 0, got 0",
    ],
    [() => new optim.LambdaLR(makeOptimizer(), []), "LambdaLR: expected one function for each of 2 groups, got 0"],
    [() => new optim.ReduceLROnPlateau(makeOptimizer(), { factor: 1 }), "expected factor in [0, 1), got 1"],
    [() => new optim.ReduceLROnPlateau(makeOptimizer(), { minLr: [1] }), "one minLr for each of 2 groups, got 1"],
  ])("%s", (make, message) => {
    expect(make).toThrow(message);
  });
});

describe("EarlyStopping", () => {
  class Net extends nn.Module {
    weight = new nn.Parameter(tensor([0]));
    forward(x: Tensor): Tensor {
      return x.mul(this.weight);
    }
  }

  /** Epoch e sets the weight to e. Returns the epoch in which it stops. */
  function run(model: Net, stopping: optim.EarlyStopping, metrics: number[]): number {
    return metrics.findIndex((metric, epoch) =>
      scope(() => {
        noGrad(() => model.weight.copy_(tensor([epoch])));
        return stopping.step(metric, model);
      }),
    );
  }

  it("stops after more than `patience` epochs without a better value, with the best weights", () => {
    const model = new Net();
    const stopping = new optim.EarlyStopping({ patience: 2 });
    expect(run(model, stopping, [3, 2, 2, 1, 1, Number.NaN, 1.5, 0])).toBe(6);
    expect(stopping).toMatchObject({ best: 1, bestEpoch: 3, badEpochs: 3 });
    expect(model.weight.item()).toBe(3);
  });

  it("counts only improvements beyond minDelta, upwards in mode max", () => {
    const stopping = new optim.EarlyStopping({ patience: 1, minDelta: 0.5, mode: "max" });
    expect(run(new Net(), stopping, [1, 1.4, 2, 2.5, 2.4])).toBe(4);
    expect(stopping.bestEpoch).toBe(2);
  });

  it("keeps every digit of a model that was converted to float64 meanwhile", () => {
    const model = new Net();
    const stopping = new optim.EarlyStopping({ patience: 0 });
    stopping.step(2, model);
    model.double();
    noGrad(() => model.weight.fill_(0.1));
    stopping.step(1, model);
    noGrad(() => model.weight.fill_(9));
    expect(stopping.step(3, model)).toBe(true);
    expect(model.weight.item()).toBe(0.1);
  });

  it("leaves the weights alone when told to, and restores them when asked", () => {
    const model = new Net();
    const stopping = new optim.EarlyStopping({ patience: 0, restoreBest: false });
    expect(run(model, stopping, [1, 2])).toBe(1);
    expect(model.weight.item()).toBe(1);
    stopping.restore(model);
    expect(model.weight.item()).toBe(0);
  });

  it("goes on from its state as if it had never stopped", async () => {
    const metrics = [3, 2, 2.5, 2.2, 2.1, 0];
    const [model, stopping] = [new Net(), new optim.EarlyStopping({ patience: 2 })];
    expect(run(model, stopping, metrics.slice(0, 3))).toBe(-1);
    const next = new optim.EarlyStopping({ patience: 2 });
    const saved = (await load(await toBytes(stopping.stateDict()))) as optim.EarlyStoppingState;
    next.loadStateDict(saved);
    const resumed = new Net();
    expect(run(resumed, next, metrics.slice(3))).toBe(1);
    expect(next).toMatchObject({ best: 2, bestEpoch: 1, badEpochs: 3 });
    expect(resumed.weight.item()).toBe(1);
    expect(saved.weights!.weight!.item()).toBe(1);
    expect(() => next.loadStateDict({ ...saved, best_epoch: Number.NaN })).toThrow(
      "EarlyStopping.loadStateDict: expected what stateDict() gives, got something else",
    );
    expect(next.bestEpoch).toBe(1);
  });

  it("refuses to restore what it never saw", () => {
    const stopping = new optim.EarlyStopping({ patience: 1 });
    expect(() => stopping.restore(new Net())).toThrow("EarlyStopping.restore: expected an epoch with a value");
  });

  it("takes arguments by position and by keyword, and refuses all others", () => {
    const model = new Net();
    const stopping = new optim.EarlyStopping(0, 0.5, "max", { restoreBest: false });
    expect(stopping.step({ metric: tensor(1), model })).toBe(false);
    expect([stopping.step(2, { model }), stopping.step(2.5, model)]).toEqual([false, true]);
    const before = stopping.stateDict();
    const { weights, ...rest } = before;
    const freed = tensor([1]);
    freed.free();
    const wrong: [object, string, unknown[]][] = [
      [stopping, "step", []],
      [stopping, "step", [1]],
      [stopping, "step", ["1", model]],
      [stopping, "step", [tensor([1, 2]), model]],
      [stopping, "step", [1, model.parameters()]],
      [stopping, "step", [1, model, 2]],
      [stopping, "restore", []],
      [stopping, "restore", [model, 1]],
      [stopping, "stateDict", [1]],
      ...[null, [], {}, rest, { ...before, more: 1 }, { ...before, best: Number.NaN }, { ...before, weights: null }]
        .concat([
          { ...before, weights: { weight: freed } },
          { ...before, epoch: 0.5 },
          { ...before, bad_epochs: -1 },
        ])
        .map((state): [object, string, unknown[]] => [stopping, "loadStateDict", [state]]),
    ];
    for (const [object, name, args] of wrong) {
      expect(() => Reflect.apply(Reflect.get(object, name) as () => void, object, args), name).toThrow(/expected/);
    }
    expect(stopping.stateDict()).toEqual(before);
    for (const args of [
      [],
      [-1],
      [Number.NaN],
      ["5"],
      [1, 0, "mean"],
      [1, 0, "min", 1],
      [{ patience: 1, min_delta: 0 }],
    ]) {
      expect(() => Reflect.construct(optim.EarlyStopping, args)).toThrow(/^EarlyStopping: expected/);
    }
  });

  it("counts no epoch whose weights cannot be copied", () => {
    const model = new Net();
    const stopping = new optim.EarlyStopping(1);
    model.weight.free();
    expect(() => stopping.step(1, model)).toThrow("freed");
    expect(stopping).toMatchObject({ best: Number.NaN, bestEpoch: -1 });
    expect(stopping.stateDict().epoch).toBe(-1);
  });
});
