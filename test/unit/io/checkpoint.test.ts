import { readdirSync } from "node:fs";
import { join } from "node:path";
import { getRngState, memory, nn, ones, optim, SimdgradError, type Tensor, tensor } from "simdgrad";
import { load, loadCheckpoint, type Saveable, save, saveCheckpoint, toBytes } from "simdgrad/io";
import { describe, expect, it } from "vitest";
import { goldenPath, temporaryFolder } from "../../support/files.js";
import { BATCHES, EPOCHS, parts, train } from "../../support/train.js";

const folder = temporaryFolder();

describe("a training that stops and goes on", () => {
  for (const kind of ["SGD", "Adam"] as const) {
    it(`ends in the bits of one that never stopped, wherever it stops: ${kind}`, async () => {
      const whole = await train(kind);
      expect(whole.losses.length).toBe(EPOCHS * BATCHES);
      for (const batches of [1, 2, BATCHES - 1, BATCHES, BATCHES + 1, 2 * BATCHES + 3]) {
        const path = join(folder, `${kind}-${batches}.pth`);
        await train(kind, { path, batches });
        expect(await train(kind, { path, resume: true })).toEqual(whole);
      }
      const often = join(folder, `${kind}.pth`);
      await train(kind, { path: often, batches: 1 });
      for (let i = 1; i < EPOCHS * BATCHES; i += 4) await train(kind, { path: often, resume: true, batches: 4 });
      expect(await train(kind, { path: often, resume: true })).toEqual(whole);
    });
  }

  it("ends in the same bits when its loader has a generator of its own", async () => {
    const whole = await train("SGD", { ownGenerator: true });
    expect(whole).not.toEqual(await train("SGD"));
    for (const batches of [BATCHES - 2, BATCHES + 1]) {
      const path = join(folder, `own-${batches}.pth`);
      await train("SGD", { path, batches, ownGenerator: true });
      expect(await train("SGD", { path, resume: true, ownGenerator: true })).toEqual(whole);
      await expect(loadCheckpoint(path, parts("SGD"))).rejects.toThrow(
        "loadCheckpoint: expected none for the loader's own generator (loader_rng_state), got one",
      );
    }
  });
});

describe("a checkpoint", () => {
  it("leaves nothing in memory but what it restores", async () => {
    const path = join(folder, "memory.pth");
    const all = parts("SGD");
    const before = memory().bytesInUse;
    await saveCheckpoint(path, { ...all, extra: { epoch: 1 } });
    expect(memory().bytesInUse).toBeLessThanOrEqual(before); // the collector may free what other tests left
    await loadCheckpoint(path, all);
    expect(memory().bytesInUse).toBeLessThanOrEqual(before); // the collector may free what other tests left
    const { extra } = await (async () => {
      await saveCheckpoint(path, { ...all, extra: { best: tensor([1, 2]) } });
      return loadCheckpoint(path, all);
    })();
    expect((extra as { best: Tensor }).best.toArray()).toEqual([1, 2]);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("of something else is refused with both sides, and nothing changes", async () => {
    const path = join(folder, "other.pth");
    const other = new nn.Sequential({ fc1: new nn.Linear(5, 4), fc3: new nn.Linear(4, 3) });
    const adam = new optim.Adam(other.parameters());
    await saveCheckpoint(path, { model: other, optimizer: adam });
    const all = parts("SGD");
    const state = (): unknown => [Object.values(all.model.stateDict()).map((x) => x.toArray()), [...getRngState()]];
    const before = state();
    const { model, optimizer, loader } = all;
    await expect(loadCheckpoint(path, { model })).rejects.toThrow(
      [
        "loadCheckpoint: expected the keys and shapes of Net, got",
        "  - fc2.weight [3, 16]: missing in the state dict",
        "  - fc2.bias [3]: missing in the state dict",
        "  + fc3.weight [3, 4]: not in the module",
        "  + fc3.bias [3]: not in the module",
        "  ~ fc1.weight: module [16, 5], state dict [4, 5]",
        "  ~ fc1.bias: module [16], state dict [4]",
      ].join("\n"),
    );
    await expect(loadCheckpoint(path, { model: other, loader })).rejects.toThrow(
      "loadCheckpoint: expected the state of the loader (loader_state_dict), got a checkpoint without it",
    );
    const weights = join(folder, "weights.pth");
    await save(model.stateDict(), weights);
    await expect(loadCheckpoint(weights, { model, optimizer })).rejects.toThrow(
      "loadCheckpoint: expected a checkpoint, got another file of torch.save. Use load for state dicts",
    );
    const two = new nn.Sequential({ fc1: model.fc1, drop: model.drop, fc2: model.fc2 });
    const groups = new optim.SGD([{ params: two.parameters().slice(0, 1) }, { params: two.parameters().slice(1) }], {
      lr: 1,
    });
    const own = join(folder, "own.pth");
    await saveCheckpoint(own, { model, optimizer: groups, loader });
    await expect(loadCheckpoint(own, { model, optimizer, loader })).rejects.toThrow(
      "SGD.loadStateDict: expected groups of [4] parameters, got groups of [1, 3]",
    );
    expect(state()).toEqual(before);
  });

  it("is looked at once where it shares, and says its epoch in a number", async () => {
    const { zipParts } = await import("../../../src/io/zip-archive.js");
    const fileOf = async (text: string): Promise<Uint8Array> => {
      const pickle = Uint8Array.from(text, (c) => c.charCodeAt(0));
      const chunks: Uint8Array[] = [];
      for await (const part of zipParts([{ path: "archive/data.pkl", size: pickle.length, parts: () => [pickle] }])) {
        chunks.push(part);
      }
      return new Uint8Array(Buffer.concat(chunks));
    };
    const model = new nn.Identity();
    const head = "\x80\x02}(X\x10\x00\x00\x00model_state_dict}";
    const doubling = await fileOf(`${head}X\x05\x00\x00\x00extra]${"2\x86".repeat(40)}u.`);
    expect((await loadCheckpoint(doubling, { model })).extra).toHaveLength(2);
    for (const [epoch, got] of [
      ["X\x01\x00\x00\x007", "string"],
      ["J\xff\xff\xff\xff", "-1"],
    ]) {
      await expect(loadCheckpoint(await fileOf(`${head}X\x05\x00\x00\x00epoch${epoch}u.`), { model })).rejects.toThrow(
        `loadCheckpoint: expected epoch to be a whole number of 0 or more, got ${got}`,
      );
    }
  });

  it("gives epoch, step and extra back, and early stopping in it", async () => {
    const path = join(folder, "progress.pth");
    const { model } = parts("SGD");
    const stopping = new optim.EarlyStopping({ patience: 1 });
    stopping.step(0.5, model);
    await saveCheckpoint(path, {
      model,
      epoch: 2,
      step: 70,
      extra: { losses: [1, 0.5], stopping: stopping.stateDict() },
    });
    const { epoch, step, extra } = await loadCheckpoint(path, { model });
    const { losses, stopping: state } = extra as { losses: number[]; stopping: optim.EarlyStoppingState };
    expect([epoch, step, losses]).toEqual([2, 70, [1, 0.5]]);
    const next = new optim.EarlyStopping({ patience: 1 });
    next.loadStateDict(state);
    expect(next.best).toBe(0.5);
  });

  it("of unknown parts is refused before anything is written or read", async () => {
    const path = join(folder, "unknown.pth");
    const { model, optimizer } = parts("SGD");
    const wrong: [object | null, string][] = [
      [null, "expected model to be a module, got null"],
      [{}, "got no model"],
      [{ model: optimizer }, "expected model to be a module, got an object of SGD"],
      [{ model, optimiser: optimizer }, "got optimiser. Use optimizer"],
      [{ model, optimizer: model.stateDict() }, "expected optimizer to be an optimizer"],
      [{ model, optimizer, scheduler: 3 }, "expected scheduler to be a scheduler, got 3"],
      [{ model, generator: 7 }, "expected generator to be a Generator, got 7"],
    ];
    for (const [given, text] of wrong) {
      await expect(Reflect.apply(loadCheckpoint, null, [path, given])).rejects.toThrow(text);
      await expect(Reflect.apply(saveCheckpoint, null, [path, given])).rejects.toThrow(text);
    }
    for (const epoch of [Number.NaN, -1, 1.5, "3"]) {
      await expect(Reflect.apply(saveCheckpoint, null, [path, { model, epoch }])).rejects.toThrow(
        "expected epoch to be",
      );
    }
    await expect(Reflect.apply(loadCheckpoint, null, [path, { model, epoch: 1 }])).rejects.toThrow("got epoch");
    expect(readdirSync(folder)).not.toContain("unknown.pth");
  });

  it("changes nothing where only the last part is refused", async () => {
    const path = join(folder, "last.pth");
    const all = parts("SGD");
    const taken = parts("SGD");
    all.scheduler.step();
    const { optimizer: _, ...others } = all;
    await saveCheckpoint(path, { ...others, optimizer: new optim.Adam(all.model.parameters()) });
    const state = async (): Promise<string> => {
      const dicts = [taken.model, taken.optimizer, taken.scheduler, taken.loader].map((part) => part.stateDict());
      return Buffer.from(await toBytes([...dicts, [...getRngState()]] as Saveable)).toString("base64");
    };
    const before = await state();
    await expect(loadCheckpoint(path, taken)).rejects.toThrow("another optimizer's state");
    expect(await state()).toBe(before);
  });

  it("that was tampered with is refused, and nothing changes", async () => {
    const path = join(folder, "tampered.pth");
    await train("Adam", { path, batches: 9 });
    const all = parts("Adam");
    const state = async (): Promise<unknown> => {
      const { optimizer, scheduler, loader, model } = all;
      const dicts = [model.stateDict(), optimizer.stateDict(), scheduler.stateDict(), loader.stateDict()];
      return [Buffer.from(await toBytes(dicts as Saveable)).toString("base64"), [...getRngState()]];
    };
    const before = await state();
    const file = (await load(path)) as Record<string, Record<string, Saveable>>;
    const { optimizer_state_dict: optimizer, rng_state: stream, loader_state_dict: loader } = file;
    const broken = (stream as unknown as Tensor).clone();
    broken.narrow(0, 8, 4).fill_(0); // `left`
    const groups = optimizer!.param_groups as Record<string, Saveable>[];
    const cases: [Record<string, Saveable>, string][] = [
      [{ rng_state: broken }, "expected the state of a random stream (rng_state), got something else"],
      [{ rng_state: tensor([1, 2]) }, "expected the state of a random stream (rng_state), got something else"],
      [{ rng_state: 3 }, "expected the state of a random stream (rng_state), got something else"],
      [{ optimizer_state_dict: {} }, "Adam.loadStateDict: expected { state, param_groups } as stateDict() gives them"],
      [{ optimizer_state_dict: { ...optimizer, state: { 0: null } } }, "expected { state, param_groups }"],
      [
        { optimizer_state_dict: { ...optimizer, state: { 0: { step: 1, exp_avg: "x", exp_avg_sq: "x" } } } },
        'expected a tensor as exp_avg, got "x"',
      ],
      [{ optimizer_state_dict: { ...optimizer, state: { 0: { step: 1 } } } }, "got none with exp_avg"],
      [
        { optimizer_state_dict: { ...optimizer, param_groups: [{ ...groups[0], lr: "fast" }] } },
        'expected lr to be a number, got "fast"',
      ],
      [
        { scheduler_state_dict: { T_max: 3 } },
        "StepLR.loadStateDict: expected a state of step_size, gamma, base_lrs, last_epoch, _step_count, _last_lr, got T_max",
      ],
      [
        { scheduler_state_dict: { ...file.scheduler_state_dict, step_size: "text" } },
        'ValueError: StepLR.loadStateDict: expected step_size to be a whole number of at least 1, got "text"',
      ],
      [
        { loader_state_dict: { ...loader, length: 5 } },
        "expected the state of a loader with length 26, got one with length 5",
      ],
      [{ loader_state_dict: { ...loader, position: 99 } }, "expected the order of 99 batches or more"],
      [{ loader_rng_state: stream as Saveable }, "expected none for the loader's own generator"],
      [{ model_state_dict: { fc1: null } }, "+ fc1 null (no tensor): not in the module"],
    ];
    for (const [change, text] of cases) {
      await save({ ...file, ...change }, path);
      const error = await loadCheckpoint(path, all).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(SimdgradError);
      expect(String(error)).toContain(text);
      expect(await state()).toEqual(before);
    }
    await save(file, path);
    await loadCheckpoint(path, all); // the file itself is valid
    expect(await state()).not.toEqual(before);
  });
});

describe("the checkpoint of PyTorch's tutorials", () => {
  it("is written and read with types", async () => {
    const model = new nn.Linear(2, 1);
    const optimizer = new optim.Adam(model.parameters());
    const scheduler = new optim.StepLR(optimizer, 2);
    const stopping = new optim.EarlyStopping({ patience: 2 });
    stopping.step(0.5, model);
    const path = join(folder, "tutorial.pth");
    const states = { model: model.stateDict(), opt: optimizer.stateDict(), sched: scheduler.stateDict(), epoch: 3 };
    await save(states, path);
    const back = (await load(path)) as typeof states;
    model.loadStateDict(back.model);
    optimizer.loadStateDict(back.opt);
    scheduler.loadStateDict(back.sched);
    expect(back.epoch).toBe(3);
    await save(
      { ...states, stopping: stopping.stateDict(), plateau: new optim.ReduceLROnPlateau(optimizer).stateDict() },
      path,
    );
    // @ts-expect-error a module is no state
    await expect(save({ ...states, model }, path)).rejects.toThrow("got a Linear at model");
    // @ts-expect-error nor is an optimizer
    await expect(save({ ...states, optimizer }, path)).rejects.toThrow("got a Adam at optimizer");
  });

  type Saved = { opt: optim.OptimizerStateDict; sched: Record<string, Saveable> };
  type File = Saved & {
    model: nn.StateDict;
    epoch: number;
    after: { weight: Tensor; lr: number[] };
    schedules: Record<string, Saved & { rates: number[] }>;
  };
  const file = async (): Promise<File> => (await load(goldenPath("pth/training.pth"))) as File;

  it("of PyTorch goes on here with PyTorch's numbers", async () => {
    const { model: weights, opt, sched, epoch, after } = await file();
    const model = new nn.Linear(2, 1, { dtype: "float64" });
    const optimizer = new optim.Adam(model.parameters());
    const scheduler = new optim.StepLR(optimizer, 1);
    model.loadStateDict(weights);
    optimizer.loadStateDict(opt);
    scheduler.loadStateDict(sched);
    optimizer.zeroGrad();
    model
      .forward(ones([1, 2], { dtype: "float64" }))
      .pow(2)
      .sum()
      .backward();
    optimizer.step();
    scheduler.step();
    expect([epoch, scheduler.getLastLr()]).toEqual([3, after.lr]);
    const want = [...after.weight.toTypedArray()].map((value) => expect.closeTo(value, 14));
    expect([...model.weight.toTypedArray()]).toEqual(want);
  });

  const make: Record<string, (optimizer: optim.SGD) => { step(): void; loadStateDict(state: object): void }> = {
    MultiStepLR: (o) => new optim.MultiStepLR(o, [1]),
    ExponentialLR: (o) => new optim.ExponentialLR(o, 0.9),
    CosineAnnealingLR: (o) => new optim.CosineAnnealingLR(o, 3),
    LambdaLR: (o) => new optim.LambdaLR(o, (epoch) => 0.5 ** epoch),
    ReduceLROnPlateau: (o) => {
      const scheduler = new optim.ReduceLROnPlateau(o);
      return { step: () => scheduler.step(1), loadStateDict: (state) => scheduler.loadStateDict({ ...state }) };
    },
  };

  it.each(Object.keys(make))("of PyTorch has a state for %s", async (name) => {
    const { opt, sched, rates } = (await file()).schedules[name]!;
    const optimizer = new optim.SGD([new nn.Parameter(tensor([0]))], 1);
    const scheduler = make[name]!(optimizer);
    optimizer.loadStateDict(opt);
    scheduler.loadStateDict(sched);
    for (const rate of rates) {
      scheduler.step();
      expect(optimizer.paramGroups[0]!.lr).toBeCloseTo(rate, 15);
    }
  });

  it("may lack the count of batches, as PyTorch's old files do", () => {
    const norm = new nn.Sequential(new nn.BatchNorm1d(2));
    norm.forward(
      tensor([
        [1, 2],
        [3, 5],
      ]),
    );
    const { "0.num_batches_tracked": count, ...rest } = norm.stateDict();
    expect(count!.item()).toBe(1);
    norm.loadStateDict(rest);
    expect(norm.stateDict()["0.num_batches_tracked"]!.item()).toBe(0);
  });
});
