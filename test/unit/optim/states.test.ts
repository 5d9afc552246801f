import { nn, noGrad, ones, optim, rand, SimdgradError, type Tensor, tensor } from "simdgrad";
import { type Saveable, toBytes } from "simdgrad/io";
import { describe, expect, it } from "vitest";

type Any = optim.Optimizer<{ lr: number }>;
type State = ReturnType<Any["stateDict"]>;

const bits = async (value: { stateDict(): unknown }): Promise<string> =>
  Buffer.from(await toBytes(value.stateDict() as Saveable)).toString("base64");

const pairs = (names: readonly string[]): [string, string][] =>
  names.flatMap((a) => names.map((b): [string, string] => [a, b]));

/** Two parameters and an optimizer that made a step with each. */
function stepped(make: (params: Tensor[]) => Any): Any {
  const params = [new nn.Parameter(ones([2])), new nn.Parameter(ones([1, 3]))];
  const optimizer = make(params);
  for (const param of params) param.grad = rand(param.shape);
  optimizer.step();
  return optimizer;
}

const optimizers: Record<string, (params: Tensor[]) => Any> = {
  SGD: (params) => new optim.SGD(params, 0.1),
  "SGD with momentum": (params) => new optim.SGD(params, 0.1, { momentum: 0.9 }),
  Adam: (params) => new optim.Adam(params),
  "Adam with amsgrad": (params) => new optim.Adam(params, { amsgrad: true }),
  AdamW: (params) => new optim.AdamW(params),
  RMSprop: (params) => new optim.RMSprop(params),
  "RMSprop with all": (params) => new optim.RMSprop(params, { centered: true, momentum: 0.5 }),
  Adagrad: (params) => new optim.Adagrad(params),
};

/** Optimizers whose states mean the same to each other, in PyTorch too. */
const family = (name: string): string => name.split(" ")[0]!.replace("AdamW", "Adam");

describe("an optimizer's state", () => {
  it.each(pairs(Object.keys(optimizers)))("of %s, for %s", async (from, to) => {
    const [a, b] = [stepped(optimizers[from]!), stepped(optimizers[to]!)];
    if (family(from) === family(to)) {
      b.loadStateDict(a.stateDict());
      expect(await bits(b)).toBe(await bits(a));
      return;
    }
    const before = await bits(b);
    expect(() => b.loadStateDict(a.stateDict())).toThrow("another optimizer's state");
    expect(await bits(b)).toBe(before);
  });

  const adam = stepped(optimizers.Adam!);
  const whole = (): State => structuredCopy(adam.stateDict());

  /** A copy that shares the tensors. */
  function structuredCopy({ state, param_groups }: State): State {
    const copies = Object.entries(state).map(([number, entries]) => [number, { ...entries }] as const);
    return { state: Object.fromEntries(copies), param_groups: param_groups.map((group) => ({ ...group })) };
  }

  /** Changes of a state, and what the error says of each. */
  const changes: [string, (state: State) => void][] = [
    ["expected groups of [2] parameters, got groups of [2, 2]", (s) => void s.param_groups.push(s.param_groups[0]!)],
    ["expected groups of [2] parameters, got groups of [1]", (s) => setGroup(s, { params: [0] })],
    ["expected a number for each parameter, got [0, 0]", (s) => setGroup(s, { params: [0, 0] })],
    [
      "expected states of parameters in the groups, got one of 7",
      (s) => void Object.assign(s.state, { 7: s.state[0] }),
    ],
    ["expected lr to be a number, got NaN", (s) => setGroup(s, { lr: Number.NaN })],
    ["Adam: expected lr ≥ 0, got -1", (s) => setGroup(s, { lr: -1 })],
    [
      "expected betas to be a list of 2, each a number, got [0.9, NaN]",
      (s) => setGroup(s, { betas: [0.9, Number.NaN] }),
    ],
    ["expected betas to be a list of 2, each a number, got [0.9]", (s) => setGroup(s, { betas: [0.9] })],
    ["Adam: expected betas[0] in [0, 1), got 1", (s) => setGroup(s, { betas: [1, 0] })],
    ['expected amsgrad to be true or false, got "yes"', (s) => setGroup(s, { amsgrad: "yes" })],
    [
      "expected options of lr, betas, eps, weight_decay, amsgrad, maximize, got momentum",
      (s) => setGroup(s, { momentum: 0 }),
    ],
    ["got decoupled_weight_decay true", (s) => setGroup(s, { decoupled_weight_decay: true })],
    ["got no eps", (s) => void delete s.param_groups[0]!.eps],
    ["got none with max_exp_avg_sq", (s) => setGroup(s, { amsgrad: true })],
    ["got none with exp_avg", (s) => void delete s.state[1]!.exp_avg],
    ["got none with step", (s) => void delete s.state[1]!.step],
    ["got momentum_buffer", (s) => setState(s, { momentum_buffer: ones([1, 3]) })],
    ["expected a count of steps, got NaN", (s) => setState(s, { step: Number.NaN })],
    ["expected a count of steps, got 1.5", (s) => setState(s, { step: tensor(1.5) })],
    ["expected a count of steps, got -1", (s) => setState(s, { step: -1 })],
    ["expected a count of steps, got an object of Tensor", (s) => setState(s, { step: ones([2]) })],
    ["expected exp_avg of the parameter's shape [1, 3], got [3]", (s) => setState(s, { exp_avg: ones([3]) })],
    ["expected floats as exp_avg, got int32", (s) => setState(s, { exp_avg: tensor([[1, 2, 3]], { dtype: "int32" }) })],
    ["expected a tensor as exp_avg, got 0", (s) => setState(s, { exp_avg: 0 })],
    ["expected a live tensor as exp_avg", (s) => setState(s, { exp_avg: freed() })],
  ];
  const setGroup = (state: State, options: Partial<State["param_groups"][0]>): void =>
    void Object.assign(state.param_groups[0]!, options);
  const setState = (state: State, entries: State["state"][string]): void =>
    void Object.assign(state.state[1]!, entries);

  function freed(): Tensor {
    const x = ones([1, 3]);
    x.free();
    return x;
  }

  it.each(changes)("is refused: %s", async (message, change) => {
    const state = whole();
    change(state);
    const before = await bits(adam);
    expect(() => adam.loadStateDict(state)).toThrow(message);
    expect(await bits(adam)).toBe(before);
  });

  it("of other kinds is refused, and so is a second argument", () => {
    for (const args of [[], [null], [[]], [3], [{}], [{ state: {}, param_groups: [null] }], [whole(), true]]) {
      expect(() => Reflect.apply(adam.loadStateDict, adam, args)).toThrow(SimdgradError);
    }
  });

  it("may have what only PyTorch's other optimizers, schedulers and versions need", () => {
    const state = whole();
    const beside = { foreach: null, fused: false, capturable: false, differentiable: false, param_names: ["a", "b"] };
    setGroup(state, { ...beside, max_lr: 1, initial_lr: 0.5, decoupled_weight_decay: false });
    delete state.param_groups[0]!.maximize;
    adam.loadStateDict(state);
    expect(adam.paramGroups[0]).toMatchObject({ initialLr: 0.5, maximize: false });
    adam.loadStateDict(whole());
    expect(Object.keys(adam.stateDict().param_groups[0]!)).not.toContain("foreach");
  });

  it("of SGD may lack the momentum, and of any optimizer the states of parameters without gradients", () => {
    const sgd = stepped(optimizers["SGD with momentum"]!);
    const { param_groups } = sgd.stateDict();
    sgd.loadStateDict({ state: { 0: { momentum_buffer: null } }, param_groups });
    expect(sgd.stateDict().state).toEqual({ 0: {} });
    expect(() => sgd.loadStateDict({ state: { 0: { step: 1 } }, param_groups })).toThrow("got step");
    for (const param of sgd.paramGroups[0]!.params) param.grad = ones(param.shape);
    sgd.step();
    Object.assign(sgd.paramGroups[0]!, { momentum: 0 });
    sgd.loadStateDict(sgd.stateDict());
    expect(Object.keys(sgd.stateDict().state[1]!)).toEqual(["momentum_buffer"]);
  });

  it("is the optimizer's own: lists of the dict are copied", () => {
    const state = whole();
    adam.loadStateDict(state);
    (state.param_groups[0]!.betas as number[])[0] = 7;
    expect(adam.stateDict().param_groups[0]!.betas).toEqual([0.9, 0.999]);
  });
});

const schedulers: Record<string, (optimizer: Any) => { stateDict(): unknown; loadStateDict(state: never): void }> = {
  StepLR: (o) => new optim.StepLR(o, 2),
  MultiStepLR: (o) => new optim.MultiStepLR(o, [2, 2, 5]),
  ExponentialLR: (o) => new optim.ExponentialLR(o, 0.9),
  CosineAnnealingLR: (o) => new optim.CosineAnnealingLR(o, 5),
  LambdaLR: (o) => new optim.LambdaLR(o, () => 1),
  ReduceLROnPlateau: (o) => new optim.ReduceLROnPlateau(o),
};

describe("a scheduler's state", () => {
  it.each(pairs(Object.keys(schedulers)))("of %s, for %s", async (from, to) => {
    const [a, b] = [from, to].map((name) => schedulers[name]!(stepped(optimizers.Adam!)));
    const before = await bits(b!);
    if (from === to) b!.loadStateDict(a!.stateDict() as never);
    else expect(() => b!.loadStateDict(a!.stateDict() as never)).toThrow("another scheduler's state");
    expect(await bits(b!)).toBe(before);
  });
});

describe("an optimizer", () => {
  it("changes nothing where a later group is refused", () => {
    const [a, b] = [new nn.Parameter(ones([2])), tensor([1, 2], { requiresGrad: true })];
    const optimizer = new optim.Adam([{ params: [a] }, { params: [b] }]);
    for (const param of [a, b]) param.grad = ones([2]);
    noGrad(() => b.setData(ones([3])));
    expect(() => optimizer.step()).toThrow("expected a gradient of the parameter's shape [3], got [2]");
    expect(a.tolist()).toEqual([1, 1]);
    expect(optimizer.state.size).toBe(0);
    optimizer.paramGroups[1]!.lr = Number.NaN;
    expect(() => optimizer.step()).toThrow("Adam.step: expected lr to be a number, got NaN");
    Object.assign(optimizer.paramGroups[1]!, { lr: "0.1" });
    expect(() => optimizer.step()).toThrow('Adam.step: expected lr to be a number, got "0.1"');
  });

  it("counts the steps of parameters whose count is 0, as PyTorch's Adagrad starts", () => {
    const optimizer = new optim.Adagrad([new nn.Parameter(ones([2]))]);
    const { param_groups } = optimizer.stateDict();
    optimizer.loadStateDict({ state: { 0: { step: tensor(0), sum: ones([2]) } }, param_groups });
    expect(optimizer.stateDict().state[0]!.step).toBe(0);
    optimizer.loadStateDict(optimizer.stateDict());
  });
});
