import { nn, optim, tensor } from "simdgrad";
import { load, toBytes } from "simdgrad/io";
import { describe, expect, it } from "vitest";

const param = (): nn.Parameter => new nn.Parameter(tensor([1]));
const optimizerOf = (): optim.SGD => new optim.SGD([{ params: param() }, { params: param(), lr: 0.5 }], 0.25);
const rates = (optimizer: optim.SGD): number[] => optimizer.paramGroups.map(({ lr }) => lr);

class Warmup extends optim.LRScheduler {
  warmupSteps = 4;
  names = ["a", "b"];
  best: number | null = null;
  calls = { count: 0 };
  log = (): number => this.lastEpoch;

  getLr(): number[] {
    this.calls.count++;
    return this.baseLrs.map((lr) => lr * Math.min(1, (this.lastEpoch + 1) / this.warmupSteps));
  }
}

describe("a scheduler of the user's own", () => {
  it("may have fields, which its first rates read", () => {
    const optimizer = optimizerOf();
    const scheduler = new Warmup(optimizer);
    expect(scheduler.lastEpoch).toBe(0);
    expect(rates(optimizer)).toEqual([0.0625, 0.125]);
    expect(scheduler.getLastLr()).toEqual([0.0625, 0.125]);
    scheduler.step();
    expect(rates(optimizer)).toEqual([0.125, 0.25]);
    expect(scheduler.calls.count).toBe(2);
  });

  it("sets the first rates before a step of the optimizer, before its state and before another scheduler", () => {
    const optimizer = optimizerOf();
    const [x] = optimizer.paramGroups[0]!.params;
    new Warmup(optimizer);
    x!.grad = tensor([1]);
    optimizer.step();
    expect(x!.item()).toBe(1 - 0.0625);
    const next = optimizerOf();
    new Warmup(next);
    expect(next.stateDict().param_groups[0]).toMatchObject({ lr: 0.0625, initial_lr: 0.25 });
    const chained = optimizerOf();
    const [first, second] = [new Warmup(chained), new optim.ExponentialLR(chained, 0.5)];
    expect(second.baseLrs).toEqual([0.25, 0.5]);
    first.step();
    second.step();
    expect(rates(chained)).toEqual([0.0625, 0.125]);
  });

  it("may have a constructor of its own, and continue after an epoch", () => {
    class Decay extends optim.LRScheduler {
      constructor(
        optimizer: optim.SGD,
        private readonly factor: number,
        lastEpoch = -1,
      ) {
        super(optimizer, { lastEpoch });
      }
      protected getLr(): number[] {
        return this.baseLrs.map((lr) => lr * this.factor ** this.lastEpoch);
      }
    }
    const optimizer = optimizerOf();
    new Decay(optimizer, 0.5).step();
    expect(new Decay(optimizer, 0.5, 2).getLastLr()).toEqual([0.03125, 0.0625]);
  });

  it("has its fields of plain data in its state dict, in PyTorch's spelling", async () => {
    const scheduler = new Warmup(optimizerOf());
    scheduler.warmupSteps = 8;
    scheduler.best = 0.5;
    scheduler.step();
    const state = scheduler.stateDict();
    expect(state).toEqual({
      warmup_steps: 8,
      names: ["a", "b"],
      best: 0.5,
      calls: { count: 2 },
      base_lrs: [0.25, 0.5],
      last_epoch: 1,
      _step_count: 2,
      _last_lr: [0.0625, 0.125],
    });
    const saved = (await load(await toBytes(state))) as typeof state;
    const optimizer = optimizerOf();
    const resumed = new Warmup(optimizer);
    resumed.loadStateDict(saved);
    expect(resumed.stateDict()).toEqual(state);
    resumed.step();
    expect(resumed.getLastLr()).toEqual([0.25 * 0.375, 0.5 * 0.375]);
    expect(scheduler.calls.count).toBe(2);
    for (const [key, value] of [
      ["warmup_steps", "8"],
      ["warmup_steps", Number.NaN],
      ["names", ["a"]],
      ["best", () => 0],
      ["last_epoch", 1.5],
      ["last_epoch", Number.NaN],
      ["_step_count", 0],
      ["base_lrs", [1, Number.NaN]],
      ["base_lrs", [1]],
    ] as const) {
      expect(() => scheduler.loadStateDict({ ...state, [key]: value })).toThrow(`expected ${key} to be`);
    }
    expect(scheduler.stateDict()).toEqual(state);
  });

  it("whose rates are no numbers is refused, and nothing changes", () => {
    class Odd extends Warmup {
      rate: unknown = 1;
      override getLr(): number[] {
        return this.baseLrs.map(() => this.rate as number);
      }
    }
    const optimizer = optimizerOf();
    const scheduler = new Odd(optimizer);
    expect(rates(optimizer)).toEqual([1, 1]);
    for (const rate of [Number.NaN, "1", null, undefined]) {
      scheduler.rate = rate;
      expect(() => scheduler.step()).toThrow("Odd.getLr: expected a learning rate for each of 2 groups, got");
    }
    expect([scheduler.lastEpoch, ...rates(optimizer)]).toEqual([0, 1, 1]);
    scheduler.baseLrs = [1];
    scheduler.rate = 2;
    scheduler.step();
    expect(scheduler.getLastLr()).toEqual([2, 1]);
  });

  it("leaves the groups that were added later alone", () => {
    const optimizer = optimizerOf();
    const own = new Warmup(optimizer);
    optimizer.addParamGroup({ params: param(), lr: 7 });
    own.step();
    expect(own.getLastLr()).toEqual([0.125, 0.25, 7]);
    const step = new optim.StepLR(optimizer, 1, 0.5);
    step.step();
    expect(step.getLastLr()).toEqual([0.0625, 0.125, 3.5]);
  });
});

describe("schedulers", () => {
  it.each<[string, () => unknown]>([
    ["no optimizer", () => Reflect.construct(Warmup, [{ paramGroups: [] }])],
    ["a lastEpoch of another kind", () => Reflect.construct(Warmup, [optimizerOf(), 1.5])],
    ["an unknown keyword", () => Reflect.construct(Warmup, [optimizerOf(), { last_epoch: 1 }])],
    ["NaN as gamma", () => new optim.ExponentialLR(optimizerOf(), Number.NaN)],
    ["NaN as threshold", () => new optim.ReduceLROnPlateau(optimizerOf(), { threshold: Number.NaN })],
    ["NaN as minLr", () => new optim.ReduceLROnPlateau(optimizerOf(), { minLr: [0, Number.NaN] })],
    ["NaN as tMax", () => new optim.CosineAnnealingLR(optimizerOf(), Number.NaN)],
  ])("refuse %s", (_, make) => {
    expect(make).toThrow(/expected/);
  });

  const step = new optim.StepLR(optimizerOf(), 2);
  const plateau = new optim.ReduceLROnPlateau(optimizerOf());
  it.each<[string, object, string, unknown[]]>([
    ["step", step, "step", [3]],
    ["getLastLr", step, "getLastLr", [3]],
    ["stateDict", step, "stateDict", [{}]],
    ["loadStateDict", step, "loadStateDict", [null]],
    ["loadStateDict", step, "loadStateDict", [step.stateDict(), true]],
    ["step", plateau, "step", []],
    ["step", plateau, "step", ["0.5"]],
    ["step", plateau, "step", [0.5, 3]],
    ["step", plateau, "step", [tensor([1, 2])]],
    ["step", plateau, "step", [{ metric: 1 }]],
    ["getLastLr", plateau, "getLastLr", [0]],
    ["loadStateDict", plateau, "loadStateDict", [{ ...plateau.stateDict(), mode: "mean" }]],
    ["loadStateDict", plateau, "loadStateDict", [{ ...plateau.stateDict(), best: Number.NaN }]],
    ["loadStateDict", plateau, "loadStateDict", [{ ...plateau.stateDict(), num_bad_epochs: -1 }]],
  ])("refuse other arguments of %s", (_, scheduler, name, args) => {
    const method: unknown = Reflect.get(scheduler, name);
    expect(() => Reflect.apply(method as () => void, scheduler, args)).toThrow(/expected/);
    expect([step.lastEpoch, plateau.lastEpoch]).toEqual([0, 0]);
  });

  it("take a metric by position, by keyword and as a tensor", () => {
    const own = new optim.ReduceLROnPlateau(optimizerOf(), { patience: 1 });
    own.step(1);
    own.step({ metrics: 2 });
    own.step(tensor(3));
    expect([own.lastEpoch, own.getLastLr()]).toEqual([3, [0.025, 0.05]]);
  });
});
